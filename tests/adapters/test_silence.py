"""When a silence may hide something, and when the history is read for it."""

import pytest
from fakes import FakeClock

from copbot.adapters.silence import AT_ONCE_AGAIN_S, READ_EVERY_S, RETRIES_S, Silence


@pytest.mark.parametrize(("silent_s", "sure"), [(RETRIES_S, True), (RETRIES_S + 1, False)])
def test_a_silence_shorter_than_slacks_retries_hides_nothing(silent_s: float, sure: bool) -> None:
    clock = FakeClock()
    silence = Silence(clock)
    clock.tick(silent_s)
    assert silence.hides_nothing() is sure


def test_what_is_heard_after_a_long_silence_does_not_tell_what_was_lost_in_it() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    clock.tick(RETRIES_S + 1)
    silence.heard()
    assert not silence.hides_nothing()
    # Only reading the history does, and that is asked for once
    clock.tick(READ_EVERY_S)
    assert silence.wants_reading()
    assert not silence.wants_reading()
    assert silence.hides_nothing()


@pytest.mark.parametrize(
    ("after_s", "again", "wants"),
    [
        (READ_EVERY_S - 1, False, False),
        (READ_EVERY_S, False, True),
        (RETRIES_S + 1, True, True),  # a retry: Slack could not say something before, and maybe more than that
        (RETRIES_S - 1, True, False),  # all of that comes again
    ],
)
def test_for_silence_alone_the_history_is_read_now_and_then_with_evidence_at_once(
    after_s: float, again: bool, wants: bool
) -> None:
    clock = FakeClock()
    silence = Silence(clock)
    clock.tick(after_s)
    silence.heard(again=again)
    assert silence.wants_reading() is wants


def test_while_nobody_says_anything_the_history_is_read_every_hour() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    readings = 0
    for _ in range(12 * 720):  # half a day, looked at every five seconds
        clock.tick(5)
        readings += silence.wants_reading()
    assert readings == 12


def test_retry_upon_retry_is_read_for_once_a_minute_at_most() -> None:
    clock = FakeClock()
    silence = Silence(clock)
    clock.tick(RETRIES_S + 1)
    silence.heard(again=True)
    assert silence.wants_reading()
    clock.tick(AT_ONCE_AGAIN_S - 1)
    silence.heard(again=True)
    assert not silence.wants_reading()
