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
    return _answer(ctx, tx, call.user, call.channel, call.argument, 0)


def _more(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The next page, in the place of the one before. What the button carries is typed words and a number like any other."""
    offset, _, words = press.value.partition(" ")
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 5 else 0
    answer = _answer(ctx, tx, press.user, press.channel or "", words, start)
    return Answer(answer.text, answer.blocks, replaces=True)


def _opened(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    """A button that is a link: Slack opens it, and only wants to hear that the press arrived."""
    return Answer()


def _answer(ctx: Context, tx: Tx, user: str, here: str, typed: str, start: int) -> Answer:
    words = " ".join(typed.split())[:WORDS_LIMIT]
    if not words:
        return Answer(f"What are you looking for? Write a word or two: `{ctx.command} find linking registers`.")
    communities = communities_for(ctx, user, "everyone", here)
    kept = [community for community in communities if community.privacy.keep_text != "none"]
    if not kept:
        return Answer(views.NOT_KEPT)
    found = tx.memory.find(words, _readable(ctx, tx, kept, user, here), PAGE + 1, start)
    if not found:
        return Answer(views.nothing_found(words, _ask_in(ctx, kept), after_some=start > 0))
    links = [ctx.permalink(thread.channel, thread.ts_us) for thread in found]
    more = f"{start + PAGE} {words}" if len(found) > PAGE else ""
    shown = list(zip(found, links, strict=True))[:PAGE]
    return Answer(views.found_text(words), views.found_blocks(words, shown, more, is_first=start == 0))


def _readable(ctx: Context, tx: Tx, communities: list[Community], user: str, here: str) -> frozenset[str]:
    """The watched channels that this person may read; that in which they type is one of them."""
    watched = {channel for community in communities for channel in watched_channels(ctx, community)}
    return tx.memory.visible(user, watched) | ({here} & watched)


def _ask_in(ctx: Context, communities: list[Community]) -> str | None:
    """Where to ask instead: the first discussion channel."""
    references = (reference for community in communities for reference in community.channels.discussion)
    return next(filter(None, map(ctx.directory.channel, references)), None)


COMMANDS = (Command("find", "everyone", "answered threads with these words", _find, "WORDS", writes=False),)
ACTIONS: dict[str, ActionHandler] = {views.MORE: _more, views.OPEN: _opened}
