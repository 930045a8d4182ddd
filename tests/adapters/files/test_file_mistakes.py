"""Every mistake in the coordinators' files: told in one line with its place and the mend, all at once, never a crash."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written import ASK, COMMUNITY, ONBOARDING, POSTS, WELCOME, written

from copbot.adapters.files import Problem, load, load_texts


class _begins(str):  # noqa: N801 - reads as a word in the tables
    """Equal to every text that begins so."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.startswith(str(self))

    __hash__ = str.__hash__


def lines(files: dict[str, str]) -> list[str]:
    loaded = load_texts(files)
    assert (loaded.communities == ()) is bool(loaded.problems)
    return [str(problem) for problem in loaded.problems]


def post(**keys: str) -> str:
    """One post on one line: each key begins at a column that can be counted."""
    all_keys = {"id": "p", "channel": '"#data"', "when": '{every: day, at: "9:00"}', "text": "Hello"} | keys
    return "posts:\n" + "".join(
        f"{'  - ' if number == 0 else '    '}{key}: {value}\n"
        for number, (key, value) in enumerate((k.rstrip("_"), v) for k, v in all_keys.items() if v)
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Asia/Bangkok", "Asia/Bankok", "4:13: `Asia/Bankok` is not a time zone: did you mean `Asia/Bangkok`?"),
        ("Asia/Bangkok", "asia/bangkok", "4:13: `asia/bangkok` is not a time zone: did you mean `Asia/Bangkok`?"),
        (
            "id: data",
            "id: Data!",
            "2:7: `Data!` cannot be an id: use small letters, digits and hyphens, such as `weekly-question`",
        ),
        (
            "name: Data People",
            "name:",
            "3:3: a text is missing here: write one, in quotes if it begins with # (a comment in YAML)",
        ),
        ("name: Data People", "name: 3", "3:9: `3` must be a text: put it in quotes"),
        ("  id: data\n", "", "1:1: `id` is missing: add a short name in small letters, such as `id: weekly-question`"),
        ("discussion", "discusion", "6:3: `discusion` is no key here: did you mean `discussion`?"),
        ('["#data"]', "[]", "6:15: `discussion` needs at least one entry: add one"),
        (
            '"#mods"',
            "#mods",
            '7:3: a channel is missing here: write "#name" in quotes, since a bare # begins a comment in YAML',
        ),
        ('"#mods"', "mods", '7:15: `mods` is not a channel: write "#name" in quotes, or its ID such as C0123ABCD'),
        (
            "jess@example.org",
            "Jess",
            '9:18: `Jess` names nobody: write an e-mail address, a user ID such as U0123ABCD, or a user group\'s "@handle"',
        ),
        ("community:\n", "comunity:\n", "1:1: `comunity` is no key here: did you mean `community`?"),
    ],
)
def test_mistakes_in_the_community(old: str, new: str, told: str) -> None:
    assert f"schedules/community.yaml:{told}" in lines({"schedules/community.yaml": COMMUNITY.replace(old, new)})


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("unanswered: {after: 24}", "10:21: `24` is not a duration: write a number and s, m, h, d or w, such as 24h"),
        ("unanswered: {after: 0h}", "10:21: `0h` is no time at all: write a longer duration, such as 24h"),
        (
            "unanswered: {after: 999999w}",
            "10:21: `999999w` is longer than anything lasts: write a shorter duration, such as 24h",
        ),
        (
            "unanswered: {counts_as_answer: [repli]}",
            "10:33: `repli` cannot stand for `counts_as_answer`: did you mean `reply`?",
        ),
        ("attention: {quiet: sometimes}", '10:20: `sometimes` is not a span of hours: write "20:00-08:00", or off'),
        ("attention: {quiet: 25:00-08:00}", "10:20: `25:00` is no time of a day: they go from 00:00 to 23:59"),
        (
            "attention: {member: 3}",
            "10:21: `3` stands where keys such as `day`, `week` belong: write them below `member:`",
        ),
        ("attention: {channel: {day: -1}}", "10:28: `day` cannot be `-1`: write 0 or more"),
        ("attention: {channel: {day: 1.5}}", "10:28: `day` is a whole number, not `1.5`: write one such as 2"),
        ("participation: {window: 10d}", "10:25: `10d` is not a number of whole weeks: write one such as 12w"),
        ("participation: {points: {reply: 0.25}}", "10:33: `0.25` is finer than points go: write tenths, such as 0.2"),
        (
            "participation: {recognition: public}",
            "10:30: `public` cannot stand for `recognition`: known here are `private`, `off`",
        ),
        ("privacy: {keep_text: al}", "10:22: `al` cannot stand for `keep_text`: did you mean `all`?"),
        ("stories: always", "10:10: `always` cannot stand for `stories`: known here are `on`, `off`"),
        ("pulse: {every: week}", _begins("10:16: `week` cannot stand for `every`")),
        ("pulse: {every: month, open: 5w}", _begins("10:29: it would still be open when the next one opens")),
        ("pulse: {every: month, open: 5m}", _begins("10:29: nobody could answer in so short a time")),
        (
            "pulse: {every: year, questions: [{id: a, ask: Why?, type: choice, options: [x]}]}",
            "10:34: `type: choice` needs two things to choose from: add `options: [ … ]`",
        ),
        (
            "pulse: {every: year, questions: [{id: a, ask: Why?, options: [x, y]}]}",
            "10:53: `options` go with `type: choice`, not with `scale`: delete them",
        ),
        (
            "pulse: {every: year, questions: [{id: a, ask: Why?}, {id: a, ask: How?}]}",
            "10:59: the question `a` stands here twice (first on line 10): give one another id",
        ),
        ("moderaters: {}", _begins("10:1: `moderaters` is no key here")),
        ("privacy: {}\nprivacy: {}", "11:1: `privacy` stands here twice (first on line 10): delete one of them"),
    ],
)
def test_mistakes_in_what_else_a_community_says(more: str, told: str) -> None:
    found = lines({"schedules/community.yaml": f"{COMMUNITY}{more}\n"})
    assert [line.partition("community.yaml:")[2] for line in found] == [told]


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        (post(when="{every: weekly, at: 9:00}"), "4:19: `weekly` cannot stand for `every`: did you mean `week`?"),
        (post(when="{every: day, at: 930}"), '4:28: `930` is not a time: write hours and minutes, such as "09:30"'),
        (post(when="{every: day, at: 24:00}"), "4:28: `24:00` is no time of a day: they go from 00:00 to 23:59"),
        (post(when="{every: day}"), '4:5: `at` is missing: add a time such as `at: "10:00"`, or `at: best`'),
        (post(when="{every: week, at: best}"), _begins("4:29: `at: best` needs `otherwise`")),
        (post(when="{every: week, at: active}"), _begins("4:29: `at: active` needs `otherwise`")),
        (
            post(when="{every: week, at: best, otherwise: wed}"),
            '4:46: `wed` is no day with a time: write "wed 10:00", or a time alone',
        ),
        (
            post(when="{every: day, at: best, otherwise: wed 10:00}"),
            '4:45: with `every: day` `otherwise` is a time alone: write it without a day, "10:00"',
        ),
        (
            post(when="{every: week, at: 9:00, on: [tue, wend]}"),
            "4:39: `wend` is not a day of the week: write mon, tue, wed, thu, fri, sat or sun",
        ),
        (
            post(when="{every: week, at: 9:00, on: 3}"),
            "4:39: a day of the month goes with `every: month` or `quarter`, not with `week`: name days of the week",
        ),
        (post(when="{every: month, at: 9:00, on: 32}"), "4:40: `32` is no day of a month: they go from 1 to 31"),
        (
            post(when="{every: day, at: 9:00, between: 8:00-9:00}"),
            "4:34: `between` goes with `at: best` or `at: active`, not with a time: delete it",
        ),
        (
            post(when="{every: day, at: best, otherwise: 9:00, between: 8:00-8:00}"),
            "4:60: `8:00-8:00` leaves no time at all: give it two different ends, or delete the line",
        ),
        (post(when="{every: day, at: 9:00, window: 3h}"), "4:34: `window` goes with `at: active`: delete it"),
        (
            post(when='{cron: "61 9 * * *"}'),
            "4:18: `61 9 * * *` is not a cron line (bad minute): write minute, hour, day of the month, month and day of the"
            ' week, such as "0 9 1 * *"',
        ),
        (post(when='{cron: "0 9 30 2 *"}'), _begins("4:18: `0 9 30 2 *` is not a cron line (bad day-of-month)")),
        (post(when="{cron: hourly}"), _begins("4:18: `hourly` is not a cron line (wrong number of fields)")),
        (
            post(when='{cron: "0 9 * * *", every: day, at: 9:00}'),
            "4:12: `every` and `cron` exclude each other: delete one of them",
        ),
        (post(when='{cron: "0 9 * * *", at: 9:00}'), "4:31: `at` goes with `every`, not with `cron`: delete it"),
        (post(when="{date: 2026-12-03}"), '4:18: `2026-12-03` is not a date with a time: write "2026-12-03 14:00"'),
        (
            post(when="{date: 2026-13-03 14:00}"),
            "4:18: `2026-13-03` is no day of the calendar: correct its month or its day",
        ),
        (post(when="{}"), _begins("4:5: `when` needs one of `every`, `cron` and `date`")),
        (
            post(when="daily"),
            "4:11: `daily` stands where keys such as `every`, `at`, `on` belong: write them below `when:`",
        ),
        (post(text=""), "2:5: nothing says what to post: add `prompt: NAME.j2`, `text: …` or `questions:`"),
        (post(prompt="ask.j2"), "5:5: `prompt` and `text` both say what to post: delete one of them"),
        (post(text="", prompt="aks.j2"), "5:13: there is no prompt `aks.j2`: did you mean `ask.j2`?"),
        (
            post(text="", prompt="../ask.j2"),
            "5:13: `../ask.j2` leads out of the prompts folder: name a file in it, such as welcome.j2",
        ),
        (
            post(questions="What?"),
            _begins("6:16: `What?` is neither a list of questions nor a file of them: begin each with -"),
        ),
        (post(questions="[What?, 'What? ']"), "6:24: `What?` stands here twice (first on line 6): delete one of them"),
        (post(paused="maybe"), "6:13: `paused` is true or false, not `maybe`: write one of the two"),
        (post(late="soon"), "6:11: `soon` is not a duration: write a number and s, m, h, d or w, such as 24h"),
        (post(from_="2026-1-1"), "6:11: `2026-1-1` is not a date: write year-month-day, such as 2026-12-03"),
        (
            post(from_="2026-12-02", until="2026-12-01"),
            "7:12: `until` `2026-12-01` lies before `from` `2026-12-02`: exchange them",
        ),
        (post(chanel='"#data"'), "6:5: `chanel` is no key here: did you mean `channel`?"),
        (post(text='"{{ nobody }}"'), _begins("5:11: 'nobody' is undefined: this prompt sees channel")),
        (post(text='"{% if %}"'), _begins("5:11: Expected an expression")),
        (
            "posts:\n  - 3\n",
            "2:5: `3` stands where keys such as `id`, `channel`, `when` belong: write them below `posts:`",
        ),
        ("posts: none\n", "1:8: `posts` is a list, not `none`: write [ … ], or one line for each beginning with -"),
    ],
)
def test_mistakes_in_posts(posts: str, told: str) -> None:
    found = lines(written(posts=posts))
    assert [line.partition("posts.yaml:")[2] for line in found] == [told]


@pytest.mark.parametrize(
    ("onboarding", "told"),
    [
        (
            ONBOARDING.replace("  welcome: welcome.j2\n", ""),
            "1:1: `welcome` is missing: add `welcome: welcome.j2`, the first message to a newcomer",
        ),
        (
            ONBOARDING.replace("long_text", "longtext"),
            "4:42: `longtext` cannot stand for `type`: did you mean `long_text`?",
        ),
        (
            ONBOARDING.replace("id: topics", "id: goal"),
            "5:12: the question `goal` stands here twice (first on line 4): give one another id",
        ),
        (
            ONBOARDING.replace(", options: [A, B]", ""),
            "5:7: `type: choices` needs something to choose from: add `options: [ … ]`",
        ),
        (
            ONBOARDING.replace("choices", "person"),
            "5:49: `options` go with `type: choice` or `choices`, not with `person`: delete them",
        ),
        (ONBOARDING.replace("[A, B]", "[A, A]"), "5:63: `A` stands here twice (first on line 5): delete one of them"),
        (
            ONBOARDING.replace("[A, B]", f"[A, {'b' * 76}]"),
            _begins(f"5:63: `{'b' * 39}…` has 76 characters, and Slack takes 75 here"),
        ),
        (ONBOARDING.replace("[A, B]", "[A, 5]"), "5:63: `5` must be a text: put it in quotes"),
        (
            ONBOARDING.replace("[A, B]", "[A, {option: A}]"),
            "5:63: `A` stands here twice (first on line 5): delete one of them",
        ),
        (
            ONBOARDING.replace("[A, B]", "[A, {channels: ['#a']}]"),
            "5:63: `option` is missing: add the answer to choose, such as `option: Census`",
        ),
        (
            ONBOARDING.replace("[A, B]", "[A, {option: B, channel: '#a'}]"),
            "5:75: `channel` is no key here: did you mean `channels`?",
        ),
        (
            ONBOARDING.replace("[A, B]", "[A, {option: B, channels: ['#a', b]}]"),
            '5:92: `b` is not a channel: write "#name" in quotes, or its ID such as C0123ABCD',
        ),
        (ONBOARDING.replace("[A, B]", "[A, {option: B, people: Ann}]"), _begins("5:83: `Ann` names nobody")),
        (
            ONBOARDING.replace("[A, B]", "[A, {option: B, read: 'https://example.org'}]"),
            _begins('5:81: `https://example.org` is not the link of a message: choose "Copy link"'),
        ),
        (
            ONBOARDING.replace("if: open, prompt: welcome.j2", "if: open"),
            "7:7: a follow-up says something to one side: write either `prompt: NAME.j2` or `tell: moderators`",
        ),
        (ONBOARDING.replace("if: open", "if: opened"), "7:23: `opened` cannot stand for `if`: did you mean `open`?"),
        (ONBOARDING + "  starts: joins channel\n", _begins("9:11: `joins channel` is no beginning")),
        (ONBOARDING + "  delay: 25h\n", _begins("9:10: `25h` is too long to wait: write a day (24h) or less")),
        (ONBOARDING + "  delay: soon\n", _begins("9:10: ")),
        (ONBOARDING + "  welcomes: [members, strangers]\n", _begins("9:23: ")),
        (ONBOARDING + "  welcomes: []\n", _begins("9:13: ")),
    ],
)
def test_mistakes_in_the_onboarding(onboarding: str, told: str) -> None:
    assert [line.partition("onboarding.yaml:")[2] for line in lines(written(onboarding=onboarding))] == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: this file is empty: write what belongs in it, or delete it"),
        ("posts:\n\t- id: a\n", "2:1: a tab stands here: YAML is indented with spaces"),
        ("posts: [a, b", "1:8: the [ that opens here is not closed: add ], or a comma between its entries"),
        (
            "posts: [&x 1]\n",
            "1:9: anchors (&) and aliases (*) are not used here: write it out, or put the text in quotes",
        ),
        ("a: *x\n", "1:4: anchors (&) and aliases (*) are not used here: write it out, or put the text in quotes"),
        (
            "posts: !!python/tuple [1]\n",
            "1:8: the tag !!python/tuple is not used here: delete it, or put the text in quotes",
        ),
        (
            "posts: []\n---\nposts: []\n",
            "2:1: a second document begins here: keep one per file, and delete the line `---`",
        ),
        ("%YAML 1.1\n---\nposts: []\n", "2:1: directives (%YAML, %TAG) are not used here: delete the lines above"),
        ("- a\n", "1:1: this file holds no keys: it begins with one such as `posts:`"),
        ("hello\n", "1:1: this file holds no keys: it begins with one such as `posts:`"),
        ("? [a]\n: b\n", _begins("1:3: a key must be a plain word")),
        (
            "posts: " + "[" * 50,
            "1:20: this is nested too deeply to mean anything: look at the brackets and the indentation",
        ),
        ("posts: \x07\n", "1:8: a control character stands here, which YAML does not allow: delete it"),
        ("community: {id: x}\n", "1:1: `community` stands in schedules/community.yaml:1 already: keep one of them"),
    ],
)
def test_files_that_cannot_be_read(text: str, told: str) -> None:
    assert [line.partition("posts.yaml:")[2] for line in lines(written(posts=text))] == [told]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_places() -> None:
    found = lines(
        written(
            community=COMMUNITY.replace("Asia/Bangkok", "Bangkok").replace("#mods", "mods"),
            posts=post(id="A", when="{every: weekly, at: best}", colour="red", prompt="no.j2"),
            onboarding=ONBOARDING.replace("3d", "3 days"),
        )
    )
    assert [line.split(": ")[0] for line in found] == [
        "schedules/community.yaml:4:13",
        "schedules/community.yaml:7:15",
        "schedules/onboarding.yaml:7:15",
        "schedules/posts.yaml:2:9",
        "schedules/posts.yaml:4:19",
        "schedules/posts.yaml:4:31",
        "schedules/posts.yaml:5:5",
        "schedules/posts.yaml:6:5",
        "schedules/posts.yaml:7:13",
    ]


def test_mistakes_in_prompts_are_told_beside_those_in_schedules() -> None:
    found = lines(written(posts=post(late="soon", text="", prompt="ask.j2"), ask="{{ qestion }}", welcome="{% if %}"))
    assert [line.split(": ")[0] for line in found] == [
        "prompts/ask.j2:1:4",
        "prompts/welcome.j2:1:1",
        "schedules/posts.yaml:5:11",
    ]


def test_a_prompt_in_one_language_alone_is_missing_for_everybody_else() -> None:
    files = written(posts=post(text="", prompt="new.j2")) | {"prompts/new.fr.j2": "Salut"}
    told = "schedules/posts.yaml:5:13: `new.j2` is there as new.fr.j2 alone: write it for all other languages too"
    assert lines(files) == [told]
    assert lines(files | {"prompts/new.j2": "Hello"}) == []


def test_without_any_prompt_the_folder_is_in_doubt() -> None:
    files = {"schedules/community.yaml": COMMUNITY, "schedules/posts.yaml": post(text="", prompt="new.j2")}
    told = (
        "schedules/posts.yaml:5:13: there is no prompt `new.j2`, nor any other: write it, or look at COPBOT_PROMPTS_DIR"
    )
    assert lines(files) == [told]


def test_an_introduction_may_consist_of_the_answers_alone() -> None:
    told = "{% for given in answers %}{{ given.ask }} {{ given.answer }}{% endfor %}"
    files = written(onboarding=ONBOARDING + "  introduction: answers.j2\n") | {"prompts/answers.j2": told}
    assert lines(files) == []
    assert lines(files | {"prompts/answers.j2": "{{ inviter.mention }}"}) == [
        _begins("prompts/answers.j2:1:12: this value is empty here and has no 'mention'")
    ]


def test_ids_are_given_once() -> None:
    files = written() | {"schedules/more.yaml": post(id="weekly")}
    assert lines(files) == [
        "schedules/posts.yaml:2:9: the post `weekly` stands here twice (first in schedules/more.yaml:2): give one another id"
    ]
    two = {"schedules/a/community.yaml": COMMUNITY, "schedules/b/community.yaml": COMMUNITY}
    assert lines(two) == [
        "schedules/b/community.yaml:2:7: the community `data` stands in schedules/a/community.yaml too: give one another id"
    ]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, _begins("schedules/community.yaml:1:1: there is no community.yaml: write one")),
        (
            {"schedules/community.yml": COMMUNITY},
            _begins("schedules/community.yaml:1:1: there is no community.yaml: write one"),
        ),
        (
            written() | {"schedules/more.yml": "posts: []"},
            "schedules/more.yml:1:1: the name ends in .yml, and only .yaml is read: rename it",
        ),
        (
            {"schedules/a/community.yaml": COMMUNITY, "schedules/posts.yaml": POSTS},
            "schedules/posts.yaml:1:1: this belongs to no community: put it beside a community.yaml, such as a/",
        ),
        (
            {"schedules/community.yaml": COMMUNITY, "schedules/a/community.yaml": COMMUNITY},
            "schedules/a/community.yaml:1:1: a community.yaml stands one folder up too: keep that one alone, or give each"
            " community a folder of its own",
        ),
        (
            {"schedules/community.yaml": "# soon\n"},
            "schedules/community.yaml:1:1: `channels:` is missing: a community needs `community:`, `channels:` and `roles:`",
        ),
    ],
)
def test_files_in_the_wrong_place(files: dict[str, str], told: str) -> None:
    assert lines(files)[0] == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"ask": "Hi\n  {{ qestion }}"},
            "prompts/ask.j2:2:6: 'qestion' is undefined: this prompt sees channel, community, occurrence, post, question",
        ),
        (
            {"ask": "{{ question }}{% if occurrence.year == 1 %}\n{{ nowhere }}{% endif %}"},
            "prompts/ask.j2:2:4: 'nowhere' is undefined: this prompt sees channel, community, occurrence, post, question",
        ),
        (
            {"ask": "{{ question"},
            "prompts/ask.j2:1:1: unexpected end of template, expected 'end of print statement':"
            " close {{ with }}, and {% with %}",
        ),
        (
            {"ask": "{# nothing #}"},
            "prompts/ask.j2:1:1: with sample values this says nothing: write a text, or delete its use",
        ),
        (
            {"ask": "x" * 4001},
            "prompts/ask.j2:1:1: with sample values this has 4,001 characters, and a message 4,000: shorten it",
        ),
        (
            {"welcome": "Hello\n{{ inviter.mention }}"},
            _begins("prompts/welcome.j2:2:12: this value is empty here and has no 'mention'"),
        ),
        ({"welcome": "{{ member.nmae }}"}, "prompts/welcome.j2:1:11: this value has no 'nmae'"),
        (
            {"welcome": "Hi {{ question }}"},
            "prompts/welcome.j2:1:7: 'question' is undefined: this prompt sees answers, channel, community, inviter, member",
        ),
        (
            {"welcome": "{% include 'footer.j2' %}"},
            "prompts/welcome.j2:1:1: there is no prompt footer.j2: write it, or correct the name",
        ),
    ],
)
def test_mistakes_in_prompts(changed: dict[str, str], told: str) -> None:
    assert lines(written(**changed)) == [told]


def test_a_name_asked_for_with_is_defined_or_default_may_be_missing() -> None:
    assert (
        lines(written(ask="{{ question }}{% if extra is defined %}{{ extra }}{% endif %}{{ more|default('') }}")) == []
    )


def test_each_language_of_a_prompt_is_tried() -> None:
    files = written() | {"prompts/welcome.fr.j2": "Bonjour {{ membre.name }}"}
    assert lines(files) == [
        "prompts/welcome.fr.j2:1:12: 'membre' is undefined: this prompt sees answers, channel, community, inviter, member"
    ]


def test_in_a_french_community_the_english_of_a_prompt_is_tried_too() -> None:
    files = written(
        community=COMMUNITY.replace("  timezone", "  language: fr\n  timezone"), welcome="{{ member.nick }}"
    )
    files["prompts/welcome.fr.j2"] = "Bonjour {{ member.name }}"
    assert lines(files) == ["prompts/welcome.j2:1:11: this value has no 'nick'"]


def test_a_prompt_that_says_nothing_is_named_in_its_language() -> None:
    files = written() | {"prompts/welcome.fr.j2": "{# rien #}"}
    assert lines(files) == [_says_nothing("prompts/welcome.fr.j2")]


def _says_nothing(file: str) -> str:
    return f"{file}:1:1: with sample values this says nothing: write a text, or delete its use"


# --- the disk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in written().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "schedules", tmp_path / "prompts"


def told(folders: tuple[Path, Path]) -> list[str]:
    loaded = load(*folders)
    assert loaded.communities == ()
    return [str(problem).replace(str(folders[0].parent) + os.sep, "") for problem in loaded.problems]


def test_files_are_named_as_the_user_gave_the_folder(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders[0].parent)
    (folders[0] / "posts.yaml").write_text("")
    (problem,) = load(Path("schedules"), Path("prompts")).problems
    assert problem == Problem(
        "schedules/posts.yaml", 1, 1, "this file is empty: write what belongs in it, or delete it"
    )


def test_no_folder(tmp_path: Path) -> None:
    (problem,) = load(tmp_path / "nowhere", tmp_path).problems
    assert problem.message.startswith("there is no such folder: make it with a community.yaml in it")


def test_a_file_that_is_not_utf_8(folders: tuple[Path, Path]) -> None:
    (folders[0] / "posts.yaml").write_bytes("posts:\n  - id: caf\xe9\n".encode("latin-1"))
    assert told(folders) == ["schedules/posts.yaml:2:12: this is not UTF-8 text: save the file again as UTF-8"]


@pytest.mark.parametrize(("size", "refused"), [(1_000_000, False), (1_000_001, True), (10_000_000, True)])
def test_a_file_that_is_too_large(folders: tuple[Path, Path], size: int, refused: bool) -> None:
    (folders[0] / "posts.yaml").write_text("#" * size)
    loaded = load(*folders)
    assert bool(loaded.problems) is refused
    assert all("larger than 1 MB" in problem.message for problem in loaded.problems)


def test_a_link_that_leads_to_itself_and_one_that_leads_nowhere(folders: tuple[Path, Path]) -> None:
    (folders[0] / "a.yaml").symlink_to("b.yaml")
    (folders[0] / "b.yaml").symlink_to("a.yaml")
    (folders[0] / "c.yaml").symlink_to("gone.yaml")
    (folders[0] / "loop").symlink_to(".")
    assert [line.split(" (")[0] for line in told(folders)] == [
        f"schedules/{name}.yaml:1:1: this file cannot be read" for name in ("a", "b", "c")
    ]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("token: x")
    (folders[0] / "a.yaml").symlink_to(tmp_path / "secret")
    (folders[1] / "a.j2").symlink_to(tmp_path / "secret")
    assert told(folders) == [
        "prompts/a.j2:1:1: this link leads out of the folder: put the file itself here",
        "schedules/a.yaml:1:1: this link leads out of the folder: put the file itself here",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(folders: tuple[Path, Path]) -> None:
    (folders[0] / "posts.yaml").chmod(0)
    assert told(folders) == [
        "schedules/posts.yaml:1:1: this file cannot be read (permission denied): mend the link or the permissions, or delete it"
    ]


def test_a_pipe_is_not_waited_for(folders: tuple[Path, Path]) -> None:
    os.mkfifo(folders[0] / "posts2.yaml")
    assert told(folders) == ["schedules/posts2.yaml:1:1: this is not a file: delete it or rename it"]


def test_many_references_of_one_another_do_not_explode(folders: tuple[Path, Path]) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    (folders[0] / "posts.yaml").write_text(bomb)
    assert len(told(folders)) == 1


# --- anything at all ----------------------------------------------------------------------------------------------

SOURCES = [COMMUNITY, POSTS, ONBOARDING, ASK, WELCOME]
NAMES = [
    "schedules/community.yaml",
    "schedules/posts.yaml",
    "schedules/onboarding.yaml",
    "prompts/ask.j2",
    "prompts/welcome.j2",
]


@settings(max_examples=60)
@given(raw=st.binary(max_size=300), which=st.integers(0, 4))
@example(raw=b"\x00", which=0)
@example(raw=b"\xff\xfe", which=1)
def test_any_bytes_are_told_and_never_raise(raw: bytes, which: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name, text in zip(NAMES, SOURCES, strict=True):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / NAMES[which]).write_bytes(raw)
    loaded = load(folder / "schedules", folder / "prompts")
    assert bool(loaded.communities) is not bool(loaded.problems)


@settings(max_examples=150)
@given(data=st.data(), which=st.integers(0, 4))
def test_any_change_to_good_files_is_either_fine_or_told(data: st.DataObject, which: int) -> None:
    text = SOURCES[which]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    pieces = st.sampled_from(
        [
            "",
            " ",
            "\n",
            ": ",
            "- ",
            "#",
            "[",
            "]",
            "{",
            "}",
            '"',
            "'",
            "&a",
            "*a",
            "|",
            ">",
            "!",
            "%",
            "null",
            "1e999",
            "0x1F",
            "off",
            "{{",
            "}}",
            "{%",
            "%}",
            "\t",
            "é",
            "\u2028",
            "99999999999999999999",
            "-",
            "..",
            "---\n",
        ]
    )
    new = "".join(data.draw(st.lists(pieces, max_size=4)))
    files = dict(zip(NAMES, SOURCES, strict=True)) | {NAMES[which]: text[:start] + new + text[end:]}
    loaded = load_texts(files)
    assert bool(loaded.communities) is not bool(loaded.problems)
    for problem in loaded.problems:
        assert "\n" not in problem.message
        assert problem.line >= 1
        assert problem.column >= 1


@settings(max_examples=50)
@given(cut=st.integers(0, len(COMMUNITY)))
def test_a_half_written_file_is_never_taken_for_a_whole_community(cut: int) -> None:
    files = written(community=COMMUNITY[:cut])
    loaded = load_texts(files)
    whole = COMMUNITY[:cut].rstrip() == COMMUNITY.rstrip()
    assert bool(loaded.communities) is whole


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            "    - {after: 9d, tell: moderators, ask: outcome}\n",
            "schedules/onboarding.yaml:9:37: `ask` goes with `prompt: NAME.j2`: moderators are told, not asked",
        ),
        (
            "    - {after: 9d, prompt: welcome.j2, ask: outcomes}\n",
            "schedules/onboarding.yaml:9:44: `outcomes` cannot stand for `ask`: did you mean `outcome`?",
        ),
        (
            "  referrals: {thanks: private}\n",
            "schedules/onboarding.yaml:9:3: `referrals` needs the question who it was: "
            'add {id: invited_by, ask: "Who invited you?", type: person}',
        ),
    ],
)
def test_mistakes_in_follow_ups_and_referrals(more: str, told: str) -> None:
    assert lines(written(onboarding=ONBOARDING + more)) == [told]


def test_a_template_for_thanks_is_tried_where_it_is_there_though_no_file_names_it() -> None:
    assert lines(written() | {"prompts/recognition.j2": "{{ member.name }}: {{ occasion }} {{ count }}"}) == []
    (told,) = lines(written() | {"prompts/recognition.j2": "{{ membre.name }}"})
    assert told.startswith("prompts/recognition.j2:1:4: 'membre' is undefined: this prompt sees ")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("recognition.j2", "{% if count == 50 %}{{ fifty }}{% endif %}Thanks", "1:24: 'fifty'"),
        ("data/moderation-warning.fr.j2", "{{ reporter }}", "1:4: 'reporter'"),
        ("recognition.fr.j2", "{{ member.nam }}", "1:11: this value has no 'nam'"),
    ],
)
def test_an_unnamed_template_is_tried_in_every_branch_and_in_each_language_that_it_is_there_in(
    name: str, text: str, place: str
) -> None:
    (told,) = lines(written() | {f"prompts/{name}": text})
    assert told.startswith(f"prompts/{name}:{place}")


def test_an_announcement_goes_with_thanks_in_public_and_sees_the_level() -> None:
    asked = ONBOARDING.replace("id: topics", "id: invited_by").replace("type: choices, options: [A, B]", "type: person")
    files = written(onboarding=asked + "  referrals: {announcement: all.j2}\n")
    assert lines(files | {"prompts/all.j2": "{{ level }}"}) == [
        "schedules/onboarding.yaml:9:15: `announcement` goes with `thanks: public`: write that too, or delete this"
    ]
    files = written(onboarding=asked + "  referrals: {thanks: public, announcement: all.j2}\n")
    assert lines(files | {"prompts/all.j2": "{{ levle }}"}) == [
        "prompts/all.j2:1:4: 'levle' is undefined: this prompt sees channel, community, count, level, member"
    ]
