"""An operator's day: a bot that makes its own backup, a backup by hand beside it, a disk that is lost, and the backup put back."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from running import Community, Running

from copbot import cli
from copbot.adapters.store.backup import backups_in
from copbot.adapters.store.sqlite_files import look_through

pytestmark = [pytest.mark.sqlite("the backup is a file beside the database"), pytest.mark.usefixtures("as_it_was")]


def test_a_lost_database_is_put_back_and_nobody_is_welcomed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Community(tmp_path) as community:
        workspace = community.workspace
        monkeypatch.chdir(tmp_path)
        for name, value in community.environment().items():
            monkeypatch.setenv(name, value)
        community.write("schedules/backup.yaml", "backup: {keep: 2}\n")

        # Given a bot at work, which makes its first backup by itself
        with Running(community) as bot:
            workspace.wait_for(lambda: bool(backups_in(tmp_path / "backups")), timeout=120)
            cli.main(["doctor", "--json"])
            found = {one["about"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
            assert found["processes"]["says"] == "`copbot run` is at work on this database"
            assert found["backup"]["works"]

            # When the operator makes one too, and somebody joins after it
            assert cli.main(["backup", "by-hand.db"]) == 0
            newcomer = workspace.join_workspace("new", real_name="New")
            workspace.wait_for(lambda: len(community.said(workspace.dm(newcomer))) == 1, timeout=120)

            # Then nothing is put back over a database that is in use
            assert cli.main(["restore", "by-hand.db", "--force"]) == 2
            assert "copbot.db is in use: stop `copbot run`" in capsys.readouterr().err
            bot.stop()

        # When the disk is damaged, and the backup put back
        damaged = (tmp_path / "copbot.db").read_bytes()[:20_000]
        (tmp_path / "copbot.db").write_bytes(damaged)
        assert cli.main(["restore", "by-hand.db", "--force"]) == 0
        assert look_through(tmp_path / "copbot.db").rows["message"] == 0

        # Then the bot finds the newcomer again, and that they were welcomed: what comes after is said, the welcome is not
        with Running(community):
            later = workspace.join_workspace("later", real_name="Later")
            workspace.wait_for(lambda: len(community.said(workspace.dm(later))) == 1, timeout=120)
            workspace.wait_for(lambda: settled(tmp_path / "copbot.db", newcomer), timeout=120)
        assert len(community.said(workspace.dm(newcomer))) == 1


def settled(database: Path, user: str) -> bool:
    """Whether the bot knows of a message to somebody that it was sent."""
    with closing(sqlite3.connect(database)) as connection:
        asked = "SELECT count(*) FROM delivery WHERE target = ? AND state = 'sent'"
        return bool(connection.execute(asked, (user,)).fetchone()[0])
