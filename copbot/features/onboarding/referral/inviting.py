"""Noting whom a newcomer names as their inviter, whenever they send their answers."""

from collections.abc import Sequence

from copbot.core.onboarding import Onboarding
from copbot.core.ports import Tx
from copbot.core.records import GivenAnswer, Journey
from copbot.features.onboarding.referral.rules import inviter_named


def note_inviter(tx: Tx, onboarding: Onboarding, journey: Journey, answers: Sequence[GivenAnswer], now_us: int) -> None:
    """Keep the latest word, until it has been credited. The same word again keeps the time of the first."""
    inviter = inviter_named(onboarding, journey.user, answers)
    if inviter != tx.referrals.inviter_of(journey.community, journey.user):
        tx.referrals.name(journey.community, journey.user, inviter, now_us)
