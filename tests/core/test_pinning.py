"""Pinning what was sent: once, also after a crash, never at the cost of a message, and told once where it is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import databases
import pytest
from fakes import FakeClock, SlackThatKeepsItsTruth

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import CHANNEL_SPACING_S, Delivery, Outgoing
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.outbox import Sender


@dataclass
class Board:
    store: SqlStore
    slack: SlackThatKeepsItsTruth = field(default_factory=SlackThatKeepsItsTruth)
    clock: FakeClock = field(default_factory=FakeClock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A process: what the one before knew in its memory is gone."""
        self.sender = Sender(self.store, self.slack, self.clock, "one", on_unpinned=self._note)

    def _note(self, _delivery: Delivery, words: str) -> None:
        self.told.append(words)

    def plan(self, key: str, name: str | None = "weekly") -> None:
        with self.store.begin() as tx:
            assert tx.deliveries.plan(Outgoing(key, "post", "C0000001", key, due_us=0, pinned_as=name))

    def run(self) -> None:
        for _ in range(10):
            while self.sender.deliver_one():
                pass
            self.clock.tick(CHANNEL_SPACING_S)

    @property
    def pinned(self) -> list[str]:
        """The keys of the messages that are pinned on Slack."""
        by_ts = {f"{number}.000000": key for number, key in enumerate(self.slack.keys, 1)}
        return [by_ts[ts] for ts in self.slack.pins]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    engine = open_engine(databases.address(tmp_path / "pins.db"))
    migrate(engine)
    yield Board(SqlStore(engine, the_team(engine)))
    engine.dispose()


def test_the_newest_under_a_name_stays_pinned_and_other_names_are_left_alone(board: Board) -> None:
    for key, name in (("other", "milestones"), ("first", "weekly"), ("plain", None), ("second", "weekly")):
        board.plan(key, name)
        board.run()
    assert board.pinned == ["other", "second"]
    assert board.slack.keys == ["other", "first", "plain", "second"]
    board.start()
    board.run()
    assert board.pinned == ["other", "second"]


def test_a_crash_before_it_was_recorded_only_pins_it_again(board: Board) -> None:
    class KilledError(BaseException):
        pass

    settle = board.sender._store.begin

    def dies() -> object:
        if board.slack.pins:
            raise KilledError
        return settle()

    board.plan("first")
    board.sender._store = type("Dying", (), {"begin": staticmethod(dies), "read": board.store.read})()
    with pytest.raises(KilledError):
        board.run()
    board.start()
    board.run()
    assert board.pinned == ["first"]
    assert board.slack.keys == ["first"]


@pytest.mark.parametrize("outcome", [SlackUnavailable("ratelimited", retry_after_s=2.0), SlackUnavailable("HTTP 500")])
def test_while_slack_takes_no_pins_messages_go_out_all_the_same(board: Board, outcome: SlackUnavailable) -> None:
    board.slack.pin_outcomes = [outcome]
    board.plan("first")
    board.plan("second", None)
    while board.sender.deliver_one():
        pass
    board.clock.tick(CHANNEL_SPACING_S)
    assert board.sender.deliver_one()
    assert board.slack.keys == ["first", "second"]
    board.run()
    assert board.pinned == ["first"]
    assert board.told == []


def test_a_refusal_is_told_once_and_not_tried_again(board: Board) -> None:
    board.slack.pin_outcomes = [SlackRefused("missing_scope", needed="pins:write")]
    board.plan("first")
    board.run()
    board.start()
    board.run()
    assert board.slack.keys == ["first"]
    assert board.told == ["the app lacks the permission pins:write. Add it to the app and reinstall"]
    assert board.pinned == []


def test_the_next_post_is_tried_again_after_a_refusal(board: Board) -> None:
    board.slack.pin_outcomes = [SlackRefused("restricted_action")]
    for key in ("first", "second"):
        board.plan(key)
        board.run()
    assert board.pinned == ["second"]


def test_an_unpinning_that_is_refused_is_nobodys_business(board: Board) -> None:
    for key in ("first", "second"):
        board.plan(key)
    board.run()
    with board.store.begin() as tx:
        tx.pins.release(["weekly"])
    board.slack.pin_outcomes = [SlackRefused("message_not_found")]
    board.run()
    assert board.told == []
    with board.store.read() as tx:
        assert tx.pins.names() == frozenset()
        assert tx.pins.next() is None


def test_a_lost_installation_ends_it(board: Board) -> None:
    board.slack.pin_outcomes = [SlackGone("token_revoked")]
    board.plan("first")
    with pytest.raises(SlackGone):
        board.run()
    board.run()
    assert board.pinned == ["first"]


def test_what_is_no_longer_to_be_pinned_is_unpinned_and_what_is_wanted_again_comes_back(board: Board) -> None:
    board.plan("first")
    board.run()
    with board.store.begin() as tx:
        assert tx.pins.names() == {"weekly"}
        tx.pins.release(["weekly"])
    board.run()
    assert board.pinned == []
    with board.store.begin() as tx:
        tx.pins.want("weekly")
    board.run()
    assert board.pinned == ["first"]
