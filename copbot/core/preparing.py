"""What takes long is worked out beforehand, in a thread of its own, so that nobody waits for it (``Feature.prepare``)."""

import logging
from collections.abc import Sequence

from copbot.core.errors import LeadLost, SlackGone
from copbot.core.feature import Feature
from copbot.core.ports import Context

log = logging.getLogger(__name__)

EVERY_S = 30.0
"""Seconds between two looks; each feature knows by itself whether there is anything to do."""

SHARE = 20
"""What took a second is not done again for so many seconds: a twentieth of one processor at most."""


def prepare(ctx: Context, features: Sequence[Feature]) -> float:
    """One round over all features; one that fails is logged and the others go on. Seconds until the next round."""
    began = ctx.clock.monotonic()
    for feature in features:
        if feature.prepare is None:
            continue
        try:
            feature.prepare(ctx, ctx.clock.now())
        except (SlackGone, LeadLost):
            raise
        except Exception:
            log.exception("preparing failed in %s", feature.name)
    return max(EVERY_S, SHARE * (ctx.clock.monotonic() - began))
