"""The connection to Slack fails in every way it can; what was said meanwhile counts all the same."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from cradle import CRADLE
from running import Community, Running


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


def started(community: Community) -> "subprocess.Popen[str]":
    """`copbot run` without waiting for its connection; its log is read line by line."""
    return subprocess.Popen(
        [sys.executable, "-m", "copbot", "run"],
        cwd=community.folder,
        env=community.environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def counted(community: Community) -> int:
    ((count,),) = databases.rows(community.folder / "copbot.db", "SELECT count(*) FROM message")
    return int(count)


def test_after_a_dropped_connection_what_was_missed_is_read_from_history(community: Community) -> None:
    workspace = community.workspace
    workspace.retry_delays = (600, 600, 600)
    with Running(community):
        workspace.post(community.data, community.ana, "Before")
        workspace.wait_for(lambda: workspace.unacknowledged == 0 and counted(community) == 1)

        # Given that the connection is cut and something is said before it is back
        workspace.faults.drop_sockets()
        workspace.wait_for(lambda: workspace.connected == 0)
        workspace.post(community.data, community.ben, "While away")

        # Then it is back by itself, and the message counts
        workspace.wait_for(lambda: workspace.connected == 1, timeout=30)
        workspace.wait_for(lambda: counted(community) == 2)


@pytest.mark.parametrize("reason", ["refresh_requested", pytest.param("warning", marks=pytest.mark.slow)])
def test_slacks_own_refresh_of_the_connection_goes_unnoticed(community: Community, reason: str) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.faults.disconnect(reason)
        workspace.wait_for(lambda: workspace.connected >= 1)
        newcomer = workspace.join_workspace("new", real_name="New")
        workspace.wait_for(lambda: community.said(workspace.dm(newcomer)))


@pytest.mark.timeout(90)
def test_a_connection_that_only_went_silent_is_replaced_within_30_seconds(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.faults.hold_sockets()
        workspace.wait_for(lambda: workspace.connected == 0)
        began = time.monotonic()
        workspace.wait_for(lambda: workspace.connected == 1, timeout=60)
        assert time.monotonic() - began < 30


def test_a_slack_that_cannot_be_reached_at_the_start_is_waited_for(community: Community) -> None:
    workspace = community.workspace
    workspace.stop()
    process = started(community)
    assert process.stderr is not None
    with process.stderr as log:
        # Given that it has noticed
        assert any("cannot be reached" in line for line in log)
        # When Slack is there, then it connects; and it stops as always
        workspace.start()
        workspace.wait_for(lambda: workspace.connected == 1)
        process.terminate()
        assert process.wait(15) == 0


def test_a_stop_while_slack_cannot_be_reached_is_clean(community: Community) -> None:
    community.workspace.stop()
    process = started(community)
    assert process.stderr is not None
    with process.stderr as log:
        assert any("cannot be reached" in line for line in log)
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.parametrize("which", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_does_not_know_ends_the_run_in_one_line(community: Community, which: str) -> None:
    environment = community.environment() | {"COPBOT_LOG_LEVEL": "error"}
    environment[which] = environment[which] + "0"
    log = community.folder / "log"
    assert CRADLE.start(community.folder, environment, log).wait(timeout=30) == 3
    said = log.read_text()
    assert said.startswith("copbot: Slack refused the token for good (invalid_auth)")
    assert said.count("\n") == 1


def test_a_storm_of_rate_limits_loses_and_doubles_nothing(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.faults.add("chat.postMessage", "429", times=3, retry_after=1)
        people = [workspace.join_workspace(f"new{n}", real_name=f"New {n}") for n in range(5)]
        for person in people:
            workspace.wait_for(lambda person=person: community.said(workspace.dm(person)), timeout=30)  # type: ignore[misc]
        assert [len(community.said(workspace.dm(person))) for person in people] == [1] * 5
