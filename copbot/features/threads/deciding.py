"""Decided again what an earlier rule of questions decided, where the text is there: once per version of the rule.

A little at a time, beside everything else: nobody who writes waits longer than for one small batch. Recording a message anew is all it
takes: of two reports the one that the later rule decided holds (``core.merging``), and a moderator's own word before both. What asks
nothing any more loses its text where only questions may keep theirs; its open card is withdrawn as if its author had edited it.
"""

from datetime import datetime

from copbot.core.asks import RULE_VERSION
from copbot.core.ports import Context

AT_ONCE_S = 1.0
"""Seconds of work at a time; ``core.preparing`` sees to the pause between two times."""

BATCH = 100
"""Texts in one transaction."""


def decide_again(ctx: Context, _now: datetime) -> None:
    """Look over texts that an earlier rule decided on, for a second at most."""
    until = ctx.clock.monotonic() + AT_ONCE_S
    while ctx.clock.monotonic() < until:
        with ctx.store.read() as tx:
            channel = tx.decisions.channel_before(RULE_VERSION)
            if channel is None:
                return
            some = tx.decisions.decided_before(channel, RULE_VERSION, BATCH)
        with ctx.store.begin() as tx:
            tx.facts.record(some)
            if len(some) < BATCH:
                tx.decisions.looked_over(channel, RULE_VERSION)
