"""What the coordinators' references mean on Slack: channels by name, people by e-mail address or user group."""

import logging
import re
import threading
from collections.abc import Callable, Iterable

from copbot.adapters.slack import SlackWeb
from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.ports import Clock

log = logging.getLogger(__name__)

_CHANNEL_ID = re.compile(r"[CGD][A-Z0-9]{6,}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{6,}")
_GROUP_ID = re.compile(r"S[A-Z0-9]{6,}")

FRESH_S = 300.0
"""Seconds for which a look-up of people is taken as it was; then Slack is asked again, off the path of any press."""

LOOK_AGAIN_S = 20.0
"""Seconds before a channel name that Slack did not know is asked for again."""


class SlackDirectory:
    """Answers from memory; Slack is asked for what is new, at most every few seconds, and by ``refresh``."""

    def __init__(self, slack: SlackWeb, clock: Clock, on_channel: Callable[[str, dict[str, object]], None]) -> None:
        self._slack = slack
        self._clock = clock
        self._on_channel = on_channel
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._people: dict[str, tuple[float, frozenset[str]]] = {}
        self._listed_at = float("-inf")

    def channel(self, reference: str) -> str | None:
        if _CHANNEL_ID.fullmatch(reference):
            return reference
        name = reference.removeprefix("#")
        if name not in self._ids and self._clock.monotonic() - self._listed_at > LOOK_AGAIN_S:
            self.refresh_channels()
        return self._ids.get(name)

    def channel_name(self, channel: str) -> str:
        return self._names.get(channel, channel)

    def people(self, references: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        for reference in references:
            if _USER_ID.fullmatch(reference):
                found.add(reference)
                continue
            known = self._people.get(reference)
            found |= known[1] if known is not None else self._look_up(reference)
        return frozenset(found)

    def refresh_channels(self) -> None:
        """Read the list of channels anew."""
        with self._lock:
            self._listed_at = self._clock.monotonic()
            try:
                for channel in self._slack.channels():
                    self._ids[channel["name"]] = channel["id"]
                    self._names[channel["id"]] = channel["name"]
                    self._on_channel(channel["id"], channel)
            except (SlackRefused, SlackUnavailable) as failed:
                log.warning("the list of channels could not be read: %s", failed)

    def renamed(self, channel: str, name: str) -> None:
        self._ids = {n: c for n, c in self._ids.items() if c != channel} | {name: channel}
        self._names[channel] = name

    def refresh_people(self, references: Iterable[str]) -> None:
        """Ask Slack again for the people that are older than five minutes."""
        for reference in references:
            known = self._people.get(reference)
            if not _USER_ID.fullmatch(reference) and (known is None or self._clock.monotonic() - known[0] > FRESH_S):
                self._look_up(reference)

    def _look_up(self, reference: str) -> frozenset[str]:
        try:
            people = self._ask(reference)
        except (SlackRefused, SlackUnavailable) as failed:
            log.warning("%s could not be looked up: %s", reference, failed)
            known = self._people.get(reference)
            people = known[1] if known else frozenset()
        self._people[reference] = (self._clock.monotonic(), people)
        return people

    def _ask(self, reference: str) -> frozenset[str]:
        if _GROUP_ID.fullmatch(reference):
            return frozenset(self._slack.group_members(reference))
        if reference.startswith("@"):
            groups = [g["id"] for g in self._slack.groups() if g.get("handle") == reference[1:]]
            return frozenset(user for group in groups for user in self._slack.group_members(group))
        user = self._slack.user_by_email(reference)
        return frozenset() if user is None else frozenset({user})
