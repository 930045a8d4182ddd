"""What a post of the files means, as the core's own values."""

from copbot.adapters.files.document import Document
from copbot.adapters.files.post_shapes import PostShape, WhenShape
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Post, When


def post_of(shape: PostShape, document: Document, number: int) -> Post:
    """A post, with the place where it stands for messages to people."""
    line = document.values[("posts", number)].line
    return Post(
        id=shape.id,
        channel=shape.channel,
        when=_when(shape.when),
        prompt=shape.prompt,
        text=shape.text,
        questions=tuple(shape.questions),
        paused=shape.paused,
        from_date=shape.from_,
        until_date=shape.until,
        pin=shape.pin,
        late=shape.late,
        source=f"{document.file}:{line}",
    )


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
