"""The figures of attention, from the ledger's rows. Pure; each is defined in docs/figures.md."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from copbot.core.attention.rule import WEEK_US
from copbot.core.delivery import Kind
from copbot.core.ports.attention import OptOut, Outcome, Told
from copbot.core.time import DAY_US


@dataclass(frozen=True)
class PerWeek:
    """Messages per member and week, over the weeks in which a member got any. ``members``: how many got any at all."""

    members: int
    median: float
    p95: int
    most: int


@dataclass(frozen=True)
class Answers:
    sent: int = 0
    answered: int = 0


@dataclass(frozen=True)
class Figures:
    """A community's figures for a span of time. ``per_week`` None: nobody got anything. ``outcomes``: what was decided on what did not
    come by itself."""

    messages: int
    per_week: PerWeek | None
    violations: int
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    opt_outs: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[Kind, Answers] = field(default_factory=dict)


def figures(
    community: str,
    told: Sequence[Told],
    since_us: int,
    until_us: int,
    outcomes: Mapping[Outcome, int],
    opt_outs: Sequence[OptOut],
) -> Figures:
    """``told``: what all communities' members were sent in ``[since - a week, until)``, in order of time."""
    own = [one for one in told if one.community == community and since_us <= one.said_us]
    asked_for_less = Counter(one.what for one in opt_outs if one.community in (None, community))
    return Figures(
        messages=len(own),
        per_week=per_week(own, until_us),
        violations=sum(one.community == community and since_us <= one.said_us for one in beyond(told)),
        outcomes=outcomes,
        opt_outs=dict(sorted(asked_for_less.items())),
        answers=answers(own),
    )


def per_week(told: Sequence[Told], until_us: int) -> PerWeek | None:
    """Weeks are counted back from ``until_us``: seven days each."""
    weeks = Counter((one.user, (until_us - 1 - one.said_us) // WEEK_US) for one in told)
    if not weeks:
        return None
    counts = sorted(weeks.values())
    return PerWeek(
        len({user for user, _ in weeks}), median(counts), counts[-(-95 * len(counts) // 100) - 1], counts[-1]
    )


def beyond(told: Sequence[Told]) -> list[Told]:
    """The messages with which a member got more than the budget that held for them, in 24 hours or in 7 days. By the rule there are none;
    this counts what really went out."""
    moments: dict[str, list[int]] = defaultdict(list)
    for one in told:
        moments[one.user].append(one.said_us)
    return [one for one in told if _is_beyond(one, sorted(moments[one.user]))]


def _is_beyond(one: Told, said_us: Sequence[int]) -> bool:
    upto = bisect_right(said_us, one.said_us)
    spans = ((one.day, DAY_US), (one.week, WEEK_US))
    return any(most is not None and upto - bisect_right(said_us, one.said_us - span) > most for most, span in spans)


def answers(told: Sequence[Told]) -> dict[Kind, Answers]:
    """Of each kind how many messages were sent, and in how many of them somebody pressed or answered something. Not of surveys: who
    answers one is not noted."""
    sent = Counter(one.kind for one in told if one.kind != "survey")
    answered = Counter(one.kind for one in told if one.answered_us is not None)
    return {kind: Answers(count, answered[kind]) for kind, count in sorted(sent.items())}
