"""Debian's own Chromium, driven by Playwright; skipped with the reason where either is missing."""

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from letting_go import let_go
from village import DESKTOP, PHONE, START, Look, Village, village_of

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace

PATIENCE_MS = 6000


@pytest.fixture(scope="module")  # its driver keeps an event loop running for as long as it lives
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'"
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt install chromium")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def village() -> Iterator[Village]:
    clock = VirtualClock(START, speed=0)
    with Workspace(clock) as workspace:
        made, handler = village_of(workspace, clock)
        yield made
        let_go(workspace, handler)
        handler.app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def look(browser: Any) -> Iterator[Look]:
    """Open a workspace's page as somebody. At the end: nothing left the machine, and no script failed."""
    contexts: list[Any] = []
    strayed: list[str] = []
    failed: list[str] = []

    def watch(request: Any) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and urlsplit(request.url).hostname != "127.0.0.1":
            strayed.append(request.url)

    def opened(
        workspace: Workspace,
        user: str | None = None,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        path: str = "",
        tour: bool = False,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
            locale="en-GB",
        )
        contexts.append(context)
        if not tour:
            context.add_init_script("localStorage.setItem('copbot-tour', 'seen')")
        if user is not None:
            context.add_init_script(f"sessionStorage.getItem('as') ?? sessionStorage.setItem('as', '{user}')")
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", watch)
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
        page.goto(f"{workspace.page_url}{path}")
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strayed == []
    assert failed == []
