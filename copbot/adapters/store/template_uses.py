"""Which of several templates a post used last."""

from sqlalchemy import Connection, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into

_use = tables.TemplateUse.__table__  # type: ignore[attr-defined]


class SqlTemplateUses:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def last(self, community: str, post: str) -> str | None:
        template: str | None = self._connection.execute(
            select(_use.c.template).where(
                _use.c.team_id == self._team, _use.c.community == community, _use.c.post == post
            )
        ).scalar_one_or_none()
        return template

    def use(self, community: str, post: str, template: str, now_us: int) -> None:
        said = {"template": template, "used_us": now_us}
        self._connection.execute(
            insert_into(self._connection, _use)
            .values(team_id=self._team, community=community, post=post, **said)
            .on_conflict_do_update(index_elements=["team_id", "community", "post"], set_=said)
        )
