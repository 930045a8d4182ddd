"""Moderation: a report becomes a case with a record; people decide, the bot proposes the same steps for everyone."""

from copbot.core.feature import Feature
from copbot.features.moderation.listeners import ACTIONS, FORMS, GUARDED, SHORTCUTS
from copbot.features.moderation.overview import status, today
from copbot.features.moderation.pursuit import next_due, plan_due

FEATURE = Feature(
    name="moderation",
    actions=ACTIONS,
    forms=FORMS,
    shortcuts=SHORTCUTS,
    guarded=GUARDED,
    status=status,
    today=today,
    plan_due=plan_due,
    next_due=next_due,
)
