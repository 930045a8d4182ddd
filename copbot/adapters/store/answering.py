"""Questions and answers: each root with its first answer, and how soon roots were answered, by channel and month."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, and_, false, func, select

from copbot.adapters.store import tables
from copbot.adapters.store.columns import BucketOf, Column, runs_of
from copbot.adapters.store.facts import WRITTEN, answers
from copbot.adapters.store.packed_history import PackedHistory
from copbot.core.facts import NOBODIES
from copbot.core.intervals import median_ranks
from copbot.core.ports.answering import Answered, AnsweredCounts, Group, Judged, ListedRoot
from copbot.core.ports.figure import Kinds
from copbot.core.records import Scope

_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_team = cast(Table, tables.Team.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_answer = _message.alias("answer")
_answerer = _user.alias("answerer")

AT_ONCE = 2000
_ROOT, _REPLY = Kinds._fields.index("root"), Kinds._fields.index("reply")


class SqlAnswering:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def listed(self, scope: Scope) -> Iterator[ListedRoot]:
        first = answers()
        first_us = first.with_only_columns(func.min(first.selected_columns.ts_us)).scalar_subquery()
        roots = (
            select(
                _channel.c.slack_id.label("channel"),
                *_message.c["channel_id", "ts_us", "asks", "asks_why"],
                _user.c.slack_id.label("author"),
                first_us.label("answer_us"),
            )
            .select_from(WRITTEN)
            .where(*_written_in(scope, self._team), _message.c.thread_us.is_(None))
            .subquery("root")
        )
        is_answer = and_(_answer.c.channel_id == roots.c.channel_id, _answer.c.ts_us == roots.c.answer_us)
        listed = (
            select(roots, _answerer.c.slack_id.label("answer_user"))
            .select_from(roots.outerjoin(_answer, is_answer).outerjoin(_answerer, _answerer.c.id == _answer.c.user_id))
            .order_by(roots.c.ts_us, roots.c.channel_id)
        )
        for row in self._connection.execution_options(yield_per=AT_ONCE).execute(listed):
            in_time = row.answer_us is not None and row.answer_us < scope.until_us
            answer = (row.answer_user, row.answer_us) if in_time else (None, None)
            yield ListedRoot(row.channel, row.ts_us, row.author, bool(row.asks), row.asks_why, *answer)

    def covered(
        self, scope: Scope, waits_us: Sequence[int], *, by_channel: bool = False, starts_us: Sequence[int] = ()
    ) -> Mapping[Group, Answered]:
        spans = max(1, len(starts_us))
        span_of = BucketOf(starts_us, range(spans)) if starts_us else None
        roots = _Roots(scope.until_us, waits_us)
        history = PackedHistory(self._connection, self._team)
        for part in history.parts(scope, roots=True):
            ts_us, answer_us, asks = part.roots
            group = np.zeros(len(ts_us), np.int64)
            if span_of is not None:
                group += span_of(ts_us)
            if by_channel:
                group += part.channel[part.kind == _ROOT] * spans
            roots.add(group * 2 + ~asks, ts_us, answer_us)
        names = self._channels() if by_channel else {0: ""}
        return {
            Group(names[group // spans], group % spans): Answered(roots.counts(2 * group), roots.counts(2 * group + 1))
            for group in roots.groups()
        }

    def answerers(self, scope: Scope) -> Mapping[str, int]:
        history = PackedHistory(self._connection, self._team)
        given = np.zeros(history.people.room, np.int64)
        for part in history.parts(scope):
            given += np.bincount(part.user[part.kind == _REPLY], minlength=len(given))
        known = (_user.c.team_id == self._team, _user.c.slack_id.not_in(NOBODIES))
        rows = self._connection.execute(select(*_user.c["id", "slack_id"]).where(*known))
        return {row.slack_id: int(given[row.id]) for row in rows if given[row.id]}

    def judged(self, community: str, since_us: int) -> Mapping[tuple[int | None, Judged], int]:
        rows = self._connection.execute(
            select(*_card.c["asks_rule", "state"], func.count().label("cards"))
            .where(
                _card.c.team_id == self._team,
                _card.c.community == community,
                _card.c.opened_us >= since_us,
                _card.c.origin == "member",
                _card.c.is_first == false(),
                _card.c.marked_by.is_(None),
                _card.c.state.in_(("answered", "dismissed")),
            )
            .group_by(*_card.c["asks_rule", "state"])
        )
        return {(row.asks_rule, row.state): row.cards for row in rows}

    def bot_user(self) -> str | None:
        bot = select(_team.c.bot_user).where(_team.c.id == self._team)
        found = self._connection.execute(bot).scalar_one_or_none()
        return None if found is None else str(found)

    def _channels(self) -> dict[int, str]:
        rows = self._connection.execute(select(*_channel.c["id", "slack_id"]).where(_channel.c.team_id == self._team))
        return {row.id: row.slack_id for row in rows}


class _Roots:
    """Roots in groups, summed up; groups are small integers."""

    def __init__(self, until_us: int, waits_us: Sequence[int]) -> None:
        self._until_us = until_us
        self._waits_us = waits_us
        self._roots: dict[int, int] = defaultdict(int)
        self._within: dict[int, Column] = defaultdict(lambda: np.zeros((len(waits_us), 2), np.int64))
        self._waited: dict[int, list[Column]] = defaultdict(list)

    def add(self, group: Column, ts_us: Column, answer_us: Column) -> None:
        if not len(group):  # a part of the history in which nobody began a thread
            return
        order = np.argsort(group, kind="stable")
        group, ts_us, answer_us = group[order], ts_us[order], answer_us[order]
        starts = runs_of(group)
        for start, end in zip(starts, [*starts[1:], len(group)], strict=True):
            self._add(int(group[start]), ts_us[start:end], answer_us[start:end])

    def _add(self, group: int, ts_us: Column, answer_us: Column) -> None:
        is_answered = (answer_us > 0) & (answer_us < self._until_us)
        waited = answer_us - ts_us
        self._roots[group] += len(ts_us)
        self._waited[group].append(waited[is_answered])
        for number, wait_us in enumerate(self._waits_us):
            is_old = self._until_us - ts_us >= wait_us
            met = is_old & is_answered & (waited <= wait_us)
            self._within[group][number] += int(met.sum()), int(is_old.sum())

    def groups(self) -> Sequence[int]:
        """Without the last bit, which tells those that ask from the rest."""
        return sorted({group // 2 for group in self._roots})

    def counts(self, group: int) -> AnsweredCounts:
        waited = np.sort(np.concatenate([np.zeros(0, np.int64), *self._waited[group]]))
        within = [(int(met), int(old)) for met, old in self._within[group]]
        return AnsweredCounts(self._roots[group], len(waited), within, _median(waited))


def _median(waited: Column) -> tuple[float, int | None, int | None] | None:
    """Of waits in order: the middle one (the mean of the two of an even number), and the ends of its interval."""
    if not len(waited):
        return None
    middle = len(waited) // 2
    both = int(waited[middle]) + int(waited[middle if len(waited) % 2 else middle - 1])
    ranks = median_ranks(len(waited))
    return (both / 2, None, None) if ranks is None else (both / 2, int(waited[ranks[0]]), int(waited[ranks[1]]))


def _written_in(scope: Scope, team: int) -> list[ColumnElement[bool]]:
    conditions = [_channel.c.team_id == team, _user.c.is_bot == false(), _message.c.ts_us < scope.until_us]
    if scope.channels is not None:
        conditions.append(_channel.c.slack_id.in_(scope.channels))
    if scope.since_us is not None:
        conditions.append(_message.c.ts_us >= scope.since_us)
    return conditions
