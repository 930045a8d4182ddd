"""`copbot report`, from the command line, on a history that was imported."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import databases
import pytest
from histories import export_zip, import_from

from copbot.adapters.report import files
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.cli import main

COMMUNITY = """
community: {{id: {id}, name: "{name}", timezone: Asia/Tokyo}}
channels: {{discussion: ["{channel}"], moderators: "#mods"}}
roles: {{coordinators: [UJESS]}}
"""


def _said(user: str, at: datetime, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": f"{at.timestamp():.6f}", "text": text, **more}


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page as its sentences alone: drawing takes longer than all the rest."""
    monkeypatch.setattr(files, "page", lambda report: "\n".join(report.part.sentences))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """August to October 2020 in #data and #データ: six people, a question a day, answered on even days."""
    users = [{"id": f"U{number}", "name": f"person-{number}", "real_name": f"Person {number}"} for number in range(6)]
    history: dict[str, object] = {
        "users.json": users,
        "channels.json": [{"id": "C1", "name": "data"}, {"id": "C2", "name": "データ"}],
    }
    for number in range(92):
        day = datetime(2020, 8, 1, 9, tzinfo=UTC) + timedelta(days=number)
        asked = _said(f"U{number % 6}", day, "Does anybody know how to link registers?")
        answer = _said(f"U{(number + 1) % 6}", day + timedelta(hours=1), "Yes.", thread_ts=asked["ts"])
        history[f"data/{day:%Y-%m-%d}.json"] = [asked, *([answer] if day.day % 2 == 0 else [])]
    history["データ/2020-10-01.json"] = [_said("U1", datetime(2020, 10, 1, 9, tzinfo=UTC), "Hello.")]
    folder = tmp_path_factory.mktemp("history")
    engine = open_engine(databases.address(folder / "c.db"))
    migrate(engine)
    import_from(SqlStore(engine, the_team(engine)), export_zip(folder / "e.zip", history))
    engine.dispose()
    return folder / "c.db"


@pytest.fixture
def imported(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with that database."""
    databases.copied(database, tmp_path / "c.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", databases.address(tmp_path / "c.db"))
    return tmp_path


def folder_of(path: Path, **communities: str) -> None:
    """A folder of communities, by id, with the name of their channel."""
    for name, channel in communities.items():
        folder = path / "schedules" / name
        folder.mkdir(parents=True)
        text = COMMUNITY.format(id=name, name=f"The {name} people", channel=channel)
        (folder / "community.yaml").write_text(text, encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["report", "--json", *options]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.usefixtures("undrawn")
def test_without_a_community_it_is_of_all_channels(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--month", "2020-10")
    assert (found["community"], found["channels"]) == ("all", ["data", "データ"])
    assert found["figures"]["messages"] | {"label": "", "test": "", "direction": ""} == {
        "key": "messages",
        "label": "",
        "now": 47,
        "before": 45,
        "low": None,
        "high": None,
        "direction": "",
        "is_clear": False,
        "change": "no clear change",
        "test": "",
    }
    assert found["figures"]["answered_24h"]["now"] == pytest.approx(15 / 30)  # the last one is not a day old
    assert [row["questions"] for row in found["tables"]["days"]] == [1] * 31
    assert found["files"][0] == "report-2020-10/all-2020-10.html"
    assert {Path(file).name for file in found["files"]} == {
        file.name for file in (imported / "report-2020-10").iterdir()
    }


def test_the_files_beside_it_have_the_same_figures(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--month", "2020-10", "--out", "here")
    with (imported / "here" / "all-2020-10-days.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            {key: int(cell) if cell.isdecimal() else cell for key, cell in row.items()} for row in csv.DictReader(file)
        ]
    assert rows == found["tables"]["days"]
    assert "Person 1" not in (imported / "here" / "all-2020-10.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("undrawn")
def test_names_come_only_where_they_are_asked_for(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--month", "2020-10", "--names")
    assert {row["name"] for row in found["tables"]["names-answers"]} == {"Person 1", "Person 3", "Person 5"}


@pytest.mark.usefixtures("undrawn")
def test_the_one_community_of_whose_channels_something_is_stored_is_meant(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder_of(imported, data="#data", elsewhere="#nowhere")
    found = told(capsys, "--month", "2020-10")
    assert (found["community"], found["name"], found["timezone"]) == ("data", "The data people", "Asia/Tokyo")
    assert found["channels"] == ["data"]


@pytest.mark.usefixtures("undrawn")
def test_of_several_one_is_named(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder_of(imported, data="#data", japan="#データ")
    assert main(["report", "--month", "2020-10"]) == 2
    assert "--community: name one of data, japan" in capsys.readouterr().err
    assert told(capsys, "--month", "2020-10", "--community", "japan")["sentences"][0].startswith(
        "In October 2020, 1 person wrote 1 message"
    )


@pytest.mark.usefixtures("undrawn")
def test_a_month_without_anything_makes_a_short_honest_report(
    imported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--month", "2021-05"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "No message by a person is stored for May 2021 in 2 channels.",
        "The last message stored there is from October 2020 (2020-10).",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--month", "2199-01"], "--month January 2199 has not begun yet"),
        (["--month", "soon"], "--month soon: not a month: write one such as"),
        (["--timezone", "Mars"], "--timezone Mars: there is no such time zone"),
        (["--community", "maps"], "there is no such folder"),
        pytest.param(
            *(["--out", "c.db"], "--out c.db: this is no folder"),
            marks=pytest.mark.sqlite("its file is what is in the way"),
        ),
    ],
)
def test_wrong_use_is_told_in_one_line(
    imported: Path, capsys: pytest.CaptureFixture[str], options: list[str], expected: str
) -> None:
    assert main(["report", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert expected in line


def test_without_a_database_there_is_nothing_to_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report"]) == 2
    assert "there is no database" in capsys.readouterr().err
