"""A thousand people join within a minute, of a third of whom Slack tells no language, while posts are due every few seconds.

Run: ``python tests/benchmarks/burst_of_joins.py`` (about six minutes of real time). The bot is ``copbot run`` as a process; the workspace
keeps Slack's limits, its guesses among them: 300 messages a minute in all, so that a thousand welcomes take at least 3.3 minutes.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "scenarios")]

from running import Community, Running  # noqa: E402 - found by the line above

JOINS = 1000
WITHIN_S = 60.0
POSTS = 12
POST_EVERY_S = 20
AT_BEST_S = (JOINS - 300) / 5
ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      questions: [{id: goal, ask: "What brings you here?", type: long_text}]
"""


def write_posts(community: Community) -> dict[str, datetime]:
    """A post every few seconds, each in a channel of its own; text -> when it is due."""
    begin = (datetime.now(UTC) + timedelta(seconds=15)).replace(microsecond=0)
    due = {f"post {number}": begin + timedelta(seconds=POST_EVERY_S * number) for number in range(POSTS)}
    lines = [
        f'  - {{id: p{number}, channel: "#room-{number}", when: {{date: "{at:%Y-%m-%d %H:%M:%S}"}}, text: "{text}"}}'
        for number, (text, at) in enumerate(due.items())
    ]
    community.write("schedules/posts.yaml", "posts:\n" + "\n".join(lines) + "\n")
    return due


def row(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{what:44} {statistics.median(ordered):8.1f} {ordered[int(len(ordered) * 0.99)]:8.1f} {ordered[-1]:8.1f}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, Community(Path(folder)) as community:
        workspace = community.workspace
        community.write("schedules/onboarding.yaml", ONBOARDING)
        rooms = [workspace.add_channel(f"room-{n}", members=[community.ana]) for n in range(POSTS)]
        due = write_posts(community)
        workspace.limits = True
        with Running(community):
            joined: dict[str, float] = {}
            begin = time.monotonic()
            for number in range(JOINS):
                locale = "" if number % 3 == 0 else "fr-FR"
                person = workspace.join_workspace(f"new{number}", real_name=f"New {number}", locale=locale)
                joined[person] = time.time()
                time.sleep(max(0.0, begin + number * WITHIN_S / JOINS - time.monotonic()))
            workspace.wait_for(lambda: all(community.said(workspace.dm(person)) for person in joined), timeout=600)
            workspace.wait_for(lambda: all(community.said(room) for room in rooms), timeout=POSTS * POST_EVERY_S)
        said = {
            person: [m for m in workspace.messages(workspace.dm(person) or "") if "Hello" in m["text"]]
            for person in joined
        }
        lateness = [
            float(message["ts"]) - due[message["text"]].timestamp()
            for room in rooms
            for message in workspace.messages(room)
            if message["text"] in due
        ]
        print(f"{'seconds':44} {'median':>8} {'p99':>8} {'worst':>8}")
        print(row("from joining to the welcome", [float(said[p][0]["ts"]) - at for p, at in joined.items()]))
        print(row("posts after they were due, meanwhile", lateness))
        with sqlite3.connect(community.folder / "copbot.db") as database:
            (journeys,) = database.execute("SELECT count(*) FROM journey").fetchone()
        database.close()
        calls = Counter(call.method for call in workspace.calls)
        refused = Counter(call.method for call in workspace.calls if call.status == 429)
        twice = sum(len(messages) != 1 for messages in said.values())
        print(
            f"welcomed {len(said)}, not exactly once {twice}, journeys {journeys}; at best {AT_BEST_S:.0f} s for the last"
        )
        print(f"calls: {dict(calls)}")
        print(f"refused for the limits (429): {dict(refused) or 'none'}")
        return int(twice > 0 or sum(refused.values()) > 10)


if __name__ == "__main__":
    sys.exit(main())
