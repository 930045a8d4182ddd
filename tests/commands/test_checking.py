"""``copbot check``: mistakes with their line, else what is unwise at its place, and the timetable."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeClock

from copbot.cli import main
from copbot.commands.checking import Checked, check, lines, summary
from copbot.core.facts import ChannelSeen, Fact, MessageSeen
from copbot.core.time import to_us
from copbot.settings import load_settings
from copbot.stores import open_store

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)

COMMUNITY = """\
community: {id: data, name: Data Links, timezone: UTC}
channels: {discussion: ["#data"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""
POSTS = """\
posts:
  - id: ask
    channel: "#data"
    when: {every: week, at: "10:00", on: [tue]}
    prompt: ask.j2
    questions: questions.txt
  - id: call
    channel: "#data"
    when: {every: week, at: "10:30", on: [tue]}
    text: Our call
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community in order, with two posts close together and two questions."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("SLACK_", "COPBOT_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    write(tmp_path, "schedules/community.yaml", COMMUNITY)
    write(tmp_path, "schedules/posts.yaml", POSTS)
    write(tmp_path, "schedules/questions.txt", "# Ours\nWhy?\n- " + "How? " * 90 + "\n")
    write(tmp_path, "prompts/ask.j2", "{% include 'frame.j2' %}{{ question }}")
    write(tmp_path, "prompts/ask.fr.j2", "{{ question }}")
    write(tmp_path, "prompts/frame.j2", "Hello ")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(text, encoding="utf-8")


def checked(count: int = 5) -> Checked:
    return check(load_settings(), FakeClock(NOW), count)


def said(found: Checked) -> list[str]:
    return list(lines(found, styled=False))


def test_the_example_community_is_in_order_and_nothing_in_it_is_unwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/copbot.db")
    for weeks in range(0, 150, 21):  # also when months, weeks and first Thursdays fall together
        found = check(load_settings(), FakeClock(NOW + timedelta(weeks=weeks)), 1)
        assert (found.found.problems, found.warnings) == ((), ()), weeks


def test_what_is_unwise_is_told_at_its_place_before_the_timetable(files: Path) -> None:
    out = said(checked(2))
    places = [line.partition(": warning: ")[0] for line in out if ": warning: " in line]
    assert places == ["schedules/posts.yaml:6:16", "schedules/posts.yaml:9:11", "schedules/questions.txt:3:3"]
    assert out[0] == (
        "schedules/posts.yaml:6:16: warning: the 2 questions are used up and come again on Tue 1 Dec, which is within two"
        " months: add some"
    )
    assert out[1:3] == [
        "     6 |     questions: questions.txt",
        "       |                ^^^^^^^^^^^^^ add some",
    ]
    assert out[-4] == "Data Links: in order. 2 posts; next:"
    assert out[-3].startswith("  Tue 17 Nov 2026 10:00  ask in #data: ")


def test_warnings_fail_nothing(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert ": warning: " in capsys.readouterr().out
    assert not (files / "copbot.db").exists()


def test_several_mistakes_each_with_its_line(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        files,
        "schedules/posts.yaml",
        POSTS.replace("every: week", "every: weak").replace("questions.txt", "qestions.txt"),
    )
    assert main(["check"]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "schedules/posts.yaml:4:19: `weak` cannot stand for `every`: did you mean `week`?",
        '     4 |     when: {every: weak, at: "10:00", on: [tue]}',
        "       |                   ^^^^ did you mean `week`?",
        "schedules/posts.yaml:6:16: there is no file `qestions.txt` in this folder: did you mean `questions.txt`?",
        "     6 |     questions: qestions.txt",
        "       |                ^^^^^^^^^^^^ did you mean `questions.txt`?",
        "schedules/posts.yaml:9:19: `weak` cannot stand for `every`: did you mean `week`?",
        '     9 |     when: {every: weak, at: "10:30", on: [tue]}',
        "       |                   ^^^^ did you mean `week`?",
    ]
    assert captured.err.startswith("3 mistakes in 1 file. ")


def test_a_mistake_in_a_file_that_cannot_be_read_has_no_line(files: Path) -> None:
    (files / "schedules/questions.txt").write_bytes(b"Why?\nCaf\xe9")
    assert said(checked()) == ["schedules/questions.txt:2:4: this is not UTF-8 text: save the file again as UTF-8"]


def test_a_prompt_that_nothing_names(files: Path) -> None:
    write(files, "prompts/old.j2", "x")
    write(files, "prompts/elsewhere/ask.j2", "x")
    write(files, "prompts/recognition.j2", "thanks")  # used where it is there
    unused = [warning.file for warning in checked().warnings if "no file names this prompt" in warning.message]
    assert unused == ["prompts/elsewhere/ask.j2", "prompts/old.j2"]


def test_a_slip_in_the_name_of_a_prompt_that_no_file_names(files: Path) -> None:
    write(files, "prompts/recogniton.j2", "thanks")
    (line,) = [warning.message for warning in checked().warnings if warning.file.startswith("prompts/")]
    assert line == "no file names this prompt: did you mean `recognition.j2`?"


def test_a_remark_on_a_milestone_is_at_its_date(files: Path) -> None:
    write(files, "schedules/goals.yaml", "milestones:\n  - name: The Guide\n    date: 2026-11-15\n")
    (warning,) = [one for one in checked().warnings if one.file.endswith("goals.yaml")]
    assert warning.place == "schedules/goals.yaml:3:11"


def test_a_remark_on_a_default_is_where_its_section_stands(files: Path) -> None:
    write(files, "schedules/community.yaml", COMMUNITY + "attention:\n  member: {day: 5}\n")
    (warning,) = [one for one in checked().warnings if one.file.endswith("community.yaml")]
    assert warning.place == "schedules/community.yaml:5:11"


def test_several_communities_are_told_apart(files: Path) -> None:
    for name in ("one", "two"):
        write(files, f"schedules/{name}/community.yaml", COMMUNITY.replace("data,", f"{name},"))
        write(files, f"schedules/{name}/posts.yaml", POSTS.replace("questions.txt", "[Why?]"))
    for name in ("community.yaml", "posts.yaml", "questions.txt"):
        (files / "schedules" / name).unlink()
    out = said(checked(3))
    assert {line.split(":")[0] for line in out if ": warning: " in line} == {
        "schedules/one/posts.yaml",
        "schedules/two/posts.yaml",
    }
    assert out[-6:-4] == ["Data Links: in order. 2 posts.", "Next:"]
    assert out[-4].endswith("(one)")
    assert out[-3].endswith("(two)")


# --- for programs -------------------------------------------------------------------------------------------------


def as_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["check", "--json", "--next", "3"])
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def test_json_has_mistakes_warnings_and_the_timetable(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = as_json(capsys)
    assert list(document) == ["problems", "warnings", "communities", "coming"]
    assert (document["problems"], document["communities"], len(document["coming"])) == ([], ["data"], 3)
    assert {tuple(warning) for warning in document["warnings"]} == {("file", "line", "column", "message")}
    assert {"community", "post", "channel", "opens", "at", "why", "source"} <= set(document["coming"][0])

    write(files, "schedules/posts.yaml", "posts: 3\n")
    document = as_json(capsys)
    assert (document["communities"], document["warnings"], document["coming"]) == ([], [], [])
    assert document["problems"][0] | {"message": ""} == {
        "file": "schedules/posts.yaml",
        "line": 1,
        "column": 8,
        "message": "",
    }


# --- with history -------------------------------------------------------------------------------------------------


def history(hour: int, weeks: int) -> None:
    """Five messages each weekday at one hour, over some weeks up to now."""
    monday = NOW.replace(hour=hour, minute=0) - timedelta(weeks=weeks)
    facts: list[Fact] = [ChannelSeen("CDATA", name="data")]
    for day in range(7 * weeks):
        facts += [
            MessageSeen("CDATA", to_us(monday + timedelta(days=day, minutes=n)), f"U{n}", text="x") for n in range(5)
        ]
    with open_store(load_settings()) as store, store.begin() as tx:
        tx.facts.record(facts)


@pytest.mark.parametrize(
    ("hour", "weeks", "told"), [(20, 12, True), (9, 12, False), (20, 3, False)], ids=["elsewhen", "within", "too short"]
)
def test_a_best_window_in_which_nobody_ever_wrote(files: Path, hour: int, weeks: int, told: bool) -> None:
    when = '{every: week, at: best, between: "08:00-12:00", otherwise: "wed 09:00"}'
    write(files, "schedules/posts.yaml", POSTS.replace('{every: week, at: "10:00", on: [tue]}', when))
    history(hour, weeks)
    silent = [warning for warning in checked().warnings if "nobody wrote" in warning.message]
    assert [warning.place for warning in silent] == (["schedules/posts.yaml:4:44"] if told else [])


# --- on a terminal ------------------------------------------------------------------------------------------------


def test_colours_are_for_terminals_alone(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, "schedules/posts.yaml", "posts: 3\n")
    main(["check"])
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["check"])
    out = capsys.readouterr().out
    assert "\x1b[1mschedules/posts.yaml:1:8\x1b[0m: `posts` is a list" in out
    assert "\x1b[31m       |        ^" in out


def test_the_summary_counts(files: Path) -> None:
    write(files, "schedules/posts.yaml", "posts: 3\n")
    assert summary(checked().found.problems).startswith("1 mistake in 1 file. ")
