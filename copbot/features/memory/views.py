"""How found threads look: the question's first line, who asked and when, who answered, and a way there."""

from collections.abc import Sequence

from copbot.core.blocks import actions, button, context, section
from copbot.core.delivery import Block
from copbot.core.mrkdwn import channel_link, day, escape, mention, readable, shorten
from copbot.core.ports.thread import FoundThread
from copbot.core.time import from_us

MORE, OPEN = "memory:more", "memory:open"

LINE_LIMIT = 140
WORDS_SHOWN = 60
ANSWERERS_SHOWN = 3

NOT_KEPT = "What people write is not kept here, so I cannot look through it: your coordinators decided that. Slack's own search can."


def found_text(words: str) -> str:
    return f"Answered threads with “{_typed(words)}”"


def found_blocks(
    words: str, found: Sequence[tuple[FoundThread, str | None]], more: str, *, is_first: bool
) -> tuple[Block, ...]:
    """``more``: the value of the button for the next page, "" where there is none."""
    title = f"*{found_text(words)}*, best first" if is_first else f"*{found_text(words)}*, next"
    rows = [_row(thread, link) for thread, link in found]
    end = actions(button("More", MORE, more)) if more else context("That is all I found.")
    return (section(title, verbatim=True), *rows, end)


def nothing_found(words: str, ask_in: str | None, *, after_some: bool) -> str:
    if after_some:
        return "There is no more. Fewer words find more."
    ask = f", or ask in {channel_link(ask_in)}: somebody will know" if ask_in else ""
    return f"No answered thread says “{_typed(words)}”. Try one word of it{ask}."


def _row(thread: FoundThread, link: str | None) -> Block:
    asked = f"{mention(thread.author)} in {channel_link(thread.channel)}, {day(from_us(thread.ts_us))}"
    row = section(f"*{_first_line(thread.text)}*\n{asked}. Answered by {_answerers(thread)}.", verbatim=True)
    if link is not None:
        row["accessory"] = button("Open", OPEN, url=link)
    return row


def _first_line(text: str | None) -> str:
    lines = (" ".join(line.split()) for line in readable(text or "").splitlines())
    first = next((line for line in lines if line), "")
    # what would end the bold type, or begin another one, is shown as its double
    return escape(shorten(first, LINE_LIMIT)).replace("*", "∗") or "A thread whose beginning is not kept"


def _answerers(thread: FoundThread) -> str:
    named = ", ".join(map(mention, thread.answerers[:ANSWERERS_SHOWN]))
    rest = len(thread.answerers) - ANSWERERS_SHOWN
    return f"{named} and {rest} more" if rest > 0 else named


def _typed(words: str) -> str:
    return escape(shorten(readable(words), WORDS_SHOWN))
