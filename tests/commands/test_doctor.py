"""``copbot doctor``: what works, what does not, and the one step that mends it."""

import json
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest

from copbot import cli
from copbot.adapters.clock import SystemClock
from copbot.workspace.server import Workspace

COMMUNITY = """
community: {id: links, name: Data Links, timezone: UTC}
channels: {discussion: ["#data"], moderators: "#mods", introductions: "#introductions"}
roles: {coordinators: [jess@example.org], moderators: [mod@example.org]}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace as the files want it, and a folder with these files."""
    workspace = Workspace(SystemClock())
    workspace.start()
    jess = workspace.add_user("jess", email="jess@example.org")
    mod = workspace.add_user("mod", email="mod@example.org")
    for name in ("data", "introductions", "mods"):
        workspace.add_channel(name, members=[jess, mod])
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "community.yaml").write_text(COMMUNITY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": databases.address(tmp_path / "copbot.db"),
    }.items():
        monkeypatch.setenv(name, value)
    yield workspace
    workspace.stop()


def examined(capsys: pytest.CaptureFixture[str], exit_code: int) -> dict[str, tuple[bool, str, str]]:
    """What is told of each thing that is wrong, or of all when everything works."""
    assert cli.main(["doctor", "--json"]) == exit_code
    told = json.loads(capsys.readouterr().out)
    assert told["works"] is (exit_code == 0)
    return {
        f"{one['about']}": (one["works"], one["says"], one["mend"])
        for one in told["findings"]
        if exit_code == 0 or not one["works"]
    }


def test_where_everything_works_it_says_so(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    found = examined(capsys, 0)
    assert set(found) >= {"files", "database", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "clock", "scopes"}
    assert found["channel #data"] == (True, "I am in it", "")
    assert found["role jess@example.org"] == (True, "is there", "")
    assert workspace.bot_token not in str(found)

    assert cli.main(["doctor"]) == 0
    assert "works  channel #data: I am in it" in capsys.readouterr().out


def test_a_missing_scope_is_named_with_what_it_is_for(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.scopes.discard("pins:write")
    assert examined(capsys, 1) == {
        "scopes": (
            False,
            "pins:write is missing, to keep a post or the milestones at hand",
            "update the app from `copbot manifest` at api.slack.com/apps, and install it again",
        )
    }


def test_channels_and_people_that_are_not_as_the_files_say(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.leave_channel(workspace.channel_id("data"), workspace.bot_user)
    workspace.archive(workspace.channel_id("introductions"))
    mod = next(user["id"] for user in workspace.users() if user["name"] == "mod")
    workspace.change_user(mod, deleted=True)
    file = Path("schedules/community.yaml")
    file.write_text(file.read_text().replace("jess@example.org", "jes@example.org").replace('"#mods"', '"#mod"'))
    found = examined(capsys, 1)
    assert found["channel #data"] == (False, "I am not in it", "`/invite @copbot` in #data")
    assert found["channel #introductions"][1] == "it is archived"
    assert found["channel #mod"][1].startswith("Slack knows no such channel")
    assert found["role jes@example.org"][1] == "nobody has this address"
    assert found["role mod@example.org"][1] in ("has left", "nobody has this address")


def test_a_token_that_slack_refuses_and_one_that_is_not_there(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.faults.add("auth.test", "error", times=1, error="token_revoked")
    assert "install the app again" in examined(capsys, 1)["SLACK_BOT_TOKEN"][2]
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert "SLACK_BOT_TOKEN" in examined(capsys, 1)


@pytest.mark.sqlite("a file's mode")
def test_roll_ups_that_differ_from_the_facts_and_rights_that_are_too_wide(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # Given a database with a message, whose roll-up somebody changed by hand, and which all may open
    export = tmp_path / "export" / "data"
    export.mkdir(parents=True)
    (tmp_path / "export" / "users.json").write_text('[{"id": "U1", "name": "ana"}]')
    (tmp_path / "export" / "channels.json").write_text('[{"id": "C1", "name": "data"}]')
    (export / "2026-11-02.json").write_text(
        '[{"type": "message", "user": "U1", "ts": "1793610000.000100", "text": "Hello"}]'
    )
    assert cli.main(["import", str(tmp_path / "export")]) == 0
    databases.do(tmp_path / "copbot.db", "DELETE FROM message")
    (tmp_path / "copbot.db").chmod(0o644)
    capsys.readouterr()

    found = examined(capsys, 1)
    assert found["roll-ups"] == (False, "1 day differ from the facts", "copbot rebuild")
    if not databases.on_postgresql():
        assert found["database"][2] == f"chmod 600 {tmp_path / 'copbot.db'}"

    # When its advice is followed, then all works
    assert cli.main(["rebuild"]) == 0
    (tmp_path / "copbot.db").chmod(0o600)
    capsys.readouterr()
    assert "roll-ups" in examined(capsys, 0)


@pytest.mark.postgresql
def test_a_server_that_is_away_is_no_damage_and_its_password_is_not_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://cop:hushhush@127.0.0.1:1/copbot")
    works, says, mend = examined(capsys, 1)["database"]
    assert (works, "connection failed" in says, "hushhush" in says) == (False, True, False)
    assert "see that the server runs" in mend


def test_files_with_a_mistake(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    Path("schedules/community.yaml").write_text(COMMUNITY.replace("timezone: UTC", "timezone: Mars"))
    assert "community.yaml:2:" in examined(capsys, 1)["files"][1]
