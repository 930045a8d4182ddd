"""The example community's history as a standard Slack export: the folder that a workspace's owner would download."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from copbot.core.time import SECOND_US, from_us, to_us, us_to_ts
from copbot.workspace.example.cast import WEEKS, Member, cast, read_data, slack_id
from copbot.workspace.example.talk import Said, Talk, Thread

HOME = ZoneInfo("Asia/Bangkok")
DAY_FILES = ZoneInfo("America/Los_Angeles")
"""Slack cuts an export's day files at midnight there, wherever the members live."""

CHANNELS = {
    "general": "What everybody should know",
    "introductions": "Say hello: who you are and what brings you here",
    "data-integration": "Questions and answers about linking data from several sources",
    "registers": "Population, business, address and other statistical registers",
}

Message = dict[str, Any]


def write_example_export(folder: Path, until: datetime, seed: int = 7) -> None:
    """Write the example community's last fourteen weeks up to ``until`` (aware) into ``folder``, made if need be.

    The same ``until`` and ``seed`` give the same bytes. All people and all they say are invented.
    """
    Export(until, seed).write(folder)


class Export:
    def __init__(self, until: datetime, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - a story, not a secret
        self._until = until
        monday = until.astimezone(HOME).date()
        monday -= timedelta(days=monday.weekday(), weeks=WEEKS)
        self._start = datetime(monday.year, monday.month, monday.day, tzinfo=HOME)
        self._team = slack_id("T", self._rng)
        self._channels = {name: slack_id("C", self._rng) for name in CHANNELS}
        self._bot, self._bot_id = slack_id("U", self._rng), slack_id("B", self._rng)
        self._members = cast(self._rng)
        self._bank = read_data("sayings.json")
        self._talk = Talk(self._members, self._bank, self._start, until, self._rng)
        self._talk.play()
        self._taken: set[int] = set()

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "users.json", [*map(self._user, self._members), self._bot_user()])
        _write(folder / "channels.json", [self._channel(name) for name in CHANNELS])
        _write(folder / "integration_logs.json", [])
        for name in CHANNELS:
            (folder / name).mkdir(exist_ok=True)
            days: dict[str, list[Message]] = {}
            for message in sorted(self._messages(name), key=lambda message: str(message["ts"])):
                at = from_us(int(message["ts"].replace(".", "")))
                days.setdefault(f"{at.astimezone(DAY_FILES):%Y-%m-%d}", []).append(message)
            for day, messages in days.items():
                _write(folder / name / f"{day}.json", messages)

    # --- messages

    def _messages(self, channel: str) -> Iterator[Message]:
        for member in self._members_of(channel):
            yield self._join(member)
        for thread in self._talk.threads:
            if thread.channel == channel:
                yield from self._thread(thread)
        if channel == "registers":
            yield from self._news()

    def _members_of(self, channel: str) -> list[Member]:
        """Everybody is everywhere, but only half are in #registers: they and those who wrote there."""
        wrote = {said.member.id for thread in self._talk.threads if thread.channel == channel for said in thread.said}
        return [
            member
            for index, member in enumerate(self._members)
            if self._talk.joined(member) < self._until
            and (channel != "registers" or index % 2 == 0 or member.id in wrote)
        ]

    def _join(self, member: Member) -> Message:
        return {
            "type": "message",
            "subtype": "channel_join",
            "user": member.id,
            "text": f"<@{member.id}> has joined the channel",
            "ts": us_to_ts(self._unique(self._talk.joined(member))),
        }

    def _thread(self, thread: Thread) -> Iterator[Message]:
        replies = sorted(thread.said[1:], key=lambda said: said.at)
        root = self._message(thread.root)
        if replies:
            root["thread_ts"] = root["ts"]
        written = [self._message(said) | {"thread_ts": root["ts"], "parent_user_id": root["user"]} for said in replies]
        if written:
            users = list(dict.fromkeys(message["user"] for message in written))
            root |= {
                "reply_count": len(written),
                "reply_users_count": len(users),
                "latest_reply": written[-1]["ts"],
                "reply_users": users,
                "replies": [{"user": message["user"], "ts": message["ts"]} for message in written],
                "is_locked": False,
                "subscribed": False,
            }
        yield root
        yield from written

    def _message(self, said: Said) -> Message:
        member = said.member
        message: Message = {
            "type": "message",
            "user": member.id,
            "text": said.text,
            "ts": us_to_ts(self._unique(said.at)),
            "client_msg_id": str(UUID(int=self._rng.getrandbits(128), version=4)),
            "team": self._team,
            "user_team": self._team,
            "source_team": self._team,
            "user_profile": {
                "real_name": member.name,
                "display_name": member.first_name,
                "first_name": member.first_name,
                "name": member.handle,
                "team": self._team,
                "is_restricted": False,
                "is_ultra_restricted": False,
            },
        }
        if said.edited:
            message["edited"] = {"user": member.id, "ts": us_to_ts(to_us(said.edited))}
        if said.reactions:
            message["reactions"] = [
                {"name": name, "users": [m.id for m in members], "count": len(members)}
                for name, members in said.reactions.items()
            ]
        return message

    def _news(self) -> Iterator[Message]:
        """Another app's posts, at night: they must count nowhere."""
        for week, text in enumerate(self._bank["news"]):
            at = self._start + timedelta(weeks=week + 1, days=3, hours=3)
            if at < self._until:
                yield {
                    "type": "message",
                    "subtype": "bot_message",
                    "text": text,
                    "ts": us_to_ts(self._unique(at)),
                    "username": "Reading list",
                    "bot_id": self._bot_id,
                }

    def _unique(self, at: datetime) -> int:
        """An instant with the last digits that Slack's ``ts`` has, never given twice."""
        us = to_us(at) // SECOND_US * SECOND_US + self._rng.randrange(100, 900_000)
        while us in self._taken:
            us += 1
        self._taken.add(us)
        return us

    # --- users and channels

    def _user(self, member: Member) -> dict[str, Any]:
        offset = self._until.astimezone(member.tzinfo).utcoffset() or timedelta(0)
        return {
            "id": member.id,
            "team_id": self._team,
            "name": "jess" if member.is_coordinator else member.handle,
            "deleted": member.is_deleted,
            "color": f"{self._rng.randrange(0x333333, 0xCCCCCC):06x}",
            "real_name": member.name,
            "tz": member.zone,
            "tz_label": member.zone.split("/")[1],
            "tz_offset": int(offset.total_seconds()),
            "profile": {
                "title": "",
                "real_name": member.name,
                "real_name_normalized": member.name,
                "display_name": member.first_name,
                "display_name_normalized": member.first_name,
                "email": member.email,
                "team": self._team,
            },
            "is_admin": member.is_coordinator,
            "is_owner": member.is_coordinator,
            "is_primary_owner": member.is_coordinator,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": False,
            "is_app_user": False,
            "updated": int(self._talk.joined(member).timestamp()),
        }

    def _bot_user(self) -> dict[str, Any]:
        return {
            "id": self._bot,
            "team_id": self._team,
            "name": "reading-list",
            "deleted": False,
            "real_name": "Reading list",
            "profile": {"real_name": "Reading list", "display_name": "", "bot_id": self._bot_id, "team": self._team},
            "is_bot": True,
            "is_app_user": False,
            "updated": int(self._start.timestamp()),
        }

    def _channel(self, name: str) -> dict[str, Any]:
        creator = next(member.id for member in self._members if member.is_coordinator)
        created = int(self._start.timestamp())
        said = {"value": CHANNELS[name], "creator": creator, "last_set": created}
        return {
            "id": self._channels[name],
            "name": name,
            "created": created,
            "creator": creator,
            "is_archived": False,
            "is_general": name == "general",
            "members": [member.id for member in self._members_of(name) if not member.is_deleted],
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": said,
        }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
