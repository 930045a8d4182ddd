"""What the posts and milestones of the files mean, as the core's own values."""

import re
from hashlib import sha256

from copbot.adapters.files.document import Document
from copbot.adapters.files.post_shapes import MilestoneShape, PostShape, SpacingShape, WhenShape
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Milestone, Post, Spacing, When


def post_of(shape: PostShape, document: Document, number: int) -> Post:
    """A post, with the place where it stands for messages to people."""
    line = document.values[("posts", number)].line
    return Post(
        id=shape.id,
        channel=shape.channel,
        when=_when(shape.when),
        prompts=tuple(dict.fromkeys(shape.prompt)),
        text=shape.text,
        questions=tuple(shape.questions),
        skip_holidays=shape.skip_holidays,
        paused=shape.paused,
        from_date=shape.from_,
        until_date=shape.until,
        pin=shape.pin,
        late=shape.late,
        source=f"{document.file}:{line}",
    )


def milestone_of(shape: MilestoneShape, document: Document, number: int) -> Milestone:
    """A milestone; without an ``id`` it is known by its name."""
    line = document.values[("milestones", number)].line
    return Milestone(
        id=shape.id or milestone_id(shape.name),
        name=shape.name,
        date=shape.date,
        who=tuple(dict.fromkeys(shape.who)),
        link=shape.link,
        channel=shape.channel,
        remind=tuple(sorted(set(shape.remind), reverse=True)),
        at=shape.at,
        pin=shape.pin,
        done=shape.done,
        source=f"{document.file}:{line}",
    )


def milestone_id(name: str) -> str:
    """The id that a name stands for: its letters and digits, or a fingerprint where it has none of the Latin ones."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    mark = sha256(name.encode()).hexdigest()[:8]
    return plain[:64].strip("-") if plain and name.isascii() else f"{plain[:40]}-{mark}".strip("-")


def spacing_of(shape: SpacingShape) -> Spacing:
    return Spacing(shape.community, shape.channel, tuple(shape.channels.items()))


def _when(shape: WhenShape) -> When:
    if shape.cron is not None:
        return CronWhen(shape.cron)
    if shape.date is not None:
        return DateWhen(shape.date)
    day, moment = shape.otherwise or (None, None)
    assert shape.every is not None  # both held by between_keys
    assert shape.at is not None
    return EveryWhen(
        every=shape.every,
        at=shape.at,
        on=() if isinstance(shape.on, int) or shape.on is None else shape.on,
        day_of_month=shape.on if isinstance(shape.on, int) else None,
        between=shape.between,
        otherwise_day=day,
        otherwise_time=moment,
        window=shape.window,
    )
