"""Two processes on one database: each post once, and one goes on with what the other left. Counted on Slack's side."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import Community, Running

ROOMS = 12


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        for number in range(ROOMS):
            community.workspace.add_channel(f"room-{number}", members=[community.ana])
        community.write("schedules/attention.yaml", "attention: {channel: {day: 100000}}\n")
        yield community


def write_posts(community: Community, due: datetime, name: str = "posts", each: int = 2) -> list[str]:
    """Posts in every room at one instant, with rotating questions, so that taking turns matters too."""
    lines, texts = ["posts:"], []
    for number in range(ROOMS * each):
        texts.append(f"{name} {number}")
        lines.append(
            f'  - {{id: {name}-{number}, channel: "#room-{number % ROOMS}", when: {{date: "{due:%Y-%m-%d %H:%M:%S}"}}, '
            f'text: "{name} {number}", late: 3d}}'
        )
    community.write(f"schedules/{name}.yaml", "\n".join(lines) + "\n")
    return texts


def said(community: Community) -> Counter[str]:
    channels = [community.workspace.channel_id(f"room-{number}") for number in range(ROOMS)]
    return Counter(text for channel in channels for text in community.said(channel))


def test_two_that_run_side_by_side_say_everything_once(community: Community) -> None:
    workspace = community.workspace
    with Running(community), Running(community, beside=1):
        # When posts become due for both at the same instant, someone joins and people write
        texts = write_posts(community, datetime.now(UTC) + timedelta(seconds=3))
        newcomer = workspace.join_workspace("new", real_name="New")
        for _ in range(20):
            workspace.post(community.data, community.ana, "Thanks")
        workspace.wait_for(lambda: set(texts) <= set(said(community)), timeout=40)
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        workspace.wait_for(lambda: bool(community.said(workspace.dm(newcomer))), timeout=60)
        time.sleep(1)  # whatever the slower of the two still had in mind

        # Then each was said once
        assert said(community) == Counter(texts)
        assert len(community.said(workspace.dm(newcomer))) == 1


@pytest.mark.timeout(180)
def test_one_that_was_paused_in_the_middle_and_wakes_says_nothing_again(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as first:
        # Given that the first is stopped while Slack takes its time over its posts
        workspace.faults.add("chat.postMessage", "slow", times=4, delay=2.0)
        texts = write_posts(community, datetime.now(UTC) - timedelta(minutes=1))
        workspace.wait_for(lambda: workspace.faults.waiting == 0, timeout=30)
        first.process.send_signal(signal.SIGSTOP)
        try:
            with Running(community, beside=1):
                # When a second one comes, it takes over what the first held
                workspace.wait_for(lambda: set(texts) <= set(said(community)), timeout=60)
                # and the first wakes
                first.process.send_signal(signal.SIGCONT)
                time.sleep(3)
                assert said(community) == Counter(texts)
        finally:
            first.process.send_signal(signal.SIGCONT)


def test_when_one_is_killed_the_other_goes_on_within_30_seconds(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as first, Running(community, beside=1):
        workspace.faults.add("chat.postMessage", "slow", times=8, delay=1.0)
        texts = write_posts(community, datetime.now(UTC) - timedelta(minutes=1))
        workspace.wait_for(lambda: workspace.faults.waiting == 0, timeout=30)
        first.kill()
        began = time.monotonic()
        workspace.wait_for(lambda: set(texts) <= set(said(community)), timeout=60)
        assert time.monotonic() - began < 30
        assert said(community) == Counter(texts)
