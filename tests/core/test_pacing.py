"""How fast the bot speaks: laws over random days of messages and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.pacing import MINUTE_S, POST, POSTS_BURST, POSTS_PER_MINUTE, POSTS_PER_S, Pacing

TAKEN_A_MINUTE = 300


@given(st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=400), st.integers(0, 3))
def test_in_no_minute_do_more_messages_go_out_than_a_workspace_takes(
    gaps: list[tuple[float, bool]], impatience: int
) -> None:
    pacing, at, sent = Pacing(), 1000.0, []
    for number, (gap, is_awaited) in enumerate(gaps):
        at += gap
        for _ in range(40 * impatience):
            if pacing.free(f"D{number}", at, (POST,), is_awaited=is_awaited):
                pacing.spend(at)
                sent.append(at)
    for index, begun in enumerate(sent):
        assert sum(begun <= instant < begun + MINUTE_S for instant in sent[index:]) <= TAKEN_A_MINUTE


def test_a_thousand_messages_take_about_four_minutes_and_the_waits_told_are_enough() -> None:
    pacing, at, sent = Pacing(), 0.0, 0
    while sent < 1000:
        if pacing.free(f"D{sent}", at, (POST,)):
            pacing.spend(at)
            sent += 1
            continue
        free_at = pacing.next_free(at)
        assert free_at is not None
        assert free_at > at
        at = free_at + 1e-9
    assert at == pytest.approx((1000 - POSTS_BURST) / POSTS_PER_S, rel=0.01)


def test_what_is_awaited_takes_of_a_minute_what_it_needs_and_the_waits_told_are_enough() -> None:
    pacing, at, sent = Pacing(), 0.0, []
    while len(sent) < 600:
        if pacing.free(f"C{len(sent)}", at, (POST,), is_awaited=True):
            pacing.spend(at)
            sent.append(at)
            continue
        assert not pacing.free("D1", at, (POST,)), "what is spread waits too"
        free_at = pacing.next_free(at)
        assert free_at is not None
        at = max(free_at, at + 1e-6)
    assert sent[POSTS_PER_MINUTE - 1] == 0.0
    assert sent[POSTS_PER_MINUTE] == pytest.approx(MINUTE_S, abs=0.01)
    assert sent[-1] == pytest.approx(2 * MINUTE_S, abs=0.01)


def test_updates_need_no_room_for_messages() -> None:
    pacing = Pacing()
    for _ in range(POSTS_BURST):
        pacing.spend(0.0)
    assert not pacing.free("C1", 0.0, (POST,))
    assert pacing.free("C1", 0.0, ("chat.update",))


def test_a_workspace_whose_time_is_sped_up_takes_more_and_one_without_spacing_all() -> None:
    quick, unlimited = Pacing(spacing_s=0.1), Pacing(spacing_s=0.0)
    for _ in range(POSTS_BURST + 40):
        quick.spend(0.0)
        unlimited.spend(0.0)
    assert not quick.free("C1", 0.9, (POST,))
    assert quick.free("C1", 1.1, (POST,))
    assert unlimited.free("C1", 0.0, (POST,))


def test_a_channel_that_has_to_wait_holds_up_no_other() -> None:
    pacing = Pacing()
    pacing.limited("C1", POST, until=30.0, at=0.0)
    assert not pacing.free("C1", 29.9, (POST,))
    assert pacing.free("C1", 30.0, (POST,))
    assert pacing.free("C2", 0.0, (POST,))
    assert pacing.next_free(0.0) == 30.0


@pytest.mark.parametrize(
    ("lane", "at", "all_wait"),
    [
        pytest.param("C4", 29.9, True, id="a fourth channel meanwhile: the workspace has had its share"),
        pytest.param("C4", 30.0, False, id="a fourth channel later"),
        pytest.param("C3", 29.9, False, id="the same channel again"),
    ],
)
def test_posting_rests_for_all_only_when_many_channels_are_refused_at_once(
    lane: str, at: float, all_wait: bool
) -> None:
    pacing = Pacing()
    for refused in ("C1", "C2", "C3"):
        pacing.limited(refused, POST, until=30.0, at=0.0)
    pacing.limited(lane, POST, until=60.0, at=at)
    assert pacing.free("C9", at, (POST,)) is not all_wait
    assert pacing.free("C9", 60.0, (POST,))


def test_any_other_method_rests_for_all_and_posting_goes_on() -> None:
    pacing = Pacing()
    pacing.limited("U1", "conversations.open", until=30.0, at=0.0)
    assert not pacing.free("U2", 0.0, ("conversations.open",))
    assert pacing.free("U2", 0.0, (POST,))


def test_lanes_that_have_rested_are_forgotten() -> None:
    pacing = Pacing()
    for number in range(5000):
        pacing.rest(f"U{number}", number + 1.0, float(number))
    assert len(pacing.lanes) <= 102
