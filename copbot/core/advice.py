"""What is legal in the coordinators' files but unwise, as an experienced colleague would say it. Pure.

Each remark is worth an interruption: what a community may well want is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from copbot.core.community import Community
from copbot.core.onboarding import Onboarding

MOST_QUESTIONS = 5
"""Two or three questions are answered, a form is not; beyond this many nobody calls it a couple."""

_DAYTIME = (time(10), time(13), time(16))


@dataclass(frozen=True)
class Remark:
    """``path`` leads to what it is about: a section of the files and its keys; a post or a milestone by its id."""

    path: tuple[str | int, ...]
    message: str


def on_community(community: Community, today: date) -> Iterator[Remark]:
    """Remarks on all that is not a post; ``today`` is the community's own date."""
    channels = community.channels
    if channels.moderators in channels.discussion:
        yield Remark(
            ("channels", "moderators"),
            f"{channels.moderators} is a discussion channel too, and members would see the cards about their own questions:"
            " give the moderators a private channel",
        )
    unanswered = community.unanswered
    if unanswered.escalate < unanswered.after:
        yield Remark(
            ("unanswered", "escalate"),
            "the coordinators would hear of a question before the moderators do: make `escalate` longer than `after`",
        )
    yield from _on_attention(community)
    if community.onboarding is not None:
        yield from _on_onboarding(community, community.onboarding)
    yield from _on_milestones(community, today)


def _on_attention(community: Community) -> Iterator[Remark]:
    attention = community.attention
    if attention.member_week < attention.member_day:
        yield Remark(
            ("attention", "member", "week"),
            f"a week allows {attention.member_week} and a day {attention.member_day}, so the week's number always holds: "
            "exchange them, or make the week's larger",
        )
    if attention.quiet is not None and all(moment in attention.quiet for moment in _DAYTIME):
        yield Remark(
            ("attention", "quiet"),
            "this keeps quiet all day and writes at night: exchange the two times if you meant the night",
        )


def _on_onboarding(community: Community, onboarding: Onboarding) -> Iterator[Remark]:
    count = len(onboarding.questions)
    if count > MOST_QUESTIONS:
        yield Remark(
            ("onboarding", "questions"),
            f"a newcomer is asked {count} questions, and many will close the form: keep the two or three that matter, and"
            " ask the others later",
        )
    if onboarding.introduction is None:
        return
    if not any(question.share for question in onboarding.questions):
        yield Remark(
            ("onboarding", "introduction"),
            "no question has `share: true`, so nobody is ever introduced: mark one, or delete this line",
        )
    elif community.channels.introductions is None:
        yield Remark(
            ("onboarding", "introduction"),
            "there is no channel to introduce newcomers in: add `introductions:` to the `channels:`, or delete this line",
        )


def _on_milestones(community: Community, today: date) -> Iterator[Remark]:
    for milestone in community.milestones:
        if milestone.date < today and not milestone.done:
            yield Remark(
                ("milestones", milestone.id, "date"),
                f"{milestone.date} is past: write `done: true` if it was reached, or give it a new date",
            )
