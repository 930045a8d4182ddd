"""How the moderators' list of what waits looks."""

from collections.abc import Sequence

from copbot.core.blocks import actions, button, context, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, escape
from copbot.features.threads.subjects import Page
from copbot.features.threads.views import Shown, listing, open_blocks

BACK, NEXT = "threads:back", "threads:next"

A_PAGE = 5


def text_of(heading: str, shown: Sequence[Shown]) -> str:
    """The list as plain lines, for notifications and screen readers."""
    return f"{heading}\n{listing(shown)}" if shown else heading


def blocks_of(heading: str, shown: Sequence[tuple[Shown, str]], page: Page, total: int, note: str) -> tuple[Block, ...]:
    """``shown``: each with the name of its community where there are several; ``note``: what was just done."""
    blocks: list[Block] = [section(f"{note}\n{heading}".strip(), verbatim=True)]
    for one, community in shown:
        blocks += [{"type": "divider"}, *open_blocks(one, page, community)]
    turns = []
    if page.start > 0:
        turns.append(button("Back", BACK, str(Page(page.whose, page.channel, max(0, page.start - A_PAGE)))))
    rest = total - page.start - len(shown)
    if rest > 0:
        turns.append(
            button(f"Next {min(A_PAGE, rest)}", NEXT, str(Page(page.whose, page.channel, page.start + A_PAGE)))
        )
    if turns:
        last = page.start + len(shown)
        blocks += [{"type": "divider"}, context(f"{page.start + 1:,}-{last:,} of {total:,}"), actions(*turns)]
    return tuple(blocks)


def heading_of(name: str, page: Page, total: int) -> str:
    """``name`` of the one community, or empty where several are shown together."""
    where = " in ".join(
        filter(None, [f"*{escape(name)}*" if name else "", channel_link(page.channel) if page.channel else ""])
    )
    start = f"{where}: " if where else ""
    if not total:
        return f"{start}{'nothing waits for you.' if page.whose == 'mine' else 'every question has an answer.'}"
    whose = "of yours " if page.whose == "mine" else ""
    return f"{start}{total:,} {whose}waiting for an answer, first messages first, then the oldest"


def usage(command: str) -> str:
    return f"`{command} unanswered [#channel] [mine|all]`"
