"""Simulated moderators: they take a card that has waited for a while, and answer it or know who can."""

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from copbot.core.time import DAY_US, MICROSECOND, ts_to_us, us_to_ts
from copbot.workspace.life.people import Someone
from copbot.workspace.server import Workspace

Json = dict[str, Any]

PATIENCE_US = timedelta(hours=20) // MICROSECOND
"""A card stands at least so long before a simulated moderator takes it: a visitor may want to."""

LOOK_BACK_US = timedelta(days=12) // MICROSECOND

_LINK = re.compile(r"/archives/([A-Z0-9]+)/p(\d{7,})")


class Moderators:
    """Reads the moderators' channel as its members do: messages with buttons, and a link to the thread beside them."""

    def __init__(self, workspace: Workspace, channel: str) -> None:
        self._workspace = workspace
        self._channel = channel
        self._members: frozenset[str] = frozenset()
        self._looked_us = 0

    def take(self, who: Someone, now_us: int, rng: Random) -> tuple[str, str] | None:
        """Press "I'll take it" on the oldest card that waits; the (channel, ts) of its thread."""
        if rng.random() < 0.3 or who.user not in self._members_at(now_us):
            return None
        for message in self._workspace.messages(self._channel, now_us - LOOK_BACK_US):
            if now_us - ts_to_us(message["ts"]) < PATIENCE_US:
                return None
            for action_id, value, thread in _open_cards(message):
                self._workspace.press(who.user, self._channel, message["ts"], action_id, value)
                return thread
        return None

    def _members_at(self, now_us: int) -> frozenset[str]:
        if now_us - self._looked_us > DAY_US:
            self._looked_us = now_us
            mine = next(channel for channel in self._workspace.channels() if channel["id"] == self._channel)
            self._members = frozenset(mine["members"])
        return self._members


def _open_cards(message: Json) -> Iterator[tuple[str, str | None, tuple[str, str]]]:
    """(action_id, value, thread) of each card in a message that nobody has taken."""
    for block in message.get("blocks") or []:
        elements = block["elements"] if block["type"] == "actions" else []
        buttons = [element for element in elements if element["type"] == "button"]
        linked = next((found for b in buttons if (found := _LINK.search(str(b.get("url", ""))))), None)
        taking = next((b for b in buttons if "url" not in b and "take" in str(b["text"]["text"]).lower()), None)
        if linked is not None and taking is not None:
            yield taking["action_id"], taking.get("value"), (linked[1], us_to_ts(int(linked[2])))
