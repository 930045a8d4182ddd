"""What a member waits for, in the answer to ``/cop member``."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us
from copbot.features.threads.care import Care
from copbot.features.threads.views import listing


def member(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """Their questions, introductions and first messages that nobody has answered."""
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    waiting = [card for card in care.open_cards if card.author == user and care.outcome(card) is None]
    if not waiting:
        return ()
    told = "Waits for an answer:\n" + listing([care.shown(card) for card in waiting])
    return (section(told, verbatim=True),)
