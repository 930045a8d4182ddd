"""Modals and Home tabs beyond opening one: the stack, hashes, external IDs, what stays filled in."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.workspace.forms import fill
from copbot.workspace.server import Workspace

Json = dict[str, Any]
Trigger = Callable[[], str]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(name: str, **element: Any) -> Json:
    made = {"type": "plain_text_input", "action_id": name} | element
    return {"type": "input", "block_id": f"{name}_block", "label": plain(name), "element": made}


def modal(*blocks: Json, **more: Any) -> Json:
    held = list(blocks) or [{"type": "divider"}]
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": held} | more


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


@pytest.fixture
def ada(workspace: Workspace) -> str:
    return workspace.add_user("ada")


@pytest.fixture
def trigger(workspace: Workspace, ada: str) -> Trigger:
    """A fresh trigger of Ada's at each call."""
    direct = workspace.open_dm(ada)
    return lambda: workspace.command(ada, direct, "/cop")


def test_three_modals_stand_on_each_other_and_no_fourth(
    workspace: Workspace, client: WebClient, ada: str, trigger: Trigger
) -> None:
    assert refusal(client.views_push, trigger_id=trigger(), view=modal()) == "not_found"
    root = client.views_open(trigger_id=trigger(), view=modal(callback_id="1"))["view"]
    second = client.views_push(trigger_id=trigger(), view=modal(callback_id="2"))["view"]
    third = client.views_push(trigger_id=trigger(), view=modal(callback_id="3"))["view"]
    assert (second["previous_view_id"], third["root_view_id"]) == (root["id"], root["id"])
    assert refusal(client.views_push, trigger_id=trigger(), view=modal()) == "push_limit_reached"
    for left in ("3", "2", "1"):
        assert (workspace.view_of(ada) or {})["callback_id"] == left
        workspace.close_view(ada)
    assert workspace.view_of(ada) is None


def test_an_old_hash_overwrites_nothing(client: WebClient, ada: str, trigger: Trigger) -> None:
    view = client.views_open(trigger_id=trigger(), view=modal())["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal(callback_id="newer"))
    assert refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = client.views_publish(user_id=ada, view=home)["view"]
    client.views_publish(user_id=ada, view=home, hash=first["hash"])
    assert refusal(client.views_publish, user_id=ada, view=home, hash=first["hash"]) == "hash_conflict"


def test_a_view_is_found_by_its_external_id_which_no_other_may_have(client: WebClient, trigger: Trigger) -> None:
    client.views_open(trigger_id=trigger(), view=modal(external_id="mine"))
    changed = client.views_update(external_id="mine", view=modal(external_id="mine", callback_id="changed"))
    assert changed["view"]["callback_id"] == "changed"
    again = modal(external_id="mine")
    assert refusal(client.views_push, trigger_id=trigger(), view=again) == "duplicate_external_id"


def test_what_was_chosen_stays_through_an_update_where_its_field_stays(
    workspace: Workspace, client: WebClient, ada: str, trigger: Trigger
) -> None:
    options = [{"text": plain(name), "value": name} for name in ("census", "surveys")]
    chosen = field("topic", type="static_select", options=options) | {"dispatch_action": True}
    view = client.views_open(trigger_id=trigger(), view=modal(chosen, field("goal")))["view"]
    workspace.press_in_view(ada, "topic", "surveys")
    client.views_update(view_id=view["id"], view=modal(chosen, field("reason")))
    state, complaints = fill(workspace.view_of(ada) or {}, {"reason": "to learn"})
    assert complaints == {}
    assert state["topic_block"]["topic"]["selected_option"]["value"] == "surveys"


def test_an_overflow_menu_says_which_of_its_options(workspace: Workspace, client: WebClient, ada: str) -> None:
    options = [{"text": plain(name), "value": name} for name in ("snooze", "done")]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    section = {"type": "section", "text": plain("A card"), "accessory": menu}
    posted = client.chat_postMessage(channel=ada, text="A card", blocks=[section])
    workspace.press(ada, posted["channel"], posted["ts"], "more", "done")
    action = workspace.envelopes[-1].payload["actions"][0]
    assert (action["type"], action["selected_option"]["value"]) == ("overflow", "done")
    with pytest.raises(ValueError, match="no option 'later'"):
        workspace.press(ada, posted["channel"], posted["ts"], "more", "later")


def test_a_press_on_the_home_tab_carries_its_view(workspace: Workspace, client: WebClient, ada: str) -> None:
    button = {"type": "button", "action_id": "off", "text": plain("Off"), "value": "x"}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    with pytest.raises(LookupError, match="no Home tab"):
        workspace.press_in_home(ada, "off")
    client.views_publish(user_id=ada, view=home)
    workspace.press_in_home(ada, "off")
    payload = workspace.envelopes[-1].payload
    assert (payload["view"]["type"], payload["actions"][0]["value"]) == ("home", "x")


def test_a_form_that_asks_for_a_channel_gets_a_way_to_answer_there(
    workspace: Workspace, client: WebClient, ada: str, trigger: Trigger
) -> None:
    channel = workspace.add_channel("general", members=[ada])
    where = field("where", type="conversations_select", response_url_enabled=True)
    client.views_open(trigger_id=trigger(), view=modal(where))
    workspace.submitting(ada, {"where": channel})
    [url] = workspace.envelopes[-1].payload["response_urls"]
    assert (url["channel_id"], url["block_id"]) == (channel, "where_block")


@pytest.mark.parametrize(
    ("element", "value", "complains"),
    [
        ({"type": "email_text_input"}, "ada@example.org", False),
        ({"type": "email_text_input"}, "ada at example", True),
        ({"type": "url_text_input"}, "https://example.org", False),
        ({"type": "url_text_input"}, "example", True),
        ({"type": "number_input", "is_decimal_allowed": False}, "12", False),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", True),
        ({"type": "number_input", "is_decimal_allowed": True}, "1.5", False),
        ({"type": "number_input", "is_decimal_allowed": True}, "NaN", True),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", True),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}, "0", True),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}, "1", False),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}, "5", False),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "5"}, "6", True),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1"], False),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1", "U2"], True),
    ],
)
def test_slacks_own_client_refuses_by_the_kind_of_input(element: Json, value: Any, complains: bool) -> None:
    _, complaints = fill({"blocks": [field("it", **element)]}, {"it": value})
    assert bool(complaints) is complains
