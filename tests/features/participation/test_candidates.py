"""Who could do more, and why."""

from dataclasses import replace

import pytest

from copbot.core.community import Participation
from copbot.core.time import DAY_US
from copbot.features.participation.levels.candidates import Stood, could_become_core, could_moderate

RULES = Participation()
NOW = 1_000 * DAY_US
NEAR = Stood("UNEAR", "active", NOW - 50 * DAY_US, active_weeks=5, messages=31, last_week=20)
CORE = Stood("UCORE", "core", NOW - 90 * DAY_US, active_weeks=9, messages=40, answers=6, last_week=20)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (NEAR, "active in 5 of 12 weeks, 31 messages: one active week short of core"),
        (replace(NEAR, messages=11), "active in 5 of 12 weeks, 11 messages: one active week short of core"),
        (replace(NEAR, messages=10), None),
        (replace(NEAR, active_weeks=4), None),
        (replace(NEAR, active_weeks=7, messages=11), "active in 7 of 12 weeks, 11 messages: 1 message short of core"),
        (replace(NEAR, active_weeks=7, messages=9), "active in 7 of 12 weeks, 9 messages: 3 messages short of core"),
        (replace(NEAR, active_weeks=7, messages=8), None),
        (replace(NEAR, last_week=18), "active in 5 of 12 weeks, 31 messages: one active week short of core"),
        (replace(NEAR, last_week=17), None),
        (replace(NEAR, last_week=None), None),
        (replace(NEAR, level="core"), None),
    ],
)
def test_who_is_near_to_the_core_and_here(one: Stood, reason: str | None) -> None:
    found = could_become_core([one], RULES, week=20)
    assert [candidate.reason for candidate in found] == ([] if reason is None else [reason])


def test_who_lacks_least_comes_first() -> None:
    people = [NEAR, replace(NEAR, user="UONE", active_weeks=6, messages=11), replace(NEAR, user="UHELP", answers=3)]
    assert [one.user for one in could_become_core(people, RULES, 20)] == ["UONE", "UHELP", "UNEAR"]


@pytest.mark.parametrize(
    ("one", "is_named"),
    [
        (CORE, True),
        (replace(CORE, since_us=NOW - 90 * DAY_US + 1), False),
        (replace(CORE, since_us=None), False),
        (replace(CORE, answers=5), False),
        (replace(CORE, level="active"), False),
        (replace(CORE, last_week=19), True),
        (replace(CORE, last_week=18), False),
        (replace(CORE, user="UMOD"), False),
    ],
)
def test_who_could_be_asked_to_moderate(one: Stood, is_named: bool) -> None:
    found = could_moderate([one], RULES, NOW, 20, not_these={"UMOD"})
    assert bool(found) is is_named
    if is_named:
        assert found[0].reason == "core for 3 months, answered others 6 times in 12 weeks"
