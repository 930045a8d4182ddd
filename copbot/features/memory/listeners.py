"""``/cop find WORDS``: answered threads, best first, in the channels that this person may read."""

from copbot.core.community import Community
from copbot.core.interaction import ActionHandler, Answer, Call, Command, Press
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for, watched_channels
from copbot.features.memory import views

PAGE = 5
WORDS_LIMIT = 200
"""Characters of a search that are looked for: a whole message pasted into it is found by its beginning."""


def _find(ctx: Context, tx: Tx, call: Call) -> Answer:
    return _answer(ctx, tx, call.user, call.channel, call.argument, 0, reads_here=True)


def _more(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The next page, in the place of the one before. What the button carries is typed words and a number like any other, and that they
    could read the channel when they typed them tells nothing of now."""
    offset, _, words = press.value.partition(" ")
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 5 else 0
    answer = _answer(ctx, tx, press.user, press.channel or "", words, start, reads_here=False)
    return Answer(answer.text, answer.blocks, replaces=True)


def _opened(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    """A button that is a link: Slack opens it, and only wants to hear that the press arrived."""
    return Answer()


def _answer(ctx: Context, tx: Tx, user: str, here: str, typed: str, start: int, *, reads_here: bool) -> Answer:
    """``here``: the channel in which they search; ``reads_here``: they are in it at this moment."""
    words = " ".join(typed.split())[:WORDS_LIMIT]
    if not words:
        return Answer(f"What are you looking for? Write a word or two: `{ctx.command} find linking registers`.")
    communities = communities_for(ctx, user, "everyone", here)
    kept = [community for community in communities if community.privacy.keep_text != "none"]
    if not kept:
        return Answer(views.NOT_KEPT)
    watched = {channel for community in kept for channel in watched_channels(ctx, community)}
    readable = tx.memory.visible(user, watched) | ({here} & watched if reads_here else set())
    found = tx.memory.find(words, readable, PAGE + 1, start)
    if not found:
        return Answer(views.nothing_found(words, _ask_in(ctx, kept), after_some=start > 0))
    links = [ctx.permalink(thread.channel, thread.ts_us) for thread in found]
    more = f"{start + PAGE} {words}" if len(found) > PAGE else ""
    shown = list(zip(found, links, strict=True))[:PAGE]
    return Answer(views.found_text(words), views.found_blocks(words, shown, more, is_first=start == 0))


def _ask_in(ctx: Context, communities: list[Community]) -> str | None:
    """Where to ask instead: the first discussion channel."""
    references = (reference for community in communities for reference in community.channels.discussion)
    return next(filter(None, map(ctx.directory.channel, references)), None)


COMMANDS = (
    Command(
        "find",
        "everyone",
        "answered threads with these words",
        _find,
        "WORDS",
        writes=False,
        example="linking registers",
    ),
)
ACTIONS: dict[str, ActionHandler] = {views.MORE: _more, views.OPEN: _opened}
