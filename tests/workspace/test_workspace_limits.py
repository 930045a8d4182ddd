"""Slack's rate limits, kept when they are asked for, by whichever clock moved further."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.adapters.clock import VirtualClock
from copbot.workspace.limits import CHANNEL_BURST, TEAM_POSTS, TIER_1_BURST, TIERS, Limits, per_minute
from copbot.workspace.server import Workspace

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


class HeldClock:
    """Both clocks in a test's hand."""

    def __init__(self) -> None:
        self.real, self.calendar = 1000.0, START

    def now(self) -> datetime:
        return self.calendar

    def monotonic(self) -> float:
        return self.real


@pytest.fixture
def held() -> HeldClock:
    return HeldClock()


@pytest.fixture
def limits(held: HeldClock) -> Limits:
    return Limits(held, enabled=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "most"),
    [
        ("users.list", 20),
        ("conversations.history", 50),
        ("chat.update", 50),
        ("users.info", 100),
        ("views.open", 100),
        ("auth.test", 600),
    ],
)
def test_each_tier_takes_its_number_of_calls_a_minute_and_not_one_more(limits: Limits, method: str, most: int) -> None:
    assert per_minute(method) == most
    assert [limits.take(method, None) for _ in range(most)] == [0] * most
    assert limits.take(method, None) == 60


def test_the_lowest_tier_takes_one_a_minute_and_a_small_burst(limits: Limits, held: HeldClock) -> None:
    method = "apps.connections.open"
    assert per_minute(method) == 1
    assert [limits.take(method, None) for _ in range(TIER_1_BURST)] == [0] * TIER_1_BURST
    assert limits.take(method, None) == 60
    for _ in range(2):
        held.real += 60
        assert [limits.take(method, None) for _ in range(TIER_1_BURST)] == [0] * TIER_1_BURST
    held.real += 60
    assert limits.take(method, None) == 0
    assert limits.take(method, None) == 7 * 60, "ten in ten minutes"


def test_the_wait_that_is_told_is_enough_and_one_second_less_is_not(limits: Limits, held: HeldClock) -> None:
    for _ in range(TIERS[2]):
        limits.take("users.list", None)
    held.real += 10.5
    wait = limits.take("users.list", None)
    assert wait == 50
    held.real += wait - 1
    assert limits.take("users.list", None) == 1
    held.real += 1
    assert limits.take("users.list", None) == 0


def test_a_method_that_is_limited_does_not_stop_another(limits: Limits) -> None:
    for _ in range(TIERS[2]):
        limits.take("users.list", None)
    assert limits.take("users.list", None) == 60
    assert limits.take("auth.test", None) == 0


def test_a_channel_takes_a_short_burst_and_then_one_post_a_second(limits: Limits, held: HeldClock) -> None:
    assert [limits.take("chat.postMessage", "C1") for _ in range(CHANNEL_BURST)] == [0] * CHANNEL_BURST
    assert limits.take("chat.postMessage", "C1") > 0
    assert limits.take("chat.postMessage", "C2") == 0
    for _ in range(30):
        held.real += 1
        limits.take("chat.postMessage", "C3")
    held.real += CHANNEL_BURST
    steady = []
    for _ in range(20):
        held.real += 1
        steady.append(limits.take("chat.postMessage", "C4"))
    assert steady == [0] * 20


def test_the_whole_team_takes_some_hundred_posts_a_minute(limits: Limits) -> None:
    taken = [limits.take("chat.postMessage", f"C{n}") for n in range(TEAM_POSTS + 1)]
    assert taken[:-1] == [0] * TEAM_POSTS
    assert taken[-1] == 60


def test_a_calendar_that_runs_ahead_lets_through_and_one_that_stands_still_does_not_hold(
    limits: Limits, held: HeldClock
) -> None:
    def calls() -> list[int]:
        return [limits.take("users.list", None) for _ in range(TIERS[2])]

    calls()
    held.calendar += timedelta(minutes=1)
    assert calls() == [0] * TIERS[2]
    held.real += 60
    assert calls() == [0] * TIERS[2]
    held.calendar -= timedelta(days=3)
    assert calls() == [60] * TIERS[2]


def test_limits_are_off_until_they_are_asked_for(workspace: Workspace, client: WebClient, clock: VirtualClock) -> None:
    channel = workspace.add_channel("general")
    for _ in range(CHANNEL_BURST * 2):
        client.chat_postMessage(channel=channel, text="x")
    workspace.limits = True
    for _ in range(CHANNEL_BURST):
        client.chat_postMessage(channel=channel, text="x")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text="x")
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["Retry-After"]) in range(1, CHANNEL_BURST + 1)
    assert len(workspace.messages(channel)) == CHANNEL_BURST * 3
    clock.advance(timedelta(minutes=1))
    client.chat_postMessage(channel=channel, text="after the wait")
