"""The weekly brief: once, on Monday morning, short, and silent when there is nothing to tell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.community import Channels, Community, Reports, Unanswered
from copbot.core.facts import ChannelSeen, MembersListed, MessageSeen, UserSeen
from copbot.core.time import DAY_US, HOUR_US, Hours, from_us, to_us
from copbot.core.working_time import WeekHours, WorkingTime
from copbot.features.participation import FEATURE
from copbot.features.participation.brief.rules import due_us, week_named

WEEK_US = 7 * DAY_US
START = to_us(datetime(2026, 11, 16, tzinfo=UTC))  # the Monday of the scene
KEY = "brief:data:2026-W47"


def weekly(user: str, first_week: int, last_week: int, per_week: int = 2) -> list[MessageSeen]:
    """Messages on Tuesdays of the weeks before the scene's: -1 is the last whole one."""
    return [
        MessageSeen("CDATA", START + week * WEEK_US + DAY_US + n * HOUR_US + sum(map(ord, user)), user, text="hi")
        for week in range(first_week, last_week + 1)
        for n in range(per_week)
    ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Ana (Perez) wrote each week and has been silent for three; Ben came back; Cy goes on; Dee would be core with a week more."""
    scene = Scene(tmp_path)
    scene.record(
        ChannelSeen("CDATA", "data"),
        ChannelSeen("CMODS", "mods", is_private=True),
        *(UserSeen(user, name=name, updated_us=1) for user, name in (("UANA", "Ana <Perez>"), ("UBEN", "Ben"))),
        *(UserSeen(user, name=name, updated_us=1) for user, name in (("UCY", "Cy"), ("UDEE", "Dee"))),
        MembersListed("CDATA", ("UANA", "UBEN", "UCY", "UDEE"), START - DAY_US),
        *weekly("UANA", -24, -4),
        *weekly("UBEN", -24, -20),
        *weekly("UBEN", -1, -1),
        *weekly("UCY", -24, -1),
        *weekly("UDEE", -5, -1, 3),
    )
    yield scene
    scene.close()


def plan(scene: Scene) -> None:
    FEATURE.plan_due(scene.ctx, scene.now)


def said(scene: Scene, key: str = KEY) -> str:
    delivery = scene.delivery(key)
    assert delivery is not None
    assert delivery.state in ("due", "sent")
    return "\n".join(
        element["text"]
        for block in delivery.outgoing.blocks
        for element in [block.get("text"), *block.get("elements", [])]
        if element is not None
    )


def test_it_tells_three_numbers_three_names_and_one_thing_to_do(scene: Scene) -> None:
    plan(scene)
    told = said(scene)
    assert "The week in Data &lt;3, 9-15 November" in told
    assert "→ 3 people wrote (2 the week before)" in told
    assert "→ 7 messages (5 the week before)" in told
    assert "→ no question was asked" in told
    assert "*Ana &lt;Perez&gt;*: silent for 3 weeks, active in 12 of 12 before" in told
    assert "*Ben*: came back after 18 weeks" in told
    assert "*Dee*: could become core: active in 5 of 12 weeks, 15 messages: one active week short of core" in told
    assert "Write Ana &lt;Perez&gt; a personal line" in told
    assert "<@" not in told  # a mention would tell them


def test_it_comes_once_to_the_moderators_and_costs_nobody_attention(scene: Scene) -> None:
    plan(scene)
    scene.wait(hours=1)
    plan(scene)
    (sent,) = scene.send()
    assert (sent.outgoing.target, sent.outgoing.kind) == ("CMODS", "report")
    scene.wait(days=1)
    plan(scene)
    assert scene.send() == []


@pytest.mark.parametrize(("hours", "comes"), [(-0.001, False), (0, True), (47.9, True), (48, False)])
def test_it_is_never_early_and_at_most_two_days_late(scene: Scene, hours: float, comes: bool) -> None:
    scene.clock.tick(hours * 3600)
    plan(scene)
    assert (scene.delivery(KEY) is not None) is comes
    if comes:
        said(scene)


def test_it_is_the_same_brief_worked_out_beforehand_or_late(scene: Scene) -> None:
    assert FEATURE.prepare is not None
    scene.clock.tick(-1800)
    FEATURE.prepare(scene.ctx, scene.now)
    scene.clock.tick(1800 + 3600)
    scene.says("UDEE", "One more")
    plan(scene)
    beforehand = said(scene)
    other = Scene(Path(str(scene.engine.url.database)).parent)
    other.clock.tick(40 * 3600)
    with other.store.begin() as tx:
        tx.deliveries.plan(replace(scene.delivery(KEY).outgoing, key="other"))  # type: ignore[union-attr]
    other.communities = (replace(COMMUNITY, id="late"),)
    plan(other)
    assert said(other, KEY.replace("data", "late")) == beforehand
    other.close()


def test_who_has_written_since_monday_began_is_not_called_silent(scene: Scene) -> None:
    scene.says("UANA", "I am back")
    scene.wait(minutes=1)
    plan(scene)
    assert "Ana" not in said(scene)


def test_a_question_that_waits_is_the_thing_to_do(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.cards.open("data", "CDATA", START - 3 * DAY_US, "UCY", "member", "why", START - 2 * DAY_US, "card:1")
    plan(scene)
    assert ":point_right: A question has waited for more than two days: `/cop unanswered`" in said(scene)


def test_nobody_is_named_where_everybody_may_read_it(scene: Scene) -> None:
    scene.record(ChannelSeen("CMODS", is_private=False, updated_us=5))
    plan(scene)
    told = said(scene)
    assert not any(name in told for name in ("Ana", "Ben", "Dee"))
    assert "`/cop levels` names everybody, for you alone" in told


def test_without_a_moderators_channel_each_coordinator_gets_it(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, channels=Channels(("#data",))),)
    plan(scene)
    assert "Ana" in said(scene, f"{KEY}:UJESS")


def silent(scene: Scene) -> None:
    delivery = scene.delivery(KEY)
    assert delivery is not None
    assert (delivery.state, delivery.reason) == ("skipped", "nothing to tell this week")


def test_a_week_like_the_last_makes_no_brief_and_is_looked_at_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.record(ChannelSeen("CDATA", "data"), *weekly("UCY", -24, -1))
    plan(scene)
    silent(scene)
    with scene.store.begin() as tx:  # what shows later is next week's
        tx.cards.open("data", "CDATA", START - 3 * DAY_US, "UCY", "member", "why", START - 2 * DAY_US, "card:1")
    plan(scene)
    silent(scene)
    assert scene.send() == []
    scene.close()


def test_a_community_that_has_just_begun_gets_none(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.record(ChannelSeen("CDATA", "data"), *weekly("UCY", -2, -1, 9), *weekly("UDEE", -1, -1, 9))
    plan(scene)
    silent(scene)
    scene.close()


def test_one_word_switches_it_off(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, reports=Reports(brief=False)),)
    plan(scene)
    assert scene.delivery(KEY) is None
    assert FEATURE.next_due(scene.ctx, scene.now) is None or scene.communities[0].reports.monthly


def working(week: tuple[WeekHours, ...] = (), holiday: date | None = None) -> WorkingTime:
    return WorkingTime(ZoneInfo("Asia/Bangkok"), week, lambda day: day == holiday)


MONDAY_23 = date(2026, 11, 23)
TO_FRIDAY = (WeekHours(frozenset(range(5)), Hours(time(10), time(18))),)


@pytest.mark.parametrize(
    ("week", "due"),
    [
        pytest.param(working(), "2026-11-23T02:00:00+00:00", id="Monday at nine"),
        pytest.param(working(TO_FRIDAY), "2026-11-23T03:00:00+00:00", id="as work begins"),
        pytest.param(working(TO_FRIDAY, MONDAY_23), "2026-11-24T03:00:00+00:00", id="after a holiday"),
        pytest.param(
            working((WeekHours(frozenset({6}), None),)), "2026-11-29T02:00:00+00:00", id="they meet on Sundays alone"
        ),
    ],
)
def test_it_is_due_as_work_begins_on_the_first_working_day(week: WorkingTime, due: str) -> None:
    zone = ZoneInfo("Asia/Bangkok")
    for now in (datetime(2026, 11, 22, 17, tzinfo=UTC), datetime(2026, 11, 29, 16, 59, tzinfo=UTC)):
        at_us, monday = due_us(now, zone, week)
        assert (from_us(at_us).isoformat(), monday) == (due, MONDAY_23)
    assert due_us(datetime(2026, 11, 22, 16, 59, tzinfo=UTC), zone, week)[1] == date(2026, 11, 16)


@pytest.mark.parametrize(("monday", "name"), [(date(2026, 12, 28), "2026-W53"), (date(2027, 1, 4), "2027-W01")])
def test_weeks_are_named_by_iso(monday: date, name: str) -> None:
    assert week_named(monday) == name


def test_the_next_one_is_known_ahead(scene: Scene) -> None:
    hours: Community = replace(COMMUNITY, unanswered=Unanswered(hours=TO_FRIDAY), reports=Reports(monthly=False))
    scene.communities = (hours,)
    assert FEATURE.next_due(scene.ctx, MONDAY) == MONDAY + timedelta(hours=1)
    assert FEATURE.next_due(scene.ctx, MONDAY + timedelta(hours=1)) == MONDAY + timedelta(days=7, hours=1)
