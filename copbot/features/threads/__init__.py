"""Care for threads: no question in a watched channel stays unseen."""

from copbot.core.feature import Feature
from copbot.features.threads import own
from copbot.features.threads.deciding import decide_again
from copbot.features.threads.listeners import ACTIONS, COMMANDS, FORMS, GUARDED
from copbot.features.threads.overview import status
from copbot.features.threads.queue.of_member import member
from copbot.features.threads.queue.today import today
from copbot.features.threads.service import next_due, plan_due
from copbot.features.threads.shortcuts import SHORTCUT_ACTIONS, SHORTCUT_GUARDED, SHORTCUTS

FEATURE = Feature(
    name="threads",
    commands=COMMANDS,
    actions=ACTIONS | SHORTCUT_ACTIONS,
    forms=FORMS,
    shortcuts=SHORTCUTS,
    guarded=GUARDED | SHORTCUT_GUARDED,
    waits=own.waits,
    step=own.step,
    today=today,
    status=status,
    member=member,
    plan_due=plan_due,
    next_due=next_due,
    prepare=decide_again,
)
