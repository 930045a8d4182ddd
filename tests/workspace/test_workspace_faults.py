"""Faults on demand do what they say: to the client, and to the workspace's truth."""

import http.client
import time
import urllib.error
import urllib.request

import pytest
from served import Bot
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from copbot.workspace.server import Workspace

CUT = (http.client.HTTPException, ConnectionError, OSError)


def test_a_rate_limit_is_told_with_its_wait_and_nothing_is_posted(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    workspace.faults.add("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text="x")
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "7"
    assert workspace.messages(channel) == []


def test_slack_sdks_rate_limit_handler_posts_once_after_the_wait(
    workspace: Workspace, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("slack_sdk.http_retry.builtin_handlers.time.sleep", slept.append)
    channel = workspace.add_channel("general")
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    workspace.faults.add("chat.postMessage", "429", times=2, retry_after=3)
    client.chat_postMessage(channel=channel, text="x")
    assert [c.status for c in workspace.calls] == [429, 429, 200]
    assert all(3 <= seconds < 4 for seconds in slept)
    assert len(workspace.messages(channel)) == 1


def test_a_cut_before_has_no_effect_and_a_cut_after_has_all_of_it(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    workspace.faults.add("chat.postMessage", "reset_before")
    with pytest.raises(CUT):
        client.chat_postMessage(channel=channel, text="never")
    assert workspace.messages(channel) == []
    workspace.faults.add("chat.postMessage", "reset_after")
    with pytest.raises(CUT):
        client.chat_postMessage(channel=channel, text="stored")
    assert [m["text"] for m in workspace.messages(channel)] == ["stored"]
    assert [c.status for c in workspace.calls] == [0, 0]


def test_slack_sdks_default_retry_doubles_a_post_whose_answer_was_lost(workspace: Workspace) -> None:
    channel = workspace.add_channel("general")
    workspace.faults.add("chat.postMessage", "reset_after")
    WebClient(workspace.bot_token, base_url=workspace.api_url).chat_postMessage(channel=channel, text="twice")
    assert len(workspace.messages(channel)) == 2


def test_a_slow_call_takes_effect_although_the_client_gave_up(workspace: Workspace) -> None:
    channel = workspace.add_channel("general")
    workspace.faults.add("chat.postMessage", "slow", delay=1.3)
    hasty = WebClient(workspace.bot_token, base_url=workspace.api_url, retry_handlers=[], timeout=1)
    began = time.perf_counter()
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=channel, text="late")
    assert workspace.messages(channel) == []
    workspace.wait_for(lambda: workspace.messages(channel))
    assert time.perf_counter() - began >= 1.3


def test_a_fault_hits_its_method_its_channel_and_its_number_of_calls_only(
    workspace: Workspace, client: WebClient
) -> None:
    one, two = workspace.add_channel("one"), workspace.add_channel("two")
    workspace.faults.add("chat.postMessage", "error", times=2, error="restricted_action", channel=one)
    outcomes = []
    for channel in (two, one, one, one):
        try:
            client.chat_postMessage(channel=channel, text="x")
            outcomes.append("ok")
        except SlackApiError as refused:
            outcomes.append(refused.response["error"])
    client.auth_test()
    assert outcomes == ["ok", "restricted_action", "restricted_action", "ok"]
    assert workspace.faults.waiting == 0


def test_a_fault_for_any_method_can_be_taken_back(workspace: Workspace, client: WebClient) -> None:
    workspace.faults.add("*", "500", times=100)
    with pytest.raises(SlackApiError):
        client.auth_test()
    workspace.faults.clear()
    assert client.auth_test()["ok"]


# --- events ---------------------------------------------------------------------------------------------------------


def numbered(workspace: Workspace, count: int) -> list[str]:
    """So many messages of one member; their texts."""
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    for number in range(count):
        workspace.post(channel, ada, str(number))
    return [str(number) for number in range(count)]


def sent(workspace: Workspace) -> list[str]:
    return [e.payload["event"]["text"] for e in workspace.envelopes if e.state == "acknowledged"]


def test_events_can_come_in_another_order(workspace: Workspace, connected: Bot) -> None:
    workspace.faults.reorder_events(3)
    numbered(workspace, 5)
    workspace.wait_for(lambda: workspace.unacknowledged == 0)
    assert [e.payload["event"]["text"] for e in workspace.envelopes] == ["2", "1", "0", "3", "4"]
    workspace.wait_for(lambda: len(connected.events) == 5)


def test_events_that_are_kept_back_wait_for_the_last_of_them(workspace: Workspace, connected: Bot) -> None:
    workspace.faults.reorder_events(3)
    numbered(workspace, 2)
    assert workspace.unacknowledged == 2
    assert list(workspace.envelopes) == []


def test_events_can_be_lost_for_good(workspace: Workspace, connected: Bot) -> None:
    workspace.faults.lose_events(2)
    numbered(workspace, 4)
    workspace.wait_for(lambda: sent(workspace) == ["2", "3"])
    assert [e.state for e in workspace.envelopes] == ["lost", "lost", "acknowledged", "acknowledged"]
    assert [e.attempts for e in workspace.envelopes][:2] == [0, 0]


def test_an_outage_loses_what_its_retries_do_not_outlast(workspace: Workspace, bot: Bot) -> None:
    assert bot.handler is not None
    workspace.retry_delays = (0, 0, 0)
    workspace.faults.refuse_sockets()
    numbered(workspace, 2)
    workspace.wait_for(lambda: [e.state for e in workspace.envelopes] == ["lost", "lost"])
    assert {(e.reason, e.attempts) for e in workspace.envelopes} == {("connection_failed", 4)}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(bot.handler.client.issue_new_wss_url().replace("ws://", "http://"))
    refused.value.close()
    assert refused.value.code == 503
    workspace.faults.refuse_sockets(False)
    bot.handler.connect()
    workspace.wait_for(lambda: workspace.connected)
    ben = workspace.add_user("ben")
    workspace.post(workspace.add_channel("after", members=[ben]), ben, "after")
    workspace.wait_for(lambda: sent(workspace) == ["after"])
    assert [body["event"]["text"] for body in bot.events] == ["after"]
