"""Which question was used when: each is used once before any comes again."""

from sqlalchemy import Connection, and_, case, func, literal, select

from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.tables import Delivery, QuestionUse

_delivery = Delivery.__table__  # type: ignore[attr-defined]
_use = QuestionUse.__table__  # type: ignore[attr-defined]


class SqlQuestions:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def used(self, community: str, post: str, said_as: str = "") -> dict[str, int]:
        of_occasion = and_(_delivery.c.team_id == _use.c.team_id, _delivery.c.key == literal(said_as) + _use.c.occasion)
        last = func.max(case((_delivery.c.state.in_(["failed", "skipped"]), 0), else_=_use.c.used_us))
        rows = self._connection.execute(
            select(_use.c.question, func.count())
            .select_from(_use.outerjoin(_delivery, of_occasion))
            .where(_use.c.team_id == self._team, _use.c.community == community, _use.c.post == post)
            .group_by(_use.c.question)
            .order_by(last, func.max(_use.c.id))
        )
        return {question: int(count) for question, count in rows}

    def use(self, community: str, post: str, question: str, occasion: str, now_us: int) -> None:
        self._connection.execute(
            insert_into(self._connection, _use)
            .values(
                team_id=self._team,
                community=community,
                post=post,
                occasion=occasion,
                question=question,
                used_us=now_us,
            )
            .on_conflict_do_nothing(index_elements=["team_id", "community", "post", "occasion"])
        )
