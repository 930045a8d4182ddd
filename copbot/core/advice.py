"""What is legal in the coordinators' files but unwise, as an experienced colleague would say it. Pure.

Each remark is worth an interruption: what a community may well want is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from copbot.core.community import Community, Participation, Unanswered
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
    yield from _on_care(community.unanswered)
    yield from _on_attention(community)
    yield from _on_participation(community.participation)
    looked_back = community.participation.window + community.participation.dormant_after
    if community.privacy.keep_activity < looked_back:
        yield Remark(
            ("privacy", "keep_activity"),
            f"levels look back {looked_back.days // 7} weeks (`window` and `dormant_after`) and would find less, and what is"
            " deleted once does not come back: keep it longer, or look back less",
        )
    if community.onboarding is not None:
        yield from _on_onboarding(community, community.onboarding)
    yield from _on_milestones(community, today)


def _on_care(unanswered: Unanswered) -> Iterator[Remark]:
    everywhere: tuple[str | int, ...] = ("unanswered",)
    special = ((("unanswered", "channels", name), rules) for name, rules in unanswered.channels)
    for path, rules in ((everywhere, unanswered), *special):
        inherited = path != everywhere and (rules.after, rules.escalate) == (unanswered.after, unanswered.escalate)
        if rules.escalate < rules.after and not inherited:
            yield Remark(
                (*path, "escalate"),
                "the coordinators would hear of a question before the moderators do: make `escalate` longer than `after`",
            )
    usual = (Unanswered().answered_reaction, Unanswered().taken_reaction)
    counts = any("reaction" in rules.counts_as_answer for rules in (unanswered, *dict(unanswered.channels).values()))
    if (unanswered.answered_reaction, unanswered.taken_reaction) != usual and not counts:
        yield Remark(
            ("unanswered", "reactions"),
            "no reaction counts, so these emoji mean nothing: add `counts_as_answer: [reply, reaction]`, or delete them",
        )


def _on_participation(rules: Participation) -> Iterator[Remark]:
    weeks = rules.window // timedelta(weeks=1)
    for name, level in (("core", rules.core), ("active", rules.active)):
        if level.active_weeks > weeks:
            yield Remark(
                ("participation", name, "active_weeks"),
                f"nobody could be {name} within a window of {weeks}w: write {weeks} or less, or a longer `window`",
            )
    if rules.active.active_weeks > rules.core.active_weeks or rules.active.contributions > rules.core.contributions:
        yield Remark(
            ("participation", "active"),
            "this asks more of the active than of the core: exchange the two rules, or lower it",
        )


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
