"""The small row under each message that the bot starts: why this, less, off."""

from copbot.core.attention.terms import SUBJECT_OF, is_person
from copbot.core.blocks import sections
from copbot.core.delivery import Block, Outgoing
from copbot.core.personal import MESSAGE_BLOCKS, as_many_as
from copbot.core.ports import Context
from copbot.features.attention.views import row
from copbot.features.attention.words import words_to


def dressed(ctx: Context, outgoing: Outgoing) -> tuple[Block, ...]:
    """The blocks of a message as it is sent: with the row, where the bot writes to a member by itself.

    What takes the place of such a message keeps it, unless it answers what the member did: a word of thanks leaves nothing to press.
    Answers, a moderator's duties and what stands in channels have none; nor has what encloses files, which Slack shows without blocks.
    """
    is_plain = outgoing.encloses is None and outgoing.thread_of is None and outgoing.thread_us is None
    if not (is_plain and is_person(outgoing.target) and outgoing.kind in SUBJECT_OF):
        return outgoing.blocks
    with ctx.store.read() as tx:
        words = words_to(ctx, tx, outgoing.target, outgoing.community)
    blocks = outgoing.blocks or sections(outgoing.text)
    return (*as_many_as(blocks, MESSAGE_BLOCKS - 1), row(outgoing.updates or outgoing.key, words))
