"""``copbot replay``: the coordinators' files over the recorded history. It sends nothing, keeps nothing and needs no token."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copbot.adapters.directory import StoredDirectory
from copbot.adapters.files import Loaded, load
from copbot.adapters.store.scratch import scratch_store
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import Clock, Directory, Tx
from copbot.core.records import Scope
from copbot.core.time import HOUR_US, to_us
from copbot.features.rhythm.rehearsal.difference import Difference, difference
from copbot.features.rhythm.rehearsal.past import HistoryClock, PastStore, writing_of
from copbot.features.rhythm.rehearsal.replay import ACTIVE, Audience, Replay, Replayed
from copbot.features.rhythm.rehearsal.views import difference_lines, document, lines
from copbot.features.rhythm.rounds import posts_of
from copbot.settings import Settings
from copbot.stores import existing_store, offline

LEAST_DATE = "write one such as 2026-01-31"
A_DAY = timedelta(days=1)


class AsWritten:
    """The stored channels; one that is not stored is known by what the files call it, and has no history."""

    def __init__(self, stored: Directory) -> None:
        self._stored = stored
        self.channel_name = stored.channel_name
        self.people = stored.people

    def channel(self, reference: str) -> str | None:
        return self._stored.channel(reference) or reference


class Replaying:
    """One replay as it was asked for. Raises Mistake for dates, files or a community that are not in order."""

    def __init__(
        self, settings: Settings, clock: Clock, *, since: str, until: str = "", against: str = "", community: str = ""
    ) -> None:
        self._settings = settings
        self._now = clock.now()
        self._community = community
        self.found = self._read(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
        self.communities = self._chosen(self.found)
        self._dates = since, until
        for one in self.communities:
            self._span(one)
        self.against = against
        self._other = self._read(*_folders(Path(against), settings)) if against else None
        self.rows: Sequence[Replayed] = ()
        self.change: Difference | None = None

    def run(self, progress: Callable[[float], None]) -> None:
        other = self._other
        with existing_store(self._settings) as store, store.read() as recorded:
            self.rows = self._lived(
                recorded, self.found, self.communities, partial(_of_many, progress, 0, 1 if other is None else 2)
            )
            if other is not None:
                chosen = self._chosen(other)
                before = self._lived(recorded, other, chosen, partial(_of_many, progress, 1, 2))
                self.change = difference(before, self.rows)

    def as_json(self) -> dict[str, Any]:
        return document(self._all(), self.rows, *self._shown_dates(), self.change)

    def as_text(self) -> Iterator[str]:
        if self.change is None:
            yield from lines(self.communities, self.rows, *self._shown_dates())
        else:
            yield from difference_lines(self._all(), self.change, self.against)

    def _all(self) -> Sequence[Community]:
        """Those of both versions; where both have one, as it is today."""
        others = self._chosen(self._other) if self._other else ()
        today = {community.id for community in self.communities}
        return (*self.communities, *(one for one in others if one.id not in today))

    def _shown_dates(self) -> tuple[str, str]:
        since, until = self._dates
        zone = ZoneInfo(self.communities[0].timezone)
        now = f"{self._now.astimezone(zone):%Y-%m-%d %H:%M}"
        return since, until if until and until <= now else now

    def _lived(
        self, recorded: Tx, found: Loaded, communities: Sequence[Community], progress: Callable[[float], None]
    ) -> list[Replayed]:
        """Each community by the dates of its own zone."""
        rows: list[Replayed] = []
        for number, community in enumerate(communities):
            rows += self._one(recorded, found, community, partial(_of_many, progress, number, len(communities)))
        return sorted(rows, key=lambda one: (one.moment, one.community, one.post))

    def _one(
        self, recorded: Tx, found: Loaded, community: Community, progress: Callable[[float], None]
    ) -> list[Replayed]:
        since, until = self._span(community)
        clock = HistoryClock(since)
        directory = AsWritten(StoredDirectory(recorded.figures.channels()))
        audiences = _audiences(recorded, directory, community, since, until)
        written = {channel: audience.writing for channel, audience in audiences.items()}
        with scratch_store() as scratch:
            ctx = replace(
                offline(self._settings, clock, found, scratch, directory),
                store=PastStore(scratch, recorded, written, clock),
                communities=lambda: (community,),
            )
            return Replay(ctx, clock, audiences, since, until, progress).run()

    def _span(self, community: Community) -> tuple[datetime, datetime]:
        since, until = (_midnight(date, ZoneInfo(community.timezone), self._now) for date in self._dates)
        if since >= until:
            raise Mistake(f"--since {self._dates[0]} is not before {self._dates[1] or 'now'}: {LEAST_DATE}")
        return since, until

    def _read(self, schedules: Path, prompts: Path) -> Loaded:
        found = load(schedules, prompts)
        if found.problems:
            raise Mistake(f"{found.problems[0]} (`copbot check` shows all)")
        return found

    def _chosen(self, found: Loaded) -> Sequence[Community]:
        if not self._community:
            return found.communities
        chosen = tuple(one for one in found.communities if one.id == self._community)
        if not chosen:
            known = ", ".join(one.id for one in found.communities)
            raise Mistake(f"--community {self._community}: there is no such community: there is {known}")
        return chosen


def _folders(directory: Path, settings: Settings) -> tuple[Path, Path]:
    """Where another version's files are: in a folder of schedules, or in one that holds ``schedules/`` and ``prompts/``.

    Without prompts of its own it is shown with today's.
    """
    if not directory.is_dir():
        raise Mistake(
            f"--against {directory}: there is no such folder: name one with schedules, such as another checkout's"
        )
    schedules = directory / "schedules" if (directory / "schedules").is_dir() else directory
    prompts = next((p for p in (directory / "prompts", directory.parent / "prompts") if p.is_dir()), None)
    return schedules, prompts or settings.copbot_prompts_dir


def _audiences(
    recorded: Tx, directory: Directory, community: Community, since: datetime, until: datetime
) -> dict[str, Audience]:
    channels = {directory.channel(post.channel) or post.channel for post in posts_of(community)}
    until_us = to_us(until)
    written = writing_of(recorded, channels, to_us(since - ACTIVE - A_DAY), until_us + HOUR_US)
    return {
        channel: Audience(
            writing,
            sorted(
                one.joined_us or 0 for one in recorded.figures.users(Scope(None, until_us, (channel,))) if one.is_member
            ),
        )
        for channel, writing in written.items()
    }


def _midnight(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The beginning of a local date; ``now`` for none. Raises Mistake for what is no date."""
    if not text:
        return now
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - by the community's calendar
    except ValueError:
        raise Mistake(f"{text} is no date: {LEAST_DATE}") from None
    if day.year < 1970:
        raise Mistake(f"{text} lies before anything that Slack recorded: {LEAST_DATE}")
    return now if day > now.astimezone(zone).date() else min(now, datetime.combine(day, time(), zone))


def _of_many(progress: Callable[[float], None], number: int, count: int, share: float) -> None:
    """The share of one of several that are done one after the other."""
    progress((number + share) / count)
