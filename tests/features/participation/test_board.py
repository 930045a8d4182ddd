"""The picture of a community: levels, movement and who stands out, from the facts; kept for a while, never wrong for long."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.community import LevelRule, Participation
from copbot.core.facts import ChannelSeen, MembershipSeen, MessageSeen, ReactionSeen, UserSeen
from copbot.core.interaction import Call
from copbot.core.member_command import member_feature
from copbot.core.months import Month
from copbot.core.status import status_feature
from copbot.core.time import DAY_US, to_us
from copbot.features.onboarding import FEATURE as ONBOARDING
from copbot.features.participation import FEATURE
from copbot.features.participation.levels import views
from copbot.features.participation.levels.board import Board, board_of, prepare
from copbot.features.participation.levels.own import own_levels
from copbot.features.participation.service import community_period, participants
from copbot.features.rhythm import FEATURE as RHYTHM

WEEK_US = 7 * DAY_US
START = to_us(datetime(2026, 11, 16, tzinfo=UTC))
NOVEMBER = to_us(datetime(2026, 11, 1, tzinfo=UTC))


def weekly(
    user: str, first_week: int, last_week: int, per_week: int = 2, thread: int | None = None
) -> list[MessageSeen]:
    return [
        MessageSeen("CDATA", START + week * WEEK_US + DAY_US + n * 1000 + sum(map(ord, user)), user, thread_us=thread)
        for week in range(first_week, last_week + 1)
        for n in range(per_week)
    ]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Ana has been core for long and answers; Ben was active and left in November; Cy listens; Eve came in November."""
    scene = Scene(tmp_path)
    question = START - 23 * WEEK_US
    scene.record(
        ChannelSeen("CDATA", "data"),
        UserSeen("UANA", name="Ana", updated_us=1),
        MembershipSeen("CDATA", "UBEN", True, START - 30 * WEEK_US),
        MembershipSeen("CDATA", "UBEN", False, NOVEMBER + 5 * DAY_US),
        MembershipSeen("CDATA", "UGIL", True, START - 30 * WEEK_US),
        MembershipSeen("CDATA", "UGIL", False, NOVEMBER + 6 * DAY_US),
        MembershipSeen("CDATA", "UEVE", True, NOVEMBER + DAY_US),
        MembershipSeen("CDATA", "UCY", True, START - 30 * WEEK_US),
        MessageSeen("CDATA", question, "UCY", text="How do I begin?"),
        *weekly("UANA", -22, -1, thread=question),
        *weekly("UBEN", -6, -2, 1),
    )
    yield scene
    scene.close()


def board(scene: Scene) -> Board:
    with scene.store.read() as tx:
        return board_of(scene.ctx, tx, scene.communities[0])


def test_movement_counts_who_rose_fell_joined_and_left(scene: Scene) -> None:
    october, november = board(scene).moved
    assert (october.month, november.month) == (Month(2026, 10), Month(2026, 11))
    assert october.counts == {"up": 1, "held": 3}  # Ben
    assert november.counts == {"held": 2, "left": 2, "joined": 1}  # Ana and Cy; Ben and Gil, who never wrote; Eve


def test_it_names_who_could_do_more(scene: Scene) -> None:
    found = board(scene)
    assert found.levels == {"core": 1, "dormant": 1, "newcomer": 1}
    assert [one.user for one in found.moderators] == ["UANA"]
    assert "answered others 22 times in 12 weeks" in found.moderators[0].reason  # eleven whole weeks
    assert found.leaning[1].total == 22


def test_who_moderates_already_is_not_named(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=("UANA",))),)
    assert board(scene).moderators == ()


def test_the_picture_is_kept_until_somebody_writes(scene: Scene) -> None:
    prepare(scene.ctx, scene.now)
    kept = board(scene)
    scene.wait(minutes=5)
    assert board(scene) is kept
    prepare(scene.ctx, scene.now)
    assert board(scene) is kept
    scene.says("UEVE", "Hello!")
    scene.wait(minutes=1)
    prepare(scene.ctx, scene.now)
    assert board(scene) is not kept
    assert board(scene).spans[0].messages == kept.spans[0].messages + 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda scene: scene.wait(hours=1), id="an hour later"),
        pytest.param(lambda scene: scene.wait(minutes=-1), id="the clock is set back"),
        pytest.param(
            lambda scene: setattr(
                scene, "communities", (replace(COMMUNITY, participation=Participation(core=LevelRule(1, 1))),)
            ),
            id="the rules change",
        ),
    ],
)
def test_what_no_longer_holds_is_not_shown(scene: Scene, change: object) -> None:
    prepare(scene.ctx, scene.now)
    kept = board(scene)
    change(scene)  # type: ignore[operator]
    assert board(scene) is not kept


@pytest.mark.parametrize("is_erased", [True, False])
def test_who_was_erased_or_is_not_tracked_is_named_no_more_at_once(scene: Scene, is_erased: bool) -> None:
    prepare(scene.ctx, scene.now)
    assert [one.user for one in board(scene).moderators] == ["UANA"]
    with scene.store.begin() as tx:
        if is_erased:
            tx.privacy.forget("UANA", to_us(scene.now))
        else:
            tx.privacy.stop_tracking("UANA", to_us(scene.now))
    assert board(scene).moderators == ()
    scene.wait(hours=2)
    assert board(scene).moderators == (), "nor where it is gathered anew"


def test_a_new_day_is_never_seen_through_yesterdays_eyes(scene: Scene) -> None:
    scene.clock.jump(datetime(2026, 11, 16, 23, 59, tzinfo=UTC) - MONDAY)
    prepare(scene.ctx, scene.now)
    kept = board(scene)
    scene.wait(minutes=1)
    assert board(scene) is not kept


def test_one_looked_at_alone_stands_where_they_stand_among_all(scene: Scene) -> None:
    scene.record(ReactionSeen("CDATA", START - 23 * WEEK_US, "UEVE", "tada", "UCY"))
    community = scene.communities[0]
    with scene.store.read() as tx:
        period = community_period(scene.ctx, community, scene.now)
        among_all = {one.user.user: one for one in participants(tx.figures, period, community.participation)}
        for user, one in among_all.items():
            own = own_levels(scene.ctx, tx, community, user)
            assert own is not None
            assert (own.is_member, own.standing) == (one.user.is_member, one.standing)
            assert (own.levels[-1].level, own.levels[-1].since_us) == (one.standing.level, one.standing.since_us)
        assert own_levels(scene.ctx, tx, community, "UNOBODY") is None
    assert set(among_all) == {"UANA", "UBEN", "UCY", "UEVE"}


# --- what is told of it ---------------------------------------------------------------------------------------------

FEATURES = (FEATURE, ONBOARDING, RHYTHM)


def told(scene: Scene, name: str, argument: str = "", user: str = "UMOD") -> str:
    feature = {"member": member_feature, "status": status_feature}.get(name, lambda _features: FEATURE)(FEATURES)
    (command,) = (command for command in feature.commands if command.name == name)
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, "CDATA", name, argument)).text


def test_levels_tell_movement_and_names_with_reasons(scene: Scene) -> None:
    said = told(scene, "levels")
    assert "• November 2026 so far: 2 stayed, 1 joined, 2 left" in said
    assert "In the window, the three who wrote most wrote 100 % of the messages (" in said
    assert "*Could be asked to moderate*\n• <@UANA>: core for" in said


def test_a_young_history_is_held_against_nothing(scene: Scene) -> None:
    community = scene.communities[0]
    with scene.store.read() as tx:
        board = board_of(scene.ctx, tx, community)
    young = replace(board, since_us=board.at_us - 10 * DAY_US)
    assert all(line.startswith("• ") and "before" not in line for line in views.activity(young))
    assert all(line.endswith(" before)") for line in views.activity(board))
    assert views.meaning(community, young)[0].startswith("Nobody can be in the core yet: that takes 6 active weeks")


def test_a_member_is_told_of_with_the_reasons_and_no_log_of_their_hours(scene: Scene) -> None:
    said = told(scene, "member", "<@UANA|ana>")
    assert "<@UANA> in *Data &lt;3*" in said
    assert "*core* since" in said
    assert "active in 11 of the last 12 weeks, 22 messages in them. Answered others 44 times." in said
    assert "T0" not in said
    assert "is no member any more" in told(scene, "member", "<@UBEN>").lower()


@pytest.mark.parametrize(
    ("argument", "answer"),
    [
        ("", "Whom do you mean?"),
        ("ana", "I cannot tell who `ana` is"),
        ("<@UANA> <@UBEN>", "One at a time"),
        ("<@UNKNOWN>", "I do not know <@UNKNOWN> yet"),
        ("<@UBOT>", "is an app like me"),
        ("<@UPARTNER>", "belongs to another organisation"),
        ("<@UGONE>", "has left this workspace"),
        ("<@UELSE>", "is in none of your channels"),
    ],
)
def test_who_is_no_member_is_refused_kindly(scene: Scene, argument: str, answer: str) -> None:
    scene.record(
        UserSeen("UBOT", is_bot=True, updated_us=1),
        UserSeen("UPARTNER", is_external=True, updated_us=1),
        UserSeen("UGONE", is_deleted=True, updated_us=1),
        UserSeen("UELSE", name="Else", updated_us=1),
    )
    assert answer in told(scene, "member", argument)


@pytest.mark.parametrize("name", ["levels", "member", "status"])
def test_members_see_nothing_of_the_others(scene: Scene, name: str) -> None:
    assert told(scene, name, "<@UANA>", user="UCY") == "Moderators can do this."


def test_the_status_is_one_screen(scene: Scene) -> None:
    said = told(scene, "status")
    assert said.splitlines()[0] == ":white_check_mark: The files are in order."
    assert ":calendar: Nothing is scheduled." in said
    assert ":busts_in_silhouette: 3 members: 1 core, 1 dormant, 1 newcomer" in said
    assert len(said.splitlines()) < 20


def test_channels_that_are_not_there_yet_make_no_mistake(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, channels=replace(COMMUNITY.channels, discussion=("#gone",))),)
    assert board(scene).members == 0
    assert "no members are known yet" in told(scene, "levels")
    assert "The files are in order" in told(scene, "status")
