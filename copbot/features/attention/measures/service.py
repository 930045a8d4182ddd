"""The figures of attention, where people look at them: ``/cop status`` and the monthly report."""

from copbot.core.attention.rule import WEEK_US
from copbot.core.attention.terms import BUDGETED
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.core.report import Asked, Part
from copbot.core.time import to_us
from copbot.features.attention.measures import rules, views

LATELY_US = 4 * WEEK_US
"""What ``status`` looks back at."""


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """What members were sent in the last four weeks, and how they took it."""
    now_us = to_us(ctx.clock.now())
    return views.status(_figures(tx, community, now_us - LATELY_US, now_us))


def part(_ctx: Context, tx: Tx, asked: Asked) -> Part:
    """The report's section on a month; nothing in one that is about all that is stored: an imported history has no messages of ours."""
    if asked.is_everything:
        return Part()
    return Part(sections=views.sections(_figures(tx, asked.community, asked.since_us, asked.until_us)))


def _figures(tx: Tx, community: Community, since_us: int, until_us: int) -> rules.Figures:
    told = tx.ledger.told(BUDGETED, since_us - WEEK_US, until_us)
    outcomes = tx.ledger.decided(community.id, since_us, until_us)
    return rules.figures(community.id, told, since_us, until_us, outcomes, tx.ledger.opt_outs(since_us, until_us))
