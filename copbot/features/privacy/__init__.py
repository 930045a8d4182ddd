"""Privacy's face: what is stored about a person, in words; their own copy; erasing it; not being known to the bot at all."""

from collections.abc import Sequence

from copbot.core.feature import Feature
from copbot.features.privacy.erasing import prepare
from copbot.features.privacy.listeners import ACTIONS, COMMANDS, erased, settings
from copbot.features.privacy.views import ERASE_FORM


def privacy_feature(features: Sequence[Feature]) -> Feature:
    """``features``: the others, which may have said something of a person that is to be taken back."""
    forms = {ERASE_FORM: erased(features)}
    return Feature("privacy", commands=COMMANDS, actions=ACTIONS, forms=forms, settings=settings, prepare=prepare)
