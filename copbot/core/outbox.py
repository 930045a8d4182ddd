"""Sending what was planned: claimed before the request, settled after it, looked up on Slack when the answer was lost.

The step (``deliver_one``) is separate from the loop that repeats it. It never sleeps: what has to wait (a lane that spoke less than
a second ago, a method that Slack told to rest, an attempt whose answer was lost) is passed over, so that nothing else stands still.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from random import random
from typing import Literal

from copbot.core.delivery import (
    BULK,
    CHANNEL_SPACING_S,
    REQUEST_TIMEOUT_S,
    SETTLE_AFTER_S,
    Block,
    Delivery,
    Enclosed,
    Outgoing,
    State,
    enclosed_file,
    metadata,
)
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.facts import MessageGone
from copbot.core.pacing import LOOK_UPS, POST, UPDATE, Pacing
from copbot.core.ports import Clock, Slack, Store, Tx
from copbot.core.time import HOUR_US, from_us, to_us, us_to_ts

log = logging.getLogger(__name__)

LOOK_AT = 200
"""Due deliveries considered at a time."""

LOOK_BACK_US = 2 * HOUR_US
"""How far before the claim a lost message is looked for: clocks of this machine and of Slack's may differ."""

IDLE_S = 30.0

_DELETED = frozenset({"message_not_found", "thread_not_found", "cannot_reply_to_message"})
"""How Slack refuses what belongs to a message that is there no more."""

PINS = "pins"
"""The lane of pinning and unpinning: Slack takes few of them, and no message waits for one."""


def backoff_s(failures: int, jitter: float) -> float:
    """Seconds to wait after so many failures in a row: doubling from 1 s to a minute, with up to a half more by ``jitter`` in [0, 1)."""
    return float(min(60.0, 2.0 ** min(failures - 1, 6)) * (1 + jitter / 2))


def refusal_in_words(error: str, needed: str = "") -> str:
    """What Slack's permanent refusal means and the one step that mends it."""
    words = {
        "channel_not_found": "the channel does not exist or I am not in it. Invite me there, or correct the file",
        "not_in_channel": "I am not in that channel. Invite me there",
        "is_archived": "the channel is archived. Unarchive it, or name another one in the file",
        "restricted_action": "posting there is restricted. Ask a workspace admin to let me post",
        "invalid_blocks": "Slack did not accept the message's form",
        "msg_too_long": "the message is too long. Shorten the template",
        "too_many_pins": "there are as many pins as the channel takes. Take one away",
        "not_pinnable": "that message cannot be pinned",
        "permission_denied": "pinning there is restricted. Ask a workspace admin to let me",
        "missing_scope": f"the app lacks the permission {needed or 'that this needs'}. Add it to the app and reinstall",
    }
    return words.get(error, f"Slack refused it ({error})")


def _with_nothing(outgoing: Outgoing) -> Enclosed:
    return Enclosed(outgoing.text)


def _undressed(outgoing: Outgoing) -> tuple[Block, ...]:
    return outgoing.blocks


def _as_planned(_tx: Tx, _delivery: Delivery, _now: datetime) -> bool:
    return True


class Sender:
    """Sends deliveries from several threads at once, never two to the same lane."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        clock: Clock,
        worker: str,
        on_refused: Callable[[Delivery, str], None] = lambda _delivery, _words: None,
        on_late: Callable[[Delivery], None] = lambda _delivery: None,
        on_unpinned: Callable[[Delivery, str], None] = lambda _delivery, _words: None,
        spacing_s: float = CHANNEL_SPACING_S,
        enclose: Callable[[Outgoing], Enclosed] = _with_nothing,
        may_go: Callable[[Tx, Delivery, datetime], bool] = _as_planned,
        dress: Callable[[Outgoing], tuple[Block, ...]] = _undressed,
        on_outcome: Callable[[Delivery, str], None] = lambda _delivery, _outcome: None,
    ) -> None:
        """``enclose`` makes and uploads what a message encloses; it may raise SlackUnavailable, and SlackGone. ``may_go`` has the last word
        on what is due, in the transaction that claims it: where it does not go, it is put off or skipped by then. ``dress`` gives
        the blocks with which a message is shown. ``on_outcome`` is told, for counting: ``sent``, ``failed`` (Slack refused it for
        good), ``again`` (Slack certainly did nothing), ``unknown`` (its answer was lost), ``held`` (by ``may_go``), ``late`` (too late); of
        one that was looked up ``found``, ``missing`` or ``unread`` (Slack did not tell)."""
        self._on_outcome = on_outcome
        self._dress = dress
        self._enclose = enclose
        self._may_go = may_go
        self._store = store
        self._slack = slack
        self._clock = clock
        self._worker = worker
        self._on_refused = on_refused
        self._on_late = on_late
        self._on_unpinned = on_unpinned
        self._spacing_s = spacing_s
        self._direct: dict[str, str] = {}  # user -> the direct message channel, once Slack named it
        self._lock = threading.Lock()
        self._pacing = Pacing(spacing_s)
        self._open_since: dict[tuple[int, int], float] = {}
        self._open_lanes: frozenset[str] = frozenset()
        self._in_flight: set[int] = set()

    def deliver_one(self) -> bool:
        """Send, settle or skip one delivery, or pin one that was sent. False when there is nothing to do at present.

        Raises SlackGone when the installation is no longer valid.
        """
        return self._settle_one() or self._send_one() or self._pin_one()

    def next_wait_s(self) -> float:
        """Real seconds after which ``deliver_one`` may have something to do again."""
        at = self._clock.monotonic()
        with self._lock:
            moments = [since + SETTLE_AFTER_S for since in self._open_since.values()]
            free = self._pacing.next_free(at)
        if free is not None:
            moments.append(free)
        return min(IDLE_S, max(0.02, min(moments, default=at + IDLE_S) - at))

    # -- settling what was left open

    def _settle_one(self) -> bool:
        at = self._clock.monotonic()
        with self._store.read() as tx:
            left_open = tx.deliveries.open()
        attempts = {(d.id, d.attempts) for d in left_open}
        with self._lock:
            # A row is first seen open either when its answer was lost here or, after a crash, at the start:
            # from then on the request can still take effect for as long as its time-out.
            self._open_since = {a: self._open_since.get(a, at) for a in attempts if a[0] not in self._in_flight}
            mine = [d for d in left_open if d.id not in self._in_flight]
            self._open_lanes = frozenset(d.outgoing.target for d in mine)
            ripe = [
                d
                for d in mine
                if at - self._open_since[d.id, d.attempts] >= SETTLE_AFTER_S
                and self._pacing.free(d.outgoing.target, at, () if d.outgoing.updates else LOOK_UPS)
            ]
            if not ripe:
                return False
            delivery = ripe[0]
            self._take(delivery)
        try:
            self._settle(delivery)
        finally:
            self._release(delivery)
        return True

    def _settle(self, delivery: Delivery) -> None:
        outgoing = delivery.outgoing
        try:
            channel, thread_ts = self._place(outgoing)
            found = None
            if not outgoing.updates:  # an update can simply be repeated
                channel = self._readable(channel)
                oldest_us = (delivery.claimed_us or 0) - LOOK_BACK_US
                file = None if outgoing.encloses is None else enclosed_file(outgoing.encloses)
                found = self._slack.find_delivery(channel, outgoing.key, oldest_us, thread_ts, file)
        except SlackUnavailable as unavailable:
            self._on_outcome(delivery, "unread")
            self._rest(outgoing.target, unavailable)
            return
        except SlackRefused as refused:
            # Without a look-up nobody knows whether it was posted: better silent than twice.
            self._refuse(delivery, refused)
            return
        if not outgoing.updates:
            self._on_outcome(delivery, "missing" if found is None else "found")
        if found is None:
            self._record(delivery, "due", reason="its answer was lost and it is not on Slack: sent again")
        else:
            self._record(delivery, "sent", channel=channel, ts_us=found)

    # -- sending

    def _send_one(self) -> bool:
        now_us = to_us(self._clock.now())
        with self._lock:
            at = self._clock.monotonic()
            with self._store.read() as tx:
                waiting = tx.deliveries.ready(now_us, LOOK_AT)
            delivery = self._first_free(waiting, at)
            if delivery is None:
                return False
            self._take(delivery)
            if not delivery.outgoing.updates:
                self._pacing.spend(at)
        try:
            self._send(delivery, now_us)
        finally:
            self._release(delivery)
        return True

    def _first_free(self, waiting: Iterable[Delivery], at: float) -> Delivery | None:
        passed = set(self._open_lanes)  # until an open attempt is settled, nothing overtakes it
        for delivery in waiting:
            lane = delivery.outgoing.target
            method = UPDATE if delivery.outgoing.updates else POST
            is_awaited = delivery.outgoing.kind not in BULK
            if lane not in passed and self._pacing.free(lane, at, (method,), is_awaited=is_awaited):
                return delivery
            passed.add(lane)  # what comes later to the same lane waits its turn
        return None

    def _send(self, delivery: Delivery, now_us: int) -> None:
        outgoing = delivery.outgoing
        if outgoing.expires_us is not None and now_us > outgoing.expires_us:
            with self._store.begin() as tx:
                skipped = tx.deliveries.cancel(outgoing.key, f"too late. {outgoing.late_note}".strip())
            if skipped:
                self._on_outcome(delivery, "late")
                self._on_late(delivery)
            return
        enclosed = Enclosed(outgoing.text)
        if outgoing.encloses is not None:  # made before the claim: it takes a while, and nobody sees anything of it yet
            try:
                enclosed = self._enclose(outgoing)
                if enclosed.files:
                    self._readable(outgoing.target)
            except SlackUnavailable as unavailable:
                self._rest(outgoing.target, unavailable)
                return
            except SlackGone:
                raise
            except SlackRefused:
                enclosed = Enclosed(outgoing.text)  # that message will be refused too, and told of
        shown = replace(outgoing, blocks=self._dress(outgoing))
        claimed_at = self._clock.monotonic()
        with self._store.begin() as tx:
            if _stands_on_nothing(tx, outgoing):
                tx.deliveries.cancel(outgoing.key, "what it belongs to was never sent")
                return
            if not self._may_go(tx, delivery, from_us(now_us)):
                self._on_outcome(delivery, "held")
                return
            if not tx.deliveries.claim(delivery.id, self._worker, now_us):
                return
        attempt = replace(delivery, attempts=delivery.attempts + 1, claimed_us=now_us)
        try:
            channel, thread_ts = self._place(outgoing)
            if self._clock.monotonic() - claimed_at > REQUEST_TIMEOUT_S:
                # This process was stopped for a while; another may have taken the delivery over meanwhile.
                raise SlackUnavailable("paused between claim and request")
            channel, ts_us = self._request(shown, channel, thread_ts, enclosed)
        except SlackUnavailable as unavailable:
            self._rest(outgoing.target, unavailable)
            if unavailable.definite or outgoing.updates:
                self._record(attempt, "due", reason=unavailable.reason)
            else:
                self._on_outcome(attempt, "unknown")
                with self._lock:
                    self._open_since[attempt.id, attempt.attempts] = self._clock.monotonic()
                log.warning("delivery %s: answer lost (%s), to be looked up", delivery.id, unavailable.reason)
            return
        except SlackGone:
            self._record(attempt, "due", reason="the installation is gone")
            raise
        except SlackRefused as refused:
            self._refuse(attempt, refused)
            return
        self._record(attempt, "sent", channel=channel, ts_us=ts_us)
        with self._lock:
            self._pacing.failures.pop(outgoing.target, None)

    def _place(self, outgoing: Outgoing) -> tuple[str, str | None]:
        """The channel to post in and the thread, if any."""
        base_key = outgoing.thread_of or outgoing.updates
        if base_key is not None:
            with self._store.read() as tx:
                base = tx.deliveries.get(base_key)
            if base is None or base.channel is None or base.ts_us is None:
                raise SlackRefused("message_not_found")
            return base.channel, us_to_ts(base.ts_us)
        channel = self._direct.get(outgoing.target, outgoing.target)
        return channel, None if outgoing.thread_us is None else us_to_ts(outgoing.thread_us)

    def _readable(self, channel: str) -> str:
        """A channel whose history can be read. Slack takes a message to a user's ID, and only its answer names the direct message
        channel: where that answer was lost it is asked for, once for each user."""
        if channel[:1] not in "UW":
            return channel
        self._direct[channel] = self._slack.open_dm(channel)
        return self._direct[channel]

    def _request(
        self, outgoing: Outgoing, channel: str, thread_ts: str | None, enclosed: Enclosed
    ) -> tuple[str, int | None]:
        if outgoing.updates:
            assert thread_ts is not None
            base_key = outgoing.updates
            self._slack.update(channel, thread_ts, outgoing.text, outgoing.blocks, metadata(base_key))
            return channel, None
        if enclosed.files:
            self._slack.share(channel, enclosed.text, enclosed.files)
            return channel, None
        posted_in, ts_us = self._slack.post(channel, enclosed.text, outgoing.blocks, thread_ts, metadata(outgoing.key))
        if channel[:1] in "UW":
            self._direct[channel] = posted_in
        return posted_in, ts_us

    # -- pinning: after everything that is to be said, and never a reason to say it later or twice

    def _pin_one(self) -> bool:
        with self._lock:
            if not self._pacing.free(PINS, self._clock.monotonic()):
                return False
            with self._store.read() as tx:
                found = tx.pins.next()
            if found is None:
                return False
            self._pacing.busy.add(PINS)
        try:
            self._pin(*found)
        finally:
            with self._lock:
                self._pacing.busy.discard(PINS)
        return True

    def _pin(self, delivery: Delivery, what: Literal["pin", "unpin"]) -> None:
        """Killed in between it is simply done again: a message that is pinned already stays so."""
        assert delivery.channel is not None  # it was sent
        assert delivery.ts_us is not None
        ts = us_to_ts(delivery.ts_us)
        state: Literal["done", "refused", ""] = "done" if what == "pin" else ""
        words = ""
        try:
            if what == "pin":
                self._slack.pin(delivery.channel, ts)
            else:
                self._slack.unpin(delivery.channel, ts)
        except SlackUnavailable as unavailable:
            self._rest(PINS, unavailable)
            return
        except SlackGone:
            raise
        except SlackRefused as refused:
            log.error("delivery %s not pinned: %s", delivery.id, refused.error)
            if what == "pin":
                state, words = "refused", refusal_in_words(refused.error, refused.needed)
        with self._store.begin() as tx:
            tx.pins.settle(delivery, state)
        with self._lock:
            self._pacing.failures.pop(PINS, None)
        if words:
            self._on_unpinned(delivery, words)

    # -- outcomes

    def _record(
        self,
        delivery: Delivery,
        state: State,
        *,
        channel: str | None = None,
        ts_us: int | None = None,
        reason: str = "",
    ) -> None:
        with self._store.begin() as tx:
            tx.deliveries.settle(delivery.id, delivery.attempts, state, channel=channel, ts_us=ts_us, reason=reason)
        self._on_outcome(delivery, "again" if state == "due" else state)

    def _refuse(self, delivery: Delivery, refused: SlackRefused) -> None:
        words = refusal_in_words(refused.error, refused.needed)
        log.error("delivery %s refused: %s", delivery.id, refused.error)
        self._record(delivery, "failed", reason=words)
        if not self._was_deleted(delivery.outgoing, refused):
            self._on_refused(delivery, words)

    def _was_deleted(self, outgoing: Outgoing, refused: SlackRefused) -> bool:
        """Whether the message that this one belongs to was deleted by hand. Who did it knows; it is recorded for what follows."""
        base_key = outgoing.updates or outgoing.thread_of
        if base_key is None or refused.error not in _DELETED:
            return False
        with self._store.begin() as tx:
            base = tx.deliveries.get(base_key)
            if base is not None and base.channel is not None and base.ts_us is not None:
                tx.facts.record([MessageGone(base.channel, base.ts_us)])
        return True

    def _rest(self, lane: str, unavailable: SlackUnavailable) -> None:
        with self._lock:
            at = self._clock.monotonic()
            failures = self._pacing.failures[lane] = self._pacing.failures.get(lane, 0) + 1
            wait = unavailable.retry_after_s
            if wait is not None:
                self._pacing.limited(lane, unavailable.method, at + wait, at)
                return
            wait = backoff_s(failures, random())  # noqa: S311 - spreads retries, guards nothing
            self._pacing.rest(lane, at + wait, at)

    def _take(self, delivery: Delivery) -> None:
        self._in_flight.add(delivery.id)
        self._pacing.busy.add(delivery.outgoing.target)

    def _release(self, delivery: Delivery) -> None:
        with self._lock:
            self._in_flight.discard(delivery.id)
            self._pacing.busy.discard(delivery.outgoing.target)
            at = self._clock.monotonic()
            self._pacing.rest(delivery.outgoing.target, at + self._spacing_s, at)


def _stands_on_nothing(tx: Tx, outgoing: Outgoing) -> bool:
    """Whether the message that this one replies to or updates was refused or skipped: who had to know was told then."""
    base_key = outgoing.thread_of or outgoing.updates
    if base_key is None:
        return False
    base = tx.deliveries.get(base_key)
    return base is None or base.ts_us is None
