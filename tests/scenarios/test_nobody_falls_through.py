"""Nobody falls through: who joined while the bot was away, a burst of joins, a first message that nobody answers, an introduction
that nobody greets."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import pytest
from nursery import STAGES, End, Nursery
from running import Community, Running

PROMPTLY = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
      introduction: introduction.j2
"""


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/onboarding.yaml", PROMPTLY)
        yield community


def welcomes(community: Community, people: list[str]) -> list[int]:
    """How many messages each got in their direct messages."""
    return [len(community.said(community.workspace.dm(person))) for person in people]


def away_for(community: Community, away: timedelta) -> None:
    """As if the bot had been stopped so long ago: what it knows moves back in time."""
    back_us = away // timedelta(microseconds=1)
    columns = {
        "team": "complete_us compared_us",
        "slack_user": "known_since_us",
        "channel": "members_us",
        "membership": "changed_us",
    }
    back = [
        f"UPDATE {table} SET {column} = {column} - {back_us}" for table in columns for column in columns[table].split()
    ]
    databases.do(community.folder / "copbot.db", *back)


def lost(community: Community, names: list[str]) -> list[str]:
    """People who join, of whom Slack's events never arrive."""
    workspace = community.workspace
    workspace.faults.lose_events(len(names))
    return [workspace.join_workspace(name, real_name=name.title()) for name in names]


# --- while the bot was away ------------------------------------------------------------------------------------------


def test_who_joined_while_it_was_stopped_is_welcomed_at_the_start_and_nobody_who_was_there(
    community: Community,
) -> None:
    workspace = community.workspace
    with Running(community):
        # Given the very first start: who is there already is old
        first = workspace.join_workspace("first", real_name="First")
        workspace.wait_for(lambda: community.said(workspace.dm(first)))
    assert welcomes(community, [community.ana, community.ben, community.jess, community.mod]) == [0, 0, 0, 0]
    workspace.retry_delays = (600, 600, 600)
    amara, binta = lost(community, ["amara", "binta"])
    with Running(community):
        workspace.wait_for(lambda: welcomes(community, [amara, binta]) == [1, 1])
    with Running(community):
        late = workspace.join_workspace("late", real_name="Late")
        workspace.wait_for(lambda: community.said(workspace.dm(late)))
    assert welcomes(community, [first, amara, binta, late]) == [1, 1, 1, 1]
    assert welcomes(community, [community.ana, community.ben, community.mod]) == [0, 0, 0]


def test_who_joined_while_the_connection_was_lost_is_welcomed_when_it_is_back(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        first = workspace.join_workspace("first", real_name="First")
        workspace.wait_for(lambda: community.said(workspace.dm(first)))
        workspace.faults.refuse_sockets()
        workspace.faults.drop_sockets()
        (amara,) = lost(community, ["amara"])
        workspace.faults.refuse_sockets(False)
        workspace.wait_for(lambda: community.said(workspace.dm(amara)), timeout=30)
    assert welcomes(community, [first, amara]) == [1, 1]


def test_who_joined_a_channel_meanwhile_is_welcomed_where_onboarding_starts_there(community: Community) -> None:
    workspace = community.workspace
    community.write("schedules/onboarding.yaml", PROMPTLY.replace("joins workspace", 'joins channel "#data"'))
    newcomer, stranger = (workspace.add_user(name, real_name=name.title()) for name in ("newcomer", "stranger"))
    with Running(community):
        workspace.wait_for(lambda: databases.lives_on(community.folder / "copbot.db"))
        other = workspace.add_user("other", real_name="Other")
        workspace.join_channel(community.data, other)
        workspace.wait_for(lambda: community.said(workspace.dm(other)))
    workspace.faults.lose_events(2)  # the notice in the channel, and the membership
    workspace.join_channel(community.data, newcomer)
    with Running(community):
        workspace.wait_for(lambda: community.said(workspace.dm(newcomer)))
        last = workspace.add_user("last", real_name="Last")
        workspace.join_channel(community.data, last)
        workspace.wait_for(lambda: community.said(workspace.dm(last)))
    assert welcomes(community, [newcomer, other, stranger, community.ana]) == [1, 1, 0, 0]


def test_after_three_days_the_moderators_are_told_what_was_missed(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.post(community.data, community.ana, "Good morning")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
    away_for(community, timedelta(days=3))
    (amara,) = lost(community, ["amara"])
    with Running(community):
        workspace.wait_for(lambda: community.said(workspace.dm(amara)))
        workspace.wait_for(lambda: community.said(community.mods))
    (told,) = [text for text in community.said(community.mods) if "away" in text]
    assert "away for 3 days" in told
    assert f"1 person joined and I welcome them now: <@{amara}>" in told
    assert "1 message by 1 person" in told
    assert welcomes(community, [amara]) == [1]


FEW_LIVES = [("before commit", 4), ("after commit", 5), ("stored", 2)]
MANY_LIVES = [(stage, nth) for nth in range(1, 12) for stage in STAGES]


@pytest.mark.skipif(not Path("/proc").exists(), reason="whether a process has ended is read from /proc")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "lives", [pytest.param(FEW_LIVES, id="few"), pytest.param(MANY_LIVES, id="many", marks=pytest.mark.slow)]
)
def test_killed_while_it_finds_them_each_is_welcomed_once(community: Community, lives: list[tuple[str, int]]) -> None:
    workspace = community.workspace
    with Running(community):
        first = workspace.join_workspace("first", real_name="First")
        workspace.wait_for(lambda: community.said(workspace.dm(first)))
    people = lost(community, [f"new{number}" for number in range(6)])
    with Nursery(community.folder, community.environment()) as nursery:
        for stage, nth in lives:
            pid = nursery.bear(End(stage, nth))
            until = time.monotonic() + 5
            while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
                time.sleep(0.02)
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
            nursery.ended()
            workspace.wait_for(lambda: workspace.connected == 0, 30)
    with Running(community):
        workspace.wait_for(lambda: welcomes(community, people) == [1] * len(people), timeout=40)
        late = workspace.join_workspace("late", real_name="Late")
        workspace.wait_for(lambda: community.said(workspace.dm(late)))
    assert welcomes(community, people) == [1] * len(people)
    assert welcomes(community, [community.ana, community.ben]) == [0, 0]


# --- a burst of joins ------------------------------------------------------------------------------------------------


JOINS = 80  # a thousand: tests/benchmarks/burst_of_joins.py


@pytest.mark.timeout(120)
def test_a_burst_of_joins_stays_within_the_limits_and_makes_no_post_late(community: Community) -> None:
    workspace = community.workspace
    workspace.limits = True
    with Running(community):
        at = (datetime.now(UTC) + timedelta(seconds=5)).replace(microsecond=0)
        post = f'{{id: call, channel: "#data", when: {{date: "{at:%Y-%m-%d %H:%M:%S}"}}, text: "The webinar begins"}}'
        community.write("schedules/posts.yaml", f"posts:\n  - {post}\n")
        people = [
            # Of every third Slack does not tell the language
            workspace.join_workspace(f"new{number}", real_name=f"New {number}", locale="" if number % 3 else "fr-FR")
            for number in range(JOINS)
        ]
        workspace.wait_for(lambda: community.said(community.data), timeout=30)
        (said,) = [m for m in workspace.messages(community.data) if m.get("user") == workspace.bot_user]
        assert float(said["ts"]) - at.timestamp() < 5.0, "while most of the welcomes still wait"
        assert not all(welcomes(community, people))
        workspace.wait_for(lambda: all(welcomes(community, people)), timeout=90)
    assert welcomes(community, people) == [1] * JOINS
    refused = Counter(call.method for call in workspace.calls if call.status == 429)
    assert refused["chat.postMessage"] == 0
    assert sum(refused.values()) <= 2
    assert "conversations.open" not in {call.method for call in workspace.calls}


@pytest.mark.timeout(60)
def test_slack_hanging_over_one_person_holds_up_nobody_else(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        first = workspace.join_workspace("first", real_name="First")
        workspace.wait_for(lambda: community.said(workspace.dm(first)))
        workspace.faults.add("users.info", "slow", times=9, delay=20.0)
        unknown = workspace.join_workspace("unknown", real_name="Unknown", locale="")
        known = workspace.join_workspace("known", real_name="Known")
        workspace.wait_for(lambda: community.said(workspace.dm(known)), timeout=6)
        assert not community.said(workspace.dm(unknown)), (
            "they wait for a while, so that they are met in their language"
        )


# --- first messages and introductions ----------------------------------------------------------------------------------


def test_a_first_message_that_nobody_answers_is_shown_to_the_moderators_until_somebody_does(
    community: Community,
) -> None:
    workspace = community.workspace
    with Running(community):
        amara = workspace.join_workspace("amara", real_name="Amara")
        workspace.join_channel(community.data, amara)
        hello = workspace.post(community.data, amara, "Hello all, I link censuses.")
        # It is listed at once, and becomes a card in its time
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        workspace.command(community.mod, community.mods, "/cop", "unanswered")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))
        assert "*first message*" in workspace.ephemerals(community.mod)[-1]["text"]
        workspace.wait_for(lambda: community.said(community.mods))
        (card,) = workspace.messages(community.mods)[-1:]
        assert "wrote their *first message*" in card["text"]
        workspace.press(community.mod, community.mods, card["ts"], "threads:take")
        workspace.wait_for(lambda: "will greet them" in str(workspace.messages(community.mods)[-1]))
        workspace.post(community.data, community.mod, "Welcome!", thread_ts=hello)
        workspace.wait_for(lambda: "Answered by" in workspace.messages(community.mods)[-1]["text"])


def test_an_introduction_that_nobody_greets_becomes_a_card_with_a_greeting_to_give(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        amara = workspace.join_workspace("amara", real_name="Amara")
        dm = workspace.wait_for(
            lambda: workspace.dm(amara) if community.said(workspace.dm(amara)) else None, timeout=20
        )
        workspace.press(amara, dm, workspace.messages(dm)[0]["ts"], "onboarding:open")
        workspace.wait_for(lambda: workspace.view_of(amara))
        workspace.submit(amara, {"question:goal": "To link censuses"})
        workspace.wait_for(lambda: community.said(community.introductions))
        time.sleep(3.2)
        workspace.post(
            community.data, community.ben, "Good morning"
        )  # whatever happens, the bot looks after everything
        workspace.wait_for(lambda: community.said(community.mods))
        (card,) = workspace.messages(community.mods)[-1:]
        assert "nobody has said hello" in card["text"]
        assert "I'll greet them" in str(card["blocks"])
        introduction = next(
            m for m in workspace.messages(community.introductions) if m.get("user") == workspace.bot_user
        )
        workspace.post(community.introductions, community.ben, "Welcome, Amara!", thread_ts=introduction["ts"])
        workspace.wait_for(lambda: "Answered by" in workspace.messages(community.mods)[-1]["text"])
