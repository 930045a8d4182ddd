"""Each root with its first answer, and how soon roots were answered: by channel, by month, altogether."""

from collections.abc import Iterator, Sequence

import pytest
from histories import close, memory_store, record
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from copbot.adapters.store import tables
from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import Fact, MessageGone, MessageSeen, UserSeen
from copbot.core.intervals import median_ranks
from copbot.core.ports.answering import Answered, AnsweredCounts, Group, ListedRoot
from copbot.core.records import Scope
from copbot.core.time import DAY_US, HOUR_US

T = 1_700_000_000_000_000
ALL = Scope(None, T + 400 * DAY_US)


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    record(store, [UserSeen("UBOT", is_bot=True, updated_us=1)])
    yield store
    close(store)


def listed(store: SqlStore, scope: Scope = ALL) -> list[ListedRoot]:
    with store.read() as tx:
        return list(tx.answering.listed(scope))


def test_a_root_comes_with_the_first_reply_by_another_person(store: SqlStore) -> None:
    record(
        store,
        [
            MessageSeen("C1", T, "U1", text="Which one?"),
            MessageSeen("C1", T + 1, "U1", thread_us=T, text="anyone"),
            MessageSeen("C1", T + 2, "UBOT", thread_us=T, text="beep"),
            MessageSeen("C1", T + 3, "U3", thread_us=T, text="the second"),
            MessageSeen("C1", T + 4, "U2", thread_us=T, text="the first"),
            MessageSeen("C2", T + 4, "U2", text="done"),
        ],
    )
    assert listed(store) == [
        ListedRoot("C1", T, "U1", True, "it ends with a question mark", "U3", T + 3),
        ListedRoot("C2", T + 4, "U2", False, ""),
    ]


def test_an_answer_counts_before_the_end_and_what_was_deleted_nowhere(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T, "U1"), MessageSeen("C1", T + 5, "U2", thread_us=T)])
    record(store, [MessageSeen("C1", T + 1, "U1"), MessageGone("C1", T + 1)])
    assert [(one.ts_us, one.answer_user) for one in listed(store, Scope(None, T + 6))] == [(T, "U2")]
    assert [(one.ts_us, one.answer_user) for one in listed(store, Scope(None, T + 5))] == [(T, None)]
    record(store, [MessageGone("C1", T + 5)])
    assert [(one.ts_us, one.answer_user) for one in listed(store)] == [(T, None)]


def test_only_the_channels_and_the_time_that_are_wanted(store: SqlStore) -> None:
    record(store, [MessageSeen(channel, T + at, "U1") for channel in ("C1", "C2") for at in (0, 1, 2)])
    assert [(one.channel, one.ts_us - T) for one in listed(store, Scope(T + 1, T + 2))] == [("C1", 1), ("C2", 1)]
    assert [(one.channel, one.ts_us - T) for one in listed(store, Scope(None, T + 2, ("C2",)))] == [
        ("C2", 0),
        ("C2", 1),
    ]
    assert listed(store, Scope(None, T + 2, ())) == []


def test_answers_are_counted_by_who_gave_them(store: SqlStore) -> None:
    record(
        store,
        [
            MessageSeen("C1", T, "U1"),
            MessageSeen("C1", T + 1, "U2", thread_us=T),
            MessageSeen("C1", T + 2, "U2", thread_us=T),
            MessageSeen("C1", T + 3, "U1", thread_us=T),
            MessageSeen("C1", T + 4, "UBOT", thread_us=T),
        ],
    )
    with store.read() as tx:
        assert tx.answering.answerers(ALL) == {"U2": 2}
        assert tx.answering.answerers(Scope(None, T)) == {}


# --- how soon, held against the same counted one by one

WAITS = (HOUR_US, DAY_US)
MONTHS = (T - DAY_US, T + 10 * DAY_US, T + 20 * DAY_US)
UNTIL = T + 30 * DAY_US

_hours = st.integers(0, 30 * 24 + 5)
_threads = st.lists(
    st.tuples(
        st.sampled_from(["C1", "C2"]),
        _hours,
        st.sampled_from(["U1", "U2"]),
        st.booleans(),
        st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["U1", "U2", "UBOT"])), max_size=2),
    ),
    max_size=8,
    unique_by=lambda thread: thread[:2],
)


def facts_of(threads: Sequence[tuple[str, int, str, bool, list[tuple[int, str]]]]) -> Iterator[Fact]:
    yield UserSeen("UBOT", is_bot=True, updated_us=1)
    for number, (channel, hour, author, asks, replies) in enumerate(threads):
        ts_us = T + hour * HOUR_US
        yield MessageSeen(channel, ts_us, author, text="Which one?" if asks else "done")
        for place, (after, user) in enumerate(replies):
            at_us = ts_us + after * HOUR_US + 1 + number * 10 + place
            yield MessageSeen(channel, at_us, user, thread_us=ts_us, text="x")


def one_by_one(roots: Sequence[ListedRoot]) -> AnsweredCounts:
    waited = sorted(root.answer_us - root.ts_us for root in roots if root.answer_us is not None)
    within = []
    for wait_us in WAITS:
        old = [root for root in roots if UNTIL - root.ts_us >= wait_us]
        met = [root for root in old if root.answer_us is not None and root.answer_us - root.ts_us <= wait_us]
        within.append((len(met), len(old)))
    ranks = median_ranks(len(waited))
    middle: tuple[float, int | None, int | None] | None = None
    if waited:
        half = len(waited) // 2
        both = waited[half] + waited[half if len(waited) % 2 else half - 1]
        middle = (both / 2, waited[ranks[0]], waited[ranks[1]]) if ranks else (both / 2, None, None)
    return AnsweredCounts(len(roots), len(waited), within, middle)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(threads=_threads)
def test_groups_hold_what_counting_root_by_root_gives(
    store: SqlStore, threads: list[tuple[str, int, str, bool, list[tuple[int, str]]]]
) -> None:
    with store._engine.begin() as connection:
        for table in (tables.Message, tables.DayRollUp):
            connection.execute(delete(table))
    record(store, list(facts_of(threads)))
    scope = Scope(None, UNTIL)
    with store.read() as tx:
        roots = list(tx.answering.listed(scope))
        found = {
            "altogether": tx.answering.covered(scope, WAITS),
            "by channel": tx.answering.covered(scope, WAITS, by_channel=True),
            "by month": tx.answering.covered(scope, WAITS, starts_us=MONTHS),
        }
    groups = {
        "altogether": lambda root: Group("", 0),
        "by channel": lambda root: Group(root.channel, 0),
        "by month": lambda root: Group("", sum(root.ts_us >= start for start in MONTHS) - 1),
    }
    for name, group_of in groups.items():
        expected = {
            group: Answered(
                one_by_one([root for root in roots if group_of(root) == group and root.asks]),
                one_by_one([root for root in roots if group_of(root) == group and not root.asks]),
            )
            for group in {group_of(root) for root in roots}
        }
        assert found[name] == expected, name
