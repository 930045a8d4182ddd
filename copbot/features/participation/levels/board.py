"""The picture of a community: its levels, their movement, who drifts and who could do more; with what it is gathered from.

It takes all members' history, so it is worked out beforehand (``prepare``) and kept in memory. It follows from
the facts alone, and is gathered anew where it is missing: after a start, when the files or the history change, when the clock was set.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.months import Month, month_of
from copbot.core.ports import Context, Store, Tx
from copbot.core.ports.figure import Buckets
from copbot.core.records import Scope
from copbot.core.roles import watched_channels
from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.participation.levels.candidates import (
    Candidate,
    Stood,
    could_become_core,
    could_moderate,
    weeks_short,
)
from copbot.features.participation.levels.diagnosis import Lean, lean
from copbot.features.participation.movement.drift import Silence, came_back, fell_silent
from copbot.features.participation.movement.rules import Movement, counted, movement
from copbot.features.participation.rules import Calendar, Level, weeks_in
from copbot.features.participation.service import Participant, Period, community_period, participants

KEPT_US = DAY_US // 24
"""How long a picture is shown at most."""

MEASURED_US = 30 * DAY_US
"""The span of the community's activity that is held against the one before."""

ANSWERED_WITHIN_US = DAY_US
WEEK_US = 7 * DAY_US


@dataclass(frozen=True)
class Lately:
    """What was done in a span of time. ``writers``: different people who wrote, of whom ``stayed`` wrote in the span before too.
    ``days``: the messages of each 24 hours. ``answered`` of ``asked`` questions had an answer within a day: those asked from a day before
    the span begins to a day before it ends, which are old enough to tell."""

    writers: int
    stayed: int
    days: tuple[int, ...]
    asked: int = 0
    answered: int = 0

    @property
    def messages(self) -> int:
        return sum(self.days)


@dataclass(frozen=True)
class Moved:
    """How many moved how in a month; ``is_over`` unless it still runs."""

    month: Month
    counts: Counter[Movement]
    is_over: bool


@dataclass(frozen=True)
class Board:
    """One community at ``at_us``. ``silent`` and ``returned`` are those of the last whole week: (user, silence), (user, weeks silent).

    ``weeks``: the last whole calendar week and the one before. ``spans``: the last 30 days and the 30 before.
    ``since_us``: the Monday of the first week, about, in which anything is known to have been contributed here.
    """

    at_us: int
    levels: Counter[Level]
    short_of_core: int
    leaning: tuple[Lean, Lean]
    moved: tuple[Moved, ...]
    silent: tuple[tuple[str, Silence], ...]
    returned: tuple[tuple[str, int], ...]
    rising: tuple[Candidate, ...]
    moderators: tuple[Candidate, ...]
    weeks: tuple[Lately, Lately]
    spans: tuple[Lately, Lately]
    since_us: int | None

    @property
    def members(self) -> int:
        return sum(self.levels.values())


@dataclass
class Past:
    """Who stood where at the beginnings of months (by microseconds): what is past changes seldom, and is read again after an hour."""

    read_us: int = 0
    levels: dict[int, Mapping[str, Level]] = field(default_factory=dict)

    def hold(self, now_us: int) -> None:
        if not self.read_us <= now_us < self.read_us + KEPT_US:
            self.read_us = now_us
            self.levels.clear()


# --- kept -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kept:
    community: Community
    board: Board
    mark: tuple[int | None, ...]
    past: "Past"


_KEPT: WeakKeyDictionary[Store, dict[str, _Kept]] = WeakKeyDictionary()
_EVALUATED: WeakKeyDictionary[Store, dict[str, _Kept]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def board_of(ctx: Context, tx: Tx, community: Community) -> Board:
    """The picture that is kept, where it still holds, else a new one."""
    kept = _KEPT.get(ctx.store, {}).get(community.id)
    if kept is not None and _holds(kept, community, to_us(ctx.clock.now())):
        return _without_hidden(tx, kept.board)
    return gather(ctx, tx, community, ctx.clock.now(), Past())


def prepare(ctx: Context, now: datetime) -> None:
    """Gather the pictures again of which anything may have changed. One transaction for each: a long read holds up no writer, but keeps
    the database's journal from being folded in."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            mark = _mark(ctx, tx, community)
            kept = _KEPT.get(ctx.store, {}).get(community.id)
            if kept is not None and kept.mark == mark and _holds(kept, community, to_us(now) + KEPT_US // 2):
                continue
            past = kept.past if kept is not None and kept.community == community else Past()
            board = gather(ctx, tx, community, now, past)
        with _LOCK:
            _KEPT.setdefault(ctx.store, {})[community.id] = _Kept(community, board, mark, past)


def evaluation_of(ctx: Context, tx: Tx, community: Community, monday_us: int) -> Board:
    """The picture as of a Monday 00:00, by what was before it alone: whenever it is gathered it is the same."""
    kept = _EVALUATED.get(ctx.store, {}).get(community.id)
    if kept is not None and kept.community == community and kept.board.at_us == monday_us:
        return _without_hidden(tx, kept.board)
    return gather(ctx, tx, community, from_us(monday_us), Past())


def prepare_evaluation(ctx: Context, community: Community, monday_us: int) -> None:
    """Gather it beforehand, and keep it until it is gathered again."""
    with ctx.store.read() as tx:
        board = gather(ctx, tx, community, from_us(monday_us), Past())
    with _LOCK:
        _EVALUATED.setdefault(ctx.store, {})[community.id] = _Kept(community, board, (), Past())


def _without_hidden(tx: Tx, board: Board) -> Board:
    """Without the names of those who were erased since it was gathered, or asked not to be tracked: what they write has no name, so they
    would seem to have fallen silent. They still count."""
    named = {user for user, _ in (*board.silent, *board.returned)}
    hidden = tx.privacy.hidden(named | {one.user for one in (*board.rising, *board.moderators)})
    if not hidden:
        return board
    return replace(
        board,
        silent=tuple(one for one in board.silent if one[0] not in hidden),
        returned=tuple(one for one in board.returned if one[0] not in hidden),
        rising=tuple(one for one in board.rising if one.user not in hidden),
        moderators=tuple(one for one in board.moderators if one.user not in hidden),
    )


def _holds(kept: _Kept, community: Community, now_us: int) -> bool:
    zone = ZoneInfo(community.timezone)
    return (
        kept.community == community
        and kept.board.at_us <= now_us < kept.board.at_us + KEPT_US
        and from_us(kept.board.at_us).astimezone(zone).date() == from_us(now_us).astimezone(zone).date()
    )


def _mark(ctx: Context, tx: Tx, community: Community) -> tuple[int | None, ...]:
    """Changes whenever somebody writes; what else may change (a reaction, an import of old history) shows when the picture is old."""
    return tuple(tx.facts.last_message_us(channel) for channel in sorted(watched_channels(ctx, community)))


# --- gathered -------------------------------------------------------------------------------------------------------


def gather(ctx: Context, tx: Tx, community: Community, now: datetime, past: Past) -> Board:
    """The picture as of ``now``, from the facts; of the months before from ``past`` where it was read there."""
    period, now_us = community_period(ctx, community, now), to_us(now)
    rules, zone = community.participation, period.zone
    window = weeks_in(rules.window)
    everybody = list(participants(tx.figures, period, rules))
    running = everybody[0].week if everybody else 0
    first = min((one.weeks[0] for one in everybody if one.weeks), default=None)
    members = {one.user.user: one for one in everybody if one.user.is_member}
    people = {user: _stood(one) for user, one in members.items()}
    months = [month_of(now, zone).plus(-1), month_of(now, zone)]
    past.hold(now_us)
    stood = {month: _levels_at(tx, period, community, month.start_us(zone), past) for month in months}
    present = {user: one.level for user, one in people.items()}
    caretakers = ctx.directory.people([*community.roles.coordinators, *community.roles.moderators])
    mondays = Calendar(zone, now_us - 2 * WEEK_US, now_us).mondays[-3:]
    board = Board(
        at_us=now_us,
        levels=Counter(present.values()),
        short_of_core=sum(weeks_short(one, rules) for one in people.values()),
        leaning=(
            lean([one.messages for one in people.values()]),
            lean([one.answers for one in people.values()]),
        ),
        moved=_movements(months, stood, present),
        silent=tuple(sorted(_silent(members, running, window), key=lambda one: (-one[1].active, one[0]))),
        returned=tuple(sorted(_returned(members, community, running, window), key=lambda one: (-one[1], one[0]))),
        rising=tuple(could_become_core(people.values(), rules, running)),
        moderators=tuple(could_moderate(people.values(), rules, now_us, running, caretakers)),
        weeks=_lately(tx, period, (mondays[0], mondays[1]), mondays[2]),
        spans=_lately(tx, period, (now_us - 2 * MEASURED_US, now_us - MEASURED_US), now_us),
        since_us=None if first is None else mondays[2] - (running - first) * WEEK_US,
    )
    return _without_hidden(tx, board)


def _stood(one: Participant) -> Stood:
    now = one.standing
    return Stood(
        user=one.user.user,
        level=now.level,
        since_us=now.since_us,
        active_weeks=now.active_weeks,
        messages=now.messages,
        answers=one.recent.reply,
        last_week=one.weeks[-1] if one.weeks else None,
    )


def _silent(members: Mapping[str, Participant], running: int, window: int) -> Iterator[tuple[str, Silence]]:
    for user, one in members.items():
        silence = fell_silent(one.weeks, running, window)
        if silence is not None:
            yield user, silence


def _returned(
    members: Mapping[str, Participant], community: Community, running: int, window: int
) -> Iterator[tuple[str, int]]:
    for user, one in members.items():
        away = came_back(one.weeks, running, window, community.participation.dormant_after)
        if away is not None:
            yield user, away


def _levels_at(tx: Tx, period: Period, community: Community, at_us: int, past: Past) -> Mapping[str, Level]:
    """The level that each who was a member at an instant had then; who has left since included, as far as is known."""
    if at_us not in past.levels:
        then = Period(Scope(None, at_us, period.scope.channels), period.zone)
        gone = tx.belonging.left(period.scope.channels or (), at_us)
        silent: dict[str, Level] = {
            user: "peripheral" for user, (first_us, _) in gone.items() if first_us is not None and first_us < at_us
        }
        past.levels[at_us] = silent | {
            participant.user.user: participant.standing.level
            for participant in participants(tx.figures, then, community.participation)
            if participant.user.is_member or participant.user.user in gone
        }
    return past.levels[at_us]


def _movements(
    months: Sequence[Month],
    stood: Mapping[Month, Mapping[str, Level]],
    present: Mapping[str, Level],
) -> tuple[Moved, ...]:
    last, running = months
    return (
        Moved(last, counted(movement(stood[last], stood[running])), is_over=True),
        Moved(running, counted(movement(stood[running], present)), is_over=False),
    )


def _lately(tx: Tx, period: Period, starts_us: tuple[int, int], until_us: int) -> tuple[Lately, Lately]:
    """Two spans that follow each other, the later first; ``starts_us`` are the earlier one's and the later one's."""
    before_us, now_us = starts_us
    channels = period.scope.channels
    (earlier, both), (later, _) = tx.figures.returning(Scope(before_us, until_us, channels), starts_us)
    return (
        Lately(later, both, *_done(tx, Scope(now_us, until_us, channels))),
        Lately(earlier, 0, *_done(tx, Scope(before_us, now_us, channels))),
    )


def _done(tx: Tx, scope: Scope) -> tuple[tuple[int, ...], int, int]:
    """The messages of each day of a span, the questions that are old enough, and those answered within a day."""
    since_us, until_us = scope.since_us or 0, scope.until_us
    starts = range(since_us, until_us, DAY_US)
    counts = tx.figures.by_bucket(scope, Buckets(starts, range(len(starts))))
    wait = (ANSWERED_WITHIN_US,)
    _, asked = tx.figures.threads(Scope(since_us - DAY_US, until_us - DAY_US, scope.channels), wait)
    _, seen = tx.figures.threads(Scope(since_us - DAY_US, until_us, scope.channels), wait)
    return tuple(counts.messages_in), asked.roots, asked.roots - seen.unanswered_after[0]
