"""Reading from Slack what was missed while away, and who is who: before anything is nudged or computed."""

import logging
from collections.abc import Collection, Iterable, Iterator

from copbot.adapters.payloads import Payload, message_fact, reaction_facts, user_fact
from copbot.adapters.slack import SlackWeb
from copbot.core.absence import Listing
from copbot.core.arrivals import WELCOMED_WITHIN_US, Listed
from copbot.core.errors import SlackGone, SlackRefused
from copbot.core.facts import Fact, MembershipSeen, MessageGone, MessageSeen
from copbot.core.ports import Store
from copbot.core.records import Happening
from copbot.core.time import SECOND_US, ts_to_us, us_to_ts

log = logging.getLogger(__name__)

MARGIN_US = 120 * SECOND_US
OPEN_THREADS_READ = 100
"""Threads that waited before the gap and are read again: answers to old questions are in no channel's history."""

MEMBERSHIP = {"channel_join": True, "group_join": True, "channel_leave": False, "group_leave": False}
"""The notices by which a channel's history tells who came and went."""


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
            threads = set(self._record(self._channel_facts(channel, oldest), now_us))
            with self._store.read() as tx:
                waiting = tx.facts.open_roots([channel], waiting_since_us, now_us)
            threads |= {root.ts_us for root in waiting[-OPEN_THREADS_READ:]}
            for thread in sorted(threads):
                self._record(self._thread_facts(channel, thread), now_us)

    def _channel_facts(self, channel: str, oldest_us: int) -> Iterator[tuple[Fact, int | None]]:
        for message in self._slack.history(channel, oldest_us):
            thread = ts_to_us(message["ts"]) if message.get("reply_count") else None
            if message.get("subtype") == "tombstone":
                yield MessageGone(channel, ts_to_us(message["ts"])), thread
            fact = message_fact(channel, message) or _membership(channel, message)
            if fact is not None:
                yield fact, thread
            if isinstance(fact, MessageSeen):
                for reaction in reaction_facts(channel, message):
                    yield reaction, None

    def _thread_facts(self, channel: str, thread_us: int) -> Iterator[tuple[Fact, None]]:
        for message in self._slack.history(channel, 0, thread_ts=us_to_ts(thread_us)):
            fact = message_fact(channel, message)
            if fact is not None:
                yield fact, None

    def _record(self, found: Iterable[tuple[Fact, int | None]], now_us: int) -> list[int]:
        try:
            pairs = list(found)
        except (SlackRefused, ValueError, KeyError) as failed:
            log.warning("a part of the history could not be read: %s", failed)
            return []
        with self._store.begin() as tx:
            tx.facts.record(fact for fact, _ in pairs)
            for fact, _ in pairs:
                if isinstance(fact, MembershipSeen) and fact.is_member and fact.at_us >= now_us - WELCOMED_WITHIN_US:
                    happening = Happening(0, "joined_channel", fact.user, fact.at_us, fact.channel)
                    tx.inbox.once(f"joined:{fact.channel}:{fact.user}:{fact.at_us}", now_us, happening)
        return [thread for _, thread in pairs if thread is not None]

    def list_people(self, channels: Collection[str], now_us: int) -> Listing:
        """Who is in the workspace, and who is in ``channels`` now. Whoever was invited and has not come yet is nobody so far.

        Raises SlackUnavailable when it has to be asked again later; what Slack refuses for good is left out and logged.
        """
        people: list[Listed] | None
        invited: set[str] = set()
        try:
            everybody = list(self._slack.users())
            invited = {str(user["id"]) for user in everybody if user.get("is_invited_user")}
            people = [_listed(user, self._own_team, now_us) for user in everybody if user["id"] not in invited]
        except SlackGone:
            raise
        except (SlackRefused, KeyError, TypeError) as failed:
            log.warning("the list of people could not be read: %s", failed)
            people = None
        members: dict[str, tuple[str, ...]] = {}
        for channel in channels:
            try:
                members[channel] = tuple(user for user in self._slack.members(channel) if user not in invited)
            except SlackGone:
                raise
            except SlackRefused as failed:
                log.warning("the members of %s could not be read: %s", channel, failed)
        return Listing(people, members, now_us)


def _listed(user: Payload, own_team: str, now_us: int) -> Listed:
    changed = user.get("updated")
    return Listed(
        user_fact(user, own_team, now_us),
        changed * SECOND_US if isinstance(changed, int) and changed > 0 else None,
    )


def _membership(channel: str, message: Payload) -> MembershipSeen | None:
    """A notice that somebody came or went."""
    is_member = MEMBERSHIP.get(str(message.get("subtype")))
    user = message.get("user")
    if is_member is None or not isinstance(user, str) or not user:
        return None
    return MembershipSeen(channel, user, is_member, ts_to_us(message["ts"]))
