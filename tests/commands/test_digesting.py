"""`copbot digest` and `copbot preview digest`, from the command line, on a history that was imported."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import databases
import pytest
from histories import export_zip, import_from

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import bind_team, migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.cli import main

FILE = """
community: {id: data, name: Data Links, timezone: Asia/Tokyo}
channels: {discussion: ["#data", "#secret"], moderators: "#mods"}
roles: {coordinators: [UJESS]}
"""
NOW = datetime.now(UTC).replace(microsecond=0)


def _said(user: str, ago: timedelta, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": f"{(NOW - ago).timestamp():.6f}", "text": text, **more}


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Last week in #data: a question that waits and one with an answer; #secret is private."""
    asked = _said("U1", timedelta(days=3), "How do you link <@U2> registers? :pray:")
    answer = _said("U2", timedelta(days=2), "By address.", thread_ts=asked["ts"])
    old = _said("U1", timedelta(days=9), "Does anybody remember last year?")
    secret = _said("U1", timedelta(days=1), "Who knows the secret?")
    waiting = _said("U2", timedelta(days=1), "Who has a form for site visits?")
    history: dict[str, object] = {
        "users.json": [{"id": f"U{number}", "name": f"person-{number}"} for number in (1, 2)],
        "channels.json": [{"id": "C1", "name": "data"}],
        "groups.json": [{"id": "C2", "name": "secret"}],
        "data/2020-01-01.json": [old, asked, answer, waiting],
        "secret/2020-01-01.json": [secret],
    }
    engine = open_engine(databases.address(tmp_path / "c.db"))
    migrate(engine)
    store = SqlStore(engine, the_team(engine))
    import_from(store, export_zip(tmp_path / "e.zip", history))
    engine.dispose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", databases.address(tmp_path / "c.db"))
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules" / "community.yaml").write_text(FILE)
    (tmp_path / "prompts").mkdir()
    return tmp_path


def test_a_page_and_a_text_to_send_on(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--out", "sent"]) == 0
    assert capsys.readouterr().out == (
        "3 messages in #data.\n1 waiting, 1 answered\nLeft out, because not everybody may read it: #secret\n\n"
        "sent/digest.html and sent/digest.txt\n"
    )
    told = (imported / "sent" / "digest.txt").read_text()
    assert "* Who has a form for site visits?\n" in told
    assert "* How do you link @person-2 registers?\n" in told
    assert "last year" not in told
    assert "https://slack.com/archives/C1/p" in told


def test_nothing_is_told_of_a_private_channel(imported: Path) -> None:
    assert main(["digest", "--out", "sent"]) == 0
    for name in ("digest.txt", "digest.html"):
        told = (imported / "sent" / name).read_text()
        assert "secret" not in told, "not even that there is such a channel"
        assert "Channels that not everybody may read are left out." in told


def test_its_addresses_are_the_workspaces_once_the_bot_was_there(imported: Path) -> None:
    engine = open_engine(databases.address(imported / "c.db"))
    bind_team(engine, "T1", "One", "U9", "https://one.slack.com/")
    bind_team(engine, "T1", "One", "U9")
    engine.dispose()
    assert main(["digest", "--out", "sent"]) == 0
    assert "https://one.slack.com/archives/C1/p" in (imported / "sent" / "digest.txt").read_text()


def test_from_another_day_on_and_as_one_document(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    since = f"{NOW - timedelta(days=20):%Y-%m-%d}"
    assert main(["digest", "--since", since, "--community", "data", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["messages"], made["people"], made["left_out"]) == (4, None, ["secret"])
    assert made["since"].startswith(since)
    assert [line["title"] for line in made["sections"]["waits"]] == [
        *("Does anybody remember last year?", "Who has a form for site visits?")
    ]
    assert all((imported / file).exists() for file in made["files"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "lastweek"], "--since lastweek: not a date: write one such as 2026-01-31"),
        (["--since", "2099-01-01"], "--since 2099-01-01: this is not over yet: write a day before today"),
        (["--community", "maps"], "--community maps: there is no such community"),
    ],
)
def test_a_mistake_is_one_clear_line(
    imported: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["digest", *arguments]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"copbot: {said}")
    assert told.err.count("\n") == 1
    assert not told.out


def test_without_files_everything_that_is_stored_is_one_community(imported: Path) -> None:
    (imported / "schedules" / "community.yaml").unlink()
    (imported / "schedules").rmdir()
    assert main(["digest", "--out", "sent"]) == 0
    assert (imported / "sent" / "digest.txt").read_text().startswith("All channels: what was talked about\n")


def test_a_preview_shows_a_members_own(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "digest", "--as", "Zoe"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("\ndigest  a direct message to Zoe")
    assert "Would" not in shown
    assert "*Waits for an answer:* Who has a form for site visits?" in " ".join(shown.replace("|", " ").split())
    assert "secret?" not in shown
