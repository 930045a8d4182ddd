"""What waits for an answer, in a moderator's day on the Home tab: theirs first, the rest behind the command."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us
from copbot.features.threads.care import Care
from copbot.features.threads.queue.service import Line, young
from copbot.features.threads.views import listing

LISTED = 3


def today(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    line = Line(care, young(care))
    first, total = line.first(None, LISTED)
    if not total:
        return ()
    mine, how_many_mine = line.first(user, LISTED)
    shown = {(one.card.channel, one.card.ts_us): one for one in (*mine, *first)}
    waits = "1 thread waits for an answer" if total == 1 else f"{total:,} threads wait for an answer"
    yours = f", {how_many_mine:,} {'is' if how_many_mine == 1 else 'are'} yours" if how_many_mine else ""
    command = f"`{ctx.command} unanswered{' mine' if how_many_mine else ''}`"
    lines = [f":speech_balloon: {waits}{yours}: {command}", listing(list(shown.values())[:LISTED])]
    return (section("\n".join(lines), verbatim=True),)
