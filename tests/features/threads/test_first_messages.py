"""A member's first message, and an introduction, wait for another person's answer, and stand first until it comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import Scene

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import MessageSeen, UserSeen
from copbot.core.interaction import Call, Press
from copbot.core.records import Card, GivenAnswer
from copbot.core.time import DAY_US, HOUR_US, to_us
from copbot.features.threads import FEATURE, views
from copbot.features.threads.queue.views import A_PAGE, NEXT
from copbot.features.threads.subjects import Page


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def unanswered(scene: Scene) -> list[str]:
    """The heading of the list, and the lines of all its pages."""
    with scene.store.read() as tx:
        answer = FEATURE.commands[0].answer(scene.ctx, tx, Call("UMOD", "CMODS", "unanswered", ""))
        lines, start = answer.text.splitlines(), A_PAGE
        while NEXT in str(answer.blocks):
            press = Press("UMOD", NEXT, str(Page(start=start)), "t", "CMODS")
            answer = FEATURE.actions[NEXT](scene.ctx, tx, press)
            lines, start = [*lines, *answer.text.splitlines()[1:]], start + A_PAGE
    return lines


def card_of(scene: Scene, ts_us: int, channel: str = "CDATA") -> Card | None:
    with scene.store.read() as tx:
        return tx.cards.of_thread("data", channel, ts_us)


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


def buttons_of(delivery: Delivery) -> list[str]:
    """The buttons, and the last choice of the menu behind them: what it is when it needs no answer."""
    *buttons, menu = delivery.outgoing.blocks[-1]["elements"]
    return [button["text"]["text"] for button in buttons] + [menu["options"][-1]["text"]["text"]]


def newcomer_says(scene: Scene, text: str, user: str = "UNEW", channel: str = "CDATA") -> int:
    scene.joins(user)
    scene.wait(minutes=1)
    return scene.says(user, text, channel)


# --- first messages --------------------------------------------------------------------------------------------------


def test_a_first_message_stands_first_in_the_queue_at_once_although_it_asks_nothing(scene: Scene) -> None:
    scene.says("U1", "How do you link two registers?")
    scene.wait(hours=30)
    newcomer_says(scene, "Hello, I work on the census.")
    heading, first, second = unanswered(scene)
    assert "first messages first" in heading
    assert first.startswith("• :wave: <@UNEW>'s *first message* in <#CDATA>: a moment")
    assert "<@U1>'s question" in second


def test_it_becomes_a_card_in_its_time_with_kind_words_and_a_greeting_to_give(scene: Scene) -> None:
    newcomer_says(scene, "Hello, I work on the census.")
    scene.wait(hours=24, seconds=-1)
    assert tick(scene) == []
    scene.wait(seconds=1)
    (card,) = tick(scene)
    assert "<@UNEW> wrote their *first message* in <#CDATA>, and nobody has answered for 24 hours" in text_of(card)
    assert buttons_of(card) == ["Open the thread", "I'll greet them", "Ask someone", "Greeted", "No answer needed"]
    assert "Why it is here" not in str(card.outgoing.blocks)


def test_the_next_instant_includes_it(scene: Scene) -> None:
    ts_us = newcomer_says(scene, "Hello!")
    due = FEATURE.next_due(scene.ctx, scene.now)
    assert due is not None
    assert to_us(due) == ts_us + DAY_US


def test_a_first_message_that_asks_is_a_question_and_marked(scene: Scene) -> None:
    newcomer_says(scene, "How do you link two registers?")
    assert ":wave: *First message*: <@UNEW>'s question" in unanswered(scene)[1]
    scene.wait(hours=24)
    (card,) = tick(scene)
    assert "<@UNEW> asked in <#CDATA>" in text_of(card)
    assert "It is their *first message* here." in text_of(card)
    assert buttons_of(card) == ["Open the thread", "I'll take it", "Ask someone", "Answered", "No answer needed"]


def test_an_answer_by_another_person_settles_it_and_their_own_words_and_a_bots_do_not(scene: Scene) -> None:
    ts_us = newcomer_says(scene, "Hello!")
    scene.record(UserSeen("UBOT", is_bot=True, updated_us=1))
    scene.wait(hours=24)
    tick(scene)
    scene.says("UNEW", "Nobody?", thread=ts_us)
    scene.says("UBOT", "Beep", thread=ts_us)
    assert tick(scene) == []
    scene.says("U2", "Welcome!", thread=ts_us)
    (update,) = tick(scene)
    assert "Answered by <@U2> after 24 hours: <@UNEW>'s first message" in text_of(update)
    assert unanswered(scene) == ["*Data &lt;3*: every question has an answer."]


def test_only_the_first_counts_and_further_words_of_theirs_are_no_cards(scene: Scene) -> None:
    first = newcomer_says(scene, "Hello!")
    second = scene.says("UNEW", "I work on the census.")
    scene.wait(hours=25)
    tick(scene)
    assert card_of(scene, first) is not None
    assert card_of(scene, second) is None


def test_a_first_message_in_another_channel_of_the_community_was_their_first(scene: Scene) -> None:
    newcomer_says(scene, "Hello!", channel="CHELLO")
    later = scene.says("UNEW", "I work on the census.")
    scene.wait(hours=25)
    tick(scene)
    assert card_of(scene, later) is None


def test_what_they_wrote_in_channels_that_nobody_watches_takes_nothing_away(scene: Scene) -> None:
    newcomer_says(scene, "Lunch?", channel="CLUNCH")
    ts_us = scene.says("UNEW", "Hello!")
    scene.wait(hours=25)
    tick(scene)
    assert card_of(scene, ts_us) is not None


def test_a_first_message_that_is_a_reply_stands_in_a_conversation_already(scene: Scene) -> None:
    asked = scene.says("U1", "Who works on the census?")
    scene.joins("UNEW")
    scene.says("UNEW", "I do!", thread=asked)
    scene.says("UNEW", "Hello all!")
    scene.wait(hours=25)
    assert tick(scene) == []


@pytest.mark.parametrize(
    "described", [{"is_bot": True}, {"is_external": True}], ids=["a bot", "somebody of another organisation"]
)
def test_whom_nobody_has_to_greet_has_no_first_message(scene: Scene, described: dict[str, bool]) -> None:
    scene.joins("UX", **described)
    scene.says("UX", "Hello!")
    scene.wait(hours=25)
    assert tick(scene) == []


def test_who_was_there_before_the_bot_is_not_new_on_their_next_message(scene: Scene) -> None:
    """Nobody knows what they wrote before the history that is stored; after three silent months it counts as a first."""
    scene.record(UserSeen("UOLD", known_since_us=to_us(scene.now)), UserSeen("UQUIET", known_since_us=to_us(scene.now)))
    scene.says("U1", "Good morning.")
    scene.says("UOLD", "Good morning.")
    scene.wait(days=89)
    scene.says("UOTHER", "Nice weather.")
    scene.wait(days=1)
    quiet = scene.says("UQUIET", "I have been reading for long.")
    scene.says("UOLD", "Good evening.")
    scene.wait(hours=25)
    tick(scene)
    with scene.store.read() as tx:
        assert [card.ts_us for card in tx.cards.of("data", "open")] == [quiet]


def test_imported_first_messages_of_long_ago_open_no_cards(scene: Scene) -> None:
    newcomer_says(scene, "Hello!")
    scene.wait(days=16)
    assert tick(scene) == []
    assert unanswered(scene) == ["*Data &lt;3*: every question has an answer."]


def test_a_first_message_waits_also_when_history_shows_an_earlier_one_later_on(scene: Scene) -> None:
    ts_us = newcomer_says(scene, "Hello!")
    scene.wait(hours=24)
    tick(scene)
    scene.record(MessageSeen("CDATA", ts_us - 20 * DAY_US, "UNEW", text="Earlier"))
    assert tick(scene) == []
    scene.deletes(ts_us)
    (update,) = tick(scene)
    assert "Withdrawn by its author" in text_of(update)


def test_setting_a_first_question_aside_makes_it_no_statement(scene: Scene) -> None:
    ts_us = newcomer_says(scene, "How do you link two registers?")
    scene.wait(hours=24)
    tick(scene)
    card = card_of(scene, ts_us)
    assert card is not None
    with scene.store.begin() as tx:
        FEATURE.actions[views.DISMISS](scene.ctx, tx, Press("UMOD", views.DISMISS, str(card.id), "t"))
        root = tx.facts.root("CDATA", ts_us)
    assert root is not None
    assert root.asks
    scene.send()
    scene.wait(days=5)
    assert tick(scene) == []


# --- introductions ---------------------------------------------------------------------------------------------------


def introduce(scene: Scene) -> int:
    with scene.store.begin() as tx:
        tx.deliveries.plan(
            Outgoing("i", "introduction", "CHELLO", "t", to_us(scene.now), community="data", subject="UNEW")
        )
    scene.send()
    with scene.store.read() as tx:
        (posted,) = tx.deliveries.posted(["introduction"], 0)
    return posted.ts_us


def test_an_introduction_that_nobody_greets_is_listed_and_becomes_a_card_to_greet(scene: Scene) -> None:
    ts_us = introduce(scene)
    assert "<@UNEW>'s introduction in <#CHELLO>" in unanswered(scene)[1]
    scene.says("UNEW", "Me again", channel="CHELLO", thread=ts_us)
    scene.wait(hours=24)
    (delivery,) = [d for d in tick(scene) if "introduced" in text_of(d)]
    assert buttons_of(delivery) == ["Open the thread", "I'll greet them", "Ask someone", "Greeted", "No answer needed"]
    card = card_of(scene, ts_us, "CHELLO")
    assert card is not None
    with scene.store.begin() as tx:
        said = FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card.id), "t")).text
    assert "A short hello" in said
    (update,) = scene.send()
    assert "<@UMOD> will greet them" in text_of(update)
    scene.wait(hours=48)
    freed, reminder, *_ = tick(scene)
    assert "free again" in text_of(freed)
    assert "waited 3 days for a hello" in reminder.outgoing.text
    scene.says("U2", "Welcome!", channel="CHELLO", thread=ts_us)
    (done,) = [d for d in tick(scene) if d.outgoing.updates]
    assert "Answered by <@U2>" in text_of(done)


def test_an_introduction_that_was_withdrawn_waits_for_nobody(scene: Scene) -> None:
    with scene.store.begin() as tx:
        journey = tx.journeys.start("data", "UNEW", to_us(scene.now))
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "Learn", share=True)], None, to_us(scene.now))
    ts_us = introduce(scene)
    scene.wait(hours=24)
    tick(scene)
    card = card_of(scene, ts_us, "CHELLO")
    assert card is not None
    with scene.store.begin() as tx:
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "Learn")], None, to_us(scene.now))
    (closed,) = [d for d in tick(scene) if d.outgoing.updates]
    assert "Withdrawn by its author" in text_of(closed)
    assert "<@UNEW>'s introduction" not in "".join(unanswered(scene))


# --- laws ------------------------------------------------------------------------------------------------------------

DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(0, 3)),
        st.tuples(st.just("write"), st.integers(0, 3)),
        st.tuples(st.just("ask"), st.integers(0, 3)),
        st.tuples(st.just("answer"), st.integers(0, 9)),
        st.tuples(st.just("take"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 70)),
    ),
    max_size=16,
)


@settings(max_examples=10)
@given(DOINGS)
def test_no_newcomers_first_message_is_ever_out_of_sight_before_somebody_answers(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[str, int]]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("law"))
    joined: set[str] = set()
    first: dict[str, int] = {}
    wrote: set[str] = set()
    roots: list[int] = []
    authors: dict[int, str] = {}
    answered: set[int] = set()
    for what, number in doings:
        user = f"U{number}"
        if what == "join":
            scene.joins(user)
            joined.add(user)
            first |= {user: first[user]} if user in first else {}
        elif what in ("write", "ask"):
            roots.append(scene.says(user, "Is it?" if what == "ask" else "Hello."))
            authors[roots[-1]] = user
            if user not in wrote:
                first[user] = roots[-1]
            wrote.add(user)
        elif what == "wait":
            scene.wait(hours=number)
        elif roots:
            root = roots[number % len(roots)]
            card = card_of(scene, root)
            if what == "answer":
                scene.says("UMOD", "Welcome!", thread=root)
                answered.add(root)
            elif card is not None:
                with scene.store.begin() as tx:
                    FEATURE.actions[views.TAKE](scene.ctx, tx, Press("UMOD", views.TAKE, str(card.id), "t"))
        tick(scene)
        tick(scene)
        listed = "\n".join(unanswered(scene))
        seen_to = {  # an answer to something of theirs answers all that they wrote within the hour
            user for user, ts_us in first.items() for one in answered if authors[one] == user and one - ts_us <= HOUR_US
        }
        waiting = {user for user in first if user in joined and user not in seen_to}
        recent = {user for user in waiting if to_us(scene.now) - first[user] < 14 * DAY_US}
        assert all(f"<@{user}>'s" in listed for user in recent)
        order = [line for line in unanswered(scene) if line.startswith("•")]
        marked = [":wave:" in line for line in order]
        assert marked == sorted(marked, reverse=True), "first messages stand first"
    scene.close()
