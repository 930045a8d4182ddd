"""What to do about an occasion at a moment: every verdict at both sides of its boundary."""

# ruff: noqa: DTZ001 - local wall time is naive

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.posts import EveryWhen, Post
from copbot.core.time import Hours
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.turn import SOON, Around, Near, What, closing, decide, is_conversation

OPENS = datetime(2026, 11, 16, 8, tzinfo=UTC)
DUE = datetime(2026, 11, 16, 14, tzinfo=UTC)
POST = Post("p", "#data", EveryWhen("day", "active", otherwise_time=time(10)), text="Hello")
ACTIVE = Occasion("2026-11-16", OPENS, DUE, "because")
FIXED = Occasion("2026-11-16", DUE, DUE, "because")
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def wrote(*moments: datetime) -> tuple[tuple[datetime, str], ...]:
    return tuple((moment, f"U{number}") for number, moment in enumerate(moments))


@pytest.mark.parametrize(
    ("occasion", "now", "writers", "what"),
    [
        pytest.param(FIXED, DUE, (), "post", id="due at its instant"),
        pytest.param(FIXED, DUE + 2 * HOUR, (), "post", id="two hours late is in time"),
        pytest.param(FIXED, DUE + 2 * HOUR + TICK, (), "late", id="a moment more is late"),
        pytest.param(ACTIVE, OPENS, (), "wait", id="nobody wrote yet"),
        pytest.param(ACTIVE, OPENS, wrote(OPENS - HOUR / 2), "post", id="a sign of life 30 minutes old"),
        pytest.param(ACTIVE, OPENS, wrote(OPENS - HOUR / 2 - TICK), "wait", id="a moment older is none"),
        pytest.param(ACTIVE, DUE - TICK, (), "wait", id="just before the window's end"),
        pytest.param(ACTIVE, DUE, (), "post", id="the window's end, silence or not"),
        pytest.param(ACTIVE, DUE + 2 * HOUR + TICK, wrote(DUE), "late", id="life does not mend lateness"),
        pytest.param(replace(FIXED, holiday="Songkran"), DUE, (), "holiday", id="a holiday"),
    ],
)
def test_what_to_do_about_an_occasion(
    occasion: Occasion, now: datetime, writers: tuple[tuple[datetime, str], ...], what: What
) -> None:
    assert decide(POST, occasion, now, Around(writers=writers)).what == what


@pytest.mark.parametrize(
    ("occasion", "now", "what"),
    [
        pytest.param(FIXED, DUE, "paused", id="its time has come: it is over without a word"),
        pytest.param(FIXED, DUE + 3 * HOUR, "paused", id="also long after"),
        pytest.param(ACTIVE, OPENS, "wait", id="in its window it may still be resumed"),
        pytest.param(ACTIVE, DUE, "paused", id="the window's end"),
    ],
)
def test_a_paused_post_says_nothing(occasion: Occasion, now: datetime, what: What) -> None:
    around = Around(paused=True, writers=wrote(now))
    assert decide(POST, occasion, now, around).what == what


# --- a conversation between two people ------------------------------------------------------------------------------


def talk(now: datetime, people: str, apart: timedelta = MINUTE) -> tuple[tuple[datetime, str], ...]:
    """One message after the other, the last one now."""
    return tuple((now - apart * (len(people) - 1 - number), person) for number, person in enumerate(people))


@pytest.mark.parametrize(
    ("people", "apart", "expected"),
    [
        pytest.param("ABABAB", MINUTE, True, id="two people, six messages"),
        pytest.param("AAAAAB", MINUTE, True, id="one says more than the other"),
        pytest.param("ABABA", MINUTE, False, id="five messages"),
        pytest.param("ABABABC", MINUTE, False, id="a third person makes it a meeting"),
        pytest.param("AAAAAA", MINUTE, False, id="one person alone"),
        pytest.param("ABABAB", 2 * MINUTE, True, id="six messages in just ten minutes"),
        pytest.param("ABABAB", 2 * MINUTE + TICK, False, id="in a moment more"),
    ],
)
def test_two_people_in_conversation(people: str, apart: timedelta, expected: bool) -> None:
    now = OPENS + HOUR
    assert is_conversation(talk(now, people, apart), now) is expected
    verdict = decide(POST, ACTIVE, now, Around(writers=talk(now, people, apart)))
    assert verdict.what == ("wait" if expected else "post")


def test_it_waits_until_their_messages_are_ten_minutes_old_or_the_window_ends() -> None:
    now = OPENS + HOUR
    assert decide(POST, ACTIVE, now, Around(writers=talk(now, "ABABAB"))).until == now + 5 * MINUTE + TICK
    late = DUE - MINUTE
    assert decide(POST, ACTIVE, late, Around(writers=talk(late, "ABABAB"))).until == DUE


def test_at_the_windows_end_it_goes_out_whoever_talks() -> None:
    verdict = decide(POST, ACTIVE, DUE, Around(writers=talk(DUE, "ABABAB")))
    assert (verdict.what, verdict.why) == ("post", "the end of its window, though two members were still talking")


@pytest.mark.parametrize(
    ("now", "writers", "why"),
    [
        pytest.param(OPENS, wrote(OPENS), "one member was writing", id="one"),
        pytest.param(OPENS, wrote(OPENS, OPENS, OPENS), "three members were writing", id="three"),
        pytest.param(OPENS, wrote(*[OPENS] * 12), "12 members were writing", id="many"),
        pytest.param(DUE, (), "the end of its window, nobody was writing", id="silence"),
        pytest.param(DUE, wrote(DUE), "the end of its window, one member was writing", id="just at the end"),
    ],
)
def test_it_says_afterwards_why_it_went_out_when_it_did(
    now: datetime, writers: tuple[tuple[datetime, str], ...], why: str
) -> None:
    assert decide(POST, ACTIVE, now, Around(writers=writers)).why == why


# --- the distance between posts -------------------------------------------------------------------------------------


def said(*moments: datetime | None, apart: timedelta = 4 * HOUR) -> tuple[Near, ...]:
    return (Near(moments, apart),)


@pytest.mark.parametrize(
    ("occasion", "around", "now", "what", "until"),
    [
        pytest.param(FIXED, Around(near=said(DUE - 4 * HOUR)), DUE, "post", None, id="just far enough"),
        pytest.param(
            FIXED, Around(near=said(DUE - 4 * HOUR + TICK)), DUE, "wait", DUE + TICK, id="a moment too near: it waits"
        ),
        pytest.param(
            FIXED, Around(near=said(DUE - 2 * HOUR)), DUE, "wait", DUE + 2 * HOUR, id="until just its lateness"
        ),
        pytest.param(FIXED, Around(near=said(DUE - 2 * HOUR + TICK)), DUE, "crowded", None, id="beyond its lateness"),
        pytest.param(FIXED, Around(near=said(None)), DUE, "wait", DUE + SOON, id="one is on its way"),
        pytest.param(FIXED, Around(near=said(None, apart=timedelta())), DUE, "post", None, id="no distance is asked"),
        pytest.param(
            FIXED, Around(near=said(DUE - 3 * HOUR), closes=DUE + HOUR), DUE, "wait", DUE + HOUR, id="within its hours"
        ),
        pytest.param(
            FIXED, Around(near=said(DUE - 3 * HOUR), closes=DUE + HOUR - TICK), DUE, "crowded", None, id="beyond them"
        ),
        pytest.param(
            FIXED,
            Around(near=said(DUE - 3 * HOUR), following=DUE + HOUR - TICK),
            DUE,
            "crowded",
            None,
            id="its next occasion comes before",
        ),
        pytest.param(
            ACTIVE,
            Around(near=said(OPENS), writers=wrote(OPENS + HOUR), closes=DUE),
            OPENS + HOUR,
            "wait",
            OPENS + 4 * HOUR,
            id="life does not shorten the distance",
        ),
        pytest.param(
            FIXED,
            Around(near=(*said(DUE - 4 * HOUR), *said(DUE - HOUR, apart=2 * HOUR))),
            DUE,
            "wait",
            DUE + HOUR,
            id="the channel's distance is kept, the community's not yet",
        ),
    ],
)
def test_posts_keep_their_distance(
    occasion: Occasion, around: Around, now: datetime, what: What, until: datetime | None
) -> None:
    verdict = decide(POST, occasion, now, around)
    assert (verdict.what, verdict.until) == (what, until)


def test_a_post_that_waited_for_the_distance_says_so() -> None:
    verdict = decide(POST, FIXED, DUE + HOUR, Around(near=said(DUE - 3 * HOUR)))
    assert verdict.why == "because, 1 hour later to keep the distance to another post"
    assert decide(POST, FIXED, DUE + HOUR, Around()).why == "because, 1 hour later"
    assert decide(POST, FIXED, DUE + timedelta(seconds=59), Around()).why == "because"


@pytest.mark.parametrize(
    ("today", "budget", "what"), [(1, 2, "post"), (2, 2, "budget"), (9, None, "post"), (0, 0, "budget")]
)
def test_a_channel_bears_as_many_posts_a_day_as_its_budget_says(today: int, budget: int | None, what: What) -> None:
    assert decide(POST, FIXED, DUE, Around(posts_today=today, budget=budget)).what == what


@pytest.mark.parametrize(
    ("when", "hour", "expected"),
    [
        pytest.param(EveryWhen("week", "best"), 10, "16 00:00", id="best: its day"),
        pytest.param(EveryWhen("week", "best", between=Hours(time(8), time(18))), 10, "15 18:00", id="best: between"),
        pytest.param(EveryWhen("week", "best", between=Hours(time(20), time(6))), 22, "16 06:00", id="past midnight"),
        pytest.param(EveryWhen("week", time(10)), 10, None, id="a fixed time: lateness alone"),
    ],
)
def test_the_hours_in_which_a_post_may_wait(when: EveryWhen, hour: int, expected: str | None) -> None:
    due = datetime(2026, 11, 15, hour, tzinfo=UTC)
    found = closing(replace(POST, when=when), Occasion("k", due, due, ""), due)
    assert (None if found is None else f"{found:%d %H:%M}") == expected


moments = st.datetimes(datetime(2026, 11, 16), datetime(2026, 11, 17), timezones=st.just(UTC))


@given(
    now=moments,
    occasion=st.sampled_from([ACTIVE, FIXED]),
    around=st.builds(
        Around,
        paused=st.booleans(),
        writers=st.lists(st.tuples(moments, st.sampled_from("ABC")), max_size=8).map(sorted).map(tuple),
        near=st.lists(
            st.builds(
                Near,
                said=st.lists(st.one_of(st.none(), moments), max_size=3).map(tuple),
                distance=st.sampled_from([timedelta(), HOUR, 4 * HOUR]),
            ),
            max_size=2,
        ).map(tuple),
        posts_today=st.integers(0, 3),
        budget=st.one_of(st.none(), st.integers(0, 3)),
        closes=st.one_of(st.none(), moments),
        following=st.one_of(st.none(), moments),
    ),
)
def test_law_what_goes_out_is_in_time_within_the_budget_and_at_its_distance(
    now: datetime, occasion: Occasion, around: Around
) -> None:
    if now < occasion.opens:
        return
    verdict = decide(POST, occasion, now, around)
    if verdict.what == "post":
        assert now <= occasion.due + POST.late
        assert not around.paused
        assert around.budget is None or around.posts_today < around.budget
        for near in around.near:
            for at in near.said:
                assert not near.distance or (at is not None and now - at >= near.distance)
    if verdict.what == "wait":
        assert verdict.until is not None
        assert now < verdict.until <= max(occasion.due + POST.late, now + SOON)
