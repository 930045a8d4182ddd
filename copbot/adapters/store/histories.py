"""Which files of exports and which spans of channels were read, and what stands of a channel to be held against Slack's own list."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, func, or_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.history import DayFile
from copbot.core.spans import Span

_file = cast(Table, tables.TakenFile.__table__)  # type: ignore[attr-defined]
_backfill = cast(Table, tables.Backfill.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]

_FIELDS = (
    "channel",
    "name",
    "fingerprint",
    "messages",
    "reactions",
    "bots",
    "notices",
    "first_us",
    "last_us",
    "latest_us",
)


class SqlHistories:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    # -- files of exports

    def taken_files(self, channel: str) -> Mapping[str, DayFile]:
        rows = self._connection.execute(
            select(*_file.c[_FIELDS]).where(_file.c.team_id == self._team, _file.c.channel == channel)
        )
        return {row.name: DayFile(**row._mapping) for row in rows}

    def take_files(self, files: Collection[DayFile]) -> None:
        if not files:
            return
        statement = insert_into(self._connection, _file)
        statement = statement.on_conflict_do_update(
            index_elements=["team_id", "channel", "name"],
            set_={name: statement.excluded[name] for name in _FIELDS[2:]},
        )
        self._connection.execute(
            statement, [{name: getattr(file, name) for name in _FIELDS} | {"team_id": self._team} for file in files]
        )

    # -- spans of channels

    def spans(self, channel: str) -> Sequence[Span]:
        here = (_backfill.c.team_id == self._team, _backfill.c.channel == channel)
        found = self._connection.execute(select(_backfill.c.spans).where(*here)).scalar_one_or_none()
        return tuple(Span(*span) for span in found or ())

    def set_spans(self, channel: str, spans: Sequence[Span]) -> None:
        values = {"spans": [list(span) for span in spans]}
        statement = insert_into(self._connection, _backfill).values(team_id=self._team, channel=channel, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["team_id", "channel"], set_=values))

    # -- channels that could not be read

    def unread(self) -> Mapping[str, int]:
        rows = self._connection.execute(
            select(_channel.c.slack_id, _channel.c.unread_us).where(
                _channel.c.team_id == self._team, _channel.c.unread_us.is_not(None)
            )
        )
        return {row.slack_id: row.unread_us for row in rows}

    def note_unread(self, channel: str, since_us: int) -> None:
        later = or_(_channel.c.unread_us.is_(None), _channel.c.unread_us > since_us)
        self._connection.execute(update(_channel).where(*self._here(channel), later).values(unread_us=since_us))

    def was_read(self, channel: str) -> None:
        self._connection.execute(update(_channel).where(*self._here(channel)).values(unread_us=None))

    # -- what stands

    def standing(self, channel: str, since_us: int) -> Collection[int]:
        found = select(_message.c.ts_us).where(
            _message.c.channel_id == self._key(channel),
            _message.c.ts_us >= since_us,
            _message.c.user_id.is_not(None),
            _message.c.thread_us.is_(None),
        )
        return frozenset(self._connection.execute(found).scalars())

    def replies(self, channel: str, root_us: int) -> Collection[int]:
        found = select(_message.c.ts_us).where(*self._below(channel), _message.c.thread_us == root_us)
        return frozenset(self._connection.execute(found).scalars())

    def reply_counts(self, channel: str, since_us: int) -> Mapping[int, int]:
        counted = (
            select(_message.c.thread_us, func.count().label("replies"))
            .where(*self._below(channel), _message.c.thread_us.is_not(None), _message.c.thread_us >= since_us)
            .group_by(_message.c.thread_us)
        )
        return {row.thread_us: row.replies for row in self._connection.execute(counted)}

    def reactions(self, channel: str, instants: Collection[int]) -> Mapping[tuple[int, str, str], tuple[bool, int]]:
        key = self._key(channel)
        return {
            (row.ts_us, row.slack_id, row.name): (row.present, row.event_us)
            for some in pieces(sorted(instants))
            for row in self._connection.execute(
                select(*_reaction.c["ts_us", "name", "present", "event_us"], _user.c.slack_id)
                .join(_user, _user.c.id == _reaction.c.user_id)
                .where(_reaction.c.channel_id == key, _reaction.c.ts_us.in_(some))
            )
        }

    def _below(self, channel: str) -> tuple[Any, ...]:
        return _message.c.channel_id == self._key(channel), _message.c.user_id.is_not(None)

    def undescribed(self, most: int) -> Sequence[str]:
        wrote = select(_message.c.ts_us).where(_message.c.user_id == _user.c.id).exists()
        found = select(_user.c.slack_id).where(_user.c.team_id == self._team, _user.c.name == "", wrote)
        return list(self._connection.execute(found.order_by(_user.c.id).limit(most)).scalars())

    def _here(self, channel: str) -> tuple[Any, ...]:
        return _channel.c.team_id == self._team, _channel.c.slack_id == channel

    def _key(self, channel: str) -> Any:
        return select(_channel.c.id).where(*self._here(channel)).scalar_subquery()
