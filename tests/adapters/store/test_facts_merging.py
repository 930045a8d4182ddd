"""Whatever the order in which facts arrive, and however often, the store they leave is the same."""

from collections.abc import Iterator
from itertools import permutations

import pytest
from histories import close, content, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import (
    ChannelSeen,
    Fact,
    MembershipSeen,
    MembersListed,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)

T = 1_700_000_000_000_000

ROOT = MessageSeen("C1", T, "U1", text="does anyone know?")
EDITED = MessageSeen("C1", T, "U1", text="does anyone here know?", edited_us=T + 5)
REPLY = MessageSeen("C1", T + 9, "U2", thread_us=T, text="yes")
GONE = MessageGone("C1", T)
REACTED = ReactionSeen("C1", T, "U3", "eyes", "U1", event_us=T + 20)
UNREACTED = ReactionSeen("C1", T, "U3", "eyes", "U1", present=False, event_us=T + 30)
REACTED_IN_HISTORY = ReactionSeen("C1", T, "U3", "eyes", "U1")
JOINED = MembershipSeen("C1", "U2", True, T + 1)
LEFT = MembershipSeen("C1", "U2", False, T + 2)

CASES: dict[str, list[Fact]] = {
    "a reply before its root": [ROOT, REPLY],
    "an edit before the message": [ROOT, EDITED, REPLY],
    "a deletion before the message": [ROOT, EDITED, GONE, REPLY],
    "a reaction before its message, then the message is deleted": [ROOT, REACTED, GONE],
    "a reaction added and removed, and found in history": [ROOT, REACTED, UNREACTED, REACTED_IN_HISTORY],
    "a reaction whose message's author history does not tell": [REACTED, ReactionSeen("C1", T, "U3", "eyes")],
    "a reaction taken off, as told without the message's author": [
        REACTED,
        ReactionSeen("C1", T, "U3", "eyes", present=False, event_us=T + 30),
    ],
    "joining, leaving and being listed": [
        JOINED,
        LEFT,
        MembersListed("C1", ("U1", "U3"), T + 2),
        WorkspaceJoined("U2", T),
    ],
    "two lists of members": [MembersListed("C1", ("U1",), T), MembersListed("C1", ("U2",), T + 9), JOINED],
    "partial descriptions of a person": [
        UserSeen("U1", name="Ann", updated_us=1),
        UserSeen("U1", name="Anna", is_guest=True, updated_us=2),
        UserSeen("U1", timezone="Asia/Tokyo", updated_us=3),
        UserSeen("U1", name="A", known_since_us=T - 9, updated_us=2),
    ],
    "a channel renamed and archived": [
        ChannelSeen("C1", "data", is_private=False),
        ChannelSeen("C1", "data-integration", updated_us=5),
        ChannelSeen("C1", "old", is_archived=True, updated_us=4),
    ],
    "the same edit in Slack's two spellings": [
        MessageSeen("C1", T, "U1", text="<@U2> can you help?"),
        MessageSeen("C1", T, "U1", text="<@U2|ann> can you help?"),
    ],
}


def left_by(batches: list[list[Fact]], keep: str = "questions") -> dict[str, list[tuple[object, ...]]]:
    store = memory_store(keep)
    try:
        for batch in batches:
            record(store, batch)
        return content(store)
    finally:
        close(store)


@pytest.mark.parametrize("keep", ["none", "questions", "all"])
@pytest.mark.parametrize("facts", CASES.values(), ids=CASES.keys())
def test_any_order_leaves_the_same_store(facts: list[Fact], keep: str) -> None:
    expected = left_by([facts], keep)
    for order in permutations(facts):
        assert left_by([[fact] for fact in order], keep) == expected


_facts = st.sampled_from([fact for case in CASES.values() for fact in case])


@settings(max_examples=25)
@given(st.data(), st.lists(_facts, min_size=1, max_size=14))
def test_any_order_repetition_and_batching_leaves_the_same_store(data: st.DataObject, facts: list[Fact]) -> None:
    expected = left_by([facts])
    again = data.draw(st.permutations([*facts, *data.draw(st.lists(st.sampled_from(facts), max_size=5))]))
    cut = data.draw(st.integers(0, len(again)))
    assert left_by([again[:cut], again[cut:]]) == expected


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


def messages(store: SqlStore) -> list[tuple[object, ...]]:
    return content(store)["messages"]


def test_the_later_edit_holds(store: SqlStore) -> None:
    record(store, [EDITED, ROOT])
    assert messages(store)[0][-1] == "does anyone here know?"


def test_a_deleted_message_keeps_its_place_and_nothing_else(store: SqlStore) -> None:
    record(store, [ROOT, REACTED])
    record(store, [GONE])
    record(store, [REACTED_IN_HISTORY, EDITED])
    assert messages(store) == [("C1", T, None, None, 0, True, None, "", 0, None)]
    assert content(store)["reactions"] == []


def test_history_never_brings_back_a_reaction_that_was_taken_off(store: SqlStore) -> None:
    record(store, [REACTED, UNREACTED])
    record(store, [REACTED_IN_HISTORY])
    assert [row[5] for row in content(store)["reactions"]] == [False]


@pytest.mark.parametrize(
    ("keep", "root", "statement", "reply"),
    [("none", None, None, None), ("questions", "why?", None, None), ("all", "why?", "so.", "because?")],
)
def test_text_is_kept_only_as_far_as_is_allowed(
    keep: str, root: str | None, statement: str | None, reply: str | None, request: pytest.FixtureRequest
) -> None:
    store = memory_store(keep)
    request.addfinalizer(lambda: close(store))
    record(
        store,
        [
            MessageSeen("C1", T, "U1", text="why?"),
            MessageSeen("C1", T + 1, "U1", text="so."),
            MessageSeen("C1", T + 2, "U2", thread_us=T, text="because?"),
        ],
    )
    assert [row[-1] for row in messages(store)] == [root, statement, reply]
    assert [row[6] for row in messages(store)] == [True, False, None]


def test_text_that_no_database_takes_is_mended(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T, "U1", text="why\x00 \ud83d?"), UserSeen("U1", name="A\ud83d", updated_us=1)])
    assert messages(store)[0][-1] == "why ??"
    assert content(store)["people"][0][1] == "A?"


def test_a_person_is_known_since_and_joined_at_the_earliest_sign(store: SqlStore) -> None:
    record(store, [MessageSeen("C1", T + 50, "U1"), MembershipSeen("C1", "U1", True, T + 40)])
    record(store, [WorkspaceJoined("U1", T + 30), MembershipSeen("C1", "U1", False, T + 20), ROOT])
    with store.read() as tx:
        person = tx.facts.person("U1")
    assert person is not None
    assert (person.known_since_us, person.joined_us) == (T, T + 30)


def test_recording_counts_the_messages_that_were_new(store: SqlStore) -> None:
    assert record(store, [ROOT, ROOT, REPLY, REACTED]) == 2
    assert record(store, [EDITED, REPLY]) == 0
    record(store, [MessageGone("C1", T + 77)])
    assert record(store, [MessageSeen("C1", T + 77, "U1")]) == 0


def test_a_batch_of_thousands_goes_in_at_once(store: SqlStore) -> None:
    many = [MessageSeen(f"C{n % 3}", T + n, f"U{n % 700}", text="hi") for n in range(3000)]
    assert record(store, many) == 3000
    assert record(store, many) == 0
