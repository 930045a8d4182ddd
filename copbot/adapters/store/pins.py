"""What is to be pinned and unpinned, beside the deliveries themselves."""

from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import Connection, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.deliveries import delivery_of
from copbot.core.delivery import Delivery

_delivery = tables.Delivery.__table__  # type: ignore[attr-defined]

STANDING = ("wanted", "done", "refused")


class SqlPins:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def next(self) -> tuple[Delivery, Literal["pin", "unpin"]] | None:
        """Older messages come first, so that the newest stays; taking away comes before putting up."""
        for state, what in (("unwanted", "unpin"), ("wanted", "pin")):
            row = self._connection.execute(
                select(_delivery)
                .where(self._in([state]), _delivery.c.state == "sent", _delivery.c.ts_us.is_not(None))
                .order_by(_delivery.c.id)
                .limit(1)
            ).one_or_none()
            if row is not None:
                return delivery_of(row), "unpin" if what == "unpin" else "pin"
        return None

    def settle(self, delivery: Delivery, state: Literal["done", "refused", ""]) -> None:
        this = update(_delivery).where(_delivery.c.team_id == self._team, _delivery.c.id == delivery.id)
        self._connection.execute(this.values(pin=state))
        if state == "done":
            earlier = update(_delivery).where(
                self._in(["wanted", "done"]),
                _delivery.c.pinned_as == delivery.outgoing.pinned_as,
                _delivery.c.id < delivery.id,
            )
            self._connection.execute(earlier.values(pin="unwanted"))

    def names(self) -> frozenset[str]:
        rows = self._connection.execute(select(_delivery.c.pinned_as).where(self._in(STANDING)).distinct())
        return frozenset(name for name in rows.scalars() if name)

    def newest(self, name: str) -> Delivery | None:
        row = self._connection.execute(
            select(_delivery)
            .where(_delivery.c.team_id == self._team, _delivery.c.pinned_as == name)
            .order_by(_delivery.c.id.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else delivery_of(row)

    def want(self, name: str) -> None:
        newest = self.newest(name)
        if newest is not None:
            this = update(_delivery).where(_delivery.c.team_id == self._team, _delivery.c.id == newest.id)
            self._connection.execute(this.values(pin="wanted"))

    def release(self, names: Collection[str]) -> None:
        given_up = update(_delivery).where(self._in(STANDING), _delivery.c.pinned_as.in_(list(names)))
        self._connection.execute(given_up.values(pin="unwanted"))

    def _in(self, states: Collection[str]) -> Any:
        return (_delivery.c.team_id == self._team) & _delivery.c.pin.in_(list(states))
