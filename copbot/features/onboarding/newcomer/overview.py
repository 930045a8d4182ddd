"""The newcomers' part of ``/cop status``, of ``/cop member``, and of a moderator's day on the Home tab."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import mention
from copbot.core.ports import Context, Tx
from copbot.features.onboarding.newcomer import service, views
from copbot.features.onboarding.service import reception_of

LISTED = 5


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """How many were welcomed of late, which are not all who joined, how far they came, and who waits."""
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    if reception is None:
        return ()
    sums = service.sums(reception)
    if not sums.joined:
        return (section(":wave: I welcomed nobody in the last 30 days."),)
    told = f":wave: I welcomed {sums.joined} in the last 30 days: {sums.answered} answered, {sums.wrote} wrote."
    waits = f" {sums.waiting} {'waits' if sums.waiting == 1 else 'wait'} for one of you: `{ctx.command} newcomers`"
    return (section(told + (waits if sums.waiting else "")),)


def today(ctx: Context, tx: Tx, community: Community, _user: str) -> tuple[Block, ...]:
    """The newcomers to whom nobody has said hello yet."""
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    waiting = service.waiting(reception) if reception is not None else []
    if not waiting:
        return ()
    lines = [f"• {mention(one.user)}, {views.waits(one)}" for one in waiting[:LISTED]]
    more = [f"… and {len(waiting) - LISTED} more: `{ctx.command} newcomers`"] if len(waiting) > LISTED else []
    return (section("\n".join([":wave: Newcomers wait for a hello:", *lines, *more]), verbatim=True),)


def member(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """How far somebody came who was welcomed."""
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    journey = tx.journeys.get(community.id, user)
    if reception is None or journey is None:
        return ()
    told = views.how_far(service.newcomer(reception, journey))
    return (section(f"Welcomed {service.since(reception, journey.started_us)} ago: {told}", verbatim=True),)
