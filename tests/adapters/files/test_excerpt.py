"""The offending line below a mistake: what is underlined, and that a terminal shows it as it is."""

import pytest

from copbot.adapters.files import Problem
from copbot.adapters.files.excerpt import excerpt, text_at


def shown(line: str, column: int, file: str = "schedules/posts.yaml", width: int = 100) -> tuple[str, str]:
    """The line, and the part of it that is underlined."""
    parts = excerpt(Problem(file, 3, column, "wrong: mend it"), line, width=width)
    assert parts is not None
    above, signs, mend = parts
    assert mend == "mend it"
    start, length = signs.index("^"), signs.count("^")
    assert signs == " " * 7 + "|" + " " * (start - 8) + "^" * length
    return above, above[start : start + length]


@pytest.mark.parametrize(
    ("line", "column", "underlined"),
    [
        ("    when: {every: weekly, at: 9:00}", 19, "weekly"),
        ("    when: {every: 2 wekes, at: 9:00}", 19, "2 wekes"),
        ("    when: {every: day, at: 930}", 28, "930"),
        ("    when: {every: day, att: 9:00}", 24, "att"),
        ("    when: {every: week, on: [tue, wend]}", 35, "wend"),
        ("    when: {every: week, on: [tue, wend]}", 11, "{every: week, on: [tue, wend]}"),
        ("    when: {every: week, on: [tue, wend]", 11, "{every: week, on: [tue, wend]"),
        ("  chanel: general  # where", 3, "chanel"),
        ("  channel: general  # where", 12, "general"),
        ("  channel: 'general # x' # where", 12, "'general # x'"),
        ('  channel: "general', 12, '"general'),
        ("  - What do you do: and why?", 5, "What do you do"),
        ("  name:", 3, "name"),
        ("id: x", 1, "id"),
        ("id: x", 99, " "),
    ],
)
def test_what_is_underlined(line: str, column: int, underlined: str) -> None:
    above, part = shown(line, column)
    assert above == f"     3 | {line}"
    assert part == underlined.strip()


def test_in_a_prompt_the_name_or_the_whole_line() -> None:
    assert shown("Hi {{ membre.name }}!", 7, "prompts/a.j2")[1] == "membre.name"
    assert shown("  Hi {% if %}", 1, "prompts/a.j2")[1] == "Hi {% if %}"


def test_in_a_questions_file_the_whole_question() -> None:
    assert shown("- Why: and how, [x]?", 3, "schedules/q.txt")[1] == "Why: and how, [x]?"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "a" * 200 + " {x: wrong} " + "b" * 200
    above, part = shown(line, 206, width=60)
    assert part == "wrong"
    assert len(above) == 60 + len("     3 | ")
    assert above[9] == above[-1] == "…"
    assert shown("x" * 500, 1)[1].startswith("xxx")


def test_wide_letters_and_marks_are_counted_as_a_terminal_shows_them() -> None:
    parts = excerpt(Problem("schedules/a.yaml", 1, 5, "wrong"), "名前: {a: 日本, b: ที่}")
    assert parts is not None
    assert parts[1] == "       | " + " " * 6 + "^" * 15
    assert parts[2] == ""


def test_nothing_that_could_steer_a_terminal_is_shown() -> None:
    above, _ = shown("a: \x1b[31m\u202ered\x07", 4)
    assert above == "     3 | a:  [31m red "


@pytest.mark.parametrize(("line", "found"), [(None, False), ("", False), ("   ", False), ("a", True)])
def test_where_there_is_no_line_nothing_is_shown(line: str | None, found: bool) -> None:
    assert (excerpt(Problem("schedules/a.yaml", 1, 1, "wrong"), line) is not None) is found


def test_a_line_is_found_by_the_names_of_the_folders() -> None:
    files = {"schedules/a/b.yaml": "one\ntwo", "prompts/c.j2": "three"}
    assert text_at(Problem("/srv/s/a/b.yaml", 2, 1, ""), files, "/srv/s", "/srv/p") == "two"
    assert text_at(Problem("/srv/p/c.j2", 1, 1, ""), files, "/srv/s", "/srv/p") == "three"
    assert text_at(Problem("/srv/s/a/b.yaml", 3, 1, ""), files, "/srv/s", "/srv/p") is None
    assert text_at(Problem("/srv/s/gone.yaml", 1, 1, ""), files, "/srv/s", "/srv/p") is None


@pytest.mark.parametrize(
    ("message", "mend"),
    [
        ("`x` is no key here: did you mean `y`?", "did you mean `y`?"),
        ("`a: b` is wrong: write `c: d`, or e: f", "write `c: d`, or e: f"),
        ("`at` is missing", ""),
    ],
)
def test_the_mend_stands_behind_the_first_colon(message: str, mend: str) -> None:
    assert Problem("a", 1, 1, message).mend == mend
