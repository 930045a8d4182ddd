"""``copbot plan``: what will go out to whom in the coming days, on which budget, and what would be held back. Nothing is sent or recorded.

What lies ahead is as things stand now: nobody answers, presses or joins meanwhile. What is only made when its hour has come (digests,
briefs, reports) is told with that condition. All that goes to one member is held against one account, by the rule that sends it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from copbot.adapters.files import load
from copbot.commands.replaying import AsWritten
from copbot.core.attention import GOVERNED, decide_account
from copbot.core.attention.rule import WEEK_US
from copbot.core.attention.terms import TERMS
from copbot.core.community import Community
from copbot.core.delivery import Kind
from copbot.core.errors import Mistake
from copbot.core.ports import Clock, Context, Tx
from copbot.core.ports.attention import Decision, Entry
from copbot.core.records import Person
from copbot.core.report import counted
from copbot.core.time import from_us, in_words, to_us
from copbot.features.digest.schedule import digests_between
from copbot.features.onboarding.follow_up.outline import TO_WHOM
from copbot.features.onboarding.follow_up.steps import coming as coming_steps
from copbot.features.onboarding.service import reception_of
from copbot.features.participation.brief import service as brief
from copbot.features.participation.report import monthly
from copbot.features.rhythm.rehearsal.plan import PlannedPost, planned
from copbot.settings import Settings
from copbot.stores import looking
from copbot.terminal import bold, faint, is_styled

MOST_POSTS = 500
"""Occasions looked at in one community."""

MOST_DAYS = 366

SHOWN_AT_ONCE = 5
"""Of one kind on one day so many people stand by name in the text; more are counted. The document has all."""

OUTCOMES = {
    "go": "goes out",
    "wait": "waits",
    "digest": "joins the digest",
    "expired": "held back",
    "never": "held back",
}


@dataclass(frozen=True)
class Row:
    """One message that is to come. ``at``: when it goes out, or would have; local to its community. ``opens``: from when on it may, where
    it waits for people to write. ``to``: a channel, a member's name, or those who look after the community; ``user``: a member's ID.
    ``delivery`` is the key of what is planned already. ``budget``: what of whose budget it takes, in words."""

    at: datetime
    community: str
    kind: str
    name: str
    to: str
    outcome: str
    why: str
    budget: str
    opens: datetime | None = None
    user: str | None = None
    delivery: str | None = None

    def as_json(self) -> dict[str, Any]:
        found = asdict(self) | {
            "at": self.at.isoformat(),
            "opens": None if self.opens is None else self.opens.isoformat(),
        }
        return {key: value for key, value in found.items() if value is not None}


@dataclass(frozen=True)
class Plan:
    since: datetime
    until: datetime
    rows: Sequence[Row]
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "planned": [row.as_json() for row in self.rows],
        }


def plan(settings: Settings, clock: Clock, days: int = 14, community: str = "") -> Plan:
    """What comes in the next ``days``. Raises Mistake, in one line, for files or arguments that are not in order."""
    if not 1 <= days <= MOST_DAYS:
        raise Mistake(f"--days {days}: write a number from 1 to {MOST_DAYS}")
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    if found.problems:
        raise Mistake(f"{found.problems[0]} (`copbot check` shows all)")
    chosen = [one for one in found.communities if community in ("", one.id)]
    if not chosen:
        known = ", ".join(one.id for one in found.communities)
        raise Mistake(f"--community {community}: there is no such community: there is {known}")
    with looking(settings, clock, found) as (stored, remark):
        ctx = replace(stored, directory=AsWritten(stored.directory))
        now = clock.now()
        until = now + timedelta(days=days)
        with ctx.store.read() as tx:
            rows = what_comes(ctx, tx, chosen, now, until)
    return Plan(now, until, rows, remark)


def what_comes(ctx: Context, tx: Tx, communities: Sequence[Community], now: datetime, until: datetime) -> list[Row]:
    """All that comes of these communities, the soonest first. What others send to the same members takes its room too."""
    wanted: dict[str, list[_Wanted]] = defaultdict(list)
    rows: list[Row] = []
    for community in ctx.communities():
        told: list[Row] = []
        for user, one in [*_follow_ups(ctx, tx, community, now, told), *_digests(ctx, tx, community, now, until)]:
            wanted[user].append(one)
        if community in communities:
            rows += [_of_post(ctx, community, one) for one in planned(ctx, tx, community, now, until, MOST_POSTS)]
            rows += [*_reports(ctx, community, now, until), *told]
    rows += _to_members(ctx, tx, {one.id: one for one in communities}, wanted, now)
    return sorted((row for row in rows if row.at <= until), key=lambda row: (row.at, row.community, row.kind, row.to))


# --- channels and those who look after a community --------------------------------------------------------------------


def _of_post(ctx: Context, community: Community, one: PlannedPost) -> Row:
    budget = (
        "no budget" if one.allowed is None else f"{min(one.used or 0, one.allowed)} of {one.allowed} posts that day"
    )
    reference = one.post.channel
    place = reference if reference.startswith("#") else f"#{ctx.directory.channel_name(reference)}"
    opens = None if one.opens == one.at else one.opens
    return Row(one.at, community.id, "post", one.post.id, place, one.outcome, one.why, budget, opens)


def _reports(ctx: Context, community: Community, now: datetime, until: datetime) -> Iterator[Row]:
    one, zone, free = replace(ctx, communities=lambda: (community,)), ZoneInfo(community.timezone), "free: a duty"
    for name, to, why, next_due in (
        ("brief", "moderators", "if there is anything to tell of the week", brief.next_due),
        ("report", "coordinators", "on the month before, on the first working day", monthly.next_due),
    ):
        at = next_due(one, now)
        while at is not None and at <= until:
            yield Row(at.astimezone(zone), community.id, "report", name, to, "goes out", why, free)
            at = next_due(one, at + timedelta(seconds=1))


# --- members ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    """A message that is not planned yet, for one member, with what is to be told of it."""

    community: Community
    kind: Kind
    name: str
    at: datetime
    why: str


def _follow_ups(
    ctx: Context, tx: Tx, community: Community, now: datetime, rows: list[Row]
) -> Iterator[tuple[str, _Wanted]]:
    """The onboarding steps to newcomers; those that tell the moderators of one are added to ``rows``."""
    reception, zone = reception_of(ctx, tx, community.id, now), ZoneInfo(community.timezone)
    for at, step in [] if reception is None else coming_steps(reception):
        follow_up, user = step.follow_up, step.person.user
        condition = f", to {TO_WHOM[follow_up.condition]}" if follow_up.condition else ""
        why = f"{in_words(follow_up.after)} after the welcome{condition}"
        if follow_up.tell_moderators:
            told = f"of {step.person.name or user}: {why}"
            rows.append(
                Row(
                    at.astimezone(zone),
                    community.id,
                    "notice",
                    "follow-up",
                    "moderators",
                    "goes out",
                    told,
                    "free: a duty",
                )
            )
            continue
        yield user, _Wanted(community, "onboarding", f"follow-up after {in_words(follow_up.after)}", at, why)


def _digests(
    ctx: Context, tx: Tx, community: Community, now: datetime, until: datetime
) -> Iterator[tuple[str, _Wanted]]:
    for at, user in digests_between(ctx, tx, community, now, until):
        yield (
            user,
            _Wanted(community, "digest", "digest", at, "at their own hour, if there is anything that they did not see"),
        )


def _to_members(
    ctx: Context, tx: Tx, communities: Mapping[str, Community], wanted: Mapping[str, list[_Wanted]], now: datetime
) -> Iterator[Row]:
    accounts = tx.ledger.accounts(GOVERNED, to_us(now) - WEEK_US)
    users = sorted(accounts.keys() | wanted.keys())
    preferences = tx.preferences.of_many(users)
    for user in users:
        person = tx.facts.person(user) or Person(user)
        entries = accounts.get(user) or tx.ledger.account(user, GOVERNED, to_us(now) - WEEK_US)
        more = {-number: one for number, one in enumerate(wanted.get(user, ()), 1)}
        new = [_entry(number, one) for number, one in more.items()]
        decided = decide_account(ctx.communities(), person, [*entries, *new], preferences[user], to_us(now))
        for entry, decision in decided:
            community = communities.get(entry.community or "")
            if community is not None:
                yield _of_member(community, person, entry, decision, more.get(entry.id))


def _entry(number: int, one: _Wanted) -> Entry:
    at_us = to_us(one.at)
    return Entry(number, "", one.kind, one.community.id, at_us, at_us)


def _of_member(community: Community, person: Person, entry: Entry, decision: Decision, wanted: _Wanted | None) -> Row:
    zone = ZoneInfo(community.timezone)
    at_us = decision.at_us if decision.at_us is not None else max(entry.wanted_us, entry.due_us)
    is_on_time = decision.outcome == "go" or (decision.outcome == "wait" and at_us == entry.wanted_us)
    why = wanted.why if wanted is not None and is_on_time else decision.why
    return Row(
        at=from_us(at_us).astimezone(zone),
        community=community.id,
        kind=entry.kind,
        name=entry.kind if wanted is None else wanted.name,
        to=person.name or person.user,
        outcome="goes out" if is_on_time else OUTCOMES[decision.outcome],
        why=why,
        budget=_budget(community, entry.kind),
        user=person.user,
        delivery=entry.key or None,
    )


def _budget(community: Community, kind: Kind) -> str:
    if not TERMS[kind].is_budgeted:
        return "free"
    return f"1 of {community.attention.member_day} a day and {community.attention.member_week} a week"


# --- as text ----------------------------------------------------------------------------------------------------------


def lines(found: Plan) -> Iterator[str]:
    """The plan for a terminal, day by day; each community's by its own clocks, so that a day stands there once."""
    styled = is_styled()
    by_the_clock = sorted(found.rows, key=lambda row: row.at.replace(tzinfo=None))
    for day, rows in groupby(by_the_clock, key=lambda row: row.at.date()):
        yield bold(f"{day:%a} {day.day} {day:%b %Y}", styled)
        for some in _together(list(rows)):
            yield from _shown(some, styled)
        yield ""
    yield _summary(found)
    if found.remark:
        yield faint(f"({found.remark})", styled)


def _summary(found: Plan) -> str:
    held = sum(row.outcome not in ("goes out", "waits") for row in found.rows)
    days = counted((found.until - found.since).days, "day")
    if not found.rows:
        return f"Nothing is planned in the next {days}."
    rest = f"{held} of them would not go out by themselves" if held else "nothing would be held back"
    return f"{counted(len(found.rows), 'message')} in {days}; {rest}."


def _together(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of a day, those of one kind to many members as one; where something stands in the way, those with one reason."""
    many: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        reason = "" if row.outcome == "goes out" else row.why
        rest = (row.outcome, reason) if row.user else (row.name, str(row.at))
        alike = (row.community, row.kind, *rest)
        many[alike].append(row)
    for some in many.values():
        yield from [some] if len(some) > SHOWN_AT_ONCE else [[row] for row in some]


def _shown(rows: Sequence[Row], styled: bool) -> Iterator[str]:
    first, last = rows[0], rows[-1]
    when = f"{first.opens:%H:%M}-{first.at:%H:%M}" if first.opens is not None else f"{first.at:%H:%M}"
    if len(rows) > 1:
        when, to, name = f"{first.at:%H:%M}-{last.at:%H:%M}", f"{len(rows)} members", first.kind
    else:
        to, name = first.to, first.name or first.kind
    outcome = first.outcome if first.outcome == "goes out" else f"{first.outcome.upper()}"
    yield f"  {when:<11}  {name} to {to}  ({first.community}): {outcome}"
    yield faint(f"               {first.why}; {first.budget}", styled)
