"""What people can type and press about the rhythm."""

from copbot.core.interaction import Who
from copbot.features.rhythm.controls import listeners as control_listeners
from copbot.features.rhythm.learning import listeners as when_listener
from copbot.features.rhythm.suggestions import listeners as suggestion_listeners

COMMANDS = (*control_listeners.COMMANDS, *when_listener.COMMANDS, *suggestion_listeners.COMMANDS)
ACTIONS = control_listeners.ACTIONS | suggestion_listeners.ACTIONS
FORMS = suggestion_listeners.FORMS
CONTROLS: dict[str, Who] = dict.fromkeys(control_listeners.ACTIONS, "moderators")
GUARDED = CONTROLS | suggestion_listeners.GUARDED
