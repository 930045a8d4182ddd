"""Onboarding: a warm welcome, two or three questions, an introduction."""

from copbot.core.feature import Feature
from copbot.features.onboarding.follow_ups import next_due, plan_due
from copbot.features.onboarding.listeners import ACTIONS, COMMANDS, FORMS
from copbot.features.onboarding.service import follow

FEATURE = Feature(
    name="onboarding",
    commands=COMMANDS,
    actions=ACTIONS,
    forms=FORMS,
    follow=follow,
    plan_due=plan_due,
    next_due=next_due,
)
