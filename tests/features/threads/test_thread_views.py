"""Cards as Slack shows them: within its limits, and notifying nobody by a person's words."""

import pytest
from slack_sdk.models.blocks import Block

from copbot.core.records import Card
from copbot.features.threads.views import Shown, card_blocks, card_text, escalation_text, listing, quote, reminder_text


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


def test_a_card_says_who_asks_what_how_long_and_offers_three_buttons() -> None:
    blocks = card_blocks([shown(text="How do you link *two* registers?\n\nI have no common id.")])
    text = all_text(blocks)
    assert "<@U1> asked in <#C1> and has waited 26 hours" in text
    assert "first message" not in text
    assert "> How do you link *two* registers?\n> I have no common id." in text
    buttons = blocks[-1]["elements"]
    assert [button["text"]["text"] for button in buttons] == ["Open the thread", "I'll take it", "Not a question"]
    assert [button.get("value") for button in buttons] == [None, "1", "1"]


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
        pytest.param("<!channel> help", "> &lt;", id="a call to all"),
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
    assert result == quoted or (quoted == "> &lt;" and "<!" not in result and "!channel help" in result)
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
