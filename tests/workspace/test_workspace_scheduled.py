"""Scheduled messages: kept, listed, taken back, and sent when the calendar passes their time."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace

HOUR, DAY = 3600, 86_400


@pytest.fixture
def channel(workspace: Workspace) -> str:
    return workspace.add_channel("general")


def at(clock: VirtualClock, seconds: int) -> int:
    return int(clock.now().timestamp()) + seconds


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_a_message_is_sent_when_the_clock_passes_its_time_and_bears_that_time(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    due = at(clock, HOUR)
    kept = client.chat_scheduleMessage(channel=channel, text="later", post_at=due)
    assert (kept["post_at"], kept["channel"], kept["message"]["text"]) == (due, channel, "later")
    clock.advance(timedelta(minutes=59))
    client.auth_test()
    assert workspace.messages(channel) == []
    clock.advance(timedelta(days=2))
    [sent] = workspace.wait_for(lambda: workspace.messages(channel))
    assert (sent["text"], sent["ts"]) == ("later", f"{due}.000000")
    assert client.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_a_clock_that_runs_sends_without_being_pushed(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    client.chat_scheduleMessage(channel=channel, text="soon", post_at=at(clock, HOUR))
    clock.set_speed(100_000.0)
    workspace.wait_for(lambda: workspace.messages(channel))


def test_what_was_missed_while_nothing_was_served_is_sent_in_order_after_a_start(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    for hours in (3, 1, 2):
        client.chat_scheduleMessage(channel=channel, text=f"{hours} h", post_at=at(clock, hours * HOUR))
    workspace.stop()
    clock.advance(timedelta(days=1))
    workspace.start()
    workspace.wait_for(lambda: len(workspace.messages(channel)) == 3)
    assert [message["text"] for message in workspace.messages(channel)] == ["1 h", "2 h", "3 h"]


def test_what_waits_is_listed_soonest_first_and_can_be_taken_back(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    ids = [
        client.chat_scheduleMessage(channel=channel, text=str(days), post_at=at(clock, days * DAY))[
            "scheduled_message_id"
        ]
        for days in (3, 1, 2)
    ]
    pages = client.chat_scheduledMessages_list(channel=channel, limit=2)
    assert [each["text"] for page in pages for each in page["scheduled_messages"]] == ["1", "2", "3"]
    client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=ids[1])
    again = {"channel": channel, "scheduled_message_id": ids[1]}
    assert refusal(client.chat_deleteScheduledMessage, **again) == "invalid_scheduled_message_id"
    clock.advance(timedelta(days=1, hours=1))
    client.auth_test()
    assert workspace.messages(channel) == []


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        pytest.param(0, "time_in_past", id="now"),
        pytest.param(1, None, id="in a second"),
        pytest.param(120 * DAY, None, id="in 120 days"),
        pytest.param(120 * DAY + 1, "time_too_far", id="a second later"),
    ],
)
def test_slacks_bounds_hold(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str, seconds: int, error: str | None
) -> None:
    given: dict[str, Any] = {"channel": channel, "text": "x", "post_at": at(clock, seconds)}
    if error is None:
        assert client.chat_scheduleMessage(**given)["ok"]
    else:
        assert refusal(client.chat_scheduleMessage, **given) == error


def test_a_channel_takes_thirty_within_five_minutes(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    other = workspace.add_channel("other")
    for second in range(30):
        client.chat_scheduleMessage(channel=channel, text="x", post_at=at(clock, HOUR + second))
    more: dict[str, Any] = {"text": "x", "post_at": at(clock, HOUR + 60)}
    assert refusal(client.chat_scheduleMessage, channel=channel, **more) == "restricted_too_many"
    assert client.chat_scheduleMessage(channel=other, **more)["ok"]
    assert client.chat_scheduleMessage(channel=channel, text="x", post_at=at(clock, HOUR + 329))["ok"]


def test_one_with_metadata_never_posts_as_on_slack(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    metadata = {"event_type": "x", "event_payload": {"y": 1}}
    client.chat_scheduleMessage(channel=channel, text="never", post_at=at(clock, HOUR), metadata=metadata)
    client.chat_scheduleMessage(channel=channel, text="sent", post_at=at(clock, HOUR + 1))
    clock.advance(timedelta(days=1))
    workspace.wait_for(lambda: workspace.messages(channel))
    assert [message["text"] for message in workspace.messages(channel)] == ["sent"]


def test_a_wrong_post_is_refused_when_it_is_scheduled_not_later(
    workspace: Workspace, client: WebClient, clock: VirtualClock, channel: str
) -> None:
    due = at(clock, HOUR)
    assert refusal(client.chat_scheduleMessage, channel="C404", text="x", post_at=due) == "channel_not_found"
    assert refusal(client.chat_scheduleMessage, channel=channel, text="x", post_at="soon") == "invalid_time"
    wrong = [{"type": "section"}]
    assert refusal(client.chat_scheduleMessage, channel=channel, text="x", post_at=due, blocks=wrong) == (
        "invalid_blocks"
    )
