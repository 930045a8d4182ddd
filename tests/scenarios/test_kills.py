"""Killed again and again at any moment: each post once, each message counted once. Counted on Slack's side and in the store."""

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import Community, Running

POSTS_A_CHANNEL = 3
CHANNELS = ("data", "introductions")


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


def write_posts(community: Community, kills: int) -> list[str]:
    """Posts that are all due already, some for each kill that is to come."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    community.write(
        "schedules/attention.yaml",
        "attention: {channel: {day: 100000}}\n",
    )
    posts, texts = ["posts:"], []
    for number in range(max(POSTS_A_CHANNEL, kills)):
        for channel in CHANNELS:
            text = f"post {number} in {channel}"
            texts.append(text)
            posts.append(
                f'  - {{id: p{number}-{channel}, channel: "#{channel}", when: {{date: "{due:%Y-%m-%d %H:%M:%S}"}}, '
                f'text: "{text}", late: 1d}}'
            )
    community.write("schedules/posts.yaml", "\n".join(posts) + "\n")
    return texts


def live_through(community: Community, kills: int, seed: int) -> tuple[list[str], list[str]]:
    """Kill and start the bot while it posts and while people write; then let it finish. Returns the posts and the messages."""
    dice = random.Random(seed)
    workspace = community.workspace
    texts = write_posts(community, kills)
    written: list[str] = []
    for _ in range(kills):
        with Running(community) as running:
            # Slack takes its time over some posts, and loses some answers after having stored the message.
            workspace.faults.add(
                "chat.postMessage", dice.choice(["slow", "reset_after", "reset_before"]), delay=dice.random() / 2
            )
            authors = [dice.choice([community.ana, community.ben]) for _ in range(dice.randint(1, 4))]
            written += [workspace.post(community.data, author, "Thanks") for author in authors]
            time.sleep(dice.random() * 1.5)
            running.kill()
    workspace.faults.clear()
    with Running(community):
        everything = set(texts)
        workspace.wait_for(
            lambda: everything <= set(community.said(community.data) + community.said(community.introductions)),
            timeout=60 + len(texts) * 2,
        )
        workspace.wait_for(lambda: workspace.unacknowledged == 0, timeout=30)
    return texts, written


def check(community: Community, texts: list[str], written: list[str]) -> None:
    said = Counter(community.said(community.data) + community.said(community.introductions))
    assert {text: said[text] for text in texts} == dict.fromkeys(texts, 1), "each post once"
    with sqlite3.connect(community.folder / "copbot.db") as database:
        counted = database.execute("SELECT ts_us FROM message ORDER BY ts_us").fetchall()
        states = Counter(state for (state,) in database.execute("SELECT state FROM delivery"))
    database.close()
    assert [ts for (ts,) in counted] == sorted(int(ts.replace(".", "")) for ts in written), "each message counted once"
    assert states["sending"] == 0


@pytest.mark.timeout(180)
def test_killed_at_any_moment_each_post_stands_once_and_each_message_counts_once(community: Community) -> None:
    check(community, *live_through(community, kills=4, seed=20261122))


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_killed_hundreds_of_times_each_post_stands_once_and_each_message_counts_once(community: Community) -> None:
    check(community, *live_through(community, kills=250, seed=7))
