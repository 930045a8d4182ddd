"""Who takes part how: levels and the community's figures."""

from copbot.core.feature import Feature
from copbot.features.participation.listeners import COMMANDS, about

FEATURE = Feature("participation", commands=COMMANDS, about=about)
