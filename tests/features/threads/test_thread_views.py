"""Cards as Slack shows them: within its limits, and notifying nobody by a person's words."""

from dataclasses import replace
from datetime import date

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from copbot.core.records import Card
from copbot.features.threads.forms import answered_form, ask_form, snooze_form
from copbot.features.threads.subjects import Page
from copbot.features.threads.views import (
    Asked,
    Knower,
    Shown,
    card_blocks,
    card_text,
    escalation_text,
    listing,
    quote,
    reminder_text,
)


def shown(
    number: int = 1, state: str = "open", origin: str = "member", text: str | None = None, **card: object
) -> Shown:
    return Shown(
        card=Card(number, "data", "C1", number, "U1", origin, state, 0, **({"why": "it ends with ?"} | card)),  # type: ignore[arg-type]
        waits="26 hours",
        link=f"https://example.slack.com/archives/C1/p{number}",
        text=text,
        answered_by="U2" if state == "answered" else None,
        answered_after="27 hours" if state == "answered" else "",
    )


def all_text(blocks: tuple[dict, ...]) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")


def assert_slack_takes(blocks: tuple[dict, ...]) -> None:
    assert 0 < len(blocks) <= 50
    for parsed in Block.parse_all(list(blocks)):
        parsed.validate_json()
        assert parsed.to_dict()["type"] in {"section", "actions", "context"}
    for block in blocks:
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000


@pytest.mark.parametrize("state", ["open", "answered", "dismissed", "withdrawn"])
@pytest.mark.parametrize("origin", ["member", "question", "introduction"])
def test_each_kind_of_card_in_each_state_is_taken_by_slack(state: str, origin: str) -> None:
    blocks = card_blocks([shown(state=state, origin=origin, text="How?")])
    assert_slack_takes(blocks)
    assert any(block["type"] == "actions" for block in blocks) is (state == "open")
    assert card_text([shown(state=state, origin=origin)])


def labels(row: dict) -> list[str]:
    return [element["text"]["text"] for element in row["elements"] if element["type"] == "button"]


def menu(row: dict) -> list[str]:
    return [option["text"]["text"] for option in row["elements"][-1]["options"]]


def small_print(blocks: tuple[dict, ...]) -> list[str]:
    return [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]


def test_a_card_says_who_asks_what_and_how_long_and_what_can_be_done() -> None:
    blocks = card_blocks([shown(text="How do you link *two* registers?\n\nI have no common id.")])
    text = all_text(blocks)
    assert "<@U1> asked in <#C1> and has waited 26 hours" in text
    assert "first message" not in text
    assert "> How do you link *two* registers?\n> I have no common id." in text
    assert labels(blocks[-1]) == ["Open the thread", "I'll take it", "Ask someone", "Answered"]
    assert [button.get("value") for button in blocks[-1]["elements"]] == [None, "1", "1", "1", None]
    assert menu(blocks[-1]) == [
        *("Snooze until tomorrow", "Snooze until next week", "Snooze until a date…", "Not a question")
    ]
    (reason,) = small_print(blocks)
    assert "Why it is here: it ends with ?" in reason
    assert "<!date^0^" in reason  # when it was written, as each reader's clock has it


@pytest.mark.parametrize("snoozed", [None, 10**15])
@pytest.mark.parametrize("claimed", [None, "U7"])
@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("why", ["it ends with ?", "it is their first message here"])
def test_a_row_has_at_most_five_elements_and_a_menu_five_choices(
    snoozed: int | None, claimed: str | None, several: bool, why: str
) -> None:
    card = {"snoozed_until_us": snoozed, "claimed_by": claimed, "why": why, "is_first": why != "it ends with ?"}
    blocks = card_blocks([shown(1, **card), *([shown(2)] if several else [])])
    assert_slack_takes(blocks)
    row = next(block for block in blocks if block["type"] == "actions")
    assert len(row["elements"]) <= 5
    assert 2 <= len(menu(row)) <= 5
    assert ("Give it back" in menu(row)) is (claimed is not None)
    assert ("Wake it now" in menu(row)) is (snoozed is not None)
    assert ("I'll take it" in labels(row) or "I'll greet them" in labels(row)) is (claimed is None)


def test_several_in_one_message_offer_the_same_each_in_two_blocks() -> None:
    blocks = card_blocks([shown(1, text="How?"), shown(2)])
    assert [block["type"] for block in blocks] == ["section", "section", "actions", "section", "actions"]
    row = blocks[2]
    assert labels(row) == ["Open the thread", "I'll take it"]
    assert menu(row) == [
        *("Ask someone…", "Answered…", "Snooze until tomorrow", "Snooze until a date…", "Not a question")
    ]


def test_who_might_know_and_who_was_asked_stand_below() -> None:
    one = replace(
        shown(),
        knowers=(Knower("U5", "answered 3 like this, last in June"), Knower("U6", "answered in 9 threads here <3")),
        asked=(Asked("U7", "not_me"), Asked("U8"), Asked("U9", goes_out_us=10**15), Asked("U4", "refused")),
    )
    _, knowing, asking = small_print(card_blocks([one]))
    assert knowing == (
        "Might know: <@U5> (answered 3 like this, last in June) · <@U6> (answered in 9 threads here &lt;3)"
    )
    assert asking.startswith("Asked: <@U7> (cannot) · <@U8> (no reply yet) · <@U9> (my message goes out <!date^10")
    assert "<@U4> (Slack refused my message)" in asking


@pytest.mark.parametrize(
    ("card", "says"),
    [
        pytest.param({"claimed_by": "U7"}, "<@U7> has taken it.", id="taken"),
        pytest.param({"claimed_by": "U7", "is_asked": True}, "<@U7> will answer.", id="somebody who was asked"),
        pytest.param({"claimed_us": 1}, "It is *free again*", id="given back"),
        pytest.param({"duty": "U7"}, "On duty: <@U7>", id="on duty"),
        pytest.param({"duty": "U7", "claimed_by": "U8"}, "<@U8> has taken it.", id="taken, so duty is over"),
        pytest.param({"snoozed_until_us": 10**15}, "Rests until <!date^1000000000^", id="at rest"),
        pytest.param({"reopened_us": 1}, "It is back: its answer is gone.", id="its answer was deleted"),
        pytest.param({"reopened_us": 1, "reopened_by": "U7"}, "<@U7> brought it back.", id="brought back"),
    ],
)
def test_how_a_card_stands_is_said_below_the_question(card: dict, says: str) -> None:
    assert says in all_text(card_blocks([shown(**card)]))


@pytest.mark.parametrize(
    ("state", "card", "says", "can_come_back"),
    [
        ("answered", {}, "Answered by <@U2> after 27 hours: <@U1>'s question in <#C1>", False),
        ("answered", {"settled_how": "reply"}, "Answered by <@U2> after 27 hours", False),
        ("answered", {"settled_how": "reaction"}, "Answered after 27 hours, as a reaction by <@U2> says", False),
        ("answered", {"settled_how": "next_message"}, "Answered by <@U2> after 27 hours, in the channel", False),
        ("answered", {"settled_how": "hand", "settled_by": "U7"}, "Marked by <@U7>. Thank you, <@U2>!", True),
        ("dismissed", {"settled_by": "U7"}, "Set aside by <@U7>", True),
        ("withdrawn", {}, "Withdrawn by its author", False),
        ("withdrawn", {"settled_how": "archived"}, "Its channel was archived", False),
    ],
)
def test_what_became_of_a_card_is_one_line(state: str, card: dict, says: str, can_come_back: bool) -> None:
    (block,) = card_blocks([shown(state=state, **card)])
    assert_slack_takes((block,))
    assert says in block["text"]["text"]
    assert (block.get("accessory", {}).get("text", {}).get("text") == "Bring it back") is can_come_back


@pytest.mark.parametrize(
    "text",
    [
        "x" * 40_000,
        "&" * 40_000,
        "\u05e9\u05dc\u05d5\u05dd " * 8_000,
        "\u202eevil " * 5_000,
        "\n" * 40_000,
        "\U0001f642" * 9_000,
    ],
    ids=["one word", "all escaped", "right to left", "direction overrides", "empty lines", "emoji"],
)
def test_whatever_was_asked_slack_takes_the_card_and_its_forms(text: str) -> None:
    one = replace(shown(text=text), knowers=(Knower("U5", "r" * 300, "n" * 300),))
    assert_slack_takes(card_blocks([one]))
    for form in (
        ask_form(one, one.knowers, Page("mine", "C1", 5)),
        answered_form(one, None, thanks=True),
        snooze_form(one, None, date(2026, 11, 16)),
    ):
        View(**form).validate_json()
        assert len(form["private_metadata"]) < 3000


def test_a_taken_card_shows_by_whom_and_cannot_be_taken_again() -> None:
    blocks = card_blocks([shown(claimed_by="U7")])
    assert "<@U7> has taken it" in all_text(blocks)
    assert "threads:take" not in [button["action_id"] for button in blocks[-1]["elements"]]


def test_an_answered_card_says_by_whom_and_after_how_long() -> None:
    assert "Answered by <@U2> after 27 hours" in all_text(card_blocks([shown(state="answered")]))


def test_sixty_cards_in_one_message_stay_within_slacks_limits_and_show_the_open_ones() -> None:
    many = [shown(number, state="answered" if number < 55 else "open", text="x" * 5000) for number in range(60)]
    blocks = card_blocks(many)
    assert_slack_takes(blocks)
    assert "5 questions wait for an answer" in all_text(blocks)
    assert sum(block["type"] == "actions" for block in blocks) == 5
    assert "40 more" in blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        pytest.param("<!channel> help", "> @\u2060channel help", id="a call to all"),
        pytest.param("ask <@U12345>", "> ask @someone", id="a mention"),
        pytest.param("ask <@U12345|jess>", "> ask @jess", id="a mention with a name"),
        pytest.param("see <#C1|general>", "> see #general", id="a channel"),
        pytest.param("see <https://e.org/x|the site>", "> see the site", id="a link with a label"),
        pytest.param("see <https://e.org/x>", "> see https://e.org/x", id="a bare link"),
        pytest.param("a &lt;b&gt; &amp; c", "> a &lt;b&gt; &amp; c", id="escaped by Slack"),
        pytest.param("1\n2\n3\n4\n5", "> 1\n> 2\n> 3\n> 4", id="first lines only"),
    ],
)
def test_a_quotation_shows_what_was_written_and_calls_nobody(text: str, quoted: str) -> None:
    result = quote(text)
    assert result == quoted
    assert "<@" not in result
    assert "<!" not in result


def test_a_quotation_of_forty_thousand_characters_is_cut() -> None:
    assert len(quote("&lt;" * 10_000)) <= 310


def test_lists_and_reminders_count_and_link() -> None:
    many = [shown(number) for number in range(12)]
    text = listing(many)
    assert text.count("•") == 10
    assert text.endswith("…and 2 more.")
    assert "<https://example.slack.com/archives/C1/p3|open>" in text
    assert escalation_text("Data <3", many[:1]).startswith("A question in *Data &lt;3* still waits")
    assert "12 questions" in escalation_text("Data", many)
    assert "26 hours" in reminder_text(many[:1])
    assert "2 of these" in reminder_text(many[:2])
