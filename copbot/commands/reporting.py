"""``copbot report``: a month of a community from the stored history alone, with or without the coordinators' files."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copbot.adapters.directory import StoredDirectory
from copbot.adapters.files import Loaded, load
from copbot.adapters.report.files import document, write
from copbot.core.community import Channels, Community
from copbot.core.errors import Mistake
from copbot.core.months import Month, month_named
from copbot.core.ports import Clock
from copbot.core.report import Report
from copbot.core.reports import asked_for, report_of
from copbot.settings import Settings
from copbot.stores import existing_store, offline, one_community, stored_discussion, the_one_stored
from copbot.wiring import FEATURES

EVERYTHING = Community(id="all", name="All channels", timezone="UTC", channels=Channels(discussion=()))
"""Stands for a community where there is none: every stored channel, with the defaults of the files."""


class Reporting:
    """One report. Raises Mistake for a community, month or time zone that is not there."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        community: str = "",
        month: str = "",
        timezone: str = "",
        names: bool = False,
    ) -> None:
        found = (
            Loaded()
            if not settings.copbot_schedules_dir.is_dir()
            else load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
        )
        with existing_store(settings) as store:
            with store.read() as tx:
                stored = {channel: name or channel for channel, name in tx.figures.channels()}
            directory = StoredDirectory(stored.items())
            chosen = one_community(settings, community) if community else the_one_stored(found, directory, stored)
            channels = stored if chosen is None else stored_discussion(chosen, directory, stored)
            is_everything = chosen is None
            chosen = chosen or EVERYTHING
            chosen = replace(chosen, timezone=timezone or chosen.timezone)
            zone, now = _zone(chosen.timezone), clock.now()
            asked = asked_for(
                chosen, channels, _month(month, now, zone), zone, now, names=names, is_everything=is_everything
            )
            ctx = offline(settings, clock, found, store, directory)
            with store.read() as tx:
                self.report: Report = report_of(ctx, tx, asked, FEATURES)

    def write(self, folder: Path | None) -> list[Path]:
        """The files, in a folder of its own unless one is named."""
        return write(self.report, folder or Path(f"report-{self.report.asked.month.key}"))

    def as_json(self, files: list[Path]) -> dict[str, Any]:
        return document(self.report) | {"files": [str(file) for file in files]}

    def as_text(self, files: list[Path]) -> list[str]:
        return [*self.report.part.sentences, "", f"{files[0]} and {len(files) - 1} CSV files beside it"]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Mistake(f"--timezone {name}: there is no such time zone: write one such as Europe/Berlin") from None


def _month(text: str, now: datetime, zone: ZoneInfo) -> Month:
    try:
        return month_named(text, now, zone)
    except Mistake as mistake:
        raise Mistake(f"--month {mistake}") from None
