"""All that onboarding does because time has passed: the end for those who left, follow-ups, and thanks to those who brought others."""

from datetime import datetime

from copbot.core.ports import Context
from copbot.features.onboarding.follow_up import service as follow_ups
from copbot.features.onboarding.referral import service as referrals
from copbot.features.onboarding.service import end_of_those_who_left


def plan_due(ctx: Context, now: datetime) -> None:
    """Record what is due at ``now``, each once."""
    end_of_those_who_left(ctx, now)
    follow_ups.plan_due(ctx, now)
    referrals.plan_due(ctx, now)


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When something may become due next."""
    moments = (follow_ups.next_due(ctx, now), referrals.next_due(ctx, now))
    return min((moment for moment in moments if moment is not None), default=None)
