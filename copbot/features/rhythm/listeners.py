"""What people can type and press about the rhythm."""

from copbot.features.rhythm import (
    control_listeners,
    suggestion_listeners,
    when_listener,
)

COMMANDS = (*control_listeners.COMMANDS, *when_listener.COMMANDS, *suggestion_listeners.COMMANDS)
ACTIONS = control_listeners.ACTIONS | suggestion_listeners.ACTIONS
FORMS = suggestion_listeners.FORMS
