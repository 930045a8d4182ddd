"""The guided tour, from its offer to its end: done by oneself or by the tour, on a desktop and on a phone."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from accessibility import findings
from simulated import living
from village import DESKTOP, PHONE

from copbot.demo.stage import Stage

Look = Callable[..., Any]
ON_A_DESKTOP, ON_A_PHONE = pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")
LATER = pytest.mark.slow  # the same way on the other screen, or what the tour that does it by itself passes through too
DESKTOP_FIRST = pytest.mark.parametrize("size", [ON_A_DESKTOP, pytest.param(PHONE, id="phone", marks=LATER)])
PHONE_FIRST = pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop", marks=LATER), ON_A_PHONE])
PATIENT_MS = 60_000
LONGEST_TOUR_S = 300  # what the page promises; alone on a machine it takes seconds


@pytest.fixture
def stage() -> Iterator[Stage]:
    with living() as opened:
        yield opened


def _title(page: Any) -> Any:
    return page.locator("#tour-title")


def _press(page: Any, label: str) -> None:
    page.locator("#tour").get_by_role("button", name=label, exact=True).click()


def _says(page: Any, words: str) -> None:
    _expect(page.locator("#tour-say")).to_contain_text(words, timeout=PATIENT_MS)


def _is_done(page: Any, step: int) -> None:
    _is_at(page, step)
    _says(page, "✓")


def _is_at(page: Any, step: int) -> None:
    _expect(_title(page)).to_contain_text(f"{step} of 5")


def _a_day_passes(page: Any) -> None:
    page.locator("#day").click()
    _expect(page.locator("#day")).to_be_enabled(timeout=PATIENT_MS)


def _expect(locator: Any) -> Any:
    from playwright.sync_api import expect  # where it is not installed, the fixtures skip first

    return expect(locator)


def _show(page: Any, size: tuple[int, int], place: str) -> None:
    """On a phone one thing is shown at a time."""
    if size == PHONE:
        page.evaluate("place => window.copbotPage.show(place)", place)


@DESKTOP_FIRST
def test_a_visitor_who_lets_the_tour_do_it_sees_all_five_steps(stage: Stage, look: Look, size: tuple[int, int]) -> None:
    from playwright.sync_api import TimeoutError as TooLate

    page = look(stage.workspace, size=size, tour=True)
    began = time.monotonic()
    _press(page, "Start the tour")
    for step in range(1, 6):
        _is_at(page, step)
        while not page.locator("#tour-say").inner_text().startswith("✓"):
            with suppress(TooLate):  # the step may have been done since it was looked at: then the button is gone
                page.locator("#tour").get_by_role("button", name="Do it for me", exact=True).click(timeout=1500)
            page.wait_for_selector("#tour button:has-text('Do it for me'), #tour button.primary", timeout=PATIENT_MS)
            page.wait_for_timeout(900)
        _press(page, "Next step" if step < 5 else "Finish")
    _expect(_title(page)).to_have_text("That was the tour")
    assert time.monotonic() - began < LONGEST_TOUR_S
    _press(page, "Close")

    assert page.locator("#tour").is_hidden()
    ephemerals = [e for user in stage.workspace.users() for e in stage.workspace.ephemerals(user["id"])]
    assert any("peripheral" in f"{each}" for each in ephemerals)


@PHONE_FIRST
def test_a_newcomer_walks_the_first_steps_by_themselves(stage: Stage, look: Look, size: tuple[int, int]) -> None:
    page = look(stage.workspace, size=size, tour=True)
    _press(page, "Start the tour")
    page.locator("[data-tour=invite]").click()
    page.locator("#invite").get_by_role("textbox").fill("Ines Duarte")
    page.locator("#invite button.primary").click()
    _is_done(page, 1)
    _press(page, "Next step")

    page.evaluate("window.copbotPage.openChannel(window.copbotPage.state.channels.find(c => c.type === 'im').id)")
    _show(page, size, "conversation")
    page.get_by_role("button", name=re.compile(r"Answer 3 questions")).click()
    form = page.locator("#modal[open]")
    form.get_by_role("textbox").first.fill("To meet people who link registers.")
    form.get_by_label("Registers").first.check()
    _accept_guidelines(form)
    form.locator("button[type=submit]").click()
    _is_done(page, 2)
    newcomer = next(user for user in stage.workspace.users() if user["real_name"] == "Ines Duarte")
    introductions = stage.workspace.messages(stage.workspace.channel_id("introductions"))
    assert any(f"<@{newcomer['id']}>" in f"{m.get('text')}{m.get('blocks')}" for m in introductions)

    _press(page, "Next step")
    assert "times the average allowed hour" in page.locator("#tour-say").inner_text()
    for _ in range(4):
        if page.locator("#tour-say").inner_text().startswith("✓"):
            break
        _a_day_passes(page)
        page.wait_for_timeout(900)
    _is_done(page, 3)


def _accept_guidelines(form: Any) -> None:
    boxes = form.locator("input[type=checkbox]")
    labels = [
        boxes.nth(index).evaluate("box => box.closest('label')?.textContent ?? ''") for index in range(boxes.count())
    ]
    for index, label in enumerate(labels):
        if re.search("accept|agree|guideline", label, re.IGNORECASE):
            boxes.nth(index).check()


@LATER
@pytest.mark.parametrize("size", [ON_A_DESKTOP, ON_A_PHONE])
def test_a_moderator_rescues_a_forgotten_question_by_themselves(
    stage: Stage, look: Look, size: tuple[int, int]
) -> None:
    page = look(stage.workspace, size=size, tour=True)
    _press(page, "Start the tour")
    for step in (1, 2, 3):
        _is_at(page, step)
        _press(page, "Skip")
    _is_at(page, 4)
    mali = next(user["id"] for user in stage.workspace.users() if user["real_name"] == "Mali Srisuk")
    page.evaluate("user => window.copbotPage.actAs(user)", mali)
    for _ in range(2):
        _a_day_passes(page)
    _says(page, "Press “I'll take it”")
    page.evaluate("window.copbotPage.openChannel('cop-moderators')")
    _show(page, size, "conversation")
    page.locator("#messages").get_by_role("button", name="I'll take it").last.click()
    _says(page, "It is yours")

    with stage.store.read() as tx:
        mine = next(card for card in tx.cards.of(stage.community.id, "open") if card.claimed_by == mali)
    thread = f"{mine.ts_us // 1_000_000}.{mine.ts_us % 1_000_000:06d}"
    page.evaluate("([channel, ts]) => window.copbotPage.openThread(channel, ts)", [mine.channel, thread])
    page.locator("#reply textarea").fill("We have a note on that, I send it to you.")
    page.locator("#reply textarea").press("Enter")
    _is_done(page, 4)
    _press(page, "Next step")
    _is_at(page, 5)

    page.evaluate("window.copbotPage.openChannel('data-integration')")
    _show(page, size, "conversation")
    page.locator("#compose textarea").fill("/cop levels")
    page.locator("#compose button[type=submit]").click()
    _is_done(page, 5)


def test_it_is_offered_once_and_can_be_left_and_taken_up_again_at_any_moment(stage: Stage, look: Look) -> None:
    page = look(stage.workspace, tour=True)
    page.wait_for_selector("#tour:not([hidden])")
    _press(page, "Start the tour")
    _is_at(page, 1)
    page.keyboard.press("Escape")
    assert page.locator("#tour").is_hidden()
    assert page.locator(".tour-here").count() == 0

    page.reload()
    page.wait_for_selector("#tour-button")
    page.wait_for_timeout(500)
    assert page.locator("#tour").count() == 0
    page.locator("#tour-button").click()
    assert _title(page).inner_text() == "Five minutes with copbot?"
    _press(page, "Not now")
    assert page.locator("#tour").is_hidden()


def test_it_works_by_keyboard_and_covers_nothing(stage: Stage, look: Look) -> None:
    page = look(stage.workspace, size=PHONE, tour=True)
    page.locator("#tour").get_by_role("button", name="Start the tour").focus()
    page.keyboard.press("Enter")
    _is_at(page, 1)
    assert page.evaluate("document.activeElement.id") == "tour-title"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Do it for me"
    page.keyboard.press("Enter")
    _is_done(page, 1)

    strip, below = page.locator("#tour").bounding_box(), page.locator(".workspace").bounding_box()
    assert strip["y"] + strip["height"] <= below["y"] + 1
    assert below["y"] + below["height"] <= PHONE[1] + 1
    assert below["height"] > PHONE[1] / 3
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize(
    ("size", "dark"),
    [
        pytest.param(DESKTOP, False, id="desktop-light"),
        pytest.param(PHONE, True, id="phone-dark"),
        pytest.param(DESKTOP, True, id="desktop-dark", marks=LATER),
        pytest.param(PHONE, False, id="phone-light", marks=LATER),
    ],
)
def test_axe_finds_nothing_serious_in_it(stage: Stage, look: Look, size: tuple[int, int], dark: bool) -> None:
    page = look(stage.workspace, size=size, dark=dark, tour=True)
    _expect(_title(page)).to_be_visible()
    assert findings(page) == []
    _press(page, "Start the tour")
    _is_at(page, 1)
    assert findings(page) == []


def test_starting_it_makes_the_story_give_way(stage: Stage, look: Look) -> None:
    page = look(stage.workspace, tour=True)
    page.wait_for_selector("#tour:not([hidden])")
    assert not stage.time.taken_over.is_set()

    _press(page, "Start the tour")
    _is_at(page, 1)

    assert stage.time.taken_over.is_set()
