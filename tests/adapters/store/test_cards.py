"""Cards in a real SQLite database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import databases
import pytest
from alembic import command
from sqlalchemy import Connection, insert

from copbot.adapters.store import tables
from copbot.adapters.store.cards import SqlCards
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import alembic_config, migrate
from copbot.adapters.store.threads import SqlThreads
from copbot.core.ports.care import Carded


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(databases.address(tmp_path / "copbot.db"))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables.Team.__table__), [{"name": "one"}, {"name": "two"}])
        yield connection
    engine.dispose()


def opened(cards: SqlCards, ts_us: int = 100, community: str = "data", shown_in: str = "card:1"):
    return cards.open(community, "C1", ts_us, "U1", "member", "it ends with a question mark", 500, shown_in)


def test_a_thread_gets_one_card_in_whatever_state(connection: Connection) -> None:
    cards = SqlCards(connection, 1)
    card = opened(cards)
    assert card is not None
    assert opened(cards) is None
    cards.save(replace(card, state="dismissed", closed_us=600))
    assert opened(cards) is None
    assert cards.of_thread("data", "C1", 100) == replace(card, state="dismissed", closed_us=600)


def test_a_new_card_holds_what_it_was_opened_with(connection: Connection) -> None:
    card = opened(SqlCards(connection, 1))
    assert card is not None
    assert (card.community, card.channel, card.ts_us, card.author) == ("data", "C1", 100, "U1")
    assert (card.origin, card.state, card.why) == ("member", "open", "it ends with a question mark")
    assert (card.opened_us, card.shown_in, card.version, card.reminders, card.escalated) == (500, "card:1", 0, 0, False)
    assert card.claimed_by is None
    assert card.closed_us is None


def test_everything_about_a_card_can_be_saved(connection: Connection) -> None:
    cards = SqlCards(connection, 1)
    card = opened(cards)
    assert card is not None
    changed = replace(card, state="answered", version=3, claimed_by="U9", reminders=2, escalated=True, closed_us=900)
    changed = replace(changed, joined_us=(110, 120), snoozed_until_us=950, answered_by="U8", settled_how="next_message")
    cards.save(changed)
    assert cards.get(card.id) == changed


def test_cards_are_listed_by_state_and_by_message_oldest_question_first(connection: Connection) -> None:
    cards = SqlCards(connection, 1)
    late, early = opened(cards, 300), opened(cards, 200)
    other = opened(cards, 250, shown_in="card:2")
    assert late is not None
    assert early is not None
    assert other is not None
    cards.save(replace(other, state="withdrawn"))
    assert list(cards.of("data", "open")) == [early, late]
    assert [card.ts_us for card in cards.of("data", "withdrawn")] == [250]
    assert list(cards.in_message("data", "card:1")) == [early, late]
    assert list(cards.of("elsewhere", "open")) == []


def test_what_belongs_to_a_card_is_known_in_any_state_from_an_instant_on(connection: Connection) -> None:
    cards, threads = SqlCards(connection, 1), SqlThreads(connection, 1)
    opened(cards, 100)
    dismissed = opened(cards, 200)
    assert dismissed is not None
    cards.save(replace(dismissed, state="dismissed", closed_us=700, joined_us=(210, 220)))
    assert set(threads.carded("data", 100)) == {("C1", us) for us in (100, 200, 210, 220)}
    assert threads.carded("data", 101) == {("C1", us): Carded(dismissed.id, 700) for us in (200, 210, 220)}
    assert set(threads.carded("maps", 0)) == set()


def test_what_the_thread_closed_of_late_is_found_again_and_what_a_hand_closed_is_not(connection: Connection) -> None:
    cards = SqlCards(connection, 1)
    ends = [("answered", "reply", 900), ("withdrawn", "", 901), ("answered", "hand", 902), ("dismissed", "hand", 903)]
    ends += [("answered", "reply", 899), ("open", "", 904)]
    for number, (state, how, closed_us) in enumerate(ends):
        card = opened(cards, 100 + number)
        assert card is not None
        cards.save(replace(card, state=state, settled_how=how, closed_us=closed_us))  # type: ignore[arg-type]
    assert [card.ts_us for card in cards.closed_since("data", 900)] == [100, 101]
    assert [card.ts_us for card in cards.between("data", "C1", 101, 103)] == [101, 102, 103]
    assert list(cards.between("data", "C2", 101, 103)) == []


def test_another_workspace_sees_none_of_them(connection: Connection) -> None:
    card = opened(SqlCards(connection, 1))
    assert card is not None
    theirs = SqlCards(connection, 2)
    assert theirs.get(card.id) is None
    theirs.save(replace(card, state="dismissed"))
    assert SqlCards(connection, 1).get(card.id) == card
    assert opened(theirs) is not None


def test_the_cards_of_the_last_release_live_on(tmp_path: Path) -> None:
    engine = open_engine(databases.address(tmp_path / "old.db"))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0002")
        connection.exec_driver_sql("INSERT INTO team (name) VALUES ('one')")
        for state in ("open", "answered"):
            connection.exec_driver_sql(
                "INSERT INTO card (team_id, community, channel, ts_us, author, origin, state, why, shown_in, version, reminders,"
                f" escalated, opened_us, closed_us) VALUES (1, 'data', 'C1', {len(state)}, 'U1', 'member', '{state}', 'it asks',"
                " 'card:1', 2, 1, false, 500, 900)"
            )
    migrate(engine)
    with engine.begin() as connection:
        (card,) = SqlCards(connection, 1).of("data", "open")
        (closed,) = SqlCards(connection, 1).closed_since("data", 900)
    assert (card.ts_us, card.joined_us, card.version, card.reminders, card.settled_how) == (4, (), 2, 1, "")
    assert (card.snoozed_until_us, card.is_asked, card.was_freed, card.duty) == (None, False, False, None)
    assert (closed.state, closed.settled_how) == ("answered", "")
    engine.dispose()
