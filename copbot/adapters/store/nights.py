"""What is done once a night: the latest run of each task, claimed by one process."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.ports.operation import NightlyRun

_run = tables.NightlyRun.__table__  # type: ignore[attr-defined]


class SqlNights:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def of(self, task: str) -> NightlyRun | None:
        row = self._connection.execute(
            select(_run).where(_run.c.team_id == self._team, _run.c.task == task)
        ).one_or_none()
        if row is None:
            return None
        return NightlyRun(task, date.fromisoformat(row.night), row.begun_us, row.done_us, row.failure)

    def claim(self, task: str, night: date, now_us: int, again_before_us: int) -> bool:
        made = insert_into(self._connection, _run).values(
            team_id=self._team, task=task, night=night.isoformat(), begun_us=now_us, done_us=None, failure=""
        )
        the_next = and_(_run.c.done_us.is_not(None), _run.c.night < night.isoformat())
        broken_off = and_(_run.c.done_us.is_(None), _run.c.begun_us < again_before_us)
        taken_over = made.on_conflict_do_update(
            index_elements=["team_id", "task"],
            # the failure stays until it is done: the same again is no news
            set_={"night": made.excluded.night, "begun_us": made.excluded.begun_us, "done_us": None},
            where=or_(the_next, broken_off),
        )
        return self._connection.execute(taken_over).rowcount == 1

    def done(self, task: str, night: date, now_us: int) -> None:
        self._connection.execute(update(_run).where(*self._the(task, night)).values(done_us=now_us, failure=""))

    def put_back(self, task: str, night: date) -> None:
        self._connection.execute(update(_run).where(*self._the(task, night)).values(begun_us=0))

    def failed(self, task: str, night: date, failure: str) -> bool:
        failing = update(_run).where(*self._the(task, night)).values(failure=failure)
        is_news = self._connection.execute(failing.where(_run.c.failure == "")).rowcount == 1
        if not is_news:
            self._connection.execute(failing)
        return is_news

    def _the(self, task: str, night: date) -> tuple[ColumnElement[bool], ...]:
        return _run.c.team_id == self._team, _run.c.task == task, _run.c.night == night.isoformat()
