"""Slips as people make them while they type: told where they were made, not where the parser stumbled, with a mend that mends."""

import pytest
from written import COMMUNITY, ONBOARDING, POSTS, written

from copbot.adapters.files import Problem, load_texts
from copbot.adapters.files.excerpt import excerpt, text_at


def told(**changed: str) -> list[tuple[str, str]]:
    """Each mistake: its place and words, and what is underlined."""
    files = written(**changed)
    return [(f"{one.line}:{one.column}: {one.message}", underlined(one, files)) for one in problems(files)]


def problems(files: dict[str, str]) -> tuple[Problem, ...]:
    return load_texts(files).problems


def underlined(problem: Problem, files: dict[str, str]) -> str:
    parts = excerpt(problem, text_at(problem, files, "schedules", "prompts"))
    if parts is None:
        return ""
    line, signs, _ = parts
    return line[signs.index("^") : signs.rindex("^") + 1]


@pytest.mark.parametrize(
    ("old", "new", "first", "under"),
    [
        (
            "[What is new?]",
            "\n      - Topic: what is new?",
            "7:9: `Topic: what is new?` must be a text: put it in quotes",
            "Topic",
        ),
        (
            "[What is new?]",
            "\n      - @ann, what is new?",
            "7:9: a text cannot begin with @ in YAML: put it in quotes",
            "@ann, what is new?",
        ),
        (
            "[What is new?]",
            "\n      - > what is new?",
            "7:9: a text cannot begin with > or | in YAML: put it in quotes",
            "> what is new?",
        ),
        (
            "[What is new?]",
            "\n      - 'What's new?'",
            '7:15: this stands after the closing quote: put the whole text between `"` and `"`',
            "s new?'",
        ),
        (
            "[What is new?]",
            '\n      - "Open" is what?',
            "7:16: this stands after the closing quote: put the whole text between `'` and `'`",
            "is what?",
        ),
        (
            "[What is new?]",
            "\n      - [poll] which?",
            "7:16: this stands after the closing bracket: put the whole text in quotes",
            "which?",
        ),
        ("[What is new?]", "[]", "6:16: `questions` needs at least one: write one, or leave the line out", "[]"),
        ('"#data"', "[#data]", '3:15: a bare # begins a comment in YAML: write "#name" in quotes', "#data"),
        (
            '"#data"\n',
            '"#data\n',
            "3:14: the quote that opens here is closed only on line 4: close it where the text ends",
            '"#data',
        ),
        (
            'channel: "',
            'channel:"',
            "3:5: a colon and a space are missing after this key: write `key: value`",
            'channel:"#data"',
        ),
        (
            "    channel",
            "\u00a0   channel",
            "3:1: an unusual space (U+00A0) stands here: write ordinary spaces",
            "\u00a0",
        ),
        ("    channel", "\tchannel", "3:1: a tab stands here: YAML is indented with spaces", " "),
        (
            "    when",
            "   when",
            "4:4: this begins in another column than what it belongs to: give it as many spaces as the lines around it",
            "when",
        ),
        (
            "[wed]}",
            "[wed]",
            "4:11: the { that opens here is not closed: add }, or a comma between its entries",
            '{every: week, at: "10:00", on: [wed]',
        ),
        ("[wed]}", "[wed]}}", "4:48: this } closes nothing: delete it", "}"),
        ("week, at", "week at", "4:19: a comma or } is missing here: put it in", "week at"),
        ("id: weekly", "id: 2026", "2:9: `2026` is read as a number: put it in quotes", "2026"),
        ("    prompt", "    pin: yes\n    prompt", "5:10: `pin` is true or false, not `yes`: write true", "yes"),
        (
            "every: week",
            "every: biweekly",
            "4:19: `biweekly` cannot stand for `every`: did you mean `2 weeks`?",
            "biweekly",
        ),
        (
            "every: week",
            "every: 3 weeks",
            "4:19: `3 weeks` cannot stand for `every`: write day, weekday, week, 2 weeks, month or quarter, or a ",
            "3 weeks",
        ),
        (
            '{every: week, at: "10:00", on: [wed]}',
            "{date: 2026-02-30 10:00}",
            "4:18: `2026-02-30` is no day of the calendar: correct its month or its day",
            "2026-02-30 10:00",
        ),
        (
            '{every: week, at: "10:00", on: [wed]}',
            '{cron: "0 9 1 * * *"}',
            "4:18: `0 9 1 * * *` is not a cron line (wrong number of fields): write minute, hour, day of the mont",
            '"0 9 1 * * *"',
        ),
        (
            '"10:00", on: [wed]',
            "active, otherwise: 9:00, window: 30h",
            "4:62: `30h` is longer than a day: write a window of 24h or less",
            "30h",
        ),
        (
            '"10:00", on: [wed]',
            'best, otherwise: "10:00 wed"',
            '4:46: `10:00 wed` is no day with a time: write "wed 10:00", or a time alone',
            '"10:00 wed"',
        ),
        (
            "every: week",
            "every: 2 wekes",
            "4:19: `2 wekes` cannot stand for `every`: did you mean `2 weeks`?",
            "2 wekes",
        ),
        ("posts:", "post:", "1:1: `post` is no key here: did you mean `posts`?", "post"),
    ],
)
def test_slips_in_posts(old: str, new: str, first: str, under: str) -> None:
    ((place_and_words, part),) = told(posts=POSTS.replace(old, new))
    assert place_and_words.startswith(first)
    assert part == under


def test_a_misspelt_best_is_the_one_mistake_and_what_goes_with_it_stays() -> None:
    posts = POSTS.replace('"10:00", on: [wed]', 'bset, between: 08:00-18:00, otherwise: "wed 10:00"')
    assert told(posts=posts) == [("4:29: `bset` is not a time: did you mean `best`?", "bset")]


def test_the_mend_of_a_missing_when_is_whole() -> None:
    found = problems(written(posts=POSTS.replace('{every: week, at: "10:00", on: [wed]}', "{}")))
    assert [problem.mend for problem in found] == ['write one such as `{every: week, at: "10:00", on: [wed]}`']


def test_entries_without_their_dash() -> None:
    assert told(posts=POSTS + '  id: next\n  channel: "#data"\n') == [
        ("7:3: this line belongs to no entry: begin it with `- `, or indent it like the keys above", "id")
    ]
    assert told(posts="posts:\n  id: next\n") == [("2:3: `posts` is a list: begin each of its entries with `- `", "id")]


@pytest.mark.parametrize(
    ("zone", "mend"),
    [
        ("UTC+7", "name a place of that zone, such as Asia/Bangkok"),
        ("GMT-03:30", "name a place of that zone, such as Asia/Bangkok"),
        ("bangkok", "did you mean `Asia/Bangkok`?"),
        ("Asia", "write one such as Europe/Berlin"),
        ("localtime", "write one such as Europe/Berlin"),
    ],
)
def test_a_zone_is_never_mended_into_another_one(zone: str, mend: str) -> None:
    found = problems(written(community=COMMUNITY.replace("Asia/Bangkok", zone)))
    assert [(problem.line, problem.column, problem.mend) for problem in found] == [(4, 13, mend)]


@pytest.mark.parametrize(
    ("welcome", "first", "under"),
    [
        (
            "Hi\n  {% if member %}x{% if answers %}{% endif %}\n\nBye",
            "2:3: `if` is not closed: add {% endif %}",
            "{% if member %}x{% if answers %}{% endif %}",
        ),
        ("Hi\n{{ member.name }", "2:16: unexpected '}': close {{ with }}, and {% with %}", "}"),
        (
            "Hi\n{{ member.name|captalize }}",
            "2:16: there is no filter 'captalize': did you mean `capitalize`?",
            "captalize",
        ),
        ("Hi\n{% iff member %}", "2:4: 'iff' opens or closes nothing here: correct it, or delete it", "iff"),
        (
            "{% if member %}{% for a in answers %}\n{% endif %}",
            "2:4: 'endif' stands here while `for` is open: close that first with {% endfor %}",
            "endif",
        ),
    ],
)
def test_slips_in_templates_are_told_once_in_words(welcome: str, first: str, under: str) -> None:
    assert told(welcome=welcome) == [(first, under)]


def test_a_question_that_is_too_long_is_told_in_the_file_where_it_stands() -> None:
    posts = POSTS.replace("[What is new?]", "q.txt")
    files = written(posts=posts) | {"schedules/q.txt": f"What is new?\n{'x' * 3001}\n"}
    assert [problem.place for problem in problems(files)] == ["schedules/q.txt:2:1"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_they_like(end: str) -> None:
    onboarding = ONBOARDING.replace("long_text", "longtext").replace("\n", end)
    found = told(onboarding=onboarding)
    assert found == [("4:42: `longtext` cannot stand for `type`: did you mean `long_text`?", "longtext")]


def test_wide_letters_and_tabs_before_the_place() -> None:
    files = written(posts='posts:\n  - {id: w, text: "漢字😀",\tchannel: 一般, when: {every: day, at: "9:00"}}\n')
    (problem,) = problems(files)
    parts = excerpt(problem, text_at(problem, files, "schedules", "prompts"))
    assert parts is not None
    line, signs, _ = parts
    assert (problem.column, signs.index("^"), signs.count("^")) == (35, 9 + 34 + 3, 4)  # three wide letters before it
    assert line.endswith('"漢字😀", channel: 一般, when: {every: day, at: "9:00"}}')
