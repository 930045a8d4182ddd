"""What is legal in a community's posts but unwise, told beside the timetable. Pure.

Looked at over the coming ``AHEAD``, with the hours as they are chosen today; one remark per pair of posts or channel.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from copbot.core.advice import Remark
from copbot.core.community import Community
from copbot.core.posts import DateWhen, EveryWhen, Post
from copbot.core.time import Hours, in_words
from copbot.features.rhythm.learning.evidence import without_history
from copbot.features.rhythm.milestones.posts import PREFIX
from copbot.features.rhythm.recurrence import coming
from copbot.features.rhythm.timetable import Coming

AHEAD = timedelta(weeks=4)

CLOSE = timedelta(hours=1)
"""Two posts this close, the second pushes the first out of sight before it was answered."""

FRESH_FOR = timedelta(days=60)
"""A question that comes again sooner is still remembered."""

LONG_QUESTION, MANY_LINES = 400, 10
"""Letters, and lines. Slack publishes no figure for when it folds a message behind "See more": it goes by the height on the
screen (documentation of the section block, ``expand``; the 700 letters that are often named are those of old attachments, on a
desktop). A phone shows about forty letters on a line, and ten lines are what fits above the keyboard.
"""

NIGHT = Hours(time(23), time(6))


def on_posts(community: Community, rows: Sequence[Coming], now: datetime) -> Iterator[Remark]:
    """Remarks on the posts; ``rows`` are those that come in the next ``AHEAD``."""
    zone = ZoneInfo(community.timezone)
    for post in community.posts:
        yield from _on_when(post, zone, now)
        yield from _on_channel(community, post)
        yield from _on_questions(post, zone, now)
    going_out = [row for row in rows if not row.skipped]
    yield from _too_close(community, going_out)
    yield from _beyond_budget(community, going_out)


def on_silence(post: Post, channel: str, hours: Sequence[Sequence[int]], since: date) -> Remark | None:
    """A remark on ``best`` or ``active`` where nobody wrote in any of the hours it may choose from.

    ``hours[weekday][hour]``: the human messages in the channel since that date, by the community's clock.
    """
    when = post.when
    if not isinstance(when, EveryWhen) or isinstance(when.at, time) or when.between is None:
        return None
    days: Iterable[int] = when.on or (range(5) if when.every == "weekday" else range(7))
    allowed = [hour for hour in range(24) if time(hour) in when.between]
    if not allowed or any(hours[day][hour] for day in days for hour in allowed):
        return None
    return Remark(
        ("posts", post.id, "when", "between"),
        f"nobody wrote in {channel} in these hours since {since}: widen `between`, or choose a time yourself",
    )


def _on_when(post: Post, zone: ZoneInfo, now: datetime) -> Iterator[Remark]:
    today, when = now.astimezone(zone).date(), post.when
    path = ("posts", post.id, "when")
    if post.until_date is not None and post.until_date < today:
        yield Remark(
            ("posts", post.id, "until"),
            f"{post.until_date} is past, so this post never comes again: delete it, or move the date",
        )
    elif isinstance(when, DateWhen) and when.local < now.astimezone(zone).replace(tzinfo=None):
        yield Remark(
            (*path, "date"),
            f"{when.local:%Y-%m-%d %H:%M} is past, so this post never comes again: delete it, or move the date",
        )
    elif not post.paused and next(coming(post, zone, now, without_history), None) is None:
        yield Remark(path, "no day fits this, so the post never comes: look at the days, and at `from` and `until`")
    if isinstance(when, EveryWhen):
        if isinstance(when.at, time) and when.at in NIGHT:
            yield Remark(
                (*path, "at"),
                f"{when.at:%H:%M} is night in {zone.key}: times are by the clock there; look for the hour that was meant",
            )
        yield from _on_otherwise(when, path)


def _on_otherwise(when: EveryWhen, path: tuple[str, ...]) -> Iterator[Remark]:
    if when.between is not None and when.otherwise_time is not None and when.otherwise_time not in when.between:
        hours = f"{when.between.start:%H:%M}-{when.between.end:%H:%M}"
        if when.otherwise_time != when.between.end:
            yield Remark(
                (*path, "otherwise"),
                f"{when.otherwise_time:%H:%M} lies outside of `between` {hours}: choose a time within",
            )
    if when.on and when.otherwise_day is not None and when.otherwise_day not in when.on:
        yield Remark((*path, "otherwise"), "this day is not among those of `on`, so another is taken: name one of them")


def _on_channel(community: Community, post: Post) -> Iterator[Remark]:
    channels = community.channels
    known = {*channels.watched, channels.moderators}
    by_name = all(name.startswith("#") for name in (post.channel, *filter(None, known)))  # an ID may mean any of them
    if post.questions and by_name and post.channel not in known:
        yield Remark(
            ("posts", post.id, "channel"),
            f"{post.channel} is no discussion channel, so nobody looks after what is answered there: add it to"
            " `discussion:` in the `channels:`",
        )


def _on_questions(post: Post, zone: ZoneInfo, now: datetime) -> Iterator[Remark]:
    for number, question in enumerate(post.questions):
        lines = question.strip().count("\n") + 1
        if len(question) > LONG_QUESTION or lines > MANY_LINES:
            size = f"{len(question)} letters" if len(question) > LONG_QUESTION else f"{lines} lines"
            yield Remark(
                ("posts", post.id, "questions", number),
                f'{size} are more than a phone shows without "See more": ask it in {LONG_QUESTION} letters, and tell the rest in'
                " the thread",
            )
    count = len(post.questions)
    if not count or post.paused:
        return
    soon = takewhile(lambda one: one.due < now + FRESH_FOR, coming(post, zone, now, without_history))
    again = next(islice(soon, count, None), None)
    if again is not None:
        used_up = "the only question comes" if count == 1 else f"the {count} questions are used up and come"
        day = again.due.astimezone(zone)
        yield Remark(
            ("posts", post.id, "questions"),
            f"{used_up} again on {day:%a} {day.day} {day:%b}, which is within two months: add some",
        )


def _too_close(community: Community, rows: Sequence[Coming]) -> Iterator[Remark]:
    by_channel: dict[str, list[Coming]] = defaultdict(list)
    for row in rows:
        by_channel[row.post.channel].append(row)
    for channel, here in by_channel.items():
        if max(community.spacing.of(channel), community.spacing.community) > CLOSE:
            continue
        met: dict[frozenset[str], list[tuple[Coming, Coming]]] = defaultdict(list)
        for first, second in _neighbours(here):
            met[frozenset((first.post.id, second.post.id))].append((first, second))
        for pairs in met.values():
            yield _close(*pairs[0], len(pairs))


def _path_of_when(post: Post) -> tuple[str, ...]:
    """Where it is said when a post comes; of a milestone's reminder its date."""
    if post.id.startswith(PREFIX):
        return ("milestones", post.id.removeprefix(PREFIX).rpartition(":")[0], "date")
    return ("posts", post.id, "when")


def _neighbours(rows: Sequence[Coming]) -> Iterator[tuple[Coming, Coming]]:
    """Each post with the one before it that can come within ``CLOSE``, if there is; of ``active`` its whole window counts.

    Not every pair: a hundred posts in one minute are a hundred remarks, not five thousand.
    """
    latest: dict[str, Coming] = {}  # of the two posts that reach furthest, by id
    for second in sorted(rows, key=lambda row: (row.opens, row.at, row.post.id)):
        before = [row for row in latest.values() if row.post.id != second.post.id]
        first = max(before, key=lambda row: row.at, default=None)
        if first is not None and second.opens <= first.at + CLOSE:
            yield first, second
        known = latest.pop(second.post.id, second)
        kept = sorted([*latest.values(), max(known, second, key=lambda row: row.at)], key=lambda row: row.at)
        latest = {row.post.id: row for row in reversed(kept[-2:])}


def _close(first: Coming, second: Coming, times: int) -> Remark:
    apart = second.opens - first.at
    if second.opens != second.at or first.opens != first.at:
        how = f"can come within an hour of {first.post.id}"
    elif apart <= timedelta():
        how = f"comes at the same time as {first.post.id}"
    else:
        how = f"comes {in_words(apart)} after {first.post.id}"
    often = f", and {times - 1} more {'time' if times == 2 else 'times'} in four weeks" if times > 1 else ""
    return Remark(
        _path_of_when(second.post),
        f"this {how} in {second.post.channel} ({second.opens:%a} {second.opens.day} {second.opens:%b %H:%M}{often}): move one of"
        ' them, or keep them apart with `spacing: {channel: "2h"}`',
    )


def _beyond_budget(community: Community, rows: Sequence[Coming]) -> Iterator[Remark]:
    allowed = community.attention.channel_day
    by_day: dict[tuple[str, date], list[Coming]] = defaultdict(list)
    for row in rows:
        if row.post.channel in community.channels.discussion:
            by_day[row.post.channel, row.at.date()].append(row)
    told: dict[str, list[Coming]] = {}
    days: dict[str, int] = defaultdict(int)
    for (channel, _), here in sorted(by_day.items(), key=lambda item: item[0][1]):
        if len(here) > allowed:
            days[channel] += 1
            told.setdefault(channel, here)
    for channel, here in told.items():
        last = max(here, key=lambda row: (row.at, row.post.id))
        more = (
            f", and on {days[channel] - 1} more {'day' if days[channel] == 2 else 'days'} in four weeks"
            if days[channel] > 1
            else ""
        )
        posts = "1 post comes" if len(here) == 1 else f"{len(here)} posts come"
        yield Remark(
            _path_of_when(last.post),
            f"{posts} to {channel} on {last.at:%a} {last.at.day} {last.at:%b}{more}, and `attention.channel.day` allows {allowed}:"
            " what is more is held back; move one of them, or allow more",
        )
