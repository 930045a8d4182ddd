"""Presses and forms of surveys and stories."""

from copbot.core.interaction import ActionHandler, FormHandler, Who
from copbot.features.voices.pulse import taking_part
from copbot.features.voices.pulse import views as pulse
from copbot.features.voices.stories import telling
from copbot.features.voices.stories import views as stories

ACTIONS: dict[str, ActionHandler] = {
    pulse.ANSWER: taking_part.answer,
    pulse.DECLINE: taking_part.decline,
    pulse.PROMISE: taking_part.promise,
    stories.TELL: telling.tell,
    stories.LATER: telling.put_off,
    stories.DECLINE: telling.decline,
    stories.NOTHING: telling.nothing_new,
    stories.DELETE: telling.delete,
}
FORMS: dict[str, FormHandler] = {
    pulse.FORM: taking_part.send,
    pulse.PROMISE_FORM: taking_part.promised,
    stories.FORM: telling.send,
}
GUARDED: dict[str, Who] = {pulse.PROMISE: "coordinators", pulse.PROMISE_FORM: "coordinators"}
