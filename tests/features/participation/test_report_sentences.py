"""A month in sentences: what they say of how much, and how careful they are with little."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from reported import ASKED

from copbot.core.months import Month
from copbot.core.time import DAY_US, HOUR_US
from copbot.features.participation.report.keys import key_figures
from copbot.features.participation.report.material import Cohort, Material, MonthCounts, Seen, Thread
from copbot.features.participation.report.sentences import sentences
from copbot.features.participation.rules import Level

SINCE, UNTIL, BEFORE = ASKED.since_us, ASKED.until_us, ASKED.before_us
DAYS = tuple(date(2026, 10, 1) + timedelta(days=number) for number in range(31))


def spread(count: int, days: int = 31) -> tuple[int, ...]:
    """So many events, as evenly over the days as can be."""
    return tuple(count * (day + 1) // days - count * day // days for day in range(days))


def people(**levels: int) -> dict[int, Seen]:
    named: list[Level] = [level for level, count in levels.items() for _ in range(count)]  # type: ignore[misc]
    return {key: Seen(f"U{key}", level) for key, level in enumerate(named)}


def threads(answered: int, unanswered: int, wait_us: int = 2 * HOUR_US, start_us: int = SINCE) -> tuple[Thread, ...]:
    answers = [start_us + wait_us] * answered + [None] * unanswered
    return tuple(Thread("CDATA", start_us, True, answer_us) for answer_us in answers)


def month(
    written: Mapping[int, int],
    *,
    questions: tuple[Thread, ...] = (),
    joined: int = 0,
    standing: dict[int, Seen] | None = None,
    since_us: int = SINCE,
    until_us: int = UNTIL,
) -> MonthCounts:
    return MonthCounts(
        days=DAYS,
        messages=spread(sum(written.values())),
        questions=spread(len(questions)),
        joined=spread(joined),
        threads=questions,
        written=written,
        answers={},
        people=standing or {},
        since_us=since_us,
        until_us=until_us,
    )


def before(written: Mapping[int, int], **known: Any) -> MonthCounts:
    return month(written, since_us=BEFORE, until_us=SINCE, **known)


def cohort(number: int, joined: int = 0, wrote: int = 0, *, silently: bool = True) -> Cohort:
    return Cohort(Month(2026, number), joined, silently, 0, wrote, wrote, 0)


def material(now: MonthCounts, then: MonthCounts, **known: Any) -> Material:
    months = [(Month(2026, 8), 0, 0)]
    months += [(Month(2026, 9 + number), sum(one.messages), len(one.writers)) for number, one in enumerate((then, now))]
    values = {
        "months": months,
        "returning": [(0, 0), (len(then.writers), len(then.writers & now.writers)), (len(now.writers), 0)],
        "week": [[0.0] * 24] * 7,
        "week_messages": 0,
        "cohort": cohort(9),
        "cohort_before": cohort(8),
        "first_us": 1,
        "last_us": UNTIL - 1,
    }
    return Material(now=now, before=then, **(values | known))


def told(found: Material) -> tuple[str, ...]:
    figures = {figure.key: figure for figure in key_figures(found, ASKED)}
    return sentences(found, ASKED, figures)


def writers(count: int, each: int = 4) -> dict[int, int]:
    return dict.fromkeys(range(count), each)


FULL = material(
    month(
        {**writers(58, 3), 0: 60, 1: 60, 2: 118},
        questions=(*threads(24, 0), *threads(0, 7)),
        joined=12,
        standing=people(core=4, active=20, peripheral=60, dormant=34),
    ),
    before(
        writers(46, 8),
        questions=threads(9, 9, start_us=BEFORE),
        joined=9,
        standing=people(core=3, active=20, peripheral=95),
    ),
    cohort=cohort(9, 12, 5),
)


def test_a_full_month_in_five_sentences() -> None:
    assert told(FULL) == (
        "In October 2026, 58 people wrote 403 messages, against 46 people and 368 messages in the month before: "
        "clearly more in people, no clear change in messages.",
        "Of 31 questions, 24 (77 %) had an answer by the end, the typical one after 2 hours; 7 had none.",
        "Your core is 4 of 118, 3 %; communities of this kind thrive at 10-15 %. Since the month before, 2 rose a level and 34 went down.",
        "12 people joined, against 9 before: no clear change; of those who joined in the month before, 5 of 12 (42 %) wrote within "
        "30 days.",
        "Of the people who wrote in the month before, 46 of 46 (100 %, between 92 % and 100 %) wrote again. "
        "Three people wrote 59 % of all messages.",
    )


NOTHING_BEFORE = before({})


@pytest.mark.parametrize(
    ("found", "number", "expected"),
    [
        pytest.param(
            material(month({1: 1}), before({1: 1})),
            0,
            "In October 2026, 1 person wrote 1 message, against 1 person and 1 message in the month before: as before.",
            id="one message",
        ),
        pytest.param(
            material(month({1: 3}), NOTHING_BEFORE),
            0,
            "In October 2026, 1 person wrote 3 messages; in the month before nobody did.",
            id="after a silent month",
        ),
        pytest.param(
            material(month({1: 3}), NOTHING_BEFORE, first_us=SINCE),
            0,
            "In October 2026, 1 person wrote 3 messages; the stored history does not cover the month before, so there is nothing to "
            "compare with.",
            id="the first month",
        ),
        pytest.param(
            material(month({1: 3}), before({1: 3}), first_us=BEFORE + 4 * DAY_US),
            0,
            "In October 2026, 1 person wrote 3 messages; the stored history begins within the month before, so there is nothing to "
            "compare with.",
            id="the second month, of a history that began within the first",
        ),
        pytest.param(
            material(month({1: 3}, standing=people(peripheral=40)), NOTHING_BEFORE, first_us=SINCE),
            2,
            "Nobody can be in the core yet: that takes 6 active weeks, and the history known here has 5 so far.",
            id="a history too short for a core",
        ),
        pytest.param(
            material(
                month({1: 3}, standing=people(core=4, peripheral=36)),
                before({1: 3}, standing=people(core=4, peripheral=36)),
            ),
            2,
            "Your core is 4 of 40, 10 %; communities of this kind thrive at 10-15 %: that is healthy. Nobody moved from one level to "
            "another.",
            id="where nobody moved",
        ),
        pytest.param(
            material(month(writers(20, 4)), before(writers(40, 8)), last_us=UNTIL - 6 * DAY_US),
            0,
            "In October 2026, 20 people wrote 80 messages, against 40 people and 320 messages in the month before: too little to tell. "
            "Nothing is stored after 26 October 2026: the rest of the month may be missing.",
            id="a history that ends early",
        ),
        pytest.param(
            material(month(writers(3), questions=threads(2, 1)), NOTHING_BEFORE),
            1,
            "Of 3 questions, 2 had an answer by the end, the typical one after 2 hours; 1 had none.",
            id="of three questions no per cent",
        ),
        pytest.param(
            material(month(writers(3), questions=threads(9, 0)), NOTHING_BEFORE),
            1,
            "Of 9 questions, 9 had an answer by the end, the typical one after 2 hours.",
            id="nine questions: no per cent yet",
        ),
        pytest.param(
            material(month(writers(3), questions=threads(10, 0)), NOTHING_BEFORE),
            1,
            "Of 10 questions, 10 (100 %) had an answer by the end, the typical one after 2 hours.",
            id="ten questions",
        ),
        pytest.param(
            material(month(writers(3)), before(writers(3), questions=threads(1, 0, start_us=BEFORE))),
            1,
            "Nobody asked anything, as far as a rule on words can tell.",
            id="no question",
        ),
        pytest.param(
            material(month(writers(3), questions=threads(0, 2)), NOTHING_BEFORE),
            1,
            "2 questions were asked; nobody replied in a thread, so answers cannot be told.",
            id="a community without threads",
        ),
        pytest.param(
            material(
                month(writers(3), questions=threads(0, 1)), before(writers(3), questions=threads(1, 0, start_us=BEFORE))
            ),
            1,
            "1 question was asked, and it had no answer by the end.",
            id="unanswered",
        ),
        pytest.param(
            material(month(writers(3), questions=threads(0, 0), joined=1), NOTHING_BEFORE, first_us=SINCE),
            2,
            "1 person joined.",
            id="joined, with nothing to compare",
        ),
        pytest.param(
            material(month(writers(3), joined=5), before(writers(3)), cohort=cohort(9, 5, 5, silently=False)),
            2,
            "5 people joined, against none before: too little to tell.",
            id="who joined is known by their messages alone",
        ),
    ],
)
def test_little_is_not_made_much_of(found: Material, number: int, expected: str) -> None:
    assert told(found)[number] == expected


@pytest.mark.parametrize(
    ("last_us", "expected"),
    [
        (None, "Nothing is stored there at all yet: a history comes by `copbot import` or while the bot runs."),
        (BEFORE, "The last message stored there is from September 2026 (2026-09)."),
    ],
)
def test_of_a_silent_month_it_is_said_where_there_is_something(last_us: int | None, expected: str) -> None:
    silent = material(month({}), before({}), last_us=last_us, first_us=last_us)
    assert told(silent) == ("No message by a person is stored for October 2026 in 1 channel.", expected)


def test_of_a_running_month_it_says_so_far_and_does_not_tell_who_came_back() -> None:
    asked = replace(ASKED, until_us=SINCE + 10 * DAY_US, zone=ZoneInfo("UTC"))
    figures = {figure.key: figure for figure in key_figures(FULL, asked)}
    assert "returned" not in figures
    said = sentences(FULL, asked, figures)
    assert said[0].startswith("So far in October 2026, 58 people wrote 403 messages, against 46 people")
    assert "in as many days of the month before" in said[0]
    assert said[1].startswith("Of 31 questions, 24 (77 %) had an answer so far, ")
    assert said[3].endswith("of those who joined in September 2026, 5 of 12 (42 %) wrote within 30 days.")
    assert said[-1] == "Three people wrote 59 % of all messages."
