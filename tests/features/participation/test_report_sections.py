"""What stands in a report below its sentences, and what never does: anything said by fewer than five people."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reported import ASKED
from test_report_sentences import before, cohort, material, month, people, threads, writers

from copbot.core.load import Load
from copbot.core.months import Month
from copbot.core.onboarding import Onboarding, Option, Question
from copbot.core.records import GivenAnswer, Verdict
from copbot.core.time import DAY_US, HOUR_US
from copbot.core.voices import PulseQuestion, PulseResult, PulseRound, SharedStory, Told
from copbot.features.participation.report import levels, named, newcomers, questions, returning, voices, wants
from copbot.features.participation.report.material import Thread, coverage

SINCE, UNTIL = ASKED.since_us, ASKED.until_us
WRITTEN = writers(3)

TOPICS = Question("topics", "Which topics?", "choices", (Option("Census"), Option("Surveys, small"), Option("Surveys")))
GOAL = Question("goal", "What do you want here?", "long_text")
ONBOARDING = Onboarding(welcome="welcome.j2", questions=(TOPICS, GOAL))


# -- questions and answers


@pytest.mark.parametrize(
    ("age_us", "wait_us", "expected"),
    [
        pytest.param(DAY_US, DAY_US, (1, 1), id="a day old, answered after exactly a day"),
        pytest.param(DAY_US - 1, HOUR_US, (0, 0), id="younger than a day: nobody knows yet"),
        pytest.param(2 * DAY_US, DAY_US + 1, (0, 1), id="answered too late"),
        pytest.param(2 * DAY_US, None, (0, 1), id="not answered"),
    ],
)
def test_coverage_counts_those_that_are_old_enough(age_us: int, wait_us: int | None, expected: tuple[int, int]) -> None:
    start_us = UNTIL - age_us
    thread = Thread("C", start_us, True, None if wait_us is None else start_us + wait_us)
    assert coverage([thread], UNTIL).within["24h"] == expected


def test_channels_with_few_questions_are_one_row() -> None:
    asked = replace(ASKED, channels=("CA", "CB", "CC"), channel_names={"CA": "a", "CB": "b", "CC": "c"})
    every = [
        replace(one, channel=where) for where, count in (("CA", 6), ("CB", 3), ("CC", 2)) for one in threads(count, 0)
    ]
    found = questions.section(material(month(WRITTEN, questions=tuple(every)), before({})), asked)
    assert found is not None
    table = found.charts[0].table
    assert table.column("channel") == ("all channels", "#a", "other channels")
    assert table.column("questions") == (11, 6, 5)


def test_of_fewer_than_five_questions_in_the_other_channels_nothing_is_shown() -> None:
    asked = replace(ASKED, channels=("CA", "CB"), channel_names={"CA": "a", "CB": "b"})
    every = [replace(one, channel=where) for where, count in (("CA", 6), ("CB", 4)) for one in threads(count, 0)]
    found = questions.section(material(month(WRITTEN, questions=tuple(every)), before({})), asked)
    assert found is not None
    assert found.charts[0].table.column("channel") == ("all channels", "#a")


@given(st.dictionaries(st.integers(0, 60), st.integers(1, 30), min_size=1))
def test_who_answered_how_much_is_told_of_five_people_or_more_and_of_all_of_them(answers: dict[int, int]) -> None:
    found = questions.section(
        material(replace(month(WRITTEN, questions=threads(1, 0)), answers=answers), before({})), ASKED
    )
    assert found is not None
    tables = [table for table in found.tables if table.name == "answerers"]
    assert bool(tables) == (len(answers) >= 5)
    for table in tables:
        assert min(table.column("people")) >= 5  # type: ignore[type-var]
        assert sum(table.column("people")) == len(answers)  # type: ignore[arg-type]
        assert sum(table.column("answers")) == sum(answers.values())  # type: ignore[arg-type]


def test_nobodys_own_number_of_answers_ends_a_group() -> None:
    answers = dict(enumerate([1] * 5 + [3, 4, 5, 6, 173]))
    found = questions.section(
        material(replace(month(WRITTEN, questions=threads(1, 0)), answers=answers), before({})), ASKED
    )
    assert found is not None
    assert found.tables[-1].column("answers_each") == ("1", "3 or more")


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ((Load("UMOD", 0, 0),), None),
        ((Load("UMOD", 2, 1), Load("UJESS", 0, 0)), "1 moderator took 2 waiting questions and answered 1."),
        (
            (Load("UMOD", 5, 4), Load("UJESS", 2, 1)),
            "2 moderators took 7 waiting questions and answered 5; one of them did 75 % of it.",
        ),
    ],
)
def test_the_moderators_load_is_told_without_their_names(loads: tuple[Load, ...], expected: str | None) -> None:
    found = questions.section(material(month(WRITTEN, questions=threads(1, 0)), before({}), loads=loads), ASKED)
    assert found is not None
    told = [text for text in found.text if "moderator" in text]
    assert told == ([expected] if expected else [])


# -- levels, newcomers, who comes back


def test_levels_stand_beside_those_of_the_month_before_and_who_moved_is_counted() -> None:
    now, then = people(core=2, active=1, peripheral=2), people(active=2, peripheral=2)
    found = levels.section(material(month(WRITTEN, standing=now), before(WRITTEN, standing=then)), ASKED)
    assert found is not None
    assert found.charts[0].table.rows == (("2026-10", 2, 1, 2, 0, 0), ("2026-09", 0, 2, 2, 0, 0))
    assert dict(found.tables[0].rows) == {"joined": 1, "rose": 3, "stayed as they were": 1, "went down": 0, "left": 0}


def test_without_members_or_newcomers_there_is_no_section() -> None:
    empty = material(month(WRITTEN), before({}))
    assert levels.section(empty, ASKED) is newcomers.section(empty, ASKED) is None


def test_the_funnel_is_of_those_whose_thirty_days_are_over() -> None:
    found = newcomers.section(
        material(month(WRITTEN), before({}), cohort=cohort(9, 12, 7), cohort_before=cohort(8, 10, 9)), ASKED
    )
    assert found is not None
    table = found.charts[0].table
    assert table.column("people") == (12, 7, 7, 0)
    assert table.column("people_before") == (10, 9, 9, 0)
    assert (found.figures[0].now, found.figures[0].before) == (7 / 12, 0.9)


def test_where_nobody_is_known_to_join_silently_there_is_no_funnel() -> None:
    found = newcomers.section(material(month(WRITTEN), before({}), cohort=cohort(9, 12, 12, silently=False)), ASKED)
    assert found is not None
    assert not found.charts
    assert "nothing can be said" in found.text[0]


def test_coming_back_is_told_from_three_months_on() -> None:
    short = material(month(writers(5)), before(writers(4)))
    assert returning.section(short, ASKED) is None
    months = [(Month(2026, number), 1, 1) for number in range(6, 11)]
    found = returning.section(replace(short, months=months, returning=[(0, 0), (8, 8), (10, 4), (4, 4), (5, 0)]), ASKED)
    assert found is not None
    rows = found.charts[0].table.rows
    assert [row[:4] for row in rows] == [("2026-07", 8, 8, 1.0), ("2026-08", 10, 4, 0.4), ("2026-09", 4, 4, 1.0)]


# -- what they came for


def said(question: str, *values: str) -> list[GivenAnswer]:
    return [GivenAnswer(question, value) for value in values]


def test_what_five_people_chose_is_shown_and_what_four_chose_is_not() -> None:
    answers = said("topics", *["Census, Surveys, small"] * 4, "Census", "Surveys, small, Surveys")
    found = wants.section(ONBOARDING, answers, {}, "in October 2026")
    assert found is not None
    assert found.charts[0].table.rows == (("Census", 5), ("Surveys, small", 5))


def test_of_own_words_those_are_shown_that_five_people_used_and_the_question_did_not() -> None:
    answers = said("goal", *(f"I want to learn about registers, {word}" for word in ("a", "b", "c", "d", "privately")))
    found = wants.section(ONBOARDING, answers, {}, "in October 2026")
    assert found is not None
    assert {row[0] for row in found.charts[0].table.rows} == {"register"}


def test_words_of_scripts_without_spaces_count_too() -> None:
    found = wants.section(ONBOARDING, said("goal", *["統計を学ぶ"] * 5), {}, "in October 2026")
    assert found is not None
    assert found.charts[0].table.rows == (("統計", 5),)


@pytest.mark.parametrize("people_", [0, 4])
def test_of_fewer_than_five_nothing_is_shown(people_: int) -> None:
    answers = said("topics", *["Census"] * people_) + said("goal", *["learn"] * people_)
    outcomes: dict[Verdict, int] = {"yes": people_}
    assert wants.section(ONBOARDING, answers, outcomes, "in October 2026") is None


@pytest.mark.parametrize(
    ("outcomes", "rows"),
    [
        ({"yes": 5}, (("Yes", 5), ("In part", 0), ("Not yet", 0))),
        ({"yes": 9, "partly": 5, "not_yet": 6}, (("Yes", 9), ("In part", 5), ("Not yet", 6))),
        ({"yes": 9, "partly": 5, "not_yet": 1}, (("Yes", 9), ("In part, or not yet", 6))),
    ],
)
def test_whether_they_got_it_without_pointing_at_the_few(
    outcomes: dict[Verdict, int], rows: tuple[tuple[str, int], ...]
) -> None:
    found = wants.section(ONBOARDING, [], outcomes, "in October 2026")
    assert found is not None
    assert found.charts[0].table.rows == rows


# -- voices


def result(answers: int, counts: dict[str, int] | None) -> PulseResult:
    asked = (PulseQuestion("useful", "How useful is it?", "scale"), PulseQuestion("why", "Why?", "text"))
    held = PulseRound(1, "data", "2026-10-13", asked, 0, 1, asked=30, action="More worked examples.")
    return PulseResult(held, answers, {"useful": counts}, {"why": ["because of <secret>"]})


def test_a_survey_is_shown_from_five_answers_on_without_what_was_written() -> None:
    found = voices.pulse_section([result(11, {"4": 6, "5": 5})])
    assert found is not None
    assert found.text == (
        "11 members of 30 who were asked took part in the survey of 2026-10-13.",
        "What the coordinators will do about it: More worked examples.",
    )
    assert found.charts[0].table.rows == (("1", 0), ("2", 0), ("3", 0), ("4", 6), ("5", 5))
    assert "secret" not in str(found)
    assert voices.pulse_section([result(4, None)]) is voices.pulse_section([]) is None


def test_an_answer_of_fewer_than_five_is_in_no_chart_and_in_no_sentence() -> None:
    found = voices.pulse_section([result(10, {"4": 6, "1": 4})])
    assert found is not None
    assert found.charts == ()
    assert found.text[1] == "How useful is it? 2.8 of 5, from 10 members."


def test_stories_are_told_without_names_unless_names_are_wanted_and_agreed_to() -> None:
    story = SharedStory(
        1, "UANA", (Told(0, "The template saved my week.", "3 days", 1), Told(30, "We use it still.", "", 2))
    )
    unnamed = voices.stories_section([story], {})
    assert unnamed is not None
    assert unnamed.quotes == ("The template saved my week. (3 days)\nAfter 30 days: We use it still.",)
    found = voices.stories_section([story, SharedStory(2, None, story.told)], {"UANA": "Ana"})
    assert found is not None
    assert [quote.endswith("\nAna") for quote in found.quotes] == [True, False]
    assert voices.stories_section([], {}) is None


# -- names


def test_names_stand_in_an_appendix_alone_and_only_where_they_are_wanted() -> None:
    now = replace(month({0: 9, 1: 4}, standing=people(core=1, active=1)), answers=Counter({0: 5, 1: 2}))
    loads = (Load("U0", 2, 1, 90_000_000), Load("UELSE", 1, 0))
    found = material(now, before({0: 3}, standing=people(active=2)), names={"U0": "Ana", "U1": "Ben"}, loads=loads)
    assert named.section(found, ASKED) is None
    section = named.section(found, replace(ASKED, names=True))
    assert section is not None
    assert section.for_moderators
    assert section.tables[0].rows == (("Ana", 5, 0, 9), ("Ben", 2, 0, 4))
    assert section.tables[1].rows == (("Ana", 2, 1, 90.0), ("UELSE", 1, 0, None))
    assert section.tables[2].rows == (("Ana", "Active", "Core", 0, 0),)


def test_of_fewer_than_five_newcomers_nothing_is_told() -> None:
    few = material(month(WRITTEN, joined=1), before({}), cohort=cohort(9, 4, 2))
    assert newcomers.section(few, ASKED) is None
    assert newcomers.section(replace(few, cohort=cohort(9, 5, 2)), ASKED) is not None
