"""``copbot stats members``, ``/cop me`` and ``/cop levels`` on a real store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import MONDAY, Scene

from copbot.core.errors import Mistake
from copbot.core.facts import ChannelSeen, MembersListed, MessageSeen, ReactionSeen, UserSeen
from copbot.core.interaction import Call
from copbot.core.personal import Personal
from copbot.core.time import DAY_US, to_us
from copbot.features.participation import FEATURE, views
from copbot.features.participation.period import first_valid, stats_period
from copbot.features.participation.service import stats_activity, stats_members, stats_newcomers, stats_threads
from copbot.features.participation.views import activity_table, members_table, threads_table

NOW = to_us(MONDAY)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Ann writes twice a week for seven weeks and answers Bob once; Bob asked 70 days ago; Cy only listens."""
    scene = Scene(tmp_path)
    start = NOW - 49 * DAY_US
    facts = [
        ChannelSeen("CDATA", "data"),
        ChannelSeen("CELSE", "elsewhere"),
        MembersListed("CDATA", ("UANN", "UBOB", "UCY"), NOW - DAY_US),
        MessageSeen("CDATA", NOW - 80 * DAY_US, "UBOB", text="how do I start?"),
        *(MessageSeen("CDATA", start + n * 3 * DAY_US, "UANN", text="hi") for n in range(16)),
        MessageSeen("CDATA", NOW - 79 * DAY_US, "UANN", thread_us=NOW - 80 * DAY_US),
        ReactionSeen("CDATA", NOW - 79 * DAY_US, "UBOB", "tada", "UANN"),
        MessageSeen("CELSE", NOW - DAY_US, "UDAN"),
    ]
    with scene.store.begin() as tx:
        tx.facts.record(facts)
    yield scene
    scene.close()


def said(scene: Scene, name: str, user: str) -> str:
    (command,) = (command for command in FEATURE.commands if command.name == name)
    assert not command.writes
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, "CDATA", name, "")).text


def own_page(scene: Scene, user: str) -> str:
    with scene.store.read() as tx:
        return Personal([FEATURE], "/cop").answer(scene.ctx, tx, user, scene.ctx.communities()).text


def test_stats_members_lists_members_and_contributors_with_the_window_that_ends_at_until(scene: Scene) -> None:
    with scene.store.read() as tx:
        document = stats_members(tx.figures, stats_period(tx.figures, MONDAY, since="2026-11-01"))
    assert document["members"] == [
        {
            "user": "UANN",
            "messages": 4,
            "replies": 0,
            "reactions": 0,
            "answers": 0,
            "active_weeks": 7,
            "score": 160,
            "level": "core",
            "since": document["members"][0]["since"],
        },
        {
            "user": "UDAN",
            "messages": 1,
            "replies": 0,
            "reactions": 0,
            "answers": 0,
            "active_weeks": 1,
            "score": 10,
            "level": "newcomer",
            "since": "2026-11-15T09:00:00+00:00",
        },
        {
            "user": "UBOB",
            "messages": 0,
            "replies": 0,
            "reactions": 0,
            "answers": 0,
            "active_weeks": 0,
            "score": 0,
            "level": "dormant",
            "since": "2026-11-02T00:00:00+00:00",
        },
        {
            "user": "UCY",
            "messages": 0,
            "replies": 0,
            "reactions": 0,
            "answers": 0,
            "active_weeks": 0,
            "score": 0,
            "level": "peripheral",
            "since": None,
        },
    ]
    assert document["shares"] == {"core": 0.25, "active": 0, "peripheral": 0.25, "dormant": 0.25, "newcomer": 0.25}


def test_everybody_sees_their_own_level_with_the_reason_and_their_answers(scene: Scene) -> None:
    told = own_page(scene, "UANN")
    assert "Your level is *core*" in told
    assert "active in 7 of the last 12 weeks" in told
    assert "answered others once" in told
    assert "Data &lt;3" in told
    assert "welcome back" in own_page(scene, "UBOB")
    assert "active begins with 2 weeks and 3 messages" in own_page(scene, "UCY")
    assert "not taken part here yet" in own_page(scene, "UDAN")


@pytest.mark.parametrize(
    ("days", "level", "kept"),
    [(41, "core", False), (42, "core", True), (48, "core", True), (49, "active", False)],
)
def test_a_level_that_is_only_kept_says_so(scene: Scene, days: int, level: str, kept: bool) -> None:
    """The seven weeks in which Ann wrote leave the window one by one; on day 42 she is first below the rule."""
    scene.clock.tick(timedelta(days=days).total_seconds())
    told = own_page(scene, "UANN")
    assert f"Your level is *{level}*" in told
    assert ("stays yours" in told) == kept


def test_moderators_see_the_levels_without_shares_of_so_few(scene: Scene) -> None:
    told = said(scene, "levels", "UMOD")
    assert "3 members" in told
    assert "• core: 1\n• active: 0\n• peripheral: 1\n• dormant: 1" in told
    assert "3 members are too few for shares" in told
    assert "%" not in told


def test_members_see_no_levels_of_the_community(scene: Scene) -> None:
    assert said(scene, "levels", "UBOB") == "Moderators can do this."


def test_nobody_in_the_community_yet(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert "no members are known yet" in said(scene, "levels", "UMOD")
    with scene.store.read() as tx:
        period = stats_period(tx.figures, MONDAY)
        assert "No members are known yet" in members_table(stats_members(tx.figures, period))
        assert "0 messages by 0 people" in activity_table(stats_activity(tx.figures, period))
        assert "median to first answer" in threads_table(stats_threads(tx.figures, period))
    scene.close()


def test_the_deactivated_keep_their_row_without_a_level(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.facts.record([UserSeen("UANN", is_deleted=True, updated_us=1)])
        document = stats_members(tx.figures, stats_period(tx.figures, MONDAY, channels=["#data"]))
    ann = document["members"][0]
    assert (ann["user"], ann["level"], ann["since"]) == ("UANN", None, None)
    assert document["shares"]["core"] == 0


def test_tables_are_for_people(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.store.read() as tx:
        period = stats_period(tx.figures, MONDAY, timezone="Asia/Bangkok", channels=["data"])
        assert "17 messages" not in activity_table(stats_activity(tx.figures, period))
        assert "18 messages by 2 people" in activity_table(stats_activity(tx.figures, period))
        assert "24.0 h" in threads_table(stats_threads(tx.figures, period))
        monkeypatch.setattr(views, "MOST_MEMBERS", 1)
        table = members_table(stats_members(tx.figures, period), {"UANN": "Ann Lee"})
    assert "core              1  33 % (6-79 %)" in table
    assert "… and 2 more" in table
    assert "UANN          Ann Lee" in table
    assert "the most active tenth (1 of 2 people) wrote 94 % (17 of 18)." in table


def test_who_joined_by_writing_elsewhere_is_counted_in_the_month_of_that(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    with scene.store.begin() as tx:
        tx.facts.record([MessageSeen("CELSE", NOW - 90 * DAY_US, "UBOB"), MessageSeen("CDATA", NOW - DAY_US, "UBOB")])
        tx.facts.record([ChannelSeen("CDATA", "data")])
        found = stats_newcomers(tx.figures, stats_period(tx.figures, MONDAY, channels=["data"]))
        (member,) = stats_members(tx.figures, stats_period(tx.figures, MONDAY, channels=["data"]))["members"]
    scene.close()
    (month,) = (month for month in found["months"] if month["joined"])
    assert (month["month"], month["posted_30d"]) == (f"{MONDAY - timedelta(days=90):%Y-%m}", 0)
    assert (member["level"], member["messages"]) == ("peripheral", 1)


def test_a_period_is_read_in_its_zone(scene: Scene) -> None:
    with scene.store.read() as tx:
        period = stats_period(
            tx.figures, MONDAY, since="2026-11-01", until="2026-11-02T12:00Z", timezone="Asia/Tokyo", channels=["CELSE"]
        )
        assert period.scope.channels == ("CELSE",)
        assert period.scope.since_us == to_us(datetime(2026, 10, 31, 15, tzinfo=UTC))
        assert period.scope.until_us == to_us(datetime(2026, 11, 2, 12, tzinfo=UTC))
        assert stats_period(tx.figures, MONDAY).scope.until_us == NOW


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"since": "yesterday"}, "--since yesterday: not a date"),
        ({"until": "2026-13-01"}, "--until 2026-13-01: not a date"),
        ({"since": "0001-01-01", "timezone": "Asia/Tokyo"}, "--since 0001-01-01: not a date"),
        ({"since": "2026-11-02", "until": "2026-11-02"}, "is not before --until 2026-11-02"),
        ({"since": "2027-01-01"}, "is not before now"),
        ({"timezone": "Europe/Berln"}, "did you mean Europe/Berlin?"),
        ({"timezone": "../../etc/passwd"}, "no such time zone"),
        ({"channels": ["#dta"]}, "did you mean #data?"),
        ({"channels": ["#zzz"]}, "stored are #data, #elsewhere"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(scene: Scene, given: dict, told: str) -> None:
    with scene.store.read() as tx, pytest.raises(Mistake) as mistake:
        stats_period(tx.figures, MONDAY, **given)
    assert told in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        ("Europe/Berlin", (2026, 3, 29, 2, 30), "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", (2026, 3, 29, 3, 0), "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", (2026, 10, 25, 2, 30), "2026-10-25T02:30:00+02:00"),
        ("Africa/Cairo", (2026, 4, 24, 0, 0), "2026-04-24T01:00:00+03:00"),
        ("Pacific/Apia", (2011, 12, 30, 12, 0), "2011-12-31T00:00:00+14:00"),
    ],
)
def test_a_time_that_a_change_of_clocks_skips_is_the_first_valid_instant(
    zone: str, local: tuple[int, ...], expected: str
) -> None:
    assert (
        first_valid(
            datetime(*local),  # noqa: DTZ001 -- a wall clock, of no zone yet
            ZoneInfo(zone),
        ).isoformat()
        == expected
    )
