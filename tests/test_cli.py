"""The command line as a person meets it."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import databases
import pytest

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.facts import SqlFacts
from copbot.cli import command_names, main
from copbot.core.facts import Fact
from copbot.features.history import service
from copbot.settings import Settings, load_settings

COMMUNITY = """
community: {id: links, name: Data Links, timezone: Asia/Bangkok}
channels: {discussion: ["#data"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""
POSTS = """
posts:
  - {id: call, channel: "#data", when: {every: week, at: "10:00", on: [tue]}, text: Hello}
"""


pytestmark = pytest.mark.usefixtures("as_it_was")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    databases.commands_use(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def files(folder: Path) -> Path:
    (folder / "schedules").mkdir()
    (folder / "prompts").mkdir()
    (folder / "schedules/community.yaml").write_text(COMMUNITY)
    (folder / "schedules/posts.yaml").write_text(POSTS)
    return folder


def export(folder: Path) -> Path:
    """A small Slack export."""
    root = folder / "export"
    (root / "data").mkdir(parents=True)
    users = [{"id": f"U000000{n}", "name": f"u{n}", "profile": {}} for n in (1, 2)]
    (root / "users.json").write_text(json.dumps(users))
    channel = {"id": "C0000001", "name": "data", "members": ["U0000001", "U0000002"]}
    (root / "channels.json").write_text(json.dumps([channel]))
    messages = [
        {"type": "message", "user": "U0000001", "text": "Which key do you use?", "ts": "1764585000.000100"},
        {"type": "message", "user": "U0000002", "text": "The number", "ts": "1764585060.000100", "thread_ts": "1764585000.000100"},
        {"type": "message", "user": "U0000002", "text": "no time"},
    ]  # fmt: skip
    (root / "data/2025-12-01.json").write_text(json.dumps(messages))
    return root


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert all(name in out for name in command_names())


@pytest.mark.parametrize("arguments", [[], ["dance"], ["stats"], ["stats", "luck"], ["check", "--next", "many"]])
def test_wrong_use_is_exit_code_2_and_says_what_there_is(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: copbot" in capsys.readouterr().err


def test_check_prints_the_timetable_with_reasons(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--next", "2"]) == 0
    out = capsys.readouterr().out
    assert "Data Links: in order. 1 post" in out
    assert len(re.findall(r"Tue .* 10:00  call in #data: as the schedule says", out)) == 2
    assert not (files / "copbot.db").exists(), "checking makes no database"


def test_check_tells_every_mistake_with_its_place(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "schedules/posts.yaml").write_text('posts:\n  - {id: call, channel: "#data", when: {every: weak}}\n')
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(re.match(r"schedules/posts\.yaml:2:\d+: |     2 \| |       \| +\^", line) for line in lines)

    assert main(["check", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["problems"][0]["file"] == "schedules/posts.yaml"
    assert document["problems"][0]["line"] == 2
    assert document["coming"] == []


def test_check_without_any_files_says_where_they_belong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    assert "COPBOT_SCHEDULES_DIR" in capsys.readouterr().out


def test_import_and_stats_need_no_community_and_no_token(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(export(folder))]) == 0
    out = capsys.readouterr().out
    assert "2 messages new, 0 known already" in out
    assert "no timestamp" in out or "without a proper timestamp" in out

    assert main(["import", str(folder / "export"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == {"new": 0, "known": 2}

    assert main(["stats", "threads", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["roots"], document["answered"]) == (1, 1)
    assert document["median_seconds_to_first_answer"] == 60.0
    for figure in ("activity", "threads", "members", "retention", "newcomers"):
        assert main(["stats", figure]) == 0
        assert capsys.readouterr().out
        assert (
            main(["stats", figure, "--json", "--channel", "data", "--since", "2015-01-01", "--timezone", "Asia/Tokyo"])
            == 0
        )
        assert json.loads(capsys.readouterr().out)


def test_rebuild_works_out_the_roll_ups_again_and_compares_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(export(folder))]) == 0
    assert main(["rebuild", "--check"]) == 0
    assert "All roll-ups are what their facts give." in capsys.readouterr().out
    engine = open_engine(load_settings().database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM day_rollup")
    engine.dispose()
    assert main(["rebuild", "--check"]) == 1
    out = capsys.readouterr().out
    assert "0 rolled up, 2 by the facts" in out
    assert "Mend: copbot rebuild" in out
    assert main(["rebuild", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["contributions"], done["resumed"]) == (2, False)
    assert main(["rebuild", "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"differences": [], "channels_left": 0, "days_left": 0}
    assert main(["rebuild"]) == 0
    assert "messages and reactions" in capsys.readouterr().out


def test_stats_of_a_community_use_its_channels_and_zone(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(export(files))])
    capsys.readouterr()
    assert main(["stats", "activity", "--community", "links", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["timezone"] == "Asia/Bangkok"
    assert document["messages"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "SLACK_BOT_TOKEN is not set"),
        (["import", "nothing.zip"], "nothing.zip"),
        pytest.param(
            *(["stats", "threads"], "there is no database"), marks=pytest.mark.sqlite("a file that is not there")
        ),
        (["stats", "threads", "--community", "other"], "other"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    files: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("copbot: ")
    assert says in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("channels", "keep", "kept"),
    [
        ("#data", "none", []),
        ("C0000001", "all", ["Which key do you use?", "The number"]),
        ("#data", "everything", []),
    ],
)
def test_an_import_keeps_the_texts_that_the_files_allow_also_when_they_change(
    files: Path, capsys: pytest.CaptureFixture[str], channels: str, keep: str, kept: list[str]
) -> None:
    (files / "schedules").rename(files / "away")
    day = export(files) / "data/2025-12-01.json"
    day.write_text(json.dumps(json.loads(day.read_text())[:2]))
    main(["import", "export"])
    here = files / "copbot.db"
    assert databases.rows(here, "SELECT text FROM message WHERE text IS NOT NULL") == [("Which key do you use?",)]
    databases.do(here, "UPDATE message SET text = NULL")
    (files / "away").rename(files / "schedules")
    changed = COMMUNITY.replace("#data", channels) + f"privacy: {{keep_text: {keep}}}\n"
    (files / "schedules/community.yaml").write_text(changed)
    assert main(["import", "export"]) == 0
    found = databases.rows(here, "SELECT text FROM message WHERE text IS NOT NULL ORDER BY ts_us")
    assert [text for (text,) in found] == kept
    assert ("no text is kept until that is mended" in capsys.readouterr().err) == (keep == "everything")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_import_says_so_and_goes_on_the_next_time(
    folder: Path, number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export(folder)
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    record = SqlFacts.record

    def record_and_stop(self: SqlFacts, facts: Iterable[Fact]) -> int:
        signal.raise_signal(number)
        return record(self, facts)

    with monkeypatch.context() as patched:
        patched.setattr(service, "BATCH", 1)
        patched.setattr(SqlFacts, "record", record_and_stop)
        assert main(["import", "export"]) == 130
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers
    assert main(["import", "export"]) == 0
    assert "2 messages new" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "sqlite:///.", "sqlite+none:///export"])
@pytest.mark.parametrize("arguments", [["import", "export"], ["stats", "threads"]])
def test_a_database_that_can_keep_nothing_is_refused_in_one_line(
    folder: Path,
    address: str,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    export(folder)
    monkeypatch.setenv("DATABASE_URL", address)
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("copbot: DATABASE_URL")
    assert told.count("\n") == 1


@pytest.mark.parametrize(("reader", "code"), [("| true", 0), ("| head -1", 0), (">&-", 0), ("> /dev/full", 2)])
def test_whoever_reads_may_stop_or_have_no_room(folder: Path, reader: str, code: int) -> None:
    if "full" in reader and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f"set -o pipefail; '{sys.executable}' -m copbot manifest {reader}"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert ended.returncode == code
    assert ended.stderr.count("\n") == (1 if code else 0)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--timezone", "Asia/Bangkog", "did you mean Asia/Bangkok?"),
        ("--since", "last tuesday", "not a date"),
        ("--channel", "#dat", "did you mean #data?"),
    ],
)
def test_a_mistaken_option_says_how_to_mend_it(
    folder: Path, option: str, value: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(export(folder))])
    capsys.readouterr()
    assert main(["stats", "activity", option, value]) == 2
    assert says in capsys.readouterr().err


def test_the_manifest_has_the_commands_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPBOT_COMMAND", "/practice")
    assert main(["manifest"]) == 0
    assert "command: /practice" in capsys.readouterr().out
