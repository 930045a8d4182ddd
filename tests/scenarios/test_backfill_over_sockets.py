"""``copbot backfill`` as a process against a workspace that keeps Slack's limits: killed twice, run beside the bot, and what the bot
itself reads when it is asked back into a channel."""

import subprocess
import sys
from pathlib import Path

import databases
import pytest
from running import STARTED_S, Community, Running

from copbot.cli import main
from copbot.cli.terms import FOUND_WRONG
from copbot.workspace import limits

THREADS = 12
TWO_CHANNELS = """
    community: {id: links, name: Data Links, timezone: UTC}
    channels: {discussion: ["#data", "#secret"], moderators: "#mods"}
    roles: {coordinators: [jess@example.org], moderators: [mod@example.org]}
    unanswered: {after: 9d}
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's minute takes a second here, and has 8 calls of a method instead of 50."""
    monkeypatch.setattr(limits, "MINUTE_S", 1.0)
    monkeypatch.setitem(limits.TIERS, 3, 8)


def stored(database: Path) -> list[tuple[object, ...]]:
    query = """SELECT m.ts_us, u.slack_id, m.thread_us, m.asks, m.text, m.is_deleted FROM message m
        LEFT JOIN slack_user u ON u.id = m.user_id ORDER BY m.channel_id, m.ts_us"""
    reactions = "SELECT r.ts_us, u.slack_id, r.name, r.present FROM reaction r JOIN slack_user u ON u.id = r.user_id"
    return [*databases.rows(database, query), *sorted(databases.rows(database, reactions))]


def begin(community: Community) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "copbot", "backfill"], cwd=community.folder, env=community.environment(), stderr=-3
    )


def threads_read(community: Community) -> int:
    return sum(call.method == "conversations.replies" and not call.error for call in community.workspace.calls)


def in_here(community: Community, database: str) -> int:
    """The same command to its end, in this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(community.folder)
        for name, value in (
            community.environment() | {"DATABASE_URL": databases.address(community.folder / database)}
        ).items():
            patched.setenv(name, value)
        return main(["backfill"])


@pytest.mark.usefixtures("as_it_was")
def test_a_backfill_killed_twice_ends_the_same_also_beside_the_bot_which_reads_what_it_missed_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Community(tmp_path) as community:
        community.write("schedules/community.yaml", TWO_CHANNELS)
        (tmp_path / "schedules/onboarding.yaml").unlink()
        workspace = community.workspace
        workspace.add_channel("secret", private=True, members=[community.ana], bot=False)
        for number in range(THREADS):
            root = workspace.post(community.data, community.ana, f"does anyone know {number}?")
            workspace.post(community.data, community.ben, "yes", thread_ts=root)
            workspace.react(community.data, root, community.ben, "eyes")
        workspace.limits = True

        for _ in range(2):
            before = threads_read(community)
            process = begin(community)
            workspace.wait_for(lambda before=before: threads_read(community) > before + 1, STARTED_S)  # type: ignore[misc]
            process.kill()
            process.wait(timeout=15)
        assert threads_read(community) < THREADS, "killed on the way"

        workspace.faults.add("auth.test", "500")  # nor does it give up at the first call
        assert in_here(community, "copbot.db") == FOUND_WRONG
        told = capsys.readouterr()
        assert "#secret: there is no such channel, or it is private and the bot is not in it: write /invite" in told.err
        assert "#data: " in told.out
        assert threads_read(community) <= THREADS + 2, "what was read before is not read again"
        workspace.limits = False
        assert in_here(community, "whole.db") == FOUND_WRONG
        assert stored(tmp_path / "copbot.db") == stored(tmp_path / "whole.db")
        assert len(stored(tmp_path / "copbot.db")) == 3 * THREADS

        with Running(community):
            workspace.post(community.data, community.ana, "live")
            assert in_here(community, "copbot.db") == FOUND_WRONG
            workspace.wait_for(lambda: len(stored(tmp_path / "copbot.db")) == 3 * THREADS + 1, STARTED_S)
            workspace.leave_channel(community.data, workspace.bot_user)
            missed = workspace.post(community.data, community.ana, "said while the bot was outside")
            workspace.post(community.data, community.ben, "and answered", thread_ts=missed)
            workspace.join_channel(community.data, workspace.bot_user)
            workspace.wait_for(lambda: len(stored(tmp_path / "copbot.db")) == 3 * THREADS + 3, STARTED_S)
