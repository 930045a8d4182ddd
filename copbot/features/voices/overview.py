"""What coordinators see of surveys and stories on their Home tab."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape
from copbot.core.ports import Context, Tx
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.time import DAY_US, to_us

LATELY_US = 31 * DAY_US


def picture(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """A survey that is open or waits for a promise, and how many stories were told of late."""
    now_us = to_us(ctx.clock.now())
    lines: list[str] = []
    latest = tx.pulses.latest(community.id)
    if latest is not None and latest.told_us is None:
        answers = tx.pulses.result(latest).answers
        took_part = f"{answers} of {latest.asked} have answered" if latest.asked else f"{answers} have answered"
        lines.append(f"A pulse survey is open: {took_part}.")
    elif latest is not None and not latest.action and tx.pulses.result(latest).answers >= FEWEST_SHOWN:
        lines.append("The last pulse survey has no promise yet: what will you do about it?")
    elif latest is not None and latest.action:
        lines.append(f"You promised after the last pulse survey: {escape(latest.action)}")
    count = len(tx.stories.shared(community.id, now_us - LATELY_US, now_us + 1))
    if count:
        lines.append(f"{count} {'story' if count == 1 else 'stories'} of what helped came in over the last month.")
    return (section("\n".join(lines), verbatim=True),) if lines else ()
