"""Reading from Slack what was missed while away, and who is who: before anything is nudged or computed."""

import logging
from collections.abc import Collection, Iterable, Iterator

from copbot.adapters.payloads import message_fact, reaction_facts, user_fact
from copbot.adapters.slack import SlackWeb
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.facts import Fact, MembersListed, MessageGone
from copbot.core.ports import Store
from copbot.core.time import SECOND_US, ts_to_us, us_to_ts

log = logging.getLogger(__name__)

MARGIN_US = 120 * SECOND_US
OPEN_THREADS_READ = 100
"""Threads that waited before the gap and are read again: answers to old questions are in no channel's history."""


class HistoryReader:
    """Slack's history as facts. Everything it records may be recorded twice."""

    def __init__(self, slack: SlackWeb, store: Store, own_team: str) -> None:
        self._slack = slack
        self._store = store
        self._own_team = own_team

    def read_gap(self, channels: Collection[str], since_us: int, waiting_since_us: int, now_us: int) -> None:
        """Record what was said in ``channels`` after ``since_us``, and the replies to what waited since ``waiting_since_us``.

        Raises SlackUnavailable when it has to be asked again later; what Slack refuses for good is left out and logged.
        """
        oldest = max(0, since_us - MARGIN_US)
        for channel in channels:
            threads = set(self._record(self._channel_facts(channel, oldest)))
            with self._store.read() as tx:
                waiting = tx.facts.open_roots([channel], waiting_since_us, now_us)
            threads |= {root.ts_us for root in waiting[-OPEN_THREADS_READ:]}
            for thread in sorted(threads):
                self._record(self._thread_facts(channel, thread))

    def _channel_facts(self, channel: str, oldest_us: int) -> Iterator[tuple[Fact, int | None]]:
        for message in self._slack.history(channel, oldest_us):
            thread = ts_to_us(message["ts"]) if message.get("reply_count") else None
            if message.get("subtype") == "tombstone":
                yield MessageGone(channel, ts_to_us(message["ts"])), thread
            fact = message_fact(channel, message)
            if fact is not None:
                yield fact, thread
                for reaction in reaction_facts(channel, message):
                    yield reaction, None

    def _thread_facts(self, channel: str, thread_us: int) -> Iterator[tuple[Fact, None]]:
        for message in self._slack.history(channel, 0, thread_ts=us_to_ts(thread_us)):
            fact = message_fact(channel, message)
            if fact is not None:
                yield fact, None

    def _record(self, found: Iterable[tuple[Fact, int | None]]) -> list[int]:
        try:
            pairs = list(found)
        except (SlackRefused, ValueError, KeyError) as failed:
            log.warning("a part of the history could not be read: %s", failed)
            return []
        with self._store.begin() as tx:
            tx.facts.record(fact for fact, _ in pairs)
        return [thread for _, thread in pairs if thread is not None]

    def read_people(self, channels: Collection[str], now_us: int) -> None:
        """Record who is in the workspace, and who is in ``channels`` now."""
        try:
            people = [user_fact(user, self._own_team, now_us) for user in self._slack.users()]
            with self._store.begin() as tx:
                tx.facts.record(people)
            for channel in channels:
                listed = MembersListed(channel, tuple(self._slack.members(channel)), now_us)
                with self._store.begin() as tx:
                    tx.facts.record([listed])
        except SlackGone:
            raise
        except (SlackRefused, SlackUnavailable, KeyError) as failed:
            log.warning("the list of members could not be read: %s", failed)
