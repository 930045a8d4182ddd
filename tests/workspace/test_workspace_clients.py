"""slack_sdk's and Bolt's own clients against the workspace, unchanged."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from served import Bot
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.http_retry.builtin_handlers import ServerErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from copbot.workspace.server import Workspace


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("slack_sdk.http_retry.handler.time.sleep", slept.append)
    monkeypatch.setattr("slack_sdk.http_retry.builtin_handlers.time.sleep", slept.append)
    return slept


def test_a_file_is_uploaded_by_the_second_flow_and_shared_with_its_comment(
    workspace: Workspace, client: WebClient, tmp_path: Path
) -> None:
    channel = workspace.add_channel("general")
    report = tmp_path / "report.csv"
    report.write_bytes("Jänner,12\n".encode())
    done = client.files_upload_v2(channel=channel, file=str(report), title="Report", initial_comment="January")
    [message] = workspace.messages(channel)
    assert (message["subtype"], message["text"], message["user"]) == ("file_share", "January", workspace.bot_user)
    assert message["files"][0]["id"] == done["file"]["id"]
    file = client.files_info(file=done["file"]["id"])["file"]
    assert (file["title"], file["name"], file["size"], file["filetype"]) == ("Report", "report.csv", 11, "csv")
    assert file["shares"]["public"][channel][0]["ts"] == message["ts"]
    assert [each["id"] for each in client.files_list(channel=channel)["files"]] == [file["id"]]


def test_several_files_go_into_a_thread_as_one_message(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    root = client.chat_postMessage(channel=channel, text="figures")["ts"]
    client.files_upload_v2(
        file_uploads=[{"content": "a", "filename": "a.txt"}, {"content": "b", "filename": "b.txt"}],
        channel=channel,
        thread_ts=root,
    )
    [_, reply] = workspace.thread(channel, root)
    assert [file["name"] for file in reply["files"]] == ["a.txt", "b.txt"]


def test_every_page_of_history_members_and_people_is_walked(workspace: Workspace, client: WebClient) -> None:
    people = [workspace.add_user(f"member{n}") for n in range(7)]
    channel = workspace.add_channel("general", members=people)
    said = [workspace.post(channel, people[0], str(n)) for n in range(12)]
    walked = [m["ts"] for page in client.conversations_history(channel=channel, limit=5) for m in page["messages"]]
    assert walked == said[::-1]
    members = [user for page in client.conversations_members(channel=channel, limit=3) for user in page["members"]]
    assert members == [*people, workspace.bot_user]
    listed = [c["id"] for page in client.conversations_list(limit=1) for c in page["channels"]]
    assert listed == [channel]


def test_a_rate_limit_is_waited_out(workspace: Workspace, client: WebClient, no_waiting: list[float]) -> None:
    client.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=1)]
    workspace.faults.add("auth.test", "429", retry_after=9)
    assert client.auth_test()["ok"]
    assert 9 <= no_waiting[0] < 11


def test_a_server_error_is_tried_again(workspace: Workspace, client: WebClient, no_waiting: list[float]) -> None:
    client.retry_handlers = [ServerErrorRetryHandler(max_retry_count=2)]
    workspace.faults.add("auth.test", "500", times=2)
    assert client.auth_test()["ok"]
    assert [call.status for call in workspace.calls] == [500, 500, 200]


def test_a_cut_connection_is_tried_again(workspace: Workspace, client: WebClient, no_waiting: list[float]) -> None:
    client.retry_handlers = [ConnectionErrorRetryHandler(max_retry_count=1)]
    workspace.faults.add("auth.test", "reset_before")
    assert client.auth_test()["ok"]
    assert [call.status for call in workspace.calls] == [0, 200]


def test_the_webhook_client_answers_a_response_url(workspace: Workspace, bot: Bot) -> None:
    urls: list[str] = []

    @bot.app.command("/cop")
    def note(ack: Any, body: dict[str, Any]) -> None:
        ack()
        urls.append(body["response_url"])

    assert bot.handler is not None
    bot.handler.connect()
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    workspace.command(ada, channel, "/cop")
    workspace.wait_for(lambda: urls)
    hook = WebhookClient(urls[0])
    assert hook.send(text="only you").body == "ok"
    assert hook.send(text="everybody", response_type="in_channel").status_code == 200
    refused = hook.send(text="x", blocks=[{"type": "section"}])
    assert (refused.status_code, json.loads(refused.body)["error"]) == (400, "invalid_blocks")
    assert [each["text"] for each in workspace.ephemerals(ada)] == ["only you"]
    assert [each["text"] for each in workspace.messages(channel)] == ["everybody"]


def test_bolts_async_app_over_aiohttp_hears_and_answers(workspace: Workspace) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])

    async def live() -> None:
        app = AsyncApp(client=AsyncWebClient(workspace.bot_token, base_url=workspace.api_url))

        @app.message("hello")
        async def answer(say: Any) -> None:
            await say("hello from afar")

        handler = AsyncSocketModeHandler(app, workspace.app_token)
        await handler.connect_async()
        workspace.post(channel, ada, "hello")
        await asyncio.to_thread(workspace.wait_for, lambda: len(workspace.messages(channel)) == 2)
        await asyncio.to_thread(workspace.wait_for, lambda: workspace.unacknowledged == 0)
        await handler.close_async()
        await asyncio.sleep(0.1)  # aiohttp closes its transports in the loop's next rounds

    asyncio.run(live())
    assert workspace.messages(channel)[-1]["text"] == "hello from afar"
    assert workspace.envelopes[0].state == "acknowledged"


def test_the_async_client_uploads_too(workspace: Workspace) -> None:
    channel = workspace.add_channel("general")

    async def live() -> None:
        client = AsyncWebClient(workspace.bot_token, base_url=workspace.api_url)
        await client.files_upload_v2(channel=channel, content="1,2", filename="a.csv")

    asyncio.run(live())
    assert workspace.messages(channel)[0]["files"][0]["name"] == "a.csv"


def test_a_token_of_the_wrong_kind_is_refused_as_slack_does(workspace: Workspace, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.users_profile_set(name="status_text", value="away")
    assert refused.value.response["error"] == "not_allowed_token_type"
