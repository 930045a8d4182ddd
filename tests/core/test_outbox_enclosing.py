"""Messages that enclose files: made and uploaded before they are claimed, shared once, found again by their file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import databases
import pytest
from fakes import FakeClock, SlackThatKeepsItsTruth
from histories import close, empty_store

from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import SETTLE_AFTER_S, Enclosed, Outgoing, State
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.outbox import Sender

FILES = (("F1", "data-2026-10.html"),)


class Table:
    """A sender, and what becomes of one message to Jess that encloses a report."""

    def __init__(self, folder: Path) -> None:
        self.store: SqlStore = empty_store(databases.address(folder / "t.db"))
        self.slack, self.clock = SlackThatKeepsItsTruth(), FakeClock()
        with self.store.begin() as tx:
            tx.deliveries.plan(Outgoing("r", "report", "UJESS", "It could not be made.", 0, encloses="data-2026-10"))

    def sender(
        self, enclose: Callable[[Outgoing], Enclosed] = lambda _outgoing: Enclosed("The month.", FILES)
    ) -> Sender:
        return Sender(self.store, self.slack, self.clock, "one", enclose=enclose)

    @property
    def state(self) -> State:
        with self.store.read() as tx:
            delivery = tx.deliveries.get("r")
        assert delivery is not None
        return delivery.state


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    table = Table(tmp_path)
    yield table
    close(table.store)


def failing(error: Exception) -> Callable[[Outgoing], Enclosed]:
    def enclose(_outgoing: Outgoing) -> Enclosed:
        raise error

    return enclose


def test_it_is_shared_once_in_the_direct_messages(table: Table) -> None:
    sender = table.sender()
    assert sender.deliver_one()
    table.clock.tick(60)
    assert not sender.deliver_one()
    assert table.slack.shared == [("DUJESS", "The month.", FILES)]
    assert (table.slack.keys, table.state) == ([], "sent")


def test_without_files_it_is_an_ordinary_message(table: Table) -> None:
    table.sender(lambda _outgoing: Enclosed("No files today.")).deliver_one()
    assert table.slack.held == [("DUJESS", "r", "No files today.")]


def test_while_slack_cannot_be_reached_it_is_not_even_claimed_and_comes_later(table: Table) -> None:
    table.sender(failing(SlackUnavailable("HTTP 503"))).deliver_one()
    assert table.state == "due"
    table.sender().deliver_one()
    assert table.state == "sent"


@pytest.mark.parametrize(("is_stored", "shared"), [(True, 1), (False, 2)], ids=["it had come", "it had not"])
def test_when_the_answer_is_lost_it_is_looked_up_by_its_file(table: Table, is_stored: bool, shared: int) -> None:
    tried: list[str] = []

    def enclose(_outgoing: Outgoing) -> Enclosed:
        tried.append("made")
        return Enclosed("The month.", FILES)

    table.slack.outcomes = [SlackUnavailable("HTTP 500")]
    table.slack.stored_although_failed = is_stored
    sender = table.sender(enclose)
    sender.deliver_one()
    assert table.state == "sending"
    sender.deliver_one()
    table.clock.tick(SETTLE_AFTER_S + 1)
    for _ in range(5):
        sender.deliver_one()
        table.clock.tick(60)
    assert table.state == "sent"
    assert len(tried) == shared
    assert len(table.slack.shared) == 1


def test_where_no_direct_message_can_be_opened_it_is_refused_and_told(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise SlackRefused("user_not_found")

    monkeypatch.setattr(table.slack, "open_dm", refuse)
    table.sender().deliver_one()
    assert table.state == "failed"


def test_an_installation_that_is_gone_ends_it(table: Table) -> None:
    with pytest.raises(SlackGone):
        table.sender(failing(SlackGone("token_revoked"))).deliver_one()
    assert table.state == "due"
