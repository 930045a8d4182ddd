"""What is counted over everybody, at both sides of each boundary."""

from collections.abc import Iterator

import pytest
from histories import close, memory_store, record

from copbot.adapters.store.columns import BucketOf
from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import (
    MembershipSeen,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)
from copbot.core.ports.figure import Buckets, NewcomerCounts
from copbot.core.records import Scope
from copbot.core.time import DAY_US, HOUR_US

T = 1_700_006_400_000_000 // DAY_US * DAY_US
END = T + 100 * DAY_US


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


@pytest.mark.parametrize(
    ("age", "answered_after", "unanswered"),
    [
        (DAY_US, None, 1),  # exactly a day old
        (DAY_US - 1, None, 0),
        (3 * DAY_US, DAY_US, 0),  # answered after exactly a day: within
        (3 * DAY_US, DAY_US + 1, 1),
        (2 * DAY_US, 2 * DAY_US, 1),  # an answer at the end of the period does not count
    ],
)
def test_a_root_is_unanswered_when_it_is_old_enough_and_had_no_answer_within_the_wait(
    store: SqlStore, age: int, answered_after: int | None, unanswered: int
) -> None:
    asked = END - age
    record(store, [MessageSeen("C1", asked, "U1", text="why?")])
    if answered_after is not None:
        record(store, [MessageSeen("C1", asked + answered_after, "U2", asked)])
    with store.read() as tx:
        every, asking = tx.figures.threads(Scope(None, END), (DAY_US,))
    assert every == asking
    assert (every.roots, list(every.unanswered_after)) == (1, [unanswered])


def test_the_middle_waits_are_two_where_their_number_is_even(store: SqlStore) -> None:
    roots = [MessageSeen("C1", T + n * DAY_US, "U1", text="so.") for n in range(4)]
    answers = [MessageSeen("C1", T + n * DAY_US + 10 * (n + 1), "U2", T + n * DAY_US) for n in range(4)]
    record(store, [*roots, *answers])
    with store.read() as tx:
        assert tx.figures.threads(Scope(None, END), ())[0].middle_us == (20, 30)
        assert tx.figures.threads(Scope(None, T + 3 * DAY_US), ())[0].middle_us == (20, 20)
        assert tx.figures.threads(Scope(None, END), ())[1].middle_us is None  # nobody asked


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ([T, T + HOUR_US, T + 2 * HOUR_US], [2, 1]),  # on quarters of an hour
        ([T, T + HOUR_US - 1, T + 2 * HOUR_US], [1, 2]),  # anywhere
    ],
)
def test_what_lies_on_a_start_is_in_its_bucket_and_a_bucket_may_come_again(
    store: SqlStore, starts: list[int], expected: list[int]
) -> None:
    instants = [T, T + HOUR_US - 1, T + HOUR_US, T + 2 * HOUR_US]
    record(store, [MessageSeen("C1", ts_us, "U1") for ts_us in instants])
    record(store, [ReactionSeen("C1", T, "U2", "eyes"), MessageSeen("C2", T, "U1"), MessageGone("C1", T + 2 * HOUR_US)])
    with store.read() as tx:
        counts = tx.figures.by_bucket(Scope(None, END, ("C1",)), Buckets(starts, [0, 1, 0]))
        both = tx.figures.by_bucket(Scope(None, END), Buckets(starts, [0, 1, 0]))
    assert counts == (3, 1, expected, [1, 1])
    assert (both.messages, list(both.members_in)) == (4, [1, 1])


def test_a_bucket_is_found_alike_by_quarters_and_by_search() -> None:
    import numpy as np

    ts_us = np.arange(T, T + 4 * HOUR_US, HOUR_US // 4 - 7)
    by_quarter = BucketOf([T, T + HOUR_US // 4, T + HOUR_US], [5, 6, 7])
    by_search = BucketOf([T, T + HOUR_US // 4, T + HOUR_US, T + HOUR_US * 5 + 1], [5, 6, 7, 8])
    assert by_quarter(ts_us).tolist() == by_search(ts_us).tolist()


NEWCOMERS = {
    "wrote at once and on the last instant": ([0, 30 * DAY_US], (1, 2)),
    "wrote a week later": ([7 * DAY_US], (1, 1)),
    "wrote just after a week": ([7 * DAY_US + 1], (0, 1)),
    "wrote after a month": ([30 * DAY_US + 1], (0, 0)),
    "wrote before": ([-1], (0, 0)),
    "never wrote": ([], (0, 0)),
}


@pytest.mark.parametrize(("written", "within"), NEWCOMERS.values(), ids=NEWCOMERS.keys())
def test_what_newcomers_wrote_is_counted_from_the_instant_of_joining(
    store: SqlStore, written: list[int], within: tuple[int, int]
) -> None:
    record(store, [WorkspaceJoined("U1", T), *(MessageSeen("C1", T + after, "U1") for after in written)])
    with store.read() as tx:
        (found,) = tx.figures.newcomers(Scope(None, END), (7 * DAY_US, 30 * DAY_US))
    assert found == NewcomerCounts(T, list(within), None)


def test_newcomers_are_people_who_joined_within_the_time_whatever_became_of_them(store: SqlStore) -> None:
    record(
        store,
        [
            WorkspaceJoined("UGONE", T),
            UserSeen("UGONE", is_deleted=True, updated_us=1),
            WorkspaceJoined("UPARTNER", T),
            UserSeen("UPARTNER", is_external=True, updated_us=1),
            WorkspaceJoined("UBOT", T),
            UserSeen("UBOT", is_bot=True, updated_us=1),
            MessageSeen("C1", T + 1, "UWRITER"),
            MembershipSeen("C2", "ULEFT", True, T + 2),
            MembershipSeen("C2", "ULEFT", False, T + 3),
            ReactionSeen("C1", T, "UREACTS", "eyes"),
        ],
    )

    def joined(scope: Scope) -> list[int]:
        with store.read() as tx:
            return sorted(one.joined_us - T for one in tx.figures.newcomers(scope, ()))

    assert joined(Scope(None, END)) == [0, 1, 2]
    assert joined(Scope(T + 1, T + 2)) == [1]
    assert joined(Scope(None, END, ("C1",))) == [1]
    assert joined(Scope(None, END, ("C2",))) == [2]


def test_who_wrote_in_one_span_and_in_the_next_returned(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T + day * DAY_US, f"U{day % 3}") for day in (0, 1, 3, 6, 7)])
    with store.read() as tx:
        found = tx.figures.returning(Scope(None, END), [T, T + 3 * DAY_US, T + 6 * DAY_US])
        assert found == [(2, 1), (1, 1), (2, 0)]
        assert tx.figures.returning(Scope(None, END), [T + 6 * DAY_US]) == [(2, 0)]
        assert tx.figures.known_since_us(Scope(None, END)) == T
        assert tx.figures.known_since_us(Scope(None, END, ("C2",))) is None
