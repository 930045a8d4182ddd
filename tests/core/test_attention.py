"""The ledger of attention: the rule at the moment of sending, over a real store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from scene import COMMUNITY, Scene

from copbot.adapters.store.sql import SqlStore
from copbot.core import attention
from copbot.core.community import Attention
from copbot.core.delivery import Delivery, Kind, Outgoing
from copbot.core.facts import UserSeen
from copbot.core.ports.attention import OptOut
from copbot.core.time import DAY_US, HOUR_US, to_us

AWAKE = replace(COMMUNITY, attention=Attention(quiet=None))
OTHER = replace(AWAKE, id="maps", name="Maps")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, AWAKE, OTHER)
    scene.joins("UANA")
    yield scene
    scene.close()


def plan(
    scene: Scene,
    key: str,
    kind: Kind,
    *,
    community: str = "data",
    hours: float = 0,
    target: str = "UANA",
    **more: object,
) -> None:
    due_us = to_us(scene.now) + int(hours * HOUR_US)
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing(key, kind, target, key, due_us, community=community, **more))  # type: ignore[arg-type]


def sets(scene: Scene, **settings: object) -> None:
    """A member changes their settings, as each place does that changes them."""
    with scene.store.begin() as tx:
        before = tx.preferences.of("UANA")
        assert tx.preferences.save(replace(before, **settings), to_us(scene.now))  # type: ignore[arg-type]
        attention.changed(scene.ctx, tx, "UANA", scene.now)


def found(scene: Scene, key: str) -> Delivery:
    delivery = scene.delivery(key)
    assert delivery is not None
    return delivery


def keys(sent: list[Delivery]) -> list[str]:
    return [delivery.outgoing.key for delivery in sent]


def days_of(scene: Scene, days: int) -> list[list[str]]:
    """What was sent on each of some days."""
    sent = []
    for _ in range(days):
        sent.append(keys(scene.send()))
        scene.wait(days=1)
    return sent


def test_however_many_features_and_communities_plan_at_once_a_member_gets_what_the_budget_allows(scene: Scene) -> None:
    plan(scene, "thanks", "recognition")
    plan(scene, "survey", "survey", community="maps")
    plan(scene, "step", "onboarding")
    plan(scene, "ask", "ask", community="maps")
    plan(scene, "welcome", "welcome")
    plan(scene, "answer", "answer")
    sent = days_of(scene, 3)
    assert sorted(sent[0]) == ["answer", "ask", "welcome"]
    assert sent[1:] == [["step"], ["survey"]]
    assert found(scene, "thanks").outgoing.due_us > to_us(scene.now)  # three in this week: it waits for the fourth


def test_what_a_member_changed_a_second_ago_holds_for_what_is_queued(scene: Scene) -> None:
    plan(scene, "survey", "survey")
    plan(scene, "thanks", "recognition", hours=5)
    sets(scene, off=frozenset({"surveys"}))
    assert keys(scene.send()) == []
    assert (found(scene, "survey").state, found(scene, "survey").reason) == ("skipped", "they turned surveys off")

    sets(scene, mode="light")
    assert found(scene, "thanks").reason == "joined the digest: they want the digest alone"
    with scene.store.read() as tx:
        (held,) = attention.for_digest(tx, "UANA", scene.now - timedelta(days=7))
        assert (held.key, held.kind, held.community, held.held_us) == (
            "thanks",
            "recognition",
            "data",
            to_us(scene.now),
        )
        assert attention.for_digest(tx, "UANA", scene.now + timedelta(seconds=1)) == []

    sets(scene, off=frozenset({"recognition"}))
    with scene.store.read() as tx:
        assert attention.for_digest(tx, "UANA", scene.now - timedelta(days=7)) == []


def test_what_waited_for_a_pause_comes_at_once_when_it_is_ended(scene: Scene) -> None:
    sets(scene, paused_until_us=to_us(scene.now) + 2 * DAY_US)
    plan(scene, "ask", "ask")
    assert keys(scene.send()) == []
    assert found(scene, "ask").outgoing.due_us == to_us(scene.now) + 2 * DAY_US
    sets(scene, paused_until_us=None)
    assert keys(scene.send()) == ["ask"]


def test_what_joined_the_digest_tells_where_it_leads(scene: Scene) -> None:
    sets(scene, mode="light")
    link = {"type": "button", "action_id": "open", "url": "https://example.slack.com/archives/C1/p1"}
    plan(scene, "button", "recognition", blocks=({"type": "actions", "elements": [link]},))
    plan(scene, "none", "recognition")
    scene.send()
    with scene.store.read() as tx:
        links = {held.key: held.link for held in attention.for_digest(tx, "UANA", scene.now)}
    assert links == {"button": "https://example.slack.com/archives/C1/p1", "none": None}


def test_after_an_outage_of_days_nothing_comes_at_once_and_nights_stay_quiet(scene: Scene) -> None:
    """What was due on three days must not come at once, and not at night."""
    scene.communities = (COMMUNITY,)
    for days, kind in ((2, "ask"), (1, "story"), (0, "survey")):
        plan(scene, kind, kind, hours=-24 * days)
    scene.wait(hours=14)  # 23:00
    assert keys(scene.send()) == []
    scene.wait(hours=9)
    assert days_of(scene, 3) == [["ask"], ["survey"], ["story"]]


def test_somebody_who_has_left_is_not_written_to(scene: Scene) -> None:
    plan(scene, "ask", "ask")
    scene.record(UserSeen("UANA", is_deleted=True, updated_us=to_us(scene.now) + 1))
    assert keys(scene.send()) == []
    assert found(scene, "ask").reason == "they have left"


def test_a_member_without_a_time_zone_sleeps_by_the_communitys(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, timezone="Asia/Tokyo"),)  # 18:00 there
    scene.wait(hours=3)
    plan(scene, "ask", "ask")
    assert keys(scene.send()) == []
    assert found(scene, "ask").outgoing.due_us == to_us(scene.now) + 11 * HOUR_US


def test_a_message_of_a_community_that_is_in_the_files_no_more_keeps_the_usual_budget(scene: Scene) -> None:
    plan(scene, "one", "ask", community="gone")
    plan(scene, "two", "ask", community="gone")
    assert keys(scene.send()) == ["one"]


def test_what_slack_refused_takes_no_room(scene: Scene) -> None:
    plan(scene, "refused", "ask")
    with scene.store.begin() as tx:
        (delivery,) = tx.deliveries.ready(to_us(scene.now), 1)
        assert attention.may_go(scene.ctx, tx, delivery, scene.now)
        tx.deliveries.claim(delivery.id, "test", to_us(scene.now))
        tx.deliveries.settle(delivery.id, 1, "failed", reason="the user is gone")
    plan(scene, "next", "survey")
    assert keys(scene.send()) == ["next"]


def test_what_is_on_its_way_takes_its_room_already(scene: Scene) -> None:
    plan(scene, "one", "ask")
    with scene.store.begin() as tx:
        (delivery,) = tx.deliveries.ready(to_us(scene.now), 1)
        tx.deliveries.claim(delivery.id, "another process", to_us(scene.now))
    plan(scene, "two", "ask")
    assert keys(scene.send()) == []


# --- for those who plan -------------------------------------------------------------------------------------------


def free_at(scene: Scene, kind: Kind) -> datetime | None:
    with scene.store.read() as tx:
        person = tx.facts.person("UANA")
        assert person is not None
        return attention.free_at(tx, AWAKE, person, scene.now, kind)


def test_those_who_plan_hear_when_their_message_would_go_behind_all_that_waits_and_goes_first(scene: Scene) -> None:
    assert free_at(scene, "survey") == scene.now
    plan(scene, "ask", "ask")
    assert free_at(scene, "survey") == scene.now + timedelta(days=1)
    assert free_at(scene, "welcome") == scene.now
    plan(scene, "thanks", "recognition")
    assert free_at(scene, "survey") == scene.now + timedelta(days=1)


def test_those_who_plan_hear_never_where_it_would_not_be_sent_and_now_where_it_joins_the_digest(scene: Scene) -> None:
    sets(scene, mode="light")
    assert free_at(scene, "survey") is None
    assert free_at(scene, "recognition") == scene.now
    sets(scene, mode="off")
    assert free_at(scene, "recognition") is None


def test_room_is_asked_for_whatever_the_hour(scene: Scene) -> None:
    scene.wait(hours=14)  # 23:00
    with scene.store.read() as tx:
        person = tx.facts.person("UANA")
        assert person is not None
        assert attention.has_room(tx, COMMUNITY, person, scene.now, "ask")
        assert attention.awake_at(tx, COMMUNITY, person, scene.now) == scene.now + timedelta(hours=9)
    plan(scene, "ask", "ask")
    scene.send()
    with scene.store.read() as tx:
        assert not attention.has_room(tx, COMMUNITY, person, scene.now, "ask")


# --- the ledger ---------------------------------------------------------------------------------------------------


def test_an_opt_out_is_kept_without_who(scene: Scene) -> None:
    noted = OptOut("surveys", to_us(scene.now), "data")
    with scene.store.begin() as tx:
        tx.ledger.note_opt_out(noted)
        tx.ledger.note_opt_out(OptOut("off", to_us(scene.now) + DAY_US))
    with scene.store.read() as tx:
        assert tx.ledger.opt_outs(to_us(scene.now), to_us(scene.now) + DAY_US) == [noted]


def test_a_message_is_answered_once_by_the_first_press_in_it(scene: Scene) -> None:
    plan(scene, "ask", "ask")
    scene.send()
    ts_us = found(scene, "ask").ts_us
    assert ts_us is not None
    for later in (1, 2):
        with scene.store.begin() as tx:
            tx.ledger.answered("UANA", ts_us, ts_us + later)
    with scene.store.read() as tx:
        (told,) = tx.ledger.told(("ask",), ts_us, ts_us + 1)
        assert (told.user, told.answered_us, told.day, told.week) == ("UANA", ts_us + 1, 1, 3)
        assert tx.ledger.told(("ask",), ts_us + 1, ts_us + 2) == []


def test_two_processes_that_send_to_one_member_at_once_keep_one_account(scene: Scene) -> None:
    plan(scene, "one", "survey")
    went: list[str] = []

    def process(key: str, store: SqlStore, after: Callable[[], None] = lambda: None) -> None:
        with store.begin() as tx:
            delivery = tx.deliveries.get(key)
            assert delivery is not None
            if attention.may_go(scene.ctx, tx, delivery, scene.now):
                after()
                assert tx.deliveries.claim(delivery.id, key, to_us(scene.now))
                went.append(key)

    def another() -> None:
        plan(scene, "two", "ask", community="maps")
        process("two", SqlStore(scene.engine, 1))

    other = Thread(target=another)
    process(
        "one", scene.store, other.start
    )  # the other, of a higher rank, comes while this one has decided and not committed
    other.join()
    assert went == ["one"]
    assert found(scene, "two").outgoing.due_us == to_us(scene.now) + DAY_US
