"""What can be chosen in a message's menu: "Watch this thread" and "Mark as answered".

On a reply both mean its thread. Who may is asked of who the person is now: moderators, and of an answer the question's author too, guest
or partner, for it is their question.
"""

from typing import NamedTuple

from copbot.core.blocks import actions, button, section
from copbot.core.interaction import ActionHandler, Answer, Press, Shortcut, ShortcutHandler, Who
from copbot.core.mrkdwn import channel_link, mention
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Root
from copbot.core.refusal import Refusal, refused
from copbot.core.roles import communities_watching, has_role, watched_channels
from copbot.core.time import MICROSECOND, in_words, to_us, ts_to_us, us_to_ts
from copbot.features.threads import rules
from copbot.features.threads.care import Care
from copbot.features.threads.changes import settle, watch

WATCH_ANYWAY = "threads:watch_anyway"

BY_AN_APP = "An app wrote this, so nobody waits here for an answer. My own questions I look after anyway."
NOT_FOUND = "I cannot find this thread any more: it was deleted, or it is older than what I have read."
ANSWERED = "It is marked as answered already."
MOST_NAMED = 8
NOT_YOURS = (
    "Moderators and the person who asked can do this. Do you know the answer? Write it in the thread, that settles it."
)


OUTSIDE = "I look after threads in the community's own channels only: {channels}."
NO_CARDS = "There is no moderators' channel in which I could show its card: `channels:` in community.yaml names one."
NOT_WAITING = "I do not wait for an answer here, so there is nothing to mark."


class _Thread(NamedTuple):
    """A thread in a watched channel, by the lights of one community."""

    care: Care
    root_us: int
    root: Root | None
    card: Card | None

    @property
    def author(self) -> str | None:
        return self.root.user if self.root is not None else None if self.card is None else self.card.author


def _watch(ctx: Context, tx: Tx, chosen: Shortcut) -> Answer:
    return _watched(ctx, tx, chosen, anyway=False)


def _watch_anyway(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The button below "it was answered already". Its value is a claim like any other."""
    channel, _, ts = press.value.partition("/")
    try:
        root_us = ts_to_us(ts)
    except ValueError:
        return Answer(NOT_FOUND, replaces=True)
    said = _watched(ctx, tx, Shortcut(press.user, "", channel, root_us, author=""), anyway=True)
    return Answer(said.text, replaces=True)


def _watched(ctx: Context, tx: Tx, chosen: Shortcut, *, anyway: bool) -> Answer:
    thread = _thread_of(ctx, tx, chosen)
    if thread is None:
        return _outside(ctx)
    care, card, root = thread.care, thread.card, thread.root
    if not has_role(ctx, care.community, chosen.user, "moderators"):
        return Answer(refused("moderators", care.community))
    if care.moderators is None:
        return Answer(NO_CARDS)
    if card is not None and card.state == "open":
        return Answer(f"It has a card already, in {channel_link(care.moderators)}.")
    if root is None:
        return Answer(BY_AN_APP if chosen.author is None or card is not None else NOT_FOUND)
    if root.answer_us is not None and not anyway:
        return _answered_already(care, root)
    if watch(ctx, tx, care.community, chosen.channel, thread.root_us, chosen.user) is None:
        return Answer(NOT_FOUND)
    what = "" if chosen.thread_us is None else "the thread that this belongs to, "
    return Answer(f"I keep an eye on it: {what}with a card in {channel_link(care.moderators)}.")


def _answered_already(care: Care, root: Root) -> Answer:
    assert root.answer_us is not None
    ago = in_words((care.now_us - root.answer_us) * MICROSECOND)
    who = mention(root.answer_user) if root.answer_user else "Somebody"
    text = f"{who} answered it {ago} ago, so it has no card. Is that not enough?"
    value = f"{root.channel}/{us_to_ts(root.ts_us)}"
    return Answer(text, (section(text, verbatim=True), actions(button("Watch it all the same", WATCH_ANYWAY, value))))


def _mark_answered(ctx: Context, tx: Tx, chosen: Shortcut) -> Answer:
    thread = _thread_of(ctx, tx, chosen)
    if thread is None:
        return _outside(ctx)
    is_moderator = has_role(ctx, thread.care.community, chosen.user, "moderators")
    if not is_moderator and chosen.user != thread.author:
        return Answer(Refusal(NOT_YOURS, thread.care.community.id))
    card = thread.card if thread.card is not None and thread.card.state == "open" else None
    if card is None:
        said = _why_nothing_waits(thread, chosen)
        if said:
            return Answer(said)
        card = _card_to_close(thread)
    if card is None:
        return Answer(NOT_FOUND)
    by = chosen.author if chosen.thread_us is not None and chosen.author != thread.author else None
    settle(thread.care, card, "answered", chosen.user, answered_by=by)
    return Answer(f"Noted as answered{f' by {mention(by)}' if by else ''}. Nobody needs to look after it any more.")


def _why_nothing_waits(thread: _Thread, chosen: Shortcut) -> str:
    """Why there is nothing to mark in a thread without an open card; "" where its question only has none yet."""
    root, card = thread.root, thread.card
    if root is not None and root.answer_us is not None:
        return f"It has an answer already, by {mention(root.answer_user)}." if root.answer_user else ANSWERED
    if card is not None:
        return {"answered": ANSWERED, "dismissed": "It was set aside already."}.get(card.state, NOT_WAITING)
    if root is None:
        return BY_AN_APP if chosen.author is None else NOT_FOUND
    return "" if root.asks else NOT_WAITING


def _card_to_close(thread: _Thread) -> Card | None:
    """A card of a question that is too young for one, so that it gets none later: it is closed before anybody sees it."""
    care, root = thread.care, thread.root
    if root is None:
        return None
    key = rules.message_key(care.community.id, root.channel, root.ts_us)
    return care.tx.cards.open(
        care.community.id, root.channel, root.ts_us, root.user, "member", root.why, care.now_us, key
    )


def _thread_of(ctx: Context, tx: Tx, chosen: Shortcut) -> _Thread | None:
    """None where no community looks after the channel."""
    communities = communities_watching(ctx, chosen.channel, chosen.user)
    if not communities:
        return None
    care = Care(ctx, tx, communities[0], to_us(ctx.clock.now()))
    root = tx.facts.root(chosen.channel, chosen.root_us)
    return _Thread(care, chosen.root_us, root, care.card_with(chosen.channel, chosen.root_us))


def _outside(ctx: Context) -> Answer:
    """By the public names that the coordinators gave: links to the channels, which tell nothing of those one is not in."""
    channels = dict.fromkeys(channel for c in ctx.communities() for channel in watched_channels(ctx, c))
    named = ", ".join(map(channel_link, list(channels)[:MOST_NAMED]))
    return Answer(OUTSIDE.format(channels=named or "none yet"))


SHORTCUTS: dict[str, ShortcutHandler] = {"threads_watch": _watch, "threads_answered": _mark_answered}
SHORTCUT_ACTIONS: dict[str, ActionHandler] = {WATCH_ANYWAY: _watch_anyway}
SHORTCUT_GUARDED: dict[str, Who] = {WATCH_ANYWAY: "moderators"}
