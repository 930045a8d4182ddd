"""The community's rhythm: posts and questions at their hour, each once."""

from copbot.core.feature import Feature
from copbot.features.rhythm.listeners import ACTIONS, COMMANDS, FORMS, GUARDED
from copbot.features.rhythm.overview import status, today
from copbot.features.rhythm.rehearsal.preview import PREVIEW
from copbot.features.rhythm.service import next_due, plan_due

FEATURE = Feature(
    name="rhythm",
    commands=COMMANDS,
    actions=ACTIONS,
    forms=FORMS,
    guarded=GUARDED,
    today=today,
    status=status,
    plan_due=plan_due,
    next_due=next_due,
    preview=PREVIEW,
)
