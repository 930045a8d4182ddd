"""The monthly report in a community: planned once on the first working day, made of what is stored, sent for by coordinators."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Reports, Unanswered
from copbot.core.interaction import Answer, Call
from copbot.core.months import Month
from copbot.core.onboarding import Onboarding, Question
from copbot.core.ports.answering import Group
from copbot.core.records import GivenAnswer, GivenOutcome, Scope
from copbot.core.report import Report
from copbot.core.reports import asked_of, report_of
from copbot.core.time import DAY_US, from_us, to_us
from copbot.features.participation import FEATURE
from copbot.features.participation.report import monthly

OCTOBER = Month(2026, 10)
FIRST_WORKING_DAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # the first is a Sunday


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    opened = Scene(tmp_path)
    yield opened
    opened.close()


def at(scene: Scene, *when: int) -> None:
    scene.clock.jump(datetime(*when, tzinfo=UTC) - scene.now)  # type: ignore[misc, arg-type]


def wrote_in_october(scene: Scene) -> None:
    at(scene, 2026, 10, 5, 10)
    scene.says("UANA", "Does anybody know how to link registers?")


def planned(scene: Scene) -> list[str]:
    monthly.plan_due(scene.ctx, scene.now)
    with scene.store.read() as tx:
        return [one.outgoing.key for one in tx.deliveries.ready(to_us(scene.now), 10)]


def told(scene: Scene, month: Month = OCTOBER, *, names: bool = False) -> Report:
    asked = replace(asked_of(scene.ctx, scene.communities[0], month), names=names)
    with scene.store.read() as tx:
        return report_of(scene.ctx, tx, asked, [FEATURE])


# -- when


def test_it_comes_once_to_each_coordinator_on_the_first_working_morning(scene: Scene) -> None:
    wrote_in_october(scene)
    at(scene, 2026, 11, 1, 12)
    assert planned(scene) == []
    assert monthly.next_due(scene.ctx, scene.now) == FIRST_WORKING_DAY
    at(scene, 2026, 11, 2, 9)
    assert planned(scene) == ["monthly:data:2026-10:UJESS"]
    assert planned(scene) == ["monthly:data:2026-10:UJESS"]
    (sent,) = scene.send()
    assert (sent.outgoing.target, sent.outgoing.encloses) == ("UJESS", "data-2026-10")
    assert planned(scene) == []
    assert monthly.next_due(scene.ctx, scene.now) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_after_an_absence_it_still_comes_within_days_and_then_no_more(scene: Scene) -> None:
    wrote_in_october(scene)
    at(scene, 2026, 11, 7, 9)
    assert planned(scene) == []
    at(scene, 2026, 11, 7, 8, 59)
    assert planned(scene) == ["monthly:data:2026-10:UJESS"]


def test_of_a_month_in_which_nobody_wrote_there_is_none(scene: Scene) -> None:
    at(scene, 2026, 11, 2, 9)
    assert planned(scene) == []


def test_it_can_be_off(scene: Scene) -> None:
    wrote_in_october(scene)
    scene.communities = (replace(COMMUNITY, reports=Reports(monthly=False)),)
    at(scene, 2026, 11, 2, 9)
    assert planned(scene) == []
    assert monthly.next_due(scene.ctx, scene.now) is None


def test_a_public_holiday_is_no_working_day_and_the_clock_is_the_communitys(scene: Scene) -> None:
    wrote_in_october(scene)
    scene.holidays["TH", date(2026, 11, 2)] = "A holiday"
    scene.communities = (replace(COMMUNITY, timezone="Asia/Bangkok", unanswered=Unanswered(skip_holidays="TH")),)
    at(scene, 2026, 11, 1)
    due = monthly.next_due(scene.ctx, scene.now)
    assert due is not None
    assert due.astimezone(ZoneInfo("Asia/Bangkok")).isoformat() == "2026-11-03T09:00:00+07:00"


# -- who asks for it


def typed(scene: Scene, argument: str = "", user: str = "UJESS", channel: str = "CDATA") -> Answer:
    (command,) = monthly.COMMANDS
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, "report", argument))


@pytest.mark.parametrize(
    ("argument", "encloses"),
    [
        ("", "data-2026-10"),
        ("2026-09", "data-2026-09"),
        ("september", "data-2026-09"),
        ("Nov", "data-2026-11"),
        ("dec", "data-2025-12"),
    ],
)
def test_a_coordinator_gets_the_month_they_name_as_files(scene: Scene, argument: str, encloses: str) -> None:
    assert typed(scene, argument).encloses == encloses


@pytest.mark.parametrize(
    ("argument", "user", "expected"),
    [
        ("2026-12", "UJESS", "December 2026 has not begun yet: the last whole month is 2026-10"),
        ("<!channel>", "UJESS", "&lt;!channel&gt;: not a month: write one such as 2026-10"),
        ("2026-13", "UJESS", "2026-13: not a month: write one such as 2026-10"),
        ("", "UMOD", "Coordinators can do this."),
    ],
)
def test_what_is_no_month_or_not_theirs_is_told_in_a_line(
    scene: Scene, argument: str, user: str, expected: str
) -> None:
    answer = typed(scene, argument, user)
    assert (answer.text, answer.encloses) == (expected, None)


def test_who_coordinates_several_names_one_where_the_channel_does_not(scene: Scene) -> None:
    scene.communities = (
        COMMUNITY,
        replace(COMMUNITY, id="maps", channels=replace(COMMUNITY.channels, discussion=("#maps",))),
    )
    assert typed(scene, channel="DJESS").text.startswith("Which community? `/cop report data`, `/cop report maps`")
    assert typed(scene, "maps 2026-09", channel="DJESS").encloses == "maps-2026-09"
    assert typed(scene, channel="CMAPS").encloses == "maps-2026-10"


# -- what it says


def test_it_counts_what_was_there_by_the_months_end_and_names_nobody(scene: Scene) -> None:
    at(scene, 2026, 10, 1, 9)
    scene.joins("UANA", name="Ana Rossi")
    scene.joins("UBEN", name="Ben Weber")
    at(scene, 2026, 10, 31, 22)
    asked = scene.says("UANA", "Does anybody know how to link registers?")
    at(scene, 2026, 10, 31, 23)
    scene.says("UBEN", "Try this.", thread=asked)
    at(scene, 2026, 11, 1)
    before = told(scene)
    at(scene, 2026, 11, 1, 1)
    scene.says("UCLE", "Or this.", thread=asked)
    assert told(scene).part == before.part
    with scene.store.read() as tx:
        period = asked_of(scene.ctx, scene.communities[0], OCTOBER)
        scope = Scope(period.since_us, period.until_us, period.channels)
        every = tx.answering.covered(scope, (DAY_US,))[Group("", 0)].questions
    coverage = next(table for table in before.tables if table.name == "questions" or table.name == "coverage")
    assert (every.roots, every.answered) == (1, 1)
    assert coverage.rows[0][2:4] == every.within[0] == (0, 0), "asked within the last day: nobody knows yet"
    assert {figure.key: figure.now for figure in before.figures}["messages"] == 2
    assert {table.name for table in before.tables} >= {"days", "months", "coverage", "levels"}
    assert "Ben" not in str(before.part)
    named = told(scene, names=True).part
    assert named.sections[-1].for_moderators
    assert "Ben Weber" in str(named.sections[-1])


def test_a_running_month_is_held_against_as_much_of_the_one_before(scene: Scene) -> None:
    at(scene, 2026, 8, 1, 9)
    scene.says("UANA", "The first of all.")
    for day in (3, 20):
        at(scene, 2026, 9, day, 9)
        scene.says("UANA", "Hello.")
    at(scene, 2026, 10, 3, 9)
    scene.says("UANA", "Hello.")
    at(scene, 2026, 10, 11)
    found = told(scene)
    figures = {figure.key: figure for figure in found.figures}
    assert (figures["messages"].now, figures["messages"].before) == (1, 1)
    assert "returned" not in figures
    assert found.covered == "so far, until 10 October 23:59 · 1 channel · UTC"


def test_what_newcomers_came_for_and_got_is_counted_of_the_month_or_else_of_the_year(scene: Scene) -> None:
    topic = Question("topic", "Which topic?", "choice")
    scene.communities = (replace(COMMUNITY, onboarding=Onboarding(welcome="welcome.j2", questions=(topic,))),)
    for month, users in ((3, "ABC"), (10, "DEFG")):
        for user in users:
            at(scene, 2026, month, 5)
            joined_us = scene.joins(f"U{user}")
            with scene.store.begin() as tx:
                journey = tx.journeys.start("data", f"U{user}", joined_us)
                assert journey is not None
                tx.journeys.answer(journey.id, [GivenAnswer("topic", "Census")], None, to_us(scene.now))
                tx.outcomes.save(journey.id, GivenOutcome("yes", "", to_us(scene.now)))
    at(scene, 2026, 11, 2)
    (section,) = [one for one in told(scene).part.sections if one.id == "came-for"]
    assert "in the year to October 2026" in section.text[0]
    assert [chart.table.rows[0] for chart in section.charts] == [("Census", 7), ("Yes", 7)]
    assert not [one for one in told(scene, Month(2026, 3)).part.sections if one.id == "came-for"]


def test_the_months_first_instant_is_the_communitys(scene: Scene) -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    assert from_us(OCTOBER.start_us(tokyo)).astimezone(tokyo).isoformat() == "2026-10-01T00:00:00+09:00"
