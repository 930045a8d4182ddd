"""The nightly clean-up, and "do not track me": what goes, what stays, and what the totals say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.community import Community, Privacy
from copbot.core.delivery import Outgoing
from copbot.core.facts import NOBODY, NOBODY_ELSE, MembershipSeen, MessageSeen, ReactionSeen, UserSeen, WorkspaceJoined
from copbot.core.privacy import forget
from copbot.core.records import Happening, Scope
from copbot.core.time import DAY_US, to_us
from copbot.features.memory.ageing import clean_up
from copbot.features.participation.service import Period, stats_activity, stats_members, stats_threads
from copbot.features.threads.rules import Asked, groups

NOW_US = to_us(MONDAY)
KEPT = replace(COMMUNITY, privacy=Privacy(keep_activity=timedelta(days=100)))
OLD_US = NOW_US - 100 * DAY_US


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, KEPT)
    yield scene
    scene.close()


def privacy_of(scene: Scene, **keys: Any) -> Community:
    community = replace(COMMUNITY, privacy=Privacy(**keys))
    scene.communities = (community,)
    return community


def authors(scene: Scene, channel: str = "CDATA") -> list[str]:
    with scene.store.read() as tx:
        return [user for _, user in tx.facts.hours_of(channel, 0, NOW_US * 2)]


def figures(scene: Scene) -> tuple[int, int, Any, list[str]]:
    """Messages, members who wrote, threads, and who is listed."""
    period = Period(Scope(None, NOW_US + DAY_US), ZoneInfo("UTC"))
    with scene.store.read() as tx:
        assert list(tx.rollups.compare()) == []
        activity, threads = stats_activity(tx.figures, period), stats_threads(tx.figures, period)
        members = stats_members(tx.figures, period)
    return activity["messages"], activity["members"], threads, [one["user"] for one in members["members"]]


def is_known(scene: Scene, user: str) -> bool:
    with scene.store.read() as tx:
        return tx.facts.person(user) is not None


# -- keep_activity


def test_what_is_older_than_keep_activity_counts_in_totals_alone(scene: Scene) -> None:
    scene.record(
        UserSeen("UBOT", is_bot=True, updated_us=1),
        MessageSeen("CDATA", OLD_US - 2, "U1", text="does it work?"),
        MessageSeen("CDATA", OLD_US - 1, "U2", OLD_US - 2, "yes"),
        MessageSeen("CDATA", OLD_US - 3, "UBOT", text="beep"),
        MessageSeen("CDATA", OLD_US, "U3", text="so"),
        ReactionSeen("CDATA", OLD_US - 2, "U3", "tada"),
        ReactionSeen("CDATA", OLD_US, "U2", "tada"),
        MessageSeen("CELSEWHERE", OLD_US - 1, "U4", text="so"),
    )
    messages, _, threads, _ = figures(scene)

    clean_up(scene.ctx, KEPT, scene.now)

    assert authors(scene) == [NOBODY, NOBODY_ELSE, "U3"]
    assert authors(scene, "CELSEWHERE") == ["U4"]
    assert figures(scene) == (messages, 2, threads, ["U2", "U3", "U4"])
    with scene.store.read() as tx:
        assert tx.histories.reactions("CDATA", [OLD_US - 2, OLD_US]) == {(OLD_US, "U2", "tada"): (True, 0)}
        root = tx.facts.root("CDATA", OLD_US - 2)
    assert root is not None
    assert (root.user, root.text, root.answer_user, root.answer_us) == (NOBODY, None, NOBODY_ELSE, OLD_US - 1)


def test_what_is_written_beyond_keep_activity_has_no_author_at_once_nor_later(scene: Scene) -> None:
    scene.store.keep_authors_in = lambda channel: OLD_US if channel == "CDATA" else 0
    facts = (
        UserSeen("UBOT", is_bot=True, updated_us=1),
        MessageSeen("CDATA", OLD_US - 1, "U1", text="does it work?"),
        MessageSeen("CDATA", OLD_US - 3, "UBOT", text="beep"),
        MessageSeen("CDATA", OLD_US, "U1", text="does it work?"),
        ReactionSeen("CDATA", OLD_US - 1, "U2", "tada", "U1"),
        MessageSeen("CELSEWHERE", OLD_US - 1, "U1"),
    )
    scene.record(*facts)
    assert authors(scene) == [NOBODY, "U1"]
    scene.store.keep_authors_in = lambda _channel: 0  # longer again: what is gone does not come back
    scene.record(*facts)
    assert authors(scene) == [NOBODY, "U1"]
    assert authors(scene, "CELSEWHERE") == ["U1"]
    scene.record(MessageSeen("CDATA", OLD_US - 1, "U1", text="does it work now?", edited_us=OLD_US))
    assert authors(scene) == [NOBODY, "U1"]
    with scene.store.read() as tx:
        assert list(tx.rollups.compare()) == []


def test_what_a_member_was_sent_counts_for_a_week_however_little_is_kept(scene: Scene) -> None:
    community = privacy_of(scene, keep_activity=timedelta(days=2))
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("ask", "ask", "UANA", "Would you know?", to_us(scene.now), community="data"))
    scene.send()
    scene.wait(days=6)
    clean_up(scene.ctx, community, scene.now)
    assert scene.delivery("ask") is not None
    scene.wait(days=2)
    clean_up(scene.ctx, community, scene.now)
    assert scene.delivery("ask") is None


def test_what_was_settled_long_ago_goes_and_what_waits_or_is_pinned_stays(scene: Scene) -> None:
    with scene.store.begin() as tx:
        for number, (state, closed_us) in enumerate([("answered", OLD_US - 1), ("answered", OLD_US), ("open", None)]):
            card = tx.cards.open("data", "CDATA", OLD_US - 9 + number, "U1", "member", "", OLD_US - 9, f"card:{number}")
            assert card is not None
            tx.cards.save(replace(card, state=state, closed_us=closed_us))  # type: ignore[arg-type]
        tx.audit.note("data", "UMOD", "paused", "weekly", OLD_US - 1)
        tx.audit.note("data", "UMOD", "resumed", "weekly", OLD_US)
        for key, due_us in (("old", OLD_US - 1), ("new", OLD_US)):
            tx.deliveries.plan(
                Outgoing(key=key, kind="post", target="CDATA", text="so", due_us=due_us, community="data")
            )
        pinned = Outgoing(
            key="pinned", kind="post", target="CDATA", text="so", due_us=OLD_US - 1, community="data", pinned_as="it"
        )
        tx.deliveries.plan(pinned)
    scene.send()
    with scene.store.begin() as tx:
        tx.deliveries.plan(replace(pinned, key="waits", pinned_as=None))

    clean_up(scene.ctx, KEPT, MONDAY)

    with scene.store.read() as tx:
        assert [place[1] - OLD_US for place in sorted(tx.threads.carded("data", 0))] == [-8, -7]
        assert [one.action for one in tx.audit.since("data", 0)] == ["resumed"]
        assert tx.deliveries.known(["old", "new", "pinned", "waits"]) == {"new", "pinned", "waits"}


# -- people who left


@pytest.mark.parametrize(("days", "forgotten"), [(90, False), (91, True)])
def test_who_left_the_workspace_is_forgotten_after_the_time_set(scene: Scene, days: int, forgotten: bool) -> None:
    community = privacy_of(scene, forget_deactivated_after=timedelta(days=90))
    scene.says("U1", "does it work?")
    scene.record(UserSeen("U1", name="Ann", is_deleted=True, updated_us=to_us(scene.now)))
    clean_up(scene.ctx, community, scene.now)  # the night that finds them gone
    scene.wait(days=days, hours=-1 if not forgotten else 0)
    clean_up(scene.ctx, community, scene.now)
    assert is_known(scene, "U1") is not forgotten
    assert authors(scene) == [NOBODY if forgotten else "U1"]


def test_who_comes_back_in_time_is_not_forgotten_and_later_is_a_person_like_any_other(scene: Scene) -> None:
    community = privacy_of(scene, forget_deactivated_after=timedelta(days=90))
    scene.says("U1", "so")
    for is_deleted in (True, False, True):
        scene.record(UserSeen("U1", name="Ann", is_deleted=is_deleted, updated_us=to_us(scene.now)))
        clean_up(scene.ctx, community, scene.now)
        scene.wait(days=60)
    clean_up(scene.ctx, community, scene.now)
    assert is_known(scene, "U1")
    scene.wait(days=60)
    clean_up(scene.ctx, community, scene.now)
    assert not is_known(scene, "U1")

    scene.record(UserSeen("U1", name="Ann", is_deleted=False, updated_us=0), MembershipSeen("CDATA", "U1", True, 1))
    assert not is_known(scene, "U1")  # an old export does not bring them back
    scene.wait(days=1)
    scene.joins("U1", name="Ann", is_deleted=False)
    scene.says("U1", "I am back")
    assert authors(scene) == [NOBODY, "U1"]


@pytest.mark.parametrize("waits", [(timedelta(days=1), None), (timedelta(days=1), timedelta(days=200))])
def test_the_community_that_keeps_people_longest_decides(scene: Scene, waits: tuple[timedelta | None, ...]) -> None:
    scene.communities = tuple(
        replace(COMMUNITY, id=f"c{number}", privacy=Privacy(forget_deactivated_after=wait))
        for number, wait in enumerate(waits)
    )
    scene.record(UserSeen("U1", name="Ann", is_deleted=True, updated_us=1))
    for _ in range(2):
        clean_up(scene.ctx, scene.communities[0], scene.now)
        scene.wait(days=100)
    assert is_known(scene, "U1")


def test_a_partner_who_is_in_no_channel_any_more_has_left(scene: Scene) -> None:
    community = privacy_of(scene, forget_deactivated_after=timedelta(days=90))
    partner = {"is_external": True, "updated_us": 1}
    scene.record(UserSeen("U1", **partner), UserSeen("U2", **partner), UserSeen("U3", **partner))  # type: ignore[arg-type]
    scene.record(
        *(MembershipSeen("CDATA", "U1", True, 1), MembershipSeen("CDATA", "U1", False, 2)),
        MembershipSeen("CDATA", "U2", True, 1),
    )
    clean_up(scene.ctx, community, scene.now)
    scene.wait(days=91)
    clean_up(scene.ctx, community, scene.now)
    assert [is_known(scene, user) for user in ("U1", "U2", "U3")] == [False, True, True]


def test_an_erasure_that_was_cut_short_is_finished_at_night(scene: Scene) -> None:
    scene.says("U1", "does it work?")
    with scene.store.begin() as tx:
        tx.privacy.forget("U1", NOW_US)
        tx.privacy.forget_some("U1")
    assert is_known(scene, "U1")
    clean_up(scene.ctx, KEPT, scene.now)
    assert not is_known(scene, "U1")
    with scene.store.read() as tx:
        assert tx.privacy.being_forgotten() == []


# -- "do not track me"


def stop(scene: Scene, user: str) -> int:
    with scene.store.begin() as tx:
        return tx.privacy.stop_tracking(user, to_us(scene.now))


def test_from_then_on_rows_have_no_author_and_the_totals_count_them(scene: Scene) -> None:
    scene.record(UserSeen("U1", name="Ann", updated_us=1), MembershipSeen("CDATA", "U1", True, 1))
    before = scene.says("U1", "does it work?")
    stop(scene, "U1")
    scene.says("U1", "and this?")
    scene.reacts("U1", "tada", before)
    scene.says("U2", "yes", thread=before)

    assert authors(scene) == ["U1", NOBODY, "U2"]
    messages, members, threads, listed = figures(scene)
    assert (messages, threads["roots"], threads["answered"], listed) == (3, 2, 1, ["U2"])
    assert members == 2  # who wrote: their own word on what was before changes nothing of it
    with scene.store.begin() as tx:
        person = tx.facts.person("U1")
        assert person is not None
        assert (person.name, person.is_untracked) == ("Ann", True)
        assert tx.privacy.is_untracked("U1")
        assert tx.privacy.hidden(["U1", "U2"]) == {"U1"}
        assert tx.histories.reactions("CDATA", [before]) == {}
        tx.privacy.track_again("U1")
    scene.says("U1", "I am back")
    assert authors(scene) == ["U1", NOBODY, "U2", "U1"]


def test_an_import_of_what_stands_changes_nothing_and_an_edit_takes_the_author_away(scene: Scene) -> None:
    ts_us = scene.says("U1", "does it work?")
    stop(scene, "U1")
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="does it work?"), MessageSeen("CDATA", ts_us - 9, "U1"))
    assert authors(scene) == [NOBODY, "U1"]
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="does it really work?", edited_us=ts_us + 1))
    assert authors(scene) == [NOBODY, NOBODY]


def test_nobody_seems_to_answer_themselves_once_they_are_not_tracked(scene: Scene) -> None:
    own, other = scene.says("U1", "does it work?"), scene.says("U2", "why?")
    scene.says("U1", "look again", thread=own)
    stop(scene, "U1")
    scene.says("U1", "nobody?", thread=own)
    scene.says("U1", "because", thread=other)
    assert authors(scene) == [NOBODY, "U2", NOBODY, NOBODY, NOBODY_ELSE]
    forget(scene.store, "U2", to_us(scene.now))
    with scene.store.read() as tx:
        assert [tx.facts.root("CDATA", at).answer_user for at in (own, other)] == [None, NOBODY_ELSE]  # type: ignore[union-attr]
    assert figures(scene)[2]["answered"] == 1


@pytest.mark.parametrize(("root_user", "author"), [(None, NOBODY), ("U1", NOBODY), ("U2", NOBODY_ELSE)])
def test_whose_thread_it_was_is_known_by_the_report_where_the_store_has_no_name(
    scene: Scene, root_user: str | None, author: str
) -> None:
    for user in ("U1", "U2"):
        stop(scene, user)
    root = scene.says("U2", "does it work?")
    reply = MessageSeen("CDATA", root + 1, "U1", root, "yes", root_user=root_user)
    scene.record(replace(reply, root_user=None))
    scene.record(reply)
    assert authors(scene) == [NOBODY, author]


def test_the_reaction_that_an_untracked_person_takes_back_goes(scene: Scene) -> None:
    ts_us = scene.says("U2", "so")
    scene.reacts("U1", "tada", ts_us)
    stop(scene, "U1")
    scene.reacts("U1", "tada", ts_us, present=False)
    with scene.store.read() as tx:
        ((present, _),) = tx.histories.reactions("CDATA", [ts_us]).values()
    assert present is False


@pytest.mark.parametrize("how", ["untracked", "forgotten"])
def test_the_bot_begins_nothing_with_somebody_hidden(scene: Scene, how: str) -> None:
    with scene.store.begin() as tx:
        tx.facts.record([UserSeen("U1", name="Ann", updated_us=1)])
        tx.deliveries.plan(Outgoing(key="ask", kind="ask", target="U1", text="do you know?", due_us=NOW_US))
    if how == "untracked":
        assert stop(scene, "U1") == 1
    else:
        forget(scene.store, "U1", NOW_US)
    with scene.store.begin() as tx:
        assert tx.deliveries.known(["ask"]) == set()
        assert tx.preferences.of("U1").mode == "off"
        tx.inbox.once("event", NOW_US, Happening(0, "joined_workspace", "U1", NOW_US))
        assert tx.inbox.next() is None
        tx.facts.record([WorkspaceJoined("U1", NOW_US)])
        assert (tx.facts.person("U1") is None) is (how == "forgotten")
        tx.privacy.track_again("U1")
        assert tx.preferences.of("U1").mode == "standard"
        assert not tx.privacy.hidden(["U1"])


@pytest.mark.parametrize("how", ["deleted", "forgotten"])
def test_what_the_bot_quoted_of_a_message_goes_with_it(scene: Scene, how: str) -> None:
    first = scene.says("U1", "does the gizmo work?")
    asked, other = scene.says("U1", "or the widget?"), scene.says("U2", "does the gadget work?")
    with scene.store.begin() as tx:
        for key, about in (("card:1", first), ("card:2", other)):
            card = tx.cards.open("data", "CDATA", about, "U1", "member", "", NOW_US, key)
            assert card is not None
            tx.cards.save(replace(card, joined_us=(asked,) if about == first else ()))
            said = Outgoing(key=key, kind="card", target="CMODS", text="> does the", due_us=NOW_US)
            tx.deliveries.plan(said)
            tx.deliveries.plan(replace(said, key=f"{key}:v2", updates=key))
            tx.deliveries.plan(replace(said, key=f"ask:data:{card.id}:U3:1", target="U3"))
    scene.send()
    if how == "deleted":
        scene.deletes(asked)
    else:
        forget(scene.store, "U1", NOW_US)
    with scene.store.read() as tx:
        kept = {one.outgoing.key for one in tx.deliveries.begun_with("") if one.outgoing.text}
        kept |= {key for key in ("card:1:v2", "card:2:v2") if (one := tx.deliveries.get(key)) and one.outgoing.text}
    assert kept == {"card:2", "card:2:v2", "ask:data:2:U3:1"}


def test_two_questions_of_nobody_within_the_hour_are_two_cards(scene: Scene) -> None:
    asked = [Asked(("CDATA", NOW_US + n), NOBODY, "member", "") for n in range(2)]
    assert len(groups(asked)) == 2
