"""The Home tab: published when it is opened, again when something changed for who looks, and never in a wrong order."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from copbot.adapters.home import Home
from copbot.core.blocks import section
from copbot.core.errors import SlackUnavailable
from copbot.core.feature import Feature
from copbot.core.personal import Personal


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


class Tab:
    """What Slack was given to show; ``answers`` beforehand how each request goes."""

    def __init__(self, scene: Scene) -> None:
        self.shown: list[tuple[str, str]] = []
        self.failures: list[Exception] = []
        self.count = 0
        self.counts = True
        self.go_on = threading.Event()
        self.go_on.set()
        feature = Feature("counting", about=lambda _c, _t, _community, _user: (section(f"version {self._next()}"),))
        self.home = Home(scene.ctx, Personal([feature], "/cop"), self._publish)

    def _next(self) -> int:
        self.count += self.counts
        return self.count

    def _publish(self, user: str, view: dict[str, Any]) -> None:
        assert self.go_on.wait(5)
        if self.failures:
            raise self.failures.pop()
        own = next(b["text"]["text"] for b in view["blocks"] if "version" in b.get("text", {}).get("text", ""))
        self.shown.append((user, own))

    def wait_for(self, count: int) -> None:
        while len(self.shown) < count:
            threading.Event().wait(0.005)

    def settled(self) -> list[tuple[str, str]]:
        self.home._thread.shutdown(wait=True)
        return self.shown


def test_opening_it_shows_the_persons_own_page(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.opened("U1")
    assert tab.settled() == [("U1", "version 1")]


def test_a_change_is_shown_to_who_looks_and_to_nobody_else(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.changed("U1")
    tab.home.opened("U2")
    tab.home.changed("U3")
    assert tab.settled() == [("U2", "version 1")]


def test_many_changes_at_once_are_shown_in_one_and_the_last_holds(scene: Scene) -> None:
    tab = Tab(scene)
    tab.go_on.clear()
    for _ in range(5):
        tab.home.opened("U1")
    tab.go_on.set()
    shown = tab.settled()
    assert 1 <= len(shown) <= 2
    assert shown[-1][1] == f"version {tab.count}"


@pytest.mark.parametrize("failure", [SlackUnavailable("HTTP 500"), RuntimeError("a bug")])
def test_a_page_that_could_not_be_published_stops_nothing(scene: Scene, failure: Exception) -> None:
    tab = Tab(scene)
    tab.failures = [failure]
    tab.home.opened("U1")
    while tab.failures:
        threading.Event().wait(0.005)
    tab.home.opened("U1")
    assert tab.settled() == [("U1", "version 2")]


def test_who_looks_after_a_community_sees_what_others_change_and_nothing_twice(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.opened("UMOD")
    tab.home.opened("U1")
    tab.wait_for(2)
    tab.home.look()  # another version for the moderator
    tab.wait_for(3)
    tab.counts = False
    tab.home.look()
    assert tab.settled() == [("UMOD", "version 1"), ("U1", "version 2"), ("UMOD", "version 3")]


def test_who_has_not_opened_it_for_hours_is_not_taken_to_look(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.opened("UMOD")
    tab.wait_for(1)
    scene.wait(hours=2, seconds=1)
    tab.home.look()
    assert tab.settled() == [("UMOD", "version 1")]
