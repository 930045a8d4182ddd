"""When a question becomes a card, which message shows it, and what follows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.community import Unanswered
from copbot.core.records import Card
from copbot.core.time import DAY_US, HOUR_US, MICROSECOND
from copbot.features.threads.rules import (
    CARD_WINDOW,
    MAX_REMINDERS,
    Waiting,
    arrange,
    card_due_us,
    cards_due,
    escalation_due_us,
    message_key,
    reminder_due_us,
    reminders_by,
    revision,
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


@pytest.mark.parametrize(
    ("apart_us", "same"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(HOUR_US, True, id="an hour later"),
        pytest.param(HOUR_US + 1, False, id="more than an hour later"),
    ],
)
def test_a_person_who_asks_again_within_the_hour_shares_the_message(apart_us: int, same: bool) -> None:
    first, second = waiting(NOW), waiting(NOW + apart_us)
    (_, one), (_, other) = arrange("data", [second, first], [])
    assert one == message_key("data", "C1", NOW)
    assert (one == other) is same


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(waiting(NOW + 1, author="U2"), id="another person"),
        pytest.param(waiting(NOW + 1, channel="C2"), id="another channel"),
        pytest.param(waiting(NOW + 1, author="U1", origin="introduction"), id="their introduction"),
    ],
)
def test_what_is_not_the_same_persons_question_in_the_same_channel_stands_alone(second: Waiting) -> None:
    (_, one), (_, other) = arrange("data", [waiting(NOW), second], [])
    assert one != other


def test_a_later_question_joins_an_open_card_that_stands_already() -> None:
    assert [key for _, key in arrange("data", [waiting(NOW + HOUR_US)], [card(NOW, "first")])] == ["first"]
    assert [key for _, key in arrange("data", [waiting(NOW + 2)], [card(NOW, "first", author="U2")])] != ["first"]
    assert [key for _, key in arrange("data", [waiting(NOW - 1)], [card(NOW, "first")])] != ["first"]


@pytest.mark.parametrize(("count", "messages"), [(5, 5), (6, 1)])
def test_more_than_five_new_cards_at_once_become_one_list(count: int, messages: int) -> None:
    new = [waiting(NOW + index, author=f"U{index}") for index in range(count)]
    placed = arrange("data", new, [])
    assert [thread for thread, _ in placed] == new
    assert len({key for _, key in placed}) == messages


def test_what_joins_an_older_card_does_not_count_towards_a_list() -> None:
    joining = waiting(NOW + 10, author="U9")
    new = [*(waiting(NOW + index, author=f"U{index}") for index in range(5)), joining]
    placed = dict(arrange("data", new, [card(NOW, "older", author="U9")]))
    assert placed[joining] == "older"
    assert len(set(placed.values())) == 6


@given(st.lists(st.tuples(st.integers(0, 5 * HOUR_US), st.sampled_from("ABC"), st.sampled_from(["C1", "C2"]))))
def test_every_new_card_is_shown_in_exactly_one_message(raw: list[tuple[int, str, str]]) -> None:
    new = list(
        {(ts, channel): waiting(NOW + ts, author=author, channel=channel) for ts, author, channel in raw}.values()
    )
    placed = arrange("data", new, [])
    assert sorted((thread.ts_us, thread.channel) for thread, _ in placed) == sorted((t.ts_us, t.channel) for t in new)
    assert len({key for _, key in placed}) <= 5


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
    assert escalation_due_us(NOW, RULES) == NOW + 3 * DAY_US
