"""Names and people: answered from memory, asked of Slack in the background."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes import FakeClock

from copbot.adapters.directory import CHANNELS_FRESH_S, PEOPLE_FRESH_S, UNKNOWN_AGAIN_S, SlackDirectory, StoredDirectory
from copbot.core.errors import SlackRefused, SlackUnavailable


@dataclass
class Slack:
    """Slack's side: what it lists, and what was asked."""

    listed: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "C0000001", "name": "data"}])
    emails: dict[str, str] = field(default_factory=lambda: {"jess@example.org": "U0000001"})
    group: list[str] = field(default_factory=lambda: ["U0000002"])
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def channels(self) -> Iterator[dict[str, Any]]:
        self._ask("channels")
        yield from self.listed

    def user_by_email(self, email: str) -> str | None:
        self._ask(email)
        return self.emails.get(email)

    def groups(self) -> list[dict[str, Any]]:
        self._ask("groups")
        return [{"id": "S0000001", "handle": "mods"}]

    def group_members(self, group: str) -> list[str]:
        self._ask(group)
        return self.group

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.down:
            raise SlackUnavailable("HTTP 500")


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def directory(slack: Slack, clock: FakeClock) -> SlackDirectory:
    return SlackDirectory(slack, clock, lambda channels: None)  # type: ignore[arg-type]


def test_nothing_is_asked_of_slack_by_answering(directory: SlackDirectory, slack: Slack) -> None:
    assert directory.channel("#data") is None
    assert directory.people(["jess@example.org", "@mods"]) == frozenset()
    assert slack.asked == []


def test_after_a_refresh_names_and_people_are_known(directory: SlackDirectory) -> None:
    assert directory.refresh(["jess@example.org", "@mods", "S0000001", "U0000009"])
    assert directory.channel("#data") == "C0000001"
    assert directory.channel("C0000007") == "C0000007"
    assert directory.channel_name("C0000001") == "data"
    assert directory.people(["jess@example.org", "@mods", "U0000009"]) == {"U0000001", "U0000002", "U0000009"}


def test_people_are_asked_for_again_after_five_minutes_so_that_a_demotion_holds(
    directory: SlackDirectory, slack: Slack, clock: FakeClock
) -> None:
    directory.refresh(["@mods"])
    slack.group = []
    clock.tick(PEOPLE_FRESH_S - 1)
    directory.refresh(["@mods"])
    assert directory.people(["@mods"]) == {"U0000002"}
    clock.tick(2)
    assert directory.refresh(["@mods"])
    assert directory.people(["@mods"]) == frozenset()


def test_a_channel_that_was_missed_is_asked_for_again_soon_and_else_after_an_hour(
    directory: SlackDirectory, slack: Slack, clock: FakeClock
) -> None:
    directory.refresh([])
    clock.tick(UNKNOWN_AGAIN_S + 1)
    directory.refresh([])
    assert slack.asked == ["channels"]

    slack.listed.append({"id": "C0000002", "name": "new"})
    assert directory.channel("#new") is None
    directory.refresh([])
    assert directory.channel("#new") == "C0000002"
    clock.tick(CHANNELS_FRESH_S + 1)
    directory.refresh([])
    assert slack.asked == ["channels"] * 3


def test_while_slack_is_down_what_was_known_stays(directory: SlackDirectory, slack: Slack, clock: FakeClock) -> None:
    directory.refresh(["jess@example.org"])
    slack.down = True
    clock.tick(CHANNELS_FRESH_S + 1)
    assert not directory.refresh(["jess@example.org"])
    assert directory.channel("#data") == "C0000001"
    assert directory.people(["jess@example.org"]) == {"U0000001"}

    slack.down = False
    slack.emails = {}
    clock.tick(UNKNOWN_AGAIN_S + 1)
    directory.refresh(["jess@example.org"])
    assert directory.people(["jess@example.org"]) == frozenset()


def test_a_renamed_channel_answers_to_both_names(directory: SlackDirectory) -> None:
    directory.refresh([])
    directory.renamed("C0000001", "linking")
    assert directory.channel("#linking") == directory.channel("#data") == "C0000001"
    assert directory.channel_name("C0000001") == "linking"


def test_without_slack_the_stored_channels_answer() -> None:
    stored = StoredDirectory([("C0000001", "data"), ("C0000002", None)])
    assert stored.channel("#data") == "C0000001"
    assert stored.channel("#other") is None
    assert stored.channel_name("C0000002") == "C0000002"
    assert stored.people(["U0000001", "jess@example.org"]) == {"U0000001"}


def test_a_permission_that_is_missing_is_no_crash(directory: SlackDirectory, slack: Slack) -> None:
    def refused(_email: str) -> str | None:
        raise SlackRefused("missing_scope", needed="users:read.email")

    slack.user_by_email = refused  # type: ignore[method-assign]
    directory.refresh(["jess@example.org"])
    assert directory.people(["jess@example.org"]) == frozenset()


def test_an_id_is_an_id_however_short_it_is_and_is_not_asked_for(directory: SlackDirectory, slack: Slack) -> None:
    assert directory.channel("C0DATA") == "C0DATA"
    assert directory.people(["U0JESS", "WMO"]) == {"U0JESS", "WMO"}
    directory.refresh(["U0JESS", "WMO"])
    assert slack.asked == ["channels"]
