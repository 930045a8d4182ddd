"""A small Bolt app written from Bolt's public documentation alone (docs.slack.dev/tools/bolt-python).

Each part follows one page of it: getting started, events, message sending, actions, commands, shortcuts, modals,
select menu options, App Home. Nothing here knows the local workspace; tests connect it over either transport.
"""

import re
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

GREETING = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "Hey there!"},
        "accessory": {
            "type": "button",
            "text": {"type": "plain_text", "text": "Click Me"},
            "action_id": "button_click",
        },
    }
]


def ticket_form(callback_id: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": "My App"},
        "submit": {"type": "plain_text", "text": "Submit"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "notify_on_close": True,
        "blocks": [
            {
                "type": "section",
                "block_id": "more",
                "text": {"type": "mrkdwn", "text": "Tell us of your hopes."},
                "accessory": {
                    "type": "button",
                    "action_id": "button_abc",
                    "text": {"type": "plain_text", "text": "Update"},
                },
            },
            {
                "type": "input",
                "block_id": "input_c",
                "label": {"type": "plain_text", "text": "What are your hopes and dreams?"},
                "element": {"type": "plain_text_input", "action_id": "dreamy_input", "multiline": True},
            },
            {
                "type": "input",
                "block_id": "external",
                "optional": True,
                "label": {"type": "plain_text", "text": "Which one?"},
                "element": {"type": "external_select", "action_id": "external_action", "min_query_length": 1},
            },
        ],
    }


def conformance_app(client: WebClient, signing_secret: str) -> App:
    app = App(client=client, signing_secret=signing_secret)

    @app.message("hello")
    def message_hello(message: dict[str, Any], say: Any) -> None:
        say(blocks=GREETING, text=f"Hey there <@{message['user']}>!")

    @app.message(re.compile("(hi|good day)"))
    def say_hello_regex(say: Any, context: dict[str, Any]) -> None:
        say(f"{context['matches'][0]}, how are you?")

    @app.action("button_click")
    def action_button_click(body: dict[str, Any], ack: Any, say: Any, respond: Any) -> None:
        ack()
        say(f"<@{body['user']['id']}> clicked the button")
        respond("You clicked it", replace_original=False)

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], say: Any) -> None:
        say(text="What's up?", thread_ts=event["ts"])

    @app.event("team_join")
    def ask_for_introduction(event: dict[str, Any], client: WebClient) -> None:
        user_id = event["user"]["id"]
        client.chat_postMessage(channel=user_id, text=f"Welcome to the team, <@{user_id}>! You can introduce yourself.")

    @app.event("reaction_added")
    def show_datepicker(event: dict[str, Any], say: Any) -> None:
        if event["reaction"] == "calendar":
            picker = {
                "type": "datepicker",
                "action_id": "datepicker_remind",
                "initial_date": "2026-07-27",
                "placeholder": {"type": "plain_text", "text": "Select a date"},
            }
            words = {"type": "mrkdwn", "text": "Pick a date for me to remind you"}
            section = {"type": "section", "block_id": "date", "text": words, "accessory": picker}
            say(blocks=[section], text="Pick a date for me to remind you")

    @app.action({"block_id": "date", "action_id": "datepicker_remind"})
    def date_chosen(ack: Any, action: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.reactions_add(
            name="white_check_mark", channel=body["channel"]["id"], timestamp=body["container"]["message_ts"]
        )
        client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text=f"I'll remind you on {action['selected_date']}"
        )

    @app.command("/echo")
    def repeat_text(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        ack()
        respond(f"{command['text']}")

    @app.command("/say")
    def say_at_once(ack: Any, command: dict[str, Any]) -> None:
        ack(response_type="in_channel", text=f"*{command['text']}*")

    @app.shortcut("open_modal")
    def open_modal(ack: Any, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=ticket_form("view_1"))

    @app.shortcut({"callback_id": "note_it", "type": "message_action"})
    def note_it(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        ack()
        respond(f"Noted: {shortcut['message']['text']}")

    @app.options("external_action")
    def show_options(ack: Any, payload: dict[str, Any]) -> None:
        options = [
            {"text": {"type": "plain_text", "text": "Option 1"}, "value": "1-1"},
            {"text": {"type": "plain_text", "text": "Option 2"}, "value": "1-2"},
        ]
        keyword = payload.get("value") or ""
        ack(options=[option for option in options if keyword in option["text"]["text"]])

    @app.action("button_abc")
    def update_modal(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        changed = ticket_form("view_1") | {"title": {"type": "plain_text", "text": "Updated modal"}}
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=changed)

    @app.view("view_1")
    def handle_submission(ack: Any, body: dict[str, Any], client: WebClient, view: dict[str, Any]) -> None:
        hopes_and_dreams = view["state"]["values"]["input_c"]["dreamy_input"]["value"]
        if len(hopes_and_dreams) <= 5:
            ack(response_action="errors", errors={"input_c": "The value must be longer than 5 characters"})
            return
        if hopes_and_dreams.startswith("push"):
            ack(response_action="push", view=ticket_form("view_2"))
            return
        if hopes_and_dreams.startswith("update"):
            ack(response_action="update", view=ticket_form("view_2"))
            return
        ack()
        client.chat_postMessage(
            channel=body["user"]["id"], text=f"Your submission of {hopes_and_dreams} was successful"
        )

    @app.view("view_2")
    def clear_all(ack: Any) -> None:
        ack(response_action="clear")

    @app.view_closed("view_1")
    def handle_view_closed(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="Another time, then")

    @app.event("app_home_opened")
    def update_home_tab(client: WebClient, event: dict[str, Any]) -> None:
        client.views_publish(
            user_id=event["user"],
            view={
                "type": "home",
                "blocks": [
                    {
                        "type": "section",
                        "text": {"type": "mrkdwn", "text": f"*Welcome home, <@{event['user']}> :house:*"},
                    }
                ],
            },
        )

    @app.event("message")
    def handle_other_messages() -> None:
        """What no pattern asked for is acknowledged all the same."""

    @app.event("member_joined_channel")
    def handle_joins() -> None:
        """Likewise."""

    return app
