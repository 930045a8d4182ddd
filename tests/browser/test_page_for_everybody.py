"""The page by keyboard and with a screen reader: axe's rules, the order of focus, and what is said aloud."""

from typing import Any

import pytest
from accessibility import findings
from village import ASKING, DESKTOP, PHONE, Look, Village

expect: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


def lively(village: Village) -> str:
    """A conversation with a bit of everything; the root of its thread."""
    workspace = village.workspace
    root = workspace.post(village.general, village.ben, "Who knows *registers*? `code` <https://example.org|a page>")
    workspace.react(village.general, root, village.ada, "eyes")
    workspace.post(village.general, village.ada, "I do", thread_ts=root)
    village.client.chat_postMessage(channel=village.general, text="Ask", blocks=[ASKING])
    village.client.chat_postEphemeral(channel=village.general, user=village.ada, text="psst, see `/cop me`")
    workspace.add_channel("elsewhere", members=[village.ben])
    workspace.tell("Ben asks.")
    return root


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_axe_finds_nothing_serious(village: Village, look: Look, size: tuple[int, int], dark: bool) -> None:
    root = lively(village)
    page = look(village.workspace, village.ada, size, dark)
    expect(page.locator(".message.alone")).to_be_visible()
    assert findings(page) == []
    page.evaluate(f"copbotPage.openThread('{village.general}', '{root}')")
    expect(page.locator("#replies .message").last).to_contain_text("I do")
    assert findings(page) == []
    page.press("#reply-text", "Escape")
    if size == PHONE:
        for view in ("list", "side"):
            page.evaluate(f"copbotPage.show('{view}')")
            assert findings(page) == []
        page.evaluate("copbotPage.show('conversation')")
    page.click("#messages button:has-text('Answer')")
    page.click("#modal button:has-text('Send')")
    expect(page.locator("#modal .error").first).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
    page.click("#as")
    expect(page.locator("#people .person").first).to_be_visible()
    assert findings(page) == []


def test_everything_is_reached_by_keyboard(village: Village, look: Look) -> None:
    root = lively(village)
    page = look(village.workspace, village.ada)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.focus("#messages")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.ts") == root
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.message')")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_be_visible()
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.ts") == root
    page.focus("#sidebar button.channel >> nth=0")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.channel:not([aria-current])')")
    page.focus("#as")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Find a person")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#as")).to_be_focused()


def test_a_line_break_is_no_sending(village: Village, look: Look) -> None:
    page = look(village.workspace, village.ada)
    page.locator("#text").press_sequentially("one")
    page.press("#text", "Shift+Enter")
    page.locator("#text").press_sequentially("two")
    page.press("#text", "Enter")
    expect(page.locator("#messages .message").last).to_contain_text("two")
    assert village.workspace.messages(village.general)[-1]["text"] == "one\ntwo"


def test_new_messages_are_said_aloud_and_leave_the_focus_alone(village: Village, look: Look) -> None:
    root = lively(village)
    page = look(village.workspace, village.ada)
    page.locator(f"#messages [data-ts='{root}'] .reactions button").first.focus()
    village.workspace.post(village.general, village.ben, "something new")
    expect(page.locator("#announce")).to_contain_text("Ben Okri: something new")
    assert page.evaluate("document.activeElement.closest('.message').dataset.ts") == root
