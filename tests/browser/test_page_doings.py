"""The page in a real browser, as people use it: at a desk and on a phone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from village import ASKING, DESKTOP, HELP, PHONE, START, Look, Village

expect: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]


def go(page: Any, channel: str) -> None:
    """To a channel by the list of channels, which on a phone is a step back."""
    if page.locator("#back").is_visible():
        page.click("#back")
    page.click(f"#sidebar button.channel:has-text('{channel}')")
    expect(page.locator("#title")).to_contain_text(channel)
    box = page.locator("#text")
    assert not box.is_visible() or box.evaluate("(box) => box.clientHeight >= box.scrollHeight"), (
        "its words are cut off"
    )


def say(page: Any, text: str, box: str = "#text") -> None:
    page.fill(box, text)
    page.press(box, "Enter")
    expect(page.locator(box)).to_have_value("")


@pytest.mark.parametrize("size", SIZES)
def test_a_newcomer_is_welcomed_and_answers_after_a_mistake(
    village: Village, look: Look, size: tuple[int, int]
) -> None:
    page = look(village.workspace, village.ada, size)
    page.click("#newcomer")
    page.fill("#newcomer-name", "Cleo Tan")
    page.click("#invite button[type=submit]")
    expect(page.locator("#as")).to_contain_text("Cleo Tan" if size == DESKTOP else "Cleo")
    go(page, "copbot")
    page.click("#messages button:has-text('Answer')")
    expect(page.locator("#modal")).to_be_visible()
    page.click("#modal button:has-text('Send')")
    goal = page.get_by_label("What is your goal?")
    expect(page.locator("#modal .field[data-block=goal] .error")).to_contain_text("required")
    expect(goal).to_be_focused()
    assert village.submitted == []
    goal.fill("wrong")
    page.check("#modal input[value=census]")
    page.click("#modal button:has-text('Send')")
    expect(page.locator("#modal .field[data-block=goal] .error")).to_contain_text("Not that one.")
    goal.fill("to learn")
    page.get_by_label("Who invited you?").fill("ada")
    page.get_by_role("option", name="Ada Lovelace").click()
    page.click("#modal button:has-text('Send')")
    expect(page.locator("#modal")).to_be_hidden()
    [values] = village.submitted
    assert values["goal"]["value"] == "to learn"
    assert [o["value"] for o in values["topics"]["selected_options"]] == ["census"]
    assert values["who"]["selected_user"] == village.ada
    assert values["many"]["selected_options"] == []


@pytest.mark.parametrize("size", SIZES)
def test_people_write_react_and_answer_in_threads(village: Village, look: Look, size: tuple[int, int]) -> None:
    page = look(village.workspace, village.ada, size)
    say(page, "Who knows *registers*? :wave:")
    mine = page.locator("#messages .message").last
    expect(mine.locator("strong")).to_have_text("registers")
    expect(mine).to_contain_text("👋")
    mine.click(position={"x": 5, "y": 5})
    mine.get_by_role("button", name="Add a reaction").first.click()
    page.fill(".reaction-picker input", "tada")
    page.press(".reaction-picker input", "Enter")
    expect(mine.locator(".reactions button").first).to_have_text("🎉1")
    mine.locator(".reactions button").first.click()
    expect(mine.locator(".reactions")).to_have_count(0)
    assert village.workspace.messages(village.general)[-1].get("reactions") is None
    mine.click(position={"x": 5, "y": 5})
    mine.get_by_role("button", name="Reply in thread").click()
    expect(page.locator("#thread")).to_be_visible()
    assert page.locator("main").is_visible() == (size == DESKTOP)
    say(page, "I will ask around", "#reply-text")
    expect(page.locator("#replies .message").last).to_contain_text("I will ask around")
    page.press("#reply-text", "Escape")
    expect(page.locator("#thread")).to_be_hidden()
    expect(mine.locator(".replies")).to_contain_text("1 reply")


@pytest.mark.parametrize("size", SIZES)
def test_a_command_is_completed_and_its_answer_is_for_one_person(
    village: Village, look: Look, size: tuple[int, int]
) -> None:
    page = look(village.workspace, village.ada, size)
    page.locator("#text").press_sequentially("/")
    expect(page.get_by_role("option", name="/cop")).to_be_visible()
    page.press("#text", "Tab")
    page.locator("#text").press_sequentially("help")
    page.press("#text", "Enter")
    answer = page.locator(".message.alone")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer).to_contain_text("look for answered threads")
    assert village.workspace.ephemerals(village.ada)[-1]["text"] == HELP
    page.locator("#text").press_sequentially("/cop ")
    expect(page.get_by_role("option", name="/cop find")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_what_is_new_is_marked_for_each_person_until_they_look(
    village: Village, look: Look, size: tuple[int, int]
) -> None:
    workspace = village.workspace
    other = workspace.add_channel("registers", members=[village.ada, village.ben])
    workspace.post(village.general, village.ada, "here")
    page = look(workspace, village.ada, size, path=f"archives/{village.general}")
    workspace.post(other, village.ben, "<@" + village.ada + "> do you know?")
    workspace.post(other, village.ben, "anybody?")
    if size == PHONE:
        expect(page.locator("#back")).to_have_attribute("data-new", "1")
        page.click("#back")
    row = page.locator("#sidebar button.channel:has-text('registers')")
    expect(row).to_have_class(re.compile("new"))
    expect(row.locator(".badge")).to_have_text("1")
    row.click()
    expect(page.locator(".new-line")).to_be_visible()
    go(page, "general")
    if size == PHONE:
        page.click("#back")
    expect(row).not_to_have_class(re.compile("new"))
    if size == PHONE:
        row.click()
    page.click("#as")
    page.fill("#people input", "ben")
    page.press("#people input", "Enter")
    expect(page.locator("#as")).to_contain_text("Ben")
    if size == PHONE:
        page.click("#back")
    expect(page.locator("#sidebar button.channel:has-text('registers')")).not_to_have_class(re.compile("new"))


def test_time_is_moved_and_what_comes_next_stands_beside_it(village: Village, look: Look) -> None:
    page = look(village.workspace, village.ada)
    expect(page.locator("#now")).to_contain_text("16:00")  # Ada lives in Bangkok
    expect(page.locator("#coming li").first).to_contain_text("The weekly question")
    expect(page.locator("#coming li").first).to_contain_text("Tue 10:00 is the best hour")
    page.click("#hour")
    expect(page.locator("#now")).to_contain_text("17:00")
    page.click("#next")
    expect(page.locator("#notice")).to_have_text("The weekly question goes out.")
    page.click("#day")
    expect(page.locator("#now")).to_contain_text("22:00")
    assert village.workspace.clock.now() == START + timedelta(days=1, hours=6)
    page.select_option("#speed", "86400")
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")
    page.click("#play")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")


def test_the_apps_home_is_shown_and_can_be_pressed(village: Village, look: Look) -> None:
    page = look(village.workspace, village.ada)
    go(page, "copbot")
    page.get_by_role("tab", name="Home").click()
    expect(page.locator("#home")).to_contain_text("Your Home.")
    page.click("#home button:has-text('Press me')")
    expect(page.locator("#home")).to_contain_text("You pressed it.")


def test_a_modal_upon_a_modal_leads_back_to_what_was_typed(village: Village, look: Look) -> None:
    village.client.chat_postMessage(channel=village.general, text="Ask", blocks=[ASKING])
    page = look(village.workspace, village.ada)
    page.click("#messages button:has-text('Answer')")
    page.get_by_label("What is your goal?").fill("kept")
    page.click("#modal button:has-text('More…')")
    expect(page.locator("#modal-title")).to_have_text("Deeper")
    page.keyboard.press("Escape")
    expect(page.locator("#modal-title")).to_have_text("Tell us")
    expect(page.get_by_label("What is your goal?")).to_have_value("kept")
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()


def test_elements_say_what_was_pressed_and_ask_first_where_the_app_wants_it(village: Village, look: Look) -> None:
    village.client.chat_postMessage(channel=village.general, text="Ask", blocks=[ASKING])
    page = look(village.workspace, village.ada)
    page.click("#messages button:has-text('Drop it')")
    expect(page.locator("#sure")).to_contain_text("It will be gone.")
    page.click("#sure button:has-text('Cancel')")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Surveys").click()
    village.workspace.wait_for(lambda: len(village.actions) == 1)
    page.select_option("#messages select", "census")
    village.workspace.wait_for(lambda: len(village.actions) == 2)
    page.click("#messages button:has-text('Drop it')")
    page.click("#sure button:has-text('Yes, drop')")
    village.workspace.wait_for(lambda: len(village.actions) == 3)
    chosen = [(a["action_id"], (a.get("selected_option") or {}).get("value")) for a in village.actions]
    assert chosen == [("more", "surveys"), ("choose", "census"), ("drop", None)]


def test_somebody_edits_and_deletes_their_own_message_only(village: Village, look: Look) -> None:
    village.workspace.post(village.general, village.ben, "from Ben")
    page = look(village.workspace, village.ada)
    say(page, "tpyo")
    mine = page.locator("#messages .message").last
    mine.hover()
    mine.get_by_role("button", name="Edit").click()
    say(page, "typo")
    expect(mine).to_contain_text("typo (edited)")
    mine.hover()
    mine.get_by_role("button", name="Delete").click()
    page.click("#sure button:has-text('Delete')")
    expect(page.locator("#messages .message")).to_have_count(1)
    page.locator("#messages .message").hover()
    expect(page.locator("#messages .toolbar button")).to_have_count(2)


def test_a_messages_menu_is_used_by_thumb_and_by_keyboard(village: Village, look: Look) -> None:
    workspace = village.workspace
    workspace.shortcuts = {"leave_it": "Leave it alone", "note_it": "Note it"}
    workspace.post(village.general, village.ben, "hello")
    page = look(workspace, village.ada, PHONE)
    said = page.locator("#messages .message").last
    said.click(position={"x": 5, "y": 5})
    more = said.get_by_role("button", name="More actions")
    more.click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    workspace.wait_for(lambda: village.actions)
    assert village.actions == [{"chosen": "hello"}]
    more.click()
    page.mouse.click(5, 300)
    expect(menu).to_have_count(0)


def test_the_colours_follow_the_visitors_wish(village: Village, look: Look) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = (look(village.workspace, village.ada, dark=wish).evaluate(ground) for wish in (False, True))
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(26, 29, 33)")


def test_a_community_of_thousands_does_not_weigh_the_page_down(village: Village, look: Look) -> None:
    workspace = village.workspace
    crowd = [workspace.add_user(f"person.{n}", real_name=f"Person {n}") for n in range(5700)]
    workspace.join_channel(village.general, crowd[-1])
    page = look(workspace, village.ada)
    page.click("#as")
    expect(page.locator("#people .person").first).to_be_visible()
    assert page.locator("#people .person").count() <= 50
    expect(page.locator("#people")).to_contain_text("more: type a name")
    page.fill("#people input", "person 5699")
    expect(page.locator("#people .person")).to_have_count(1)
    page.press("#people input", "Enter")
    expect(page.locator("#as")).to_contain_text("Person 5699")


def test_the_page_is_painted_at_once(village: Village, look: Look) -> None:
    page = look(village.workspace, village.ada)
    painted = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    page.wait_for_function(painted)
    assert page.evaluate(painted) < 3000  # milliseconds, on a slow machine under load
