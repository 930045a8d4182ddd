"""The Home tab: published when it is opened, again when something changed for who looks, and never in a wrong order."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from copbot.adapters.home import MEMBERS_AT_A_LOOK, MOST_A_MINUTE, REST_S, Home
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
        self.scene = scene
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
        while not self.home.is_at_rest:
            threading.Event().wait(0.005)
        self.home.close()
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


def test_what_changes_nothing_is_not_published_again_but_opening_it_always_is(scene: Scene) -> None:
    tab = Tab(scene)
    tab.counts = False
    for show in (tab.home.opened, tab.home.changed, tab.home.opened):
        show("U1")
        while not tab.home.is_at_rest:
            threading.Event().wait(0.005)
    assert tab.settled() == [("U1", "version 0")] * 2


def test_many_changes_at_once_are_shown_in_one_and_the_last_holds(scene: Scene) -> None:
    tab = Tab(scene)
    tab.go_on.clear()
    for _ in range(5):
        tab.home.opened("U1")
    tab.go_on.set()
    shown = tab.settled()
    assert 1 <= len(shown) <= 2
    assert shown[-1][1] == f"version {tab.count}"


def test_a_page_that_could_not_be_made_stops_nothing(scene: Scene) -> None:
    tab = Tab(scene)
    tab.failures = [RuntimeError("a bug")]
    tab.home.opened("U1")
    while tab.failures:
        threading.Event().wait(0.005)
    tab.home.opened("U1")
    assert tab.settled() == [("U1", "version 2")]


@pytest.mark.parametrize(("told_s", "rests_s"), [(7.0, 7), (None, REST_S)])
def test_what_slack_does_not_take_for_now_comes_as_it_is_then(
    scene: Scene, told_s: float | None, rests_s: float
) -> None:
    tab = Tab(scene)
    tab.failures = [SlackUnavailable("ratelimited", retry_after_s=told_s)]
    tab.home.opened("U1")
    while tab.failures:
        threading.Event().wait(0.005)
    scene.clock.tick(rests_s - 0.5)
    tab.home.opened("U2")
    threading.Event().wait(0.05)
    assert not tab.shown
    scene.clock.tick(0.5)
    tab.home.opened("U2")  # wakes it, as the end of its wait does where time is real
    assert [user for user, _ in tab.settled()] == ["U2", "U1"]


def test_of_many_who_open_it_at_once_as_many_are_served_as_slack_takes_in_a_minute(scene: Scene) -> None:
    tab = Tab(scene)
    for number in range(MOST_A_MINUTE + 5):
        tab.home.opened(f"U{number}")
    tab.wait_for(MOST_A_MINUTE)
    threading.Event().wait(0.05)
    assert len(tab.shown) == MOST_A_MINUTE
    scene.clock.tick(60)
    tab.home.opened("U0")
    shown = tab.settled()
    assert [user for user, _ in shown[MOST_A_MINUTE:]] == [f"U{n}" for n in range(MOST_A_MINUTE, MOST_A_MINUTE + 5)] + [
        "U0"
    ]


def test_members_who_look_see_what_others_change_in_turn(scene: Scene) -> None:
    tab = Tab(scene)
    members = [f"U{number}" for number in range(MEMBERS_AT_A_LOOK + 1)]
    for user in members:
        tab.home.opened(user)
        tab.wait_for(len(tab.shown) + 1 if user != members[0] else 1)
        scene.clock.tick(1)
    for _ in range(2):
        scene.clock.tick(60)
        tab.home.look()
        while not tab.home.is_at_rest:
            threading.Event().wait(0.005)
    looked = [user for user, _ in tab.settled()[len(members) :]]
    assert looked[: len(members)] == members


def test_who_looks_at_their_page_sees_what_others_change_and_nothing_twice(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.opened("U1")
    tab.wait_for(1)
    tab.home.opened("UMOD")
    tab.wait_for(2)
    tab.counts = False
    for _ in range(2):
        tab.home.look()
        while not tab.home.is_at_rest:
            threading.Event().wait(0.005)
    assert tab.settled() == [("U1", "version 1"), ("UMOD", "version 2"), ("U1", "version 2")]


def test_who_has_not_opened_it_for_hours_is_not_taken_to_look(scene: Scene) -> None:
    tab = Tab(scene)
    tab.home.opened("UMOD")
    tab.wait_for(1)
    scene.wait(hours=2, seconds=1)
    tab.home.look()
    assert tab.settled() == [("UMOD", "version 1")]
