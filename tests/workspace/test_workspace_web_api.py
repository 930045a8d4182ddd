"""The Web API as an unmodified slack_sdk client finds it."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.adapters.clock import VirtualClock
from copbot.core.delivery import metadata
from copbot.core.time import ts_to_us
from copbot.workspace.server import Workspace


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_a_post_of_the_bot_has_slacks_present_shape(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    posted = client.chat_postMessage(channel=channel, text="hello", metadata=metadata("k1"))
    message = workspace.messages(channel)[-1]
    assert posted["ts"] == message["ts"]
    assert (message["user"], message["bot_id"], message["app_id"]) == (
        workspace.bot_user,
        workspace.bot_id,
        workspace.app_id,
    )
    assert "subtype" not in message


def test_a_timestamp_grows_although_the_clock_stands(
    workspace: Workspace, client: WebClient, clock: VirtualClock
) -> None:
    channel = workspace.add_channel("general")
    stamps = [ts_to_us(client.chat_postMessage(channel=channel, text=str(n))["ts"]) for n in range(3)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == clock.now().timestamp() * 1_000_000


def test_history_is_read_newest_first_page_by_page_without_loss(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    roots = [workspace.post(channel, ada, f"message {n}") for n in range(25)]
    workspace.post(channel, ada, "a reply is not in the history", thread_ts=roots[3])
    found = [m["ts"] for page in client.conversations_history(channel=channel, limit=10) for m in page["messages"]]
    assert found == roots[::-1]


@pytest.mark.parametrize(
    ("inclusive", "expected"),
    [pytest.param(False, [2], id="the bounds are left out"), pytest.param(True, [3, 2, 1], id="or taken in")],
)
def test_history_keeps_within_oldest_and_latest(
    workspace: Workspace, client: WebClient, inclusive: bool, expected: list[int]
) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    roots = [workspace.post(channel, ada, str(n)) for n in range(5)]
    page = client.conversations_history(channel=channel, oldest=roots[1], latest=roots[3], inclusive=inclusive)
    assert [m["text"] for m in page["messages"]] == [str(n) for n in expected]


def test_metadata_is_given_only_when_asked_for(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    client.chat_postMessage(channel=channel, text="x", metadata=metadata("post:7"))
    plain = client.conversations_history(channel=channel)["messages"][0]
    whole = client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert "metadata" not in plain
    assert whole["metadata"]["event_payload"] == {"delivery": "post:7"}


def test_a_thread_is_read_root_first_and_its_root_tells_of_it(workspace: Workspace, client: WebClient) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    channel = workspace.add_channel("general", members=[ada, ben])
    root = workspace.post(channel, ada, "who knows?")
    replies = [workspace.post(channel, ben, f"I {n}", thread_ts=root) for n in range(3)]
    pages = client.conversations_replies(channel=channel, ts=root, limit=2)
    assert [m["ts"] for page in pages for m in page["messages"]] == [root, *replies]
    told = client.conversations_history(channel=channel)["messages"][0]
    assert (told["reply_count"], told["reply_users"], told["latest_reply"]) == (3, [ben], replies[-1])


def test_a_broadcast_reply_stands_in_the_history_too(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    root = client.chat_postMessage(channel=channel, text="root")["ts"]
    client.chat_postMessage(channel=channel, text="both", thread_ts=root, reply_broadcast=True)
    newest = client.conversations_history(channel=channel)["messages"][0]
    assert (newest["subtype"], newest["root"]["ts"]) == ("thread_broadcast", root)


def test_a_deleted_root_with_replies_stays_as_a_tombstone(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    lone, root = workspace.post(channel, ada, "lone"), workspace.post(channel, ada, "root")
    workspace.post(channel, ada, "reply", thread_ts=root)
    workspace.delete(channel, lone)
    workspace.delete(channel, root)
    left = client.conversations_history(channel=channel)["messages"]
    assert [(m["ts"], m["subtype"]) for m in left] == [(root, "tombstone")]


def test_a_post_to_a_person_goes_to_their_direct_message(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    posted = client.chat_postMessage(channel=ada, text="welcome")
    assert posted["channel"] == workspace.dm(ada) == client.conversations_open(users=ada)["channel"]["id"]


def test_slack_says_no_in_its_own_words(workspace: Workspace, client: WebClient) -> None:
    ada, gone = workspace.add_user("ada"), workspace.add_user("gone", deleted=True)
    own, other = workspace.add_channel("own", members=[ada]), workspace.add_channel("other", bot=False)
    secret, old = workspace.add_channel("secret", private=True, bot=False), workspace.add_channel("old")
    workspace.archive(old)
    by_ada = workspace.post(own, ada, "mine")
    reply = workspace.post(own, ada, "reply", thread_ts=by_ada)
    post = client.chat_postMessage
    assert refusal(post, channel="C404", text="x") == "channel_not_found"
    assert refusal(post, channel=secret, text="x") == "channel_not_found"
    assert refusal(post, channel=other, text="x") == "not_in_channel"
    assert refusal(post, channel=old, text="x") == "is_archived"
    assert refusal(post, channel=gone, text="x") == "channel_not_found"
    assert refusal(client.api_call, api_method="chat.postMessage", json={"channel": own}) == "no_text"
    assert refusal(post, channel=own, text="x", thread_ts="1.000000") == "thread_not_found"
    assert refusal(post, channel=own, text="x", thread_ts=reply) == "cannot_reply_to_message"
    assert refusal(post, channel=own, text="x", blocks=[{"type": "section"}]) == "invalid_blocks"
    assert refusal(client.chat_update, channel=own, ts=by_ada, text="x") == "cant_update_message"
    assert refusal(client.chat_update, channel=own, ts="1.000000", text="x") == "message_not_found"
    assert refusal(client.conversations_history, channel=other) == "not_in_channel"
    assert refusal(client.conversations_replies, channel=own, ts="1.000000") == "thread_not_found"
    assert refusal(client.users_lookupByEmail, email="nobody@example.org") == "users_not_found"
    assert refusal(client.users_info, user="U404") == "user_not_found"
    assert refusal(client.views_open, trigger_id="1.2", view=modal()) == "invalid_trigger_id"
    assert refusal(client.api_call, api_method="no.such") == "unknown_method"
    assert refusal(client.api_call, api_method="conversations.history", params={"channel": own, "limit": 1000}) == (
        "invalid_limit"
    )


def modal() -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Title"}
    return {"type": "modal", "title": title, "blocks": [{"type": "divider"}]}


def test_an_update_longer_than_slack_takes_is_refused_at_one_character_more(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.add_channel("general")
    ts = client.chat_postMessage(channel=channel, text="x")["ts"]
    client.chat_update(channel=channel, ts=ts, text="y" * 4000)
    assert refusal(client.chat_update, channel=channel, ts=ts, text="y" * 4001) == "msg_too_long"


def test_tokens_are_looked_at(workspace: Workspace) -> None:
    wrong = WebClient("xoxb-wrong", base_url=workspace.api_url)
    assert refusal(wrong.auth_test) == "invalid_auth"
    assert refusal(WebClient(base_url=workspace.api_url).auth_test) == "not_authed"
    right = WebClient(workspace.bot_token, base_url=workspace.api_url)
    assert refusal(right.apps_connections_open, app_token=workspace.bot_token) == "not_allowed_token_type"
    assert right.auth_test()["user_id"] == workspace.bot_user


def test_a_scope_that_was_not_granted_is_named(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    workspace.scopes.discard("chat:write")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=channel, text="x")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write"


def test_people_are_listed_in_pages_with_locale_only_on_request(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada", tz="Asia/Bangkok", locale="th-TH", email="Ada@example.org", is_restricted=True)
    for n in range(5):
        workspace.add_user(f"member{n}")
    found = [user for page in client.users_list(limit=3) for user in page["members"]]
    assert len(found) == 8  # with the bot and Slackbot
    assert len({user["id"] for user in found}) == 8
    assert "locale" not in client.users_info(user=ada)["user"]
    whole = client.users_info(user=ada, include_locale=True)["user"]
    assert (whole["locale"], whole["tz"], whole["tz_offset"]) == ("th-TH", "Asia/Bangkok", 25200)
    assert whole["is_restricted"]
    assert client.users_lookupByEmail(email="ada@example.org")["user"]["id"] == ada


def test_channels_are_listed_by_kind_and_private_ones_only_to_members(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    public, mine = (
        workspace.add_channel("public", bot=False),
        workspace.add_channel("mine", private=True, members=[ada]),
    )
    workspace.add_channel("theirs", private=True, bot=False)
    client.conversations_open(users=ada)
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert [(c["id"], c["is_member"]) for c in listed] == [(public, False), (mine, True)]
    assert [c["user"] for c in client.conversations_list(types="im")["channels"]] == [ada]
    assert client.conversations_members(channel=mine)["members"] == [ada, workspace.bot_user]
    assert [c["id"] for c in client.users_conversations(types="private_channel")["channels"]] == [mine]


def test_the_bot_joins_a_public_channel_once(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("public", bot=False)
    assert "warning" not in client.conversations_join(channel=channel).data
    assert client.conversations_join(channel=channel)["warning"] == "already_in_channel"
    assert [m["subtype"] for m in workspace.messages(channel)] == ["channel_join"]


def test_reactions_and_pins_are_once_each(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.post(channel, ada, "x")
    client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert refusal(client.reactions_add, channel=channel, timestamp=ts, name="eyes") == "already_reacted"
    workspace.react(channel, ts, ada, "eyes")
    assert client.reactions_get(channel=channel, timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": [workspace.bot_user, ada], "count": 2}
    ]
    client.reactions_remove(channel=channel, timestamp=ts, name="eyes")
    assert refusal(client.reactions_remove, channel=channel, timestamp=ts, name="eyes") == "no_reaction"
    client.pins_add(channel=channel, timestamp=ts)
    assert refusal(client.pins_add, channel=channel, timestamp=ts) == "already_pinned"
    assert [item["message"]["ts"] for item in client.pins_list(channel=channel)["items"]] == [ts]


def test_a_user_groups_members_are_listed(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    group = workspace.add_usergroup("@stewards", [ada])
    assert client.usergroups_list()["usergroups"][0]["handle"] == "stewards"
    assert client.usergroups_users_list(usergroup=group)["users"] == [ada]


def test_a_call_may_come_as_form_json_or_query_with_the_token_inside(workspace: Workspace) -> None:
    channel = workspace.add_channel("general")
    form = f"token={workspace.bot_token}&channel={channel}&text=by+form".encode()
    body = json.dumps({"channel": channel, "text": "by json", "token": workspace.bot_token}).encode()
    urllib.request.urlopen(f"{workspace.api_url}chat.postMessage", data=form).close()
    request = urllib.request.Request(f"{workspace.api_url}chat.postMessage", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()
    query = f"{workspace.api_url}chat.postMessage?token={workspace.bot_token}&channel={channel}&text=by+query"
    urllib.request.urlopen(query).close()
    assert [m["text"] for m in workspace.messages(channel)] == ["by form", "by json", "by query"]
    assert all("token" not in call.args for call in workspace.calls)


def test_a_permalink_leads_to_the_workspaces_own_page(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    ts = client.chat_postMessage(channel=channel, text="x")["ts"]
    link = client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    assert link == f"{workspace.page_url}archives/{channel}/p{ts.replace('.', '')}"
    with urllib.request.urlopen(link) as page:
        assert page.status == 200


def test_requests_under_another_name_are_turned_away(workspace: Workspace) -> None:
    request = urllib.request.Request(f"{workspace.api_url}api.test", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 421


def test_a_stopped_workspace_comes_back_on_its_port_with_all_it_knew(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    client.chat_postMessage(channel=channel, text="before")
    url = workspace.api_url
    workspace.stop()
    with pytest.raises(urllib.error.URLError):
        client.chat_postMessage(channel=channel, text="nobody hears")
    workspace.start()
    assert workspace.api_url == url
    client.chat_postMessage(channel=channel, text="after")
    assert [m["text"] for m in workspace.messages(channel)] == ["before", "after"]


def test_a_taken_port_is_an_error_at_start(workspace: Workspace, clock: VirtualClock) -> None:
    port = int(workspace.page_url.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        Workspace(clock, port=port).start()


def test_an_update_keeps_the_blocks_it_does_not_name_and_an_empty_list_takes_them_away(
    workspace: Workspace, client: WebClient
) -> None:
    channel = workspace.add_channel("general")
    ts = client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "divider"}])["ts"]
    client.chat_update(channel=channel, ts=ts, text="y")
    assert [b["type"] for b in workspace.messages(channel)[0]["blocks"]] == ["divider"]
    client.chat_update(channel=channel, ts=ts, text="z", blocks=[])
    assert workspace.messages(channel)[0]["blocks"] == []
