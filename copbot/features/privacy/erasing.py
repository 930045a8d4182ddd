"""Erasing a person: begun by their own press, in whose transaction their name ends; what is there goes in the background, within minutes.

In a thread of its own (``Feature.prepare``), so that no post waits for somebody's ten thousand messages. What a kill breaks off is gone on
with at the next start, or by the nightly clean-up.
"""

from datetime import datetime

from copbot.core.ports import Context
from copbot.core.privacy import finish_forgetting


def prepare(ctx: Context, _now: datetime) -> None:
    finish_forgetting(ctx.store)
