"""What comes due of surveys and stories."""

from datetime import datetime

from copbot.core.ports import Context
from copbot.features.voices.pulse import service as pulse
from copbot.features.voices.stories import service as stories


def plan_due(ctx: Context, now: datetime) -> None:
    pulse.plan_due(ctx, now)
    stories.plan_due(ctx, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    moments = [pulse.next_due(ctx, now), stories.next_due(ctx, now)]
    return min((moment for moment in moments if moment is not None), default=None)
