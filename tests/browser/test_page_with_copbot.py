"""The demo's own page, with copbot behind it: a newcomer is welcomed, answers, and is introduced."""

import threading
from typing import Any

import pytest
from village import DESKTOP, PHONE, Look

from copbot.demo.stage import open_stage

expect: Any = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


@pytest.mark.parametrize(
    "size", [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.slow), pytest.param(PHONE, id="phone")]
)
def test_a_newcomer_answers_copbots_welcome_on_the_page(look: Look, size: tuple[int, int]) -> None:
    with open_stage(port=0, schedules=None, prompts=None, pause_s=0.0, stopping=threading.Event()) as stage:
        page = look(stage.workspace, None, size)
        page.click("#as")
        for role in ("Newcomers", "Coordinators", "Moderators", "Core members"):
            expect(page.get_by_role("heading", name=role, exact=True)).to_be_visible()
        page.keyboard.press("Escape")
        page.click("#newcomer")
        page.fill("#newcomer-name", "Cleo Tan")
        page.click("#invite button[type=submit]")
        stage.wait_for(lambda: any(user["real_name"] == "Cleo Tan" for user in stage.workspace.users()))
        stage.later(minutes=1)
        if size == PHONE:
            expect(page.locator("#back")).to_have_attribute("data-new", "1")
            page.click("#back")
        app = page.locator("#sidebar button.channel:has-text('copbot')")
        expect(app.locator(".badge")).to_have_text("1")
        app.click()
        page.locator("#messages .actions button").first.click()
        page.locator("#modal textarea").first.fill("to link registers")
        page.locator("#modal input[type=checkbox]").first.check()
        for box in page.locator("#modal .field[data-block*=guideline] input").all():
            box.check()
        page.click("#modal button[type=submit]")
        expect(page.locator("#modal")).to_be_hidden()
        introductions = stage.channel(stage.community.channels.introductions)
        assert introductions is not None
        stage.wait_for(lambda: "to link registers" in str(stage.workspace.messages(introductions)))
        assert "to link registers" in str(stage.workspace.messages(introductions)[-1])
        page.close()
