"""A member's settings on their own page."""

from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.features.attention.own_settings import own_settings
from copbot.features.attention.views import page


def settings(ctx: Context, tx: Tx, user: str) -> tuple[Block, ...]:
    return page(own_settings(ctx, tx, user))
