"""The monthly report as a reader sees it, on a desk and on a phone, in light and in dark, and on paper."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from accessibility import axe
from reported import report

from copbot.adapters.report.page import page as page_of

SIZES = {"desk": (1280, 900), "phone": (390, 844)}


def violations(page: Any) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


@pytest.fixture(scope="module")
def reading(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The page, in a browser that has no network, and what it asked for."""
    file: Path = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page_of(report()), encoding="utf-8")
    context = browser.new_context(offline=True, bypass_csp=True)  # axe itself is a script
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error {error}"))
    page.goto(file.as_uri())
    yield page, asked
    context.close()


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_it_is_accessible_fits_and_asks_for_nothing(reading: Any, size: str, scheme: str) -> None:
    page, asked = reading
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, media="screen")
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = page.locator("figure svg").evaluate_all("all => all.filter(each => each.getClientRects().length).length")
    assert shown == 7
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('figure svg text')].filter(t => t.getClientRects().length).map(
            t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getScreenCTM().a))"""
    )
    assert smallest >= 10.5
    assert asked[1:] == []  # the first is the page itself


def test_its_charts_are_in_the_colours_of_the_scheme(reading: Any) -> None:
    page, _ = reading
    seen = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, media="screen")
        seen.append(page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill"))
    assert seen[0] != seen[1]


def test_headings_go_down_one_step_at_a_time(reading: Any) -> None:
    page, _ = reading
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_on_paper_it_is_light_on_a4_and_without_what_must_be_opened(reading: Any) -> None:
    page, _ = reading
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("details").first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
