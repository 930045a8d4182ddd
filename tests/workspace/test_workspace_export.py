"""A standard Slack export becomes the workspace's history."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from copbot.core.errors import Mistake
from copbot.workspace.server import Workspace

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
HOUSTON = DATA / "houstondatavis-slack-2015" / "houstondatavis.slack-export.zip"

FILES: dict[str, Any] = {
    "users.json": [
        {"id": "U01", "team_id": "T77", "name": "ada", "tz": "Asia/Bangkok", "profile": {"team": "T77"}},
        {"id": "U02", "team_id": "T77", "name": "ben", "deleted": True},
        {"id": "U03", "team_id": "T99", "name": "guest of another organisation"},
        {"name": "without an id"},
    ],
    "channels.json": [
        {"id": "C01", "name": "general", "created": "1433558319", "is_general": True, "members": ["U01", "U404"]},
        {"id": "C02", "name": "quiet", "created": 1433558319, "members": None, "topic": {"value": "hush"}},
    ],
    "general/2015-06-06.json": [
        {
            "type": "message",
            "user": "U01",
            "ts": "1433600002.000001",
            "text": "reply",
            "thread_ts": "1433600000.000001",
        },
    ],
    "general/2015-06-05.json": [
        {"type": "message", "user": "U01", "ts": "1433600001.000001", "text": "second", "team": "T77"},
        {
            "type": "message",
            "user": "U02",
            "ts": "1433600000.000001",
            "text": "first",
            "reactions": [{"name": "eyes", "users": ["U01"], "count": 1}],
        },
        {"type": "message", "user": "U01", "text": "without a time"},
    ],
}


def written(folder: Path) -> Path:
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def zipped(folder: Path) -> Path:
    archive = folder / "export.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in FILES.items():
            made.writestr(name, json.dumps(content))
    return archive


@pytest.mark.parametrize("packed", [written, zipped], ids=["folder", "zip"])
def test_an_export_is_history_without_any_event(
    workspace: Workspace, client: WebClient, tmp_path: Path, packed: Any
) -> None:
    workspace.load_export(packed(tmp_path))
    assert list(workspace.envelopes) == []
    assert [m["text"] for m in workspace.messages("C01")] == ["first", "second", "reply"]
    history = client.conversations_history(channel="C01")["messages"]
    assert [(m["text"], m.get("reply_count")) for m in history] == [("second", None), ("first", 1)]
    assert history[1]["reactions"] == [{"name": "eyes", "users": ["U01"], "count": 1}]
    channels = {c["name"]: c for c in workspace.channels()}
    assert channels["general"]["members"] == ["U01", workspace.bot_user]
    assert channels["quiet"]["topic"] == "hush"


def test_the_exports_own_people_are_of_the_workspace_and_others_stay_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.load_export(written(tmp_path))
    teams = {user["id"]: user["team_id"] for user in workspace.users()}
    own = teams[workspace.bot_user]
    assert (teams["U01"], teams["U02"], teams["U03"]) == (own, own, "T99")


def test_the_bot_is_in_the_channels_named(workspace: Workspace, tmp_path: Path) -> None:
    workspace.load_export(written(tmp_path), bot_in=["#quiet"])
    inside = [c["name"] for c in workspace.channels() if workspace.bot_user in c["members"]]
    assert inside == ["quiet"]


def test_life_goes_on_after_the_history(workspace: Workspace, tmp_path: Path) -> None:
    workspace.load_export(written(tmp_path))
    ts = workspace.post("C01", "U01", "an answer", thread_ts="1433600000.000001")
    assert [m["ts"] for m in workspace.thread("C01", "1433600000.000001")][-1] == ts
    newcomer = workspace.join_workspace("cleo")
    assert newcomer in next(c["members"] for c in workspace.channels() if c["name"] == "general")


@pytest.mark.parametrize("name", ["nowhere", "empty.zip", "folder"])
def test_what_is_no_export_is_a_mistake_in_one_line(workspace: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.zip").write_bytes(b"PK no")
    with pytest.raises(Mistake, match=r"not a Slack export") as mistake:
        workspace.load_export(tmp_path / name)
    assert "\n" not in str(mistake.value)


@pytest.mark.skipif(not HOUSTON.exists(), reason=f"real histories are not here: {DATA}")
def test_a_real_history_is_served_whole(workspace: Workspace, client: WebClient) -> None:
    workspace.load_export(HOUSTON)
    everything = sum(
        len(page["messages"])
        for channel in workspace.channels()
        for page in client.conversations_history(channel=channel["id"], limit=200)
    )
    assert everything == 1382
    assert len([u for page in client.users_list(limit=50) for u in page["members"]]) == 71 + 2
