"""The best hour, learned from histories whose answer is known."""

# ruff: noqa: DTZ001 - local wall time is naive

import json
import random
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from copbot.core.posts import EveryWhen, Post
from copbot.core.time import Hours
from copbot.features.rhythm.learning.best_hour import (
    NO_ACTIVITY,
    Activity,
    Evidence,
    activity_of,
    best_slot,
    explanation,
    figures,
    shortfall,
)
from copbot.features.rhythm.recurrence import Period
from copbot.features.rhythm.rules import allowed_slots, slot

END = datetime(2026, 11, 16)
WEEK = [date(2026, 11, 16) + timedelta(days=number) for number in range(7)]
ALL_SLOTS = [(day, time(hour)) for day in WEEK for hour in range(24)]
DATA = Path(__file__).parents[3].parent / "shared" / "data"

Message = tuple[datetime, str]


def history(weeks: int, hours: dict[int, int], days: tuple[int, ...] = (0, 1, 2, 3, 4)) -> list[Message]:
    """On each of the days, so many distinct members write in each of the hours."""
    found = []
    for number in range(weeks * 7):
        day = END - timedelta(days=number + 1)
        if day.weekday() in days:
            found += [(day + timedelta(hours=hour), f"U{m}") for hour, members in hours.items() for m in range(members)]
    return found


def learned(messages: list[Message], everyone: list[Message] | None = None) -> Evidence:
    return Evidence(activity_of(messages, END), activity_of(messages if everyone is None else everyone, END))


def test_the_hour_in_which_most_members_write_is_best() -> None:
    evidence = learned(history(12, {9: 1, 14: 4, 20: 2}))
    best = best_slot(evidence, ALL_SLOTS)
    assert best is not None
    assert best.hour == time(14)
    assert best.lift > 2


def test_members_are_counted_not_messages() -> None:
    chatter = [(moment + timedelta(minutes=n), "U0") for moment, _ in history(12, {20: 1}) for n in range(30)]
    best = best_slot(learned(history(12, {10: 3}) + chatter), ALL_SLOTS)
    assert best is not None
    assert best.hour == time(10)


def test_the_hour_is_smoothed_around_the_clock() -> None:
    """A busy stretch across midnight beats a lonely peak at noon."""
    best = best_slot(learned(history(12, {12: 3, 22: 2, 23: 2, 0: 2, 1: 2})), ALL_SLOTS)
    assert best is not None
    assert best.hour in (time(23), time(0))


def test_a_day_on_which_more_members_write_is_preferred() -> None:
    messages = history(12, {10: 2}) + [
        (moment, f"V{n}") for moment, _ in history(12, {10: 1}, days=(3,)) for n in range(3)
    ]
    best = best_slot(learned(messages), ALL_SLOTS)
    assert best is not None
    assert best.day.weekday() == 3


def test_lift_is_the_figure_over_the_mean_of_the_allowed_slots() -> None:
    evidence = learned(history(12, {9: 1, 14: 4}))
    slots = [(day, time(hour)) for day in WEEK[1:4] for hour in range(8, 18)]
    table = figures(evidence)
    expected = [table[day.weekday()][hour.hour] for day, hour in slots]
    best = best_slot(evidence, slots)
    assert best is not None
    assert best.lift == pytest.approx(max(expected) / (sum(expected) / len(expected)))


@pytest.mark.parametrize(
    ("weeks", "members", "enough"),
    [
        pytest.param(4, 5, True, id="four weeks, 100 messages"),
        pytest.param(3, 7, False, id="three weeks"),
        pytest.param(12, 1, False, id="60 messages"),
    ],
)
def test_it_is_learned_from_four_weeks_and_a_hundred_messages_on(weeks: int, members: int, enough: bool) -> None:
    evidence = learned(history(weeks, {10: members}))
    assert evidence.channel.is_enough is enough
    assert (best_slot(evidence, ALL_SLOTS) is not None) is enough


def test_one_message_less_than_a_hundred_is_not_enough() -> None:
    messages = history(4, {10: 5})
    assert activity_of(messages, END).messages == 100
    assert activity_of(messages, END).is_enough
    assert not activity_of(messages[1:], END).is_enough


def test_a_quiet_channel_learns_from_the_community() -> None:
    quiet = history(3, {20: 1})
    evidence = learned(quiet, history(12, {11: 4}) + quiet)
    best = best_slot(evidence, ALL_SLOTS)
    assert best is not None
    assert best.hour == time(11)
    assert explanation(best, evidence).endswith("over 12 weeks in the whole community")


def test_a_channel_with_its_own_history_goes_before_the_community() -> None:
    evidence = learned(history(12, {20: 4}), history(12, {20: 4, 11: 6}))
    best = best_slot(evidence, ALL_SLOTS)
    assert best is not None
    assert best.hour == time(20)


def test_the_explanation_is_one_line_of_words_and_numbers() -> None:
    evidence = Evidence(activity_of(history(12, {10: 6}), END), NO_ACTIVITY)
    best = best_slot(evidence, [(WEEK[1], time(10)), (WEEK[1], time(3))])
    assert best is not None
    assert (
        explanation(best, evidence)
        == "Tue 10:00: 2.0 times the average allowed hour, from 360 messages by 6 members over 12 weeks"
    )


def test_only_the_last_ninety_days_count() -> None:
    old = [(moment - timedelta(days=90), user) for moment, user in history(12, {3: 9})]
    assert activity_of(old, END).messages == 0
    edge = END - timedelta(days=90)
    assert activity_of([(edge, "U1"), (edge - timedelta(microseconds=1), "U1"), (END, "U1")], END).messages == 1


WEEKLY = Post(
    "p",
    "#data",
    EveryWhen("week", "best", on=(1, 2, 3), between=Hours(time(8), time(18)), otherwise_day=2, otherwise_time=time(10)),
)


def test_otherwise_holds_while_nothing_is_learned_and_says_why() -> None:
    found = slot(WEEKLY, Period(WEEK[0], tuple(WEEK[1:4])), Evidence(NO_ACTIVITY, NO_ACTIVITY))
    assert (found.day, found.moment) == (WEEK[2], time(10))
    assert found.why == "as `otherwise` says: 0 messages over 0 weeks so far, and the best hour needs 100 over 4"


def test_nobody_in_the_allowed_hours_is_not_a_best_hour() -> None:
    evidence = learned(history(12, {3: 3}))
    found = slot(WEEKLY, Period(WEEK[0], tuple(WEEK[1:4])), evidence)
    assert found.moment == time(10)
    assert shortfall(evidence) == "nobody wrote in the hours that are allowed"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        pytest.param(Hours(time(8), time(11)), [8, 9, 10], id="the end is no slot"),
        pytest.param(Hours(time(8, 30), time(10)), [9], id="full hours"),
        pytest.param(Hours(time(22), time(2)), [0, 1, 22, 23], id="past midnight"),
    ],
)
def test_allowed_slots_are_the_full_hours_between(between: Hours, expected: list[int]) -> None:
    when = EveryWhen("day", "best", between=between, otherwise_time=time(9))
    assert [hour.hour for _, hour in allowed_slots(when, Period(WEEK[0], (WEEK[0],)))] == expected


def test_a_span_without_a_full_hour_has_its_beginning() -> None:
    when = EveryWhen("day", "best", between=Hours(time(10, 15), time(10, 45)), otherwise_time=time(9))
    assert allowed_slots(when, Period(WEEK[0], (WEEK[0],))) == [(WEEK[0], time(10, 15))]


def audience(messages: list[Message], moment: datetime) -> int:
    return len({user for local, user in messages if moment <= local < moment + timedelta(hours=1)})


def gain(messages: list[Message], first: date, days: int) -> float:
    """Distinct members reached in the hour after the learned time, over the mean of all hours of the same days."""
    reached = random_hour = 0.0
    for number in range(days):
        day = first + timedelta(days=number)
        begins = datetime.combine(day, time())
        activity = activity_of([m for m in messages if begins - timedelta(days=90) <= m[0] < begins], begins)
        best = best_slot(Evidence(activity, activity), [(day, time(hour)) for hour in range(24)])
        if best is None:
            continue
        today = [m for m in messages if begins <= m[0] < begins + timedelta(days=1)]
        reached += audience(today, datetime.combine(best.day, best.hour))
        random_hour += sum(audience(today, begins + timedelta(hours=hour)) for hour in range(24)) / 24
    return reached / random_hour


def test_on_a_noisy_history_it_reaches_more_than_a_random_hour() -> None:
    chance = random.Random(7)
    messages = [
        (END + timedelta(days=day, hours=hour, minutes=chance.randrange(60)), f"U{member}")
        for day in range(-150, 0)
        for hour in range(24)
        for member in range(40)
        if chance.random() < (0.05 if 13 <= hour < 17 else 0.01)
    ]
    assert gain(messages, (END - timedelta(days=50)).date(), 50) >= 2.0


def test_on_a_real_history_it_reaches_at_least_1_35_times_a_random_hour() -> None:
    archive = DATA / "dd2030-slack-2025" / "dd2030.slack-export.zip"
    if not archive.exists():
        pytest.skip(f"the real history is not there: {archive.name}")
    messages: list[Message] = []
    with zipfile.ZipFile(archive) as export:
        bots = {user["id"] for user in json.loads(export.read(_named(export, "users.json"))) if user.get("is_bot")}
        for name in export.namelist():
            if name.endswith(".json") and name.count("/") >= 1 and name.rsplit("/", 1)[1][:4].isdigit():
                messages += [_local(m) for m in json.loads(export.read(name)) if _is_human(m, bots)]
    messages.sort()
    first = messages[0][0].date() + timedelta(days=30)
    days = (messages[-1][0].date() - first).days
    assert gain(messages, first, min(days, 120)) >= 1.35


def _named(export: zipfile.ZipFile, name: str) -> str:
    return next(path for path in export.namelist() if path.rsplit("/", 1)[-1] == name)


def _is_human(message: dict[str, object], bots: set[str]) -> bool:
    return "user" in message and "bot_id" not in message and "subtype" not in message and message["user"] not in bots


def _local(message: dict[str, object]) -> Message:
    at = datetime.fromtimestamp(float(str(message["ts"])), UTC) + timedelta(hours=9)
    return at.replace(tzinfo=None), str(message["user"])


def test_an_activity_says_how_much_stands_behind_it() -> None:
    activity: Activity = activity_of(history(2, {10: 3}), END)
    assert (activity.messages, activity.members, activity.weeks) == (30, 3, 2)
