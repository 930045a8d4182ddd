"""What Slack's events say, as facts. Payloads have the shapes of Slack's own samples."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.adapters.payloads import intake_of, user_fact
from copbot.core.facts import (
    ChannelSeen,
    Fact,
    MembershipSeen,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    WorkspaceJoined,
)
from copbot.core.records import Happening

TEAM = "T0000001"
TS = "1764585000.000100"
TS_US = 1764585000_000100


def message(**more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "channel": "C0000001",
        "channel_type": "channel",
        "user": "U0000001",
        "ts": TS,
        "event_ts": TS,
        "text": "Which key do you link on?",
        "team": TEAM,
        **more,
    }


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        pytest.param(
            message(),
            (MessageSeen("C0000001", TS_US, "U0000001", None, "Which key do you link on?"),),
            id="a root",
        ),
        pytest.param(
            message(thread_ts=TS),
            (MessageSeen("C0000001", TS_US, "U0000001", None, "Which key do you link on?"),),
            id="a root that has replies",
        ),
        pytest.param(
            message(thread_ts="1764580000.000200", parent_user_id="U0000002"),
            (
                MessageSeen(
                    *("C0000001", TS_US, "U0000001", 1764580000_000200, "Which key do you link on?"),
                    root_user="U0000002",
                ),
            ),
            id="a reply",
        ),
        pytest.param(
            message(subtype="thread_broadcast", thread_ts="1764580000.000200", root={"ts": "1764580000.000200"}),
            (MessageSeen("C0000001", TS_US, "U0000001", 1764580000_000200, "Which key do you link on?"),),
            id="a reply that is also sent to the channel",
        ),
        pytest.param(message(bot_id="B0000001"), (), id="posted through an app"),
        pytest.param(
            message(bot_id=None),
            (MessageSeen("C0000001", TS_US, "U0000001", None, "Which key do you link on?"),),
            id="bot_id null",
        ),
        pytest.param(message(subtype="channel_join"), (), id="a join's message"),
        pytest.param(message(subtype="some_new_subtype"), (), id="a subtype of the future"),
        pytest.param(message(user="USLACKBOT"), (), id="Slackbot"),
        pytest.param(message(channel_type="im"), (), id="said to the bot in private"),
        pytest.param(
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": "C0000001",
                "ts": "1764585100.000000",
                "message": message(text="Which key?", edited={"user": "U0000001", "ts": "1764585099.000000"}),
            },
            (MessageSeen("C0000001", TS_US, "U0000001", None, "Which key?", 1764585099_000000),),
            id="an edit",
        ),
        pytest.param(
            {
                "type": "message",
                "subtype": "message_deleted",
                "channel": "C0000001",
                "ts": "1764585100.000000",
                "deleted_ts": TS,
            },
            (MessageGone("C0000001", TS_US),),
            id="a deletion",
        ),
        pytest.param(
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C0000001",
                "ts": "1764585100.000000",
                "message": {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": TS, "hidden": True},
            },
            (MessageGone("C0000001", TS_US),),
            id="a deleted root that has replies",
        ),
        pytest.param(
            {
                "type": "reaction_removed",
                "user": "U0000001",
                "reaction": "thumbsup",
                "item": {"type": "message", "channel": "C0000001", "ts": TS},
                "item_user": "U0000002",
                "event_ts": "1764585200.000000",
            },
            (ReactionSeen("C0000001", TS_US, "U0000001", "thumbsup", "U0000002", False, 1764585200_000000),),
            id="a reaction taken off",
        ),
        pytest.param(
            {"type": "reaction_added", "user": "U0000001", "reaction": "x", "item": {"type": "file", "file": "F1"}},
            (),
            id="a reaction to a file",
        ),
        pytest.param(
            {"type": "member_left_channel", "user": "U0000001", "channel": "C0000001", "event_ts": TS},
            (MembershipSeen("C0000001", "U0000001", False, TS_US),),
            id="a member leaves",
        ),
        pytest.param(
            {"type": "channel_rename", "channel": {"id": "C0000001", "name": "registers"}, "event_ts": TS},
            (ChannelSeen("C0000001", name="registers", updated_us=TS_US),),
            id="a channel is renamed",
        ),
        pytest.param(
            {"type": "channel_archive", "channel": "C0000001", "user": "U0000001", "event_ts": TS},
            (ChannelSeen("C0000001", is_archived=True, updated_us=TS_US),),
            id="a channel is archived",
        ),
        pytest.param({"type": "emoji_changed"}, (), id="an event that nobody asked for"),
    ],
)
def test_an_event_becomes_its_facts(event: dict[str, Any], facts: tuple[Fact, ...]) -> None:
    assert intake_of(event, 1764585000, TEAM).facts == facts


def test_a_join_of_the_workspace_is_a_fact_and_something_that_may_lead_to_a_welcome() -> None:
    event = {"type": "team_join", "user": {"id": "U0000009", "team_id": TEAM, "tz": "Asia/Bangkok", "profile": {}}}

    intake = intake_of(event, 1764585000, TEAM)

    assert intake.facts[1:] == (WorkspaceJoined("U0000009", 1764585000_000000),)
    assert intake.happening == Happening(0, "joined_workspace", "U0000009", 1764585000_000000)


def test_a_join_of_a_channel_may_lead_to_a_welcome_too() -> None:
    event = {"type": "member_joined_channel", "user": "U0000009", "channel": "C0000001", "event_ts": TS}
    assert intake_of(event, 0, TEAM).happening == Happening(0, "joined_channel", "U0000009", TS_US, "C0000001")


def test_leaving_a_channel_may_stop_a_welcome() -> None:
    event = {"type": "member_left_channel", "user": "U0000009", "channel": "C0000001", "event_ts": TS}
    assert intake_of(event, 0, TEAM).happening == Happening(0, "left_channel", "U0000009", TS_US, "C0000001")


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"id": "U1", "team_id": TEAM}, (False, False, False, False)),
        ({"id": "U1", "team_id": "T0000002"}, (False, False, True, False)),
        ({"id": "U1", "is_stranger": True}, (False, False, True, False)),
        ({"id": "U1", "deleted": True}, (False, True, False, False)),
        ({"id": "U1", "is_bot": True}, (True, False, False, False)),
        ({"id": "USLACKBOT", "is_bot": False}, (True, False, False, False)),
        ({"id": "U1", "is_restricted": True}, (False, False, False, True)),
        ({"id": "U1", "profile": None, "tz": None}, (False, False, False, False)),
    ],
)
def test_people_bots_guests_and_others_are_told_apart(user: dict[str, Any], expected: tuple[bool, ...]) -> None:
    seen = user_fact(user, TEAM, 5)
    assert (seen.is_bot, seen.is_deleted, seen.is_external, seen.is_guest) == expected


def test_a_name_is_the_display_name_and_else_the_real_one() -> None:
    assert user_fact({"id": "U1", "profile": {"display_name": "", "real_name": "Ana"}}, TEAM, 0).name == "Ana"
    assert user_fact({"id": "U1", "name": "ana.k", "profile": {"display_name": "Ana K"}}, TEAM, 0).name == "Ana K"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [
    "channel",
    "user",
    "ts",
    "thread_ts",
    "item",
    "message",
    "subtype",
    "deleted_ts",
    "edited",
    "reaction",
    "event_ts",
]
KINDS = [
    "message",
    "reaction_added",
    "team_join",
    "user_change",
    "member_joined_channel",
    "channel_rename",
    "channel_archive",
]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values), st.sampled_from(KINDS))
def test_whatever_an_event_holds_it_is_read_or_left_alone(fields: dict[str, Any], kind: str) -> None:
    intake = intake_of({**fields, "type": kind}, 0, TEAM)
    for fact in intake.facts:
        ids = [getattr(fact, name) for name in ("channel", "user") if hasattr(fact, name)]
        assert all(isinstance(i, str) and i for i in ids)
