"""Channels, user groups, pins, bookmarks, profiles and files, with the events that go with them."""

import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.adapters.clock import VirtualClock
from copbot.workspace.server import Workspace


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def events(workspace: Workspace, *kinds: str) -> list[dict[str, Any]]:
    """What was meant for the bot, of these types, in order."""
    found = [envelope.payload["event"] for envelope in workspace.envelopes if envelope.type == "events_api"]
    return [event for event in found if event["type"] in kinds]


# --- channels -------------------------------------------------------------------------------------------------------


def test_a_bot_makes_names_fills_and_closes_a_channel(workspace: Workspace, client: WebClient) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    channel = client.conversations_create(name="reading-circle")["channel"]["id"]
    client.conversations_invite(channel=channel, users=[ada, ben])
    client.conversations_setTopic(channel=channel, topic="A book a month")
    client.conversations_rename(channel=channel, name="books")
    client.conversations_kick(channel=channel, user=ben)
    seen = client.conversations_info(channel=channel, include_num_members=True)["channel"]
    assert (seen["name"], seen["topic"]["value"], seen["num_members"]) == ("books", "A book a month", 2)
    client.conversations_archive(channel=channel)
    assert refusal(client.chat_postMessage, channel=channel, text="x") == "is_archived"
    client.conversations_unarchive(channel=channel)
    assert client.chat_postMessage(channel=channel, text="open again")["ok"]
    kinds = ("channel_created", "channel_rename", "channel_archive", "channel_unarchive")
    assert [event["type"] for event in events(workspace, *kinds)] == list(kinds)
    invited = [event["inviter"] for event in events(workspace, "member_joined_channel") if event["user"] == ada]
    assert invited == [workspace.bot_user]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("x" * 80, None),
        ("x" * 81, "invalid_name_maxlength"),
        ("Reading Circle", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
def test_channel_names_are_slacks(workspace: Workspace, client: WebClient, name: str, error: str | None) -> None:
    workspace.add_channel("general")
    if error:
        assert refusal(client.conversations_create, name=name) == error
    else:
        assert client.conversations_create(name=name)["ok"]


def test_what_may_not_be_done_to_a_channel_is_told_in_slacks_words(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    general, other = workspace.add_channel("general", members=[ada]), workspace.add_channel("other", bot=False)
    assert refusal(client.conversations_archive, channel=general) == "cant_archive_general"
    assert refusal(client.conversations_kick, channel=general, user=ada) == "cant_kick_from_general"
    assert refusal(client.conversations_invite, channel=general, users=ada) == "already_in_channel"
    assert refusal(client.conversations_invite, channel=other, users=ada) == "not_in_channel"
    assert refusal(client.conversations_setTopic, channel=general, topic="x" * 251) == "too_long"
    direct = workspace.open_dm(ada)
    assert refusal(client.conversations_rename, channel=direct, name="x") == "method_not_supported_for_channel_type"


def test_posting_where_it_is_not_takes_the_scope_for_it(workspace: Workspace, client: WebClient) -> None:
    public = workspace.add_channel("public", bot=False)
    assert refusal(client.chat_postMessage, channel=public, text="x") == "not_in_channel"
    workspace.scopes.add("chat:write.public")
    assert client.chat_postMessage(channel=public, text="x")["ok"]


# --- user groups ----------------------------------------------------------------------------------------------------


def test_a_user_group_is_made_filled_and_closed_with_its_events(workspace: Workspace, client: WebClient) -> None:
    ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
    group = client.usergroups_create(name="Data stewards", handle="stewards")["usergroup"]["id"]
    assert refusal(client.usergroups_create, name="Others", handle="stewards") == "handle_already_exists"
    client.usergroups_users_update(usergroup=group, users=[ada])
    workspace.change_usergroup(group, [ben])
    assert client.usergroups_users_list(usergroup=group)["users"] == [ben]
    client.usergroups_disable(usergroup=group)
    assert client.usergroups_list()["usergroups"] == []
    assert [each["id"] for each in client.usergroups_list(include_disabled=True)["usergroups"]] == [group]
    moves = events(workspace, "subteam_members_changed")
    assert [(event["added_users"], event["removed_users"]) for event in moves] == [([ada], []), ([ben], [ada])]
    assert [event["subteam"]["user_count"] for event in events(workspace, "subteam_created")] == [0]


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_time_zones_offset_follows_the_calendar(workspace: Workspace, client: WebClient, clock: VirtualClock) -> None:
    ada = workspace.add_user("ada", tz="Europe/Berlin", locale="de-DE")
    assert client.users_info(user=ada)["user"]["tz_offset"] == 3600
    clock.advance(timedelta(days=200))
    assert client.users_info(user=ada)["user"]["tz_offset"] == 7200


def test_a_profile_that_changes_is_told_and_can_be_read(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    workspace.change_profile(ada, title="Statistician")
    assert client.users_profile_get(user=ada)["profile"]["title"] == "Statistician"
    [event] = events(workspace, "user_change")
    assert event["user"]["profile"]["title"] == "Statistician"


# --- what hangs on messages and channels ----------------------------------------------------------------------------


def test_pins_are_told_to_the_bot_by_whomever_they_are(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.post(channel, ada, "the guidelines")
    workspace.pin(channel, ts, ada)
    client.pins_remove(channel=channel, timestamp=ts)
    added, removed = events(workspace, "pin_added", "pin_removed")
    assert (added["user"], added["pin_count"], added["item"]["message"]["ts"]) == (ada, 1, ts)
    assert (removed["user"], removed["has_pins"]) == (workspace.bot_user, False)
    assert refusal(client.pins_remove, channel=channel, timestamp=ts) == "no_pin"


def test_bookmarks_are_kept_on_a_channel(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    given = {"channel_id": channel, "title": "Guidelines", "type": "link"}
    made = client.bookmarks_add(**given, link="https://example.org/guidelines")["bookmark"]
    client.bookmarks_edit(channel_id=channel, bookmark_id=made["id"], title="House rules")
    assert [each["title"] for each in client.bookmarks_list(channel_id=channel)["bookmarks"]] == ["House rules"]
    assert refusal(client.bookmarks_add, **given, link="javascript:alert(1)") == "invalid_link"
    client.bookmarks_remove(channel_id=channel, bookmark_id=made["id"])
    assert refusal(client.bookmarks_remove, channel_id=channel, bookmark_id=made["id"]) == "not_found"


def test_what_somebody_reacted_to_is_listed(workspace: Workspace, client: WebClient) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.post(channel, ada, "x")
    workspace.post(channel, ada, "y")
    workspace.react(channel, ts, ada, "eyes")
    assert [item["message"]["ts"] for item in client.reactions_list(user=ada)["items"]] == [ts]
    assert client.reactions_list()["items"] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("<@U0COPBOT> hello", True), ("<@U0COPBOT|copbot> hello", True), ("copbot, hello", False)],
)
def test_a_mention_in_a_channel_is_told_beside_its_message(workspace: Workspace, text: str, told: bool) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.post(channel, ada, text)
    assert [event["ts"] for event in events(workspace, "app_mention")] == ([ts] if told else [])
    assert [event["ts"] for event in events(workspace, "message")] == [ts]
    workspace.post(workspace.open_dm(ada), ada, text)
    assert len(events(workspace, "app_mention")) == told


def test_only_what_was_subscribed_to_is_sent(workspace: Workspace) -> None:
    workspace.subscriptions = {"message.channels"}
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.post(channel, ada, "seen")
    workspace.react(channel, ts, ada, "eyes")
    workspace.post(workspace.open_dm(ada), ada, "not seen")
    assert [event["text"] for event in events(workspace, "message", "reaction_added")] == ["seen"]


# --- messages -------------------------------------------------------------------------------------------------------


def test_more_than_text_is_kept_with_a_message(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    client.chat_postMessage(channel=channel, text="x", attachments=[{"text": "more", "color": "#36a64f"}])
    client.chat_meMessage(channel=channel, text="waves")
    client.chat_postMessage(channel=channel, markdown_text="# Title")
    first, second, third = workspace.messages(channel)
    assert first["attachments"][0]["text"] == "more"
    assert (second["subtype"], third["text"]) == ("me_message", "# Title")
    many = [{"text": "x"}] * 101
    assert refusal(client.chat_postMessage, channel=channel, text="x", attachments=many) == "too_many_attachments"
    both: dict[str, Any] = {"markdown_text": "x", "blocks": [{"type": "divider"}]}
    assert refusal(client.api_call, api_method="chat.postMessage", json={"channel": channel} | both) == (
        "markdown_text_conflict"
    )


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_members_file_is_told_and_can_be_fetched_with_the_token_alone(
    workspace: Workspace, client: WebClient
) -> None:
    ada = workspace.add_user("ada")
    channel = workspace.add_channel("general", members=[ada])
    ts = workspace.upload(channel, ada, "page.html", b"<script>alert(1)</script>", "look")
    [message] = events(workspace, "message")
    assert (message["subtype"], message["ts"], message["text"]) == ("file_share", ts, "look")
    assert events(workspace, "file_shared")[0]["file_id"] == message["files"][0]["id"]
    url = message["files"][0]["url_private"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)
    refused.value.close()
    assert refused.value.code == 403
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {workspace.bot_token}"})
    with urllib.request.urlopen(request) as fetched:
        assert fetched.read() == b"<script>alert(1)</script>"
        assert fetched.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert refusal(client.files_delete, file=message["files"][0]["id"]) == "cant_delete_file"


def test_an_upload_is_ended_once_and_only_when_its_bytes_came(workspace: Workspace, client: WebClient) -> None:
    channel = workspace.add_channel("general")
    place = client.files_getUploadURLExternal(filename="a.txt", length=3)
    files = [{"id": place["file_id"], "title": "A"}]
    assert refusal(client.files_completeUploadExternal, files=files, channel_id=channel) == "file_not_found"
    for content, status in ((b"four", 400), (b"abc", 200)):
        try:
            urllib.request.urlopen(place["upload_url"], data=content).close()
            answered = 200
        except urllib.error.HTTPError as refused:
            refused.close()
            answered = refused.code
        assert answered == status
    assert refusal(client.files_completeUploadExternal, files=files, channel_id="C404") == "channel_not_found"
    assert client.files_completeUploadExternal(files=files, channel_id=channel)["files"][0]["title"] == "A"
    assert refusal(client.files_completeUploadExternal, files=files, channel_id=channel) == "file_not_found"
    client.files_delete(file=place["file_id"])
    assert refusal(client.files_info, file=place["file_id"]) == "file_not_found"
    assert workspace.files() == []


def test_a_file_without_a_channel_stays_private(workspace: Workspace, client: WebClient) -> None:
    done = client.files_upload_v2(content="x", filename="a.txt")
    assert (done["file"]["is_public"], done["file"]["shares"]) == (False, {})
    assert refusal(client.files_getUploadURLExternal, filename="a.txt", length=0) == "invalid_arguments"
