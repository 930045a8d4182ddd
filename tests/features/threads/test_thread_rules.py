"""When a question becomes a card, which message shows it, and what follows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.community import Unanswered
from copbot.core.records import Card
from copbot.core.time import DAY_US, HOUR_US, MICROSECOND, Hours, to_us
from copbot.core.working_time import WeekHours, WorkingTime
from copbot.features.threads.rules import (
    CARD_WINDOW,
    FIRST_MESSAGE,
    MAX_REMINDERS,
    Asked,
    Waiting,
    along_until_us,
    arrange,
    card_due_us,
    cards_due,
    escalation_due_us,
    group_answered_us,
    groups,
    oldest_us,
    reminder_due_us,
    reminders_by,
    revision,
    waiting_of,
)

NOW = 100 * DAY_US
RULES = Unanswered()
AFTER = RULES.after // MICROSECOND


def waiting(ts_us: int, author: str | None = "U1", channel: str = "C1", origin: str = "member") -> Waiting:
    return Waiting(channel, ts_us, author, origin)  # type: ignore[arg-type]


def card(
    ts_us: int, shown_in: str = "k", author: str = "U1", channel: str = "C1", version: int = 0, **more: object
) -> Card:
    return Card(1, "data", channel, ts_us, author, "member", "open", NOW, version=version, shown_in=shown_in, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age_us", "due"),
    [
        pytest.param(AFTER - 1, False, id="a moment before its time"),
        pytest.param(AFTER, True, id="exactly at its time"),
        pytest.param(AFTER + CARD_WINDOW // MICROSECOND, True, id="found on the last day that still helps"),
        pytest.param(AFTER + CARD_WINDOW // MICROSECOND + 1, False, id="imported long after"),
    ],
)
def test_a_question_becomes_a_card_neither_early_nor_long_after(age_us: int, due: bool) -> None:
    thread = waiting(NOW - age_us)
    assert cards_due([thread], (), NOW, RULES) == ([thread] if due else [])


def test_a_thread_that_has_a_card_gets_no_second_one() -> None:
    thread = waiting(NOW - 2 * AFTER)
    assert cards_due([thread], {(thread.channel, thread.ts_us)}, NOW, RULES) == []
    assert cards_due([thread, thread], (), NOW, RULES) == [thread]


@given(st.lists(st.integers(0, 60 * DAY_US)), st.integers(1, 30 * 24))
def test_no_card_is_early_and_a_second_look_finds_nothing(ages: list[int], after_hours: int) -> None:
    rules = Unanswered(after=timedelta(hours=after_hours))
    threads = [waiting(NOW - age, channel=f"C{index}") for index, age in enumerate(ages)]
    due = cards_due(threads, (), NOW, rules)
    assert all(card_due_us(thread.ts_us, rules) <= NOW for thread in due)
    assert cards_due(threads, {(thread.channel, thread.ts_us) for thread in due}, NOW, rules) == []
    assert due == sorted(due, key=lambda thread: (thread.ts_us, thread.channel))


# --- which messages make one card


def asked(ts_us: int, author: str | None = "U1", channel: str = "C1", **more: object) -> Asked:
    return Asked((channel, ts_us), author, "member", **more)  # type: ignore[arg-type]


def grouped(*messages: Asked) -> list[list[int]]:
    return [[one.place[1] - NOW for one in group] for group in groups(messages)]


@pytest.mark.parametrize(
    ("apart_us", "together"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(HOUR_US, True, id="an hour later"),
        pytest.param(HOUR_US + 1, False, id="more than an hour later"),
    ],
)
def test_what_a_person_asks_again_within_the_hour_makes_one_card(apart_us: int, together: bool) -> None:
    found = grouped(asked(NOW + apart_us), asked(NOW))
    assert found == ([[0, apart_us]] if together else [[0], [apart_us]])


def test_the_hour_counts_from_the_first_and_does_not_move_on() -> None:
    half = HOUR_US // 2
    assert grouped(asked(NOW), asked(NOW + half), asked(NOW + 2 * half), asked(NOW + 3 * half)) == [
        [0, half, 2 * half],
        [3 * half],
    ]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(asked(NOW + 1, author="U2"), id="another person"),
        pytest.param(asked(NOW + 1, channel="C2"), id="another channel"),
        pytest.param(Asked(("C1", NOW + 1), "U1", "introduction"), id="their introduction"),
        pytest.param(Asked(("C1", NOW + 1), None, "question"), id="the bot's question"),
    ],
)
def test_what_is_not_the_same_persons_question_in_the_same_channel_stands_alone(second: Asked) -> None:
    assert grouped(asked(NOW), second) == [[0], [1]]


@pytest.mark.parametrize(
    ("answered_us", "together"), [(NOW + 9, False), (NOW + 10, False), (NOW + 11, True), (None, True)]
)
def test_what_is_asked_after_an_answer_is_a_new_question(answered_us: int | None, together: bool) -> None:
    found = groups([asked(NOW, answered_us=answered_us), asked(NOW + 10)])
    assert len(found) == (1 if together else 2)
    waits = [group for group in found if group_answered_us(group) is None]
    assert bool(waits) is (answered_us is None or not together), "an answer to any of them is one"


def test_a_hello_back_to_a_newcomer_answers_no_question() -> None:
    hello = asked(NOW, asks=False, is_first=True, answered_us=NOW + 20, why=FIRST_MESSAGE)
    assert group_answered_us([hello]) == NOW + 20
    assert group_answered_us([hello, asked(NOW + 10)]) is None
    (group,) = groups([replace(hello, answered_us=None), asked(NOW + 10, why="it asks")])
    assert waiting_of(group) == Waiting("C1", NOW, "U1", "member", "it asks", is_first=True, joined_us=(NOW + 10,))


@given(
    st.lists(
        st.tuples(st.integers(0, 5 * HOUR_US), st.sampled_from("AB"), st.sampled_from(["C1", "C2"]), st.booleans()),
        unique_by=lambda raw: (raw[0], raw[2]),
    ),
    st.randoms(),
)
def test_each_message_is_in_exactly_one_group_whatever_their_order(
    raw: list[tuple[int, str, str, bool]], chance
) -> None:
    messages = [
        asked(NOW + ts, author, channel, answered_us=NOW + ts + 1 if answered else None)
        for ts, author, channel, answered in raw
    ]
    found = groups(messages)
    assert sorted(one.place for group in found for one in group) == sorted(one.place for one in messages)
    assert all(group[-1].place[1] - group[0].place[1] <= HOUR_US for group in found)
    chance.shuffle(messages)
    assert groups(messages) == found


# --- which cards share a message


@pytest.mark.parametrize(("count", "messages"), [(5, 5), (6, 1)])
def test_more_than_five_new_cards_at_once_become_one_list(count: int, messages: int) -> None:
    new = [waiting(NOW + index, author=f"U{index}") for index in range(count)]
    placed = arrange("data", new)
    assert [thread for thread, _ in placed] == new
    assert len({key for _, key in placed}) == messages


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_a_messages_revision_grows_with_every_change_to_its_cards(versions: list[int]) -> None:
    cards = [card(NOW + index, version=version) for index, version in enumerate(versions)]
    changed = [*cards[:-1], card(NOW, version=versions[-1] + 1)]
    assert revision(changed) > revision(cards)
    assert revision([*cards, card(NOW)]) > revision(cards)
    assert revision([card(NOW)]) == 0


@pytest.mark.parametrize(
    ("reminders", "due_after"),
    [(0, timedelta(hours=24)), (1, timedelta(hours=48)), (2, timedelta(hours=72)), (3, None)],
)
def test_reminders_come_each_again_and_at_most_three(reminders: int, due_after: timedelta | None) -> None:
    due_us = reminder_due_us(NOW, reminders, RULES.again)
    assert due_us == (None if due_after is None else NOW + due_after // MICROSECOND)


@pytest.mark.parametrize(
    ("age_us", "count"),
    [(0, 0), (DAY_US - 1, 0), (DAY_US, 1), (2 * DAY_US - 1, 1), (3 * DAY_US, 3), (30 * DAY_US, MAX_REMINDERS)],
)
def test_missed_reminders_are_counted_and_not_made_up_for(age_us: int, count: int) -> None:
    assert reminders_by(NOW, NOW + age_us, RULES.again) == count


@given(st.integers(0, 10 * DAY_US), st.integers(1, 72))
def test_after_a_reminder_the_next_one_lies_ahead(age_us: int, again_hours: int) -> None:
    again = timedelta(hours=again_hours)
    had = reminders_by(NOW, NOW + age_us, again)
    following = reminder_due_us(NOW, had, again)
    assert following is None or following > NOW + age_us


def test_without_a_period_there_are_no_reminders() -> None:
    assert reminder_due_us(NOW, 0, timedelta(0)) is None
    assert reminders_by(NOW, NOW + DAY_US, timedelta(0)) == 0


def test_escalation_counts_from_the_question() -> None:
    assert escalation_due_us(card(NOW), RULES) == NOW + 3 * DAY_US


def test_of_a_card_that_was_put_off_or_came_back_it_counts_from_then_on() -> None:
    later = NOW + 9 * DAY_US
    assert escalation_due_us(card(NOW, counted_us=later), RULES) == later + 2 * DAY_US
    hasty = Unanswered(after=timedelta(days=2), escalate=timedelta(days=1))
    assert escalation_due_us(card(NOW, counted_us=later), hasty) == later


# --- working hours


def instant(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


WEEKDAYS = WorkingTime(ZoneInfo("UTC"), (WeekHours(frozenset(range(5)), Hours(time(9), time(18))),))
NINE_HOURS = Unanswered(after=timedelta(hours=9), escalate=timedelta(hours=27))


@pytest.mark.parametrize(
    ("asked_at", "due_at"),
    [
        ("2026-11-16 08:00", "2026-11-17 09:00"),  # Monday, before work
        ("2026-11-16 09:00", "2026-11-17 09:00"),
        ("2026-11-16 17:59", "2026-11-17 17:59"),
        ("2026-11-20 10:00", "2026-11-23 10:00"),  # Friday
        ("2026-11-21 12:00", "2026-11-24 09:00"),  # Saturday
    ],
)
def test_only_working_hours_count_where_they_are_set(asked_at: str, due_at: str) -> None:
    asked_us, due_us = instant(asked_at), instant(due_at)
    assert card_due_us(asked_us, NINE_HOURS, WEEKDAYS) == due_us
    thread = waiting(asked_us)
    assert cards_due([thread], (), due_us - 1, NINE_HOURS, WEEKDAYS) == []
    assert cards_due([thread], (), due_us, NINE_HOURS, WEEKDAYS) == [thread]
    assert oldest_us(due_us + CARD_WINDOW // MICROSECOND, NINE_HOURS, WEEKDAYS) <= asked_us


def test_reminders_and_the_escalation_count_them_too() -> None:
    opened_us = instant("2026-11-20 10:00")
    assert reminder_due_us(opened_us, 0, timedelta(hours=9), WEEKDAYS) == instant("2026-11-23 10:00")
    assert reminder_due_us(opened_us, 2, timedelta(hours=9), WEEKDAYS) == instant("2026-11-25 10:00")
    assert reminders_by(opened_us, instant("2026-11-24 09:59"), timedelta(hours=9), WEEKDAYS) == 1
    assert reminders_by(opened_us, instant("2026-11-24 10:00"), timedelta(hours=9), WEEKDAYS) == 2
    assert escalation_due_us(card(opened_us), NINE_HOURS, WEEKDAYS) == instant("2026-11-25 10:00")


@pytest.mark.parametrize(
    ("period", "along"),
    [(timedelta(hours=24), 6), (timedelta(days=9), 6), (timedelta(hours=8), 2), (timedelta(hours=1), 0.25)],
)
def test_what_is_due_soon_after_goes_along(period: timedelta, along: float) -> None:
    assert along_until_us(NOW, period) == NOW + round(along * HOUR_US)
