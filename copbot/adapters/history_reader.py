"""Reading from Slack what was missed while away, and who is who: before anything is nudged or computed."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from copbot.adapters.history_facts import told_of
from copbot.adapters.payloads import Payload, user_fact
from copbot.adapters.slack import SlackWeb
from copbot.core.absence import Listing
from copbot.core.arrivals import WELCOMED_WITHIN_US, Listed
from copbot.core.corrections import gone_replies, gone_roots, other_reactions
from copbot.core.errors import SlackGone, SlackRefused
from copbot.core.facts import MembershipSeen
from copbot.core.history import Told
from copbot.core.ports import Store
from copbot.core.records import Happening
from copbot.core.time import DAY_US, SECOND_US, us_to_ts

log = logging.getLogger(__name__)

MARGIN_US = 120 * SECOND_US
AT_ONCE = 1000
"""Messages per transaction: what comes in live waits for no more than these."""

READ_BACK_US = 30 * DAY_US
"""How far back a channel is read by itself in which the bot was not: what is older comes by `copbot backfill`."""


class HistoryReader:
    """Slack's history as facts. Everything it records may be recorded twice."""

    def __init__(self, slack: SlackWeb, store: Store, own_team: str) -> None:
        self._slack = slack
        self._store = store
        self._own_team = own_team

    def read_gap(
        self,
        channels: Collection[str],
        since_us: int,
        looked_at_since_us: int,
        now_us: int,
        unread: Mapping[str, int] | None = None,
    ) -> int:
        """Record what happened in ``channels`` after ``since_us``; in those of ``unread`` after the instant that is told there.

        What was said since ``looked_at_since_us`` is looked at once more: for threads that went on, edits, deletions and reactions.

        Raises SlackUnavailable when it has to be asked again later. A channel that Slack refuses for good is noted as unread from
        then on and logged, and the others are read. Returns how many messages the store did not know.
        """
        found = 0
        for channel in channels:
            missing_us = min(since_us, (unread or {}).get(channel, since_us))
            if missing_us < now_us - READ_BACK_US:
                log.warning("%s is read from a month ago on: `copbot backfill` brings what is older", channel)
                missing_us = now_us - READ_BACK_US
            try:
                found += self._read_channel(channel, _Gap(missing_us, min(missing_us, looked_at_since_us), now_us))
            except SlackGone:
                raise
            except SlackRefused as refused:
                log.warning("the history of %s could not be read: %s", channel, refused)
                with self._store.begin() as tx:
                    tx.histories.note_unread(channel, missing_us)
            else:
                with self._store.begin() as tx:
                    tx.histories.was_read(channel)
        return found

    def _read_channel(self, channel: str, gap: "_Gap") -> int:
        with self._store.read() as tx:  # before Slack is asked: what comes in meanwhile is on no list
            stood = tx.histories.standing(channel, gap.looked_at_us)
            replies = tx.histories.reply_counts(channel, gap.looked_at_us)
        listed = _told(channel, self._slack.history(channel, gap.looked_at_us))
        # What was said before the gap and is not known was said before the bot came: an import or a backfill brings it.
        found = self._record(channel, [told for told in listed if told.ts_us in stood or gap.is_news(told)], gap)
        with self._store.begin() as tx:
            tx.facts.record(gone_roots(channel, stood, listed, gap.settled_us))
        for told in listed:
            # Fewer than are stored: some were deleted. (People's alone are stored, so that a bot's may hide one.)
            if (told.replies and gap.is_news(told)) or told.replies < replies.get(told.ts_us, 0):
                found += self._read_thread(channel, told.ts_us, gap)
        return found

    def _read_thread(self, channel: str, root_us: int, gap: "_Gap") -> int:
        with self._store.read() as tx:
            stood = tx.histories.replies(channel, root_us)
        try:
            told = _told(channel, self._slack.history(channel, 0, thread_ts=us_to_ts(root_us)))
        except SlackRefused as refused:
            if refused.error != "thread_not_found":  # deleted since its channel was listed
                raise
            return 0
        found = self._record(channel, told, gap)
        with self._store.begin() as tx:
            tx.facts.record(gone_replies(channel, root_us, stood, told, gap.settled_us))
        return found

    def _record(self, channel: str, told: Sequence[Told], gap: "_Gap") -> int:
        """Take in what stands; how many messages were not known. Of who joined in the gap something follows."""
        found = 0
        for start in range(0, len(told), AT_ONCE):
            some = told[start : start + AT_ONCE]
            with self._store.begin() as tx:
                found += tx.facts.record(fact for one in some for fact in one.facts)
                reacted = tx.histories.reactions(channel, [one.ts_us for one in some])
                tx.facts.record(other_reactions(channel, reacted, some, gap.since_us))
                for fact in (fact for one in some for fact in one.facts):
                    if isinstance(fact, MembershipSeen) and fact.is_member and fact.at_us >= gap.welcomed_us:
                        happening = Happening(0, "joined_channel", fact.user, fact.at_us, fact.channel)
                        key = f"joined:{fact.channel}:{fact.user}:{fact.at_us}"
                        tx.inbox.once(key, gap.now_us, happening)
        return found

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


@dataclass(frozen=True)
class _Gap:
    """Up to ``since_us`` nothing of a channel was missing; all since ``looked_at_us`` is looked at once more."""

    since_us: int
    looked_at_us: int
    now_us: int

    @property
    def oldest_us(self) -> int:
        """What Slack held back for a moment may have come later than what was said after it."""
        return max(0, self.since_us - MARGIN_US)

    def is_news(self, told: Told) -> bool:
        """Whether a message was written in the gap, or its thread went on."""
        went_on = told.replies > 0 and (told.latest_reply_us is None or told.latest_reply_us >= self.oldest_us)
        return told.ts_us >= self.oldest_us or went_on

    @property
    def settled_us(self) -> int:
        return self.now_us - MARGIN_US

    @property
    def welcomed_us(self) -> int:
        return max(self.oldest_us, self.now_us - WELCOMED_WITHIN_US)


def _told(channel: str, messages: Iterable[Payload]) -> list[Told]:
    return [told for message in messages if (told := told_of(channel, message)) is not None]


def _listed(user: Payload, own_team: str, now_us: int) -> Listed:
    changed = user.get("updated")
    return Listed(
        user_fact(user, own_team, now_us),
        changed * SECOND_US if isinstance(changed, int) and changed > 0 else None,
    )
