"""What is stored about a person is told to them, handed to them and erased, while the bot runs; and what was refused is on record."""

import sqlite3
from pathlib import Path

import pytest
from running import COMMUNITY, Community, Running, knows

from copbot.cli import main


def one(community: Community, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(community.folder / "copbot.db") as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def heard(community: Community, user: str, words: str) -> bool:
    return any(words in str(seen) for seen in community.workspace.ephemerals(user))


@pytest.mark.usefixtures("as_it_was")
def test_a_person_reads_takes_and_erases_what_is_stored_about_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Community(tmp_path) as community, Running(community):
        workspace, ana, ben = community.workspace, community.ana, community.ben
        workspace.wait_for(lambda: knows(community, ana) and knows(community, ben))
        workspace.post(community.data, ana, "How do I link two registers?")
        workspace.post(community.data, ben, "What is a register?")
        workspace.wait_for(lambda: len(one(community, "SELECT 1 FROM message")) == 2)

        # When Ana asks what is stored, then she reads it alone, and gets her copy as a file in her direct message
        workspace.command(ana, community.data, "/cop", "privacy")
        workspace.wait_for(lambda: heard(community, ana, "one message: where and when"))
        workspace.press_ephemeral(ana, "last", "privacy:export")
        dm = workspace.wait_for(lambda: workspace.dm(ana))
        workspace.wait_for(lambda: any(message.get("files") for message in workspace.messages(dm)))

        # When she has everything erased, then from that moment on nothing has her name
        workspace.command(ana, community.data, "/cop", "privacy")
        workspace.wait_for(lambda: len(workspace.ephemerals(ana)) >= 3)
        workspace.press_ephemeral(ana, "last", "privacy:erase")
        workspace.wait_for(lambda: workspace.view_of(ana))
        assert workspace.submit(ana, {"sure": ["yes"]}) == {}
        workspace.wait_for(lambda: "It has begun" in str(workspace.view_of(ana)))
        workspace.post(community.data, ana, "One more")
        workspace.wait_for(lambda: len(one(community, "SELECT 1 FROM message")) == 3)
        assert len(one(community, "SELECT 1 FROM slack_user WHERE slack_id = 'nobody'")) == 1

        # When Ben tries what moderators do, and Jess changes a file, then both are on record
        workspace.command(ben, community.data, "/cop", "unanswered")
        workspace.wait_for(lambda: heard(community, ben, "Moderators can do this."))
        community.write("schedules/community.yaml", COMMUNITY.replace("linking data", "linking registers"))
        workspace.command(community.jess, community.data, "/cop", "reload")
        workspace.wait_for(lambda: heard(community, community.jess, "in force"))
        workspace.wait_for(lambda: len(one(community, "SELECT 1 FROM audit")) == 2)
        assert set(one(community, "SELECT actor, action, subject FROM audit")) == {
            (ben, "was refused", "command unanswered"),
            ("", "changed", "schedules/community.yaml"),
        }

        # And the operator erases Ben beside the running bot, which goes on
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/copbot.db")
        assert main(["forget", ben, "--yes"]) == 0
        assert one(community, f"SELECT 1 FROM slack_user WHERE slack_id = '{ben}'") == []
        workspace.post(community.data, ben, "And another")
        workspace.wait_for(lambda: len(one(community, "SELECT 1 FROM message")) == 4)
        assert one(community, f"SELECT 1 FROM slack_user WHERE slack_id = '{ben}'") == []
