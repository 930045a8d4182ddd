"""What members are thanked for: who answered whom, who wrote first when, and what was noted of it."""

from collections.abc import Collection, Sequence
from typing import Any, Literal, cast

from sqlalchemy import Column, Connection, Select, Table, delete, exists, false, func, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.facts import NOBODIES
from copbot.core.ports.recognition import Noted, Pass

_pass = cast(Table, tables.RecognitionPass.__table__)  # type: ignore[attr-defined]
_noted = cast(Table, tables.Recognition.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_reply = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_root = _reply.alias("root")
_earlier = _reply.alias("earlier")
_author = _user.alias("author")


class SqlRecognitions:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    # -- passes

    def last_pass(self, community: str) -> Pass | None:
        row = self._connection.execute(
            select(*_pass.c["begun_us", "looked_us"]).where(*self._of(_pass, community))
        ).first()
        return None if row is None else Pass(*row)

    def begin(self, community: str, now_us: int) -> None:
        values = {"team_id": self._team, "community": community, "begun_us": now_us, "looked_us": now_us}
        statement = insert_into(self._connection, _pass).values(values)
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["team_id", "community"]))

    def looked(self, community: str, now_us: int) -> None:
        self._connection.execute(update(_pass).where(*self._of(_pass, community)).values(looked_us=now_us))

    def end(self, community: str) -> None:
        self._connection.execute(delete(_pass).where(*self._of(_pass, community)))
        waiting = (*self._of(_noted, community), _noted.c.state == "waiting")
        self._connection.execute(update(_noted).where(*waiting).values(state="passed"))

    # -- what was noted

    def note(self, community: str, noted: Noted) -> None:
        statement = insert_into(self._connection, _noted).values(
            team_id=self._team,
            community=community,
            slack_user=noted.user,
            occasion=noted.occasion,
            reached_us=noted.reached_us,
            state="waiting",
        )
        key = ["team_id", "community", "slack_user", "occasion"]
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=key))

    def waiting(self, community: str) -> Sequence[Noted]:
        found = (
            select(*_noted.c["slack_user", "occasion", "reached_us"])
            .where(*self._of(_noted, community), _noted.c.state == "waiting")
            .order_by(_noted.c.reached_us, _noted.c.slack_user)
        )
        return [Noted(*row) for row in self._connection.execute(found)]

    def settle(self, community: str, noted: Noted, state: Literal["thanked", "passed"]) -> None:
        self._connection.execute(update(_noted).where(*self._one(community, noted)).values(state=state))

    def forget(self, community: str, noted: Noted) -> None:
        self._connection.execute(delete(_noted).where(*self._one(community, noted)))

    # -- what people wrote

    def answerers(self, channels: Collection[str], since_us: int) -> Sequence[str]:
        found = self._answers(channels, _user.c.slack_id).where(_reply.c.ts_us >= since_us).distinct()
        return sorted(self._connection.execute(found).scalars())

    def answers_of(self, user: str, channels: Collection[str]) -> Sequence[tuple[int, tuple[str, int]]]:
        found = self._answers(channels, *_reply.c["ts_us", "thread_us"], _channel.c.slack_id)
        rows = self._connection.execute(found.where(_user.c.slack_id == user))
        return [(row.ts_us, (row.slack_id, row.thread_us)) for row in rows]

    def wrote_first(self, channels: Collection[str], since_us: int, until_us: int) -> Sequence[tuple[str, int]]:
        keys = self._keys(channels)
        wrote = (  # first who wrote then, so that each is asked about once and not each of their messages
            select(_reply.c.user_id, func.min(_reply.c.ts_us).label("first_us"))
            .where(_reply.c.channel_id.in_(keys), _reply.c.ts_us >= since_us, _reply.c.ts_us < until_us)
            .group_by(_reply.c.user_id)
            .subquery()
        )
        earlier = exists().where(
            _earlier.c.user_id == wrote.c.user_id, _earlier.c.ts_us < since_us, _earlier.c.channel_id.in_(keys)
        )
        found = (
            select(_user.c.slack_id, wrote.c.first_us)
            .join(_user, _user.c.id == wrote.c.user_id)
            .where(_user.c.is_bot == false(), _user.c.slack_id.not_in(NOBODIES), ~earlier)
            .order_by(_user.c.slack_id)
        )
        return [(user, ts_us) for user, ts_us in self._connection.execute(found)]

    def _answers(self, channels: Collection[str], *columns: Column[Any]) -> Select[Any]:
        """Replies by people to other people's roots."""
        return (
            select(*columns)
            .select_from(_reply)
            .join(_root, (_root.c.channel_id == _reply.c.channel_id) & (_root.c.ts_us == _reply.c.thread_us))
            .join(_user, _user.c.id == _reply.c.user_id)
            .join(_author, _author.c.id == _root.c.user_id)
            .join(_channel, _channel.c.id == _reply.c.channel_id)
            .where(
                *(_reply.c.channel_id.in_(self._keys(channels)), _reply.c.thread_us.is_not(None)),
                *(_root.c.thread_us.is_(None), _root.c.user_id != _reply.c.user_id),
                *(_user.c.is_bot == false(), _author.c.is_bot == false(), _user.c.slack_id.not_in(NOBODIES)),
            )
        )

    def _keys(self, channels: Collection[str]) -> list[int]:
        here = (_channel.c.team_id == self._team, _channel.c.slack_id.in_(list(channels)))
        return list(self._connection.execute(select(_channel.c.id).where(*here)).scalars())

    def _of(self, table: Table, community: str) -> tuple[Any, ...]:
        return table.c.team_id == self._team, table.c.community == community

    def _one(self, community: str, noted: Noted) -> tuple[Any, ...]:
        one = (_noted.c.slack_user == noted.user, _noted.c.occasion == noted.occasion)
        return (*self._of(_noted, community), *one)
