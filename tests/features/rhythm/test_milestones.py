"""A product and its date: the pinned line, the reminders, the note after, the word of thanks; and posts that are kept at hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import SlackThatKeepsItsTruth
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Community
from copbot.core.delivery import CHANNEL_SPACING_S
from copbot.core.errors import SlackRefused
from copbot.core.outbox import Sender
from copbot.core.posts import EveryWhen, Milestone, Post, Spacing
from copbot.core.time import to_us, us_to_ts
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.milestones.posts import milestone_posts
from copbot.features.rhythm.timetable import coming_posts

GUIDE = Milestone(
    "guide", "Linking <guide>", date(2026, 12, 3), who=("jess@example.org",), link="https://example.org/g"
)
BOARD = "*What we are working towards*\n"
LINK = " <https://example.org/g|Open it>"


def community(*milestones: Milestone, **more: object) -> Community:
    return replace(COMMUNITY, milestones=milestones, **more)  # type: ignore[arg-type]


class SlackByTheClock(SlackThatKeepsItsTruth):
    """Whose messages bear the time at which they were posted."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene
        self.said: dict[str, str] = {}

    def post(
        self, channel: str, text: str, blocks: Any, thread_ts: str | None, metadata: dict[str, Any]
    ) -> tuple[str, int]:
        super().post(channel, text, blocks, thread_ts, metadata)
        ts_us = to_us(self._scene.now) + len(self.held)
        self.said[us_to_ts(ts_us)] = text
        return channel, ts_us


class Channel:
    """A community whose messages really stand somewhere: posted, changed in place, pinned."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene(folder, community(GUIDE))
        self.slack = SlackByTheClock(self.scene)
        self.start()

    def start(self) -> None:
        self.sender = Sender(self.scene.store, self.slack, self.scene.clock, "test")

    def at(self, moment: datetime) -> list[str]:
        """Go there in time; what was newly posted."""
        before = len(self.slack.held)
        self.scene.clock.jump(moment - self.scene.now)
        for _ in range(3):
            FEATURE.plan_due(self.scene.ctx, self.scene.now)
            while self.sender.deliver_one():
                pass
            self.scene.clock.tick(CHANNEL_SPACING_S)
        return [text for _, _, text in self.slack.held[before:]]

    def has(self, *milestones: Milestone, **more: object) -> None:
        self.scene.communities = (community(*milestones, **more),)

    @property
    def pinned(self) -> list[str]:
        """What the pinned messages say now."""
        said = dict(self.slack.said)
        for update in self.slack.updates:
            _, ts, text = update.split(" ", 2)
            said[ts] = text
        return [said[ts] for ts in self.slack.pins]


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    channel = Channel(tmp_path)
    yield channel
    channel.scene.close()


def moment(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def december(day: int, hour: int) -> datetime:
    return moment(day, hour, month=12)


# --- the pinned line ------------------------------------------------------------------------------------------------


def test_a_milestone_becomes_a_pinned_line_that_is_kept_up_to_date_in_its_place(channel: Channel) -> None:
    (board,) = channel.at(moment(16, 9))
    assert board == f"{BOARD}:dart: *Linking &lt;guide&gt;*  Thu 3 Dec 2026, in 17 days  <@UJESS>{LINK}"
    assert channel.pinned == [board]
    assert channel.at(moment(16, 12)) == []
    assert channel.at(moment(17, 0)) == [], "changed in its place"
    assert "in 16 days" in channel.pinned[0]
    channel.start()
    channel.at(moment(17, 1))
    assert len(channel.slack.updates) == 1
    assert FEATURE.next_due(channel.scene.ctx, channel.scene.now) == moment(18, 0)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        pytest.param(date(2026, 11, 12), "in 3 weeks", id="three weeks"),
        pytest.param(date(2026, 11, 13), "in 20 days", id="a day less"),
        pytest.param(date(2026, 12, 1), "in 2 days", id="two days"),
        pytest.param(date(2026, 12, 2), "tomorrow", id="tomorrow"),
        pytest.param(date(2026, 12, 3), "Thu 3 Dec 2026, today", id="today"),
        pytest.param(date(2026, 12, 4), ":hourglass: *Linking &lt;guide&gt;* was due Thu 3 Dec 2026", id="over"),
    ],
)
def test_it_says_how_long_to_go(channel: Channel, on: date, says: str) -> None:
    channel.at(datetime.combine(on, time(1), UTC))
    assert says in channel.pinned[0]


def test_several_milestones_are_lines_of_one_message_and_the_nearest_stands_first(channel: Channel) -> None:
    channel.has(GUIDE, replace(GUIDE, id="list", name="Register list", date=date(2026, 11, 30), who=(), link=None))
    assert len(channel.at(moment(16, 9))) == 1
    lines = channel.pinned[0].splitlines()[1:]
    assert [line.split("*")[1] for line in lines] == ["Register list", "Linking &lt;guide&gt;"]


def test_a_milestone_taken_out_of_the_file_loses_its_line_and_the_last_one_the_pin(channel: Channel) -> None:
    other = replace(GUIDE, id="list", name="Register list")
    channel.has(GUIDE, other)
    channel.at(moment(16, 9))
    channel.has(other)
    assert channel.at(moment(16, 10)) == []
    assert "guide" not in channel.pinned[0]
    channel.has()
    assert channel.at(moment(16, 11)) == []
    assert channel.pinned == []
    channel.has(other)
    assert channel.at(moment(16, 12)) == []
    assert "Register list" in channel.pinned[0], "a new one brings the same message back"


def test_a_line_that_somebody_deleted_stands_there_again_with_the_next_change_and_nobody_is_troubled(
    channel: Channel,
) -> None:
    channel.at(moment(16, 9))
    channel.slack.outcomes = [SlackRefused("message_not_found")]
    channel.has(replace(GUIDE, name="Something else"))
    (again,) = channel.at(moment(16, 10))
    assert "Something else" in again
    assert channel.pinned == [again]
    assert channel.at(moment(16, 11)) == []


def test_a_line_that_slack_refused_is_tried_again_each_hour(channel: Channel) -> None:
    channel.slack.outcomes = [SlackRefused("not_in_channel"), SlackRefused("not_in_channel")]
    assert channel.at(moment(16, 9)) == []
    assert channel.at(moment(16, 9, 59)) == [], "not again and again"
    assert channel.slack.outcomes != []
    assert channel.at(moment(16, 10, 5)) == []
    assert channel.slack.outcomes == []
    (line,) = channel.at(moment(16, 12))
    assert channel.pinned == [line]
    assert channel.at(moment(17, 9)) == []
    assert "in 16 days" in channel.pinned[0]


def test_a_change_that_is_taken_back_on_the_same_day_is_shown_too(channel: Channel) -> None:
    channel.at(moment(16, 9))
    first = channel.pinned
    channel.has(replace(GUIDE, name="Something else"))
    channel.at(moment(16, 10))
    assert "Something else" in channel.pinned[0]
    channel.has(GUIDE)
    channel.at(moment(16, 11))
    assert channel.pinned == first


def test_without_a_pin_there_is_no_line_but_the_reminders_come(channel: Channel) -> None:
    channel.has(replace(GUIDE, pin=False))
    assert channel.at(moment(16, 9)) == []
    (reminder,) = channel.at(moment(19, 10))
    assert "in 14 days" in reminder


# --- before and after -----------------------------------------------------------------------------------------------


def test_it_is_reminded_of_before_and_asked_about_after(channel: Channel) -> None:
    channel.at(moment(16, 9))
    assert channel.at(moment(19, 9)) == []
    assert channel.at(moment(19, 10)) == [
        ":calendar: *Linking &lt;guide&gt;* is due in 14 days, on Thu 3 Dec 2026. <@UJESS>."
        f"{LINK} What is still missing, and who can help?"
    ]
    assert "in 7 days" in channel.at(moment(26, 10))[0]
    assert "is due tomorrow" in channel.at(december(2, 10))[0]
    assert channel.at(december(3, 10)) == []
    (after,) = channel.at(december(4, 10))
    assert after.startswith(":checkered_flag: *Linking &lt;guide&gt;* was due yesterday: how did it go? <@UJESS>.")
    assert channel.at(december(5, 10)) == []


def test_reminders_from_before_a_milestone_was_known_are_not_made_up_for(channel: Channel) -> None:
    channel.at(moment(27, 9))
    assert channel.at(moment(27, 12)) == []
    assert "tomorrow" in channel.at(december(2, 10))[0]


def test_reminders_keep_to_the_budget_and_the_distance_and_the_line_does_not_count(channel: Channel) -> None:
    daily = Post("daily", "#data", EveryWhen("day", time(9, 30)), text="Hello")
    apart = Spacing(channel=timedelta(hours=2))
    channel.has(GUIDE, posts=(daily,), spacing=apart, attention=Attention(channel_day=2))
    channel.at(moment(19, 9))
    assert channel.at(moment(19, 9, 30)) == ["Hello"]
    assert channel.at(moment(19, 10)) == []
    assert "in 14 days" in channel.at(moment(19, 11, 31))[0]


def test_they_stand_in_the_timetable_and_are_none_once_it_is_done() -> None:
    rows = coming_posts((community(GUIDE),), moment(16, 9), 9)
    assert [f"{row.when} {row.post.id}" for row in rows] == [
        "Thu 19 Nov 2026 10:00 milestone:guide:14d-before",
        "Thu 26 Nov 2026 10:00 milestone:guide:7d-before",
        "Wed 2 Dec 2026 10:00 milestone:guide:1d-before",
        "Fri 4 Dec 2026 10:00 milestone:guide:after",
    ]
    assert milestone_posts(community(replace(GUIDE, done=True))) == ()


def test_one_that_is_done_is_celebrated_once_at_its_hour(channel: Channel) -> None:
    channel.at(moment(16, 9))
    channel.has(replace(GUIDE, done=True))
    assert channel.at(moment(17, 9)) == []
    assert ":white_check_mark: *Linking &lt;guide&gt;*: done" in channel.pinned[0]
    assert FEATURE.next_due(channel.scene.ctx, channel.scene.now) == moment(17, 10)
    assert channel.at(moment(17, 10)) == [f":tada: *Linking &lt;guide&gt;* is done. Thank you, <@UJESS>!{LINK}"]
    channel.start()
    assert channel.at(moment(18, 10)) == []
    assert channel.at(december(4, 10)) == []


def test_where_the_days_budget_is_spent_the_thanks_wait_for_the_next_day(channel: Channel) -> None:
    daily = Post("daily", "#data", EveryWhen("day", time(9, 30)), text="Hello", until_date=date(2026, 11, 17))
    channel.has(replace(GUIDE, done=True, pin=False), posts=(daily,), attention=Attention(channel_day=1))
    channel.at(moment(17, 9, 30))
    assert channel.at(moment(17, 10)) == []
    assert channel.at(moment(18, 10))[0].startswith(":tada:")


def test_what_was_done_long_ago_is_neither_celebrated_nor_shown(channel: Channel) -> None:
    channel.has(replace(GUIDE, done=True, date=date(2026, 10, 1)))
    assert channel.at(moment(16, 12)) == []
    assert channel.pinned == []


# --- a post that is kept at hand ------------------------------------------------------------------------------------


def test_a_post_is_kept_at_hand_until_the_next_one_takes_its_place(channel: Channel) -> None:
    daily = Post("daily", "#data", EveryWhen("day", time(10)), text="{{ occurrence.day }}", pin=True)
    other = replace(daily, id="other", when=EveryWhen("week", time(11)), text="other")
    channel.has(posts=(daily, other))
    channel.at(moment(16, 10))
    channel.at(moment(16, 11))
    channel.at(moment(17, 10))
    assert sorted(channel.pinned) == ["17", "other"]
    channel.has(posts=(replace(daily, pin=False), other))
    assert channel.at(moment(17, 11)) == []
    assert channel.pinned == ["other"], "what the file no longer pins is unpinned"
