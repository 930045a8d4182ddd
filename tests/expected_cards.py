"""Which cards a history must lead to, worked out from the export's JSON alone: nothing of copbot is used here.

Only whether a message asks something comes from outside, for that is decided once and stored. The rules, as the docs tell them:

- What one person asks in one channel within an hour of the first of it makes one card, unless an answer came before.
- A question becomes a card ``after`` so long without an answer: a reply in a thread of it by another person who is no bot.
- The first answer closes it.
- ``escalate`` after the question an open card goes to the coordinators; those that will be due within six hours, or a
  quarter of ``escalate`` where that is less, go along.
- With working hours only these count, and nothing comes outside of them.
"""

import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOUR = 3600 * 10**6
KEPT = {None, "thread_broadcast", "me_message", "file_share"}


@dataclass(frozen=True)
class Expected:
    """Instants are microseconds; None: it did not happen before the end."""

    channel: str
    messages: tuple[int, ...]
    opened: int
    closed: int | None
    closed_by: str | None
    escalated: int | None


def microseconds(ts: str) -> int:
    whole, _, fraction = ts.partition(".")
    return int(whole) * 10**6 + int((fraction + "000000")[:6])


def messages_of(export: Path, channels: set[str], since: datetime, until: datetime) -> list[dict]:
    """The messages of some channels (names) in ``[since, until)`` in order of time, each with its channel's ID."""
    first, last = (int(at.timestamp()) * 10**6 for at in (since, until))
    with zipfile.ZipFile(export) as archive:
        ids = {one["name"]: one["id"] for one in json.loads(archive.read("channels.json"))}
        found = [
            message | {"channel": ids[name.split("/")[0]]}
            for name in archive.namelist()
            if name.count("/") == 1 and name.split("/")[0] in channels and name.endswith(".json")
            for message in json.loads(archive.read(name))
        ]
    found = [one for one in found if first <= microseconds(one["ts"]) < last]
    return sorted(found, key=lambda one: (microseconds(one["ts"]), one["channel"]))


def users_of(export: Path) -> list[dict]:
    with zipfile.ZipFile(export) as archive:
        return list(json.loads(archive.read("users.json")))


def expected_cards(
    messages: list[dict],
    bots: set[str],
    asks: set[tuple[str, int]],
    *,
    after: int,
    escalate: int,
    office: tuple[int, int] | None,
    end: int,
) -> list[Expected]:
    """``after`` and ``escalate`` in microseconds; ``office``: the hours of Monday to Friday (UTC) that count alone."""

    def later(start: int, length: int) -> int:
        return start + length if office is None else _in_office(start, length, *office)

    human = [
        one
        for one in messages
        if one.get("type", "message") == "message"
        and one.get("subtype") in KEPT
        and one.get("user")
        and not one.get("bot_id")
        and one["user"] not in bots | {"USLACKBOT"}
    ]
    author: dict[tuple[str, int], str] = {}
    replies: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for one in human:
        ts, thread = microseconds(one["ts"]), one.get("thread_ts")
        if thread and thread != one["ts"]:
            replies[one["channel"], microseconds(thread)].append((ts, one["user"]))
        else:
            author[one["channel"], ts] = one["user"]
    answer = {
        root: min((reply for reply in replies[root] if reply[1] != user), default=None) for root, user in author.items()
    }

    groups: list[list[tuple[str, int]]] = []
    latest: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for root in sorted(author.keys() & asks, key=lambda place: place[1]):
        key = (root[0], author[root])
        group = latest.get(key)
        fits = group is not None and root[1] - group[0][1] <= HOUR
        answered_before = fits and any(answer[one] is not None and answer[one][0] <= root[1] for one in group)
        if not fits or answered_before:
            group = latest[key] = []
            groups.append(group)
        group.append(root)

    cards = []
    for group in groups:
        first = min((answer[one] for one in group if answer[one] is not None), default=None)
        opened = later(group[0][1], after)
        if opened <= end and (first is None or first[0] > opened):
            cards.append((group, opened, first))
    along = min(6 * HOUR, escalate // 4)
    escalated = _escalations(
        [(later(group[0][1], escalate), opened, first[0] if first else None) for group, opened, first in cards],
        along,
        end,
    )
    return sorted(
        (
            Expected(
                channel=group[0][0],
                messages=tuple(ts for _, ts in group),
                opened=opened,
                closed=first[0] if first else None,
                closed_by=first[1] if first else None,
                escalated=escalated[number],
            )
            for number, (group, opened, first) in enumerate(cards)
        ),
        key=lambda card: (card.messages, card.channel),
    )


def _escalations(cards: list[tuple[int, int, int | None]], along: int, end: int) -> list[int | None]:
    """When each of (due, opened, closed) goes to the coordinators."""
    told: list[int | None] = [None] * len(cards)
    for now in sorted({max(due, opened) for due, opened, _ in cards}):
        waiting = [
            number
            for number, (_, opened, closed) in enumerate(cards)
            if told[number] is None and opened <= now <= end and (closed is None or closed > now)
        ]
        if any(cards[number][0] <= now for number in waiting):
            for number in waiting:
                if cards[number][0] <= now + along:
                    told[number] = now
    return told


def _in_office(start: int, length: int, opens: int, closes: int) -> int:
    """``length`` of office hours after ``start``, hour by hour: the first moment of office time at which they have passed."""
    at, left = datetime.fromtimestamp(start // 10**6, UTC).replace(microsecond=start % 10**6), length
    while True:
        if at.weekday() >= 5 or at.hour >= closes:
            at = (at + timedelta(days=1)).replace(hour=opens, minute=0, second=0, microsecond=0)
        elif at.hour < opens:
            at = at.replace(hour=opens, minute=0, second=0, microsecond=0)
        else:
            closing = at.replace(hour=closes, minute=0, second=0, microsecond=0)
            room = (closing - at) // timedelta(microseconds=1)
            if left < room:
                reached = at + timedelta(microseconds=left)
                return int((reached - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
            left -= room
            at = closing
