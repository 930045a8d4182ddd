"""Reading what was missed: all of it or not at all, and what Slack refuses for good is left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from copbot.adapters.history_reader import HistoryReader
from copbot.core.absence import Listing
from copbot.core.arrivals import WELCOMED_WITHIN_US
from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.records import Happening
from copbot.core.time import SECOND_US, to_us, us_to_ts


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


def read(scene: Scene, slack: Slack) -> None:
    now_us = to_us(scene.now)
    HistoryReader(slack, scene.store, "T0000001").read_gap(  # type: ignore[arg-type]
        list(slack.histories), now_us - 60 * SECOND_US, now_us - 60 * SECOND_US, now_us
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
    read(scene, Slack({"CDATA": [joined(scene, "UNEW", ago_us=WELCOMED_WITHIN_US + 1)]}))
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
