"""What the features read from the facts."""

from collections.abc import Iterator

import pytest
from histories import close, content, memory_store, record

from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import MessageGone, MessageSeen, ReactionSeen, UserSeen
from copbot.core.records import Root

T = 1_700_000_000_000_000


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    record(
        store,
        [
            UserSeen("UBOT", is_bot=True, updated_us=1),
            MessageSeen("C1", T, "U1", text="does anyone know?"),
            MessageSeen("C1", T + 1, "U2", text="a statement."),
            MessageSeen("C1", T + 2, "U1", text="and why?"),
            MessageSeen("C1", T + 3, "U1", thread_us=T, text="myself"),
            MessageSeen("C1", T + 4, "UBOT", thread_us=T, text="a bot"),
            MessageSeen("C1", T + 5, "UBOT", text="a bot asks?"),
            MessageSeen("C2", T + 6, "U3", text="elsewhere?"),
        ],
    )
    yield store
    close(store)


def test_a_question_waits_until_another_person_answers(store: SqlStore) -> None:
    with store.read() as tx:
        waiting = tx.facts.open_roots(["C1"], 0, T + 100)
    assert waiting == [
        Root("C1", T, "U1", "it ends with a question mark; it says “does anyone”", "does anyone know?"),
        Root("C1", T + 2, "U1", "it ends with a question mark", "and why?"),
    ]
    record(store, [MessageSeen("C1", T + 10, "U2", thread_us=T), MessageSeen("C1", T + 9, "U3", thread_us=T)])
    with store.read() as tx:
        assert [root.ts_us for root in tx.facts.open_roots(["C1"], 0, T + 100)] == [T + 2]
        answered = tx.facts.root("C1", T)
    assert answered is not None
    assert (answered.answer_user, answered.answer_us) == ("U3", T + 9)
    record(store, [MessageGone("C1", T + 9), MessageGone("C1", T + 10)])
    with store.read() as tx:
        assert len(tx.facts.open_roots(["C1"], 0, T + 100)) == 2


@pytest.mark.parametrize(("since", "until", "found"), [(T, T + 2, [T]), (T + 1, T + 3, [T + 2]), (T + 3, T + 9, [])])
def test_waiting_questions_are_asked_for_by_time(store: SqlStore, since: int, until: int, found: list[int]) -> None:
    with store.read() as tx:
        assert [root.ts_us for root in tx.facts.open_roots(["C1"], since, until)] == found


def test_a_root_is_found_whether_it_asks_or_not_and_a_reply_is_none(store: SqlStore) -> None:
    with store.read() as tx:
        assert tx.facts.root("C1", T + 1) == Root("C1", T + 1, "U2", "", None, asks=False)
        assert tx.facts.root("C1", T + 3) is None
        assert tx.facts.root("C1", T + 77) is None
        assert tx.facts.root("C1", T + 5) is None  # a bot's


def test_the_first_reply_leaves_out_those_named_and_bots(store: SqlStore) -> None:
    with store.read() as tx:
        assert tx.facts.first_reply("C1", T, ()) == ("U1", T + 3)
        assert tx.facts.first_reply("C1", T, ("U1",)) is None


def test_people_have_posted_where_and_since_when_a_message_of_theirs_stands(store: SqlStore) -> None:
    with store.read() as tx:
        facts = tx.facts
        assert facts.has_posted("U2", ["C1"], T + 1)
        assert not facts.has_posted("U2", ["C1"], T + 2)
        assert not facts.has_posted("U2", ["C2"])
        assert not facts.has_posted("UNOBODY", ["C1"])
        assert facts.last_message_us("C1") == T + 3
        assert facts.last_message_us("C9") is None
        assert list(facts.hours_of("C1", T + 1, T + 3)) == [(T + 1, "U2"), (T + 2, "U1")]


def test_a_moderators_word_holds_against_the_rule_and_later_reports(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.facts.set_asks("C1", T, False, "not a question")
        tx.facts.set_asks("C1", T + 1, True, "a moderator said so")
        tx.facts.set_asks("C1", T + 3, True, "a reply is no root")
    record(
        store,
        [
            MessageSeen("C1", T, "U1", text="does anyone really know?", edited_us=T + 50),
            MessageSeen("C1", T + 1, "U2", text="a statement!", edited_us=T + 50),
        ],
    )
    with store.read() as tx:
        waiting = {root.ts_us: (root.why, root.text) for root in tx.facts.open_roots(["C1"], 0, T + 100)}
    assert waiting == {
        T + 1: ("a moderator said so", "a statement!"),
        T + 2: ("it ends with a question mark", "and why?"),
    }
    assert [row[-1] for row in content(store)["messages"] if row[1] == T] == [None]


def test_a_person_is_as_described_and_nobody_else_is_known(store: SqlStore) -> None:
    record(store, [UserSeen("U1", name="Ann", timezone="Asia/Tokyo", is_guest=True, updated_us=9)])
    record(store, [ReactionSeen("C1", T, "U9", "eyes", event_us=T + 8)])
    with store.read() as tx:
        ann, reactor = tx.facts.person("U1"), tx.facts.person("U9")
        assert tx.facts.person("UNOBODY") is None
    assert ann is not None
    assert (ann.name, ann.timezone, ann.is_guest, ann.known_since_us) == ("Ann", "Asia/Tokyo", True, T)
    assert reactor is not None
    assert reactor.known_since_us == T + 8
