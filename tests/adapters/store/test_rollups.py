"""The roll-ups are what the facts give, whatever came in which order; and the figures counted from them are those of the facts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count
from statistics import median
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from histories import close, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from copbot.adapters.store import rollups, tables
from copbot.adapters.store.rollups import Difference
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.tables import ALL_DAYS
from copbot.core.community import Participation
from copbot.core.facts import (
    Fact,
    MembershipSeen,
    MembersListed,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)
from copbot.core.months import month_of
from copbot.core.ports.figure import Buckets, Kinds
from copbot.core.records import Scope
from copbot.core.time import DAY_US, HOUR_US, SECOND_US, from_us
from copbot.features.participation.figures import LocalHours, gini
from copbot.features.participation.rules import Calendar, Contribution, standing
from copbot.features.participation.service import (
    Period,
    participants,
    stats_activity,
    stats_members,
    stats_newcomers,
    stats_retention,
    stats_threads,
)

T = 1_700_006_400_000_000 // DAY_US * DAY_US  # a midnight (UTC) in November 2023
CHANNEL = tables.Channel.__table__
DAY = tables.DayRollUp.__table__
RULES = Participation()


@pytest.fixture(scope="module")
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


def differences(store: SqlStore) -> list[Difference]:
    with store.read() as tx:
        return list(tx.rollups.compare())


# --- in step with the facts ---

NUMBERS = count()
MOMENTS = [T - 1, T, T + 1, T + HOUR_US, T + 9 * DAY_US, T + 40 * DAY_US, T + 40 * DAY_US + 1]
WHO = ["U1", "U2", "U3"]


def facts() -> st.SearchStrategy[Fact]:
    channel, ts_us, user = st.sampled_from(["C1", "C2"]), st.sampled_from(MOMENTS), st.sampled_from(WHO)
    thread, later = st.none() | st.sampled_from(MOMENTS), st.integers(0, 3)
    return st.one_of(
        st.builds(MessageSeen, channel, ts_us, user, thread, st.sampled_from(["so", "why?"]), later),
        st.builds(MessageSeen, channel, ts_us, user, thread),
        st.builds(MessageGone, channel, ts_us),
        st.builds(
            ReactionSeen,
            *(channel, ts_us, user, st.sampled_from(["eyes", "tada"]), st.none() | user, st.booleans(), later),
        ),
        st.builds(UserSeen, user, is_bot=st.booleans(), updated_us=later),
        st.builds(UserSeen, user, is_deleted=st.booleans(), is_external=st.booleans(), updated_us=later),
        st.builds(MembershipSeen, channel, user, st.booleans(), ts_us),
        st.builds(MembersListed, channel, st.just(("U1", "U2")), ts_us),
        st.builds(WorkspaceJoined, user, ts_us),
    )


@settings(max_examples=20)
@given(
    st.lists(st.lists(facts(), min_size=1, max_size=6), min_size=1, max_size=6),
    st.sampled_from(["in step", "a step filled", "forgotten"]),
    st.sampled_from([0, 1, 2, rollups.LIGHT]),
    st.sampled_from([None, T, T + 1]),
    st.sampled_from([T + 1, T + 40 * DAY_US + 1, T + 90 * DAY_US]),
    st.sampled_from(["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
)
def test_any_facts_in_any_order_leave_roll_ups_and_figures_that_a_recount_gives(
    store: SqlStore, batches: list[list[Fact]], reach: str, light: int, since_us: int | None, until_us: int, zone: str
) -> None:
    own = f"-{next(NUMBERS)}"  # each example has people and channels of its own
    for number, batch in enumerate(batches):
        with patch.multiple(rollups, LIGHT=light, PER_CHANGE=rollups.PER_CHANGE if light else 0):
            record(store, [renamed(fact, own) for fact in batch])
        with store.begin() as tx:
            if number == 0 and reach != "in step":
                tx.rollups.forget()
            if number == 1 and reach == "a step filled":
                tx.rollups.fill(1)
        assert differences(store) == []
    with store.begin() as tx:
        tx.facts.set_asks("C1" + own, T, True, "said so")
    period = Period(Scope(since_us, until_us, ("C1" + own, "C2" + own)), ZoneInfo(zone))
    assert_figures_are_those_of_the_facts(store, period, own)
    with store.begin() as tx:
        while tx.rollups.fill():
            pass
        assert not tx.rollups.emptied()
    assert differences(store) == []
    assert_figures_are_those_of_the_facts(store, period, own)


def renamed(fact: Fact, own: str) -> Fact:
    names = {
        name: value + own
        for name in ("channel", "user", "item_user")
        if isinstance(value := getattr(fact, name, None), str)
    }
    if isinstance(fact, MembersListed):
        names["users"] = tuple(user + own for user in fact.users)
    return type(fact)(**{**{name: getattr(fact, name) for name in fact.__dataclass_fields__}, **names})


@pytest.fixture
def small() -> Iterator[SqlStore]:
    """A question of Ann's, answered by a helper after a day and by Bob after two."""
    store = memory_store()
    replies = [MessageSeen("C1", T + DAY_US, "UHELPER", T), MessageSeen("C1", T + 2 * DAY_US, "UBOB", T)]
    record(store, [MessageSeen("C1", T, "UANN", text="why?"), *replies, ReactionSeen("C1", T, "UBOB", "eyes", "UANN")])
    yield store
    close(store)


def waited(store: SqlStore) -> int | None:
    """How long the first answer took, by the roll-ups."""
    with store.read() as tx:
        every, asking = tx.figures.threads(Scope(None, T + 99 * DAY_US), ())
    assert every.middle_us == asking.middle_us
    return None if every.middle_us is None else every.middle_us[0]


def test_an_answer_by_somebody_found_out_to_be_a_bot_is_none_and_is_one_again_when_that_was_wrong(
    small: SqlStore,
) -> None:
    assert waited(small) == DAY_US
    record(small, [UserSeen("UHELPER", is_bot=True, updated_us=1)])
    assert (waited(small), differences(small)) == (2 * DAY_US, [])
    record(small, [UserSeen("UBOB", is_bot=True, updated_us=1)])
    assert (waited(small), differences(small)) == (None, [])
    record(small, [UserSeen("UHELPER", is_bot=False, updated_us=2)])
    assert (waited(small), differences(small)) == (DAY_US, [])


def test_what_a_deletion_and_a_moderators_word_change_is_changed_on_the_days_of_others_too(small: SqlStore) -> None:
    record(small, [MessageGone("C1", T + DAY_US)])
    assert (waited(small), differences(small)) == (2 * DAY_US, [])
    with small.begin() as tx:
        tx.facts.set_asks("C1", T, False, "not a question")
    assert differences(small) == []
    record(small, [MessageGone("C1", T)])  # Bob's reply is now one to nobody known
    assert differences(small) == []


def test_a_change_of_more_days_than_a_transaction_bears_leaves_the_rest_to_be_filled(
    small: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "AT_ONCE", 2)
    record(small, [MessageSeen("C1", T + day * DAY_US + 1, "UANN") for day in range(5)])
    with small.begin() as tx:
        assert tx.rollups.left_to_fill() == 1
        assert tx.figures.by_bucket(Scope(None, T + 99 * DAY_US), Buckets([T], [0])).messages == 8
        while tx.rollups.fill():
            pass
        assert tx.rollups.left_to_fill() == 0
        assert tx.figures.by_bucket(Scope(None, T + 99 * DAY_US), Buckets([T], [0])).messages == 8
    assert differences(small) == []


def test_a_day_on_which_much_happened_is_emptied_by_a_change_and_filled_when_it_is_over(
    small: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, period = T // DAY_US, Period(Scope(None, T + 99 * DAY_US), ZoneInfo("UTC"))
    monkeypatch.setattr(rollups, "PER_CHANGE", 0)
    monkeypatch.setattr(rollups, "LIGHT", 2)
    record(small, [MessageSeen("C1", T + 5, "UBOB")])  # the third contribution of a day that held two
    assert emptied(small) == []
    record(small, [MessageSeen("C1", T + 6, "UBOB")])
    assert emptied(small) == [day]
    record(small, [MessageSeen("C1", T + 7, "UBOB"), MessageSeen("C1", T + 2 * DAY_US, "UBOB", T)])
    assert (emptied(small), differences(small)) == ([day], [])
    assert_figures_are_those_of_the_facts(small, period)
    assert not fill_until(small, T + DAY_US - 1)
    assert fill_until(small, T + DAY_US)
    assert (emptied(small), differences(small)) == ([], [])
    assert_figures_are_those_of_the_facts(small, period)


def emptied(store: SqlStore) -> list[int]:
    with store.read() as tx:
        return [day for _, day in tx.rollups.emptied()]


def fill_until(store: SqlStore, until_us: int) -> bool:
    with store.begin() as tx:
        return tx.rollups.fill(until_us=until_us) is not None


@pytest.mark.sqlite("its instructions are counted")
def test_what_a_change_costs_does_not_grow_with_what_was_said_on_that_day_or_in_that_thread() -> None:
    costs = []
    for many in (600, 2000):
        old_us, day_us = T + 9 * DAY_US, T + 10 * DAY_US
        last_us = day_us + many
        store = memory_store()
        record(store, [MessageSeen("C1", old_us + n, f"U{n % 9}", old_us if n else None) for n in range(many)])
        record(store, [MessageSeen("C1", day_us + n, f"U{n % 9}") for n in range(many + 1)])
        record(store, [MessageSeen("C1", last_us + 9, "U2")])
        changes: list[Fact] = [
            MessageSeen("C1", last_us + 1, "U3", text="why?"),
            MessageSeen("C1", last_us + 2, "U3", day_us),
            MessageSeen("C1", last_us + 3, "U3", old_us),
            ReactionSeen("C1", last_us, "U1", "eyes", "U2"),
            MessageSeen("C1", last_us, f"U{many % 9}", text="why not?", edited_us=last_us + 4),
            MessageGone("C1", last_us),
        ]
        costs.append([steps_of(store, change) for change in changes])
        assert differences(store) == []
        close(store)
    assert all(much <= 1.2 * little for little, much in zip(*costs, strict=True)), costs


def steps_of(store: SqlStore, fact: Fact) -> int:
    """What recording it takes, in tens of instructions of the database's: no clock tells so on a busy machine."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with store.begin() as tx:
        driver = tx._connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(step, 10)
        tx.facts.record([fact])
        driver.set_progress_handler(None, 0)
    return steps


def test_what_an_older_version_stored_is_read_from_the_facts_until_it_is_rolled_up(small: SqlStore) -> None:
    with small.begin() as tx:
        tx._connection.execute(update(CHANNEL).values(rolled_until=0))
        tx._connection.execute(DAY.delete())
    period = Period(Scope(None, T + 99 * DAY_US), ZoneInfo("UTC"))
    assert_figures_are_those_of_the_facts(small, period)
    record(small, [MessageSeen("C1", T + 9 * DAY_US, "UBOB"), MessageSeen("CNEW", T, "UBOB")])
    steps = 0
    assert_figures_are_those_of_the_facts(small, period)
    while fill(small, 1):
        steps += 1
        record(small, [MessageSeen("C1", T + 9 * DAY_US + steps, "UANN"), MessageSeen("C1", T + steps, "UANN")])
        assert_figures_are_those_of_the_facts(small, period)
        assert differences(small) == []
    assert steps > 3


def fill(store: SqlStore, most: int) -> bool:
    with store.begin() as tx:
        return tx.rollups.fill(most) is not None


def test_a_difference_is_named_by_channel_and_day_and_mended_by_working_it_out_again(small: SqlStore) -> None:
    day = T // DAY_US
    with small.begin() as tx:
        rows = tx._connection.execute(select(DAY.c.day, DAY.c.contributions).order_by(DAY.c.day)).all()
        assert [(row.day - day, len(row.contributions) // 16) for row in rows] == [(0, 2), (1, 1), (2, 1)]
        tx._connection.execute(update(DAY).where(DAY.c.day == day).values(contributions=rows[0].contributions[:16]))
        tx._connection.execute(DAY.delete().where(DAY.c.day == day + 1))
        tx._connection.execute(update(DAY).where(DAY.c.day == day + 2).values(roots=b"12345678"))
    assert differences(small) == [
        Difference("C1", day, 1, 2),
        Difference("C1", day + 1, 0, 1),
        Difference("C1", day + 2, 1, 1),
    ]
    with small.begin() as tx:
        tx.rollups.forget()
    while fill(small, 10_000):
        pass
    assert differences(small) == []
    with small.read() as tx:
        assert tx._connection.execute(select(CHANNEL.c.rolled_until)).scalar_one() == ALL_DAYS


def test_the_day_that_a_failed_transaction_touched_is_as_it_was(small: SqlStore) -> None:
    def fail() -> None:
        with small.begin() as tx:
            tx.facts.record([MessageSeen("C1", T + 5, "UBOB")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert differences(small) == []


# --- counted the long way ---


def assert_figures_are_those_of_the_facts(store: SqlStore, period: Period, own: str = "") -> None:
    """Each document of ``copbot stats`` from single messages and reactions, as the written definitions have it."""
    scope, zone = period.scope, period.zone
    ever, users = Scope(None, scope.until_us, scope.channels), all_users(store, own)
    with store.read() as tx:
        figures = tx.figures
        messages, roots = list(figures.messages(scope)), list(figures.roots(scope))
        assert Counter(tuple(one[1:]) for one in figures.threads_begun(scope)) == Counter(roots)
        assert figures.first_message_us(scope) == next((ts_us for ts_us, _ in messages), None)
        every = list(figures.contributions(ever))
        people = {one.key: one for user in users for one in figures.users(scope, user)}
        activity, threads = stats_activity(figures, period), stats_threads(figures, period)
        members, retention = stats_members(figures, period), stats_retention(figures, period)
        newcomers = stats_newcomers(figures, period)
        found = {one.user: one for one in participants(figures, period, RULES)}
    assert_activity(activity, messages, zone)
    assert_threads(threads, roots, scope.until_us)
    assert_retention(retention, messages, period)
    assert {one.user for one in found} == {one.user for one in people.values()}
    assert set(found) == set(people.values())
    by_person: dict[int, list[Contribution]] = defaultdict(list)
    for key, ts_us, kind in every:
        by_person[key].append(Contribution(ts_us, kind))
    known = [ts_us for _, ts_us, _ in every] + [p.joined_us for p in people.values() if p.joined_us is not None]
    calendar = Calendar(zone, min([*known, scope.until_us - 12 * 7 * DAY_US]), scope.until_us)
    for person, one in found.items():
        done = by_person[person.key]
        joined_us, answered_us = person.joined_us, person.answered_onboarding_us
        assert one.standing == standing(done, joined_us, scope.until_us, calendar, RULES, answered_us)
        within = Counter(each.kind for each in done if each.ts_us >= (scope.since_us or 0))
        assert one.within == Kinds(**within)
    written = [one.within.root + one.within.reply + one.within.own_reply for one in found.values()]
    assert members["gini"] == gini([wrote for wrote in written if wrote])
    assert sum(month["joined"] for month in newcomers["months"]) >= sum(
        month["posted_7d"] for month in newcomers["months"]
    )


def all_users(store: SqlStore, own: str) -> list[str]:
    with store._engine.connect() as connection:
        users = connection.execute(select(tables.User.slack_id)).scalars()
        return [user for user in users if user.endswith(own)]


def assert_activity(document: dict, messages: list[tuple[int, int]], zone: ZoneInfo) -> None:
    hours = LocalHours(zone)
    seen = [(*hours.of(ts_us), user) for ts_us, user in messages]
    by_hour, members_by_hour = Counter(hour for _, hour, _ in seen), Counter(hour for _, hour, _ in set(seen))
    assert document["messages_by_hour_of_week"] == [by_hour[hour] for hour in range(168)]
    assert document["members_by_hour_of_week"] == [members_by_hour[hour] for hour in range(168)]
    assert (document["messages"], document["members"]) == (len(messages), len({user for _, user in messages}))


def assert_threads(document: dict, roots: list[tuple[int, bool, int | None]], until_us: int) -> None:
    for part, these in ((document, roots), (document["questions"], [root for root in roots if root[1]])):
        delays = [answer_us - ts_us for ts_us, _, answer_us in these if answer_us is not None]
        expected = round(median(delays) / SECOND_US, 3) if delays else None
        assert (part["roots"], part["answered"]) == (len(these), len(delays))
        assert part["median_seconds_to_first_answer"] == expected
        for name, hours in (("24h", 24), ("48h", 48), ("7d", 168)):
            wait_us = hours * HOUR_US
            assert part["unanswered_after"][name] == sum(
                until_us - ts_us >= wait_us and (answer_us is None or answer_us - ts_us > wait_us)
                for ts_us, _, answer_us in these
            )


def assert_retention(document: dict, messages: list[tuple[int, int]], period: Period) -> None:
    active: dict[str, set[int]] = defaultdict(set)
    for ts_us, user in messages:
        active[month_of(from_us(ts_us), period.zone).key].add(user)
    for month in document["months"]:
        year, number = map(int, month["month"].split("-"))
        following = f"{year + number // 12}-{number % 12 + 1:02}"
        now = active.get(month["month"], set())
        returned = len(now & active.get(following, set()))
        rate = round(returned / len(now), 6) if now else None
        assert (month["active"], month["returned"], month["rate"]) == (len(now), returned, rate)
    assert {month["month"] for month in document["months"] if month["active"]} == set(active)
    last_us, before_us = period.scope.until_us - 30 * DAY_US, period.scope.until_us - 60 * DAY_US
    previous = {user for ts_us, user in messages if before_us <= ts_us < last_us}
    again = previous & {user for ts_us, user in messages if ts_us >= last_us}
    rate = round(len(again) / len(previous), 6) if previous else None
    assert document["rolling"] == {"previous": len(previous), "returned": len(again), "rate": rate}
