"""Pulse surveys: answers without author, time or order."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.merging import storable
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.voices import PulseQuestion, PulseResult, PulseRound

_round = cast(Table, tables.PulseRound.__table__)  # type: ignore[attr-defined]
_taken = cast(Table, tables.PulseTaken.__table__)  # type: ignore[attr-defined]
_answer = cast(Table, tables.PulseAnswer.__table__)  # type: ignore[attr-defined]


class SqlPulses:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def open(
        self, community: str, period: str, questions: Sequence[PulseQuestion], opened_us: int, closes_us: int
    ) -> PulseRound | None:
        asked = [{"id": q.id, "ask": q.ask, "type": q.type, "options": list(q.options)} for q in questions]
        made = self._connection.execute(
            insert_into(self._connection, _round)
            .values(
                team_id=self._team,
                community=community,
                period=period,
                questions=asked,
                opened_us=opened_us,
                closes_us=closes_us,
                took_part=0,
                action="",
            )
            .on_conflict_do_nothing()
        )
        return self.latest(community) if made.rowcount == 1 else None

    def get(self, pulse_round: int) -> PulseRound | None:
        row = self._connection.execute(self._rounds().where(_round.c.id == pulse_round)).one_or_none()
        return None if row is None else _of(row)

    def latest(self, community: str) -> PulseRound | None:
        newest = self._rounds().where(_round.c.community == community).order_by(_round.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return None if row is None else _of(row)

    def untold(self, community: str) -> Sequence[PulseRound]:
        waiting = self._rounds().where(_round.c.community == community, _round.c.told_us.is_(None))
        return [_of(row) for row in self._connection.execute(waiting.order_by(_round.c.id))]

    def set_asked(self, pulse_round: int, asked: int) -> None:
        self._change(pulse_round, asked=asked)

    def answer(self, pulse_round: int, user: str, answers: Mapping[str, str]) -> bool:
        taken = insert_into(self._connection, _taken).values(team_id=self._team, round_id=pulse_round, slack_user=user)
        if self._connection.execute(taken.on_conflict_do_nothing()).rowcount != 1:
            return False
        if answers:
            self._change(pulse_round, took_part=_round.c.took_part + 1)
        for question, value in answers.items():
            self._connection.execute(
                insert(_answer).values(
                    id=secrets.token_hex(16),
                    team_id=self._team,
                    round_id=pulse_round,
                    question=question,
                    value=storable(value),
                )
            )
        return True

    def has_taken(self, pulse_round: int, user: str) -> bool:
        taken = (_taken.c.team_id == self._team, _taken.c.round_id == pulse_round, _taken.c.slack_user == user)
        return self._connection.execute(select(_taken.c.slack_user).where(*taken)).first() is not None

    def close(self, pulse_round: int, now_us: int) -> bool:
        is_open = (_round.c.team_id == self._team, _round.c.id == pulse_round, _round.c.told_us.is_(None))
        if self._connection.execute(update(_round).where(*is_open).values(told_us=now_us)).rowcount != 1:
            return False
        self._connection.execute(delete(_taken).where(_taken.c.team_id == self._team, _taken.c.round_id == pulse_round))
        return True

    def result(self, pulse_round: PulseRound) -> PulseResult:
        took_part = self._connection.execute(
            select(_round.c.took_part).where(_round.c.team_id == self._team, _round.c.id == pulse_round.id)
        ).scalar_one()
        given: dict[str, list[str]] = {question.id: [] for question in pulse_round.questions}
        rows = self._connection.execute(
            select(_answer.c.question, _answer.c.value)
            .where(_answer.c.team_id == self._team, _answer.c.round_id == pulse_round.id)
            .order_by(_answer.c.id)  # drawn at random, so that no order tells who came first
        )
        for row in rows:
            given.setdefault(row.question, []).append(row.value)
        shown = {name: values if len(values) >= FEWEST_SHOWN else None for name, values in given.items()}
        texts = {question.id for question in pulse_round.questions if question.type == "text"}
        return PulseResult(
            pulse_round,
            int(took_part),
            counts={
                name: None if values is None else dict(Counter(values))
                for name, values in shown.items()
                if name not in texts
            },
            texts={name: values for name, values in shown.items() if name in texts},
        )

    def closed(self, community: str, since_us: int, until_us: int) -> Sequence[PulseResult]:
        rows = self._connection.execute(
            self._rounds()
            .where(
                _round.c.community == community,
                _round.c.told_us.is_not(None),
                _round.c.closes_us >= since_us,
                _round.c.closes_us < until_us,
            )
            .order_by(_round.c.id)
        )
        return [self.result(_of(row)) for row in rows.all()]

    def set_action(self, pulse_round: int, action: str) -> None:
        self._change(pulse_round, action=storable(action))

    def _rounds(self) -> Any:
        return select(_round).where(_round.c.team_id == self._team)

    def _change(self, pulse_round: int, **values: Any) -> None:
        mine = update(_round).where(_round.c.team_id == self._team, _round.c.id == pulse_round)
        self._connection.execute(mine.values(**values))


def _of(row: Row[Any]) -> PulseRound:
    return PulseRound(
        id=row.id,
        community=row.community,
        period=row.period,
        questions=tuple(
            PulseQuestion(each["id"], each["ask"], each["type"], tuple(each["options"])) for each in row.questions
        ),
        opened_us=row.opened_us,
        closes_us=row.closes_us,
        asked=row.asked,
        told_us=row.told_us,
        action=row.action,
    )
