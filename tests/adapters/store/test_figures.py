"""What the figures are counted from: who is a member, and what each contribution is."""

from collections.abc import Iterator

import pytest
from histories import close, memory_store, record
from sqlalchemy import insert, select

from copbot.adapters.store import tables
from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import (
    ChannelSeen,
    MembershipSeen,
    MembersListed,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)
from copbot.core.records import CountedUser, Scope

T = 1_700_000_000_000_000
ALL = Scope(None, T + 1000)


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    record(store, [UserSeen("UBOT", is_bot=True, updated_us=1)])
    yield store
    close(store)


def counted(store: SqlStore, scope: Scope = ALL, user: str | None = None) -> dict[str, CountedUser]:
    with store.read() as tx:
        return {found.user: found for found in tx.figures.users(scope, user)}


def kinds(store: SqlStore, scope: Scope = ALL, user: str | None = None) -> list[tuple[str, int, str]]:
    with store.begin() as tx:
        names = {found.key: found.user for found in tx.figures.users(Scope(None, 10**17))}
        return [(names[key], ts_us - T, kind) for key, ts_us, kind in tx.figures.contributions(scope, user)]


def test_messages_are_those_of_people_in_the_channels_and_the_time(store: SqlStore) -> None:
    record(store, [MessageSeen("C2", T + 1, "U2"), MessageSeen("C1", T, "U1"), MessageSeen("C1", T + 2, "UBOT")])
    record(store, [MessageSeen("C1", T + 3, "U1"), MessageGone("C1", T + 3), MessageSeen("C1", T + 4, "U1")])

    def instants(scope: Scope) -> list[int]:
        with store.read() as tx:
            return [ts_us - T for ts_us, _ in tx.figures.messages(scope)]

    assert instants(ALL) == [0, 1, 4]
    assert instants(Scope(None, T + 4)) == [0, 1]
    assert instants(Scope(T + 1, T + 5)) == [1, 4]
    assert instants(Scope(None, T + 5, ("C1",))) == [0, 4]
    assert instants(Scope(None, T + 5, ())) == []


def test_the_first_answer_is_another_persons_and_came_before_the_end(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T, "U1", text="why?"), MessageSeen("C1", T + 1, "U2", text="so.")])
    record(
        store,
        [
            MessageSeen("C1", T + 2, "U1", thread_us=T),
            MessageSeen("C1", T + 3, "UBOT", thread_us=T),
            MessageSeen("C1", T + 9, "U3", thread_us=T),
            MessageSeen("C1", T + 7, "U2", thread_us=T),
        ],
    )

    def roots(until: int) -> list[tuple[int, bool, int | None]]:
        with store.read() as tx:
            return list(tx.figures.roots(Scope(None, until)))

    assert roots(T + 100) == [(T, True, T + 7), (T + 1, False, None)]
    assert roots(T + 8) == [(T, True, T + 7), (T + 1, False, None)]
    assert roots(T + 7) == [(T, True, None), (T + 1, False, None)]


def test_a_contribution_is_anothers_only_where_the_other_is_known_to_be_a_person(store: SqlStore) -> None:
    record(
        store,
        [
            MessageSeen("C1", T, "U1"),
            MessageSeen("C1", T + 1, "UBOT"),
            MessageSeen("C1", T + 2, "U1", thread_us=T),
            MessageSeen("C1", T + 3, "U2", thread_us=T),
            MessageSeen("C1", T + 4, "U2", thread_us=T + 1),
            MessageSeen("C1", T + 5, "U2", thread_us=T - 50),
            ReactionSeen("C1", T, "U2", "eyes"),
            ReactionSeen("C1", T, "U2", "tada", "U1"),
            ReactionSeen("C1", T, "U1", "eyes", "U1"),
            ReactionSeen("C1", T + 1, "U1", "eyes", "UBOT"),
            ReactionSeen("C1", T + 3, "U1", "eyes", "U2", present=False, event_us=T + 60),
            ReactionSeen("C1", T + 3, "UBOT", "eyes", "U2"),
        ],
    )
    assert kinds(store) == [
        ("U1", 0, "reaction_own"),
        ("U1", 0, "root"),
        ("U1", 1, "reaction_own"),
        ("U1", 2, "own_reply"),
        ("U2", 0, "reaction"),
        ("U2", 0, "reaction"),
        ("U2", 3, "reply"),
        ("U2", 4, "own_reply"),
        ("U2", 5, "own_reply"),
    ]
    assert [kind for _, _, kind in kinds(store, Scope(T + 3, T + 5))] == ["reply", "own_reply"]
    assert {user for user, _, _ in kinds(store, user="U2")} == {"U2"}


MEMBERSHIPS = {
    "wrote where no list is known": ([MessageSeen("C1", T, "U1")], True),
    "wrote elsewhere": ([MessageSeen("C2", T, "U1")], None),
    "joined and never wrote": ([MembershipSeen("C1", "U1", True, T)], True),
    "wrote and left": ([MessageSeen("C1", T, "U1"), MembershipSeen("C1", "U1", False, T + 1)], False),
    "is on the list": ([MembersListed("C1", ("U1",), T)], True),
    "wrote and is not on the list": ([MessageSeen("C1", T, "U1"), MembersListed("C1", ("U2",), T + 1)], False),
    "joined before the list that leaves them out": (
        [MembershipSeen("C1", "U1", True, T), MembersListed("C1", (), T + 1)],
        None,
    ),
    "joined after the list": ([MembersListed("C1", (), T), MembershipSeen("C1", "U1", True, T + 1)], True),
    "left after the list": ([MembersListed("C1", ("U1",), T), MembershipSeen("C1", "U1", False, T + 1)], None),
    "on an old list, not on the new one": (
        [MembersListed("C1", ("U1",), T), MembersListed("C1", (), T + 1)],
        None,
    ),
    "deactivated": ([MessageSeen("C1", T, "U1"), UserSeen("U1", is_deleted=True, updated_us=1)], False),
    "of another organisation": ([MessageSeen("C1", T, "U1"), UserSeen("U1", is_external=True, updated_us=1)], False),
    "a guest": ([MessageSeen("C1", T, "U1"), UserSeen("U1", is_guest=True, updated_us=1)], True),
    "a bot": ([MessageSeen("C1", T, "U1"), UserSeen("U1", is_bot=True, updated_us=1)], None),
    "only reacted": ([ReactionSeen("C1", T, "U1", "eyes")], False),
    "came after the end": ([WorkspaceJoined("U1", T + 1000), MembersListed("C1", ("U1",), T + 1000)], None),
}


@pytest.mark.parametrize(("facts", "expected"), MEMBERSHIPS.values(), ids=MEMBERSHIPS.keys())
def test_who_is_a_member_or_contributed(store: SqlStore, facts: list, expected: bool | None) -> None:
    """True: a member; False: contributed without being one; None: not counted at all."""
    record(store, facts)
    found = counted(store, Scope(None, T + 1000, ("C1",))).get("U1")
    assert (None if found is None else found.is_member) == expected


def test_membership_does_not_depend_on_the_beginning_of_the_period(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T, "U1")])
    assert counted(store, Scope(T + 5, T + 10))["U1"].is_member


def test_people_joined_when_they_first_joined_else_when_they_first_wrote(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T + 5, "U1"), MessageSeen("C1", T + 3, "U1"), MessageSeen("C1", T, "U2")])
    record(store, [MembershipSeen("C1", "U2", True, T + 8), ReactionSeen("C1", T, "U3", "eyes")])
    joined = {user: found.joined_us for user, found in counted(store).items()}
    assert joined == {"U1": T + 3, "U2": T + 8, "U3": None}
    assert list(counted(store, user="U2")) == ["U2"]


@pytest.mark.parametrize(
    ("until", "joined", "is_member"),
    [(T + 1, T, True), (T + 8, T, True), (T + 9, T + 8, True)],
)
def test_a_joining_after_the_period_takes_nothing_from_whoever_wrote_within_it(
    store: SqlStore, until: int, joined: int, is_member: bool
) -> None:
    record(store, [MessageSeen("C1", T, "U1"), MembershipSeen("C1", "U1", True, T + 8)])
    found = counted(store, Scope(None, until))["U1"]
    assert (found.joined_us, found.is_member) == (joined, is_member)


def test_answering_the_onboarding_is_dated_by_the_first_time(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T, "U1")])
    with store._engine.begin() as connection:
        key = connection.execute(select(tables.User.id).where(tables.User.slack_id == "U1")).scalar_one()
        journeys = [
            {"team_id": 1, "community": name, "user_id": key, "state": "answered", "started_us": T, "answered_us": at}
            for name, at in (("a", T + 9), ("b", T + 4), ("c", None))
        ]
        connection.execute(insert(tables.Journey.__table__), journeys)
    assert counted(store)["U1"].answered_onboarding_us == T + 4


def test_channels_are_listed_by_name(store: SqlStore) -> None:
    record(store, [ChannelSeen("C1", "zoo"), ChannelSeen("C2", "data"), MessageSeen("C3", T, "U1")])
    with store.read() as tx:
        assert set(tx.figures.channels()) == {("C3", None), ("C2", "data"), ("C1", "zoo")}
