"""A standard Slack export (folder or zip) loaded into the workspace, as if it had all happened here.

Layout: ``users.json``, ``channels.json`` (and ``groups.json``), and a folder per channel name with one file per day.
Time comes
from each message's ``ts``. What cannot be placed is left out.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from copbot.core.errors import Mistake
from copbot.core.time import SECOND_US, ts_to_us
from copbot.workspace.truth import Channel, Json, Truth

MOST_BYTES_PER_FILE = 256 * 1024 * 1024


class Source(Protocol):
    """The files of an export by their path inside it."""

    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes: ...


@dataclass
class Folder:
    path: Path

    def names(self) -> list[str]:
        return [file.relative_to(self.path).as_posix() for file in self.path.rglob("*.json")]

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


@dataclass
class Archive:
    archive: zipfile.ZipFile

    def names(self) -> list[str]:
        return [i.filename for i in self.archive.infolist() if i.file_size <= MOST_BYTES_PER_FILE]

    def read(self, name: str) -> bytes:
        return self.archive.read(name)


def load(truth: Truth, path: Path, bot_in: Collection[str] | None) -> None:
    """Load an export. ``bot_in`` names the channels (names or IDs) that the bot is in; None: all.

    Raises Mistake where ``path`` is no export.
    """
    if path.is_dir():
        _load(truth, Folder(path), path, bot_in)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _load(truth, Archive(archive), path, bot_in)
    except (OSError, zipfile.BadZipFile) as failure:
        raise Mistake(f"{path}: not a Slack export: {failure}") from failure


def _load(truth: Truth, source: Source, path: Path, bot_in: Collection[str] | None) -> None:
    names = source.names()
    if "users.json" not in names or "channels.json" not in names:
        raise Mistake(f"{path}: not a Slack export: users.json or channels.json is missing")
    people = [*_objects(source, "users.json")]
    home = _home_team(people)
    wanted = None if bot_in is None else {name.removeprefix("#") for name in bot_in}
    files: dict[str, list[str]] = {}
    for name in sorted(names):
        folder, _, file = name.rpartition("/")
        if folder and file.endswith(".json"):
            files.setdefault(folder, []).append(name)
    with truth.lock:
        for person in people:
            if isinstance(person.get("id"), str):
                truth.users[person["id"]] = _person(person, home, truth.team_id)
        for listing in ("channels.json", "groups.json"):
            if listing in names:
                for described in _objects(source, listing):
                    channel = _channel(truth, described, private=listing == "groups.json")
                    if channel is None:
                        continue
                    if wanted is None or wanted & {channel.id, channel.name}:
                        channel.members[truth.bot_user] = None
                    for file in files.get(channel.name, []):
                        _messages(channel, _objects(source, file), home, truth.team_id)
        truth.changed()


def _objects(source: Source, name: str) -> Iterator[Json]:
    try:
        content = json.loads(source.read(name))
    except ValueError:
        return
    if isinstance(content, list):
        yield from (item for item in content if isinstance(item, dict))


def _home_team(people: list[Json]) -> str | None:
    """The export's own workspace: the team that most of its people are of."""
    teams = Counter(person["team_id"] for person in people if person.get("team_id"))
    return teams.most_common(1)[0][0] if teams else None


def _person(person: Json, home: str | None, team_id: str) -> Json:
    profile = person.get("profile") or {}
    filled: Json = {"deleted": False, "is_bot": False, "is_restricted": False, "profile": profile} | person
    if person.get("team_id") in (None, home):
        filled["team_id"] = team_id
        if isinstance(profile, dict) and "team" in profile:
            filled["profile"] = profile | {"team": team_id}
    return filled


def _channel(truth: Truth, described: Json, private: bool) -> Channel | None:
    channel_id, name = described.get("id"), described.get("name")
    if not isinstance(channel_id, str) or not isinstance(name, str):
        return None
    channel = Channel(
        channel_id,
        name,
        _seconds(described.get("created")) * SECOND_US,
        is_private=private,
        is_general=bool(described.get("is_general")),
        is_archived=bool(described.get("is_archived")),
        creator=str(described.get("creator") or ""),
        topic=_value(described.get("topic")),
        purpose=_value(described.get("purpose")),
        members=dict.fromkeys(user for user in described.get("members") or () if user in truth.users),
    )
    truth.channels[channel_id] = channel
    return channel


def _seconds(created: Any) -> int:
    """``created`` comes as a number or as a string."""
    return int(created) if str(created).isdigit() else 0


def _value(text: Any) -> str:
    return str(text.get("value") or "") if isinstance(text, dict) else ""


def _messages(channel: Channel, messages: Iterator[Json], home: str | None, team_id: str) -> None:
    for message in messages:
        try:
            us = ts_to_us(message.get("ts"))
            thread = message.get("thread_ts")
            if thread is not None:
                ts_to_us(thread)
        except ValueError:
            continue
        if us:
            own = {"team": team_id} if message.get("team") in (None, home) else {}
            channel.put({"type": "message"} | message | own)
