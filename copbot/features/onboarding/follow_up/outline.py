"""What follows a welcome, in words: how `copbot check` reads the follow-ups back to the coordinators."""

from collections.abc import Sequence

from copbot.core.onboarding import FollowUp, Onboarding
from copbot.core.time import in_words
from copbot.features.onboarding.referral.rules import LEVELS

TO_WHOM = {
    None: "everybody",
    "open": "those who have not answered, nor written",
    "answered": "those who answered, but never wrote",
    "posted": "those who have written",
    "silent": "those who neither answered nor wrote",
}
_TOLD = TO_WHOM | {None: "all who came", "open": "those who have not answered"}


def outline(onboarding: Onboarding | None) -> Sequence[str]:
    """A line for each follow-up, in order of time, and one for the thanks to those who invite."""
    if onboarding is None:
        return ()
    follow_ups = sorted(onboarding.follow_ups, key=lambda follow_up: follow_up.after)
    return (*map(_follow_up, follow_ups), *_thanks(onboarding))


def _follow_up(follow_up: FollowUp) -> str:
    after = f"{in_words(follow_up.after)} after the welcome"
    if follow_up.tell_moderators:
        return f"{after}: the moderators hear of {_TOLD[follow_up.condition]}"
    asks = ", with the buttons Yes, Partly, Not yet" if follow_up.asks_outcome else ""
    return f"{after}, to {TO_WHOM[follow_up.condition]}: {follow_up.prompt}{asks}"


def _thanks(onboarding: Onboarding) -> Sequence[str]:
    asked = any(question.id == "invited_by" and question.type == "person" for question in onboarding.questions)
    if not asked or onboarding.referrals.where == "off":
        return ()
    counts = ", ".join(str(level.at) for level in LEVELS)
    public = ", in private and for all to read" if onboarding.referrals.where == "public" else ", in private"
    return (f"thanks to those who brought {counts} people{public}",)
