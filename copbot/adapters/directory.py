"""What the coordinators' references mean on Slack: channels by name, people by e-mail address or user group.

Answers come from memory alone, since they are asked for inside transactions, which must not wait for Slack. ``refresh`` asks Slack.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable

from copbot.adapters.slack import SlackWeb
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.ports import Clock

log = logging.getLogger(__name__)

# Names are never upper case, so an ID is known by its letters; how long it is Slack does not promise.
_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{2,}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,}")

PEOPLE_FRESH_S = 300.0
"""Seconds after which people are looked up again: somebody who is no longer a moderator is none after that."""

UNKNOWN_AGAIN_S = 20.0
"""Seconds after which a channel that Slack did not know is asked for again."""

CHANNELS_FRESH_S = 3600.0


class SlackDirectory:
    """``on_channels`` is told the channels as Slack lists them; ``known`` are those stored before, as (ID, name)."""

    def __init__(
        self,
        slack: SlackWeb,
        clock: Clock,
        on_channels: Callable[[list[dict[str, object]]], None],
        known: Iterable[tuple[str, str | None]] = (),
    ) -> None:
        self._slack = slack
        self._clock = clock
        self._on_channels = on_channels
        self._refreshing = threading.Lock()
        self._names = {channel: name for channel, name in known if name}
        self._ids = {name: channel for channel, name in self._names.items()}
        self._people: dict[str, tuple[float, frozenset[str]]] = {}
        self._listed_at = float("-inf")
        self._missed = True

    # -- answers, from memory

    def channel(self, reference: str) -> str | None:
        if _CHANNEL_ID.fullmatch(reference):
            return reference
        found = self._ids.get(reference.removeprefix("#"))
        self._missed |= found is None
        return found

    def channel_name(self, channel: str) -> str:
        return self._names.get(channel, channel)

    def people(self, references: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for reference in references:
            if _USER_ID.fullmatch(reference):
                found.add(reference)
            elif reference in self._people:
                found |= self._people[reference][1]
        return frozenset(found)

    def renamed(self, channel: str, name: str) -> None:
        """Know a channel by its new name; the files may go on using the old one until they are mended."""
        self._names = {**self._names, channel: name}
        self._ids = {**self._ids, name: channel}

    # -- asking Slack

    def refresh(self, references: Iterable[str]) -> bool:
        """Ask Slack for what is missing or old, ``references`` being the people to know. True when anything changed."""
        with self._refreshing:
            changed = self._refresh_channels()
            for reference in references:
                changed |= self._refresh_people(reference, PEOPLE_FRESH_S)
        return changed

    def refresh_groups(self, references: Iterable[str], older_than_s: float) -> None:
        """Ask Slack who is in those of ``references`` that are user groups and were asked for longer ago. An e-mail address goes on
        being the same person's."""
        with self._refreshing:
            for reference in references:
                if reference.startswith("@") or _GROUP_ID.fullmatch(reference):
                    self._refresh_people(reference, older_than_s)

    def _refresh_channels(self) -> bool:
        age_s = self._clock.monotonic() - self._listed_at
        if age_s < (UNKNOWN_AGAIN_S if self._missed else CHANNELS_FRESH_S):
            return False
        self._listed_at = self._clock.monotonic()
        try:
            channels = [c for c in self._slack.channels() if c.get("id") and c.get("name")]
        except SlackGone:
            raise
        except (SlackRefused, SlackUnavailable) as failed:
            log.warning("the list of channels could not be read: %s", failed)
            return False
        before = self._ids
        self._names = {**self._names, **{c["id"]: c["name"] for c in channels}}
        self._ids = {**before, **{c["name"]: c["id"] for c in channels}}
        self._missed = False
        self._on_channels(channels)
        return self._ids != before

    def _refresh_people(self, reference: str, older_than_s: float) -> bool:
        known = self._people.get(reference)
        now = self._clock.monotonic()
        if _USER_ID.fullmatch(reference) or (known is not None and now - known[0] < older_than_s):
            return False
        try:
            people = self._ask(reference)
        except SlackGone:
            raise
        except (SlackRefused, SlackUnavailable) as failed:
            log.warning("somebody whom the files name could not be looked up: %s", failed)
            soon = now - PEOPLE_FRESH_S + UNKNOWN_AGAIN_S
            self._people = {**self._people, reference: (soon, known[1] if known else frozenset())}
            return False
        self._people = {**self._people, reference: (now, people)}
        return known is None or known[1] != people

    def _ask(self, reference: str) -> frozenset[str]:
        if _GROUP_ID.fullmatch(reference):
            return frozenset(self._slack.group_members(reference))
        if reference.startswith("@"):
            groups = [g["id"] for g in self._slack.groups() if g.get("handle") == reference[1:]]
            return frozenset(user for group in groups for user in self._slack.group_members(group))
        user = self._slack.user_by_email(reference)
        return frozenset() if user is None else frozenset({user})


class StoredDirectory:
    """The channels as they were last stored, for what works without Slack. It knows no people but IDs."""

    def __init__(self, channels: Iterable[tuple[str, str | None]]) -> None:
        self._names = {channel: name for channel, name in channels if name}
        self._ids = {name: channel for channel, name in self._names.items()}

    def channel(self, reference: str) -> str | None:
        return reference if _CHANNEL_ID.fullmatch(reference) else self._ids.get(reference.removeprefix("#"))

    def channel_name(self, channel: str) -> str:
        return self._names.get(channel, channel)

    def people(self, references: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(_USER_ID.fullmatch, references))
