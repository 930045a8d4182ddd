"""``views.*``: modals and Home tabs."""

from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.blocks import too_large
from copbot.workspace.shapes import plain
from copbot.workspace.truth import Json, Truth
from copbot.workspace.views import Views
from copbot.workspace.web_api import Method


class ViewMethods:
    def __init__(self, truth: Truth, views: Views) -> None:
        self._access = Access(truth)
        self._views = views

    def methods(self) -> dict[str, Method]:
        return {
            "views.open": Method(self.open),
            "views.push": Method(self.push),
            "views.update": Method(self.update),
            "views.publish": Method(self.publish),
        }

    def open(self, arguments: Arguments) -> Json:
        return {"view": plain(self._views.open(arguments.required("trigger_id"), _view(arguments)))}

    def push(self, arguments: Arguments) -> Json:
        return {"view": plain(self._views.push(arguments.required("trigger_id"), _view(arguments)))}

    def update(self, arguments: Arguments) -> Json:
        view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
        if not view_id and not external_id:
            raise Arguments.invalid("view_id", "missing required field")
        found = self._views.update(view_id, external_id, arguments.text("hash"), _view(arguments))
        return {"view": plain(found)}

    def publish(self, arguments: Arguments) -> Json:
        user = arguments.required("user_id")
        self._access.person(user)
        return {"view": plain(self._views.publish(user, arguments.text("hash"), _view(arguments)))}


def _view(arguments: Arguments) -> Json:
    view = arguments.object("view")
    if not isinstance(view, dict):
        raise Arguments.invalid("view", "missing required field")
    if too_large(view):
        raise SlackError("view_too_large")
    return view
