"""From shapes to the core's own values: what the files mean."""

from collections.abc import Mapping
from typing import Any

from copbot.adapters.files.document import Document
from copbot.adapters.files.shapes import (
    FollowUpShape,
    OnboardingShape,
    PostShape,
    QuestionShape,
    Sections,
    UnansweredShape,
    WhenShape,
)
from copbot.core.community import (
    Attention,
    Channels,
    Community,
    CronWhen,
    DateWhen,
    EveryWhen,
    FollowUp,
    LevelRule,
    Onboarding,
    Participation,
    Points,
    Post,
    Privacy,
    Question,
    Roles,
    Unanswered,
    When,
)


def community_of(shapes: Mapping[str, Any], posts: tuple[Post, ...], folder: str) -> Community:
    """A community of its checked sections; a section that no file has keeps its defaults."""
    about, channels, roles = shapes["community"], shapes["channels"], shapes["roles"]
    attention = _section(shapes, "attention")
    participation = _section(shapes, "participation")
    privacy = _section(shapes, "privacy")
    onboarding = shapes.get("onboarding")
    return Community(
        id=about.id,
        name=about.name,
        timezone=about.timezone,
        purpose=about.purpose.strip(),
        language=about.language,
        channels=Channels(tuple(channels.discussion), channels.moderators, channels.introductions),
        roles=Roles(tuple(roles.coordinators), tuple(roles.moderators)),
        unanswered=_unanswered(_section(shapes, "unanswered")),
        attention=Attention(attention.member.day, attention.member.week, attention.channel.day, attention.quiet),
        participation=Participation(
            window=participation.window,
            points=Points(**participation.points.model_dump()),
            core=LevelRule(**participation.core.model_dump()),
            active=LevelRule(**participation.active.model_dump()),
            dormant_after=participation.dormant_after,
        ),
        privacy=Privacy(privacy.keep_text, privacy.keep_activity),
        posts=posts,
        onboarding=None if onboarding is None else _onboarding(onboarding),
        folder=folder,
    )


def _section(shapes: Mapping[str, Any], name: str) -> Any:
    return shapes.get(name, Sections.model_fields[name].default)


def _unanswered(shape: UnansweredShape) -> Unanswered:
    return Unanswered(
        after=shape.after,
        again=shape.again,
        escalate=shape.escalate,
        counts_as_answer=tuple(dict.fromkeys(shape.counts_as_answer)),
        answered_reaction=shape.reactions.answered.strip(":"),
        taken_reaction=shape.reactions.taken.strip(":"),
    )


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


def _onboarding(shape: OnboardingShape) -> Onboarding:
    return Onboarding(
        welcome=shape.welcome,
        questions=tuple(map(_question, shape.questions)),
        starts_channel=shape.starts,
        guidelines=shape.guidelines,
        introduction=shape.introduction,
        follow_ups=tuple(map(_follow_up, shape.follow_ups)),
    )


def _question(shape: QuestionShape) -> Question:
    return Question(shape.id, shape.ask, shape.type, tuple(shape.options), shape.optional, shape.share)


def _follow_up(shape: FollowUpShape) -> FollowUp:
    return FollowUp(shape.after, shape.condition, shape.prompt, shape.tell == "moderators")
