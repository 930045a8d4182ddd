"""The report by itself, to each coordinator on the first working day of the month; and ``/cop report``, for one who asks.

Both say what is to come and enclose it: the report is made when it is sent, so that nothing else waits for it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.interaction import Answer, Call, Command
from copbot.core.months import Month, month_named, month_of
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context, Tx
from copbot.core.records import Scope
from copbot.core.refusal import COORDINATORS_ONLY
from copbot.core.reports import asked_of
from copbot.core.roles import communities_for
from copbot.core.time import DAY_US, from_us, to_us
from copbot.core.working_time import WorkingTime

MORNING = time(9)
"""By the community's clock. Coordinators' duties keep no quiet hours, but nobody reads a report at night."""

LATE_US = 5 * DAY_US
"""How late it may still come after an absence; ``/cop report`` has it at any time."""

DAYS_LOOKED_AT = 15


def plan_due(ctx: Context, now: datetime) -> None:
    """Plan each community's report on the last month, for each coordinator; of a month in which nobody wrote there is none."""
    for community in ctx.communities():
        if not community.reports.monthly:
            continue
        zone = ZoneInfo(community.timezone)
        running = month_of(now, zone)
        due_us = _due_us(ctx, community, running)
        if not due_us <= to_us(now) < due_us + LATE_US:
            continue
        planned = _planned(ctx, community, running.plus(-1), due_us)
        with ctx.store.read() as tx:
            known = tx.deliveries.known([outgoing.key for outgoing in planned])
            wanted = [outgoing for outgoing in planned if outgoing.key not in known]
            if not wanted or not _has_messages(ctx, tx, community, running.plus(-1)):
                continue
        with ctx.store.begin() as tx:
            for outgoing in wanted:
                tx.deliveries.plan(outgoing)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When the next reports come; those that are due were dealt with."""
    moments = [
        from_us(due_us)
        for community in ctx.communities()
        if community.reports.monthly
        for ahead in (0, 1)
        if (due_us := _due_us(ctx, community, month_of(now, ZoneInfo(community.timezone)).plus(ahead))) > to_us(now)
    ]
    return min(moments, default=None)


def _due_us(ctx: Context, community: Community, month: Month) -> int:
    """The morning of the first working day of a month; its first day where none of the first two weeks is one."""
    zone, country = ZoneInfo(community.timezone), community.unanswered.skip_holidays
    working = WorkingTime(zone, community.unanswered.hours)
    first = date(month.year, month.number, 1)
    days = (first + timedelta(days=number) for number in range(DAYS_LOOKED_AT))
    found = (day for day in days if working.works_on(day) and not (country and ctx.holidays(country, day)))
    return to_us(datetime.combine(next(found, first), MORNING, zone))


def _planned(ctx: Context, community: Community, month: Month, due_us: int) -> list[Outgoing]:
    return [
        Outgoing(
            key=f"monthly:{community.id}:{month.key}:{user}",
            kind="report",
            target=user,
            text=(
                f"The report on {month.name} of *{escape(community.name)}* could not be put together. "
                f"`{ctx.command} report {month.key}` tries again."
            ),
            community=community.id,
            due_us=due_us,
            expires_us=due_us + LATE_US,
            encloses=_named(community, month),
        )
        for user in sorted(ctx.directory.people(community.roles.coordinators))
    ]


def _named(community: Community, month: Month) -> str:
    return f"{community.id}-{month.key}"


def _has_messages(ctx: Context, tx: Tx, community: Community, month: Month) -> bool:
    asked = asked_of(ctx, community, month)
    return tx.figures.first_message_us(Scope(asked.since_us, asked.until_us, asked.channels)) is not None


def _report(ctx: Context, _tx: Tx, call: Call) -> Answer:
    """``/cop report [MONTH]``: of the community whose channel it is typed in, else of all that the person coordinates, one after the
    other where they ask in each."""
    communities = communities_for(ctx, call.user, "coordinators", call.channel)
    if not communities:
        return Answer(COORDINATORS_ONLY)
    name, _, rest = call.argument.partition(" ")
    named = [community for community in communities if community.id == name]
    if len(communities) > 1 and not named:
        known = ", ".join(f"`{ctx.command} report {community.id}`" for community in communities)
        return Answer(f"Which community? {known}, or type it in one of its channels.")
    community = named[0] if named else communities[0]
    zone = ZoneInfo(community.timezone)
    try:
        month = month_named(rest if named else call.argument, ctx.clock.now(), zone)
    except Mistake as mistake:
        return Answer(escape(str(mistake)))
    so_far = " so far" if month == month_of(ctx.clock.now(), zone) else ""
    text = f"I am putting the report on {month.name}{so_far} together. It comes as a direct message in a moment."
    return Answer(text, encloses=_named(community, month))


COMMANDS = (
    Command(
        *("report", "coordinators", "a month in figures and pictures", _report, "[MONTH]"),
        writes=False,
        example="2026-10",
    ),
)
