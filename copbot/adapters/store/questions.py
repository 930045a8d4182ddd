"""Which question was used when: each is used once before any comes again."""

from sqlalchemy import Connection, func, select

from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.tables import QuestionUse

_use = QuestionUse.__table__  # type: ignore[attr-defined]


class SqlQuestions:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def used(self, community: str, post: str) -> dict[str, int]:
        last = func.max(_use.c.used_us)
        rows = self._connection.execute(
            select(_use.c.question, func.count())
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
