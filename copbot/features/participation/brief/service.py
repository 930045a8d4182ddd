"""The week's brief to those who look after a community: once a week, never late by more than two days, or not at all."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context, Tx
from copbot.core.roles import looked_after_in, watched_channels
from copbot.core.time import DAY_US, from_us, to_us
from copbot.core.working_time import WorkingTime
from copbot.features.participation.brief import rules, views
from copbot.features.participation.levels.board import Board, evaluation_of, prepare_evaluation
from copbot.features.participation.rules import Calendar

NOTHING = "nothing to tell this week"

AHEAD_US = DAY_US // 24
"""How long before the brief its figures are worked out, which takes seconds in a very large community: posts go out at that hour too."""


def prepare(ctx: Context, now: datetime) -> None:
    """Work out beforehand what the briefs of the coming hour are made of."""
    for community in ctx.communities():
        due_us, _ = _due(ctx, community, now)
        if community.reports.brief and 0 < due_us - to_us(now) <= AHEAD_US:
            prepare_evaluation(ctx, community, _monday_us(community, now))


def plan_due(ctx: Context, now: datetime) -> None:
    """Plan each community's brief whose time has come; what there is nothing to tell of is noted, and not looked at again."""
    for community in ctx.communities():
        if not community.reports.brief:
            continue
        due_us, monday = _due(ctx, community, now)
        if not due_us <= to_us(now) < due_us + rules.LATE_US:
            continue
        targets = looked_after_in(ctx, community, _key(community, monday))
        with ctx.store.read() as tx:
            if not targets or tx.deliveries.known(targets):
                continue
            found = _written(ctx, tx, community, targets, monday, due_us)
        with ctx.store.begin() as tx:
            for outgoing, is_news in found:
                tx.deliveries.plan(outgoing)
                if not is_news:
                    tx.deliveries.cancel(outgoing.key, NOTHING)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When the next brief comes; one that is due was dealt with."""
    moments = [
        from_us(moment_us)
        for community in ctx.communities()
        if community.reports.brief
        for next_week in (False, True)
        if (moment_us := _due(ctx, community, now, next_week=next_week)[0]) > to_us(now)
    ]
    return min(moments, default=None)


def _due(ctx: Context, community: Community, now: datetime, *, next_week: bool = False) -> tuple[int, date]:
    zone, country = ZoneInfo(community.timezone), community.unanswered.skip_holidays
    is_holiday = (lambda day: ctx.holidays(country, day) is not None) if country else (lambda _day: False)
    working = WorkingTime(zone, community.unanswered.hours, is_holiday)
    return rules.due_us(now, zone, working, next_week)


def _monday_us(community: Community, now: datetime) -> int:
    return Calendar(ZoneInfo(community.timezone), to_us(now), to_us(now)).mondays[0]


def _key(community: Community, monday: date) -> str:
    return f"brief:{community.id}:{rules.week_named(monday)}"


def _written(
    ctx: Context, tx: Tx, community: Community, targets: dict[str, str], monday: date, due_us: int
) -> list[tuple[Outgoing, bool]]:
    """The brief to each target, and whether there is anything to tell."""
    now_us, monday_us = to_us(ctx.clock.now()), _monday_us(community, ctx.clock.now())
    open_cards = tx.cards.of(community.id, "open")
    waits = [card.ts_us for card in open_cards if not card.snoozed_until_us or card.snoozed_until_us <= now_us]
    board = evaluation_of(ctx, tx, community, monday_us)
    found = rules.brief(_still_silent(ctx, tx, community, board), waits, now_us, monday)
    text = views.text(community, monday)
    written = []
    for key, target in targets.items():
        name = partial(_name, tx) if target.startswith(("U", "W")) or tx.belonging.is_private(target) else None
        blocks = () if found is None else views.blocks(community, found, monday, name, ctx.command)
        outgoing = Outgoing(
            key=key,
            kind="report",
            target=target,
            text=text,
            blocks=blocks,
            community=community.id,
            due_us=now_us,
            expires_us=due_us + rules.LATE_US,
        )
        written.append((outgoing, found is not None))
    return written


def _still_silent(ctx: Context, tx: Tx, community: Community, board: Board) -> Board:
    """Without those who have written since Monday began."""
    channels = list(watched_channels(ctx, community))
    silent = tuple(one for one in board.silent if not tx.facts.has_posted(one[0], channels, board.at_us))
    return replace(board, silent=silent)


def _name(tx: Tx, user: str) -> str:
    """By name: a mention would tell them that they are talked of."""
    person = tx.facts.person(user)
    return escape(person.name if person and person.name else user)
