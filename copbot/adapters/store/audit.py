"""What moderators and coordinators did, with who and when."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from copbot.adapters.store import tables
from copbot.core.records import Audited

_audit = tables.Audit.__table__  # type: ignore[attr-defined]


class SqlAudit:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def note(self, community: str, actor: str, action: str, subject: str, now_us: int, detail: str = "") -> None:
        self._connection.execute(
            insert(_audit).values(
                team_id=self._team,
                community=community,
                at_us=now_us,
                actor=actor,
                action=action,
                subject=subject,
                detail=detail,
            )
        )

    def since(self, community: str | None, since_us: int) -> Sequence[Audited]:
        wanted = select(_audit).where(_audit.c.team_id == self._team, _audit.c.at_us >= since_us)
        if community is not None:
            wanted = wanted.where(_audit.c.community == community)
        rows = self._connection.execute(wanted.order_by(_audit.c.at_us, _audit.c.id))
        return [Audited(row.at_us, row.community, row.actor, row.action, row.subject, row.detail) for row in rows]
