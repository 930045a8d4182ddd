"""The running bot's threads: what was missed comes first, and a stop ends in time, whatever Slack does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from copbot import bot as bot_module
from copbot.bot import Bot, Parts
from copbot.core.errors import LeadLost, SlackUnavailable
from copbot.core.leading import Look
from copbot.core.pump import Next


@dataclass
class Alone:
    """Leads, or follows, as told."""

    leads: bool = True
    rung: int = 0
    lost: bool = False

    def look(self) -> Look:
        return Look(self.leads)

    @contextmanager
    def deciding(self) -> Iterator[None]:
        yield
        if self.lost:
            raise LeadLost

    def ring(self) -> None:
        self.rung += 1

    def give_up(self) -> None:
        self.leads = False


@dataclass
class Stage:
    """Stands for all the parts of a bot: notes what was done, fails or hangs as told."""

    done: list[str] = field(default_factory=list)
    failures: int = 0
    hang: threading.Event | None = None
    connected: bool = True
    leading: Alone = field(default_factory=Alone)

    # the connection
    def connect(self) -> None: ...
    def hides_nothing(self) -> bool:
        return self.connected

    def watch(self) -> None: ...
    def close(self) -> None: ...

    # the alarm
    def start(self) -> None: ...
    def every(self, seconds: float, call: object) -> None: ...
    def set(self, next_due: Next | None) -> None: ...
    def stop(self) -> None: ...

    # the look-ups
    def step(self) -> float:
        return 30.0

    # the pump and the sender
    def run(self, _on_some: object) -> None:
        self.done.append("decided")

    def next_due(self) -> Next | None:
        return None

    def deliver_one(self) -> bool:
        if self.hang is not None:
            self.hang.wait(30)
        return False

    def next_wait_s(self) -> float:
        return 0.05

    def catch_up(self) -> None:
        if self.failures > 0:
            self.failures -= 1
            self.done.append("failed")
            raise SlackUnavailable("HTTP 503", retry_after_s=0.02)
        self.done.append("caught up")

    def mark(self) -> bool:
        self.done.append("complete")
        return True

    def bot(self) -> Bot:
        def nothing() -> None: ...

        return Bot(
            Parts(
                leading=self.leading,  # type: ignore[arg-type]
                pump=self,  # type: ignore[arg-type]
                look_ups=self,  # type: ignore[arg-type]
                sender=self,  # type: ignore[arg-type]
                connection=self,
                alarm=self,
                catch_up=self.catch_up,
                mark_complete=self.mark,
                seen_whole=nothing,
                missed=lambda: self.done.append("missed"),
                look_at_files=nothing,
                refresh=nothing,
                tidy=nothing,
                prepare=lambda: 60.0,
                nightly=lambda: 60.0,
                look_at_home=nothing,
                close=nothing,
            )
        )


def until(stage: Stage, what: str) -> None:
    deadline = time.monotonic() + 60
    while what not in stage.done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert what in stage.done


def test_nothing_is_decided_before_what_was_missed_is_read_even_if_slack_fails_at_first() -> None:
    stage = Stage(failures=2)
    bot = stage.bot()
    bot.start()
    until(stage, "decided")
    bot.stop()
    assert stage.done[:4] == ["failed", "failed", "caught up", "decided"]
    assert stage.done[-1] == "complete"


def test_when_history_stays_out_of_reach_what_is_due_goes_out_and_the_gap_stays_noted() -> None:
    stage = Stage(failures=1000)
    bot = stage.bot()
    bot.start()
    until(stage, "decided")
    bot.stop()
    assert stage.done.index("decided") >= bot_module.PATIENCE
    assert "complete" not in stage.done


def test_one_that_follows_decides_nothing_and_calls_the_leader_when_something_happens() -> None:
    stage = Stage(leading=Alone(leads=False))
    bot = stage.bot()
    bot.start()
    bot.wake()
    deadline = time.monotonic() + 60
    while not stage.leading.rung and time.monotonic() < deadline:
        bot.wake()
        time.sleep(0.01)
    bot.fell_behind()
    bot.stop()
    assert stage.leading.rung
    assert stage.done == ["missed"]


def test_one_that_comes_to_lead_reads_what_was_missed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_module, "LOOK_EVERY_S", 0.01)
    stage = Stage(leading=Alone(leads=False))
    bot = stage.bot()
    bot.start()
    stage.leading.leads = True
    until(stage, "decided")
    bot.stop()
    assert stage.done[:2] == ["caught up", "decided"]
    assert not stage.leading.leads, "it hands over"


def test_one_that_lost_the_lead_while_it_was_deciding_follows_until_it_leads_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot_module, "LOOK_EVERY_S", 0.01)
    stage = Stage()
    stage.leading.lost = True
    bot = stage.bot()
    bot.start()
    until(stage, "caught up")
    stage.leading.lost = False
    until(stage, "decided")
    bot.stop()
    assert stage.done.count("caught up") > 1


def test_a_stop_ends_in_time_although_every_sender_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_module, "STOP_WITHIN_S", 0.3)
    hang = threading.Event()
    stage = Stage(hang=hang)
    bot = stage.bot()
    bot.start()
    until(stage, "decided")
    began = time.monotonic()
    bot.stop()
    assert time.monotonic() - began < 30  # it would hang for ever
    hang.set()
