"""Care for threads, told as what happens in a community on a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import MessageSeen
from copbot.core.interaction import Call, Press
from copbot.core.time import from_us, to_us
from copbot.features.threads import FEATURE, views


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def press(scene: Scene, action: str, value: str, user: str) -> str:
    with scene.store.begin() as tx:
        return FEATURE.actions[action](scene.ctx, tx, Press(user, action, value, "t1")).text


def command(scene: Scene, user: str, channel: str = "CMODS") -> str:
    with scene.store.read() as tx:
        return FEATURE.commands[0].answer(scene.ctx, tx, Call(user, channel, "unanswered", "")).text


def card_of(scene: Scene, ts_us: int, channel: str = "CDATA"):
    with scene.store.read() as tx:
        return tx.cards.of_thread("data", channel, ts_us)


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


# --- cards --------------------------------------------------------------------------------------------------------


def test_a_question_becomes_a_card_when_its_time_has_come_and_not_before(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    assert FEATURE.next_due(scene.ctx, scene.now) == from_us(ts_us) + timedelta(hours=24)
    scene.clock.jump(from_us(ts_us) + timedelta(hours=24) - timedelta(microseconds=1) - scene.now)
    assert tick(scene) == []
    scene.clock.jump(timedelta(microseconds=1))
    (card,) = tick(scene)
    assert (card.outgoing.kind, card.outgoing.target, card.outgoing.community) == ("card", "CMODS", "data")
    assert "<@U1> asked in <#CDATA> and has waited 24 hours" in text_of(card)
    assert "> How do you link two registers?" in text_of(card)


def test_a_second_tick_says_nothing_more(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=25)
    assert len(tick(scene)) == 1
    assert tick(scene) == []
    scene.wait(hours=1)
    assert tick(scene) == []


def test_statements_and_answered_questions_become_no_cards(scene: Scene) -> None:
    scene.says("U1", "We linked two registers yesterday.")
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.says("U2", "By name and date of birth.", thread=ts_us)
    scene.wait(hours=48)
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None


def test_a_question_answered_by_its_own_author_still_waits(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.says("U1", "Nobody?", thread=ts_us)
    scene.wait(hours=24)
    assert len(tick(scene)) == 1


def test_what_a_person_wrote_is_shown_as_written_and_calls_nobody(scene: Scene) -> None:
    scene.says("U1", "<!channel> <@U99999> &lt;b&gt; can somebody help?")
    scene.wait(hours=24)
    (card,) = tick(scene)
    assert "<!channel>" not in text_of(card)
    assert "<@U99999>" not in text_of(card)
    assert "can somebody help?" in text_of(card)


def test_history_from_long_ago_opens_no_cards(scene: Scene) -> None:
    old = scene.says("U1", "How do you link two registers?")
    scene.wait(days=14)
    recent = scene.says("U2", "Who knows the census codes?")
    scene.wait(days=1)
    assert len(tick(scene)) == 1
    assert card_of(scene, old) is None
    assert card_of(scene, recent) is not None


def test_without_a_moderators_channel_nobody_is_told(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(COMMUNITY, channels=replace(COMMUNITY.channels, moderators=None)))
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=30)
    assert tick(scene) == []
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    scene.close()


def test_six_questions_at_once_become_one_list_that_is_kept_up_to_date(scene: Scene) -> None:
    asked = [scene.says(f"U{number}", f"Question {number}?") for number in range(6)]
    scene.wait(hours=24)
    (card,) = tick(scene)
    assert "6 questions wait for an answer" in text_of(card)
    scene.says("UMOD", "Here you are.", thread=asked[0])
    (update,) = tick(scene)
    assert update.outgoing.updates == card.outgoing.key
    assert "5 questions wait" in text_of(update)
    assert "Answered by <@UMOD>" in text_of(update)


# --- an answer closes the card ------------------------------------------------------------------------------------


def test_an_answer_closes_the_card_and_says_by_whom_and_after_how_long(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    (card,) = tick(scene)
    scene.wait(hours=2)
    scene.says("U2", "By name.", thread=ts_us)
    assert FEATURE.next_due(scene.ctx, scene.now) == scene.now
    (update,) = tick(scene)
    assert update.outgoing.updates == card.outgoing.key
    assert "Answered by <@U2> after 26 hours" in text_of(update)
    closed = card_of(scene, ts_us)
    assert closed is not None
    assert closed.state == "answered"
    assert closed.closed_us is not None
    assert tick(scene) == []
    scene.wait(days=30)
    assert tick(scene) == []


def test_a_card_answered_before_it_was_sent_is_never_sent(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.says("U2", "By name.", thread=ts_us)
    assert tick(scene) == []


def test_a_deleted_question_withdraws_its_card(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    (card,) = tick(scene)
    scene.deletes(ts_us)
    (update,) = tick(scene)
    assert update.outgoing.updates == card.outgoing.key
    assert "Withdrawn by its author" in text_of(update)
    assert "link two registers" not in text_of(update)


def test_a_question_that_its_author_edited_into_a_statement_settles_its_card(scene: Scene) -> None:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    (card,) = tick(scene)
    scene.record(MessageSeen("CDATA", ts_us, "U1", text="Solved, by name and birthday.", edited_us=to_us(scene.now)))
    (update,) = tick(scene)
    assert update.outgoing.updates == card.outgoing.key
    assert "Withdrawn by its author" in text_of(update)
    assert [b for b in update.outgoing.blocks if b["type"] == "actions"] == []
    scene.wait(hours=72)
    assert tick(scene) == []


# --- the bot's own questions --------------------------------------------------------------------------------------


def post(scene: Scene, kind: str, channel: str, subject: str | None = None, community: str = "data") -> int:
    with scene.store.begin() as tx:
        tx.deliveries.plan(
            Outgoing(f"{kind}:1", kind, channel, "text", to_us(scene.now), community=community, subject=subject)  # type: ignore[arg-type]
        )
    scene.send()
    with scene.store.read() as tx:
        (posted,) = tx.deliveries.posted([kind], 0)
    return posted.ts_us


def test_the_bots_own_question_and_an_introduction_are_looked_after_too(scene: Scene) -> None:
    question = post(scene, "question", "CDATA")
    introduction = post(scene, "introduction", "CHELLO", subject="U5")
    scene.says("U5", "Anybody here?", channel="CHELLO", thread=introduction)
    scene.wait(hours=24)
    cards = tick(scene)
    assert [card.outgoing.kind for card in cards] == ["card", "card"]
    assert "My question in <#CDATA> has had no answer for 24 hours" in text_of(cards[0])
    assert "<@U5> was introduced in <#CHELLO>, and nobody has said hello" in text_of(cards[1])
    scene.says("U2", "Welcome!", channel="CHELLO", thread=introduction)
    scene.says("U5", "I do it by hand.", thread=question)
    updates = tick(scene)
    assert all("Answered by" in text_of(update) for update in updates)
    assert len(updates) == 2


def test_another_communitys_question_is_left_to_it(scene: Scene) -> None:
    post(scene, "question", "CDATA", community="other")
    scene.wait(hours=48)
    assert tick(scene) == []


# --- reminders and escalation -------------------------------------------------------------------------------------


def test_an_open_card_is_reminded_of_three_times_and_goes_to_the_coordinators_once(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    seen: list[tuple[int, str]] = []
    for hour in range(24 * 9):
        seen += [(hour, delivery.outgoing.kind) for delivery in tick(scene)]
        scene.wait(hours=1)
    assert seen == [(24, "card"), (48, "reminder"), (72, "reminder"), (72, "escalation"), (96, "reminder")]


def test_reminders_stand_in_the_cards_thread_and_the_escalation_is_a_direct_message(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    (card,) = tick(scene)
    scene.wait(hours=24)
    (reminder,) = tick(scene)
    assert (reminder.outgoing.thread_of, reminder.outgoing.target) == (card.outgoing.key, "CMODS")
    assert "Still no answer after 2 days" in reminder.outgoing.text
    scene.wait(hours=24)
    deliveries = tick(scene)
    escalation = next(d for d in deliveries if d.outgoing.kind == "escalation")
    assert escalation.outgoing.target == "UJESS"
    assert "Data &lt;3" in escalation.outgoing.text
    assert "https://example.slack.com/archives/CDATA/" in escalation.outgoing.text


def test_a_taken_card_is_not_reminded_of_but_still_escalates(tmp_path: Path) -> None:
    rules = replace(COMMUNITY.unanswered, escalate=timedelta(hours=48))
    scene = Scene(tmp_path, replace(COMMUNITY, unanswered=rules))
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    tick(scene)
    card = card_of(scene, ts_us)
    assert card is not None
    press(scene, views.TAKE, str(card.id), "UMOD")
    tick(scene)
    kinds = []
    for _ in range(47):  # it is kept for them for two working days
        scene.wait(hours=1)
        kinds += [(delivery.outgoing.kind, delivery.outgoing.text) for delivery in tick(scene)]
    assert [kind for kind, _ in kinds] == ["escalation"]
    assert "taken by <@UMOD>" in kinds[0][1]
    scene.close()


def test_after_days_away_one_reminder_comes_and_not_three(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    tick(scene)
    scene.wait(days=10)
    assert sorted(delivery.outgoing.kind for delivery in tick(scene)) == ["escalation", "reminder"]
    scene.wait(days=10)
    assert tick(scene) == []


def test_without_known_coordinators_the_escalation_waits_for_them(scene: Scene) -> None:
    scene.directory.known_people.clear()
    scene.says("U1", "How do you link two registers?")
    scene.wait(days=8)
    assert "escalation" not in [d.outgoing.kind for d in tick(scene)]
    scene.wait(days=8)
    tick(scene)
    assert FEATURE.next_due(scene.ctx, scene.now) is None
    scene.directory.known_people["jess@example.org"] = "UJESS"
    assert [d.outgoing.kind for d in tick(scene)] == ["escalation"]


def test_the_next_instant_is_exact_all_the_way(scene: Scene) -> None:
    asked = from_us(scene.says("U1", "How do you link two registers?"))
    kinds = []
    while (due := FEATURE.next_due(scene.ctx, scene.now)) is not None:
        assert due > scene.now
        scene.clock.jump(due - timedelta(microseconds=1) - scene.now)
        assert tick(scene) == []
        scene.clock.jump(timedelta(microseconds=1))
        kinds += [((scene.now - asked) // timedelta(hours=1), d.outgoing.kind) for d in tick(scene)]
    assert kinds == [(24, "card"), (48, "reminder"), (72, "reminder"), (72, "escalation"), (96, "reminder")]


# --- what moderators do -------------------------------------------------------------------------------------------


def open_card(scene: Scene) -> tuple[int, Delivery, str]:
    ts_us = scene.says("U1", "How do you link two registers?")
    scene.wait(hours=24)
    (delivery,) = tick(scene)
    card = card_of(scene, ts_us)
    assert card is not None
    return ts_us, delivery, str(card.id)


def test_taking_a_card_shows_who_has_it_and_only_one_can(scene: Scene) -> None:
    ts_us, delivery, value = open_card(scene)
    assert "It is yours" in press(scene, views.TAKE, value, "UMOD")
    (update,) = scene.send()
    assert update.outgoing.updates == delivery.outgoing.key
    assert "<@UMOD> has taken it" in text_of(update)
    assert "already" in press(scene, views.TAKE, value, "UMOD")
    assert "<@UMOD> has it already" in press(scene, views.TAKE, value, "UJESS")
    assert scene.send() == []
    card = card_of(scene, ts_us)
    assert card is not None
    assert (card.state, card.claimed_by) == ("open", "UMOD")


def test_what_is_no_question_is_set_aside_for_good(scene: Scene) -> None:
    ts_us, _, value = open_card(scene)
    assert "Set aside" in press(scene, views.DISMISS, value, "UMOD")
    (update,) = scene.send()
    assert "Set aside by <@UMOD>: <@U1>'s question" in text_of(update)
    with scene.store.read() as tx:
        assert tx.facts.open_roots(["CDATA"], 0, to_us(scene.now)) == []
    scene.wait(days=5)
    assert tick(scene) == []
    assert "settled already" in press(scene, views.TAKE, value, "UMOD")
    card = card_of(scene, ts_us)
    assert card is not None
    assert card.state == "dismissed"


@pytest.mark.parametrize("action", [views.TAKE, views.DISMISS])
def test_who_is_no_moderator_now_changes_nothing(scene: Scene, action: str) -> None:
    ts_us, _, value = open_card(scene)
    before = card_of(scene, ts_us)
    assert press(scene, action, value, "U1") == "Moderators can do this."
    scene.communities = (replace(COMMUNITY, roles=replace(COMMUNITY.roles, moderators=())),)
    assert press(scene, action, value, "UMOD") == "Moderators can do this."
    assert card_of(scene, ts_us) == before
    assert scene.send() == []


@pytest.mark.parametrize("value", ["", "0", "-1", "999999", "1 OR 1=1", "١", "9" * 40, "1.0"])
@pytest.mark.parametrize("action", [views.TAKE, views.DISMISS])
def test_a_forged_value_is_refused_plainly(scene: Scene, action: str, value: str) -> None:
    ts_us, _, _ = open_card(scene)
    before = card_of(scene, ts_us)
    assert press(scene, action, value, "UMOD") == "I no longer look after this question."
    assert card_of(scene, ts_us) == before
    assert scene.send() == []


def test_a_moderator_of_another_community_may_not(scene: Scene) -> None:
    _, _, value = open_card(scene)
    other = replace(COMMUNITY, id="maps", roles=replace(COMMUNITY.roles, moderators=("UMAPS",)))
    scene.communities = (COMMUNITY, other)
    assert press(scene, views.TAKE, value, "UMAPS") == "Moderators of its own community can do this."


def test_the_link_button_only_wants_to_be_acknowledged(scene: Scene) -> None:
    assert press(scene, views.OPEN, "", "U1") == ""


def test_the_command_lists_what_waits_oldest_first(scene: Scene) -> None:
    assert command(scene, "UMOD") == "*Data &lt;3*: every question has an answer."
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=25)
    tick(scene)
    scene.says("U2", "Who knows the census codes?")
    scene.wait(hours=2)
    lines = command(scene, "UMOD").splitlines()
    assert lines[1].startswith("• <@U1>'s question in <#CDATA>: 27 hours")
    assert lines[2].startswith("• <@U2>'s question in <#CDATA>: 2 hours")
    assert len(lines) == 3
    assert command(scene, "U1") == "Moderators can do this."


# --- laws ---------------------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(1, 4)),
        st.tuples(st.just("answer"), st.integers(0, 9)),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("take"), st.integers(0, 9)),
        st.tuples(st.just("dismiss"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=14,
)


@settings(max_examples=15)
@example([("ask", 1), ("ask", 2), ("ask", 2), ("wait", 24), ("delete", 1)])
@given(EVENTS)
def test_whatever_happens_each_step_comes_once_and_none_for_an_answered_thread(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int]]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("law"))
    asked: list[int] = []
    answered: set[int] = set()
    deleted: set[int] = set()
    said: list[Delivery] = []
    for what, number in events:
        if what == "ask":
            asked.append(scene.says(f"U{number}", "Is it?"))
        elif what == "wait":
            scene.wait(hours=number)
        elif asked:
            ts_us = asked[number % len(asked)]
            card = card_of(scene, ts_us)
            if what == "answer":
                scene.says("UMOD", "Yes.", thread=ts_us)
                answered.add(ts_us)
            elif what == "delete":
                scene.deletes(ts_us)
                deleted.add(ts_us)
            elif card is not None:
                press(scene, f"threads:{what}", str(card.id), "UMOD")
        said += tick(scene)
        FEATURE.plan_due(scene.ctx, scene.now)
        assert scene.send() == []
        for ts_us in asked:
            card = card_of(scene, ts_us)
            age = scene.now - from_us(ts_us)
            assert card is None or age >= timedelta(hours=24)
            if ts_us in answered - deleted:
                assert card is None or card.state != "open"
            if card is not None and deleted.issuperset(card.messages_us):  # a later one of the same card may still wait
                assert card.state != "open"
    keys = [delivery.outgoing.key for delivery in said]
    assert len(keys) == len(set(keys))
    reminders = [d.outgoing.thread_of for d in said if d.outgoing.kind == "reminder"]
    assert all(reminders.count(key) <= 3 for key in reminders)
    scene.close()
