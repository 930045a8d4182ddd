"""What is stored about a person, and how it goes: on their word, with their leaving, and with time."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, or_, select, update

from copbot.adapters.store.ageing import Ageing
from copbot.adapters.store.erasure import Erasing
from copbot.adapters.store.hidden_people import HiddenPeople
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.own_rows import own_counts, own_rows
from copbot.adapters.store.personal_rows import TABLES
from copbot.adapters.store.traces import Named, Traces
from copbot.core.errors import Mistake
from copbot.core.facts import NOBODIES, SLACKBOT
from copbot.core.ports.privacy import Cleaned, Counted, Gone, Trace

_user, _erasure = TABLES["slack_user"], TABLES["erasure"]
_delivery, _membership = TABLES["delivery"], TABLES["membership"]

TRACES = 500
"""Rows that one search brings: those that are left are found by the next."""


class SqlPrivacy:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team
        self._hidden = HiddenPeople(connection, team)
        self._ageing = Ageing(connection, team)

    def stored(self, user: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return own_rows(self._connection, self._team, user)

    def counted(self, user: str, at: Mapping[str, str]) -> Mapping[str, Counted]:
        return own_counts(self._connection, self._team, user, at)

    # -- forgetting

    def forget(self, user: str, now_us: int, how: Gone = "forgotten") -> None:
        row = self._person(user)
        if user in (*NOBODIES, SLACKBOT) or (row is not None and row.is_bot):
            raise Mistake(f"{user} is an app, not a person: there is nothing to forget")
        if self._hidden.how(user) != "forgotten":  # their own word holds longer than their leaving
            self._hidden.hide(user, how, now_us)
        self._connection.execute(
            insert_into(self._connection, _erasure)
            .values(
                team_id=self._team,
                slack_user=user,
                name="" if row is None else row.name,
                alias=f"gone-{secrets.token_hex(6)}",
                begun_us=now_us,
            )
            .on_conflict_do_nothing()
        )
        self._drop_what_waits(user)

    def forget_some(self, user: str) -> Cleaned:
        return Erasing(self._connection, self._team, user).step()

    def traces(self, user: str) -> Sequence[Trace]:
        traces = self._traces(user)
        return () if traces is None else traces.found(TRACES)

    def take_out(self, user: str, traces: Collection[Trace]) -> int:
        known = self._traces(user)
        return 0 if known is None else known.take_out(traces)

    def forgotten(self, user: str) -> None:
        traces = self._traces(user)
        if traces is not None and traces.are_on_their_way():
            return
        self._connection.execute(delete(_user).where(self._is(user)))
        self._connection.execute(delete(_erasure).where(*self._begun(user)))

    def being_forgotten(self) -> Sequence[str]:
        begun = select(_erasure.c.slack_user).where(_erasure.c.team_id == self._team).order_by(_erasure.c.begun_us)
        return list(self._connection.execute(begun).scalars())

    def is_forgotten(self, user: str) -> bool:
        return self._hidden.are_gone(user)

    def _traces(self, user: str) -> Traces | None:
        row = self._connection.execute(select(_erasure).where(*self._begun(user))).one_or_none()
        return None if row is None else Traces(self._connection, self._team, Named(user, row.name, row.alias))

    # -- not tracking

    def stop_tracking(self, user: str, now_us: int) -> int:
        if not self._hidden.are_gone(user):
            self._hidden.hide(user, "untracked", now_us)
            self._connection.execute(update(_user).where(self._is(user)).values(is_untracked=True))
        return self._drop_what_waits(user)

    def track_again(self, user: str) -> None:
        self._hidden.show(user)
        self._connection.execute(update(_user).where(self._is(user)).values(is_untracked=False))

    def is_untracked(self, user: str) -> bool:
        return self._hidden.how(user) == "untracked"

    def hidden(self, users: Collection[str]) -> frozenset[str]:
        return frozenset(user for user in users if self._hidden.how(user))

    # -- leaving

    def note_left(self, now_us: int) -> int:
        present = exists().where(_membership.c.user_id == _user.c.id, _membership.c.is_member)
        was_in = exists().where(_membership.c.user_id == _user.c.id)
        is_gone = or_(_user.c.is_deleted, and_(_user.c.is_external, was_in, ~present))
        people = (_user.c.team_id == self._team, ~_user.c.is_bot, _user.c.slack_id.not_in(NOBODIES))
        back = update(_user).where(*people, _user.c.left_us.is_not(None), ~is_gone)
        self._connection.execute(back.values(left_us=None))
        gone = update(_user).where(*people, _user.c.left_us.is_(None), is_gone)
        return self._connection.execute(gone.values(left_us=now_us)).rowcount

    def left_before(self, before_us: int) -> Sequence[str]:
        left = select(_user.c.slack_id).where(
            _user.c.team_id == self._team, ~_user.c.is_bot, _user.c.left_us < before_us
        )
        return list(self._connection.execute(left.order_by(_user.c.left_us, _user.c.id)).scalars())

    # -- time

    def forget_authors(self, channel: str, before_us: int) -> Cleaned:
        return self._ageing.authors(channel, before_us)

    def forget_records(self, community: str, before_us: int, sent_before_us: int) -> Cleaned:
        return self._ageing.records(community, before_us, sent_before_us)

    # --

    def _drop_what_waits(self, user: str) -> int:
        waiting = (_delivery.c.team_id == self._team, _delivery.c.target == user, _delivery.c.state == "due")
        return self._connection.execute(delete(_delivery).where(*waiting)).rowcount

    def _person(self, user: str) -> Row[Any] | None:
        return self._connection.execute(select(_user).where(self._is(user))).one_or_none()

    def _is(self, user: str) -> Any:
        return and_(_user.c.team_id == self._team, _user.c.slack_id == user)

    def _begun(self, user: str) -> tuple[Any, ...]:
        return _erasure.c.team_id == self._team, _erasure.c.slack_user == user
