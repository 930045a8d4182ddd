"""Who is a newcomer, and when a follow-up is due."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from copbot.core.onboarding import FollowUp, may_be_welcomed
from copbot.core.records import Person
from copbot.core.time import DAY_US, MICROSECOND, Hours
from copbot.features.onboarding.rules import (
    APART,
    APART_AT_MOST,
    Standing,
    applies,
    is_newcomer,
    step_due_us,
    step_names,
    told_due_us,
)

AT = 1000 * DAY_US
QUIET = Hours(time(20), time(8))


@pytest.mark.parametrize(
    ("person", "welcome"),
    [
        pytest.param(Person("U1"), True, id="a person"),
        pytest.param(Person("U1", is_guest=True), True, id="a guest"),
        pytest.param(Person("U1", is_bot=True), False, id="a bot"),
        pytest.param(Person("U1", is_deleted=True), False, id="deactivated"),
        pytest.param(Person("U1", is_external=True), False, id="of another organisation"),
    ],
)
def test_people_of_this_organisation_are_welcomed(person: Person, welcome: bool) -> None:
    assert may_be_welcomed(person) is welcome
    assert is_newcomer(person, AT) is welcome


@pytest.mark.parametrize(
    ("known_since_us", "to_workspace", "to_channel"),
    [
        pytest.param(None, True, True, id="never seen before"),
        pytest.param(AT, True, True, id="seen first as they joined"),
        pytest.param(AT - DAY_US, True, True, id="invited a day before"),
        pytest.param(AT - DAY_US - 1, False, True, id="there for longer: new to the channel alone"),
        pytest.param(AT + DAY_US, True, True, id="noted later"),
    ],
)
def test_who_existed_before_returns_to_the_workspace_but_may_be_new_to_a_channel(
    known_since_us: int | None, to_workspace: bool, to_channel: bool
) -> None:
    person = Person("U1", known_since_us=known_since_us)
    assert is_newcomer(person, AT, "workspace") is to_workspace
    assert is_newcomer(person, AT, "channel") is to_channel


def test_who_wrote_here_before_is_returning_wherever_they_join() -> None:
    assert not is_newcomer(Person("U1"), AT, "workspace", wrote_before=True)
    assert not is_newcomer(Person("U1"), AT, "channel", wrote_before=True)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # for (answered, posted) = (no, no), (no, yes), (yes, no), (yes, yes)
        (None, [True, True, True, True]),
        ("open", [True, True, False, False]),
        ("answered", [False, False, True, False]),
        ("posted", [False, True, False, True]),
        ("silent", [True, False, False, False]),
    ],
)
def test_a_condition_holds_by_what_the_newcomer_did(condition: str | None, expected: list[bool]) -> None:
    follow_up = FollowUp(timedelta(days=3), condition)  # type: ignore[arg-type]
    standings = [Standing(answered, posted) for answered in (False, True) for posted in (False, True)]
    assert [applies(follow_up, standing) for standing in standings] == expected


def test_a_step_keeps_its_name_when_another_is_put_before_it() -> None:
    reminder = FollowUp(timedelta(days=3), "open", prompt="reminder.j2")
    tell = FollowUp(timedelta(days=7), "silent", tell_moderators=True)
    hello = FollowUp(timedelta(days=1), prompt="hello.j2")
    assert step_names([reminder, tell]) == ("reminder.j2", "moderators")
    assert step_names([hello, replace(reminder, after=timedelta(days=4)), tell])[1:] == step_names([reminder, tell])
    assert step_names([reminder, reminder, reminder]) == ("reminder.j2", "reminder.j2#2", "reminder.j2#3")


def test_nobody_who_writes_is_reminded_of_questions_but_the_moderators_may_hear_of_them() -> None:
    wrote = Standing(answered=False, posted=True)
    assert not applies(FollowUp(timedelta(days=3), "open", prompt="reminder.j2"), wrote)
    assert applies(FollowUp(timedelta(days=3), "open", tell_moderators=True), wrote)
    assert applies(FollowUp(timedelta(days=3), "open", prompt="reminder.j2"), Standing(answered=False, posted=False))


@pytest.mark.parametrize(
    ("after", "last_notice", "told"),
    [
        pytest.param(timedelta(days=7), None, timedelta(0), id="at once"),
        pytest.param(timedelta(days=7), timedelta(minutes=-5), APART - timedelta(minutes=5), id="apart from the last"),
        pytest.param(timedelta(days=7), -APART, timedelta(0), id="far enough from the last"),
        pytest.param(timedelta(days=7), timedelta(hours=3), APART_AT_MOST, id="an hour late at most"),
        pytest.param(timedelta(days=1), timedelta(0), APART, id="from a day on"),
        pytest.param(timedelta(hours=23), timedelta(0), timedelta(0), id="what is meant soon comes at once"),
    ],
)
def test_the_moderators_hear_of_newcomers_in_few_messages(
    after: timedelta, last_notice: timedelta | None, told: timedelta
) -> None:
    due_us = step_due_us(AT, FollowUp(after, "silent", tell_moderators=True))
    last_us = None if last_notice is None else due_us + last_notice // MICROSECOND
    assert told_due_us(due_us, FollowUp(after, "silent", tell_moderators=True), last_us) == due_us + told // MICROSECOND
