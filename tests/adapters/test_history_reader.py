"""Reading what was missed: all of it or not at all, and what Slack refuses for good is left out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

from copbot.adapters.history_reader import HistoryReader
from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.time import SECOND_US, to_us, us_to_ts


class Slack:
    """Channels' histories by ID; an error in place of one is raised after its first message."""

    def __init__(self, histories: dict[str, list[dict[str, Any] | Exception]]) -> None:
        self.histories = histories

    def history(self, channel: str, oldest_us: int, *, thread_ts: str | None = None) -> Iterator[dict[str, Any]]:
        for message in self.histories[channel]:
            if isinstance(message, Exception):
                raise message
            yield message


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
