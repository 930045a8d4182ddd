"""Who brought whom: counted once the newcomer was active, thanked once at each level, and never to be farmed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import UserSeen
from copbot.core.interaction import Call, Press, Submission
from copbot.core.onboarding import Onboarding, Question, ReferralThanks
from copbot.core.time import to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.form import CALLBACK
from copbot.features.onboarding.newcomer import moderators

ONBOARDING = Onboarding(
    welcome="welcome.j2",
    questions=(Question("invited_by", "Who invited you?", "person", optional=True),),
)
FREE = Attention(quiet=None)
DATA = replace(COMMUNITY, onboarding=ONBOARDING, attention=FREE)


def thanks(where: str = "private", **templates: str) -> Community:
    return replace(DATA, onboarding=replace(ONBOARDING, referrals=ReferralThanks(where, **templates)))  # type: ignore[arg-type]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts={"welcome.j2": "Hello!"})
    scene.record(UserSeen("UOLD", name="Grace <3", known_since_us=0), UserSeen("UOLD2", name="Ann", known_since_us=0))
    yield scene
    scene.close()


def come(scene: Scene, user: str) -> None:
    scene.joins(user, name=user)
    with scene.store.begin() as tx:
        moderators.welcome_someone(scene.ctx, tx, Call("UMOD", "CMODS", "welcome", f"<@{user}>"))
    scene.send()


def names(scene: Scene, user: str, inviter: str | None) -> None:
    state = {"question:invited_by": {"value": {"type": "users_select", "selected_user": inviter}}}
    with scene.store.begin() as tx:
        view = FEATURE.actions["onboarding:open"](scene.ctx, tx, Press(user, "onboarding:open", "data", "t1")).view
        assert view is not None
        form = Submission(user, CALLBACK, view["private_metadata"], state, "V1", "h1")
        FEATURE.forms[CALLBACK](scene.ctx, tx, form)
    scene.send()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def count(scene: Scene, inviter: str = "UOLD") -> int:
    with scene.store.read() as tx:
        return tx.referrals.count("data", inviter)


def brought(scene: Scene, how_many: int, inviter: str = "UOLD", first: int = 0) -> list[Delivery]:
    """So many newcomers who name an inviter and write; what is said meanwhile."""
    said = []
    for number in range(first, first + how_many):
        come(scene, f"U{number}")
        names(scene, f"U{number}", inviter)
        scene.says(f"U{number}", "Hello all.")
        said += tick(scene)
    return [one for one in said if one.outgoing.kind == "recognition"]


def test_a_newcomer_counts_when_they_write_and_not_before(scene: Scene) -> None:
    come(scene, "U1")
    names(scene, "U1", "UOLD")
    tick(scene)
    assert count(scene) == 0
    scene.says("U1", "Hello all.")
    tick(scene)
    assert count(scene) == 1


def test_writing_before_answering_counts_too(scene: Scene) -> None:
    come(scene, "U1")
    scene.says("U1", "Hello all.")
    names(scene, "U1", "UOLD")
    tick(scene)
    assert count(scene) == 1


def test_what_they_write_elsewhere_or_take_back_does_not_count(scene: Scene) -> None:
    come(scene, "U1")
    names(scene, "U1", "UOLD")
    scene.says("U1", "Hello", channel="CMAPS")
    scene.deletes(scene.says("U1", "Hello"))
    tick(scene)
    assert count(scene) == 0


def test_another_name_before_the_credit_changes_it_and_after_it_nothing(scene: Scene) -> None:
    come(scene, "U1")
    names(scene, "U1", "UOLD")
    names(scene, "U1", "UOLD2")
    scene.says("U1", "Hello all.")
    tick(scene)
    names(scene, "U1", "UOLD")
    names(scene, "U1", None)
    tick(scene)
    assert (count(scene, "UOLD"), count(scene, "UOLD2")) == (0, 1)


def test_a_name_taken_back_does_not_count(scene: Scene) -> None:
    come(scene, "U1")
    names(scene, "U1", "UOLD")
    names(scene, "U1", None)
    scene.says("U1", "Hello all.")
    tick(scene)
    assert count(scene) == 0


def test_two_who_name_each_other_make_one_credit_at_most(scene: Scene) -> None:
    for user in ("U1", "U2"):
        come(scene, user)
        scene.says(user, "Hello all.")
    names(scene, "U1", "U2")
    names(scene, "U2", "U1")
    tick(scene)
    assert (count(scene, "U1"), count(scene, "U2")) == (1, 0)  # U1 came first


def test_who_was_here_before_and_is_welcomed_late_was_brought_by_nobody(scene: Scene) -> None:
    scene.says("U1", "I am an old hand.")
    scene.wait(days=1)
    come(scene, "U1")
    names(scene, "U1", "UOLD")
    scene.says("U1", "Still here.")
    tick(scene)
    assert count(scene) == 0


def test_an_inviter_whom_nobody_has_seen_is_waited_for(scene: Scene) -> None:
    come(scene, "U1")
    names(scene, "U1", "UUNSEEN")
    scene.says("U1", "Hello all.")
    tick(scene)
    assert count(scene, "UUNSEEN") == 0
    scene.record(UserSeen("UUNSEEN", name="There all along"))
    tick(scene)
    assert count(scene, "UUNSEEN") == 1


def test_bronze_silver_and_gold_are_thanked_for_once_each_in_private(scene: Scene) -> None:
    assert brought(scene, 1) == []
    (bronze,) = brought(scene, 1, first=1)
    assert bronze.outgoing.target == "UOLD"
    assert bronze.outgoing.text == (
        "Thank you, Grace &lt;3! 2 people whom you invited have joined in here by now: that is *Bronze*."
        " Data &lt;3 grows by people like you."
    )
    assert brought(scene, 7, first=2) == []
    scene.wait(days=2)
    (silver,) = brought(scene, 1, first=9)
    assert "*Silver*" in silver.outgoing.text
    scene.wait(days=1)
    (gold,) = brought(scene, 15, first=10)
    assert "*Gold*" in gold.outgoing.text
    assert brought(scene, 5, first=25) == []


def test_thanks_wait_for_the_inviters_morning_and_budget(scene: Scene) -> None:
    scene.communities = (replace(DATA, attention=Attention()),)
    scene.record(UserSeen("UOLD", timezone="America/Los_Angeles", updated_us=1))  # 01:00 there
    assert brought(scene, 2) == []
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("other", "onboarding", "UOLD", "Hi", to_us(scene.now), community="data"))
    scene.wait(hours=7)
    scene.send()
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert (
        due.isoformat(timespec="seconds") == "2026-11-17T16:00:00+00:00"
    )  # 08:00 there, a day after what they were sent
    scene.clock.jump(due - scene.now)
    assert [d.outgoing.kind for d in tick(scene)] == ["recognition"]
    assert FEATURE.next_due(scene.ctx, scene.now) is None


def test_who_reaches_two_levels_while_thanks_wait_is_thanked_for_the_higher(scene: Scene) -> None:
    scene.communities = (replace(DATA, attention=Attention(member_day=0)),)
    assert brought(scene, 10) == []
    scene.communities = (DATA,)
    (silver,) = tick(scene)
    assert "*Silver*" in silver.outgoing.text
    skipped = scene.delivery("referrals:data:UOLD:bronze")
    assert skipped is not None
    assert skipped.reason == "thanked for silver"
    scene.wait(days=2)
    assert tick(scene) == []


def test_in_public_only_where_the_community_said_so(scene: Scene) -> None:
    scene.communities = (thanks("public", announcement="all.j2"),)
    scene.prompts = scene.prompts | {"all.j2": "{{ member.mention }} brought {{ count }}: {{ level }}"}
    private, public = brought(scene, 2)
    assert private.outgoing.target == "UOLD"
    assert (public.outgoing.target, public.outgoing.text) == ("CHELLO", "<@UOLD> brought 2: Bronze")


def test_without_introductions_a_discussion_channel_bears_only_its_budget(scene: Scene) -> None:
    community = thanks("public")
    scene.communities = (replace(community, channels=replace(community.channels, introductions=None)),)
    with scene.store.begin() as tx:
        for number in range(2):
            tx.deliveries.plan(Outgoing(f"p{number}", "post", "CDATA", "Hi", to_us(scene.now)))
    scene.send()
    assert brought(scene, 2) == []
    scene.wait(days=1)
    assert [d.outgoing.target for d in tick(scene)] == ["UOLD", "CDATA"]


def test_where_it_is_off_nobody_is_thanked_and_turning_it_on_makes_good(scene: Scene) -> None:
    scene.communities = (thanks("off"),)
    assert brought(scene, 2) == []
    assert count(scene) == 2
    scene.communities = (thanks("private"),)
    assert len(tick(scene)) == 1


def test_a_template_of_the_communitys_own_and_plain_words_when_it_is_broken(scene: Scene) -> None:
    scene.communities = (thanks(prompt="thanks.j2"),)
    scene.prompts = scene.prompts | {"thanks.j2": "{{ member.name }}: {{ level }} ({{ count }})"}
    (bronze,) = brought(scene, 2)
    assert bronze.outgoing.text == "Grace &lt;3: Bronze (2)"
    scene.prompts = scene.prompts | {"thanks.j2": "{{ nobody }}"}
    scene.wait(days=1)
    (silver,) = brought(scene, 8, first=2)
    assert "that is *Silver*" in silver.outgoing.text


def test_who_has_left_is_not_written_to(scene: Scene) -> None:
    scene.communities = (replace(DATA, attention=Attention(member_day=0)),)
    brought(scene, 2)
    scene.record(UserSeen("UOLD", is_deleted=True, updated_us=to_us(scene.now)))
    scene.communities = (DATA,)
    assert tick(scene) == []


def test_one_sees_whom_one_brought(scene: Scene) -> None:
    def seen() -> list[str]:
        assert FEATURE.about is not None
        with scene.store.read() as tx:
            return [block["text"]["text"] for block in FEATURE.about(scene.ctx, tx, scene.communities[0], "UOLD")]

    assert seen() == []
    brought(scene, 1)
    assert seen() == ["1 person whom you invited has joined in. 1 more to Bronze."]
    brought(scene, 1, first=1)
    assert seen() == ["2 people whom you invited have joined in. That is *Bronze*. 8 more to Silver."]
    scene.communities = (thanks("off"),)
    assert seen() == []


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from(["come", "name", "write", "tick", "wait"]), st.integers(0, 5), st.integers(0, 5)),
        max_size=40,
    )
)
def test_in_any_order_a_newcomer_counts_once_never_in_a_circle_and_each_level_is_thanked_once(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int, int]]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("law"), DATA, prompts={"welcome.j2": "Hello!"})
    came, wrote, said = set(), set(), []
    for what, one, other in events:
        if what == "come" and one not in came:
            come(scene, f"U{one}")
            came.add(one)
        elif what == "name" and one in came:
            names(scene, f"U{one}", f"U{other}")
        elif what == "write" and one in came:
            scene.says(f"U{one}", "Hello")
            wrote.add(one)
        elif what == "wait":
            scene.clock.jump(timedelta(hours=7))
        said += [d.outgoing.key for d in tick(scene) if d.outgoing.kind == "recognition"]
    with scene.store.read() as tx:
        counts = {user: tx.referrals.count("data", f"U{user}") for user in range(6)}
        line = {user: tx.referrals.inviter_of("data", f"U{user}") for user in range(6)}
    assert sum(counts.values()) <= len(wrote)
    assert counts[min(came, default=0)] <= len(wrote)
    assert all(line[user] != f"U{user}" for user in range(6))
    assert len(said) == len(set(said))
    scene.close()
