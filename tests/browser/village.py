"""A small workspace with a small Bolt app in it, for the page to be looked at in a browser."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace
from copbot.workspace.time_control import Coming

PHONE, DESKTOP = (390, 844), (1280, 860)
Look = Callable[..., Any]
"""Open a workspace's page as somebody, in a window of a size: the page, by Playwright."""

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
EVIL = '<img src=x onerror="window.evil=1"><script>window.evil=1</script>'
HELP = "Here is what you can do:\n`/cop me`  your level\n`/cop find WORDS`  look for answered threads"


def words(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": words(text), "value": value}


def field_of(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    action = {"action_id": f"{block_id}_value"}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element | action, **more}


OPTIONS = [option("Census", "census"), option("Surveys", "surveys")]
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": words("Tell us"),
    "submit": words("Send"),
    "blocks": [
        field_of("goal", "What is your goal?", {"type": "plain_text_input", "multiline": True}),
        field_of("topics", "Topics", {"type": "checkboxes", "options": OPTIONS}),
        field_of(
            "who", "Who invited you?", {"type": "users_select", "placeholder": words("Find a person")}, optional=True
        ),
        field_of("from", "From when on?", {"type": "datepicker"}, optional=True),
        field_of("many", "Several", {"type": "multi_static_select", "options": OPTIONS}, optional=True),
        {"type": "actions", "elements": [{"type": "button", "action_id": "deeper", "text": words("More…")}]},
    ],
}
SECOND: dict[str, Any] = {
    "type": "modal",
    "title": words("Deeper"),
    "blocks": [{"type": "section", "text": words("A view upon a view.")}],
}
ASKING = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "open", "text": words("Answer"), "style": "primary"},
        {
            "type": "button",
            "action_id": "drop",
            "text": words("Drop it"),
            "style": "danger",
            "confirm": {"title": words("Sure?"), "text": words("It will be gone."), "confirm": words("Yes, drop")},
        },
        {"type": "overflow", "action_id": "more", "options": OPTIONS},
        {"type": "static_select", "action_id": "choose", "options": OPTIONS, "placeholder": words("Choose one")},
    ],
}


class Hands:
    """A hold on time with something coming."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        self._clock.advance(by)

    def next(self) -> str:
        self._clock.advance(timedelta(hours=5))
        return "The weekly question goes out."

    def set_speed(self, speed: float) -> None:
        self._clock.set_speed(speed)

    @property
    def speed(self) -> float:
        return self._clock.speed

    def coming(self) -> list[Coming]:
        return [Coming(START + timedelta(days=1), "The weekly question", "Tue 10:00 is the best hour")]


@dataclass
class Village:
    workspace: Workspace
    client: WebClient
    ada: str
    ben: str
    general: str
    actions: list[dict[str, Any]] = field(default_factory=list)
    submitted: list[dict[str, Any]] = field(default_factory=list)


def village_of(workspace: Workspace, clock: VirtualClock) -> tuple[Village, SocketModeHandler]:
    """Ada and Ben in #general, and an app that welcomes, asks, answers and has a Home; connected."""
    client = WebClient(workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    app = App(client=client, raise_error_for_unhandled_request=False)
    ada = workspace.add_user("ada", real_name="Ada Lovelace", tz="Asia/Bangkok")
    ben = workspace.add_user("ben", real_name="Ben Okri", tz="Europe/Berlin")
    general = workspace.add_channel("general", members=[ada, ben])
    village = Village(workspace, client, ada, ben, general)
    workspace.time_control = Hands(clock)

    app.command("/cop")(lambda ack: ack(text=HELP))

    @app.event("team_join")
    def welcome(event: dict[str, Any]) -> None:
        client.chat_postMessage(channel=event["user"]["id"], text="Welcome!", blocks=[ASKING])

    @app.action(re.compile(".*"))
    def pressed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        village.actions.append(body["actions"][0])
        action = body["actions"][0]["action_id"]
        if action == "open":
            client.views_open(trigger_id=body["trigger_id"], view=FORM)
        elif action == "deeper":
            client.views_push(trigger_id=body["trigger_id"], view=SECOND)
        elif action == "home":
            client.views_publish(user_id=body["user"]["id"], view=home("You pressed it."))

    @app.shortcut("note_it")
    def chosen(ack: Any, body: dict[str, Any]) -> None:
        ack()
        village.actions.append({"chosen": body["message"]["text"]})

    @app.view("form")
    def submitted(ack: Any, view: dict[str, Any]) -> None:
        values = {block: next(iter(each.values())) for block, each in view["state"]["values"].items()}
        if values["goal"]["value"] == "wrong":
            ack(response_action="errors", errors={"goal": "Not that one."})
            return
        village.submitted.append(values)
        ack()

    @app.event("app_home_opened")
    def opened(event: dict[str, Any]) -> None:
        client.views_publish(user_id=event["user"], view=home("Your Home."))

    for kind in ("message", "reaction_added", "reaction_removed", "member_joined_channel"):
        app.event(kind)(lambda: None)
    handler = SocketModeHandler(app, workspace.app_token)
    handler.connect()
    workspace.wait_for(lambda: workspace.connected)
    return village, handler


def home(text: str) -> dict[str, Any]:
    button = {"type": "button", "action_id": "home", "text": words("Press me")}
    return {"type": "home", "blocks": [{"type": "section", "text": words(text), "accessory": button}]}
