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


def video(**more: Any) -> Json:
    urls = {"video_url": "https://x/v", "thumbnail_url": "https://x/t"}
    return {"type": "video", "title": plain(5), "alt_text": "x"} | urls | more


def cell() -> Json:
    return {"type": "raw_text", "text": "x"}


def groups(count: int) -> list[Json]:
    return [{"label": plain(5), "options": [option()]}] * count


def confirm(**more: Any) -> Json:
    return {"title": plain(5), "text": mrkdwn(5), "confirm": plain(2), "deny": plain(2)} | more


def field(element: Json) -> Json:
    return {"type": "input", "label": plain(5), "element": {"action_id": "e"} | element}


def rich(*parts: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": list(parts)}]


def words(kind: str = "rich_text_section", text: str = "x") -> Json:
    return {"type": kind, "elements": [{"type": "text", "text": text, "style": {"bold": True}}]}


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
    ("image title", lambda n: [{"type": "image", "image_url": "https://x", "alt_text": "x", "title": plain(n)}], 2000),
    ("image alt text", lambda n: [{"type": "image", "image_url": "https://x", "alt_text": "x" * n}], 2000),
    ("video title", lambda n: [video(title=plain(n))], 200),
    ("video author", lambda n: [video(author_name="x" * n)], 50),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    ("table rows", lambda n: [{"type": "table", "rows": [[cell()]] * n}], 100),
    ("table columns", lambda n: [{"type": "table", "rows": [[cell()] * n]}], 20),
    ("overflow options", lambda n: actions({"type": "overflow", "action_id": "o", "options": [option()] * n}), 5),
    ("checkboxes", lambda n: actions({"type": "checkboxes", "action_id": "c", "options": [option()] * n}), 10),
    ("radio buttons", lambda n: actions({"type": "radio_buttons", "action_id": "r", "options": [option()] * n}), 10),
    ("option groups", lambda n: actions({"type": "static_select", "option_groups": groups(n)}), 100),
    ("option description", lambda n: select([option() | {"description": plain(n)}]), 75),
    ("confirm title", lambda n: actions(button(confirm=confirm(title=plain(n)))), 100),
    ("confirm text", lambda n: actions(button(confirm=confirm(text=mrkdwn(n)))), 300),
    ("confirm button", lambda n: actions(button(confirm=confirm(deny=plain(n)))), 30),
    ("placeholder", lambda n: actions({"type": "users_select", "action_id": "u", "placeholder": plain(n)}), 150),
    ("label", lambda n: [field({"type": "users_select"}) | {"label": plain(n)}], 2000),
    ("hint", lambda n: [field({"type": "users_select"}) | {"hint": plain(n)}], 2000),
    ("initial text", lambda n: [field({"type": "plain_text_input", "initial_value": "x" * n})], 3000),
    ("files of an input", lambda n: [field({"type": "file_input", "max_files": n})], 10),
    ("accessibility label", lambda n: actions(button(accessibility_label="x" * n)), 75),
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


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([field({"type": "datepicker", "initial_date": "2026-12-24"})], id="date"),
        pytest.param([field({"type": "timepicker", "initial_time": "23:59"})], id="time"),
        pytest.param([field({"type": "datetimepicker", "initial_date_time": 1_798_070_400})], id="date and time"),
        pytest.param([field({"type": "number_input", "is_decimal_allowed": False, "min_value": "-1"})], id="number"),
        pytest.param([field({"type": "email_text_input"}), field({"type": "url_text_input"})], id="e-mail and URL"),
        pytest.param([field({"type": "conversations_select", "filter": {"include": ["public", "im"]}})], id="filter"),
        pytest.param([field({"type": "multi_external_select", "min_query_length": 1})], id="external"),
        pytest.param([field({"type": "file_input", "filetypes": ["png"]})], id="file"),
        pytest.param([field({"type": "rich_text_input", "initial_value": rich(words())[0]})], id="rich input"),
        pytest.param(rich(words(), words("rich_text_quote"), words("rich_text_preformatted")), id="rich text"),
        pytest.param(rich({"type": "rich_text_list", "style": "bullet", "elements": [words()]}), id="rich list"),
        pytest.param(actions(button(confirm=confirm(style="danger"))), id="confirm"),
        pytest.param([video(), {"type": "file", "external_id": "x", "source": "remote"}], id="video and file"),
        pytest.param([{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}], id="image of a file"),
        pytest.param(select([{"text": plain(1), "value": "v", "description": plain(1)}]), id="described option"),
    ],
)
def test_every_element_has_a_form_that_passes(blocks: Any) -> None:
    assert message_complaints(blocks) == []


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([field({"type": "datepicker", "initial_date": "24.12.2026"})], id="date of another form"),
        pytest.param([field({"type": "timepicker", "initial_time": "24:00"})], id="no such time"),
        pytest.param([field({"type": "datetimepicker", "initial_date_time": 1})], id="no 10 digits"),
        pytest.param([field({"type": "number_input"})], id="number without is_decimal_allowed"),
        pytest.param([field({"type": "number_input", "is_decimal_allowed": True, "min_value": 1})], id="number bare"),
        pytest.param([field({"type": "plain_text_input", "min_length": 5, "max_length": 4})], id="min above max"),
        pytest.param([field({"type": "conversations_select", "filter": {"include": ["dm"]}})], id="unknown filter"),
        pytest.param([field({"type": "button", "text": plain(1)})], id="button as an input"),
        pytest.param([{"type": "section", "text": plain(1), "accessory": {"type": "datetimepicker"}}], id="accessory"),
        pytest.param(rich({"type": "text", "text": "x"}), id="bare words in rich text"),
        pytest.param(rich(words(text="")), id="empty words in rich text"),
        pytest.param(rich({"type": "rich_text_list", "elements": [words()]}), id="list without a style"),
        pytest.param([{"type": "table", "rows": [["x"]]}], id="a cell that is none"),
        pytest.param([{"type": "table", "rows": [[cell()]]}] * 2, id="two tables"),
        pytest.param([{"type": "markdown", "text": "x" * 7000}] * 2, id="markdown together"),
        pytest.param([{"type": "image", "image_url": "https://x"}], id="image without words"),
        pytest.param(actions(button(confirm=confirm(title=mrkdwn(5)))), id="confirm with mrkdwn title"),
        pytest.param(actions(button(confirm="sure?")), id="confirm in words"),
        pytest.param([{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], id="emoji"),
        pytest.param(actions({"type": "workflow_button", "text": plain(1)}), id="workflow button without one"),
    ],
)
def test_what_has_the_wrong_form_is_refused(blocks: Any) -> None:
    assert message_complaints(blocks)


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": [{"type": "divider"}]} | more


def focused(block_id: str) -> Json:
    return field({"type": "plain_text_input", "focus_on_load": True}) | {"block_id": block_id}


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
        pytest.param(modal(blocks=[{"type": "markdown", "text": "x"}]), False, id="markdown in a modal"),
        pytest.param(modal(blocks=[focused("a")], submit=plain(4)), True, id="one focus"),
        pytest.param(modal(blocks=[focused("a"), focused("b")], submit=plain(4)), False, id="two focuses"),
        pytest.param({"type": "home", "blocks": [field({"type": "file_input"})]}, False, id="file input on a home"),
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
