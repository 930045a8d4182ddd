"""What the rule of attention costs for 100,000 queued messages to 20,000 members: the rule alone, beside a bare loop that sorts each
member's messages by rank; and at the moment of sending, through the store, beside the same claim without the rule.

Run: python tests/benchmarks/attention.py [MESSAGES]

Time of the processor, so that a busy machine measures the same; the store's also as it passes, since a commit waits for the disk.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

from scene import COMMUNITY, MONDAY, Scene

from copbot.core import attention
from copbot.core.attention.rule import Wanted, decide
from copbot.core.attention.terms import BUDGETED, TERMS
from copbot.core.delivery import Outgoing
from copbot.core.preferences import Preferences
from copbot.core.time import DAY_US, to_us

EACH = 5
ZONES = [ZoneInfo(name) for name in ("Asia/Bangkok", "Europe/Berlin", "America/New_York", "UTC")]
CLAIMS = 2_000

Queue = list[tuple[list[Wanted], list[int], Preferences]]


def queue(messages: int, now_us: int) -> Queue:
    """The messages of each member, with what they were told in the last week and what they set."""
    dice = Random(1)
    members: Queue = []
    for number in range(messages // EACH):
        zone = ZONES[number % len(ZONES)]
        kinds = dice.choices(BUDGETED, k=EACH)
        waiting = [Wanted(kind, now_us - dice.randrange(2 * DAY_US), COMMUNITY.attention, zone) for kind in kinds]
        said_us = sorted(now_us - dice.randrange(8 * DAY_US) for _ in range(dice.randrange(4)))
        mode = dice.choice(("everything", "standard", "standard", "standard", "light", "off"))
        members.append((waiting, said_us, Preferences(f"U{number:07}", mode)))
    return members


def spent(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def rule_alone(messages: int, now_us: int) -> None:
    members = queue(messages, now_us)

    def bare() -> None:
        for waiting, said_us, _ in members:
            sorted(range(len(waiting)), key=lambda one: (TERMS[waiting[one].kind].rank, waiting[one].wanted_us))
            sorted(said_us)

    def ruled() -> None:
        for waiting, said_us, preferences in members:
            decide(waiting, said_us, preferences, now_us)

    loop, rule = (min(spent(step) for _ in range(3)) for step in (bare, ruled))
    print(
        f"The rule for {messages:,} messages to {len(members):,} members: {rule:.2f} s, {1e6 * rule / messages:.1f} µs a message;"
        f" sorting them by rank alone: {loop:.2f} s, the rule takes {rule / loop:.1f} times as long"
    )


def through_the_store(messages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), replace(COMMUNITY, attention=replace(COMMUNITY.attention, quiet=None)))
        fill(scene, messages)
        plain, ruled = claims(scene, with_rule=False), claims(scene, with_rule=True)
        scene.close()
    for name, (cpu, passed) in (("without the rule", plain), ("with the rule", ruled)):
        print(f"A claim {name}: {1000 * cpu / CLAIMS:.2f} ms of CPU, {1000 * passed / CLAIMS:.2f} ms as it passes")
    print(f"With the rule it takes {ruled[0] / plain[0]:.2f} times the CPU, {ruled[1] / plain[1]:.2f} times as long")


def fill(scene: Scene, messages: int) -> None:
    dice = Random(1)
    now_us = to_us(scene.now)
    with scene.store.begin() as tx:
        for number in range(messages):
            kind, user = dice.choice(BUDGETED), f"U{number % (messages // EACH):07}"
            tx.deliveries.plan(
                Outgoing(f"{number}", kind, user, "Hello", now_us - dice.randrange(DAY_US), community="data")
            )


def claims(scene: Scene, *, with_rule: bool) -> tuple[float, float]:
    """So many steps of the outbox up to the request, each in a transaction of its own."""
    with scene.store.read() as tx:
        ready = tx.deliveries.ready(to_us(scene.now), CLAIMS)
    start, begun = time.process_time(), time.perf_counter()
    for delivery in ready:
        with scene.store.begin() as tx:
            if not with_rule or attention.may_go(scene.ctx, tx, delivery, scene.now):
                tx.deliveries.claim(delivery.id, "bench", to_us(scene.now))
    return time.process_time() - start, time.perf_counter() - begun


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rule_alone(count, to_us(MONDAY))
    through_the_store(count)
