"""How long a pass of the rhythm takes with 1,000 posts in 50 channels: one that finds nothing, one at the start, one in which all of
them wait in a window for a sign of life, and the question when something is due next.

    python tests/benchmarks/rhythm_pass.py
"""

import statistics
import sys
import tempfile
import time as wall
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Channels, Community
from copbot.core.posts import CronWhen, EveryWhen, Post, Spacing, When
from copbot.features.rhythm import FEATURE

CHANNELS, POSTS = 50, 1000


def community(posts: int, when: Callable[[int], When], **more: object) -> Community:
    names = tuple(f"#c{number}" for number in range(CHANNELS))
    made = tuple(
        Post(f"p{number}", names[number % CHANNELS], when(number), text="Hello {{ post }}") for number in range(posts)
    )
    return replace(COMMUNITY, channels=Channels(names, "#mods"), posts=made, **more)  # type: ignore[arg-type]


def mixed(number: int) -> When:
    kinds: tuple[When, ...] = (
        EveryWhen("day", time(20, number % 60)),
        CronWhen(f"{number % 60} 21 * * *"),
        EveryWhen("week", "best", on=(4,), otherwise_day=4, otherwise_time=time(16)),
        EveryWhen("week", "active", on=(5,), otherwise_day=5, otherwise_time=time(16)),
    )
    return kinds[number % 4]


def active(_number: int) -> When:
    return EveryWhen("day", "active", otherwise_time=time(12))


def seconds(step: Callable[[], object]) -> float:
    start = wall.perf_counter()
    step()
    return wall.perf_counter() - start


def measure(name: str, files: Community, passes: int = 20) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), files)
        scene.directory.channels.update({f"c{number}": f"C{number:03}" for number in range(CHANNELS)})
        seen: list[float] = []
        asked: list[float] = []
        first = seconds(lambda: FEATURE.plan_due(scene.ctx, scene.now))
        scene.send()
        FEATURE.plan_due(scene.ctx, scene.now)
        for _ in range(passes):
            scene.wait(seconds=1)
            seen.append(seconds(lambda: FEATURE.plan_due(scene.ctx, scene.now)))
            asked.append(seconds(lambda: FEATURE.next_due(scene.ctx, scene.now)))
        scene.communities = (replace(files),)  # files read anew, or another start
        anew = seconds(lambda: FEATURE.plan_due(scene.ctx, scene.now))
        scene.close()
    median, worst = statistics.median(seen) * 1000, max(seen) * 1000
    print(f"{name}: first pass {first * 1000:,.0f} ms, after a start {anew * 1000:,.0f} ms;")
    print(f"  then median {median:.1f} ms, worst {worst:.1f} ms; what is next {statistics.median(asked) * 1000:.2f} ms")


def due_at_once() -> None:
    """All of them due in one moment, without budgets: from the question of whose turn it is until the last one is recorded."""
    files = community(POSTS, lambda _number: EveryWhen("day", time(10)), attention=Attention(channel_day=POSTS))
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), files)
        scene.directory.channels.update({f"c{number}": f"C{number:03}" for number in range(CHANNELS)})
        FEATURE.plan_due(scene.ctx, scene.now)
        scene.wait(hours=1)
        took = seconds(lambda: FEATURE.plan_due(scene.ctx, scene.now))
        planned = len(scene.send())
        scene.close()
    print(f"{planned:,} due at once: recorded in {took:.1f} s")


def main() -> None:
    due_at_once()
    measure("1,000 posts, nothing due", community(POSTS, mixed))
    measure("the same with spacing", community(POSTS, mixed, spacing=Spacing(channel=timedelta(hours=2))))
    measure("50 waiting for a sign of life", community(CHANNELS, active))
    measure("1,000 waiting for a sign of life", community(POSTS, active), passes=5)


if __name__ == "__main__":
    main()
