"""One of several processes on a database leads: it decides what is due, sends it, and reads what was missed. All take in and answer.

The leader holds a lease, a row in the database, by the database's own clock, and renews it while it lives. When it ends in order the lease
ends with it; when it dies another takes over once the lease has run out, and at once where it can see that the holder's process is gone.

A leader that was paused and wakes does no harm. It believes itself to lead only for as long as it has renewed in time, by its own
monotonic clock; and within each transaction that decides, the lease is looked at once more (``fence``), so that nothing of what it had in
mind when it fell asleep is written. What it had already claimed to send is not sent after a pause longer than a request (``core.outbox``).

Why one sends and not all: Slack's limits are the workspace's, one message a second in each channel among them. Two that send would have to
agree about every second.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from copbot.core.errors import LeadLost
from copbot.core.ports import Clock, Store, Tx
from copbot.core.ports.lease import Lease

log = logging.getLogger(__name__)

LEASE_S = 15.0
"""With a look each second, and ten seconds until a lost answer may be looked up, work goes on within 30 s of the leader's end."""

RENEW_AFTER_S = 5.0

LOOK_EVERY_S = 1.0
"""How soon a leader hears of what others took in."""

_MICROSECONDS = 1_000_000


def is_held(lease: Lease | None, has_ended: Callable[[str], bool]) -> bool:
    """Whether a process leads, as far as can be known: then a bot runs on this database."""
    return lease is not None and lease.left_us > 0 and not has_ended(lease.holder)


@dataclass(frozen=True)
class Look:
    """``leads``: this process. ``rung``: another one has something for it."""

    leads: bool
    rung: bool = False


class Leading:
    """This process's part in it. ``has_ended(holder)``: whether that process is known to be gone."""

    def __init__(self, store: Store, clock: Clock, holder: str, has_ended: Callable[[str], bool]) -> None:
        self._store = store
        self._clock = clock
        self._holder = holder
        self._has_ended = has_ended
        self._term = 0
        self._until = float("-inf")  # of the monotonic clock: until then nobody else can have it
        self._renewed = float("-inf")
        self._rung = 0
        self._deciding: ContextVar[int] = ContextVar("deciding", default=0)

    @property
    def leads(self) -> bool:
        return self._clock.monotonic() < self._until

    def look(self) -> Look:
        """Take the lease if it is to be had, renew it where it is time. Asks the database."""
        with self._store.read() as tx:
            lease = tx.lease.get()
        if lease is not None and (lease.holder, lease.term) == (self._holder, self._term):
            return self._go_on(lease)
        if self._term and self.leads:
            log.warning("another process leads now")
        self._until = float("-inf")
        if self._is_to_be_had(lease):
            self._take()
        return Look(self.leads)

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """What is written in this block is written as the leader or not at all. Raises LeadLost, as does each transaction in it."""
        if not self.leads:
            raise LeadLost
        token = self._deciding.set(self._term)
        try:
            yield
        finally:
            self._deciding.reset(token)

    def fence(self, tx: Tx) -> None:
        """At the beginning of each write transaction. Raises LeadLost in one that decides once another leads."""
        term = self._deciding.get()
        if not term:
            return
        lease = tx.lease.get()
        if lease is None or (lease.holder, lease.term) != (self._holder, term):
            self._until = float("-inf")
            raise LeadLost

    def ring(self) -> None:
        """Tell the leader, which looks each second, that there is something to do."""
        with self._store.begin() as tx:
            tx.lease.ring()

    def give_up(self) -> None:
        """At an end in order: another need not wait."""
        if not self._term:
            return
        self._until = float("-inf")
        with self._store.begin() as tx:
            tx.lease.give_up(self._holder, self._term)

    def _go_on(self, lease: Lease) -> Look:
        began = self._clock.monotonic()
        if began - self._renewed >= RENEW_AFTER_S or not self.leads:
            with self._store.begin() as tx:
                if not tx.lease.renew(self._holder, self._term, int(LEASE_S * _MICROSECONDS)):
                    self._until = float("-inf")
                    return Look(False)
            self._holds_since(began)
        rung, self._rung = lease.rung != self._rung, lease.rung
        return Look(True, rung)

    def _take(self) -> None:
        began = self._clock.monotonic()
        with self._store.begin() as tx:
            lease = tx.lease.get()
            if not self._is_to_be_had(lease):  # another was quicker
                return
            self._term = tx.lease.take(self._holder, int(LEASE_S * _MICROSECONDS))
        self._rung = lease.rung if lease else 0
        self._holds_since(began)

    def _holds_since(self, at: float) -> None:
        self._renewed, self._until = at, at + LEASE_S

    def _is_to_be_had(self, lease: Lease | None) -> bool:
        if lease is None or not is_held(lease, self._has_ended):
            return True
        # Longer than anybody is given: the database's clock was set back.
        return lease.left_us > 2 * LEASE_S * _MICROSECONDS
