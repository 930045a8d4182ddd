"""Block Kit as Slack shows it, and words that stay words."""

from typing import Any

import pytest
from village import DESKTOP, EVIL, FORM, OPTIONS, PHONE, Look, Village, field_of, option, words

expect: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "emoji", "name": "tada"},
                {"type": "link", "url": "https://example.org/", "text": "a link"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}
EVERYTHING: list[dict[str, Any]] = [
    {"type": "header", "text": words("A header :wave:")},
    {"type": "section", "text": mrkdwn("*bold* _slanted_ ~gone~ `code` <https://example.org|named> &lt;b&gt;")},
    {"type": "section", "fields": [mrkdwn("*Who*\nAda"), words("When")]},
    {"type": "section", "text": mrkdwn("pick"), "accessory": {"type": "users_select", "action_id": "user"}},
    {"type": "divider"},
    {"type": "image", "image_url": "https://example.org/cat.png", "alt_text": "a cat", "title": words("Our cat")},
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": "https://example.org/i.png", "alt_text": "icon"}, mrkdwn("small")],
    },
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "link", "text": words("Open"), "url": "https://example.org/there"},
            {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-20"},
            {"type": "timepicker", "action_id": "time", "initial_time": "10:30"},
            {"type": "radio_buttons", "action_id": "one", "options": OPTIONS, "initial_option": OPTIONS[1]},
            {"type": "multi_users_select", "action_id": "some"},
        ],
    },
    {"type": "markdown", "text": "# Title\n\n**strong** and [a page](https://example.org/)\n\n- one\n- two"},
    RICH,
]


@pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_every_block_is_drawn_and_nothing_is_fetched_for_it(
    village: Village, look: Look, size: tuple[int, int]
) -> None:
    village.client.chat_postMessage(channel=village.general, text="all", blocks=EVERYTHING)
    page = look(village.workspace, village.ada, size)
    message = page.locator("#messages .message").last
    for selector, text in {
        ".header h3": "A header 👋",
        ".section strong >> nth=0": "bold",
        ".section em": "slanted",
        ".section code": "code",
        ".section a": "named",
        ".fields strong": "Who",
        ".md-title": "Title",
        ".markdown li >> nth=1": "two",
        ".rich_text ol li": "first",
        ".rich_text pre": "x = 1",
        ".image figcaption": "Our cat",
        "a.button": "Open",
    }.items():
        expect(message.locator(selector)).to_have_text(text)
    expect(message.get_by_role("img", name="a cat")).to_be_visible()
    expect(message.locator("input[type=date]")).to_have_value("2026-11-20")
    expect(message.locator("input[type=radio]:checked")).to_have_value("surveys")
    assert message.locator("a.button").get_attribute("rel") == "noopener noreferrer"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"


def test_what_is_chosen_in_a_message_reaches_the_app(village: Village, look: Look) -> None:
    village.client.chat_postMessage(channel=village.general, text="all", blocks=EVERYTHING)
    page = look(village.workspace, village.ada)
    message = page.locator("#messages .message").last
    message.locator(".section .chooser input").fill("ben")
    message.get_by_role("option", name="Ben Okri").click()
    village.workspace.wait_for(lambda: village.actions)
    assert village.actions[-1]["selected_user"] == village.ben
    message.locator("input[type=date]").fill("2026-12-01")
    village.workspace.wait_for(lambda: len(village.actions) == 2)
    assert village.actions[-1]["selected_date"] == "2026-12-01"


def test_script_in_words_names_and_blocks_stays_text(village: Village, look: Look) -> None:
    workspace = village.workspace
    mallory = workspace.add_user("mallory", real_name=EVIL)
    workspace.join_channel(village.general, mallory)
    workspace.post(
        village.general, mallory, f'{EVIL} <javascript:window.evil=1|click> <https://a.example/"onmouseover=1|x>'
    )
    ts = village.client.chat_postMessage(
        channel=village.general,
        text=EVIL,
        blocks=[
            {"type": "section", "text": mrkdwn(EVIL), "fields": [words(EVIL), mrkdwn(EVIL)]},
            {"type": "markdown", "text": f"{EVIL} [x](javascript:window.evil=1)"},
            {"type": "header", "text": words(EVIL)},
            {"type": "image", "image_url": "https://a.example/x.png", "alt_text": EVIL},
            {"type": "actions", "elements": [{"type": "button", "action_id": "open", "text": words(EVIL[:70])}]},
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": "javascript:window.evil=1", "text": EVIL}],
                    }
                ],
            },
        ],
    )["ts"]
    workspace.react(village.general, ts, mallory, "tada")
    workspace.post(village.general, mallory, EVIL, thread_ts=ts)
    workspace.tell(EVIL)
    page = look(workspace, village.ada)
    page.locator("#messages .message").last.locator(".replies").click()
    expect(page.locator("#replies .message").last).to_contain_text("<script>")
    page.click("#as")
    expect(page.locator("#people")).to_contain_text("<img")
    page.keyboard.press("Escape")
    page.locator("#text").press_sequentially("@mal")
    expect(page.locator("#text-completion")).to_contain_text("<img")
    assert page.evaluate("window.evil") is None
    assert page.locator("img, [onerror], [onmouseover], main script, aside script").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0


def test_a_forms_fields_take_every_kind_of_answer(village: Village, look: Look) -> None:
    more = [
        field_of("mail", "Mail", {"type": "email_text_input"}),
        field_of("number", "Number", {"type": "number_input", "is_decimal_allowed": False}),
        field_of("time", "Time", {"type": "timepicker"}),
        field_of("moment", "Moment", {"type": "datetimepicker"}),
        field_of("choice", "Choice", {"type": "radio_buttons", "options": OPTIONS}),
        field_of("select", "Select", {"type": "static_select", "options": [*OPTIONS, option("Third", "third")]}),
        field_of("people", "People", {"type": "multi_users_select"}),
        field_of("channel", "Channel", {"type": "channels_select"}),
    ]
    form_of_all = FORM | {"blocks": [field_of("goal", "Goal", {"type": "plain_text_input"}), *more]}
    village.workspace.command(village.ada, village.general, "/cop")
    trigger = village.workspace.command(village.ada, village.general, "/cop")
    village.client.views_open(trigger_id=trigger, view=form_of_all)
    page = look(village.workspace, village.ada)
    form = page.locator("#modal")
    form.get_by_label("Goal").fill("all")
    form.get_by_label("Mail").fill("ada@example.org")
    form.get_by_label("Number").fill("7")
    form.get_by_label("Time").fill("10:30")
    form.get_by_label("Moment").fill("2026-11-20T16:00")
    page.check("#modal input[value=surveys]")
    form.get_by_label("Select").select_option("third")
    for letters, name in (("ada", "Ada Lovelace"), ("ben", "Ben Okri")):
        form.get_by_label("People").fill(letters)
        form.get_by_role("option", name=name).click()
    form.get_by_role("combobox", name="Channel").fill("gen")
    form.get_by_role("option", name="#general").click()
    page.click("#modal button:has-text('Send')")
    expect(page.locator("#modal")).to_be_hidden()
    [values] = village.submitted
    assert values["mail"]["value"] == "ada@example.org"
    assert values["number"]["value"] == "7"
    assert values["time"]["selected_time"] == "10:30"
    assert values["moment"]["selected_date_time"] == 1795165200  # 16:00 in Bangkok, where Ada lives, is 09:00 UTC
    assert values["choice"]["selected_option"]["value"] == "surveys"
    assert values["select"]["selected_option"]["value"] == "third"
    assert values["people"]["selected_users"] == [village.ada, village.ben]
    assert values["channel"]["selected_channel"] == village.general
