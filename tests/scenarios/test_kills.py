"""Killed at each step and at any moment: each post once, each message counted once. Counted on Slack's side and in the store."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import pytest
from nursery import STAGES, End, Nursery
from running import Community, Running

CHANNELS = 40  # so that some are free while others wait for what became of a lost answer
POSTS_A_LIFE = 3
LONGEST_LIFE_S = 4.0
"""A life whose step is not reached by then ends at a random moment."""

PATIENT_S = 40.0
"""The same where each step must be reached, however busy the machine is."""


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


class Survival:
    """A community whose bot is killed again and again while it posts and while people write."""

    def __init__(self, community: Community, seed: int, longest_life_s: float) -> None:
        self.community = community
        self.longest_life_s = longest_life_s
        self.workspace = community.workspace
        self.dice = random.Random(seed)
        self.channels = [
            self.workspace.add_channel(f"room-{number}", members=[community.ana, community.ben])
            for number in range(CHANNELS)
        ]
        self.due = datetime.now(UTC) - timedelta(days=1)
        self.texts: list[str] = []
        self.written: list[str] = []
        self.ends: Counter[str] = Counter()

    def write_posts(self, more: int) -> None:
        """Some more posts, spread over the channels, beside those that were not said yet; all are due already."""
        self.texts += [
            f"post {number} in room-{number % CHANNELS}" for number in range(len(self.texts), len(self.texts) + more)
        ]
        said = self.said()
        posts = [
            f'  - {{id: p{text.split()[1]}, channel: "#{text.split()[-1]}", text: "{text}", '
            f'when: {{date: "{self.due:%Y-%m-%d %H:%M}"}}, late: 3d}}'
            for text in self.texts
            if text not in said
        ]
        self.community.write("schedules/attention.yaml", "attention: {channel: {day: 100000}}\n")
        self.community.write("schedules/posts.yaml", "\n".join(["posts:", *posts]) + "\n")

    def live(self, nursery: Nursery, stage: str, nth: int) -> None:
        """One life, ended at the n-th step of that kind, or at a random moment where it is not reached (or ``stage`` is empty)."""
        end = End(stage, nth)
        self.write_posts(POSTS_A_LIFE)
        self.workspace.faults.clear()
        if stage == "stored":
            self.workspace.faults.add("chat.postMessage", "slow_after", times=end.nth + 2, delay=1.5)
        else:  # Slack takes its time over some posts, and loses some answers after having stored the message
            kind = self.dice.choice(["slow", "reset_after", "reset_before"])
            self.workspace.faults.add("chat.postMessage", kind, delay=self.dice.random() / 2)  # type: ignore[arg-type]
        pid = nursery.bear(end)
        self._write_messages()
        if not self._dies(pid, self.longest_life_s if stage else self.dice.random() * 2):
            os.kill(pid, signal.SIGKILL)
            stage = "any moment"
        assert nursery.ended() == -signal.SIGKILL, (self.community.folder / "log").read_text()[-3000:]
        self.ends[stage] += 1

    def _write_messages(self) -> None:
        for _ in range(self.dice.randint(1, 4)):
            author = self.dice.choice([self.community.ana, self.community.ben])
            self.written.append(self.workspace.post(self.community.data, author, "Thanks"))

    @staticmethod
    def _dies(pid: int, within_s: float) -> bool:
        """Whether the process came to its end by itself. Its parent waits for it, so that it leaves nothing behind."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if not Path(f"/proc/{pid}").exists():
                return True
            time.sleep(0.01)
        return False

    def said(self) -> Counter[str]:
        return Counter(text for channel in self.channels for text in self.community.said(channel))

    def finish(self) -> None:
        """A last life without faults, until everything is said and taken in."""
        self.workspace.faults.clear()
        everything = set(self.texts)
        with Running(self.community):
            self.workspace.wait_for(lambda: everything <= set(self.said()), timeout=60 + len(everything))
            self.workspace.wait_for(lambda: self.workspace.unacknowledged == 0, timeout=30)

    def check(self) -> None:
        said = self.said()
        assert {text: said[text] for text in self.texts} == dict.fromkeys(self.texts, 1), "each post once"
        place = self.community.folder / "copbot.db"
        counted = databases.rows(place, "SELECT ts_us FROM message ORDER BY ts_us")
        states = Counter(state for (state,) in databases.rows(place, "SELECT state FROM delivery"))
        expected = sorted(int(ts.replace(".", "")) for ts in self.written)
        assert [ts for (ts,) in counted] == expected, "each message counted once"
        assert states["sending"] == 0


def survive(community: Community, kills: int, seed: int, longest_life_s: float = LONGEST_LIFE_S) -> Survival:
    """Each kind of step in turn, and every sixth time a random moment."""
    survival = Survival(community, seed, longest_life_s)
    with Running(community):  # what is said before the first connection comes by import alone
        pass
    with Nursery(community.folder, community.environment()) as nursery:
        for number in range(kills):
            turn, stage = divmod(number, len(STAGES) + 1)
            survival.live(nursery, (*STAGES, "")[stage], nth=survival.dice.randint(1, 1 + turn % 40))
            community.workspace.wait_for(lambda: community.workspace.connected == 0, 30)
    survival.finish()
    survival.check()
    return survival


@pytest.mark.skipif(not Path("/proc").exists(), reason="whether a process has ended is read from /proc")
@pytest.mark.timeout(400)
def test_killed_at_each_step_each_post_stands_once_and_each_message_counts_once(community: Community) -> None:
    survival = survive(community, kills=8, seed=20261122, longest_life_s=PATIENT_S)
    assert set(survival.ends) >= set(STAGES), "each step was reached"


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_killed_a_thousand_times_each_post_stands_once_and_each_message_counts_once(community: Community) -> None:
    survival = survive(community, kills=1000, seed=7)
    print(dict(survival.ends))
