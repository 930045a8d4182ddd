"""The list of suggested questions that moderators page through, a few at a time."""

from copbot.core.interaction import Answer, Call, Press
from copbot.core.ports import Context, Tx
from copbot.core.refusal import MODERATORS_ONLY, Refusal
from copbot.core.roles import communities_for
from copbot.features.rhythm.suggestions import views
from copbot.features.rhythm.suggestions.desk import desk_of


def suggestions(ctx: Context, tx: Tx, call: Call) -> Answer:
    """``/cop suggestions``: those that wait, with the same buttons as their cards."""
    return _page(ctx, tx, call.user, call.channel, "waiting", 0)


def turn(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Another page of the list."""
    state, _, start = press.value.partition(":")
    return _page(ctx, tx, press.user, press.channel, state, _number(start), replaces=True)


def back(ctx: Context, tx: Tx, press: Press, said: str, *, done: bool = False) -> Answer:
    """To where the button was pressed: the list shows itself anew; a card does so by itself when something was ``done``."""
    _, _, place = press.value.partition(":")
    if place and not isinstance(said, Refusal):
        state, _, start = place.partition(":")
        return _page(ctx, tx, press.user, press.channel, state, _number(start), note=said, replaces=True)
    return Answer() if done else Answer(said)


def _page(
    ctx: Context,
    tx: Tx,
    user: str,
    channel: str | None,
    state: str,
    start: int,
    note: str = "",
    *,
    replaces: bool = False,
) -> Answer:
    communities = communities_for(ctx, user, "moderators", channel)
    if not communities:
        return Answer(MODERATORS_ONLY, replaces=replaces)
    desks = [desk_of(ctx, tx, community) for community in communities]
    several = len(desks) > 1
    wanted = [(desk, one) for desk in desks for one in (desk.approved if state == "approved" else desk.waiting)]
    wanted.sort(key=lambda each: (each[1].suggested_us, each[1].id))
    start = min(start, max(0, (len(wanted) - 1) // views.A_PAGE * views.A_PAGE))
    page = [desk.shown(one, named=several) for desk, one in wanted[start : start + views.A_PAGE]]
    counts = sum(len(desk.waiting) for desk in desks), sum(len(desk.approved) for desk in desks)
    blocks = views.listing(page, "approved" if state == "approved" else "waiting", start, *counts, note)
    waiting = "1 suggested question waits" if counts[0] == 1 else f"{counts[0]} suggested questions wait"
    return Answer(f"{note} {waiting}.".strip(), blocks, replaces=replaces)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
