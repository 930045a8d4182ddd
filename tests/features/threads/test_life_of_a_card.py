"""The life of a card after it opened: put off, brought back, handed over, reminded of together, and whatever goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, MONDAY, Scene
from sqlalchemy import update

from copbot.adapters.store import tables
from copbot.core.community import Community, Roles
from copbot.core.delivery import Delivery
from copbot.core.duty import Away, Duty
from copbot.core.facts import ChannelSeen, MembershipSeen, MessageGone, MessageSeen, UserSeen
from copbot.core.interaction import Press
from copbot.core.load import Load, loads
from copbot.core.records import Card
from copbot.core.time import HOUR_US, Hours, from_us, to_us
from copbot.core.working_time import WeekHours
from copbot.features.threads import FEATURE, views
from copbot.features.threads.care import Care
from copbot.features.threads.reminding import POSTED_AGAIN
from copbot.features.threads.service import reopen, settle, snooze, watch

OFFICE = Hours(datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 18).time())  # noqa: DTZ001 - a time of the day
WEEKDAYS = (WeekHours(frozenset(range(5)), OFFICE),)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def kinds(scene: Scene) -> list[str]:
    return [delivery.outgoing.kind for delivery in tick(scene)]


def card_of(scene: Scene, ts_us: int, channel: str = "CDATA") -> Card:
    with scene.store.read() as tx:
        card = tx.cards.of_thread("data", channel, ts_us)
    assert card is not None
    return card


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


def question(scene: Scene, user: str = "U1", channel: str = "CDATA") -> int:
    return scene.says(user, "How do you link two registers?", channel)


def with_card(scene: Scene) -> int:
    ts_us = question(scene)
    scene.wait(hours=24)
    assert len(tick(scene)) == 1
    return ts_us


def by_hand(scene: Scene, do, ts_us: int, *values: object) -> Card:
    """Something that a moderator does to the card, sent at once."""
    with scene.store.begin() as tx:
        care = Care(scene.ctx, tx, scene.communities[0], to_us(scene.now))
        done: Card = do(care, tx.cards.of_thread("data", "CDATA", ts_us), *values)
    return done


def until(scene: Scene, text: str) -> None:
    scene.clock.jump(datetime.fromisoformat(text).replace(tzinfo=UTC) - scene.now)


def with_rules(scene: Scene, **rules: object) -> None:
    scene.communities = (replace(COMMUNITY, unanswered=replace(COMMUNITY.unanswered, **rules)),)  # type: ignore[arg-type]


# --- put off


def test_a_snoozed_card_is_silent_until_its_time_and_its_clocks_begin_anew(scene: Scene) -> None:
    ts_us = with_card(scene)
    wakes_us = to_us(scene.now + timedelta(days=5))
    by_hand(scene, snooze, ts_us, wakes_us, "UMOD")
    (update,) = scene.send()
    assert "Rests until" in text_of(update)
    said = []
    for hour in range(0, 24 * 10, 6):
        said += [(hour, delivery.outgoing.kind) for delivery in tick(scene)]
        scene.wait(hours=6)
    # Given a reminder each day and the word to the coordinators two days after the card, as the file says
    assert said == [
        (120, "card"),
        (120, "reminder"),
        (144, "reminder"),
        (168, "reminder"),
        (168, "escalation"),
        (192, "reminder"),
    ]
    with scene.store.read() as tx:
        assert [one.action for one in tx.audit.since("data", 0)] == ["snoozed"]


def test_it_wakes_to_the_microsecond_and_the_alarm_knows(scene: Scene) -> None:
    ts_us = with_card(scene)
    wakes = scene.now + timedelta(days=5)
    by_hand(scene, snooze, ts_us, to_us(wakes), "UMOD")
    scene.send()
    assert FEATURE.next_due(scene.ctx, scene.now) == wakes
    scene.clock.jump(wakes - timedelta(microseconds=1) - scene.now)
    assert tick(scene) == []
    scene.clock.jump(timedelta(microseconds=1))
    _, said = tick(scene)
    assert "rested until today" in said.outgoing.text
    assert card_of(scene, ts_us).snoozed_until_us is None


def test_an_answer_closes_a_snoozed_card_at_once(scene: Scene) -> None:
    ts_us = with_card(scene)
    by_hand(scene, snooze, ts_us, to_us(scene.now + timedelta(days=5)), "UMOD")
    scene.send()
    scene.says("U2", "By name.", thread=ts_us)
    (update,) = tick(scene)
    assert "Answered by <@U2>" in text_of(update)
    scene.wait(days=6)
    assert tick(scene) == []


def test_who_took_it_keeps_it_while_it_rests(scene: Scene) -> None:
    ts_us = with_card(scene)
    with scene.store.begin() as tx:
        FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card_of(scene, ts_us).id), "t"))
    by_hand(scene, snooze, ts_us, to_us(scene.now + timedelta(days=6)), "UMOD")
    scene.send()
    scene.wait(days=6)
    tick(scene)
    assert card_of(scene, ts_us).claimed_by == "UMOD"
    scene.wait(days=2)
    tick(scene)
    assert card_of(scene, ts_us).claimed_by is None


# --- answered, and back again


def test_a_deleted_answer_brings_the_card_back_and_another_one_closes_it(scene: Scene) -> None:
    ts_us = with_card(scene)
    first = scene.says("U2", "By name.", thread=ts_us)
    tick(scene)
    scene.deletes(first)
    update, said = tick(scene)
    assert "It is back: its answer is gone." in text_of(update)
    assert "open again" in said.outgoing.text
    assert said.outgoing.thread_of == update.outgoing.updates
    assert tick(scene) == []
    scene.wait(hours=24)
    assert kinds(scene) == ["reminder"], "reminders begin again"
    scene.says("U3", "By birthday.", thread=ts_us)
    (closed,) = tick(scene)
    assert "Answered by <@U3> after 2 days" in text_of(closed)


def test_with_a_second_answer_it_stays_closed_and_names_the_one_that_stands(scene: Scene) -> None:
    ts_us = with_card(scene)
    first = scene.says("U2", "By name.", thread=ts_us)
    scene.says("U3", "By birthday.", thread=ts_us)
    tick(scene)
    scene.deletes(first)
    (update,) = tick(scene)
    assert "Answered by <@U3>" in text_of(update)
    assert card_of(scene, ts_us).state == "answered"


def test_long_after_nobody_is_bothered_with_it(scene: Scene) -> None:
    ts_us = with_card(scene)
    first = scene.says("U2", "By name.", thread=ts_us)
    tick(scene)
    scene.wait(days=15)
    scene.deletes(first)
    assert tick(scene) == []


def test_edited_into_a_statement_and_back_it_comes_back(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="Solved.", edited_us=to_us(scene.now)))
    tick(scene)
    assert card_of(scene, ts_us).state == "withdrawn"
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="How do you link three?", edited_us=to_us(scene.now) + 1))
    tick(scene)
    assert card_of(scene, ts_us).state == "open"


def test_what_a_hand_closed_stays_closed_until_a_hand_opens_it_and_then_waits_for_a_new_answer(scene: Scene) -> None:
    ts_us = with_card(scene)
    by_hand(scene, settle, ts_us, "answered", "UMOD", "U2")
    (update,) = scene.send()
    assert "Answered by <@U2>" in text_of(update)
    reply = scene.says("U3", "Indeed.", thread=ts_us)
    scene.deletes(reply)
    scene.says("U4", "As said.", thread=ts_us)
    scene.wait(hours=1)
    assert tick(scene) == []
    by_hand(scene, reopen, ts_us, "UJESS")
    (update,) = scene.send()
    assert "<@UJESS> brought it back" in text_of(update)
    assert tick(scene) == [], "the answer of before does not close it"
    scene.says("U5", "By name.", thread=ts_us)
    (update,) = tick(scene)
    assert "Answered by <@U5>" in text_of(update)
    with scene.store.read() as tx:
        assert [(one.actor, one.action) for one in tx.audit.since("data", 0)] == [
            ("UMOD", "marked as answered"),
            ("UJESS", "reopened"),
        ]


def test_a_question_set_aside_and_brought_back_asks_again(scene: Scene) -> None:
    ts_us = with_card(scene)
    by_hand(scene, settle, ts_us, "dismissed", "UMOD")
    with scene.store.read() as tx:
        assert tx.facts.root("CDATA", ts_us).asks is False  # type: ignore[union-attr]
    by_hand(scene, reopen, ts_us, "UMOD")
    scene.send()
    assert tick(scene) == []
    assert card_of(scene, ts_us).state == "open"


# --- marked


def test_a_marked_message_has_its_card_at_once_whatever_it_says(scene: Scene) -> None:
    ts_us = scene.says("U1", "We linked two registers yesterday.")
    with scene.store.begin() as tx:
        watch(scene.ctx, tx, COMMUNITY, "CDATA", ts_us, "UMOD")
    (told,) = scene.send()
    assert told.outgoing.kind == "card"
    assert tick(scene) == []
    scene.wait(hours=24)
    assert kinds(scene) == ["reminder"]
    scene.says("U2", "Tell us how!", thread=ts_us)
    (update,) = tick(scene)
    assert "Answered by <@U2>" in text_of(update)


def test_marked_although_answered_it_waits_for_another_answer(scene: Scene) -> None:
    ts_us = question(scene)
    scene.says("U2", "Good question.", thread=ts_us)
    with scene.store.begin() as tx:
        watch(scene.ctx, tx, COMMUNITY, "CDATA", ts_us, "UMOD")
        assert watch(scene.ctx, tx, COMMUNITY, "CDATA", ts_us + 1, "UMOD") is None
    scene.send()
    assert tick(scene) == []
    assert card_of(scene, ts_us).marked_by == "UMOD"
    scene.says("U3", "By name.", thread=ts_us)
    tick(scene)
    assert card_of(scene, ts_us).answered_by == "U3"


def test_marking_a_second_message_of_the_hour_joins_the_card(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.clock.jump(from_us(ts_us) + timedelta(minutes=10) - scene.now)
    second = scene.says("U1", "It runs for hours.")
    scene.wait(hours=24)
    with scene.store.begin() as tx:
        card = watch(scene.ctx, tx, COMMUNITY, "CDATA", second, "UMOD")
    assert card is not None
    assert (card.ts_us, card.joined_us, card.marked_by) == (ts_us, (second,), "UMOD")


# --- reminders and escalations together


def test_ten_forgotten_threads_make_one_message_of_each_kind(scene: Scene) -> None:
    for number in range(10):
        question(scene, f"U{number}")
        scene.wait(minutes=30)
    told: list[tuple[str, str | None]] = []
    for _ in range(12 * 6):
        told += [(d.outgoing.kind, d.outgoing.thread_of) for d in tick(scene) if d.outgoing.kind != "card"]
        scene.wait(hours=2)
    assert told == [("reminder", None), ("reminder", None), ("escalation", None), ("reminder", None)]


def test_the_one_message_names_them_with_links(scene: Scene) -> None:
    for number in range(3):
        question(scene, f"U{number}")
    scene.wait(hours=24)
    tick(scene)
    scene.wait(hours=24)
    (reminder,) = tick(scene)
    assert reminder.outgoing.text.startswith("3 questions still wait.")
    assert reminder.outgoing.text.count("https://example.slack.com/archives/CDATA/") == 3


def test_several_that_wake_or_are_freed_at_once_make_one_message_each(scene: Scene) -> None:
    asked = [question(scene, f"U{number}") for number in range(3)]
    scene.wait(hours=24)
    tick(scene)
    for ts_us in asked:
        by_hand(scene, snooze, ts_us, to_us(scene.now + timedelta(days=2)), "UMOD")
    scene.send()
    scene.wait(days=2)
    assert [d.outgoing.text.split(".")[0] for d in tick(scene) if d.outgoing.kind == "reminder"] == [
        "3 questions rested until today and still wait"
    ]
    with scene.store.begin() as tx:
        for card in tx.cards.of("data", "open"):
            tx.cards.save(replace(card, claimed_by="UMOD", claimed_us=to_us(scene.now)))
    scene.wait(days=4)
    freed = [d for d in tick(scene) if "free again" in d.outgoing.text]
    assert len([d for d in freed if d.outgoing.kind == "reminder"]) == 1


# --- working hours


def test_what_rested_in_a_list_is_named_when_it_comes_back_and_is_reminded_of_by_itself(scene: Scene) -> None:
    asked = [question(scene, f"U{number}") for number in range(6)]
    scene.wait(hours=24)
    for _ in range(4):
        tick(scene)
        scene.wait(hours=24)
    by_hand(scene, snooze, asked[2], to_us(scene.now + timedelta(days=1)), "UMOD")
    tick(scene)
    for says in ("This rested until today", "Still no answer after", "Still no answer after"):
        scene.wait(hours=24)
        said = next(delivery for delivery in tick(scene) if delivery.outgoing.kind == "reminder")
        assert says in said.outgoing.text
        assert "<@U2>'s question" in said.outgoing.text
        assert "<@U3>" not in said.outgoing.text


def test_with_working_hours_everything_waits_for_somebody_to_be_there(scene: Scene) -> None:
    nine = timedelta(hours=9)
    with_rules(scene, after=nine, again=nine, escalate=3 * nine, hours=WEEKDAYS)
    until(scene, "2026-11-20 15:59")  # a Friday
    question(scene)
    scene.wait(minutes=1)
    said = []
    for _ in range(8 * 12):
        said += [(f"{scene.now:%a %H:%M}", d.outgoing.kind) for d in tick(scene)]
        scene.wait(hours=2)
    # Given that each comes with the first look after its time, which is every two hours
    assert said == [
        ("Mon 16:00", "card"),
        ("Tue 16:00", "reminder"),
        ("Wed 16:00", "reminder"),
        ("Wed 16:00", "escalation"),
        ("Thu 16:00", "reminder"),
    ]


def test_after_a_stop_at_night_nobody_is_written_to_before_work_begins(scene: Scene) -> None:
    with_rules(scene, after=timedelta(hours=2), again=timedelta(hours=4), hours=WEEKDAYS)
    question(scene)  # on Monday at nine
    until(scene, "2026-11-17 03:00")
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) == datetime(2026, 11, 17, 9, tzinfo=UTC)
    until(scene, "2026-11-17 09:00")
    assert kinds(scene) == ["card"]
    until(scene, "2026-11-18 02:00")
    assert tick(scene) == []
    until(scene, "2026-11-18 09:00")
    assert kinds(scene) == ["reminder"]


def test_holidays_are_no_working_days_where_the_file_says_whose(scene: Scene) -> None:
    with_rules(scene, after=timedelta(hours=9), hours=WEEKDAYS, skip_holidays="TH")
    scene.holidays = {("TH", date(2026, 11, 17)): "A day off"}
    ts_us = question(scene)
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due == datetime(2026, 11, 18, 9, tzinfo=UTC) + timedelta(microseconds=ts_us % HOUR_US)


def test_a_channel_may_have_its_own_pace(scene: Scene) -> None:
    quick = replace(COMMUNITY.unanswered, after=timedelta(hours=2))
    with_rules(scene, channels=(("#hello", quick),))
    slow, fast = question(scene), question(scene, "U2", "CHELLO")
    scene.wait(hours=2)
    tick(scene)
    with scene.store.read() as tx:
        assert [card.ts_us for card in tx.cards.of("data", "open")] == [fast]
    scene.wait(hours=22)
    tick(scene)
    assert card_of(scene, slow).state == "open"


# --- the rota

ROTA = replace(
    COMMUNITY,
    roles=Roles(coordinators=("jess@example.org",), moderators=("UMOD", "UANA")),
    duty=Duty("week", ("UMOD", "UANA")),
)


def on_duty(scene: Scene, community: Community) -> str | None:
    with scene.store.read() as tx:
        return Care(scene.ctx, tx, community, to_us(scene.now)).on_duty


def test_a_card_names_who_is_on_duty_and_is_handed_over_on_monday(scene: Scene) -> None:
    scene.communities = (ROTA,)
    until(scene, "2026-11-19 12:00")  # a Thursday
    ts_us = question(scene)
    scene.wait(hours=24)
    first = on_duty(scene, ROTA)
    (told,) = tick(scene)
    assert f"On duty: <@{first}>" in text_of(told)
    until(scene, "2026-11-23 00:00")
    second = on_duty(scene, ROTA)
    assert {first, second} == {"UMOD", "UANA"}
    update = next(d for d in tick(scene) if d.outgoing.kind == "card")
    assert update.outgoing.updates == told.outgoing.key
    assert f"On duty: <@{second}>" in text_of(update)
    assert card_of(scene, ts_us).duty == second


def test_a_card_that_somebody_has_is_not_handed_over(scene: Scene) -> None:
    scene.communities = (ROTA,)
    until(scene, "2026-11-19 12:00")
    ts_us = with_card(scene)
    with scene.store.begin() as tx:
        FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card_of(scene, ts_us).id), "t"))
    before = card_of(scene, ts_us)
    until(scene, "2026-11-23 00:00")
    tick(scene)
    assert card_of(scene, ts_us).duty == before.duty


def test_who_is_away_or_no_moderator_any_more_or_gone_is_passed_over(scene: Scene) -> None:
    first = on_duty(scene, ROTA)
    assert first is not None
    other = "UANA" if first == "UMOD" else "UMOD"
    away = replace(ROTA, duty=Duty("week", ("UMOD", "UANA"), (Away(first, MONDAY.date(), MONDAY.date()),)))
    demoted = replace(ROTA, roles=replace(ROTA.roles, moderators=(other,)))
    assert on_duty(scene, away) == on_duty(scene, demoted) == other
    with scene.store.read() as tx:
        assert Care(scene.ctx, tx, away, to_us(scene.now)).away == {first}
    scene.record(UserSeen(first, is_deleted=True, updated_us=1))
    assert on_duty(scene, ROTA) == other


# --- faults


def test_the_claim_of_a_moderator_who_leaves_is_freed(scene: Scene) -> None:
    ts_us = with_card(scene)
    with scene.store.begin() as tx:
        FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card_of(scene, ts_us).id), "t"))
    scene.send()
    scene.record(UserSeen("UMOD", is_deleted=True, updated_us=to_us(scene.now)))
    update, said = tick(scene)
    assert "free again" in text_of(update)
    assert "free again" in said.outgoing.text


def test_so_is_that_of_one_who_is_no_moderator_any_more_but_not_of_a_member_who_was_asked(scene: Scene) -> None:
    ts_us, other = with_card(scene), question(scene, "U2")
    scene.wait(hours=24)
    tick(scene)
    with scene.store.begin() as tx:
        for asked, user, is_asked in ((ts_us, "UMOD", False), (other, "U7", True)):
            card = card_of(scene, asked)
            tx.cards.save(replace(card, claimed_by=user, claimed_us=to_us(scene.now), is_asked=is_asked))
    scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=())),)
    tick(scene)
    assert card_of(scene, ts_us).claimed_by is None
    assert card_of(scene, other).claimed_by == "U7"


def test_a_card_that_was_deleted_by_hand_is_posted_once_more_when_it_is_reminded_of(scene: Scene) -> None:
    ts_us = with_card(scene)
    for key in ("", POSTED_AGAIN):
        standing = scene.delivery(f"{card_of(scene, ts_us).shown_in.removesuffix(POSTED_AGAIN)}{key}")
        assert standing is not None
        assert standing.ts_us is not None
        scene.record(MessageGone("CMODS", standing.ts_us))
        assert tick(scene) == []
        scene.wait(hours=24)
        again = [d for d in tick(scene) if d.outgoing.kind != "escalation"]
        assert [d.outgoing.updates for d in again] == ([None] if not key else [])
    scene.says("U2", "By name.", thread=ts_us)
    assert tick(scene) == []
    assert card_of(scene, ts_us).state == "answered"


def test_a_card_that_slack_refused_is_posted_with_its_next_reminder_once_the_bot_may_write_there(scene: Scene) -> None:
    ts_us = question(scene)
    scene.wait(hours=24)
    for _ in range(2):
        FEATURE.plan_due(scene.ctx, scene.now)
        with scene.store.begin() as tx:
            (delivery,) = tx.deliveries.ready(to_us(scene.now), 9)
            tx.deliveries.claim(delivery.id, "test", to_us(scene.now))
            tx.deliveries.settle(delivery.id, delivery.attempts + 1, "failed")
        scene.wait(hours=24)
    tried, escalation = tick(scene)
    assert (tried.outgoing.kind, escalation.outgoing.kind) == ("card", "escalation")
    assert tried.outgoing.thread_of is tried.outgoing.updates is None
    scene.says("U3", "By name.", thread=ts_us)
    (told,) = tick(scene)
    assert told.outgoing.updates == tried.outgoing.key


def test_the_cards_of_an_archived_channel_are_closed_and_come_back_with_it(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.record(ChannelSeen("CDATA", is_archived=True, updated_us=to_us(scene.now)))
    update, notice = tick(scene)
    assert "Its channel was archived" in text_of(update)
    assert notice.outgoing.kind == "notice"
    assert tick(scene) == []
    scene.wait(hours=1)
    scene.record(ChannelSeen("CDATA", is_archived=False, updated_us=to_us(scene.now)))
    tick(scene)
    assert card_of(scene, ts_us).state == "open"


def test_taken_out_of_a_channel_the_bot_says_so_once_and_reminds_of_nothing_there(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(update(tables.Team.__table__).values(bot_user="UBOT"))
    scene.record(MembershipSeen("CDATA", "UBOT", True, 1))
    ts_us = with_card(scene)
    young = question(scene, "U2")
    scene.record(MembershipSeen("CDATA", "UBOT", False, to_us(scene.now)))
    (notice,) = tick(scene)
    assert "I was taken out of <#CDATA>" in notice.outgoing.text
    scene.wait(days=8)
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    scene.record(MembershipSeen("CDATA", "UBOT", True, to_us(scene.now)))
    scene.says("U3", "By name.", thread=ts_us)
    told = tick(scene)
    assert card_of(scene, ts_us).state == "answered"
    assert card_of(scene, young).state == "open"
    assert {delivery.outgoing.kind for delivery in told} == {"card", "escalation"}, "it has waited for long"


def test_of_a_renamed_channel_the_new_name_is_asked_for_once(scene: Scene) -> None:
    scene.directory.channels = {"data-2": "CDATA", "hello": "CHELLO", "mods": "CMODS"}
    lookup = scene.directory.channel
    scene.directory.channel = lambda reference: lookup("#data-2" if reference == "#data" else reference)  # type: ignore[method-assign]
    (notice,) = tick(scene)
    assert "`#data` is called `#data-2` now" in notice.outgoing.text
    assert tick(scene) == []


# --- laws

DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(1, 3)),
        st.tuples(st.just("answer"), st.integers(0, 9)),
        st.tuples(st.just("unanswer"), st.integers(0, 9)),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("snooze"), st.integers(0, 9)),
        st.tuples(st.just("settle"), st.integers(0, 9)),
        st.tuples(st.just("reopen"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=14,
)


@settings(max_examples=8)
@given(DOINGS, st.sampled_from(["always", "office"]))
def test_no_question_is_lost_and_no_step_is_said_twice(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[str, int]], hours: str
) -> None:
    scene = Scene(tmp_path_factory.mktemp("law"))
    if hours == "office":
        with_rules(scene, hours=WEEKDAYS, after=timedelta(hours=4), again=timedelta(hours=4))
    asked: list[int] = []
    answers: dict[int, list[int]] = {}
    gone: set[int] = set()
    said: list[Delivery] = []
    for what, number in doings:
        if what == "ask":
            asked.append(question(scene, f"U{number}"))
        elif what == "wait":
            scene.wait(hours=number)
        elif asked:
            _do(scene, what, asked[number % len(asked)], answers, gone)
        said += tick(scene)
        FEATURE.plan_due(scene.ctx, scene.now)
        assert scene.send() == [], "a second look says nothing more"
    keys = [delivery.outgoing.key for delivery in said]
    assert len(keys) == len(set(keys))
    with scene.store.read() as tx:
        carded = tx.threads.carded("data", 0)
        care = Care(scene.ctx, tx, scene.communities[0], to_us(scene.now))
        listed = {ts_us for one in care.without_card() for ts_us in one.messages_us}
        for ts_us in asked:
            waits = ts_us not in gone and tx.facts.root("CDATA", ts_us).answer_us is None  # type: ignore[union-attr]
            siblings = [other for other in asked if abs(other - ts_us) <= HOUR_US and answers.get(other)]
            recent = scene.now - from_us(ts_us) < timedelta(days=14)
            assert not waits or siblings or not recent or ("CDATA", ts_us) in carded or ts_us in listed
    if hours == "office":
        due = FEATURE.next_due(scene.ctx, scene.now)
        assert due is None or due <= scene.now or due.hour in range(9, 18)
    scene.close()


def _do(scene: Scene, what: str, ts_us: int, answers: dict[int, list[int]], gone: set[int]) -> None:
    with scene.store.read() as tx:
        card = tx.cards.of_thread("data", "CDATA", ts_us)
    if what == "answer":
        answers.setdefault(ts_us, []).append(scene.says("UMOD", "Yes.", thread=ts_us))
    elif what == "unanswer" and answers.get(ts_us):
        scene.deletes(answers[ts_us].pop())
    elif what == "delete":
        scene.deletes(ts_us)
        gone.add(ts_us)
    elif what == "snooze" and card is not None and card.state == "open":
        by_hand(scene, snooze, ts_us, to_us(scene.now + timedelta(days=2)), "UMOD")
    elif what == "settle" and card is not None and card.state == "open":
        by_hand(scene, settle, ts_us, "answered", "UMOD")
    elif what == "reopen" and card is not None and card.state != "open" and ts_us not in gone:
        by_hand(scene, reopen, ts_us, "UMOD")


# --- the load


def test_what_each_moderator_took_and_answered_is_known(scene: Scene) -> None:
    since_us = to_us(scene.now)
    ts_us = with_card(scene)
    with scene.store.begin() as tx:
        FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card_of(scene, ts_us).id), "t"))
    scene.wait(hours=2)
    scene.says("UMOD", "By name.", thread=ts_us)
    tick(scene)
    with scene.store.read() as tx:
        load, idle = loads(tx, "data", {"UMOD", "UJESS"}, since_us, to_us(scene.now) + 1)
        assert loads(tx, "data", {"UMOD"}, to_us(scene.now) + 1, to_us(scene.now) + 2) == (Load("UMOD", 0, 0),)
        (status,) = FEATURE.status(scene.ctx, tx, COMMUNITY)  # type: ignore[misc]
    assert (load.user, load.taken, load.answered, idle) == ("UMOD", 1, 1, Load("UJESS", 0, 0))
    assert load.median_us is not None
    assert load.median_us // HOUR_US == 2
    assert "<@UMOD> took 1 and answered 1" in status["text"]["text"]
