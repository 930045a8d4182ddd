"""The searchable memory: answered threads, found by their words."""

from copbot.core.feature import Feature
from copbot.features.memory.ageing import clean_up
from copbot.features.memory.listeners import ACTIONS, COMMANDS
from copbot.features.memory.upkeep import next_due, plan_due

FEATURE = Feature(
    name="memory", commands=COMMANDS, actions=ACTIONS, plan_due=plan_due, next_due=next_due, nightly=clean_up
)
