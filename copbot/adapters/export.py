"""A standard Slack export (zip or folder) as facts, file by file. Time comes from ``ts``, never from a file's name.

Whatever is malformed becomes a problem of one line and is left out; the rest is read. Direct messages, which the
exports of some plans contain, are never read. People are those whom Slack lists in ``users.json`` or describes within
a message; whoever is in neither does not exist, unless ``users.json`` itself could not be read.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from copbot.adapters.archive import Archive, Entry, Limits, UnreadableError, open_archive
from copbot.adapters.export_entries import ExportMessage, MalformedError, identifier, person, read_message, words
from copbot.core.errors import Mistake
from copbot.core.facts import SLACKBOT, ChannelSeen, Fact, MembersListed, UserSeen
from copbot.core.history import Problem

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_DIRECT = re.compile(r"D[A-Z0-9]{8,}|mpdm-.+")
_LISTS = ("users.json", "channels.json", "groups.json", "dms.json", "mpims.json")

MOST_WAITING = 50_000
"""Facts of people not described yet that are held back, should a later message describe them."""

Row = tuple[str, dict[str, Any]]  # where it stands, for people; and what stands there


def open_export(path: Path, limits: Limits | None = None) -> "Export":
    """Raises Mistake when there is no Slack export at ``path``."""
    archive = open_archive(path, limits or Limits())
    try:
        return Export(archive, path.name)
    except Mistake:
        archive.close()
        raise Mistake(
            f"{path} is not a Slack export: it has neither channels.json nor users.json nor a folder of days"
        ) from None


class Export:
    """An opened export, read once. Close it by using it in a ``with`` block."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.name = name
        self.bots = 0
        self.notices = 0
        self._archive = archive
        self._total = sum(entry.size for entry in archive.entries)
        self._done = 0
        self._lists: dict[str, Entry] = {}
        self._days: dict[str, list[Entry]] = defaultdict(list)
        self._astray: list[str] = []
        self._channels: dict[str, ChannelSeen] = {}  # by name
        self._members: dict[str, tuple[str, ...]] = {}  # by ID
        self._people: set[str] = set()
        self._everyone_exists = False
        self._bot_users = {SLACKBOT}
        self._home = ""
        self._waiting: dict[str, list[tuple[Fact, Problem]]] = defaultdict(list)
        self._waiting_facts = 0
        self._latest_us = 0  # of the messages
        self._described_us = 0  # of what the lists say of people
        self._place_files()

    def __enter__(self) -> "Export":
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()

    def progress(self) -> float:
        return min(1.0, self._done / self._total) if self._total else 1.0

    def read(self, known_channels: Mapping[str, str]) -> Iterator[Fact | Problem]:
        for path, why in self._archive.refused:
            yield Problem("file", f"{path}: {why}, skipped")
        for path in self._astray:
            yield Problem("file", f"{path}: stands in no channel's folder, skipped")
        yield from self._read_people()
        yield from self._read_channels("channels.json", is_private=False)
        yield from self._read_channels("groups.json", is_private=True)
        for folder in sorted(set(self._days) & self._direct()):
            yield Problem("direct", f"{folder}: direct messages are not imported, skipped")
            del self._days[folder]
        for folder in sorted(self._days):
            yield from self._read_folder(folder, known_channels)
        yield from self._read_end()

    # --- files ---

    def _place_files(self) -> None:
        """Find where the export begins: some people zip the folder that holds it."""
        paths = [entry.path for entry in self._archive.entries if not entry.path.startswith("__MACOSX/")]
        roots = [path[: -len(name)] for path in paths for name in _LISTS[:2] if f"/{path}".endswith(f"/{name}")]
        days = [path.rpartition("/")[0] for path in paths if "/" in path and _DAY.fullmatch(path.rpartition("/")[2])]
        roots = roots or [f"{day.rpartition('/')[0]}/" for day in days]
        if not roots:
            raise Mistake("no export")
        root = min(roots, key=lambda path: (path.count("/"), path)).lstrip("/")
        for entry in self._archive.entries:
            if not entry.path.startswith(root):
                continue
            folder, _, name = entry.path[len(root) :].rpartition("/")
            if not folder and name in _LISTS:
                self._lists[name] = entry
            elif folder and "/" not in folder and _DAY.fullmatch(name):
                self._days[folder].append(entry)
            elif _DAY.fullmatch(name) and not folder.startswith("__MACOSX"):
                self._astray.append(entry.path)

    def _json(self, entry: Entry) -> list[Any] | Problem:
        self._done += entry.size
        why = "not a list"
        try:
            content = json.loads(entry.read())
            if isinstance(content, list):
                return content
        except UnreadableError as unreadable:
            why = str(unreadable)
        except UnicodeDecodeError:
            why = "not UTF-8"
        except (ValueError, RecursionError):
            why = "not complete JSON"
        return Problem("file", f"{entry.path}: {why}, skipped")

    def _rows(self, name: str) -> Iterator[Row | Problem]:
        """The objects of one of the lists beside the channels' folders."""
        entry = self._lists.get(name)
        rows = self._json(entry) if entry else []
        if isinstance(rows, Problem):
            yield rows
            return
        for number, row in enumerate(rows, 1):
            where = f"{name}: entry {number}"
            yield (where, row) if isinstance(row, dict) else Problem("entry", f"{where}: not an object, skipped")

    # --- people and channels ---

    def _read_people(self) -> Iterator[Fact | Problem]:
        entries: list[dict[str, Any]] = []
        readable = "users.json" in self._lists
        for row in self._rows("users.json"):
            if isinstance(row, Problem):
                readable = readable and row.kind != "file"
                yield row
            elif identifier(row[1].get("id")) is None:
                yield Problem("entry", f"{row[0]}: no id, skipped")
            else:
                entries.append(row[1])
        if not readable:
            self._everyone_exists = True
            yield Problem("people", "users.json: cannot be read; people are taken from the messages alone")
        teams = Counter(team for entry in entries if (team := words(entry.get("team_id"))))
        self._home = teams.most_common(1)[0][0] if teams else ""
        for entry in entries:
            seen = person(entry, self._home)
            self._people.add(seen.user)
            self._described_us = max(self._described_us, seen.updated_us)
            if seen.is_bot:
                self._bot_users.add(seen.user)
            yield seen

    def _read_channels(self, name: str, *, is_private: bool) -> Iterator[Fact | Problem]:
        for row in self._rows(name):
            if isinstance(row, Problem):
                yield row
                continue
            where, entry = row
            channel, title = identifier(entry.get("id")), words(entry.get("name"))
            if channel is None or not title:
                yield Problem("entry", f"{where}: no id or no name, skipped")
            elif title in self._channels:
                yield Problem("entry", f"{where}: a second channel called {title}, skipped")
            else:
                seen = ChannelSeen(channel, title, is_private, bool(entry.get("is_archived")))
                self._channels[title] = seen
                members = entry.get("members")
                if isinstance(members, list):
                    listed = dict.fromkeys(user for user in map(identifier, members) if user and self._exists(user))
                    self._members[channel] = tuple(listed)
                yield seen

    def _direct(self) -> set[str]:
        """The folders of direct messages, of two or of several."""
        listed = {
            words(row[1].get(key))
            for name, key in (("dms.json", "id"), ("mpims.json", "name"), ("mpims.json", "id"))
            for row in self._rows(name)
            if not isinstance(row, Problem)
        }
        return listed | {folder for folder in self._days if _DIRECT.fullmatch(folder)} - set(self._channels)

    def _exists(self, user: str) -> bool:
        return self._everyone_exists or user in self._people

    # --- messages ---

    def _read_folder(self, folder: str, known_channels: Mapping[str, str]) -> Iterator[Fact | Problem]:
        listed = self._channels.get(folder)
        name = words(folder)
        channel = listed.channel if listed else known_channels.get(name, name[:64])
        if listed is None:
            yield Problem("channel", f"{folder}: not in channels.json, imported under its name alone")
            self._channels[folder] = ChannelSeen(channel, name)
            yield self._channels[folder]
        for entry in sorted(self._days[folder], key=lambda entry: entry.path):
            messages = self._json(entry)
            if isinstance(messages, Problem):
                yield messages
                continue
            for number, message in enumerate(messages, 1):
                try:
                    said = read_message(channel, message, self._people, self._bot_users, self._home)
                except MalformedError as malformed:
                    yield Problem(malformed.kind, f"{entry.path}: message {number}: {malformed.why}, skipped")
                else:
                    yield from self._take(said, f"{entry.path}: message {number}")

    def _take(self, said: ExportMessage, where: str) -> Iterator[Fact | Problem]:
        self._latest_us = max(self._latest_us, said.ts_us)
        if said.kind == "bot":
            self.bots += 1
        elif said.kind == "notice":
            self.notices += 1
        if said.described is not None:
            yield from self._introduce(said.described)
        if said.author is not None and not self._exists(said.author):
            problem = Problem("unknown", f"{where}: its user {said.author} exists nowhere, skipped")
            yield from self._wait(said.author, said.fact, problem)
        elif said.fact is not None:
            yield said.fact
        for reaction in said.reactions:
            if self._exists(reaction.user):
                yield reaction
            else:
                problem = Problem("unknown", f"{where}: a reaction by {reaction.user}, who exists nowhere, skipped")
                yield from self._wait(reaction.user, reaction, problem)
        for _ in range(said.malformed_reactions):
            yield Problem("reaction", f"{where}: a malformed reaction, skipped")

    def _wait(self, user: str, fact: Fact | None, problem: Problem) -> Iterator[Problem]:
        if fact is None or self._waiting_facts >= MOST_WAITING:
            yield problem
            return
        self._waiting[user].append((fact, problem))
        self._waiting_facts += 1

    def _introduce(self, described: UserSeen) -> Iterator[Fact]:
        """Someone whom only a message describes: what was held back of them counts."""
        self._people.add(described.user)
        yield described
        waited = self._waiting.pop(described.user, [])
        self._waiting_facts -= len(waited)
        for fact, _ in waited:
            yield fact

    def _read_end(self) -> Iterator[Fact | Problem]:
        """The export was made after its last message, or else after whatever is known of its people was last changed: that
        is when its lists of people, channels and members held."""
        for waited in self._waiting.values():
            for _, problem in waited:
                yield problem
        made_us = self._latest_us + 1 if self._latest_us else self._described_us
        for user in sorted(self._people):
            yield UserSeen(user, known_since_us=made_us)
        for channel in self._channels.values():
            yield ChannelSeen(channel.channel, channel.name, channel.is_private, channel.is_archived, made_us)
        for channel_id, members in self._members.items():
            yield MembersListed(channel_id, members, made_us)
