"""Sending once, whatever happens between this program and Slack."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import databases
import pytest
from fakes import FakeClock, SlackThatKeepsItsTruth

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import CHANNEL_SPACING_S, SETTLE_AFTER_S, Delivery, Outgoing, metadata
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.outbox import Sender, backoff_s
from copbot.core.ports import Tx
from copbot.core.time import to_us


@dataclass
class Bench:
    store: SqlStore
    slack: SlackThatKeepsItsTruth
    clock: FakeClock
    refused: list[tuple[str, str]] = field(default_factory=list)

    def sender(self, worker: str = "one") -> Sender:
        return Sender(self.store, self.slack, self.clock, worker, self._note)

    def _note(self, delivery: Delivery, words: str) -> None:
        self.refused.append((delivery.outgoing.key, words))

    def plan(self, key: str, target: str = "C0000001", **more: Any) -> None:
        with self.store.begin() as tx:
            assert tx.deliveries.plan(Outgoing(key=key, kind="post", target=target, text=key, due_us=0, **more))

    def state(self, key: str) -> str:
        with self.store.read() as tx:
            delivery = tx.deliveries.get(key)
        assert delivery is not None
        return delivery.state

    def run(self, sender: Sender) -> None:
        """Until there is nothing to do now, letting the time pass that lanes rest."""
        for _ in range(50):
            if not sender.deliver_one():
                self.clock.tick(CHANNEL_SPACING_S)
                if not sender.deliver_one():
                    return


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    engine = open_engine(databases.address(tmp_path / "bench.db"))
    migrate(engine)
    yield Bench(SqlStore(engine, the_team(engine)), SlackThatKeepsItsTruth(), FakeClock())
    engine.dispose()


def test_a_planned_message_is_sent_once_and_a_second_plan_of_its_key_changes_nothing(bench: Bench) -> None:
    bench.plan("a")
    with bench.store.begin() as tx:
        assert not tx.deliveries.plan(Outgoing(key="a", kind="post", target="C0000002", text="other", due_us=0))

    bench.run(bench.sender())

    assert bench.slack.held == [("C0000001", "a", "a")]
    assert bench.state("a") == "sent"


def test_a_message_is_sent_and_updated_as_it_is_dressed_and_stored_as_it_was_planned(bench: Bench) -> None:
    shown: list[tuple[str, tuple[dict[str, Any], ...]]] = []
    post, update = bench.slack.post, bench.slack.update
    bench.slack.post = lambda *given: (shown.append((given[1], given[2])), post(*given))[1]  # type: ignore[method-assign]
    bench.slack.update = lambda *given: (shown.append((given[2], given[3])), update(*given))[1]  # type: ignore[method-assign]
    sender = Sender(
        *(bench.store, bench.slack, bench.clock, "one"),
        dress=lambda outgoing: (*outgoing.blocks, {"row": outgoing.key}),
    )
    bench.plan("a", blocks=({"type": "divider"},))
    bench.run(sender)
    bench.plan("b", updates="a")
    bench.run(sender)
    assert shown == [("a", ({"type": "divider"}, {"row": "a"})), ("b", ({"row": "b"},))]
    with bench.store.read() as tx:
        stored = tx.deliveries.get("a")
    assert stored is not None
    assert stored.outgoing.blocks == ({"type": "divider"},)


def test_what_is_not_due_waits(bench: Bench) -> None:
    with bench.store.begin() as tx:
        later = bench.clock.now_us() + 1
        tx.deliveries.plan(Outgoing(key="later", kind="post", target="C0000001", text="", due_us=later))
    assert not bench.sender().deliver_one()
    bench.clock.tick(0.000001)
    assert bench.sender().deliver_one()


def test_one_message_a_second_goes_to_a_channel_while_other_channels_go_on(bench: Bench) -> None:
    for key in ("a1", "a2"):
        bench.plan(key)
    bench.plan("b1", target="C0000002")
    sender = bench.sender()

    while sender.deliver_one():
        pass
    assert bench.slack.keys == ["a1", "b1"]

    bench.clock.tick(CHANNEL_SPACING_S - 0.01)
    assert not sender.deliver_one()
    bench.clock.tick(0.02)
    assert sender.deliver_one()
    assert bench.slack.keys == ["a1", "b1", "a2"]


def test_retry_after_is_obeyed_and_order_in_the_channel_kept(bench: Bench) -> None:
    bench.slack.outcomes = [SlackUnavailable("ratelimited", retry_after_s=7.0, definite=True)]
    bench.plan("first")
    bench.plan("second")
    sender = bench.sender()

    assert sender.deliver_one()
    bench.clock.tick(6.9)
    assert not sender.deliver_one()
    bench.clock.tick(0.2)
    bench.run(sender)

    assert bench.slack.keys == ["first", "second"]


@pytest.mark.parametrize("stored", [True, False], ids=["Slack had stored it", "Slack had not stored it"])
def test_a_lost_answer_is_waited_out_and_looked_up_before_anything_is_sent_again(bench: Bench, stored: bool) -> None:
    bench.slack.outcomes = [SlackUnavailable("connection reset")]
    bench.slack.stored_although_failed = stored
    bench.plan("a")
    bench.plan("after")
    sender = bench.sender()

    assert sender.deliver_one()
    bench.clock.tick(SETTLE_AFTER_S - 0.5)
    while sender.deliver_one():
        pass
    assert bench.slack.keys == (["a"] if stored else []), "nothing may overtake or repeat an open attempt"

    bench.clock.tick(1.0)
    bench.run(sender)
    bench.run(sender)
    assert bench.slack.keys == ["a", "after"]
    assert bench.state("a") == "sent"


def test_after_a_crash_an_open_attempt_is_settled_by_the_next_process_once_its_request_is_surely_over(
    bench: Bench,
) -> None:
    bench.plan("a")
    with bench.store.begin() as tx:
        delivery = tx.deliveries.get("a")
        assert delivery is not None
        assert tx.deliveries.claim(delivery.id, "the process that died", bench.clock.now_us())
    bench.slack.held.append(("C0000001", "a", "a"))
    sender = bench.sender("two")

    assert not sender.deliver_one()
    bench.clock.tick(SETTLE_AFTER_S)
    assert sender.deliver_one()

    assert bench.slack.keys == ["a"]
    assert bench.state("a") == "sent"


def test_while_the_look_up_fails_nothing_is_sent_blindly(bench: Bench) -> None:
    bench.slack.outcomes = [SlackUnavailable("timed out")]
    bench.slack.look_up_fails = True
    bench.plan("a")
    sender = bench.sender()
    for _ in range(20):
        sender.deliver_one()
        bench.clock.tick(30)
    assert bench.slack.keys == []

    bench.slack.look_up_fails = False
    for _ in range(20):
        sender.deliver_one()
        bench.clock.tick(30)
    assert bench.slack.keys == ["a"]


def test_a_permanent_refusal_is_told_in_words_and_stops_nothing_else(bench: Bench) -> None:
    bench.slack.outcomes = [SlackRefused("is_archived")]
    bench.plan("a")
    bench.plan("b", target="C0000002")
    bench.run(bench.sender())

    assert bench.state("a") == "failed"
    assert bench.state("b") == "sent"
    assert [key for key, _ in bench.refused] == ["a"]
    assert "archived" in bench.refused[0][1]


def test_when_the_installation_is_gone_the_message_is_kept_and_the_sender_says_so(bench: Bench) -> None:
    bench.slack.outcomes = [SlackGone("token_revoked")]
    bench.plan("a")
    with pytest.raises(SlackGone):
        bench.sender().deliver_one()
    assert bench.state("a") == "due"


def test_what_comes_too_late_is_skipped_and_said_so(bench: Bench) -> None:
    now = bench.clock.now_us()
    bench.plan("in time", expires_us=now)
    bench.plan("late", target="C0000002", expires_us=now - 1, late_note="the webinar is over")
    bench.run(bench.sender())

    assert bench.slack.keys == ["in time"]
    with bench.store.read() as tx:
        late = tx.deliveries.get("late")
    assert late is not None
    assert (late.state, late.reason) == ("skipped", "too late. the webinar is over")


def test_a_reply_and_an_update_wait_for_the_message_they_stand_on(bench: Bench) -> None:
    bench.slack.outcomes = [SlackUnavailable("ratelimited", retry_after_s=1.0, definite=True)]
    bench.plan("card")
    bench.plan("card:1", updates="card")
    bench.plan("card:again", thread_of="card")
    sender = bench.sender()
    for _ in range(10):
        sender.deliver_one()
        bench.clock.tick(1.1)

    assert bench.slack.keys == ["card", "card:again"]
    assert bench.slack.updates == ["C0000001 1.000000 card:1"]


def test_what_belongs_to_a_message_that_was_refused_is_dropped_without_another_word(bench: Bench) -> None:
    bench.slack.outcomes = [SlackRefused("channel_not_found")]
    bench.plan("card")
    bench.plan("card:1", updates="card")
    bench.plan("card:again", thread_of="card")
    bench.run(bench.sender())

    assert [key for key, _ in bench.refused] == ["card"]
    assert (bench.state("card:1"), bench.state("card:again")) == ("skipped", "skipped")


def test_a_direct_message_goes_to_the_persons_own_channel(bench: Bench) -> None:
    bench.plan("welcome", target="U0000001")
    bench.run(bench.sender())
    assert bench.slack.held == [("DU0000001", "welcome", "welcome")]


def test_the_channel_of_a_lost_direct_message_is_asked_for_and_later_ones_go_there(bench: Bench) -> None:
    bench.slack.outcomes = [SlackUnavailable("connection reset")]
    bench.slack.stored_although_failed = True
    bench.plan("welcome", target="U0000001")
    sender = bench.sender()
    sender.deliver_one()
    bench.clock.tick(SETTLE_AFTER_S + 1)
    bench.run(sender)
    with bench.store.read() as tx:
        settled = tx.deliveries.get("welcome")
    assert settled is not None
    assert (settled.state, settled.channel) == ("sent", "DU0000001")
    bench.plan("later", target="U0000001")
    bench.run(sender)
    assert [(channel, key) for channel, key, _ in bench.slack.held] == [
        ("DU0000001", "welcome"),
        ("DU0000001", "later"),
    ]


def test_hundreds_of_welcomes_make_no_post_late(bench: Bench) -> None:
    with bench.store.begin() as tx:
        for number in range(300):
            tx.deliveries.plan(Outgoing(f"welcome:{number}", "welcome", f"U{number:07}", "Hello", due_us=0))
    bench.plan("post")
    sender = bench.sender()
    sender.deliver_one()
    assert bench.slack.keys == ["post"]


def test_a_look_up_that_slack_puts_off_puts_off_all_look_ups_and_no_post(bench: Bench) -> None:
    bench.slack.outcomes = [SlackUnavailable("reset"), SlackUnavailable("reset")]
    bench.plan("a")
    bench.plan("b", target="C0000002")
    sender = bench.sender()
    sender.deliver_one()
    sender.deliver_one()
    bench.clock.tick(SETTLE_AFTER_S + 1)
    asked: list[str] = []

    def busy(channel: str, _key: str, _oldest_us: int, _thread_ts: str | None, _file: str | None) -> int | None:
        asked.append(channel)
        raise SlackUnavailable("ratelimited", retry_after_s=30.0, definite=True, method="conversations.history")

    bench.slack.find_delivery = busy  # type: ignore[method-assign]
    bench.plan("c", target="C0000003")
    while sender.deliver_one():
        pass
    assert len(asked) == 1
    assert bench.slack.keys == ["c"]


def test_two_processes_claim_a_delivery_once(bench: Bench) -> None:
    bench.plan("a")
    with bench.store.begin() as tx:
        delivery = tx.deliveries.get("a")
        assert delivery is not None
        assert tx.deliveries.claim(delivery.id, "one", 1)
        assert not tx.deliveries.claim(delivery.id, "two", 2)


def test_the_mark_on_a_message_names_its_delivery() -> None:
    assert metadata("k") == {"event_type": "copbot_delivery", "event_payload": {"delivery": "k"}}


@pytest.mark.parametrize(
    ("failures", "least", "most"), [(1, 1.0, 1.5), (2, 2.0, 3.0), (6, 32.0, 48.0), (20, 60.0, 90.0)]
)
def test_waits_double_up_to_a_minute(failures: int, least: float, most: float) -> None:
    assert backoff_s(failures, 0.0) == least
    assert backoff_s(failures, 0.999) < most


def test_the_last_word_on_what_is_due_is_asked_for_as_it_is_claimed_and_holds_up_nobody_else(bench: Bench) -> None:
    tomorrow_us = to_us(bench.clock.now() + timedelta(days=1))

    def may_go(tx: Tx, delivery: Delivery, _now: datetime) -> bool:
        key = delivery.outgoing.key
        if key == "put off":
            tx.deliveries.put_off(key, tomorrow_us)
        elif key == "skipped":
            tx.deliveries.cancel(key, "they turned it off")
        return key == "goes"

    with bench.store.begin() as tx:
        for key, target in (("put off", "U1"), ("skipped", "U2"), ("goes", "U1")):
            tx.deliveries.plan(Outgoing(key, "survey", target, key, 0))
    bench.run(Sender(bench.store, bench.slack, bench.clock, "one", may_go=may_go))

    assert bench.slack.keys == ["goes"]
    assert [bench.state(key) for key in ("put off", "skipped", "goes")] == ["due", "skipped", "sent"]
