"""Several processes on one PostgreSQL: they share what comes in, one decides and sends, and another takes over. Counted on Slack's side."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import postgresql
import pytest
from running import Community, Running

pytestmark = pytest.mark.postgresql

ROOMS = 6
TAKEN_OVER_WITHIN_S = 30


@pytest.fixture
def community(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Community]:
    monkeypatch.setattr(databases.Choice, "name", "postgresql")
    with Community(tmp_path) as community:
        for number in range(ROOMS):
            community.workspace.add_channel(f"room-{number}", members=[community.ana])
        community.write("schedules/attention.yaml", "attention: {channel: {day: 100000}}\n")
        yield community


def posts(community: Community, name: str, due: datetime) -> list[str]:
    lines = [
        f'  - {{id: {name}-{number}, channel: "#room-{number}", when: {{date: "{due:%Y-%m-%d %H:%M:%S}"}}, '
        f'text: "{name} {number}", late: 3d}}'
        for number in range(ROOMS)
    ]
    community.write(f"schedules/{name}.yaml", "\n".join(["posts:", *lines]) + "\n")
    return [f"{name} {number}" for number in range(ROOMS)]


def said(community: Community) -> Counter[str]:
    channels = [community.workspace.channel_id(f"room-{number}") for number in range(ROOMS)]
    return Counter(text for channel in channels for text in community.said(channel))


def stored(community: Community) -> int:
    ((count,),) = databases.rows(community.folder / "copbot.db", "SELECT count(*) FROM message WHERE text IS NULL")
    return int(count)


def holder(community: Community) -> str:
    found = databases.rows(community.folder / "copbot.db", "SELECT holder FROM lead_lease WHERE until_us > 0")
    return str(found[0][0]) if found else ""


def pid_of(name: str) -> int:
    return int(name.split("/")[-2])


@pytest.mark.timeout(240)
def test_two_share_what_comes_in_and_when_the_leader_is_killed_the_other_goes_on(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as first:
        workspace.wait_for(lambda: pid_of(holder(community) or "//0/") == first.process.pid, 60)
        with Running(community, beside=1) as second:
            # When people write and somebody joins, whichever is told
            for number in range(60):
                workspace.post(community.data, community.ana, f"Thanks {number}")
            newcomer = workspace.join_workspace("new", real_name="New")
            early = posts(community, "early", datetime.now(UTC) - timedelta(minutes=1))
            workspace.wait_for(lambda: workspace.unacknowledged == 0, 60)
            workspace.wait_for(lambda: stored(community) == 60, 60)

            # then each counts once, and what follows is said once
            workspace.wait_for(lambda: set(early) <= set(said(community)), 60)
            workspace.wait_for(lambda: bool(community.said(workspace.dm(newcomer))), 60)

            # When the leader is killed
            first.kill()
            killed = time.monotonic()
            late = posts(community, "late", datetime.now(UTC) - timedelta(minutes=1))
            workspace.wait_for(lambda: pid_of(holder(community)) == second.process.pid, TAKEN_OVER_WITHIN_S)
            workspace.wait_for(lambda: set(late) <= set(said(community)), 60)
            print(f"taken over and said {time.monotonic() - killed:.1f} s after the kill")
            assert said(community) == Counter([*early, *late])
            assert len(community.said(workspace.dm(newcomer))) == 1
            assert second.stop() == 0
    ((left_us,),) = databases.rows(community.folder / "copbot.db", "SELECT until_us FROM lead_lease")
    assert left_us == 0, "after an end in order nobody has to wait"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_leader_that_sleeps_for_a_minute_is_followed_and_does_no_harm_when_it_wakes(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as first:
        workspace.wait_for(lambda: bool(holder(community)), 60)
        with Running(community, beside=1) as second:
            workspace.faults.add("chat.postMessage", "slow", times=3, delay=2.0)
            texts = posts(community, "before", datetime.now(UTC) - timedelta(minutes=1))
            workspace.wait_for(lambda: workspace.faults.waiting == 0, 30)
            first.process.send_signal(signal.SIGSTOP)
            slept = time.monotonic()
            try:
                workspace.wait_for(lambda: pid_of(holder(community)) == second.process.pid, TAKEN_OVER_WITHIN_S)
                print(f"taken over {time.monotonic() - slept:.1f} s after it fell asleep")
                texts += posts(community, "asleep", datetime.now(UTC) - timedelta(minutes=1))
                for number in range(20):
                    workspace.post(community.data, community.ana, f"Thanks {number}")
                workspace.wait_for(lambda: set(texts) <= set(said(community)), 60)
                time.sleep(max(0.0, 60 - (time.monotonic() - slept)))
            finally:
                first.process.send_signal(signal.SIGCONT)
            texts += posts(community, "awake", datetime.now(UTC) - timedelta(minutes=1))
            workspace.wait_for(lambda: set(texts) <= set(said(community)), 60)
            workspace.wait_for(lambda: workspace.unacknowledged == 0, 60)
            time.sleep(3)  # whatever it still had in mind
            assert said(community) == Counter(texts)
            assert stored(community) == 20
            assert pid_of(holder(community)) == second.process.pid


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_two_that_share_six_hundred_events_store_each_once_while_the_server_starts_anew(community: Community) -> None:
    workspace = community.workspace
    with Running(community), Running(community, beside=1):
        workspace.wait_for(lambda: bool(holder(community)), 60)
        for number in range(600):
            workspace.post(community.data, community.ana, f"Thanks {number}")
            if number == 300:
                with postgresql.administering() as admin:  # as a restart of the server does
                    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname != 'postgres'")
        workspace.wait_for(lambda: workspace.unacknowledged == 0, 120)
        workspace.wait_for(lambda: stored(community) == 600, 60)
        texts = posts(community, "after", datetime.now(UTC) - timedelta(minutes=1))
        workspace.wait_for(lambda: set(texts) <= set(said(community)), 60)
        assert said(community) == Counter(texts)
