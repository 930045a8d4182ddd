"""What the files say of questions that wait: working hours, channels of their own, the rota; and every mistake in it."""

from datetime import date, time, timedelta

import pytest
from json_schema import fits
from written import COMMUNITY

from copbot.adapters.files import load_texts
from copbot.adapters.files.document import read_document
from copbot.adapters.files.schema import schema
from copbot.adapters.files.words import week_hours
from copbot.core.community import Community
from copbot.core.duty import Away, Duty
from copbot.core.time import Hours
from copbot.core.working_time import ALL_DAYS, WeekHours

OFFICE = Hours(time(9), time(18))
SCHEMA = schema()


def good(more: str, **other: str) -> Community:
    text = f"{COMMUNITY}{more}\n"
    loaded = load_texts({"schedules/community.yaml": text, **other})
    assert loaded.problems == ()
    assert fits(read_document(text, "community.yaml").data, SCHEMA), "what is right for copbot is right for the editor"
    return loaded.communities[0]


def told(more: str) -> list[str]:
    loaded = load_texts({"schedules/community.yaml": f"{COMMUNITY}{more}\n"})
    return [str(problem).partition("community.yaml:")[2] for problem in loaded.problems]


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("mon-fri 09:00-18:00", WeekHours(frozenset(range(5)), OFFICE)),
        ("Monday-Friday 9:00 - 18:00", WeekHours(frozenset(range(5)), OFFICE)),
        ("mon, wed, fri 09:00-18:00", WeekHours(frozenset({0, 2, 4}), OFFICE)),
        ("sun-thu 09:00-18:00", WeekHours(frozenset({6, 0, 1, 2, 3}), OFFICE)),
        ("sat 22:00-06:00", WeekHours(frozenset({5}), Hours(time(22), time(6)))),
        ("09:00-18:00", WeekHours(ALL_DAYS, OFFICE)),
        ("mon-fri", WeekHours(frozenset(range(5)), None)),
        ("mon - fri 09:00–18:00", WeekHours(frozenset(range(5)), OFFICE)),
    ],
)
def test_working_hours_as_people_write_them(written_as: str, meant: WeekHours) -> None:
    assert week_hours(written_as) == meant
    assert good(f'unanswered: {{hours: "{written_as}"}}').unanswered.hours == (meant,)


@pytest.mark.parametrize("wrong", ["", "always", "mon-fri 9-18", "mon-xyz 09:00-18:00", "mon-fri 09:00-09:00", 9, None])
def test_what_are_no_working_hours(wrong: object) -> None:
    with pytest.raises(ValueError, match=":"):
        week_hours(wrong)


def test_several_hours_holidays_and_channels_of_their_own() -> None:
    rules = good(
        "unanswered:\n"
        "  after: 9h\n"
        '  hours: ["mon-thu 09:00-18:00", "fri 09:00-12:00"]\n'
        "  skip_holidays: DE-BY\n"
        "  channels:\n"
        '    "#data": {after: 2h, counts_as_answer: [reply, next_message], hours: "sat"}\n'
    ).unanswered
    assert rules.hours == (
        WeekHours(frozenset(range(4)), OFFICE),
        WeekHours(frozenset({4}), Hours(time(9), time(12))),
    )
    ((name, there),) = rules.channels
    assert (name, there.after, there.again, there.skip_holidays) == (
        "#data",
        timedelta(hours=2),
        timedelta(days=1),
        "DE-BY",
    )
    assert there.counts_as_answer == ("reply", "next_message")
    assert there.hours == (WeekHours(frozenset({5})),)
    assert there.channels == ()


ROLES = "roles:\n  coordinators: [jess@example.org]\n"
MORE_ROLES = "roles:\n  coordinators: [jess@example.org]\n  moderators: [ana@example.org, U0123ABCD]\n"


def test_a_rota() -> None:
    text = COMMUNITY.replace(ROLES, MORE_ROLES) + (
        "duty:\n  by: day\n  people: [ana@example.org, U0123ABCD, jess@example.org]\n"
        "  away: [{who: ana@example.org, from: 2026-12-21, until: 2027-01-03}]\n"
    )
    loaded = load_texts({"schedules/community.yaml": text})
    assert loaded.problems == ()
    assert loaded.communities[0].duty == Duty(
        "day",
        ("ana@example.org", "U0123ABCD", "jess@example.org"),
        (Away("ana@example.org", date(2026, 12, 21), date(2027, 1, 3)),),
    )
    assert good("duty: {people: jess@example.org}").duty == Duty("week", ("jess@example.org",))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            'unanswered: {hours: "mon-fri"}\nattention: {}\nunanswered: {}',
            "12:1: `unanswered` stands here twice (first on line 10): delete one of them",
        ),
        ("unanswered: {hours: 9-18}", '10:21: `9` is not a time: write hours and minutes, such as "09:30"'),
        ("unanswered: {hours: {}}", '10:21: `` are no working hours: write "mon-fri 09:00-18:00"'),
        (
            "unanswered: {hours: [mon-fri 09:00-18:00, mun 9:00-12:00]}",
            "10:43: `mun` is not a day of the week: write mon, tue, wed, thu, fri, sat or sun",
        ),
        (
            "unanswered: {skip_holidays: TH}",
            '10:14: `skip_holidays` goes with `hours`: write which, such as `hours: "mon-fri 09:00-18:00"`',
        ),
        (
            'unanswered: {hours: "mon 09:00-10:00"}',
            "10:14: `escalate` counts working hours alone, and 72 weeks pass before it has: shorten `escalate`, or give more `hours`",
        ),
        (
            'unanswered: {hours: "mon 09:00-10:00", after: 1h, again: 1h, escalate: 27h}',
            "10:62: `escalate` counts working hours alone, and 27 weeks pass before it has: shorten `escalate`, or give more `hours`",
        ),
        (
            'unanswered: {channels: {"#dota": {after: 2h}}}',
            "10:25: nobody watches `#dota`: write it as it stands under `channels`, or add it there",
        ),
        (
            'unanswered: {channels: {"#data": {afer: 2h}}}',
            "10:35: `afer` is no key here: did you mean `after`?",
        ),
        ("duty: {by: week}", "10:1: `people` is missing: add the rota in the order of its turns"),
        ("duty: {by: month, people: jess@example.org}", "10:12: `month` cannot stand for `by`"),
        (
            "duty: {people: [jess@example.org, jess@example.org]}",
            "10:35: `jess@example.org` stands here twice (first on line 10): delete one of them",
        ),
        (
            'duty: {people: ["@moderators"]}',
            "10:17: `@moderators` is a group, and one person is meant: write an e-mail address or a user ID",
        ),
        (
            "duty: {people: [ben@example.org]}",
            "10:17: `ben@example.org` has no role: write them as under `roles`, or add them to `moderators` there",
        ),
        (
            "duty: {people: [jess@example.org], away: [{who: ben@example.org, from: 2026-12-01, until: 2026-12-02}]}",
            "10:49: `ben@example.org` is not in the rota: write them as under `people`, or delete this",
        ),
        (
            "duty: {people: [jess@example.org], away: [{who: jess@example.org, from: 2026-12-03, until: 2026-12-02}]}",
            "10:92: `until` `2026-12-02` lies before `from` `2026-12-03`: exchange them",
        ),
        (
            "duty: {people: [jess@example.org], away: [{who: jess@example.org, from: 2026-12-32, until: 2027-01-02}]}",
            "10:73: `2026-12-32` is no day of the calendar: correct its month or its day",
        ),
        (
            "unanswered: {channels: [jess]}",
            "10:24: `[jess]` stands where names with their keys belong: write each on a line of its own below `channels:`",
        ),
        ("unanswered: {channels: {data: {after: 2h}}}", "10:31: `data` is not a channel: write"),
        ("unanswered: {hours: off}", '10:21: `off` are no working hours: where all hours count write "mon-sun"'),
        ("unanswered: {reactions: {answered: ✅}}", "10:36: `✅` is no emoji's name: write it as Slack shows it"),
        ("unanswered: {reactions: {answered: Tick}}", "10:36: `Tick` is no emoji's name: write it as Slack shows it"),
        ("unanswered: {reactions: {answered: '+1::skin-tone-2'}}", "10:36: `+1::skin-tone-2` is no emoji's name"),
        ("unanswered: {reactions: {taken: thumbsup}}", "10:33: Slack knows `thumbsup` as `+1`: write that"),
        (
            "unanswered: {reactions: {answered: ':eyes:'}}",
            "10:36: `eyes` cannot mean both `answered` and `taken`: name two different emoji",
        ),
        ("keep_text: all", "10:1: `keep_text` is no key here: write it below `privacy:`"),
        ("stories:", "10:1: nothing cannot stand for `stories`: known here are `on`, `off`"),
        (
            "duty: {people: [jess@example.org], away: [{who: jess@example.org, from: 2026-12-03, until: 2026-12-03}]}",
            "10:43: nobody of the rota is left on 2026-12-03: shorten an absence, or add somebody to `people`",
        ),
    ],
)
def test_mistakes_and_their_mends(more: str, line: str) -> None:
    found = told(more)
    assert len(found) == 1
    assert found[0].startswith(line)


def test_of_two_absences_that_overlap_the_second_is_told() -> None:
    text = COMMUNITY.replace(ROLES, MORE_ROLES) + (
        "duty:\n  people: [ana@example.org, U0123ABCD]\n  away:\n"
        "    - {who: ana@example.org, from: 2026-12-01, until: 2026-12-09}\n"
        "    - {who: ana@example.org, from: 2026-12-09, until: 2026-12-12}\n"
        "    - {who: U0123ABCD, from: 2026-12-12, until: 2026-12-14}\n"
    )
    problems = [str(one).partition("yaml:")[2] for one in load_texts({"schedules/community.yaml": text}).problems]
    assert problems == [
        "15:7: `ana@example.org` is away then already (line 14): write one span of days",
        "16:7: nobody of the rota is left on 2026-12-12: shorten an absence, or add somebody to `people`",
    ]


def test_where_a_group_has_the_role_slack_alone_knows_who_is_in_it() -> None:
    text = COMMUNITY.replace(ROLES, 'roles: {coordinators: [jess@example.org], moderators: ["@mods"]}\n')
    assert load_texts({"schedules/community.yaml": f"{text}duty: {{people: [ben@example.org]}}\n"}).problems == ()


def test_the_rota_may_stand_in_a_file_of_its_own() -> None:
    files = {"schedules/community.yaml": COMMUNITY, "schedules/duty.yaml": "duty: {people: [ben@example.org]}\n"}
    (problem,) = load_texts(files).problems
    assert str(problem).startswith("schedules/duty.yaml:1:17: `ben@example.org` has no role")
