"""`copbot when`, from the command line, on a history that was imported."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import pytest
from histories import export_zip

from copbot.cli import main

START = datetime(2020, 1, 6, 14, 5, tzinfo=UTC)  # a Monday


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Ten weeks in 2020: six people write in #data at 14:05 UTC on working days, and a bot every night."""
    users = [{"id": f"U{number}", "name": f"u{number}"} for number in range(6)]
    files: dict[str, object] = {
        "users.json": [*users, {"id": "UBOT", "name": "feed", "is_bot": True}],
        "channels.json": [{"id": "C1", "name": "data"}, {"id": "C2", "name": "empty"}],
    }
    for number in range(70):
        day = START + timedelta(days=number)
        people = [] if day.weekday() > 4 else users
        said = [
            {"type": "message", "user": user["id"], "text": "x", "ts": f"{int(day.timestamp())}.{n:06d}"}
            for n, user in enumerate(people)
        ]
        night = int((day - timedelta(hours=11)).timestamp())
        noise = [
            {"type": "message", "user": "UBOT", "bot_id": "B1", "text": "x", "ts": f"{night}.{n:06d}"}
            for n in range(40)
        ]
        files[f"data/{day:%Y-%m-%d}.json"] = noise + said
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", databases.address(tmp_path / "c.db"))
    assert main(["import", str(export_zip(tmp_path / "e.zip", files))]) == 0
    capsys.readouterr()
    return tmp_path


def test_it_needs_no_community_and_draws_the_end_of_an_old_history(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["when", "data"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Best time to post in #data (UTC): Mon 14:00: ")
    assert lines[0].endswith("times the average allowed hour, from 300 messages by 6 members over 10 weeks")
    assert lines[1] == "As of 2020-03-14: nothing that was written there after it is stored."
    assert [line[:3] for line in lines[4:11]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.mark.parametrize("asked", ["#data", "data", "C1"])
def test_as_json_by_name_or_id(imported: Path, capsys: pytest.CaptureFixture[str], asked: str) -> None:
    assert main(["when", asked, "--timezone", "Asia/Kathmandu", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["timezone"] == "Asia/Kathmandu"
    assert document["best"]["hour"] == 19  # 14:05 UTC is 19:50 there
    assert document["evidence"]["messages"] == 300, "bots never enter"
    assert document["working_hours"] is None


def test_a_channel_without_messages_is_not_known_yet(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "empty"]) == 0
    assert "not known yet: 0 messages over 0 weeks so far" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["dta"], "dta: no such channel is stored; did you mean #data?", id="nearly"),
        pytest.param(["zzz"], "zzz: no such channel is stored: there is #data, #empty", id="not at all"),
        pytest.param(["data", "--timezone", "Mars"], "--timezone Mars: there is no such time zone", id="zone"),
        pytest.param(["data", "--community", "none"], "--community none", id="community"),
    ],
)
def test_mistakes_are_one_line(
    imported: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["when", *arguments]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert said in out.err or "COPBOT_SCHEDULES_DIR" in out.err or "schedules" in out.err


def test_a_channel_of_a_community_is_seen_by_its_clock(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (imported / "schedules").mkdir()
    (imported / "schedules" / "community.yaml").write_text(
        "community: {id: tokyo, name: Tokyo, timezone: Asia/Tokyo}\n"
        'channels: {discussion: ["#data"], moderators: "#mods"}\nroles: {coordinators: [UJESS]}\n'
    )
    for more in ([], ["--community", "tokyo"]):
        assert main(["when", "data", *more]) == 0
        assert "(Asia/Tokyo): Mon 23:00" in capsys.readouterr().out
