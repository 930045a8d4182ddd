"""The journeys of newcomers, and the answers they gave."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, insert, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.identities import Identities
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.records import GivenAnswer, Journey, JourneyState

_journey = tables.Journey.__table__  # type: ignore[attr-defined]
_answer = tables.GivenAnswer.__table__  # type: ignore[attr-defined]
_user = tables.User.__table__  # type: ignore[attr-defined]

GOING_ON = ("invited", "answered")


class SqlJourneys:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def start(self, community: str, user: str, now_us: int) -> Journey | None:
        statement = (
            insert_into(self._connection, _journey)
            .values(
                team_id=self._team,
                community=community,
                user_id=self._user_key(user),
                state="invited",
                started_us=now_us,
            )
            .on_conflict_do_nothing(index_elements=["team_id", "community", "user_id"])
        )
        if self._connection.execute(statement).rowcount != 1:
            return None
        return self.get(community, user)

    def get(self, community: str, user: str) -> Journey | None:
        row = self._connection.execute(
            self._journeys().where(_journey.c.community == community, _user.c.slack_id == user)
        ).one_or_none()
        return None if row is None else journey_of(row)

    def since(self, community: str, since_us: int) -> Sequence[Journey]:
        rows = self._connection.execute(
            self._journeys()
            .where(_journey.c.community == community, _journey.c.started_us >= since_us)
            .order_by(_journey.c.started_us, _journey.c.id)
        )
        return [journey_of(row) for row in rows]

    def answer(self, journey: int, answers: Sequence[GivenAnswer], guidelines_version: str | None, now_us: int) -> None:
        """Put these answers in the place of all earlier ones; the first time is when the journey was answered."""
        one = update(_journey).where(self._this(journey))
        kept = {"guidelines_version": guidelines_version, "draft": {"at_us": now_us, "values": {}}}
        self._connection.execute(one.values(kept))
        self._connection.execute(one.where(_journey.c.state == "invited").values(state="answered"))
        self._connection.execute(one.where(_journey.c.answered_us.is_(None)).values(answered_us=now_us))
        earlier = delete(_answer).where(_answer.c.team_id == self._team, _answer.c.journey_id == journey)
        self._connection.execute(earlier)
        rows = [
            {
                "team_id": self._team,
                "journey_id": journey,
                "question": given.question,
                "position": position,
                "value": given.value,
                "share": given.share,
                "answered_us": now_us,
            }
            for position, given in enumerate(answers)
        ]
        if rows:
            self._connection.execute(insert(_answer), rows)

    def answers(self, journey: int) -> Sequence[GivenAnswer]:
        rows = self._connection.execute(
            select(_answer.c.question, _answer.c.value, _answer.c.share)
            .where(_answer.c.team_id == self._team, _answer.c.journey_id == journey)
            .order_by(_answer.c.position)
        )
        return [GivenAnswer(row.question, row.value, bool(row.share)) for row in rows]

    def that_share_nothing(self, community: str, users: Collection[str]) -> Collection[str]:
        shares = exists().where(_answer.c.journey_id == _journey.c.id, _answer.c.share)
        return {
            user
            for some in pieces(sorted(users))
            for user in self._connection.execute(
                select(_user.c.slack_id)
                .join(_journey, _journey.c.user_id == _user.c.id)
                .where(
                    _user.c.team_id == self._team,
                    _user.c.slack_id.in_(some),
                    _journey.c.community == community,
                    ~shares,
                )
            ).scalars()
        }

    def answers_elsewhere(self, community: str, user: str) -> Sequence[tuple[str, GivenAnswer]]:
        rows = self._connection.execute(
            select(_journey.c.community, _answer.c.question, _answer.c.value, _answer.c.share)
            .select_from(
                _answer.join(_journey, _journey.c.id == _answer.c.journey_id).join(
                    _user, _user.c.id == _journey.c.user_id
                )
            )
            .where(_journey.c.team_id == self._team, _journey.c.community != community, _user.c.slack_id == user)
            .order_by(_answer.c.answered_us.desc(), _answer.c.journey_id.desc(), _answer.c.position)
        )
        return [(row.community, GivenAnswer(row.question, row.value, bool(row.share))) for row in rows]

    def keep_draft(self, journey: int, values: Mapping[str, Any], at_us: int) -> None:
        stored = self._connection.execute(select(_journey.c.draft).where(self._this(journey))).scalar_one()
        if stored is None or at_us > stored["at_us"]:
            draft = {"at_us": at_us, "values": dict(values)}
            self._connection.execute(update(_journey).where(self._this(journey)).values(draft=draft))

    def close(self, journey: int, state: Literal["declined", "ended"], now_us: int) -> bool:
        going_on = update(_journey).where(self._this(journey), _journey.c.state.in_(GOING_ON))
        closed = going_on.values(state=state, closed_us=now_us, draft=None)
        return self._connection.execute(closed).rowcount == 1

    def start_again(self, journey: int, now_us: int) -> None:
        anew = update(_journey).where(self._this(journey), _journey.c.state == "ended")
        self._connection.execute(anew.values(state="invited", started_us=now_us, closed_us=None))

    def of_those_who_left(self, community: str) -> Sequence[Journey]:
        left = self._journeys().where(
            _journey.c.community == community, _journey.c.state.in_(GOING_ON), _user.c.is_deleted
        )
        return [journey_of(row) for row in self._connection.execute(left.order_by(_journey.c.id))]

    def _this(self, journey: int) -> ColumnElement[bool]:
        return and_(_journey.c.team_id == self._team, _journey.c.id == journey)

    def _journeys(self) -> Any:
        return (
            select(_journey, _user.c.slack_id)
            .join(_user, _user.c.id == _journey.c.user_id)
            .where(_journey.c.team_id == self._team)
        )

    def _user_key(self, user: str) -> int:
        """The integer key of a user, who is noted when never seen before."""
        people = Identities(self._connection, self._team)
        people.meet(user)
        people.settle()
        return people.user(user)


def journey_of(row: Row[Any]) -> Journey:
    return Journey(
        id=row.id,
        community=row.community,
        user=row.slack_id,
        state=cast(JourneyState, row.state),
        started_us=row.started_us,
        answered_us=row.answered_us,
        guidelines_version=row.guidelines_version,
        draft=(row.draft or {}).get("values") or None,
        closed_us=row.closed_us,
    )
