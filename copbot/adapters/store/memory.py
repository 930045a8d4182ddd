"""The searchable memory of answered threads: the matches of the index as threads, with who answered."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, false, func, not_, or_, select, update

from copbot.adapters.store import tables, words_index
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.membership_rows import holds_now
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.recording import KeepTextIn
from copbot.adapters.store.words_index import Change, Every, Match
from copbot.core.asks import QUOTING, without_quoted_words
from copbot.core.community import KeepText
from copbot.core.ports.thread import Alike, FoundThread
from copbot.core.time import DAY_US
from copbot.core.words import Phrase, asked_for, telling

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_membership = cast(Table, tables.Membership.__table__)  # type: ignore[attr-defined]
_kept = cast(Table, tables.KeptText.__table__)  # type: ignore[attr-defined]
_card = cast(Table, tables.Card.__table__)  # type: ignore[attr-defined]
_file = cast(Table, tables.TakenFile.__table__)  # type: ignore[attr-defined]
_reply = _message.alias("reply")
_replier = _user.alias("replier")

POOL = 60
"""Threads that are held against each other; a search shows no more."""

ALIKE_POOL = 15
"""The same at least where only the few most alike are wanted, for each of many cards."""

LOOKED_AT = 120
"""Matches that are looked at together for the threads they belong to."""

HALF_LIFE_US = 3 * 365 * DAY_US
"""What was said this long ago counts half as much: tools and people change."""

LOOSELY = 0.4
"""How much a thread counts in which only some of the words stand, beside one in which all do."""

AS_A_REPLY = 0.8
"""How much a reply's words count beside the root's."""

Place = tuple[int, int]
"""A thread: its channel's key and its root's ts."""


class _Thread(NamedTuple):
    channel: str
    ts_us: int
    author: str
    text: str | None
    asks: bool
    answers: Sequence[tuple[int, str]]  # when and by whom, the first of each person, in order of time
    relevance: float

    @property
    def worth(self) -> float:
        """By its words, then by how many answered, and the younger first (the base of the time makes no difference)."""
        helped = 1 + 0.1 * (min(len(self.answers), 4) - 1)
        return self.relevance * helped * math.pow(2.0, (self.ts_us - _BASE_US) / HALF_LIFE_US)


_BASE_US = 1_700_000_000_000_000  # any will do: it keeps the powers small


class SqlMemory:
    """Inside the caller's transaction. ``keep_text_in`` says how much may be kept now: what was kept before is not shown."""

    def __init__(self, connection: Connection, team: int, keep_text_in: KeepTextIn) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in

    def find(self, words: str, channels: Collection[str], limit: int, offset: int = 0) -> Sequence[FoundThread]:
        phrases, keys = asked_for(words), self._kept_in(channels)
        found = self._threads(phrases, "all", keys)
        if len(found) < min(offset + limit, POOL) and len(phrases) > 1:
            exact = [replace(phrase, is_open=False) for phrase in phrases]
            more = self._threads(exact, "any", keys, besides={(one.channel, one.ts_us) for one in found})
            found += [one._replace(relevance=one.relevance * LOOSELY) for one in more]
        found.sort(key=lambda one: (-one.worth, -one.ts_us))
        return [
            FoundThread(
                *(one.channel, one.ts_us, one.author, one.text),
                tuple(user for _, user in one.answers),
                one.answers[0][0],
            )
            for one in found[:POOL][offset : offset + limit]
        ]

    def alike(self, text: str, channels: Collection[str], before_us: int, limit: int) -> Sequence[Alike]:
        found = self._threads(telling(text), "any", self._kept_in(channels), enough=max(limit, ALIKE_POOL))
        asked = [one for one in found if one.ts_us < before_us and one.asks]
        asked.sort(key=lambda one: (-one.worth, -one.ts_us))
        return [
            Alike(one.channel, one.ts_us, one.author, tuple(user for _, user in one.answers)) for one in asked[:limit]
        ]

    def visible(self, user: str, channels: Collection[str]) -> frozenset[str]:
        person = self._connection.execute(
            select(_user).where(_user.c.team_id == self._team, _user.c.slack_id == user)
        ).one_or_none()
        if person is None:
            return frozenset()
        is_in = select(_membership.c.channel_id).where(
            _membership.c.user_id == person.id,
            _membership.c.channel_id == _channel.c.id,
            _membership.c.is_member,
            holds_now(),
        )
        rows = self._connection.execute(
            select(*_channel.c["slack_id", "is_private", "told_us"], is_in.exists().label("is_in")).where(
                _channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels))
            )
        )
        sees_all = person.name != "" and not (person.is_guest or person.is_external)
        return frozenset(
            row.slack_id
            for row in rows
            if row.is_in or (sees_all and not row.is_private and "is_private" in row.told_us)
        )

    def to_look_over(self, channels: Collection[str]) -> frozenset[str]:
        rows = self._connection.execute(
            select(_channel.c.slack_id, _kept.c.keep)
            .select_from(_channel.outerjoin(_kept, _kept.c.channel_id == _channel.c.id))
            .where(_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        )
        return frozenset(row.slack_id for row in rows if row.keep != self._keep_text_in(row.slack_id))

    def forget_beyond(self, channel: str, most: int) -> bool:
        key = self._connection.execute(select(_channel.c.id).where(*self._is(channel))).scalar_one_or_none()
        if key is None:
            return False
        keep = self._keep_text_in(channel)
        rows = self._connection.execute(
            select(*_message.c["ts_us", "text"])
            .where(_message.c.channel_id == key, _message.c.text.is_not(None), _beyond(keep))
            .limit(most)
        ).all()
        words_index.change(self._connection, [Change(key, row.ts_us, row.text, None) for row in rows])
        for some in pieces([row.ts_us for row in rows]):
            self._connection.execute(
                update(_message).where(_message.c.channel_id == key, _message.c.ts_us.in_(some)).values(text=None)
            )
        if rows:  # should more be kept again, an import of the same files brings the texts back
            taken = (_file.c.team_id == self._team, _file.c.channel == channel)
            self._connection.execute(delete(_file).where(*taken))
        is_done = len(rows) < most and (keep != "none" or self._unquote_reasons(channel, key, most))
        if is_done:
            self._connection.execute(
                insert_into(self._connection, _kept)
                .values(team_id=self._team, channel_id=key, keep=keep)
                .on_conflict_do_update(index_elements=["channel_id"], set_={"keep": keep})
            )
        return not is_done

    def _unquote_reasons(self, channel: str, key: int, most: int) -> bool:
        """The reasons why messages ask quote some of their words. True when none is left that does."""
        quoting = (_message.c.channel_id == key, _message.c.asks_why.contains(QUOTING))
        rows = self._connection.execute(select(*_message.c["ts_us", "asks_why"]).where(*quoting).limit(most)).all()
        here = (_message.c.channel_id == key, _message.c.ts_us == bindparam("at"))
        if rows:
            self._connection.execute(
                update(_message).where(*here).values(asks_why=bindparam("why")),
                [{"at": row.ts_us, "why": without_quoted_words(row.asks_why)} for row in rows],
            )
        shown = (_card.c.team_id == self._team, _card.c.channel == channel, _card.c.why.contains(QUOTING))
        for card in self._connection.execute(select(*_card.c["id", "why"]).where(*shown)).all():
            why = without_quoted_words(card.why)
            self._connection.execute(update(_card).where(_card.c.id == card.id).values(why=why))
        return len(rows) < most

    def rebuild(self, after: tuple[int, int] | None = None) -> tuple[int, int] | None:
        return words_index.rebuild_some(self._connection, after)[1]

    # --- from matches to threads

    def _is(self, channel: str) -> tuple[ColumnElement[bool], ...]:
        return (_channel.c.team_id == self._team, _channel.c.slack_id == channel)

    def _kept_in(self, channels: Collection[str]) -> dict[int, tuple[str, KeepText]]:
        """The store's key of each channel in which something may be kept -> its ID, and how much."""
        keep = {channel: self._keep_text_in(channel) for channel in channels}
        rows = self._connection.execute(
            select(*_channel.c["id", "slack_id"]).where(
                _channel.c.team_id == self._team, _channel.c.slack_id.in_([c for c, k in keep.items() if k != "none"])
            )
        )
        return {row.id: (row.slack_id, keep[row.slack_id]) for row in rows}

    def _threads(
        self,
        phrases: Sequence[Phrase],
        every: Every,
        channels: Mapping[int, tuple[str, KeepText]],
        besides: Collection[tuple[str, int]] = (),
        enough: int = POOL,
    ) -> list[_Thread]:
        """The answered threads of the most relevant matches, as many as are held against each other."""
        matches = words_index.search(self._connection, phrases, every, channels)
        best = matches[0].relevance if matches else 1.0
        looked_at: set[Place] = set()
        found: list[_Thread] = []
        for start in range(0, len(matches), LOOKED_AT):
            relevance = self._relevance(matches[start : start + LOOKED_AT], channels, best)
            fresh = {place: value for place, value in relevance.items() if place not in looked_at}
            looked_at.update(fresh)
            found += [one for one in self._answered(fresh, channels) if (one.channel, one.ts_us) not in besides]
            if len(found) >= enough:
                break
        return found

    def _relevance(
        self, matches: Iterable[Match], channels: Mapping[int, tuple[str, KeepText]], best: float
    ) -> dict[Place, float]:
        """How relevant the threads of these matches are, by their best match; of texts that may be shown alone."""
        places: dict[Place, float] = {(match.channel, match.ts_us): match.relevance / best for match in matches}
        found: dict[Place, float] = {}
        for row in self._connection.execute(_WRITTEN, _instants_of(places)):
            at = (row.channel_id, row.ts_us)
            if at not in places or not _may_show(channels[row.channel_id][1], row):
                continue
            place = (row.channel_id, row.thread_us or row.ts_us)
            value = places[at] * (AS_A_REPLY if row.thread_us else 1.0)
            found[place] = max(value, found.get(place, 0.0))
        return found

    def _answered(
        self, relevance: Mapping[Place, float], channels: Mapping[int, tuple[str, KeepText]]
    ) -> list[_Thread]:
        """Those of these threads that have an answer."""
        if not relevance:
            return []
        rows = [
            row
            for row in self._connection.execute(_ANSWERS, _instants_of(relevance))
            if (row.channel_id, row.ts_us) in relevance
        ]
        threads: dict[Place, Any] = {}
        answers: dict[Place, list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            threads[row.channel_id, row.ts_us] = row
            answers[row.channel_id, row.ts_us].append((row.first_us, row.answerer))
        return [
            _Thread(
                channel=channels[place[0]][0],
                ts_us=row.ts_us,
                author=row.author,
                text=row.text if channels[place[0]][1] == "all" or row.asks else None,
                asks=bool(row.asks),
                answers=sorted(answers[place]),
                relevance=relevance[place],
            )
            for place, row in threads.items()
        ]


def _instants_of(places: Iterable[Place]) -> dict[str, list[int]]:
    """For a query that is made once: all these channels with all these instants, of which the caller keeps its own places."""
    channels, instants = zip(*sorted(places), strict=True)
    return {"channels": sorted(set(channels)), "instants": sorted(set(instants))}


def _may_show(keep: KeepText, row: Any) -> bool:
    """Whether a message's text may be kept. Once said here, once for the database (``_beyond``)."""
    return keep == "all" or (keep == "questions" and row.thread_us is None and bool(row.asks))


def _beyond(keep: KeepText) -> ColumnElement[bool]:
    """The messages whose text may not be kept."""
    if keep == "all":
        return _message.c.ts_us.is_(None)
    if keep == "none":
        return _message.c.ts_us.is_not(None)
    return or_(_message.c.thread_us.is_not(None), not_(func.coalesce(_message.c.asks, false())))


_THERE = (
    _message.c.channel_id.in_(bindparam("channels", expanding=True)),
    _message.c.ts_us.in_(bindparam("instants", expanding=True)),
)
_WRITTEN = select(*_message.c["channel_id", "ts_us", "thread_us", "asks"]).where(*_THERE, _message.c.text.is_not(None))
_ANSWERS = (
    select(
        *_message.c["channel_id", "ts_us", "text", "asks"],
        _user.c.slack_id.label("author"),
        _replier.c.slack_id.label("answerer"),
        func.min(_reply.c.ts_us).label("first_us"),
    )
    .select_from(
        _message.join(_user, _user.c.id == _message.c.user_id)
        .join(_reply, and_(_reply.c.channel_id == _message.c.channel_id, _reply.c.thread_us == _message.c.ts_us))
        .join(_replier, _replier.c.id == _reply.c.user_id)
    )
    .where(
        *_THERE,
        _message.c.thread_us.is_(None),
        _user.c.is_bot == false(),
        _replier.c.is_bot == false(),
        _reply.c.user_id != _message.c.user_id,
    )
    .group_by(*_message.c["channel_id", "ts_us", "text", "asks"], _user.c.slack_id, _replier.c.slack_id)
)
