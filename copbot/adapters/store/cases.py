"""Messages that were reported to the moderators, with what was done about each."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, insert, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.merging import storable
from copbot.core.ports.case import Case, Report, Step

_case = cast(Table, tables.ModerationCase.__table__)  # type: ignore[attr-defined]
_report = cast(Table, tables.CaseReport.__table__)  # type: ignore[attr-defined]
_step = cast(Table, tables.CaseStep.__table__)  # type: ignore[attr-defined]
_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]
_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]


class SqlCases:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def open(self, community: str, channel: str, ts_us: int, author: str, now_us: int) -> Case:
        place = {"team_id": self._team, "community": community, "channel": channel, "ts_us": ts_us}
        self._connection.execute(
            insert_into(self._connection, _case)
            .values(
                **place,
                author=author,
                state="open",
                opened_us=now_us,
                version=0,
                shown_to=[],
                is_gone=False,
                reminder="",
            )
            .on_conflict_do_nothing(index_elements=list(place))
        )
        row = self._connection.execute(select(_case).where(*(_case.c[name] == is_ for name, is_ in place.items())))
        return _case_of(row.one())

    def get(self, case: int) -> Case | None:
        row = self._connection.execute(select(_case).where(_case.c.team_id == self._team, _case.c.id == case))
        found = row.one_or_none()
        return None if found is None else _case_of(found)

    def save(self, case: Case) -> None:
        values = asdict(case) | {"shown_to": list(case.shown_to)}
        self._connection.execute(
            update(_case).where(_case.c.team_id == self._team, _case.c.id == values.pop("id")).values(**values)
        )

    def open_in(self, community: str) -> Sequence[Case]:
        rows = self._connection.execute(
            select(_case)
            .where(_case.c.team_id == self._team, _case.c.community == community, _case.c.state == "open")
            .order_by(_case.c.opened_us, _case.c.id)
        )
        return [_case_of(row) for row in rows]

    def report(self, case: int, report: Report) -> bool:
        values = asdict(report) | {"reason": storable(report.reason), "line": storable(report.line)}
        done = self._connection.execute(
            insert_into(self._connection, _report)
            .values(case_id=case, team_id=self._team, **values)
            .on_conflict_do_nothing(index_elements=["case_id", "reporter"])
        )
        return done.rowcount == 1

    def reports(self, case: int) -> Sequence[Report]:
        rows = self._connection.execute(
            select(*_report.c["reporter", "reason", "line", "is_named", "wants_news", "at_us"])
            .where(_report.c.team_id == self._team, _report.c.case_id == case)
            .order_by(_report.c.at_us, _report.c.reporter)
        )
        return [Report(*row) for row in rows]

    def step(self, case: int, step: Step) -> None:
        values = asdict(step) | {"note": storable(step.note)}
        self._connection.execute(insert(_step).values(case_id=case, team_id=self._team, **values))

    def steps(self, case: int) -> Sequence[Step]:
        rows = self._connection.execute(
            select(*_step.c["actor", "action", "at_us", "note"])
            .where(_step.c.team_id == self._team, _step.c.case_id == case)
            .order_by(_step.c.id)
        )
        return [Step(*row) for row in rows]

    def earlier(self, community: str, author: str, since_us: int, besides: int) -> Sequence[Case]:
        rows = self._connection.execute(
            select(_case)
            .where(
                _case.c.team_id == self._team,
                _case.c.community == community,
                _case.c.author == author,
                _case.c.opened_us >= since_us,
                _case.c.id != besides,
            )
            .order_by(_case.c.opened_us, _case.c.id)
        )
        return [_case_of(row) for row in rows]

    def message(self, channel: str, ts_us: int) -> tuple[str | None, bool]:
        row = self._connection.execute(
            select(*_message.c["text", "is_deleted"])
            .join(_channel, _channel.c.id == _message.c.channel_id)
            .where(_channel.c.team_id == self._team, _channel.c.slack_id == channel, _message.c.ts_us == ts_us)
        ).one_or_none()
        return (None, False) if row is None else (row.text, row.is_deleted)

    def author(self, channel: str, ts_us: int) -> str | None:
        found: str | None = self._connection.execute(
            select(_user.c.slack_id)
            .select_from(
                _message.join(_channel, _channel.c.id == _message.c.channel_id).join(
                    _user, _user.c.id == _message.c.user_id
                )
            )
            .where(_channel.c.team_id == self._team, _channel.c.slack_id == channel, _message.c.ts_us == ts_us)
        ).scalar_one_or_none()
        return found


def _case_of(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        community=row.community,
        channel=row.channel,
        ts_us=row.ts_us,
        author=row.author,
        state=row.state,
        opened_us=row.opened_us,
        version=row.version,
        shown_to=tuple(row.shown_to),
        is_gone=row.is_gone,
        reminder=row.reminder,
        closed_us=row.closed_us,
    )
