"""Who a newcomer is, asked of Slack: for a while, of few one by one, and never for what is known."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from fakes import FakeClock

from copbot.core.errors import SlackUnavailable
from copbot.core.look_ups import AT_ONCE, REMEMBERED, WAITS_S, LookUps, leaves_open
from copbot.core.outbox import IDLE_S
from copbot.core.records import Person

KNOWN = Person("U1", name="Amara", timezone="Africa/Accra", locale="en-GB")
UNNAMED = Person("U1", timezone="Africa/Accra", locale="en-GB")


@dataclass
class Desk:
    """Slack's side of it: who was asked about, and how the coming requests go."""

    clock: FakeClock = field(default_factory=FakeClock)
    asked: list[str] = field(default_factory=list)
    outcomes: list[Exception] = field(default_factory=list)
    answers: int = 0

    def __post_init__(self) -> None:
        self.look_ups = LookUps(self.clock, self.one, self.all, self.answered)

    def one(self, user: str) -> None:
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.asked.append(user)

    def all(self, users: Collection[str]) -> None:
        self.one(f"all of {len(users)}")

    def answered(self) -> None:
        self.answers += 1


@pytest.mark.parametrize(
    ("person", "open_"),
    [
        pytest.param(None, True, id="nobody that is known"),
        pytest.param(KNOWN, False, id="all is known"),
        pytest.param(UNNAMED, True, id="no name"),
        pytest.param(Person("U1", name="Amara", timezone="Africa/Accra"), True, id="no language"),
        pytest.param(Person("U1", name="Amara", locale="en-GB"), True, id="no time zone"),
        pytest.param(Person("U1", is_bot=True), False, id="a bot"),
        pytest.param(Person("U1", is_deleted=True), False, id="somebody who left"),
        pytest.param(Person("U1", is_external=True), False, id="somebody of another organisation"),
    ],
)
def test_slack_is_asked_only_where_something_is_open_that_a_message_needs(person: Person | None, open_: bool) -> None:
    assert leaves_open(person) is open_
    desk = Desk()
    assert desk.look_ups.waits_for("U1", person) is open_
    desk.look_ups.step()
    assert desk.asked == (["U1"] if open_ else [])


def test_a_decision_waits_for_the_answer_and_asks_once() -> None:
    desk = Desk()
    woken: list[bool] = []
    desk.look_ups.on_wanted = lambda: woken.append(True)
    assert desk.look_ups.waits_for("U1", None)
    assert desk.look_ups.waits_for("U1", None)
    assert woken == [True]
    assert desk.look_ups.step() == 0.0
    assert (desk.asked, desk.answers) == (["U1"], 1)
    assert not desk.look_ups.waits_for("U1", None), "Slack knows no more than that"
    assert desk.look_ups.step() == IDLE_S


def test_while_slack_does_not_answer_a_decision_waits_only_so_long() -> None:
    desk = Desk()
    desk.outcomes = [SlackUnavailable("ratelimited", retry_after_s=60.0)] * 9
    assert desk.look_ups.waits_for("U1", None)
    assert desk.look_ups.step() == 0.0
    assert len(desk.outcomes) == 8
    assert desk.look_ups.step() == WAITS_S
    assert len(desk.outcomes) == 8, "woken early, it asks no sooner than Slack said"
    desk.clock.tick(WAITS_S - 0.1)
    assert desk.look_ups.waits_for("U1", None)
    desk.clock.tick(0.1)
    assert not desk.look_ups.waits_for("U1", None)
    assert desk.look_ups.step() == IDLE_S
    assert (desk.asked, desk.answers) == ([], 1)


@pytest.mark.parametrize(("people", "asked"), [(AT_ONCE, AT_ONCE), (AT_ONCE + 1, 1)])
def test_many_at_once_are_read_from_the_list_of_all(people: int, asked: int) -> None:
    desk = Desk()
    for number in range(people):
        desk.look_ups.waits_for(f"U{number}", None)
    while (wait_s := desk.look_ups.step()) < IDLE_S:
        desk.clock.tick(wait_s)
    assert len(desk.asked) == asked
    assert not any(desk.look_ups.waits_for(f"U{number}", None) for number in range(people))


def test_a_minute_of_newcomers_by_the_dozen_stays_within_slacks_limits() -> None:
    desk = Desk()
    for tick in range(600):  # ten people a second, of a workspace whose list has five pages
        desk.look_ups.waits_for(f"U{tick}", None)
        desk.look_ups.step()
        desk.clock.tick(0.1)
    pages = 5 * sum(asked.startswith("all") for asked in desk.asked)
    assert pages <= 30
    assert len(desk.asked) <= 100


def test_whom_it_asked_about_is_not_remembered_without_end() -> None:
    desk = Desk()
    for number in range(REMEMBERED + 10):
        desk.look_ups.waits_for(f"U{number}", None)
    desk.look_ups.step()
    assert desk.look_ups.waits_for("U0", None)
    assert not desk.look_ups.waits_for(f"U{REMEMBERED + 9}", None)
