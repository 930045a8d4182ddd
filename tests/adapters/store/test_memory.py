"""The memory of answered threads: what it finds, what it never shows, and that it stays in step with the messages."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import databases
import pytest
from alembic import command
from histories import close, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from copbot.adapters.store import words_index
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.memory import POOL
from copbot.adapters.store.schema import alembic_config, migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.core.facts import ChannelSeen, Fact, MembershipSeen, MessageGone, MessageSeen, UserSeen
from copbot.core.time import DAY_US

T = 1_700_000_000_000_000
HOW = "How do I link two registers without an identifier?"


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    record(store, [ChannelSeen("CDATA", name="data", is_private=False, updated_us=1), UserSeen("UANA", name="Ana")])
    yield store
    close(store)


def thread(
    text: str = HOW, at_us: int = T, by: str = "UANA", answers: str = "UBEN", channel: str = "CDATA"
) -> list[Fact]:
    """A root by one person, answered by each of ``answers`` (words) in turn."""
    replies = [
        MessageSeen(channel, at_us + n, who, thread_us=at_us, text=f"answer {n}")
        for n, who in enumerate(answers.split(), 1)
    ]
    return [MessageSeen(channel, at_us, by, text=text), *replies]


def found(
    store: SqlStore, words: str, channels: tuple[str, ...] = ("CDATA",), limit: int = 10, offset: int = 0
) -> list[int]:
    """When the found threads began, from T."""
    with store.read() as tx:
        return [one.ts_us - T for one in tx.memory.find(words, channels, limit, offset)]


# --- what is found ----------------------------------------------------------------------------------------------------


def test_a_found_thread_says_what_was_asked_by_whom_and_who_answered_when(store: SqlStore) -> None:
    record(store, thread(answers="UBEN UCLEO UBEN"))
    with store.read() as tx:
        [one] = tx.memory.find("registers", ["CDATA"], 5)
    assert (one.channel, one.ts_us, one.author, one.text) == ("CDATA", T, "UANA", HOW)
    assert one.answerers == ("UBEN", "UCLEO")
    assert one.answered_us == T + 1


def test_other_forms_beginnings_and_some_of_the_words_are_enough(store: SqlStore) -> None:
    record(store, thread())
    for words in ("register", "LINKED", "identifiers", "regist", "link registers", "link something else"):
        assert found(store, words) == [0], words


def test_all_scripts_are_found(store: SqlStore) -> None:
    asked = {
        "統計局のデータはどこで手に入りますか？": ("統計", "データ", "局", "ﾃﾞｰﾀ"),
        "ข้อมูลประชากรอยู่ที่ไหน?": ("ประชากร",),
        "인구 자료를 어디서 찾나요?": ("자료",),
        "Où trouver les données?": ("donnee", "DONNÉES"),
        "Где найти данные?": ("данные",),
        "我们在哪里可以找到数据？": ("数据",),
    }
    for n, text in enumerate(asked):
        record(store, thread(text, T + 100 * n))
    for n, typed in enumerate(asked.values()):
        for words in typed:
            assert found(store, words) == [100 * n], words
    assert found(store, "計統") == [], "characters in another order are other words"


def test_nothing_that_people_type_is_taken_for_syntax(store: SqlStore) -> None:
    record(store, thread())
    for typed in (
        *('"', "'", "link AND", "NEAR(link, 2)", "-link", "link:", "words : link", "^link*", "(((", "%", "\\", "\0"),
        *("{a}", "link\n*", "🙂", "''; --"),
    ):
        assert found(store, typed) in ([], [0]), typed


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_no_search_fails(typed: str) -> None:
    with searched().read() as tx:
        tx.memory.find(typed, ["CDATA"], 5)
        tx.memory.alike(typed, ["CDATA"], T * 2, 3)


@cache
def searched() -> SqlStore:
    """One store for all examples: nothing is written to it."""
    store = memory_store("all")
    record(store, thread())
    return store


def test_only_threads_with_an_answer_by_another_person_are_found(store: SqlStore) -> None:
    record(store, [UserSeen("UBOT", is_bot=True)])
    record(
        store,
        [*thread(at_us=T, answers=""), *thread(at_us=T + 10, answers="UANA"), *thread(at_us=T + 20, answers="UBOT")],
    )
    assert found(store, "registers") == []
    record(store, [MessageSeen("CDATA", T + 5, "UBEN", thread_us=T, text="so")])
    assert found(store, "registers") == [0]


def test_the_best_comes_first(store: SqlStore) -> None:
    store.keep_text_in = lambda _channel: "all"
    record(store, thread("What is a register of registers?", T))
    record(store, thread("A register among very many other things that are told at length here, is it one?", T + 10))
    record(store, thread("Something else entirely?", T + 20))
    record(
        store,
        [MessageSeen("CDATA", T + 25, "UCLEO", thread_us=T + 20, text="A register of registers, as in the handbook")],
    )
    assert found(store, "register")[0] == 0
    assert set(found(store, "register")) == {0, 10, 20}, "an answer's words find its thread"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"at_us": T}, {"at_us": T + 3 * 365 * DAY_US}, id="the younger"),
        pytest.param(
            {"answers": "UBEN"}, {"at_us": T + 10, "answers": "UBEN UCLEO UDAN"}, id="the one that more people answered"
        ),
    ],
)
def test_of_two_that_say_the_same(store: SqlStore, first: dict[str, object], second: dict[str, object]) -> None:
    record(store, thread(**first))  # type: ignore[arg-type]
    record(store, thread(**second))  # type: ignore[arg-type]
    assert found(store, "registers")[0] == second["at_us"] - T  # type: ignore[operator]


def test_pages_follow_each_other_without_gap_or_repetition_up_to_the_end(store: SqlStore) -> None:
    for n in range(POOL + 5):
        record(store, thread(f"Where is the register number {n}?", T + 100 * n))
    pages = [found(store, "register", limit=7, offset=start) for start in range(0, POOL + 14, 7)]
    together = [one for page in pages for one in page]
    assert len(together) == len(set(together)) == POOL
    assert pages[-1] == []


# --- what is never shown ----------------------------------------------------------------------------------------------


def test_a_search_stays_in_the_channels_it_was_given(store: SqlStore) -> None:
    record(store, [*thread(), *thread(at_us=T + 100, channel="COTHER")])
    assert found(store, "registers") == [0]
    assert found(store, "registers", ("COTHER",)) == [100]
    assert found(store, "registers", ()) == []


def test_two_channels_whose_keys_share_their_last_digits_are_told_apart(store: SqlStore) -> None:
    with store.begin() as tx:
        tx._connection.execute(
            sql(
                "INSERT INTO channel (id, team_id, slack_id, is_private, is_archived, told_us) VALUES (4097, 1, 'CFAR', false, false, '{}')"
            )
        )
    record(store, thread(at_us=T + 50, channel="CFAR"))
    assert found(store, "registers", ("CFAR",)) == [50]
    assert found(store, "registers", ("CDATA",)) == []


@pytest.mark.parametrize(
    ("person", "is_private", "is_in", "sees"),
    [
        pytest.param({"name": "Ana"}, False, False, True, id="a public channel"),
        pytest.param({"name": "Ana"}, True, False, False, id="a private one from outside"),
        pytest.param({"name": "Ana"}, True, True, True, id="a private one from within"),
        pytest.param({"name": "Ana"}, None, False, False, id="one of which nothing is known"),
        pytest.param({"name": "Gus", "is_guest": True}, False, False, False, id="a guest from outside"),
        pytest.param({"name": "Gus", "is_guest": True}, False, True, True, id="a guest from within"),
        pytest.param({"name": "Pat", "is_external": True}, False, False, False, id="a partner from outside"),
        pytest.param({}, False, False, False, id="somebody not looked up yet"),
    ],
)
def test_who_may_read_a_channel(
    store: SqlStore, person: dict[str, object], is_private: bool | None, is_in: bool, sees: bool
) -> None:
    record(
        store,
        [ChannelSeen("CX", name="x", is_private=is_private, updated_us=5), UserSeen("UX", updated_us=5, **person)],
    )  # type: ignore[arg-type]
    if is_in:
        record(store, [MembershipSeen("CX", "UX", True, T)])
    with store.read() as tx:
        assert tx.memory.visible("UX", ["CX", "CNONE"]) == ({"CX"} if sees else set())
        assert tx.memory.visible("UNOBODY", ["CX"]) == frozenset()


def test_an_archived_channel_is_read_like_any_other(store: SqlStore) -> None:
    record(store, [ChannelSeen("CDATA", is_archived=True, updated_us=9), *thread()])
    with store.read() as tx:
        assert tx.memory.visible("UANA", ["CDATA"]) == {"CDATA"}
    assert found(store, "registers") == [0]


# --- in step with the messages ----------------------------------------------------------------------------------------


def test_an_edit_changes_what_is_found_and_a_deletion_ends_it(store: SqlStore) -> None:
    record(store, thread())
    record(store, [MessageSeen("CDATA", T, "UANA", text="How do I open the vault?", edited_us=T + 5)])
    assert (found(store, "registers"), found(store, "vault")) == ([], [0])
    record(store, [MessageGone("CDATA", T)])
    assert found(store, "vault") == []
    record(store, thread())
    assert found(store, "registers") == [], "deletion holds"


def test_an_answer_that_is_deleted_takes_its_thread_away(store: SqlStore) -> None:
    record(store, thread())
    record(store, [MessageGone("CDATA", T + 1)])
    assert found(store, "registers") == []


def test_what_a_moderator_calls_no_question_is_forgotten_where_only_questions_are_kept(store: SqlStore) -> None:
    record(store, thread())
    with store.begin() as tx:
        tx.facts.set_asks("CDATA", T, False, "said so")
    assert found(store, "registers") == []


@pytest.mark.parametrize(
    ("keep", "questions", "others"), [("all", [0], [100]), ("questions", [0], []), ("none", [], [])]
)
def test_where_less_may_be_kept_the_rest_is_hidden_at_once_and_then_forgotten(
    store: SqlStore, keep: str, questions: list[int], others: list[int]
) -> None:
    store.keep_text_in = lambda _channel: "all"
    record(store, [*thread(), *thread("The vault is open.", T + 100)])
    with store.begin() as tx:
        assert not tx.memory.forget_beyond("CDATA", 10)
    store.keep_text_in = lambda _channel: keep  # type: ignore[assignment,return-value]
    assert (found(store, "registers"), found(store, "vault")) == (questions, others)
    with store.begin() as tx:
        assert tx.memory.to_look_over(["CDATA", "CNONE"]) == ({"CDATA"} if keep != "all" else set())
        while tx.memory.forget_beyond("CDATA", 1):
            pass
        assert tx.memory.to_look_over(["CDATA"]) == frozenset()
    kept = {"all": 4, "questions": 1, "none": 0}[keep]
    assert texts(store) == kept
    store.keep_text_in = lambda _channel: "all"
    assert (found(store, "registers"), found(store, "vault")) == (questions, others), (
        "what was forgotten does not come back"
    )


def reasons(store: SqlStore) -> set[str]:
    with store.read() as tx:
        rows = tx._connection.execute(sql("SELECT asks_why FROM message WHERE asks_why <> ''"))
        return set(rows.scalars())


def test_where_nothing_may_be_kept_no_reason_quotes_what_was_written(store: SqlStore) -> None:
    record(store, thread("Could somebody tell me about the xylophone", answers=""))
    assert any("somebody" in why for why in reasons(store))

    # When no text may be kept any more, and something is written after that
    store.keep_text_in = lambda _channel: "none"
    with store.begin() as tx:
        while tx.memory.forget_beyond("CDATA", 1):
            pass
    record(store, thread("Could somebody tell me about the xylophone", T + 100, answers=""))

    # Then neither what was there nor what is new quotes a word
    assert reasons(store) == {"it asks in words"}


def texts(store: SqlStore) -> int:
    with store.read() as tx:
        return int(tx._connection.execute(sql("SELECT count(*) FROM message WHERE text IS NOT NULL")).scalar_one())


def test_a_search_in_the_same_transaction_sees_what_was_just_written(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.facts.record(thread())
        assert len(tx.memory.find("registers", ["CDATA"], 5)) == 1


def test_what_was_rolled_back_is_not_found(store: SqlStore) -> None:
    def record_and_fail() -> None:
        with store.begin() as tx:
            tx.facts.record(thread())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()
    assert found(store, "registers") == []


WORDS = st.sampled_from(["link the registers?", "open the vault?", "統計のデータ?", "a statement", ""])
REPORTS = st.lists(
    st.one_of(
        st.builds(
            lambda at, text, edited, reply: MessageSeen("CDATA", T + at, "UANA", T if reply else None, text, edited),
            st.integers(0, 4),
            WORDS,
            st.integers(0, 3),
            st.booleans(),
        ),
        st.builds(lambda at: MessageGone("CDATA", T + at), st.integers(0, 4)),
    ),
    max_size=12,
)


@settings(max_examples=20)
@given(st.lists(REPORTS, max_size=4), st.sampled_from(["questions", "all"]))
def test_the_index_is_what_it_would_be_if_it_were_made_anew(batches: list[list[Fact]], keep: str) -> None:
    store = memory_store(keep)
    for batch in batches:
        record(store, batch)
    with store.begin() as tx:
        before = _indexed(tx)
        after = tx.memory.rebuild()
        while after is not None:
            after = tx.memory.rebuild(after)
        assert _indexed(tx) == before
    close(store)


def test_while_the_index_is_made_anew_what_is_written_is_indexed_once(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_index, "REBUILT_AT_ONCE", 1)
    record(store, [*thread(), *thread("Where is the vault?", T + 100)])
    with store.begin() as tx:
        after = tx.memory.rebuild()
        assert after is not None
    record(store, [MessageSeen("CDATA", T + 100, "UANA", text="Where is the cellar?", edited_us=T + 500)])
    while after is not None:
        with store.begin() as tx:
            after = tx.memory.rebuild(after)
    record(store, [MessageGone("CDATA", T)])
    assert (found(store, "registers"), found(store, "vault"), found(store, "cellar")) == ([], [], [100])


def _indexed(tx: object) -> dict[str, list[Any]]:
    """Which rows the index holds for each of the words, and that the index finds itself in order."""
    connection = tx._connection  # type: ignore[attr-defined]
    if connection.dialect.name == "postgresql":
        rows = sql(f"SELECT * FROM {words_index.NAME} WHERE words @@ CAST(:word AS tsquery) ORDER BY channel_id, ts_us")
        return {word: list(connection.execute(rows, {"word": f"'{word}'"}).all()) for word in WORDS_LOOKED_FOR}
    connection.execute(sql(f"INSERT INTO {words_index.NAME}({words_index.NAME}) VALUES ('integrity-check')"))
    query = sql(f"SELECT rowid FROM {words_index.NAME} WHERE {words_index.NAME} MATCH :word ORDER BY rowid")
    return {word: list(connection.execute(query, {"word": f'"{word}"'}).scalars()) for word in WORDS_LOOKED_FOR}


WORDS_LOOKED_FOR = ("link", "vault", "統計", "statement", "the")


def test_a_database_of_before_is_indexed_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "a.db"))
    migrate(engine)
    store = SqlStore(engine, the_team(engine))
    record(store, thread())
    with engine.begin() as connection:  # as version 0003 left it
        command.downgrade(alembic_config(connection), "0003")
    migrate(engine)
    assert found(store, "registers") == [0]
    engine.dispose()


# --- alike ------------------------------------------------------------------------------------------------------------


def test_who_answered_a_question_that_was_worded_alike(store: SqlStore) -> None:
    record(store, thread(answers="UBEN UCLEO"))
    record(store, thread("Who brings the cake on Friday?", T + 100, answers="UDAN"))
    with store.read() as tx:
        [alike] = tx.memory.alike("Linking registers: which identifiers do you use?", ["CDATA"], T + 500, 3)
        assert (alike.ts_us, alike.author, alike.answerers) == (T, "UANA", ("UBEN", "UCLEO"))
        assert tx.memory.alike(HOW, ["CDATA"], T, 3) == [], "only what was asked before"
        assert tx.memory.alike("and then?", ["CDATA"], T + 500, 3) == []
