"""What a member sees of the stories that they told, with what they may do about them."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.features.voices.stories import views
from copbot.features.voices.words import words_for

MOST_SHOWN = 3


def about(_ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    stories = [story for story in tx.stories.of(community.id, user) if story.state == "told"][:MOST_SHOWN]
    if not stories:
        return ()
    person = tx.facts.person(user) or Person(user)
    words = words_for(person.locale, community.language)
    blocks: list[Block] = [section(f"*{words.my_stories}*")]
    for story in stories:
        told = tx.stories.told(story.id)
        if told:
            blocks += views.own_blocks(views.own_text(story, told, words), story, told[-1].step, words)
    return tuple(blocks)
