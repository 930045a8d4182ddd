"""Care for threads: no question in a watched channel stays unseen."""

from copbot.core.feature import Feature
from copbot.features.threads.listeners import ACTIONS, COMMANDS
from copbot.features.threads.service import next_due, plan_due

FEATURE = Feature(name="threads", commands=COMMANDS, actions=ACTIONS, plan_due=plan_due, next_due=next_due)
