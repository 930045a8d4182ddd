"""What was taken in from Slack, once per key, and what still follows from it."""

from collections.abc import Collection
from typing import cast

from sqlalchemy import Connection, delete, select, update

from copbot.adapters.store.hidden_people import HiddenPeople
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.tables import Inbox
from copbot.core.records import Happening, HappeningKind

_inbox = Inbox.__table__  # type: ignore[attr-defined]


class SqlInbox:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def once(self, key: str, now_us: int, happening: Happening | None = None) -> bool:
        if happening is not None and HiddenPeople(self._connection, self._team).how(happening.user):
            happening = None  # nothing follows from what they do: they are not to be noticed
        new_row = {
            "team_id": self._team,
            "key": key,
            "received_us": now_us,
            "kind": happening.kind if happening else None,
            "slack_user": happening.user if happening else None,
            "slack_channel": happening.channel if happening else None,
            "at_us": happening.at_us if happening else 0,
            "handled_us": None if happening else now_us,
        }
        statement = (
            insert_into(self._connection, _inbox)
            .values(new_row)
            .on_conflict_do_nothing(index_elements=["team_id", "key"])
        )
        return self._connection.execute(statement).rowcount == 1

    def next(self, put_aside: Collection[int] = ()) -> Happening | None:
        row = self._connection.execute(
            select(_inbox)
            .where(_inbox.c.team_id == self._team, _inbox.c.handled_us.is_(None), _inbox.c.id.not_in(list(put_aside)))
            .order_by(_inbox.c.id)
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        return Happening(row.id, cast(HappeningKind, row.kind), row.slack_user, row.at_us, row.slack_channel)

    def done(self, happening: int, now_us: int) -> bool:
        waiting = (_inbox.c.id == happening) & _inbox.c.handled_us.is_(None)
        return self._connection.execute(update(_inbox).where(waiting).values(handled_us=now_us)).rowcount == 1

    def forget(self, before_us: int) -> None:
        self._connection.execute(delete(_inbox).where(_inbox.c.team_id == self._team, _inbox.c.handled_us < before_us))
