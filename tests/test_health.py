"""How a bot is said to be: alive, ready, and what else is worth a word."""

import pytest
from fakes import FakeClock

from copbot.health import ALARM_WITHIN_S, TELLS_FOR_S, Health, Reach


@pytest.mark.parametrize(("still_s", "alive"), [(ALARM_WITHIN_S, True), (ALARM_WITHIN_S + 1, False)])
def test_an_alarm_that_rings_no_more_is_no_life(still_s: float, alive: bool) -> None:
    clock = FakeClock()
    health = Health(clock)
    health.rang()
    clock.tick(still_s)
    assert (not health.troubles_of_life()) is alive


def test_while_it_starts_it_lives_and_says_what_it_is_at() -> None:
    clock = FakeClock()
    health = Health(clock)
    health.doing = "the database is being brought to this version"
    clock.tick(3600)  # which can take long, and is no reason to kill it
    assert health.troubles_of_life() == []
    assert health.troubles_of_service() == ["the database is being brought to this version"]
    assert health.troubles_of_service(only_intake=True) == ["the database is being brought to this version"]


def test_whoever_asks_for_intake_alone_hears_only_of_that() -> None:
    health = Health(FakeClock())
    health.doing = ""
    health.stores_by("database_writable", lambda: "the database cannot be written (disk full)")
    health.serves_by("connected", lambda: "it is not connected to Slack")
    health.remarks_by(lambda: "a word")
    health.remarks_by(lambda: "")
    assert health.troubles_of_service(only_intake=True) == ["the database cannot be written (disk full)"]
    assert len(health.troubles_of_service()) == 2
    assert health.remarks() == ["a word"]
    assert health.figures() == {"database_writable": 0.0, "connected": 0.0}


def test_one_call_that_fails_is_asked_about_and_two_are_slack_out_of_reach() -> None:
    clock = FakeClock()
    reach = Reach(clock)
    reach.called("unavailable")
    assert reach.is_in_doubt
    assert reach.trouble() == ""
    clock.tick(5)
    reach.called("unavailable")
    assert reach.trouble() == "Slack's Web API does not answer"
    clock.tick(180)
    assert reach.trouble() == "Slack's Web API has not answered for 3 min"
    reach.called("limited")  # it answers: to wait
    assert reach.trouble() == ""
    assert not reach.is_in_doubt


def test_where_nobody_called_slack_for_a_minute_it_is_asked() -> None:
    clock = FakeClock()
    reach = Reach(clock)
    clock.tick(TELLS_FOR_S)
    assert not reach.is_in_doubt
    clock.tick(1)
    assert reach.is_in_doubt
    reach.called("ok")
    assert not reach.is_in_doubt
