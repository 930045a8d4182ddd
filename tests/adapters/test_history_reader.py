"""Reading what was missed: all of it or not at all, and what Slack refuses for good is left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from copbot.adapters.history_reader import HistoryReader
from copbot.adapters.payloads import message_fact
from copbot.core.absence import Listing
from copbot.core.arrivals import WELCOMED_WITHIN_US
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.facts import ReactionSeen
from copbot.core.records import Happening, Root
from copbot.core.time import SECOND_US, to_us, ts_to_us, us_to_ts


class Slack:
    """Channels' histories by ID; an error in place of one is raised after its first message."""

    def __init__(
        self,
        histories: dict[str, list[dict[str, Any] | Exception]],
        people: list[dict[str, Any] | Exception] | None = None,
        members: dict[str, list[str | Exception]] | None = None,
    ) -> None:
        self.histories = histories
        self.people = people or []
        self.in_channels = members or {}

    def users(self) -> Iterator[dict[str, Any]]:
        yield from _told(self.people)

    def members(self, channel: str) -> Iterator[str]:
        yield from _told(self.in_channels[channel])

    def history(self, channel: str, oldest_us: int, *, thread_ts: str | None = None) -> Iterator[dict[str, Any]]:
        yield from _told(self.histories[channel])


def _told(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, Exception):
            raise item
        yield item


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def read(scene: Scene, slack: Slack, away_us: int = 60 * SECOND_US) -> None:
    now_us = to_us(scene.now)
    HistoryReader(slack, scene.store, "T0000001").read_gap(  # type: ignore[arg-type]
        list(slack.histories), now_us - away_us, now_us - away_us, now_us
    )


def counted(scene: Scene, channel: str) -> bool:
    with scene.store.read() as tx:
        return tx.facts.last_message_us(channel) is not None


def said(scene: Scene) -> dict[str, Any]:
    return {"type": "message", "ts": us_to_ts(to_us(scene.now)), "user": "U1", "text": "Hello"}


@pytest.mark.parametrize("reason", ["HTTP 503", "ratelimited", "internal_error"])
def test_what_slack_cannot_tell_now_is_to_be_asked_again(scene: Scene, reason: str) -> None:
    with pytest.raises(SlackUnavailable):
        read(scene, Slack({"CDATA": [said(scene), SlackUnavailable(reason)]}))
    read(scene, Slack({"CDATA": [said(scene)]}))
    assert counted(scene, "CDATA")


def test_what_slack_refuses_for_good_keeps_no_other_channel_from_being_read(scene: Scene) -> None:
    read(scene, Slack({"CGONE": [SlackRefused("not_in_channel")], "CDATA": [said(scene)]}))
    assert counted(scene, "CDATA")


def joined(scene: Scene, user: str, ago_us: int = 0, subtype: str = "channel_join") -> dict[str, Any]:
    return {"type": "message", "subtype": subtype, "ts": us_to_ts(to_us(scene.now) - ago_us), "user": user, "text": ""}


def happenings(scene: Scene) -> list[Happening]:
    found = []
    with scene.store.begin() as tx:
        while (happening := tx.inbox.next()) is not None:
            tx.inbox.done(happening.id, 1)
            found.append(happening)
    return found


def test_who_joined_a_channel_in_the_gap_is_read_from_its_history_with_the_time_once(scene: Scene) -> None:
    notice = joined(scene, "UNEW", ago_us=30 * SECOND_US)
    for _ in range(2):
        read(scene, Slack({"CDATA": [notice, joined(scene, "ULEFT", subtype="channel_leave")]}))
    (happening,) = happenings(scene)
    at_us = to_us(scene.now) - 30 * SECOND_US
    assert (happening.kind, happening.user, happening.channel, happening.at_us) == (
        "joined_channel",
        "UNEW",
        "CDATA",
        at_us,
    )
    with scene.store.read() as tx:
        person = tx.facts.person("UNEW")
        assert tx.facts.last_message_us("CDATA") is None, "a notice is no message of theirs"
    assert person is not None
    assert person.joined_us == at_us


def test_who_joined_a_channel_longer_than_a_week_ago_is_known_and_not_welcomed(scene: Scene) -> None:
    read(scene, Slack({"CDATA": [joined(scene, "UNEW", ago_us=WELCOMED_WITHIN_US + 1)]}), 2 * WELCOMED_WITHIN_US)
    assert happenings(scene) == []
    with scene.store.read() as tx:
        assert tx.facts.person("UNEW") is not None


def listing(scene: Scene, slack: Slack) -> Listing:
    reader = HistoryReader(slack, scene.store, "T0000001")  # type: ignore[arg-type]
    return reader.list_people(list(slack.in_channels), to_us(scene.now))


def test_the_lists_tell_who_is_there_and_since_when_nothing_of_theirs_changed(scene: Scene) -> None:
    people: list[Any] = [{"id": "U1", "updated": 1_700_000_000}, {"id": "U2"}, {"id": "U3", "updated": "soon"}]
    found = listing(scene, Slack({}, people, {"CDATA": ["U1"]}))
    assert found.people is not None
    assert [(one.seen.user, one.changed_us) for one in found.people] == [
        ("U1", 1_700_000_000 * SECOND_US),
        ("U2", None),
        ("U3", None),
    ]
    assert found.members == {"CDATA": ("U1",)}


def test_whoever_was_invited_and_has_not_come_yet_is_nobody_so_far(scene: Scene) -> None:
    people: list[Any] = [{"id": "U1"}, {"id": "U2", "is_invited_user": True}]
    found = listing(scene, Slack({}, people, {"CDATA": ["U1", "U2"]}))
    assert found.people is not None
    assert [one.seen.user for one in found.people] == ["U1"]
    assert found.members == {"CDATA": ("U1",)}


def test_a_list_that_slack_refuses_is_left_out_and_one_that_it_cannot_tell_now_is_asked_again(scene: Scene) -> None:
    refused = Slack(
        {}, [SlackRefused("missing_scope")], {"CDATA": ["U1"], "CGONE": [SlackRefused("channel_not_found")]}
    )
    found = listing(scene, refused)
    assert found.people is None
    assert found.members == {"CDATA": ("U1",)}
    for broken in (
        Slack({}, [SlackUnavailable("HTTP 503")]),
        Slack({}, [], {"CDATA": ["U1", SlackUnavailable("ratelimited")]}),
    ):
        with pytest.raises(SlackUnavailable):
            listing(scene, broken)


# --- what changed on Slack while nobody listened ------------------------------------------------------------------

MINUTE_US = 60 * SECOND_US


class Channel:
    """CDATA as it stands on Slack, with its threads."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.refuses: Exception | None = None
        self.asked: list[str | None] = []
        self.oldest: list[int] = []

    def users(self) -> Iterator[dict[str, Any]]:
        return iter(())

    def members(self, channel: str) -> Iterator[str]:
        return iter(())

    def history(self, channel: str, oldest_us: int, *, thread_ts: str | None = None) -> Iterator[dict[str, Any]]:
        self.asked.append(thread_ts)
        self.oldest.append(oldest_us)
        if self.refuses is not None:
            raise self.refuses
        for message in sorted(self.said, key=lambda one: one["ts"], reverse=thread_ts is None):
            below = [one["ts"] for one in self.said if one.get("thread_ts") == message["ts"]]
            counts = {"reply_count": len(below), "latest_reply": max(below)} if below else {}
            is_wanted = message["ts"] >= us_to_ts(oldest_us) and not message.get("thread_ts")
            if is_wanted if thread_ts is None else thread_ts in (message["ts"], message.get("thread_ts")):
                yield message | counts


class Away:
    """A bot that knew all of CDATA, then was away for an hour."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.slack = Channel()
        self.since_us = 0

    def says(self, user: str, text: str = "hi", thread: str | None = None, *, heard: bool = True) -> dict[str, Any]:
        """Somebody writes; ``heard``: the bot was there."""
        self.scene.wait(minutes=1)
        message: dict[str, Any] = {"type": "message", "user": user, "text": text, "ts": us_to_ts(to_us(self.scene.now))}
        if thread:
            message["thread_ts"] = thread
        self.slack.said.append(message)
        if heard:
            fact = message_fact("CDATA", message)
            assert fact is not None
            self.scene.record(fact)
        return message

    def leaves(self) -> None:
        self.scene.wait(minutes=5)
        self.since_us = to_us(self.scene.now)
        self.scene.wait(hours=1)

    def returns(self, unread: dict[str, int] | None = None) -> None:
        self.scene.wait(hours=1)
        now_us = to_us(self.scene.now)
        reader = HistoryReader(self.slack, self.scene.store, "T0000001")  # type: ignore[arg-type]
        reader.read_gap(["CDATA"], self.since_us, now_us - 14 * 24 * 60 * MINUTE_US, now_us, unread)

    def root(self, message: dict[str, Any]) -> Root | None:
        with self.scene.store.read() as tx:
            return tx.facts.root("CDATA", ts_to_us(message["ts"]))


@pytest.fixture
def away(scene: Scene) -> Away:
    return Away(scene)


def test_an_answer_to_an_old_question_is_found_and_threads_that_rest_are_not_opened(away: Away) -> None:
    old, resting = away.says("UANA", "does anyone know?"), away.says("UCY", "who else?")
    away.says("UDAN", "me", resting["ts"])
    away.scene.wait(days=5)
    away.leaves()
    away.says("UBEN", "yes", old["ts"], heard=False)
    away.returns()
    root = away.root(old)
    assert root is not None
    assert root.answer_user == "UBEN"
    assert away.slack.asked == [None, old["ts"]]


def test_what_was_said_before_the_bot_came_is_left_to_an_import(away: Away) -> None:
    before, known = away.says("UANA", "who knows?", heard=False), away.says("UANA", "and who this?")
    away.leaves()
    away.returns()
    assert away.root(before) is None
    assert away.root(known) is not None


def test_an_edit_made_meanwhile_holds(away: Away) -> None:
    question = away.says("UANA", "does anyone know?")
    away.leaves()
    question |= {"text": "never mind", "edited": {"user": "UANA", "ts": us_to_ts(to_us(away.scene.now))}}
    away.returns()
    root = away.root(question)
    assert root is not None
    assert not root.asks


def test_what_was_deleted_meanwhile_is_gone_and_what_slack_only_hides_is_not(away: Away) -> None:
    hidden, first = away.says("UANA", "older than what the workspace shows"), away.says("UANA", "first")
    question, answered = away.says("UANA", "really?"), away.says("UANA", "why?")
    answer = away.says("UBEN", "because", answered["ts"])
    away.leaves()
    for message in (hidden, question, answer):
        away.slack.said.remove(message)
    away.says("UCY", heard=False)
    away.returns()
    assert away.root(hidden) is not None
    assert away.root(first) is not None
    assert away.root(question) is None
    root = away.root(answered)
    assert root is not None
    assert root.answer_user is None


def test_reactions_put_on_and_taken_off_meanwhile_hold_and_later_events_hold_against_them(away: Away) -> None:
    question = away.says("UANA", "does anyone know?")
    ts_us = ts_to_us(question["ts"])
    away.scene.record(
        ReactionSeen("CDATA", ts_us, "UBEN", "eyes", "UANA", event_us=ts_us + 1),
        ReactionSeen("CDATA", ts_us, "UCY", "eyes", "UANA", present=False, event_us=ts_us + 1),
    )
    away.leaves()
    question["reactions"] = [{"name": "eyes", "users": ["UCY", "UDAN"], "count": 2}]
    for _ in range(2):
        away.returns()
    assert standing(away, ts_us) == {"UCY", "UDAN"}
    away.scene.record(
        ReactionSeen("CDATA", ts_us, "UBEN", "eyes", "UANA", event_us=away.since_us + 9),
        ReactionSeen("CDATA", ts_us, "UCY", "eyes", "UANA", present=False, event_us=away.since_us + 9),
    )
    assert standing(away, ts_us) == {"UBEN", "UDAN"}


def standing(away: Away, ts_us: int) -> set[str]:
    with away.scene.store.read() as tx:
        known = tx.histories.reactions("CDATA", [ts_us])
    return {user for (_, user, _), (stands, _) in known.items() if stands}


def test_what_came_in_live_while_the_lists_were_read_is_not_taken_for_deleted(away: Away) -> None:
    question = away.says("UANA", "does anyone know?")
    away.leaves()

    class Slow(Channel):
        def history(self, *args: Any, **more: Any) -> Iterator[dict[str, Any]]:
            listed = list(super().history(*args, **more))
            away.says("UBEN", "here", heard=True)  # after Slack has made its list
            return iter(listed)

    slow = Slow()
    slow.said, away.slack = away.slack.said, slow
    away.returns()
    assert away.root(question) is not None
    assert away.root(away.slack.said[-1]) is not None


def test_a_channel_that_the_bot_was_thrown_out_of_is_read_from_then_on_once_it_may(away: Away) -> None:
    away.says("UANA")
    away.leaves()
    left_us = away.since_us
    away.slack.refuses = SlackRefused("not_in_channel")
    away.returns()
    with away.scene.store.read() as tx:
        assert tx.histories.unread() == {"CDATA": left_us}
    missed = away.says("UBEN", "and then?", heard=False)
    away.scene.wait(days=3)
    away.slack.refuses = None
    away.leaves()
    away.returns({"CDATA": left_us})
    assert away.root(missed) is not None
    with away.scene.store.read() as tx:
        assert tx.histories.unread() == {}


def test_after_a_year_outside_only_the_last_month_is_read_by_itself(away: Away) -> None:
    away.says("UANA")
    away.leaves()
    left_us = away.since_us
    away.scene.wait(days=365)
    away.leaves()
    away.returns({"CDATA": left_us})
    assert away.slack.oldest[0] == to_us(away.scene.now) - 30 * 24 * 60 * MINUTE_US


def test_a_token_that_is_no_longer_valid_is_not_taken_for_a_channel_that_cannot_be_read(away: Away) -> None:
    away.leaves()
    away.slack.refuses = SlackGone("token_revoked")
    with pytest.raises(SlackGone):
        away.returns()
