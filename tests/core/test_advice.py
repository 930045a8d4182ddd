"""What is legal but unwise in a community's own settings, at both sides of each boundary."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from copbot.core.advice import MOST_QUESTIONS, on_community
from copbot.core.community import (
    Attention,
    Channels,
    Community,
    LevelRule,
    Participation,
    Privacy,
    Unanswered,
)
from copbot.core.onboarding import Onboarding, Question
from copbot.core.posts import Milestone
from copbot.core.time import Hours

TODAY = date(2026, 11, 16)
COMMUNITY = Community("data", "Data", "UTC", Channels(("#data",), "#mods", "#hello"))


def told(**changes: object) -> list[str]:
    return [".".join(map(str, one.path)) for one in on_community(replace(COMMUNITY, **changes), TODAY)]  # type: ignore[arg-type]


def test_a_sound_community_is_left_alone() -> None:
    assert told() == []


def test_cards_in_a_discussion_channel() -> None:
    assert told(channels=Channels(("#data", "#mods"), "#mods")) == ["channels.moderators"]


@pytest.mark.parametrize(("escalate", "paths"), [(23, ["unanswered.escalate"]), (24, []), (72, [])])
def test_escalating_before_the_card(escalate: int, paths: list[str]) -> None:
    assert told(unanswered=Unanswered(escalate=timedelta(hours=escalate))) == paths


def test_escalating_before_the_card_in_a_single_channel_is_told_once() -> None:
    late = Unanswered(after=timedelta(hours=96))
    special = Unanswered(channels=(("#data", late), ("#jobs", Unanswered())))
    assert told(unanswered=special) == ["unanswered.channels.#data.escalate"]
    assert told(unanswered=replace(late, channels=(("#data", late),))) == ["unanswered.escalate"]


@pytest.mark.parametrize(
    ("rules", "paths"),
    [
        (Unanswered(answered_reaction="tada"), ["unanswered.reactions"]),
        (Unanswered(answered_reaction="tada", counts_as_answer=("reply", "reaction")), []),
        (Unanswered(taken_reaction="hand", channels=(("#data", Unanswered(counts_as_answer=("reaction",))),)), []),
    ],
)
def test_emoji_that_mean_nothing(rules: Unanswered, paths: list[str]) -> None:
    assert told(unanswered=rules) == paths


@pytest.mark.parametrize(
    ("core", "active", "paths"),
    [
        (LevelRule(12, 12), LevelRule(2, 3), []),
        (LevelRule(13, 12), LevelRule(2, 3), ["participation.core.active_weeks"]),
        (LevelRule(13, 12), LevelRule(13, 3), ["participation.core.active_weeks", "participation.active.active_weeks"]),
        (LevelRule(6, 12), LevelRule(6, 12), []),
        (LevelRule(6, 12), LevelRule(6, 13), ["participation.active"]),
    ],
)
def test_levels_that_nobody_could_reach(core: LevelRule, active: LevelRule, paths: list[str]) -> None:
    assert told(participation=Participation(core=core, active=active)) == paths


@pytest.mark.parametrize(("kept", "paths"), [(19, ["privacy.keep_activity"]), (20, []), (52, [])])
def test_activity_that_goes_before_the_levels_have_looked_at_it(kept: int, paths: list[str]) -> None:
    assert told(privacy=Privacy(keep_activity=timedelta(weeks=kept))) == paths


@pytest.mark.parametrize(("week", "paths"), [(1, ["attention.member.week"]), (2, []), (3, [])])
def test_a_week_that_allows_less_than_a_day(week: int, paths: list[str]) -> None:
    assert told(attention=Attention(member_day=2, member_week=week)) == paths


@pytest.mark.parametrize(
    ("quiet", "paths"),
    [
        (Hours(time(20), time(8)), []),
        (Hours(time(8), time(20)), ["attention.quiet"]),
        (Hours(time(17), time(12)), []),
        (None, []),
    ],
)
def test_quiet_hours_by_day(quiet: Hours | None, paths: list[str]) -> None:
    assert told(attention=Attention(quiet=quiet)) == paths


@pytest.mark.parametrize(("count", "paths"), [(MOST_QUESTIONS, []), (MOST_QUESTIONS + 1, ["onboarding.questions"])])
def test_a_form_that_is_too_long(count: int, paths: list[str]) -> None:
    questions = tuple(Question(f"q{number}", "Why?") for number in range(count))
    assert told(onboarding=Onboarding("welcome.j2", questions)) == paths


@pytest.mark.parametrize(
    ("shared", "introductions", "paths"),
    [(True, "#hello", []), (False, "#hello", ["onboarding.introduction"]), (True, None, ["onboarding.introduction"])],
)
def test_an_introduction_that_can_never_be(shared: bool, introductions: str | None, paths: list[str]) -> None:
    onboarding = Onboarding("welcome.j2", (Question("goal", "Why?", share=shared),), introduction="introduction.j2")
    assert told(onboarding=onboarding, channels=Channels(("#data",), "#mods", introductions)) == paths


@pytest.mark.parametrize(
    ("day", "done", "paths"),
    [
        (TODAY, False, []),
        (TODAY - timedelta(days=1), False, ["milestones.guide.date"]),
        (TODAY - timedelta(days=1), True, []),
    ],
)
def test_a_milestone_that_is_past(day: date, done: bool, paths: list[str]) -> None:
    assert told(milestones=(Milestone("guide", "Guide", day, done=done),)) == paths
