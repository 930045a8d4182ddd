"""What a member waits for, in the answer to ``/cop member``."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us
from copbot.features.threads.care import Care
from copbot.features.threads.views import listing

LISTED = 3


def member(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """Their questions, introductions and first messages that nobody has answered."""
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    waiting = tx.cards.waiting_for(community.id, [user])
    if not waiting:
        return ()
    lines = ["Waits for an answer:", listing([care.shown(card) for card in waiting[:LISTED]])]
    if len(waiting) > LISTED:
        lines.append(f"…and {len(waiting) - LISTED:,} more.")
    return (section("\n".join(lines), verbatim=True),)
