"""The moderators' queue and whom they had asked, in a real SQLite database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import databases
import pytest
from sqlalchemy import Connection, event, insert

from copbot.adapters.store import tables
from copbot.adapters.store.asking import SqlAsking
from copbot.adapters.store.cards import SqlCards
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.facts import SqlFacts
from copbot.adapters.store.queue import SqlQueue
from copbot.core.facts import MessageSeen, UserSeen
from copbot.core.ports.asking import Answerer, AskedPerson
from copbot.core.records import Card


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
        yield connection
    engine.dispose()


def opened(connection: Connection, ts_us: int, team: int = 1, is_first: bool = False, **more: object) -> Card:
    cards = SqlCards(connection, team)
    place = {"community": "data", "channel": "C1"} | {
        key: more.pop(key) for key in ("community", "channel") if key in more
    }
    card = cards.open(
        **place, ts_us=ts_us, author="U1", origin="member", why="", now_us=500, shown_in="x", is_first=is_first
    )  # type: ignore[arg-type]
    assert card is not None
    card = replace(card, **more)  # type: ignore[arg-type]
    cards.save(card)
    return card


def line(connection: Connection, passed: int = 0, most: int = 9, **of: str) -> tuple[list[int], int]:
    queued, total = SqlQueue(connection, 1).part("data", 1000, passed, most, **of)  # type: ignore[arg-type]
    return [one.ts_us for one in queued], total


def test_first_messages_come_first_then_the_oldest_and_what_rests_last(connection: Connection) -> None:
    opened(connection, 10, snoozed_until_us=1001)
    opened(connection, 20, snoozed_until_us=1000)  # it has rested
    opened(connection, 30)
    opened(connection, 40, is_first=True)
    opened(connection, 50, state="answered")
    opened(connection, 60, community="maps")
    opened(connection, 70, team=2)
    assert line(connection) == ([40, 20, 30, 10], 4)
    assert line(connection, passed=1, most=2) == ([20, 30], 4)
    assert line(connection, passed=4) == ([], 4)


def test_of_one_channel_and_of_one_moderator(connection: Connection) -> None:
    opened(connection, 10, claimed_by="UMOD", claimed_us=1)
    opened(connection, 20, duty="UMOD")
    opened(connection, 30, duty="UMOD", claimed_by="UJESS", claimed_us=1)
    opened(connection, 40, channel="C2")
    assert line(connection, mine="UMOD") == ([10, 20], 2)
    assert line(connection, mine="UJESS") == ([30], 1)
    assert line(connection, channel="C2") == ([40], 1)
    assert line(connection, channel="C2", mine="UMOD") == ([], 0)
    assert SqlQueue(connection, 1).channels("data") == {"C1", "C2"}


def test_cards_by_number_are_those_of_this_workspace(connection: Connection) -> None:
    card, other = opened(connection, 10), opened(connection, 10, team=2)
    assert SqlQueue(connection, 1).cards([card.id, other.id, 99]) == {card.id: card}


@pytest.mark.sqlite("its query plan is read")
def test_a_page_reads_the_index_of_open_cards_and_scans_no_table(connection: Connection) -> None:
    said: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    SqlQueue(connection, 1).part("data", 1000, 0, 5)
    SqlQueue(connection, 1).cards([1, 2])
    event.remove(connection, "before_cursor_execute", note)
    for statement, parameters in said:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()  # type: ignore[arg-type]
        assert not [step for *_, step in plan if step.startswith("SCAN")], statement
    assert len(said) == 3


def test_somebody_is_asked_once_about_a_card_and_replies_once(connection: Connection) -> None:
    asking, card, other = SqlAsking(connection, 1), opened(connection, 10), opened(connection, 20)
    first = AskedPerson(card.id, "UBEN", "UMOD", 600, 700)
    assert asking.ask(first)
    assert not asking.ask(replace(first, by="UJESS", asked_us=650))
    assert asking.ask(AskedPerson(card.id, "UANA", "UMOD", 650, 650))
    assert asking.of([card.id, other.id]) == {card.id: [first, AskedPerson(card.id, "UANA", "UMOD", 650, 650)]}
    assert asking.reply(card.id, "UBEN", "not_me", 800)
    assert not asking.reply(card.id, "UBEN", "will_answer", 900)
    assert asking.get(card.id, "UBEN") == replace(first, state="not_me", replied_us=800)
    asking.forget(card.id, "UANA")
    assert asking.get(card.id, "UANA") is None
    assert SqlAsking(connection, 2).get(card.id, "UBEN") is None


def test_who_answered_counts_threads_of_others_since_then(connection: Connection) -> None:
    def said(ts_us: int, user: str, thread_us: int | None = None, channel: str = "C1") -> MessageSeen:
        return MessageSeen(channel, ts_us, user, thread_us)

    SqlFacts(connection, 1, lambda _channel: "none").record(
        [
            said(10, "U1"),
            *(said(20, "U1"), said(21, "UANA", 20), said(22, "UANA", 20), said(23, "UBEN", 20)),
            *(said(30, "UBEN"), said(31, "UANA", 30), said(32, "UBEN", 30), said(33, "UBOT", 30)),
            *(said(11, "UBEN", 10), said(12, "UCLEO", 10)),  # in a thread of before
            *(said(40, "U1", channel="C2"), said(41, "UBEN", 40, "C2")),
            UserSeen("UBOT", is_bot=True),
        ]
    )
    asking = SqlAsking(connection, 1)
    assert asking.answerers("C1", 20, [], 9) == [Answerer("UANA", 2, 31), Answerer("UBEN", 1, 23)]
    assert asking.answerers("C1", 20, ["UANA"], 9) == [Answerer("UBEN", 1, 23)]
    assert asking.answerers("C1", 0, ["UANA"], 1) == [Answerer("UBEN", 2, 23)]
