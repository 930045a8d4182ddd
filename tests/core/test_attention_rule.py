"""The rule of attention: what goes, waits, joins the digest or is not sent at all."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from copbot.core.attention.rule import NO_ROOM, Wanted, decide, room_us
from copbot.core.attention.terms import BUDGETED, SUBJECT_OF, TERMS, is_governed
from copbot.core.community import Attention
from copbot.core.delivery import Kind, Outgoing
from copbot.core.ports.attention import Outcome
from copbot.core.preferences import SUBJECTS, Mode, Preferences
from copbot.core.time import DAY_US, HOUR_US, Hours, to_us

NOON = to_us(datetime(2026, 11, 16, 12, tzinfo=UTC))
UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
AWAKE = Attention(quiet=None)
ANYBODY = Preferences("U1")


def wanted(
    kind: Kind = "recognition", hours_ago: float = 0, attention: Attention = AWAKE, zone: ZoneInfo = UTC_ZONE
) -> Wanted:
    return Wanted(kind, NOON - int(hours_ago * HOUR_US), attention, zone)


def hours(decisions_at: int | None) -> float | None:
    return None if decisions_at is None else (decisions_at - NOON) / HOUR_US


# --- terms --------------------------------------------------------------------------------------------------------


def test_the_ranks_are_those_of_the_coordinators_page() -> None:
    order: list[Kind] = ["moderation", "ask", "onboarding", "post", "digest", "recognition"]
    ranks = [TERMS[kind].rank for kind in order]
    assert ranks == sorted(set(ranks))


def test_every_kind_is_governed_by_the_rule_or_free_for_a_reason() -> None:
    free = {"introduction", "card", "reminder", "escalation", "notice", "answer", "milestone", "report"}
    assert free | TERMS.keys() == set(get_args(Kind))
    assert not free & TERMS.keys()


def test_whatever_can_be_turned_off_is_governed() -> None:
    assert {kind for kinds in SUBJECTS.values() for kind in kinds} == SUBJECT_OF.keys() <= TERMS.keys()


@pytest.mark.parametrize(
    ("outgoing", "governed"),
    [
        pytest.param(Outgoing("k", "ask", "U1", "", 0), True, id="to a person"),
        pytest.param(Outgoing("k", "ask", "W1", "", 0), True, id="to a person of an enterprise"),
        pytest.param(Outgoing("k", "post", "C1", "", 0), False, id="to a channel"),
        pytest.param(Outgoing("k", "answer", "U1", "", 0), False, id="an answer to what they did"),
        pytest.param(Outgoing("k", "ask", "U1", "", 0, updates="j"), False, id="an update of what was said"),
    ],
)
def test_the_rule_decides_on_what_comes_to_a_person_unasked(outgoing: Outgoing, governed: bool) -> None:
    assert is_governed(outgoing) is governed


# --- room ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said_days_ago", "free_in_days"),
    [
        pytest.param([], 0, id="nothing yet"),
        pytest.param([1], 0, id="a whole day ago"),
        pytest.param([0.25], 0.75, id="less than a day ago"),
        pytest.param([0], 1, id="just now"),
        pytest.param([6, 4, 2], 1, id="three in this week"),
        pytest.param([7, 4, 2], 0, id="the first of three leaves the week"),
        pytest.param([6.5, 4, 0], 1, id="both: the later holds"),
        pytest.param([-0.5], 1.5, id="said later than now, by a clock that was set back"),
    ],
)
def test_one_more_message_fits_when_both_budgets_are_free(said_days_ago: list[float], free_in_days: float) -> None:
    said_us = [NOON - int(days * DAY_US) for days in said_days_ago]
    free_us = room_us(Attention(member_day=1, member_week=3), said_us, NOON, UTC_ZONE)
    assert free_us == NOON + int(free_in_days * DAY_US)


@pytest.mark.parametrize("attention", [Attention(member_day=0), Attention(member_week=0)])
def test_a_budget_of_nothing_is_never_free(attention: Attention) -> None:
    assert room_us(attention, [], NOON, UTC_ZONE) is None
    assert decide([wanted(attention=attention)], [], ANYBODY, NOON)[0].outcome == "never"


@pytest.mark.parametrize(
    ("said", "next_local"),
    [
        # 25 October 2026 has 25 hours in Berlin, 29 March 2026 has 23
        pytest.param("2026-10-25T00:10:00+02:00", "2026-10-26T00:00:00+01:00", id="a day of 25 hours"),
        pytest.param("2026-03-29T00:10:00+01:00", "2026-03-30T01:10:00+02:00", id="a day of 23 hours"),
        pytest.param("2026-11-16T00:10:00+01:00", "2026-11-17T00:10:00+01:00", id="a day of 24 hours"),
    ],
)
def test_neither_24_hours_nor_a_calendar_day_hold_more_than_one_when_the_clocks_change(
    said: str, next_local: str
) -> None:
    said_us = to_us(datetime.fromisoformat(said))
    free_us = room_us(Attention(member_day=1, member_week=9), [said_us], said_us + HOUR_US, BERLIN)
    assert free_us == to_us(datetime.fromisoformat(next_local))


def test_one_budget_holds_across_communities_each_by_its_own_file() -> None:
    generous = Attention(member_day=3, member_week=9, quiet=None)
    said_us = [NOON - HOUR_US]  # by whichever
    (sparing,) = decide([wanted("ask")], said_us, ANYBODY, NOON)
    (other,) = decide([wanted("ask", attention=generous)], said_us, ANYBODY, NOON)
    assert (sparing.outcome, hours(sparing.at_us)) == ("wait", 23)
    assert (other.outcome, other.day, other.week) == ("go", 3, 9)


# --- rank ---------------------------------------------------------------------------------------------------------


def test_the_higher_rank_goes_first_and_the_lower_waits_its_turn() -> None:
    thanks, question, reminder = decide([wanted("story"), wanted("ask"), wanted("onboarding")], [], ANYBODY, NOON)
    assert [question.outcome, hours(reminder.at_us), hours(thanks.at_us)] == ["go", 24, 48]
    assert thanks.why == NO_ROOM


def test_of_one_rank_the_longest_wanted_goes_first() -> None:
    first, second = decide([wanted("ask", hours_ago=1), wanted("ask", hours_ago=2)], [], ANYBODY, NOON)
    assert (first.outcome, second.outcome) == ("wait", "go")


def test_what_is_due_now_does_not_take_the_room_of_a_higher_rank_that_is_due_soon() -> None:
    soon = wanted("ask", hours_ago=-2)
    question, story = decide([soon, wanted("story")], [], ANYBODY, NOON)
    assert (question.outcome, hours(question.at_us)) == ("wait", 2)
    assert (story.outcome, hours(story.at_us)) == ("wait", 26)


def test_where_there_is_room_for_both_the_lower_need_not_wait_for_the_higher() -> None:
    roomy = replace(AWAKE, member_day=2)
    soon = wanted("ask", hours_ago=-2, attention=roomy)
    assert decide([soon, wanted("story", attention=roomy)], [], ANYBODY, NOON)[1].outcome == "go"


# --- night, pause -------------------------------------------------------------------------------------------------


def test_nothing_goes_in_quiet_hours_of_the_community_or_of_ones_own() -> None:
    night = Attention(quiet=Hours(time(11), time(13)))
    (decision,) = decide([wanted(attention=night)], [], ANYBODY, NOON)
    assert (decision.outcome, hours(decision.at_us), decision.why) == ("wait", 1, "it was within their quiet hours")
    own = replace(ANYBODY, quiet=Hours(time(12), time(15)))
    assert hours(decide([wanted(attention=night)], [], own, NOON)[0].at_us) == 3
    assert decide([wanted(attention=night)], [], replace(ANYBODY, quiet=None), NOON)[0].outcome == "go"


def test_moderators_letters_cost_nothing_wait_for_the_morning_and_come_whatever_is_set() -> None:
    night = Attention(0, 0, quiet=Hours(time(11), time(13)))
    nothing = replace(ANYBODY, mode="off", paused_until_us=NOON + 30 * DAY_US)
    (decision,) = decide([wanted("moderation", attention=night)], [NOON], nothing, NOON)
    assert (decision.outcome, hours(decision.at_us)) == ("wait", 1)


def test_the_welcome_costs_nothing_and_comes_at_any_hour_unless_it_was_turned_off() -> None:
    night = Attention(quiet=Hours(time(11), time(13)))
    assert decide([wanted("welcome", attention=night)], [NOON], ANYBODY, NOON)[0].outcome == "go"
    assert decide([wanted("welcome")], [], replace(ANYBODY, mode="light"), NOON)[0].outcome == "go"
    assert decide([wanted("welcome")], [], replace(ANYBODY, mode="off"), NOON)[0].outcome == "never"


@pytest.mark.parametrize(
    ("kind", "days", "outcome"),
    [
        pytest.param("ask", 2, "wait", id="a question waits for the end of a short pause"),
        pytest.param("ask", 4, "expired", id="after a longer one it is of no use"),
        pytest.param("recognition", 7, "wait", id="thanks wait for a week"),
        pytest.param("recognition", 8, "digest", id="after that they join the digest"),
        pytest.param("welcome", 8, "wait", id="a welcome waits too"),
    ],
)
def test_while_it_is_paused_nothing_comes(kind: Kind, days: int, outcome: Outcome) -> None:
    paused = replace(ANYBODY, paused_until_us=NOON + days * DAY_US)
    (decision,) = decide([wanted(kind)], [], paused, NOON)
    assert decision.outcome == outcome
    assert "paused" in decision.why


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SUBJECT_OF)
def test_what_was_turned_off_is_never_sent_in_any_mode(kind: Kind) -> None:
    for mode in ("everything", "standard", "light"):
        off = replace(ANYBODY, mode=mode, off=frozenset({SUBJECT_OF[kind]}))
        (decision,) = decide([wanted(kind)], [], off, NOON)
        assert (decision.outcome, decision.why) == ("never", f"they turned {SUBJECT_OF[kind]} off")
    assert decide([wanted(kind)], [], replace(ANYBODY, mode="off"), NOON)[0].why == "they turned everything off"


@pytest.mark.parametrize(
    ("mode", "blocked_days", "outcome"),
    [
        pytest.param("standard", 7, "wait", id="standard: within its patience it waits"),
        pytest.param("standard", 7.01, "digest", id="standard: beyond it joins the digest"),
        pytest.param("everything", 7.01, "wait", id="everything: it waits on"),
        pytest.param("everything", 30.01, "expired", id="everything: until it is of no use"),
        pytest.param("light", 0, "digest", id="light: it joins the digest at once"),
    ],
)
def test_thanks_that_find_no_room(mode: Mode, blocked_days: float, outcome: Outcome) -> None:
    said_us = NOON + int((blocked_days - 1) * DAY_US)  # by a clock that was set back: there is room a day after it
    daily = replace(AWAKE, member_week=99)
    all_said = [said_us - day * DAY_US for day in range(31)] if blocked_days else []
    assert decide([wanted(attention=daily)], all_said, replace(ANYBODY, mode=mode), NOON)[0].outcome == outcome


def test_with_the_digest_turned_off_what_would_join_it_expires_and_says_so() -> None:
    (decision,) = decide([wanted()], [], replace(ANYBODY, mode="light", off=frozenset({"digest"})), NOON)
    assert (decision.outcome, decision.why) == ("expired", "they want the digest alone, and they turned the digest off")


def test_without_a_digest_thanks_wait_for_as_long_as_they_are_of_use_and_light_has_no_place_for_them() -> None:
    daily, all_said = replace(AWAKE, member_week=99), [NOON + 7 * DAY_US - day * DAY_US for day in range(31)]
    none = replace(wanted(attention=daily), has_digest=False)
    assert decide([none], all_said, ANYBODY, NOON)[0].outcome == "wait"
    (decision,) = decide([none], [], replace(ANYBODY, mode="light"), NOON)
    assert (decision.outcome, decision.why) == ("expired", "they want the digest alone, and their community sends none")


@pytest.mark.parametrize("kind", sorted(set(BUDGETED) - {"digest", "recognition", "question", "post"}))
def test_in_light_what_no_digest_can_say_is_not_sent(kind: Kind) -> None:
    assert decide([wanted(kind)], [], replace(ANYBODY, mode="light"), NOON)[0].outcome == "expired"


def test_in_light_the_digest_itself_comes() -> None:
    assert decide([wanted("digest")], [], replace(ANYBODY, mode="light"), NOON)[0].outcome == "go"


@pytest.mark.parametrize(("seconds_late", "outcome"), [(0, "go"), (1, "expired")])
def test_what_is_of_use_no_more_is_not_sent(seconds_late: int, outcome: Outcome) -> None:
    now_us = NOON + seconds_late * 1_000_000
    assert decide([replace(wanted("ask"), expires_us=NOON)], [], ANYBODY, now_us)[0].outcome == outcome
    old = wanted("ask", hours_ago=TERMS["ask"].useful_us / HOUR_US)
    assert decide([old], [], ANYBODY, now_us)[0].outcome == outcome


def test_nothing_goes_before_it_is_wanted() -> None:
    (decision,) = decide([wanted("ask", hours_ago=-5)], [], ANYBODY, NOON)
    assert (decision.outcome, hours(decision.at_us), decision.why) == ("wait", 5, "it is not wanted before")


def test_a_decision_to_send_says_how_much_room_there_was() -> None:
    said_us = [NOON - int(timedelta(days=days).total_seconds() * 1_000_000) for days in (2, 4)]
    (decision,) = decide([wanted()], said_us, ANYBODY, NOON)
    assert decision.why == "there is room: 1 of 1 in a day, 3 of 3 in a week"
