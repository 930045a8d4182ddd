"""A replay as text for a terminal, and as the JSON document that docs/coordinators.md describes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.features.rhythm.rehearsal.difference import Difference
from copbot.features.rhythm.rehearsal.replay import Replayed

JSON_STATES = {"sent": "sent", "held back": "held_back", "skipped": "skipped"}


def document(
    communities: Sequence[Community], rows: Sequence[Replayed], since: str, until: str, change: Difference | None
) -> dict[str, Any]:
    zones = {community.id: ZoneInfo(community.timezone) for community in communities}
    found: dict[str, Any] = {
        "since": since,
        "until": until,
        "posts": [_row(one, zones[one.community]) for one in rows],
        "budgets": [budget for community in communities for budget in _budgets(community, rows)],
        "summary": [_summary(community, post, those) for (community, post), those in _by_post(rows).items()],
    }
    if change is not None:
        found["against"] = {
            "added": [_row(one, zones[one.community]) for one in change.added],
            "gone": [_row(one, zones[one.community]) for one in change.gone],
            "moved": [
                {"from": _row(was, zones[was.community]), "to": _row(now, zones[now.community])}
                for was, now in change.moved
            ],
            "same": change.same,
        }
    return found


def _row(one: Replayed, zone: ZoneInfo) -> dict[str, Any]:
    """Times by the community's clock, with their offset from UTC."""
    row: dict[str, Any] = {
        "community": one.community,
        "post": one.post,
        "channel": one.channel,
        "occasion": one.occasion,
        "due": one.due.astimezone(zone).isoformat(),
        "state": JSON_STATES[one.state],
        "why": one.why,
        "at": None if one.at is None else one.at.astimezone(zone).isoformat(),
    }
    if one.at is not None:
        row |= {"members": one.members, "active": one.active, "wrote": one.wrote, "fresh": one.fresh}
    return row


def _by_post(rows: Sequence[Replayed]) -> dict[tuple[str, str], list[Replayed]]:
    found: dict[tuple[str, str], list[Replayed]] = defaultdict(list)
    for one in rows:
        found[one.community, one.post].append(one)
    return dict(sorted(found.items()))


def _summary(community: str, post: str, rows: Sequence[Replayed]) -> dict[str, Any]:
    states = Counter(one.state for one in rows)
    sent = [one for one in rows if one.state == "sent"]
    return {
        "community": community,
        "post": post,
        "sent": states["sent"],
        "held_back": states["held back"],
        "skipped": states["skipped"],
        "median_active": median(one.active for one in sent) if sent else None,
        "median_wrote": median(one.wrote for one in sent) if sent else None,
        "median_fresh": median(one.fresh for one in sent) if sent else None,
    }


def lines(communities: Sequence[Community], rows: Sequence[Replayed], since: str, until: str) -> Iterator[str]:
    """What would have gone out, a line each with its reason below, then a line per post."""
    for community in communities:
        zone = ZoneInfo(community.timezone)
        own = [one for one in rows if one.community == community.id]
        yield f"{community.name}: {since} to {until} ({community.timezone})"
        if not own:
            yield "  nothing would have gone out"
        for one in own:
            yield f"  {_when(one, zone)}  {one.post} in {one.channel}: {_what(one)}"
            if one.state == "sent":
                yield f"      {one.why}"
        yield from _totals(own)
        yield from map(_budget_line, _budgets(community, own))
        yield ""


def difference_lines(communities: Sequence[Community], change: Difference, directory: str) -> Iterator[str]:
    """What is different from the files in ``directory``."""
    zones = {community.id: ZoneInfo(community.timezone) for community in communities}
    counts = f"{len(change.added)} more, {len(change.gone)} fewer, {len(change.moved)} at another time or place"
    yield f"Against {directory}: {counts}, {change.same} the same"
    told = [
        (one, f"{sign} {_when(one, zones[one.community])}  {one.post} in {one.channel}")
        for sign, rows in (("+", change.added), ("-", change.gone))
        for one in rows
    ]
    for was, now in change.moved:
        zone = zones[now.community]
        place = f" from {was.channel}" if was.channel != now.channel else ""
        told.append((now, f"> {_when(now, zone)}  {now.post} in {now.channel}, was {_when(was, zone)}{place}"))
    yield from (f"  {line}" for _, line in sorted(told, key=lambda each: each[0].moment))


def _when(one: Replayed, zone: ZoneInfo) -> str:
    local = one.moment.astimezone(zone)
    return f"{local:%a} {local.day:2d} {local:%b %Y %H:%M}"


def _what(one: Replayed) -> str:
    if one.state != "sent":
        return f"{one.state}, {one.why}" if one.why else one.state
    fresh = f" ({one.fresh} fresh)" if one.fresh != one.wrote else ""
    return f"to {_people(one.members)}, {one.active} active; {one.wrote} wrote in the hour after{fresh}"


def _people(count: int) -> str:
    return "1 member" if count == 1 else f"{count:,} members"


def _budgets(community: Community, rows: Sequence[Replayed]) -> list[dict[str, Any]]:
    """For each discussion channel with posts: what a day allows, on how many days something went out, on how many it was all used."""
    allowed, zone = community.attention.channel_day, ZoneInfo(community.timezone)
    found = []
    for channel in community.channels.discussion:
        own = [one for one in rows if one.community == community.id and one.channel == channel]
        days = Counter(one.at.astimezone(zone).date() for one in own if one.at is not None)
        if own:
            spent = sum(count >= allowed for count in days.values())
            held = sum(one.state == "held back" for one in own)
            budget = {"channel": channel, "allowed": allowed, "days": len(days), "days_spent": spent, "held_back": held}
            found.append({"community": community.id} | budget)
    return found


def _budget_line(budget: dict[str, Any]) -> str:
    a_day = "1 post" if budget["allowed"] == 1 else f"{budget['allowed']} posts"
    used = f"all used on {budget['days_spent']} of {budget['days']} days"
    return f"  {budget['channel']}: {a_day} a day allowed, {used}; {budget['held_back']} held back"


def _totals(rows: Sequence[Replayed]) -> Iterator[str]:
    if rows:
        yield ""
    for (_, post), those in _by_post(rows).items():
        totals = _summary("", post, those)
        parts = [f"{totals['sent']} sent"]
        if totals["held_back"]:
            parts.append(f"{totals['held_back']} held back")
        if totals["skipped"]:
            parts.append(f"{totals['skipped']} skipped")
        after = f"; in the hour after, a median of {totals['median_wrote']:g} wrote" if totals["sent"] else ""
        yield f"  {post}: {', '.join(parts)}{after}"
