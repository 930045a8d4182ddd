"""Forgetting a person, in steps that hold nobody up."""

from copbot.core.ports import Store
from copbot.core.ports.privacy import Gone

AT_ONCE = 50
"""Rows out of which a person is taken in one transaction."""


def forget(store: Store, user: str, now_us: int, how: Gone = "forgotten") -> int:
    """Forget somebody (Slack's ID) for good; the number of rows changed. Raises Mistake for an app.

    What is written of them meanwhile has no name already. When this ends early, by a kill or because a message to them is on its way at
    this moment, ``finish_forgetting`` goes on with it: the nightly clean-up does.
    """
    with store.begin() as tx:
        tx.privacy.forget(user, now_us, how)
    return _finish(store, user)


def finish_forgetting(store: Store) -> int:
    """Finish what was begun and not done; the number of rows changed."""
    with store.read() as tx:
        begun = tx.privacy.being_forgotten()
    return sum(_finish(store, user) for user in begun)


def _finish(store: Store, user: str) -> int:
    changed, more = 0, True
    while more:
        with store.begin() as tx:
            step = tx.privacy.forget_some(user)
        changed, more = changed + step.rows, step.more
    while True:
        with store.read() as tx:
            traces = tx.privacy.traces(user)
        if not traces:
            break
        taken_out = 0
        for start in range(0, len(traces), AT_ONCE):
            with store.begin() as tx:
                taken_out += tx.privacy.take_out(user, traces[start : start + AT_ONCE])
        changed += taken_out
        if not taken_out:
            return changed
    with store.begin() as tx:
        tx.privacy.forgotten(user)
    return changed
