"""``copbot check``: every mistake in the coordinators' files with its line; else what is unwise, and the coming posts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.adapters.files import Loaded, Problem, load
from copbot.adapters.files.excerpt import excerpt, text_at
from copbot.adapters.files.remarks import Places, unused_prompts
from copbot.adapters.holidays import holiday
from copbot.core.advice import Remark, on_community
from copbot.core.community import Community
from copbot.core.ports import Clock, Context, Tx
from copbot.core.time import HOUR_US, from_us, to_us
from copbot.features.onboarding.follow_up.outline import outline
from copbot.features.rhythm.advice import AHEAD, on_posts, on_silence
from copbot.features.rhythm.timetable import Coming, coming_posts
from copbot.settings import Settings
from copbot.stores import learning

RECORDED = timedelta(days=90)
LEAST_MESSAGES = 100
LEAST_TIME = timedelta(weeks=4)
"""With less history than this it says nothing that nobody wrote at an hour."""

_MOST_AHEAD = 2000
"""Posts looked at for what is unwise: more than 70 a day are a mistake of another kind."""


@dataclass(frozen=True)
class Checked:
    """What the files are: wrong, or in order with what is unwise and what comes. ``remark`` says what could not be used."""

    found: Loaded
    warnings: tuple[Problem, ...]
    coming: tuple[Coming, ...]
    remark: str
    schedules: str
    prompts: str

    def as_json(self) -> dict[str, Any]:
        return {
            "problems": [vars(problem) for problem in self.found.problems],
            "warnings": [vars(warning) for warning in self.warnings],
            "communities": [community.id for community in self.found.communities],
            "coming": [post.as_json() for post in self.coming],
        }


def check(settings: Settings, clock: Clock, count: int) -> Checked:
    """Read the files as they are, with ``count`` coming posts. Makes no database and asks nothing of Slack."""
    schedules, prompts = settings.copbot_schedules_dir, settings.copbot_prompts_dir
    found = load(schedules, prompts)
    if found.problems:
        return Checked(found, (), (), "", str(schedules), str(prompts))
    now = clock.now()
    with learning(settings, clock, found) as (ctx, remark):
        rows = coming_posts(found.communities, now, max(count, _MOST_AHEAD), ctx, holiday)
        warnings = unused_prompts(found, str(prompts))
        for community, documents in zip(found.communities, found.documents, strict=True):
            said = [*_remarks(community, rows, now), *([] if ctx is None else _silences(ctx, community, now))]
            places = Places(documents)
            warnings += [places.placed(one) for one in said]
    told = tuple(sorted(set(warnings)))
    return Checked(found, told, tuple(rows[:count]), remark, str(schedules), str(prompts))


def _remarks(community: Community, rows: Sequence[Coming], now: datetime) -> Iterator[Remark]:
    ahead = [row for row in rows if row.community == community.id and row.opens < now + AHEAD]
    yield from on_community(community, now.astimezone(ZoneInfo(community.timezone)).date())
    yield from on_posts(community, ahead, now)


def _silences(ctx: Context, community: Community, now: datetime) -> Iterator[Remark]:
    """Remarks on windows in which nobody writes, where enough is recorded to say so."""
    zone = ZoneInfo(community.timezone)
    with ctx.store.read() as tx:
        for post in community.posts:
            channel = ctx.directory.channel(post.channel)
            if channel is None:
                continue
            hours, since = _hours(tx, channel, zone, now)
            if sum(map(sum, hours)) >= LEAST_MESSAGES and now - since >= LEAST_TIME:
                remark = on_silence(post, post.channel, hours, since.astimezone(zone).date())
                if remark is not None:
                    yield remark


def _hours(tx: Tx, channel: str, zone: ZoneInfo, now: datetime) -> tuple[list[list[int]], datetime]:
    """How many messages of people a channel has by weekday and hour, and since when there are any."""
    since, until = to_us(now - RECORDED), to_us(now)
    offset = now.astimezone(zone).utcoffset() or timedelta()
    hours = [[0] * 24 for _ in range(7)]
    span = tx.presence.span_us([channel])
    for counted in tx.presence.hours([channel], since, until, offset // timedelta(microseconds=1)):
        moment = from_us(counted.hour * HOUR_US)
        hours[moment.weekday()][moment.hour] += counted.messages
    return hours, from_us(max(since, span[0])) if span else now


def lines(checked: Checked, *, styled: bool) -> Iterator[str]:
    """What a person reads: mistakes, else warnings and the timetable. Each begins a line with its place, nothing else does."""
    for problem in checked.found.problems:
        yield from _told(checked, problem, "", 31, styled)
    for warning in checked.warnings:
        yield from _told(checked, warning, "warning: ", 33, styled)
    communities = checked.found.communities
    for community in communities:
        ending = "; next:" if community.posts and len(communities) == 1 else "."
        yield f"{community.name}: in order. {_posts_in_words(len(community.posts))}{ending}"
    if len(communities) > 1 and checked.coming:
        yield "Next:"
    for row in checked.coming:
        yield f"  {row}" + (f" ({row.community})" if len(communities) > 1 else "")
    if checked.remark and not checked.found.problems:
        yield f"  ({checked.remark})"
    for community in communities:
        steps = outline(community.onboarding)
        if steps:
            yield f"Newcomers to {community.name}:"
        yield from (f"  {step}" for step in steps)


def summary(problems: Sequence[Problem]) -> str:
    """How much there is to mend, on one line."""
    files = len({problem.file for problem in problems})
    mistakes = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    return f"{mistakes} in {'1 file' if files == 1 else f'{files} files'}. A running copbot keeps to the files as they last were in order."


def _told(checked: Checked, problem: Problem, kind: str, colour: int, styled: bool) -> Iterator[str]:
    place, label = problem.place, kind
    if styled:
        place, label = f"\x1b[1m{place}\x1b[0m", f"\x1b[{colour}m{kind}\x1b[0m" if kind else ""
    yield f"{place}: {label}{problem.message}"
    text = text_at(problem, checked.found.files, checked.schedules, checked.prompts)
    if (problem.line, problem.column) == (1, 1) and not _is_about(text or "", problem.message):
        return
    parts = excerpt(problem, text)
    if parts is not None:
        line, signs, mend = parts
        beside = f"{signs} {mend}".rstrip()
        yield line
        yield f"\x1b[{colour}m{beside}\x1b[0m" if styled else beside


def _is_about(line: str, message: str) -> bool:
    """Whether what stands at a file's very beginning is meant, and not the file as a whole."""
    named = re.match(r"[`']([^`']+)[`']", message)
    return named is not None and line.lstrip("\ufeff{ ").startswith(named[1])


def _posts_in_words(count: int) -> str:
    return "No posts" if count == 0 else f"{count} post{'' if count == 1 else 's'}"
