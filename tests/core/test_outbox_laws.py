"""Laws of sending, over random lives: whatever Slack and the machine do, nothing is said twice and nothing is lost."""

import tempfile
from pathlib import Path
from typing import Any

import databases
from fakes import FakeClock, SlackThatKeepsItsTruth
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import SETTLE_AFTER_S, Outgoing
from copbot.core.errors import SlackUnavailable
from copbot.core.outbox import Sender


class KilledError(BaseException):
    """Stands for a SIGKILL: no handler of the program's runs on."""


class SlackAndFate(SlackThatKeepsItsTruth):
    """A Slack whose next post may fail, or during which the process may die, before or after the message took effect."""

    fate = "well"

    def post(
        self, channel: str, text: str, blocks: Any, thread_ts: str | None, metadata: dict[str, Any]
    ) -> tuple[str, int]:
        fate, self.fate = self.fate, "well"
        if fate == "429":
            raise SlackUnavailable("ratelimited", retry_after_s=3.0, definite=True)
        if fate == "refused connection":
            raise SlackUnavailable("network", definite=True)
        if fate == "killed before":
            raise KilledError
        if fate == "lost before":
            raise SlackUnavailable("reset")
        answer = super().post(channel, text, blocks, thread_ts, metadata)
        if fate == "killed after":
            raise KilledError
        if fate == "lost after":
            raise SlackUnavailable("timed out")
        return answer


class Sending(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(databases.address(Path(self.folder.name) / "a.db"))
        migrate(self.engine)
        self.store = SqlStore(self.engine, the_team(self.engine))
        self.clock = FakeClock()
        self.slack = SlackAndFate()
        self.planned: list[str] = []
        self.start()

    def start(self) -> None:
        """A process: what the one before knew in its memory is gone."""
        self.process = getattr(self, "process", 0) + 1
        self.sender = Sender(self.store, self.slack, self.clock, f"process {self.process}")

    @rule(lane=st.sampled_from(["C0000001", "C0000002", "U0000001"]))
    def plan(self, lane: str) -> None:
        key = f"{lane}:{len(self.planned)}"
        with self.store.begin() as tx:
            assert tx.deliveries.plan(Outgoing(key=key, kind="post", target=lane, text=key, due_us=0))
        self.planned.append(key)

    @rule()
    def plan_again(self) -> None:
        if self.planned:
            with self.store.begin() as tx:
                assert not tx.deliveries.plan(
                    Outgoing(key=self.planned[0], kind="post", target="C9", text="", due_us=0)
                )

    @rule(
        fate=st.sampled_from(
            ["well", "429", "refused connection", "lost before", "lost after", "killed before", "killed after"]
        )
    )
    def deliver(self, fate: str) -> None:
        self.slack.fate = fate
        try:
            self.sender.deliver_one()
        except KilledError:
            self.start()
        self.slack.fate = "well"

    @rule(seconds=st.sampled_from([0.5, 1.0, 3.0, SETTLE_AFTER_S, 60.0]))
    def wait(self, seconds: float) -> None:
        self.clock.tick(seconds)

    @rule()
    def restart(self) -> None:
        self.start()

    @rule(fails=st.booleans())
    def look_up(self, fails: bool) -> None:
        self.slack.look_up_fails = fails

    @invariant()
    def nothing_is_said_twice(self) -> None:
        if hasattr(self, "slack"):
            assert len(self.slack.keys) == len(set(self.slack.keys))

    @invariant()
    def order_within_a_channel_is_kept(self) -> None:
        if hasattr(self, "slack"):
            for lane in ("C0000001", "C0000002", "U0000001"):
                said = [key for key in self.slack.keys if key.startswith(lane)]
                assert said == [key for key in self.planned if key in said]

    def teardown(self) -> None:
        if not hasattr(self, "slack"):
            return
        self.slack.look_up_fails = False
        for _ in range(len(self.planned) * 3 + 6):
            while self.sender.deliver_one():
                pass
            self.clock.tick(SETTLE_AFTER_S + 90)
        assert sorted(self.slack.keys) == sorted(self.planned), "nothing is lost"
        self.engine.dispose()
        self.folder.cleanup()


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
