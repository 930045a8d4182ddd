"""Questions in a file of their own: what is read as one, every mistake at its place, and nothing outside the folder."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import POSTS, written

from copbot.adapters.files import fingerprint, load, load_texts
from copbot.adapters.files.question_files import questions_in

NAMED = POSTS.replace("[What is new?]", "questions/weekly.txt")
FILE = "schedules/questions/weekly.txt"


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Why?\nHow?\n", ["Why?", "How?"]),
        ("Why?\r\nHow?".replace("\r\n", "\n"), ["Why?", "How?"]),
        ("# Ideas\n\nWhy?\n\n\nHow?\n#Who?\n", ["Why?", "How?"]),
        ("- Why?\n* How?\n• Who?\n1. When?\n12) Where?\n", ["Why?", "How?", "Who?", "When?", "Where?"]),
        ("- Why\n  is it so?\n- How?", ["Why is it so?", "How?"]),
        ("Why\n    is it so?\nHow?", ["Why is it so?", "How?"]),
        ("Why?\n\n    How?", ["Why?", "How?"]),
        ("   Why?\n", ["Why?"]),
        ("- Why?\n  - How?\n", ["Why?", "How?"]),
        ("3 things that you learned?\n-1 or 1?\n", ["3 things that you learned?", "-1 or 1?"]),
        ("Why?\n---\n***\n===\nHow?", ["Why?", "How?"]),
        ("<!-- not yet -->\nWhy?", ["Why?"]),
        ("*Why* so?\n", ["*Why* so?"]),
        ("- \n-\n1.\n", []),
        ("ทำไม?\nلماذا؟\n", ["ทำไม?", "لماذا؟"]),
    ],
)
def test_what_is_read_as_a_question(text: str, questions: list[str]) -> None:
    assert [question.text for question in questions_in(text)] == questions


def test_each_question_is_known_with_its_line_and_column() -> None:
    found = questions_in("# Ideas\n- Why\n  so?\n\n  2. How?\n")
    assert [(question.line, question.column) for question in found] == [(2, 3), (5, 6)]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for question in questions_in(text):
        assert question.text.strip()
        assert "\n" not in question.text
        line = text.split("\n")[question.line - 1]
        assert question.text.startswith(line[question.column - 1 :].strip())


def test_a_file_stands_for_its_questions() -> None:
    found = load_texts(written(posts=NAMED) | {FILE: "- Why?\n- How?\n"})
    assert found.problems == ()
    assert found.communities[0].posts[0].questions == ("Why?", "How?")
    assert found.files[FILE] == "- Why?\n- How?\n"
    assert load_texts(found.files).communities == found.communities


def test_a_file_is_found_from_the_folder_of_the_one_that_names_it() -> None:
    files = {name.replace("schedules/", "schedules/maps/"): text for name, text in written(posts=NAMED).items()}
    found = load_texts(files | {"schedules/maps/questions/weekly.txt": "Why?", FILE: "How?"})
    assert found.communities[0].posts[0].questions == ("Why?",)
    assert FILE not in found.files


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("questions/weekly.txt", "", "weekly.txt:1:1: no question stands in this file: write one on each line"),
        ("questions/weekly.txt", "# soon\n", "weekly.txt:1:1: no question stands in this file: write one on each line"),
        (
            "questions/weekly.txt",
            "Why?\n\n- Why?\n",
            "weekly.txt:3:3: `Why?` stands here twice (first on line 1): delete one of them",
        ),
        (
            "questions/weekly.txt",
            "x" * 4001,
            "weekly.txt:1:1: this question has 4,001 characters, and a message 4,000: shorten it",
        ),
        (
            "questions/wekly.txt",
            "Why?",
            "posts.yaml:6:16: there is no file `questions/wekly.txt` in this folder: did you mean `questions/weekly.txt`?",
        ),
        (
            "../weekly.txt",
            "Why?",
            "posts.yaml:6:16: `../weekly.txt` leads out of this folder: put the file into it, and name it from here",
        ),
        (
            "/etc/hosts.txt",
            "Why?",
            "posts.yaml:6:16: `/etc/hosts.txt` leads out of this folder: put the file into it, and name it from here",
        ),
        (
            "questions/weekly.csv",
            "Why?",
            "posts.yaml:6:16: `questions/weekly.csv` is neither a list of questions nor a file of them: begin each with - on its"
            " own line, or name a file such as questions/weekly.txt",
        ),
    ],
)
def test_mistakes(name: str, content: str, told: str) -> None:
    found = load_texts(written(posts=NAMED.replace("questions/weekly.txt", name)) | {FILE: content})
    (problem,) = found.problems
    assert str(problem).endswith(told)
    assert found.communities == ()


def test_a_question_that_its_prompt_makes_too_long_is_told() -> None:
    found = load_texts(
        written(posts=NAMED, ask="{{ question }} {{ question }} {{ question }}") | {FILE: "Why?\n" + "How " * 500 + "?"}
    )
    (problem,) = found.problems
    assert str(problem).startswith("prompts/ask.j2:1:1: with sample values this has 6,005 characters")


# --- the disk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (written(posts=NAMED) | {FILE: "Why?\nHow?\n"}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "schedules", tmp_path / "prompts"


def told(folders: tuple[Path, Path]) -> str:
    (problem,) = load(*folders).problems
    return str(problem).replace(str(folders[0].parent) + os.sep, "")


def test_a_file_on_the_disk_is_read_and_kept(folders: tuple[Path, Path]) -> None:
    found = load(*folders)
    assert found.problems == ()
    assert found.communities[0].posts[0].questions == ("Why?", "How?")
    assert FILE in found.files


def test_what_is_not_named_is_left_alone(folders: tuple[Path, Path]) -> None:
    (folders[0] / "README.md").write_bytes(b"\xff\xfe" * 1_000_000)
    found = load(*folders)
    assert found.problems == ()
    assert "schedules/README.md" not in found.files


def test_a_change_is_seen(folders: tuple[Path, Path]) -> None:
    before = fingerprint(*folders)
    (folders[0] / "questions/weekly.txt").write_text("Why not?\n")
    assert fingerprint(*folders) != before


def test_a_deleted_file_is_told_where_it_is_named(folders: tuple[Path, Path]) -> None:
    (folders[0] / "questions/weekly.txt").unlink()
    assert told(folders) == (
        "schedules/posts.yaml:6:16: there is no file `questions/weekly.txt` in this folder: write it, or list the questions here"
    )


def test_a_file_that_is_not_utf_8(folders: tuple[Path, Path]) -> None:
    (folders[0] / "questions/weekly.txt").write_bytes("Why?\nCaf\xe9?\n".encode("latin-1"))
    assert told(folders) == f"{FILE}:2:4: this is not UTF-8 text: save the file again as UTF-8"


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
def test_a_file_that_is_too_large(folders: tuple[Path, Path], size: int) -> None:
    (folders[0] / "questions/weekly.txt").write_text("#" * size)
    assert told(folders) == f"{FILE}:1:1: this file is larger than 1 MB: split it, or delete what does not belong in it"


def test_a_link_that_leads_to_itself(folders: tuple[Path, Path]) -> None:
    (folders[0] / "questions/weekly.txt").unlink()
    (folders[0] / "questions/weekly.txt").symlink_to("weekly.txt")
    assert told(folders).startswith(f"{FILE}:1:1: this file cannot be read")


@pytest.mark.parametrize("inside", [True, False])
def test_a_link_is_followed_within_the_folder_alone(folders: tuple[Path, Path], inside: bool) -> None:
    target = folders[0] / "shared.txt" if inside else folders[0].parent / "secret.txt"
    target.write_text("Which token?\n")
    (folders[0] / "questions/weekly.txt").unlink()
    (folders[0] / "questions/weekly.txt").symlink_to(target)
    if inside:
        assert load(*folders).communities[0].posts[0].questions == ("Which token?",)
    else:
        assert told(folders) == f"{FILE}:1:1: this link leads out of the folder: put the file itself here"


def test_a_linked_folder_is_not_entered(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else/weekly.txt").write_text("Why?\n")
    (folders[0] / "linked").symlink_to(tmp_path / "else")
    (folders[0] / "posts.yaml").write_text(NAMED.replace("questions/weekly.txt", "linked/weekly.txt"))
    assert "there is no file `linked/weekly.txt`" in told(folders)


def test_a_pipe_is_not_waited_for(folders: tuple[Path, Path]) -> None:
    (folders[0] / "questions/weekly.txt").unlink()
    os.mkfifo(folders[0] / "questions/weekly.txt")
    assert told(folders) == f"{FILE}:1:1: this is not a file: delete it or rename it"
