"""Who is in a user group, looked up again before a press: at most a minute old, waited for a second, never an obstacle."""

import threading
from dataclasses import dataclass, field

import pytest
from fakes import FakeClock

from copbot.adapters import known_roles
from copbot.adapters.directory import SlackDirectory
from copbot.adapters.known_roles import PRESS_FRESH_S, KnownRoles
from copbot.core.errors import SlackGone, SlackUnavailable


@dataclass
class Slack:
    members: list[str] = field(default_factory=lambda: ["UMOD"])
    asked: int = 0
    fails: Exception | None = None
    hangs: threading.Event | None = None

    def group_members(self, _group: str) -> list[str]:
        self.asked += 1
        if self.hangs is not None:
            self.hangs.wait(10)
        if self.fails is not None:
            raise self.fails
        return list(self.members)

    def user_by_email(self, _email: str) -> str:
        raise AssertionError("an address goes on being the same person's")


@dataclass
class Known:
    slack: Slack = field(default_factory=Slack)
    clock: FakeClock = field(default_factory=FakeClock)
    gone: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.directory = SlackDirectory(self.slack, self.clock, lambda _channels: None)  # type: ignore[arg-type]
        self.know = KnownRoles(self.directory, lambda: ["S0MODS", "UJESS", "jess@example.org"], self.gone.append)

    def people(self) -> frozenset[str]:
        return self.directory.people(["S0MODS"])


@pytest.mark.parametrize(("seconds", "people"), [(PRESS_FRESH_S - 1, {"UMOD"}), (PRESS_FRESH_S, set())])
def test_who_was_taken_out_of_the_group_is_no_moderator_a_minute_later(seconds: float, people: set[str]) -> None:
    known = Known()
    known.know()
    known.slack.members = []
    known.clock.tick(seconds)
    known.know()
    assert known.people() == people
    known.know.close()


def test_while_slack_does_not_answer_what_was_known_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_roles, "WAITED_S", 0.01)
    known = Known()
    known.know()
    known.clock.tick(PRESS_FRESH_S)
    known.slack.hangs = threading.Event()
    known.know()
    known.know()
    assert known.people() == {"UMOD"}
    assert known.slack.asked == 2, "who presses meanwhile waits for the same answer"
    known.slack.hangs.set()
    known.know.close()


@pytest.mark.parametrize("failure", [SlackUnavailable("HTTP 500"), RuntimeError("broken")])
def test_a_failure_is_nobodys_obstacle(failure: Exception) -> None:
    known = Known()
    known.know()
    known.clock.tick(PRESS_FRESH_S)
    known.slack.fails = failure
    known.know()
    assert known.people() == {"UMOD"}
    known.know.close()


def test_a_token_that_is_refused_for_good_is_told() -> None:
    known = Known(Slack(fails=SlackGone("token_revoked")))
    known.know()
    assert known.gone == ["token_revoked"]
    known.know.close()
