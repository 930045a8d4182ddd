"""All that participation does because time has passed: each part plans its own, and says when it may next have something."""

from datetime import datetime

from copbot.core.ports import Context
from copbot.features.participation.brief import service as brief
from copbot.features.participation.levels import board
from copbot.features.participation.recognition import service as recognition
from copbot.features.participation.report import monthly

PARTS = (recognition, brief, monthly)


def plan_due(ctx: Context, now: datetime) -> None:
    """Record what is due at ``now``, each once."""
    for part in PARTS:
        part.plan_due(ctx, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When something may become due next."""
    moments = [part.next_due(ctx, now) for part in PARTS]
    return min((moment for moment in moments if moment is not None), default=None)


def prepare(ctx: Context, now: datetime) -> None:
    """Work out beforehand what takes long."""
    board.prepare(ctx, now)
    brief.prepare(ctx, now)
