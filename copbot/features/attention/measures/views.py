"""The figures of attention in words."""

from collections.abc import Mapping, Sequence

from copbot.core.blocks import section
from copbot.core.delivery import Block, Kind
from copbot.core.ports.attention import Outcome
from copbot.core.report import Column, Section, Table, counted
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.features.attention.measures.rules import Answers, Figures, PerWeek

KINDS: Mapping[Kind, str] = {
    "ask": "asked for an answer",
    "onboarding": "onboarding",
    "question": "events",
    "post": "events",
    "story": "stories",
    "digest": "digests",
    "recognition": "thanks",
}

ENDED: Sequence[tuple[Outcome, str]] = (
    ("digest", "joined a digest"),
    ("expired", "found no room in time"),
    ("never", "not wanted"),
)


def status(figures: Figures) -> tuple[Block, ...]:
    """A few lines; nothing where nothing was sent, held back or turned off."""
    lines = []
    if figures.per_week is not None:
        lines.append(f":bell: In four weeks {_sent(figures, figures.per_week)}. {_beyond(figures.violations)}")
    if figures.answers:
        answered = [f"{KINDS[kind]} {one.answered} of {one.sent}" for kind, one in figures.answers.items()]
        lines.append(f"Answered: {', '.join(answered)}.")
    if held := _held(figures.outcomes):
        lines.append(f"Did not come by themselves: {held}.")
    if figures.opt_outs:
        lines.append(f"Asked for less: {_counted(figures.opt_outs)}.")
    return (section("\n".join(lines)),) if lines else ()


def sections(figures: Figures) -> tuple[Section, ...]:
    """The report's section; none where fewer than five members got anything: it may be handed on."""
    week = figures.per_week
    if week is None or week.members < FEWEST_SHOWN:
        return ()
    less = sum(figures.opt_outs.values())
    asked = str(less) if not less or less >= FEWEST_SHOWN else f"fewer than {FEWEST_SHOWN}"
    text = (
        f"{_sent(figures, week)}. {_beyond(figures.violations)}",
        f"Times that somebody asked for less or turned something off: {asked}.",
    )
    return (Section("attention", "What the bot sent by itself", text, tables=(_table(figures.answers),)),)


def _sent(figures: Figures, week: PerWeek) -> str:
    middle = f"{week.median:g}"
    return (
        f"{counted(week.members, 'member')} got {counted(figures.messages, 'message')} by themselves: in a week with any, "
        f"{middle} in the middle, {week.p95} at the 95th percentile, {week.most} at most"
    )


def _beyond(violations: int) -> str:
    if not violations:
        return "Nobody got more than the budget allows."
    return f":warning: {counted(violations, 'message')} went out beyond the budget: please tell whoever runs me."


def _held(outcomes: Mapping[Outcome, int]) -> str:
    return ", ".join(f"{outcomes[outcome]} {words}" for outcome, words in ENDED if outcomes.get(outcome))


def _counted(opt_outs: Mapping[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in opt_outs.items())


def _table(answers: Mapping[Kind, Answers]) -> Table:
    return Table(
        "attention-kinds",
        "Messages to members, and in how many of them somebody pressed something",
        (Column("kind", "Kind", "text"), Column("sent", "Sent"), Column("answered", "Answered")),
        tuple((KINDS[kind], one.sent, one.answered) for kind, one in answers.items()),
    )
