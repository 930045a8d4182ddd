"""Open cases at a glance: in ``status``, and in what a moderator has to do today. Who may not see a case does not see that there is one."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link
from copbot.core.ports import Context, Tx
from copbot.core.ports.case import Case
from copbot.core.time import to_us
from copbot.features.moderation.docket import card_key, days_open
from copbot.features.moderation.people import is_about_moderator, may_see

LISTED = 5


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """How many cases are open, of those that every moderator may see."""
    cases = [c for c in tx.cases.open_in(community.id) if not is_about_moderator(ctx, tx, community, c.author)]
    if not cases:
        return ()
    return (section(f"{_several(cases)}, {_oldest(cases, to_us(ctx.clock.now()))}."),)


def today(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    cases = [case for case in tx.cases.open_in(community.id) if may_see(ctx, tx, community, case, user)]
    if not cases:
        return ()
    now_us = to_us(ctx.clock.now())
    lines = [f"{_several(cases)}, {_oldest(cases, now_us)}."]
    lines += [f"• {_line(ctx, tx, case, user, now_us)}" for case in cases[:LISTED]]
    if len(cases) > LISTED:
        lines.append(f"…and {len(cases) - LISTED} more.")
    return (section("\n".join(lines), verbatim=True),)


def _several(cases: list[Case]) -> str:
    what = "1 case is open" if len(cases) == 1 else f"{len(cases)} cases are open"
    return f":triangular_flag_on_post: {what}"


def _oldest(cases: list[Case], now_us: int) -> str:
    days = days_open(cases[0], now_us)
    since = "since today" if days == 0 else f"for {days} day{'s' * (days > 1)}"
    return since if len(cases) == 1 else f"the oldest {since}"


def _line(ctx: Context, tx: Tx, case: Case, user: str, now_us: int) -> str:
    """With a link to where its card stands: in the moderators' channel, or in this person's own messages."""
    where = f"A message in {channel_link(case.channel)}, {_oldest([case], now_us)}"
    for target in case.shown_to:
        standing = tx.deliveries.get(card_key(case, target))
        if (
            standing is None
            or standing.channel is None
            or standing.ts_us is None
            or target not in (user, standing.channel)
        ):
            continue
        link = ctx.permalink(standing.channel, standing.ts_us)
        return f"{where}: <{link}|open its card>" if link else where
    return where
