"""What members and moderators do about suggested questions, by command, button and form."""

from copbot.core.interaction import ActionHandler, Command, FormHandler, Who
from copbot.features.rhythm.suggestions import listing as suggestion_list
from copbot.features.rhythm.suggestions import service as suggestions
from copbot.features.rhythm.suggestions import views

COMMANDS = (
    Command(
        *("suggest", "everyone", "a question that everybody should be asked", suggestions.suggest, "QUESTION"),
        example="What did you link last?",
    ),
    Command(
        "suggestions", "moderators", "the questions that members suggested", suggestion_list.suggestions, writes=False
    ),
)

ACTIONS: dict[str, ActionHandler] = {
    views.APPROVE: suggestions.approve,
    views.EDIT: suggestions.edit,
    views.DECLINE: suggestions.decline,
    views.REMOVE: suggestions.remove,
    "suggestion:": suggestion_list.turn,
}

FORMS: dict[str, FormHandler] = {
    views.NEW_FORM: suggestions.sent_in,
    views.EDIT_FORM: suggestions.edited,
    views.DECLINE_FORM: suggestions.declined,
}

GUARDED: dict[str, Who] = dict.fromkeys(
    (views.APPROVE, views.EDIT, views.DECLINE, views.REMOVE, "suggestion:", views.EDIT_FORM, views.DECLINE_FORM),
    "moderators",
)
