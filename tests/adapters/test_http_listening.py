"""HTTP mode as a connection: what tells that Slack does not reach the bot, and what is read then."""

from types import SimpleNamespace
from typing import Any

from fakes import FakeClock

from copbot.adapters.http_listening import HttpListening
from copbot.adapters.silence import READ_EVERY_S, RETRIES_S


def listening(clock: FakeClock, readings: list[float], lost: list[str]) -> tuple[HttpListening, Any, Any]:
    door: Any = SimpleNamespace(open=lambda _app: None, shut=lambda: None, heard=None)
    server: Any = SimpleNamespace(is_alive=lambda: True, stop=lambda: None)
    made = HttpListening(object(), door, server, clock, lambda: readings.append(clock.monotonic()), lost.append)  # type: ignore[arg-type]
    made.connect()
    return made, door, server


def test_what_the_history_holds_and_no_event_told_of_tells_that_slack_does_not_reach_it() -> None:
    clock, readings = FakeClock(), list[float]()
    http, door, _ = listening(clock, readings, [])
    http.missed(5)  # at the start that is what was missed while away
    assert http.trouble() == ""
    clock.tick(READ_EVERY_S)
    http.watch()
    assert len(readings) == 1
    http.missed(0)  # nobody said anything: that is how nights are
    assert http.is_connected()
    clock.tick(READ_EVERY_S)
    http.watch()
    http.missed(2)
    assert "Request URL" in http.trouble()
    assert not http.hides_nothing()
    door.heard(False)
    assert http.is_connected()


def test_nothing_is_noted_as_complete_in_a_silence_that_may_hide_something() -> None:
    clock = FakeClock()
    http, door, _ = listening(clock, [], [])
    clock.tick(RETRIES_S)
    assert http.hides_nothing()
    clock.tick(1)
    assert not http.hides_nothing()
    door.heard(False)
    assert not http.hides_nothing()
    http.close()
    assert not http.is_connected()


def test_a_server_that_has_ended_ends_the_process() -> None:
    lost: list[str] = []
    http, _, server = listening(FakeClock(), [], lost)
    server.is_alive = lambda: False
    http.watch()
    assert lost == ["the HTTP server has ended"]
