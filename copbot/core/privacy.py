"""Forgetting a person, in steps that hold nobody up."""

from collections.abc import Sequence

from copbot.core.feature import Feature
from copbot.core.ports import Context, Store, Tx
from copbot.core.ports.privacy import Gone
from copbot.core.time import to_us

AT_ONCE = 50
"""Rows out of which a person is taken in one transaction."""


def take_leave(ctx: Context, tx: Tx, features: Sequence[Feature], user: str) -> None:
    """Begin to forget somebody: what the ``features`` said of them on Slack is taken back, as soon as the bot runs. Raises Mistake for an
    app. ``finish_forgetting`` goes on with it."""
    for feature in features:
        if feature.take_back is not None:
            feature.take_back(ctx, tx, user)
    tx.privacy.forget(user, to_us(ctx.clock.now()))


def forget(store: Store, user: str, now_us: int, how: Gone = "forgotten") -> int:
    """Forget somebody (Slack's ID) for good; the number of rows changed. Raises Mistake for an app.

    What is written of them meanwhile has no name already. When this ends early, by a kill or because a message to them is on its way at
    this moment, ``finish_forgetting`` goes on with it: the nightly clean-up does.
    """
    with store.begin() as tx:
        tx.privacy.forget(user, now_us, how)
    changed = _finish(store, user)
    store.wipe()
    return changed


def finish_forgetting(store: Store) -> int:
    """Finish what was begun and not done; the number of rows changed."""
    with store.read() as tx:
        begun = tx.privacy.being_forgotten()
    if not begun:
        return 0
    changed = sum(_finish(store, user) for user in begun)
    store.wipe()
    return changed


def _finish(store: Store, user: str) -> int:
    changed, more = 0, True
    while more:
        with store.begin_in_background() as tx:
            step = tx.privacy.forget_some(user)
        changed, more = changed + step.rows, step.more
    while True:
        with store.read() as tx:
            traces = tx.privacy.traces(user)
        if not traces:
            break
        taken_out = 0
        for start in range(0, len(traces), AT_ONCE):
            with store.begin_in_background() as tx:
                taken_out += tx.privacy.take_out(user, traces[start : start + AT_ONCE])
        changed += taken_out
        if not taken_out:
            return changed
    with store.begin() as tx:
        tx.privacy.forgotten(user)
    return changed
