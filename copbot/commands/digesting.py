"""``copbot digest``: what a community talked about, as a page and as text to send on, from the stored history alone."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copbot.adapters.digest.files import document, summary, write
from copbot.adapters.directory import StoredDirectory
from copbot.adapters.files import Loaded, load
from copbot.core.community import Channels, Community
from copbot.core.digest import Issue
from copbot.core.errors import Mistake
from copbot.core.ports import Clock
from copbot.features.digest.community_wide import issue
from copbot.features.participation.period import instant_of
from copbot.settings import Settings
from copbot.stores import existing_store, kept_text, offline, one_community, stored_discussion, the_one_stored

EVERYTHING = Community(id="all", name="All channels", timezone="UTC", channels=Channels(discussion=()))
"""Stands for a community where there is none: every stored channel."""

LAST = timedelta(days=7)
"""What it covers unless a date is named."""


class Digesting:
    """One digest. Raises Mistake for a community or date that is not there."""

    def __init__(self, settings: Settings, clock: Clock, *, community: str = "", since: str = "") -> None:
        found = (
            load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
            if settings.copbot_schedules_dir.is_dir()
            else Loaded()
        )
        with existing_store(settings) as store:
            with store.read() as tx:
                stored = {channel: name or channel for channel, name in tx.figures.channels()}
            directory = StoredDirectory(stored.items())
            chosen = one_community(settings, community) if community else the_one_stored(found, directory, stored)
            channels = stored if chosen is None else stored_discussion(chosen, directory, stored)
            chosen = chosen or EVERYTHING
            now = clock.now()
            begin = _since(since, now, ZoneInfo(chosen.timezone))
            ctx = offline(settings, clock, found, store, directory)
            if found.communities:
                store.keep_text_in = lambda channel: kept_text(ctx, channel)
            with store.read() as tx:
                self.issue: Issue = issue(ctx, tx, chosen, channels, begin, now)

    def write(self, folder: Path | None) -> list[Path]:
        """The files, in a folder of its own unless one is named."""
        last = self.issue.until.astimezone(self.issue.zone)
        return write(self.issue, folder or Path(f"digest-{last:%Y-%m-%d}"))

    def as_json(self, files: list[Path]) -> dict[str, Any]:
        return document(self.issue) | {"files": [str(file) for file in files]}

    def as_text(self, files: list[Path]) -> list[str]:
        counted = {"waits": "waiting", "answered": "answered", "lively": "talked about", "coming": "coming up"}
        told = [f"{len(lines)} {counted[kind]}" for kind, lines in self.issue.sections.items() if lines]
        named = ", ".join(f"#{name}" for name in self.issue.left_out)
        left_out = [f"Left out, because not everybody may read it: {named}"] if named else []
        return [
            *(summary(self.issue), ", ".join(told) or "Nothing to tell.", *left_out),
            *("", " and ".join(map(str, files))),
        ]


def _since(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    if not text:
        return now - LAST
    since = instant_of("--since", text, zone)
    if since >= now:
        raise Mistake(f"--since {text}: this is not over yet: write a day before today")
    return since
