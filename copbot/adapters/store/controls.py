"""A moderator's word over the file's: which posts are paused or resumed, by whom and since when."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.records import PostControl

_control = tables.PostControl.__table__  # type: ignore[attr-defined]


class SqlControls:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team
        self._all: Sequence[PostControl] | None = None  # asked for at every post of a pass

    def all(self) -> Sequence[PostControl]:
        if self._all is None:
            rows = self._connection.execute(
                select(_control).where(_control.c.team_id == self._team).order_by(_control.c.community, _control.c.post)
            )
            self._all = tuple(
                PostControl(row.community, row.post, bool(row.paused), row.by_user, row.at_us) for row in rows
            )
        return self._all

    def set(self, control: PostControl) -> None:
        self._all = None
        said = {"paused": control.paused, "by_user": control.by, "at_us": control.at_us}
        self._connection.execute(
            insert_into(self._connection, _control)
            .values(team_id=self._team, community=control.community, post=control.post, **said)
            .on_conflict_do_update(index_elements=["team_id", "community", "post"], set_=said)
        )

    def clear(self, community: str, post: str) -> None:
        self._all = None
        self._connection.execute(
            delete(_control).where(
                _control.c.team_id == self._team, _control.c.community == community, _control.c.post == post
            )
        )
