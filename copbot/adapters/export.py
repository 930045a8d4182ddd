"""A standard Slack export (zip or folder) as facts, file by file. Time comes from ``ts``, never from a file's name.

Whatever is malformed becomes a problem of one line and is left out; the rest is read. Direct messages, which the
exports of some plans contain, are never read. People are those whom Slack lists in ``users.json`` or describes within
a message; whoever is in neither does not exist, unless ``users.json`` itself could not be read. Whoever came to an Enterprise
organisation with their workspace has two ids there, which Slack tells beside each other: what either wrote is one person's.

A file whose content was taken in before, and told no problem and of nobody new, is not taken apart again.
"""

import hashlib
import json
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from copbot.adapters.archive import PEOPLE, Archive, Entry, Limits, UnreadableError, open_archive
from copbot.adapters.export_entries import ExportMessage, MalformedError, identifier, person, read_message, words
from copbot.adapters.export_tally import Tally
from copbot.adapters.json_rows import rows_of
from copbot.core.asks import RULE_VERSION
from copbot.core.errors import Mistake
from copbot.core.facts import SLACKBOT, ChannelSeen, Fact, UserSeen, members_listed
from copbot.core.history import DayFile, Problem, Taken, Whole

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_DIRECT = re.compile(r"D[A-Z0-9]{8,}|mpdm-.+")
_LISTS = ("users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "org_users.json")

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
        self.keep_text_in: Callable[[str], str] = lambda _channel: (
            "questions"
        )  # by the channel's ID, as the store keeps them
        self._archive = archive
        self._total = sum(archive.sizes)
        self._done = 0
        self._lists: dict[str, Entry] = {}
        self._days: dict[str, array[int]] = defaultdict(lambda: array("L"))  # the numbers of their files
        self._astray: list[str] = []
        self._channels: dict[str, ChannelSeen] = {}  # by name
        self._members: dict[str, tuple[str, ...]] = {}  # by ID
        self._people: dict[str, str] = {}  # each id to the one object that stands for it: lists of members repeat them
        self._known_as: dict[str, str] = {}  # a second id of somebody's to that of their entry
        self._everyone_exists = False
        self._bot_users = {SLACKBOT}
        self._home = ""
        self._waiting: dict[str, list[tuple[Fact, Problem]]] = defaultdict(list)
        self._waiting_facts = 0
        self._latest_us = 0  # of the messages
        self._described_us = 0  # of what the lists say of people
        self._tally = Tally(0, 0)
        self._place_files()

    def __enter__(self) -> "Export":
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()

    def progress(self) -> float:
        return min(1.0, self._done / self._total) if self._total else 1.0

    def named(self) -> Iterator[tuple[str, str | None]]:
        """The channels met so far: ID and name."""
        return ((seen.channel, seen.name) for seen in self._channels.values())

    def read(self, known_channels: Mapping[str, str], taken: Taken) -> Iterator[Fact | Problem | Whole]:
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
            yield from self._read_folder(folder, known_channels, taken)
        yield from self._read_end()

    # --- files ---

    def _place_files(self) -> None:
        """Find where the export begins: some people zip the folder that holds it."""
        root = self._root()
        for number, path in enumerate(self._archive.paths):
            if not path.startswith(root):
                continue
            folder, _, name = path[len(root) :].rpartition("/")
            if not folder and name in _LISTS:
                self._lists["users.json" if name in PEOPLE else name] = self._archive.entry(number)
            elif folder and "/" not in folder and _DAY.fullmatch(name):
                self._days[folder].append(number)
            elif _DAY.fullmatch(name) and not folder.startswith("__MACOSX"):
                self._astray.append(path)

    def _root(self) -> str:
        """The folder of the lists; without any, that of the channels' folders."""
        lists = (*PEOPLE, "channels.json")
        of_lists, of_days = set(), set()
        for path in self._archive.paths:
            folder, _, name = path.rpartition("/")
            if path.startswith("__MACOSX/"):
                continue
            if name in lists:
                of_lists.add(f"{folder}/" if folder else "")
            elif folder and _DAY.fullmatch(name):
                above = folder.rpartition("/")[0]
                of_days.add(f"{above}/" if above else "")
        if not (of_lists or of_days):
            raise Mistake("no export")
        return min(of_lists or of_days, key=lambda path: (path.count("/"), path))

    def _content(self, entry: Entry) -> bytes | Problem:
        self._done += entry.size
        try:
            return self._archive.read(entry)
        except UnreadableError as unreadable:
            return _unread(entry, str(unreadable))

    def _rows(self, name: str) -> Iterator[Row | Problem]:
        """The objects of one of the lists beside the channels' folders, one by one: that of 100,000 people is no small thing. A list
        that is broken anywhere is not read at all."""
        entry = self._lists.get(name)
        if entry is None:
            return
        self._done += entry.size
        try:
            for _ in rows_of(self._archive.chunks(entry)):
                pass
        except (UnreadableError, ValueError, RecursionError) as broken:
            yield _unread(entry, _why(broken))
            return
        for number, row in enumerate(rows_of(self._archive.chunks(entry)), 1):
            where = f"{name}: entry {number}"
            yield (where, row) if isinstance(row, dict) else Problem("entry", f"{where}: not an object, skipped")

    # --- people and channels ---

    def _read_people(self) -> Iterator[Fact | Problem]:
        readable = "users.json" in self._lists
        teams: Counter[str] = Counter()
        for row in self._rows("users.json"):
            if isinstance(row, Problem):
                readable = readable and row.kind != "file"
                yield row
            elif identifier(row[1].get("id")) is None:
                yield Problem("entry", f"{row[0]}: no id, skipped")
            elif team := words(row[1].get("team_id")):
                teams[team] += 1
        if not readable:
            self._everyone_exists = True
            yield Problem("people", "users.json: cannot be read; people are taken from the messages alone")
            return
        self._home = teams.most_common(1)[0][0] if teams else ""
        for row in self._rows("users.json"):
            if isinstance(row, tuple) and identifier(row[1].get("id")) is not None:
                yield self._person(row[1])
        self._known_as = {other: user for other, user in self._known_as.items() if other not in self._people}

    def _person(self, entry: dict[str, Any]) -> UserSeen:
        seen = person(entry, self._home)
        self._people[seen.user] = seen.user
        self._described_us = max(self._described_us, seen.updated_us)
        if seen.is_bot:
            self._bot_users.add(seen.user)
        abroad = entry.get("enterprise_user")
        other = identifier(abroad.get("id")) if isinstance(abroad, dict) else None
        if other is not None:
            self._known_as[other] = seen.user
        return seen

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
                    known = (self._one_id(user) for user in map(identifier, members) if user)
                    listed = dict.fromkeys(user for user in known if self._exists(user))
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

    def _one_id(self, user: str) -> str:
        user = self._known_as.get(user, user)
        return self._people.get(user, user)

    # --- messages ---

    def _read_folder(
        self, folder: str, known_channels: Mapping[str, str], taken: Taken
    ) -> Iterator[Fact | Problem | Whole]:
        listed = self._channels.get(folder)
        name = words(folder)
        channel = listed.channel if listed else known_channels.get(name, name[:64])
        if listed is None:
            yield Problem("channel", f"{folder}: not in channels.json, imported under its name alone")
            self._channels[folder] = ChannelSeen(channel, name)
            yield self._channels[folder]
        before, key = taken(channel), self._key(channel)
        for entry in sorted(map(self._archive.entry, self._days[folder])):
            yield from self._read_day(channel, entry, before, key)

    def _read_day(
        self, channel: str, entry: Entry, before: Mapping[str, DayFile], key: bytes
    ) -> Iterator[Fact | Problem | Whole]:
        content = self._content(entry)
        if isinstance(content, Problem):
            yield content
            return
        name, fingerprint = entry.path.rpartition("/")[2], _fingerprint(content, key)
        known = before.get(name)
        if known is not None and known.fingerprint == fingerprint:
            self.bots += known.bots
            self.notices += known.notices
            self._latest_us = max(self._latest_us, known.latest_us)
            yield Whole(known, is_known=True)
            return
        try:
            messages = json.loads(content)
        except (ValueError, RecursionError) as broken:
            yield _unread(entry, _why(broken))
            return
        if not isinstance(messages, list):
            yield _unread(entry, "not a list")
            return
        self._tally = Tally(self.bots, self.notices)
        for number, message in enumerate(messages, 1):
            for item in self._read_message(channel, message, f"{entry.path}: message {number}"):
                self._tally.count(item)
                yield item
        if self._tally.is_plain:
            yield Whole(self._tally.file(channel, name, fingerprint, self.bots, self.notices))

    def _key(self, channel: str) -> bytes:
        """All but its content that decides what of a channel's file is taken in."""
        about = [
            channel,
            str(RULE_VERSION),
            self.keep_text_in(channel),
            self._home,
            str(self._everyone_exists),
            *sorted(self._bot_users),
        ]
        about += [f"{other}={user}" for other, user in sorted(self._known_as.items())]
        return hashlib.blake2b("\n".join(about).encode("utf-8", "replace"), digest_size=32).digest()

    def _read_message(self, channel: str, message: object, where: str) -> Iterator[Fact | Problem]:
        try:
            said = read_message(channel, message, self._people, self._bot_users, self._home, self._known_as)
        except MalformedError as malformed:
            yield Problem(malformed.kind, f"{where}: {malformed.why}, skipped")
        else:
            yield from self._take(said, where)

    def _take(self, said: ExportMessage, where: str) -> Iterator[Fact | Problem]:
        self._latest_us = max(self._latest_us, said.ts_us)
        self._tally.latest_us = max(self._tally.latest_us, said.ts_us)
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
        self._tally.is_plain = False
        if fact is None or self._waiting_facts >= MOST_WAITING:
            yield problem
            return
        self._waiting[user].append((fact, problem))
        self._waiting_facts += 1

    def _introduce(self, described: UserSeen) -> Iterator[Fact]:
        """Someone whom only a message describes: what was held back of them counts."""
        self._people[described.user] = described.user
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
            yield from members_listed(channel_id, members, made_us)


def _fingerprint(content: bytes, key: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16, key=key).hexdigest()


def _unread(entry: Entry, why: str) -> Problem:
    return Problem("file", f"{entry.path}: {why}, skipped")


def _why(broken: Exception) -> str:
    if isinstance(broken, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(broken, UnreadableError) or str(broken) == "not a list":
        return str(broken)
    return "not complete JSON"
