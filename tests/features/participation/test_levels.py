"""Levels: what the rules give, how long a level is kept, and that replaying gives what living through it would have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.core.community import LevelRule, Participation
from copbot.core.time import DAY_US, MICROSECOND, to_us
from copbot.features.participation.rules import (
    NEWCOMER_US,
    Calendar,
    Contribution,
    Standing,
    standing,
    weeks_in,
)

UTC_ZONE = ZoneInfo("UTC")
MONDAY = to_us(datetime(2026, 1, 5, tzinfo=UTC))  # week 0
WEEK = 7 * DAY_US
HOUR = DAY_US // 24
RULES = Participation()


def at(week: int, day: float = 1.0) -> int:
    return MONDAY + week * WEEK + int(day * DAY_US)


def messages(*instants: int) -> list[Contribution]:
    return [Contribution(ts_us, "root") for ts_us in sorted(instants)]


def stands(
    contributions: list[Contribution],
    until: int,
    joined: int | None = None,
    rules: Participation = RULES,
    zone: ZoneInfo = UTC_ZONE,
    answered: int | None = None,
) -> Standing:
    first = min([until - 20 * WEEK, *(one.ts_us for one in contributions), *([] if joined is None else [joined])])
    return standing(contributions, joined, until, Calendar(zone, first, until), rules, answered)


def weekly(weeks: int, per_week: int, start: int = 0) -> list[Contribution]:
    return messages(*(at(start + week, 1 + n / 24) for week in range(weeks) for n in range(per_week)))


@pytest.mark.parametrize(
    ("contributions", "level"),
    [
        (weekly(6, 2), "core"),  # 6 weeks, 12 messages
        (weekly(5, 3), "active"),  # 5 weeks, 15 messages
        (
            messages(*(at(w) for w in range(6)), *(at(0, 2 + n / 24) for n in range(5))),
            "active",
        ),  # 6 weeks, 11 messages
        (messages(at(0), at(1), at(1, 2)), "active"),  # 2 weeks, 3 messages
        (messages(at(0), at(1)), "peripheral"),  # 2 weeks, 2 messages
        (messages(at(0), at(0, 2), at(0, 3)), "peripheral"),  # 1 week, 3 messages
        ([], "peripheral"),
    ],
)
def test_a_level_needs_both_its_weeks_and_its_messages(contributions: list[Contribution], level: str) -> None:
    assert stands(contributions, at(6, 0.5), joined=at(-20)).level == level


def test_reactions_make_weeks_active_and_are_no_messages() -> None:
    reactions = [Contribution(at(week), "reaction") for week in range(6)]
    assert stands(reactions, at(6), joined=at(-20)).level == "peripheral"
    lively = sorted([*reactions, *messages(*(at(5, 1 + n / 24) for n in range(12)))], key=lambda one: one.ts_us)
    now = stands(lively, at(6), joined=at(-20))
    assert (now.level, now.active_weeks, now.messages) == ("core", 6, 12)


def test_a_higher_level_holds_from_the_message_that_reaches_it() -> None:
    contributions = weekly(6, 2)
    last = contributions[-1].ts_us
    assert stands(contributions, last, joined=at(-20)).level == "active"
    now = stands(contributions, last + 1, joined=at(-20))
    assert (now.level, now.since_us) == ("core", last)


@pytest.mark.parametrize(
    ("until", "level"),
    [
        (at(12, 0) - 1, "core"),  # within week 11, weeks 0-11 count: all six active ones
        (at(12, 0), "core"),  # the first Monday below: week 0 has left the window
        (at(13, 0) - 1, "core"),
        (at(13, 0), "active"),  # the second
    ],
)
def test_a_level_is_lost_at_the_second_monday_below_its_rule(until: int, level: str) -> None:
    contributions = weekly(6, 2)
    assert (
        stands(contributions, until, joined=at(-20), rules=replace(RULES, dormant_after=timedelta(weeks=50))).level
        == level
    )


def test_meeting_the_rule_again_between_two_mondays_begins_anew() -> None:
    rules = replace(RULES, dormant_after=timedelta(weeks=50))
    contributions = [
        *weekly(6, 2),
        *messages(at(12, 1), at(12, 2)),
    ]  # below on Monday of week 12, met again on its Tuesday
    assert stands(contributions, at(13, 0), joined=at(-20), rules=rules).level == "core"  # weeks 2-12: one below
    assert stands(contributions, at(14, 0), joined=at(-20), rules=rules).level == "active"


@pytest.mark.parametrize(
    ("silence", "rank"), [(timedelta(weeks=8), 1), (timedelta(weeks=8) + timedelta(microseconds=1), 0)]
)
def test_dormancy_begins_after_the_time_set_not_at_it(silence: timedelta, rank: int) -> None:
    last = at(0)
    assert stands(messages(last), last + silence // MICROSECOND, joined=at(-20)).rank_now == rank


def test_dormancy_too_takes_two_mondays_and_ends_with_the_next_contribution() -> None:
    once = messages(at(0))  # Tuesday of week 0; silent for 8 weeks on Tuesday of week 8
    assert stands(once, at(10, 0) - 1, joined=at(-20)).level == "peripheral"
    now = stands(once, at(10, 0), joined=at(-20))
    assert (now.level, now.since_us) == ("dormant", at(10, 0))
    back = [*once, Contribution(at(30), "reaction_own")]
    now = stands(back, at(30) + 1, joined=at(-20))
    assert (now.level, now.since_us) == ("peripheral", at(30))


def test_who_was_never_active_is_not_dormant() -> None:
    assert stands([], at(50), joined=at(0)).level == "peripheral"
    assert stands([], at(50)) == Standing("peripheral", None, 1, 0, 0, 0)


@pytest.mark.parametrize(("age", "level"), [(NEWCOMER_US - 1, "newcomer"), (NEWCOMER_US, "peripheral")])
def test_a_newcomer_is_one_for_less_than_thirty_days(age: int, level: str) -> None:
    joined = at(3, 2.5)
    now = stands(messages(joined + HOUR), joined + age, joined=joined)
    assert now.level == level
    assert now.since_us == (joined if level == "newcomer" else joined + NEWCOMER_US)


def test_a_newcomer_who_takes_part_is_active_at_once() -> None:
    joined = at(3)
    assert (
        stands(messages(joined, joined + WEEK, joined + WEEK + 1), joined + 2 * WEEK, joined=joined).level == "active"
    )


def test_weeks_begin_on_monday_in_the_communitys_zone() -> None:
    sunday_night = to_us(datetime(2026, 1, 11, 16, 0, tzinfo=UTC))  # already Monday in Tokyo
    contributions = messages(sunday_night, sunday_night + HOUR, sunday_night + 10 * HOUR)
    until = sunday_night + 2 * DAY_US
    assert stands(contributions, until, joined=at(-20)).active_weeks == 2
    assert stands(contributions, until, joined=at(-20), zone=ZoneInfo("Asia/Tokyo")).active_weeks == 1


@pytest.mark.parametrize(("answered", "score"), [(None, 62), (at(4, 0), 72), (at(4, 0) - 1, 62), (at(15, 3), 62)])
def test_the_score_counts_the_window_in_tenths(answered: int | None, score: int) -> None:
    kinds = ["root", "own_reply", "reply", "reply", "reaction", "reaction_own"]
    inside = [Contribution(at(4, 0) + n, kind) for n, kind in enumerate(kinds)]
    outside = [Contribution(at(4, 0) - 1, "reply")]
    now = stands([*outside, *inside], at(15, 2), joined=at(-9), answered=answered)
    assert (now.score, now.active_weeks, now.messages) == (score, 1, 4)


@pytest.mark.parametrize(("window", "weeks"), [("84d", 12), ("85d", 13), ("1d", 1), ("7d", 1), ("8d", 2)])
def test_the_window_is_whole_weeks(window: str, weeks: int) -> None:
    assert weeks_in(timedelta(days=int(window[:-1]))) == weeks


# --- the same, told slowly: every Monday and every contribution one by one, counting the Mondays below each rule ---

SMALL = Participation(
    window=timedelta(weeks=4),
    core=LevelRule(3, 5),
    active=LevelRule(2, 2),
    dormant_after=timedelta(weeks=3),
)


def rule_at(past: list[Contribution], instant: int, rules: Participation) -> int:
    """The rank by the rules alone, with what was contributed up to and including ``instant``."""
    week_start = instant - (instant - MONDAY) % WEEK
    window = [one for one in past if one.ts_us >= week_start - (weeks_in(rules.window) - 1) * WEEK]
    weeks = len({(one.ts_us - MONDAY) // WEEK for one in window})
    written = sum(one.kind == "root" for one in window)
    if past and instant - past[-1].ts_us > rules.dormant_after // MICROSECOND:
        return 0
    for rank, rule in ((3, rules.core), (2, rules.active)):
        if weeks >= rule.active_weeks and written >= rule.contributions:
            return rank
    return 1


def lived_through(contributions: list[Contribution], joined: int, until: int, rules: Participation) -> tuple[int, int]:
    start = min([joined, *(one.ts_us for one in contributions if one.ts_us < until)])
    mondays = [instant for k in range(-60, 120) if start <= (instant := MONDAY + k * WEEK) <= until]
    events = sorted(
        [(m, 0, None) for m in mondays] + [(c.ts_us, 1, c) for c in contributions if c.ts_us < until],
        key=lambda e: e[:2],
    )
    held, since, past = 1, start, []
    below = dict.fromkeys((1, 2, 3), 0)  # Mondays in a row below each rank
    for instant, is_contribution, contribution in events:
        if is_contribution:
            past.append(contribution)
        rank = rule_at(past, instant, rules)
        for other in below:
            if rank >= other:
                below[other] = 0
            elif not is_contribution:
                below[other] += 1
        kept = max([rank, *(other for other in below if other <= held and below[other] < 2)])
        if kept != held:
            held, since = kept, instant
    return held, since


_history = st.lists(
    st.builds(
        Contribution,
        st.integers(0, 20 * 7 * 24).map(lambda hours: MONDAY + hours * HOUR),
        st.sampled_from(["root", "reaction"]),
    ),
    max_size=25,
).map(lambda contributions: sorted(contributions, key=lambda one: one.ts_us))
_instant = st.integers(1, 30 * 7 * 24).map(lambda hours: MONDAY + hours * HOUR)


@settings(max_examples=150)
@given(_history, _instant, st.integers(-30, 20))
def test_replaying_gives_what_living_through_it_gives(
    contributions: list[Contribution], until: int, joined_day: int
) -> None:
    joined = min(MONDAY + joined_day * DAY_US + HOUR, until - 1)
    now = stands(contributions, until, joined=joined, rules=SMALL)
    rank, since = lived_through(contributions, joined, until, SMALL)
    names = {0: {"dormant"}, 1: {"peripheral", "newcomer"}, 2: {"active"}, 3: {"core"}}
    assert now.level in names[rank]
    assert (now.level == "newcomer") == (rank == 1 and until - joined < NEWCOMER_US)
    if rank != 1:
        assert now.since_us == since


@given(_history, _instant, _instant)
def test_doing_more_never_leads_to_less(contributions: list[Contribution], until: int, extra: int) -> None:
    ranks = {"dormant": 0, "peripheral": 1, "newcomer": 1, "active": 2, "core": 3}
    more = sorted([*contributions, Contribution(extra, "root")], key=lambda one: one.ts_us)
    joined = MONDAY - 200 * DAY_US
    before, after = (stands(some, until, joined=joined, rules=SMALL) for some in (contributions, more))
    assert after.score >= before.score
    if any(one.ts_us < until for one in contributions):  # who was never active cannot have been silent since
        assert ranks[after.level] >= ranks[before.level]


@given(_history, _instant)
def test_nothing_that_comes_later_changes_what_was(contributions: list[Contribution], until: int) -> None:
    past = [one for one in contributions if one.ts_us < until]
    assert stands(contributions, until, joined=MONDAY, rules=SMALL) == stands(past, until, joined=MONDAY, rules=SMALL)
