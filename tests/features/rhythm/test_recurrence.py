"""When a post comes round: once per local date, never early, never twice, whatever the clocks do."""

# ruff: noqa: DTZ001 - local wall time is naive

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Post, When
from copbot.core.time import Hours
from copbot.features.rhythm.recurrence import Occasion, Period, Slot, coming, earlier_keys, instant, past, periods

ZONES = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Bangkok"]
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def post(when: When, **more: object) -> Post:
    return Post("p", "#data", when, text="Hello", **more)  # type: ignore[arg-type]


def at_ten(_post: Post, period: Period) -> Slot:
    return Slot(period.days[0], time(10), "because")


def of_the_year(when: When, zone: str, **more: object) -> list[Occasion]:
    found: list[Occasion] = []
    for occasion in coming(post(when, **more), ZoneInfo(zone), YEAR[0], at_ten):
        if occasion.due >= YEAR[1]:
            break
        found.append(occasion)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["every", "cron"])
def test_a_daily_post_comes_once_per_local_date_and_never_early_at_each_half_hour_of_a_year(
    zone: str, kind: str
) -> None:
    local_zone = ZoneInfo(zone)
    for at in HALF_HOURS:
        when: When = EveryWhen("day", at) if kind == "every" else CronWhen(f"{at.minute} {at.hour} * * *")
        found = of_the_year(when, zone)
        dates = [occasion.due.astimezone(local_zone).date() for occasion in found]
        first = dates[0]
        assert dates == [first + timedelta(days=number) for number in range(len(dates))], (zone, at)
        assert len(dates) >= 364
        assert len({occasion.key for occasion in found}) == len(found)
        for occasion in found:
            local = occasion.due.astimezone(local_zone).replace(tzinfo=None)
            assert local >= datetime.combine(local.date(), at)
            assert local - datetime.combine(local.date(), at) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        pytest.param(
            "Europe/Berlin", (2026, 3, 29, 2, 30), "2026-03-29T01:00:00+00:00", id="skipped: first valid instant"
        ),
        pytest.param("Europe/Berlin", (2026, 3, 29, 1, 59), "2026-03-29T00:59:00+00:00", id="just before the gap"),
        pytest.param("Europe/Berlin", (2026, 3, 29, 3, 0), "2026-03-29T01:00:00+00:00", id="just after the gap"),
        pytest.param("Europe/Berlin", (2026, 10, 25, 2, 30), "2026-10-25T00:30:00+00:00", id="repeated: the first"),
        pytest.param(
            "Australia/Lord_Howe", (2026, 10, 4, 2, 15), "2026-10-03T15:30:00+00:00", id="a gap of half an hour"
        ),
        pytest.param("Africa/Cairo", (2026, 4, 24, 0, 30), "2026-04-23T22:00:00+00:00", id="a gap at midnight"),
        pytest.param("Pacific/Apia", (2011, 12, 30, 12, 0), "2011-12-30T10:00:00+00:00", id="a day that was left out"),
        pytest.param("Asia/Bangkok", (2026, 3, 29, 2, 30), "2026-03-28T19:30:00+00:00", id="no change of clocks"),
    ],
)
def test_a_local_time_is_one_instant(zone: str, local: tuple[int, ...], expected: str) -> None:
    assert instant(datetime(*local), ZoneInfo(zone)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(EveryWhen("week", time(9)), ["2026-11-16", "2026-11-23", "2026-11-30"], id="week: Mondays"),
        pytest.param(
            EveryWhen("week", time(9), on=(1, 3)), ["2026-11-17", "2026-11-19", "2026-11-24"], id="each day named"
        ),
        pytest.param(
            EveryWhen("week", "best", on=(1, 3)), ["2026-11-16", "2026-11-23", "2026-11-30"], id="best: one a week"
        ),
        pytest.param(EveryWhen("weekday", time(9)), ["2026-11-16", "2026-11-17", "2026-11-18"], id="weekday"),
        pytest.param(
            EveryWhen("day", time(9), on=(5, 6)), ["2026-11-21", "2026-11-22", "2026-11-28"], id="day on the weekend"
        ),
        pytest.param(EveryWhen("2 weeks", time(9), on=(3,)), ["2026-11-26", "2026-12-10", "2026-12-24"], id="2 weeks"),
        pytest.param(EveryWhen("month", time(9)), ["2026-12-01", "2027-01-01", "2027-02-01"], id="month: the first"),
        pytest.param(
            EveryWhen("month", time(9), day_of_month=31),
            ["2026-11-30", "2026-12-31", "2027-01-31"],
            id="the last of a month",
        ),
        pytest.param(
            EveryWhen("month", time(9), on=(1,)), ["2026-12-01", "2027-01-05", "2027-02-02"], id="first Tuesday"
        ),
        pytest.param(EveryWhen("quarter", time(9)), ["2027-01-01", "2027-04-01", "2027-07-01"], id="quarter"),
        pytest.param(
            EveryWhen("quarter", time(9), on=(0,)), ["2027-01-04", "2027-04-05", "2027-07-05"], id="its first Monday"
        ),
        pytest.param(CronWhen("0 14 * * 4#1"), ["2026-12-03T14:00", "2027-01-07T14:00", "2027-02-04T14:00"], id="cron"),
        pytest.param(DateWhen(datetime(2026, 12, 3, 14, 0, 5)), ["2026-12-03T14:00:05"], id="date with seconds"),
        pytest.param(DateWhen(datetime(2026, 11, 3, 14, 0)), [], id="date in the past"),
    ],
)
def test_the_next_occasions_by_their_keys(when: When, expected: list[str]) -> None:
    now = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # a Monday, 09:00 in Bangkok comes at this very instant
    found = islice(coming(post(when), ZoneInfo("Asia/Bangkok"), now - timedelta(seconds=1), at_ten), 3)
    assert [occasion.key for occasion in found] == expected


def test_an_occasion_is_coming_until_its_instant_and_past_from_it_on() -> None:
    daily, zone, due = post(EveryWhen("day", time(9))), ZoneInfo("UTC"), datetime(2026, 11, 16, 9, tzinfo=UTC)
    long_ago = due - timedelta(days=5)
    assert next(coming(daily, zone, due - timedelta(microseconds=1), at_ten)).due == due
    assert next(coming(daily, zone, due, at_ten)).due == due + timedelta(days=1)
    assert next(past(daily, zone, due - timedelta(microseconds=1), long_ago, at_ten)).due == due - timedelta(days=1)
    assert next(past(daily, zone, due, long_ago, at_ten)).due == due


def test_from_and_until_are_included() -> None:
    found = of_the_year(EveryWhen("day", time(9)), "UTC", from_date=date(2026, 3, 1), until_date=date(2026, 3, 3))
    assert [occasion.key for occasion in found] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    cron = of_the_year(CronWhen("0 9 * * *"), "UTC", from_date=date(2026, 3, 1), until_date=date(2026, 3, 2))
    assert [occasion.key for occasion in cron] == ["2026-03-01T09:00", "2026-03-02T09:00"]


@pytest.mark.parametrize(
    "when",
    [pytest.param(CronWhen("* * * * *"), id="cron"), pytest.param(EveryWhen("day", time(0)), id="every")],
)
def test_dates_far_away_are_found_without_counting_up_to_them(when: When) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    far, long_ago = post(when, from_date=date(8000, 1, 1)), post(when, until_date=date(1980, 1, 1))
    started = perf_counter()
    (first,) = islice(coming(far, ZoneInfo("UTC"), now, at_ten), 1)
    assert first.due == datetime(8000, 1, 1, tzinfo=UTC)
    assert list(past(far, ZoneInfo("UTC"), now, now - timedelta(days=400), at_ten)) == []
    assert list(coming(long_ago, ZoneInfo("UTC"), now, at_ten)) == []
    assert list(past(long_ago, ZoneInfo("UTC"), now, now - timedelta(days=400), at_ten)) == []
    (last,) = islice(past(long_ago, ZoneInfo("UTC"), now, datetime(1979, 1, 1, tzinfo=UTC), at_ten), 1)
    assert last.due.date() == date(1980, 1, 1)
    assert perf_counter() - started < 5


def test_two_weeks_count_from_the_week_of_from() -> None:
    even = post(EveryWhen("2 weeks", time(9), on=(0,)))
    odd = replace(even, from_date=date(2026, 11, 16))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert next(coming(even, ZoneInfo("UTC"), now, at_ten)).key == "2026-11-09"
    assert [o.key for o in islice(coming(odd, ZoneInfo("UTC"), now, at_ten), 2)] == ["2026-11-16", "2026-11-30"]


@pytest.mark.parametrize(
    ("between", "hours", "expected"),
    [
        pytest.param(None, 8, ("06:00", "14:00"), id="around the best hour"),
        pytest.param(Hours(time(8), time(12)), 8, ("08:00", "12:00"), id="clipped to between"),
        pytest.param(None, 24, ("00:00", "22:00"), id="clipped to the day"),
        pytest.param(Hours(time(22), time(11)), 8, ("06:00", "11:00"), id="between past midnight"),
    ],
)
def test_the_window_of_active(between: Hours | None, hours: int, expected: tuple[str, str]) -> None:
    when = EveryWhen("week", "active", between=between, otherwise_time=time(10), window=timedelta(hours=hours))
    occasion = next(coming(post(when), ZoneInfo("UTC"), datetime(2026, 11, 16, 0, tzinfo=UTC), at_ten))
    assert (f"{occasion.opens:%H:%M}", f"{occasion.due:%H:%M}") == expected


whens = st.one_of(
    st.builds(
        EveryWhen,
        every=st.sampled_from(["day", "weekday", "week", "2 weeks", "month", "quarter"]),
        at=st.one_of(st.times().map(lambda at: at.replace(microsecond=0)), st.sampled_from(["best", "active"])),
        on=st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple),
    ),
    st.sampled_from(["0 9 * * *", "*/30 * * * *", "30 2 * * 0", "15 1 1 * *", "0 0 1 3 *"]).map(CronWhen),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: DateWhen(at.replace(microsecond=0))),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(when=whens, now=moments, zone=st.sampled_from(ZONES))
def test_looking_ahead_and_looking_back_see_the_same_occasions(when: When, now: datetime, zone: str) -> None:
    """Law: what was coming before an instant is what is past after it, and keys name occasions."""
    local_zone, one = ZoneInfo(zone), post(when)
    ahead = list(islice(coming(one, local_zone, now, at_ten), 6))
    assert [o.due for o in ahead] == sorted({o.due for o in ahead})
    assert all(now < o.due and o.opens <= o.due for o in ahead)
    assert len({o.key for o in ahead}) == len(ahead)
    if len(ahead) > 1:
        last = ahead[-1]
        back = list(past(one, local_zone, last.due, now + timedelta(microseconds=1), at_ten))
        assert {o.key for o in ahead} == {o.key for o in back if o.due <= last.due}
        assert next(earlier_keys(one, local_zone, last)) == ahead[-2].key


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), every=st.sampled_from(["week", "2 weeks", "month", "quarter"]))
def test_a_period_is_named_alike_on_each_of_its_days(day: date, every: str) -> None:
    when = EveryWhen(every, "best")  # type: ignore[arg-type]
    here, following = islice(periods(post(when), when, day, 1), 2)
    assert here.first <= day < following.first
    assert next(periods(post(when), when, following.first - timedelta(days=1), 1)) == here
