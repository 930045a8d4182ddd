"""What happens in the workspace, as a person would read it: in order, everybody by name, in the community's time."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.time import from_us, ts_to_us
from copbot.demo.words import WIDTH, plain, spoken, wrapped
from copbot.workspace.server import Workspace

Json = dict[str, Any]
INDENT = " " * 11


class Transcript:
    """Prints what is new on each ``catch_up``. What was there at the beginning is history and not told."""

    def __init__(self, workspace: Workspace, zone: ZoneInfo, write: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._zone = zone
        self._write = write
        self._told: dict[tuple[str, str, str], str] = {place: text for place, _, text, _ in self._everything()}

    def line(self, text: str = "") -> None:
        self._write(text + "\n")

    def chapter(self, title: str) -> None:
        self.catch_up()
        now = f"{self._workspace.clock.now().astimezone(self._zone):%A %d %B %Y, %H:%M}"
        self.line()
        self.line(f"── {title} ── {now} ".ljust(WIDTH, "─"))
        self._workspace.tell(title)

    def aside(self, text: str) -> None:
        """The narrator's own words, also on the page."""
        self.catch_up()
        self.line()
        for line in wrapped("  » ", plain(text, self.name)):
            self.line(line)
        self._workspace.tell(plain(text, self.name))

    def catch_up(self) -> None:
        """Tell what was said or changed since the last time."""
        now = self._workspace.clock.now()
        new = [each for each in self._everything() if self._told.get(each[0]) != each[2]]
        told = [(now if place in self._told else at, place, head, text) for place, head, text, at in new]
        for at, place, head, text in sorted(told, key=lambda each: each[0]):
            changed = place in self._told
            self._told[place] = text
            self.line()
            self.line(f"{at.astimezone(self._zone):%a %H:%M}  {head}{'  (changed)' if changed else ''}")
            for line in wrapped(INDENT, plain(text, self.name)):
                self.line(line)

    def name(self, identity: str) -> str:
        """A user's or channel's name; never an ID."""
        for user in self._workspace.users():
            if user["id"] == identity:
                return str(user["real_name"])
        for channel in self._workspace.channels():
            if channel["id"] == identity:
                return str(channel["name"])
        return "someone"

    def _everything(self) -> Iterator[tuple[tuple[str, str, str], str, str, datetime]]:
        """(place, heading, text in markup, instant) of every message and of what single people were shown."""
        names = {user["id"]: user["real_name"] for user in self._workspace.users()}
        for channel in self._workspace.channels():
            where = f"DM with {names[channel['user']]}" if channel["user"] else f"#{channel['name']}"
            for message in self._workspace.messages(channel["id"]):
                if message.get("subtype") == "channel_join":
                    continue  # the narrator tells who comes
                is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
                who = names.get(message.get("user", ""), message.get("username", "someone"))
                head = f"{where}{'  ↳' if is_reply else ''}  {who}"
                yield ("", channel["id"], message["ts"]), head, spoken(message), from_us(ts_to_us(message["ts"]))
        channels = {channel["id"]: channel["name"] for channel in self._workspace.channels()}
        for user, name in names.items():
            for shown in self._workspace.ephemerals(user):
                head = (
                    f"#{channels.get(shown['channel']) or 'DM'}  {names.get(shown['user'], 'Slack')}, for {name} only"
                )
                yield (user, shown["channel"], shown["ts"]), head, spoken(shown), from_us(ts_to_us(shown["ts"]))


def to_terminal(text: str) -> None:
    """Write to standard output whatever its encoding can show."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
