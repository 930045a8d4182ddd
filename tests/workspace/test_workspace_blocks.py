"""Block Kit's limits, on both sides of each."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, ContextBlock, HeaderBlock, Option, SectionBlock
from slack_sdk.models.views import View

from copbot.workspace import blocks as limits
from copbot.workspace.blocks import message_complaints, view_complaints

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def option(length: int = 5, value: str = "v") -> Json:
    return {"text": plain(length), "value": value}


def button(text: int = 5, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": "a"} | more


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def buttons(count: int) -> list[Json]:
    return actions(*(button(action_id=f"a{n}") for n in range(count)))


def select(options: list[Json]) -> list[Json]:
    return actions({"type": "static_select", "action_id": "s", "options": options})


CASES: list[tuple[str, Callable[[int], list[Json]], int]] = [
    ("section text", lambda n: [{"type": "section", "text": mrkdwn(n)}], 3000),
    ("section field", lambda n: [{"type": "section", "fields": [mrkdwn(n)]}], 2000),
    ("section fields", lambda n: [{"type": "section", "fields": [mrkdwn(1)] * n}], 10),
    ("header", lambda n: [{"type": "header", "text": plain(n)}], 150),
    ("context elements", lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}], 10),
    ("actions elements", buttons, 25),
    ("button text", lambda n: actions(button(n)), 75),
    ("button value", lambda n: actions(button(value="v" * n)), 2000),
    ("action_id", lambda n: actions(button(action_id="a" * n)), 255),
    ("block_id", lambda n: [{"type": "divider", "block_id": "b" * n}], 255),
    ("option text", lambda n: select([option(n)]), 75),
    ("option value", lambda n: select([option(value="v" * n)]), 150),
    ("options", lambda n: select([option(value=str(i)) for i in range(n)]), 100),
    ("blocks of a message", lambda n: [{"type": "divider"}] * n, 50),
]


@pytest.mark.parametrize(("make", "limit"), [pytest.param(make, limit, id=name) for name, make, limit in CASES])
def test_what_fits_passes_and_one_more_does_not(make: Callable[[int], list[Json]], limit: int) -> None:
    assert message_complaints(make(limit)) == []
    assert len(message_complaints(make(limit + 1))) == 1


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param("nothing", id="no array"),
        pytest.param([{"type": "unheard_of"}], id="unknown block"),
        pytest.param(["text"], id="no object"),
        pytest.param([{"type": "section"}], id="section without text"),
        pytest.param([{"type": "section", "text": mrkdwn(0)}], id="empty text"),
        pytest.param([{"type": "header", "text": mrkdwn(5)}], id="mrkdwn where plain text is wanted"),
        pytest.param(actions({"type": "button", "action_id": "a"}), id="button without text"),
        pytest.param(actions(button(), button()), id="action_id twice"),
        pytest.param([{"type": "divider", "block_id": "b"}] * 2, id="block_id twice"),
        pytest.param(actions(button(style="loud")), id="unknown style"),
        pytest.param(actions({"type": "plain_text_input", "action_id": "a"}), id="text input among actions"),
        pytest.param(select([]), id="no options"),
    ],
)
def test_what_slack_refuses_is_refused(blocks: Any) -> None:
    assert message_complaints(blocks)


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": [{"type": "divider"}]} | more


FIELD = {"type": "input", "label": plain(5), "element": {"type": "plain_text_input", "action_id": "a"}}


@pytest.mark.parametrize(
    ("view", "fits"),
    [
        pytest.param(modal(), True, id="plain modal"),
        pytest.param(modal(title=plain(24)), True, id="title of 24"),
        pytest.param(modal(title=plain(25)), False, id="title of 25"),
        pytest.param(modal(private_metadata="x" * 3000), True, id="private_metadata of 3000"),
        pytest.param(modal(private_metadata="x" * 3001), False, id="private_metadata of 3001"),
        pytest.param(modal(blocks=[{"type": "divider"}] * 100), True, id="100 blocks"),
        pytest.param(modal(blocks=[{"type": "divider"}] * 101), False, id="101 blocks"),
        pytest.param(modal(blocks=[]), False, id="no blocks"),
        pytest.param(modal(blocks=[FIELD], submit=plain(4)), True, id="form with submit"),
        pytest.param(modal(blocks=[FIELD]), False, id="form without submit"),
        pytest.param({"type": "home", "blocks": [{"type": "divider"}]}, True, id="home"),
        pytest.param(
            {"type": "home", "blocks": [{"type": "divider"}], "submit": plain(4)}, False, id="home with submit"
        ),
    ],
)
def test_views_keep_to_their_limits(view: Json, fits: bool) -> None:
    assert (view_complaints(view) == []) is fits


def test_the_limits_are_slack_sdks_own() -> None:
    ours = {name: limit for name, _, limit in CASES}
    assert ours["section text"] == SectionBlock.text_max_length
    assert ours["section field"] == 2000
    assert ours["section fields"] == SectionBlock.fields_max_length
    assert ours["header"] == HeaderBlock.text_max_length
    assert ours["context elements"] == ContextBlock.elements_max_length
    assert ours["actions elements"] == ActionsBlock.elements_max_length
    assert ours["button text"] == ButtonElement.text_max_length
    assert ours["button value"] == ButtonElement.value_max_length
    assert ours["option text"] == Option.label_max_length
    assert View.blocks_max_length == limits.VIEW_BLOCKS
    assert limits.VIEW_TEXTS["title"] == View.title_max_length
    assert limits.VIEW_STRINGS["private_metadata"] == View.private_metadata_max_length
