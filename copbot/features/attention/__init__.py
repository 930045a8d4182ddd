"""What the bot sends by itself, in the hands of who gets it: why this, less, off, and a member's own settings."""

from copbot.core.feature import Feature
from copbot.features.attention.listeners import ACTIONS, FORMS
from copbot.features.attention.measures.service import part, status
from copbot.features.attention.own import settings
from copbot.features.attention.quiet import COMMANDS

FEATURE = Feature(
    "attention", commands=COMMANDS, actions=ACTIONS, forms=FORMS, settings=settings, status=status, report=part
)
