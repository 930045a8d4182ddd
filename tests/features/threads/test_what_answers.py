"""What answers a question besides a reply: a reaction, or the next message in the channel, where the file says so."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import ReactionSeen, UserSeen
from copbot.core.records import Card
from copbot.core.time import to_us
from copbot.features.threads import FEATURE
from copbot.features.threads.answering import merged


def counting(*kinds: str, **channels: tuple[str, ...]) -> object:
    rules = replace(COMMUNITY.unanswered, counts_as_answer=kinds)
    special = tuple((f"#{name}", replace(rules, counts_as_answer=own)) for name, own in channels.items())
    return replace(COMMUNITY, unanswered=replace(rules, channels=special))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, counting("reply", "reaction", "next_message"))  # type: ignore[arg-type]
    yield scene
    scene.close()


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def card_of(scene: Scene, ts_us: int, channel: str = "CDATA") -> Card | None:
    with scene.store.read() as tx:
        return tx.cards.of_thread("data", channel, ts_us)


def text_of(delivery: Delivery) -> str:
    return "\n".join(b["text"]["text"] for b in delivery.outgoing.blocks if b["type"] == "section")


def question(scene: Scene, user: str = "U1", channel: str = "CDATA") -> int:
    return scene.says(user, "How do you link two registers?", channel)


def with_card(scene: Scene) -> int:
    ts_us = question(scene)
    scene.wait(hours=24)
    assert len(tick(scene)) == 1
    return ts_us


# --- reactions


@pytest.mark.parametrize(
    ("user", "name", "closes"),
    [
        ("UMOD", "white_check_mark", True),
        ("UJESS", "white_check_mark", True),
        ("U1", "white_check_mark", True),
        ("U2", "white_check_mark", False),
        ("UMOD", "white_check_mark::skin-tone-4", True),
        ("UMOD", "white_check_markers", False),
        ("UMOD", "tada", False),
        ("U1", "eyes", False),
    ],
)
def test_a_moderators_or_the_authors_answered_closes_the_card(scene: Scene, user: str, name: str, closes: bool) -> None:
    ts_us = with_card(scene)
    scene.wait(hours=1)
    scene.reacts(user, name, ts_us)
    told = tick(scene)
    card = card_of(scene, ts_us)
    assert card is not None
    assert card.state == ("answered" if closes else "open")
    assert bool(told) is closes
    if closes:
        assert (card.settled_how, card.settled_by, card.answered_by) == ("reaction", user, None)
        assert "after 25 hours" in text_of(told[0])
        assert f"<@{user}>" in text_of(told[0])


def test_before_its_time_it_opens_no_card(scene: Scene) -> None:
    scene.reacts("UMOD", "white_check_mark", question(scene))
    scene.wait(hours=30)
    assert tick(scene) == []


def test_it_may_stand_on_a_reply_of_the_author_too(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.reacts("U1", "white_check_mark", scene.says("U1", "Found it, by name.", thread=ts_us))
    tick(scene)
    assert card_of(scene, ts_us).state == "answered"  # type: ignore[union-attr]


def test_taken_off_again_the_card_comes_back(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.reacts("UMOD", "white_check_mark", ts_us)
    tick(scene)
    scene.reacts("UMOD", "white_check_mark", ts_us, present=False)
    update, said = tick(scene)
    assert "It is back" in text_of(update)
    assert said.outgoing.thread_of == update.outgoing.updates
    assert card_of(scene, ts_us).state == "open"  # type: ignore[union-attr]


def test_it_stays_answered_when_the_moderator_is_none_any_more(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.reacts("UMOD", "white_check_mark", ts_us)
    tick(scene)
    scene.communities = (replace(scene.communities[0], roles=replace(COMMUNITY.roles, moderators=())),)
    assert tick(scene) == []
    assert card_of(scene, ts_us).state == "answered"  # type: ignore[union-attr]


def test_history_that_knows_no_time_of_it_says_by_whom_alone(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.record(ReactionSeen("CDATA", ts_us, "UMOD", "white_check_mark"))
    (update,) = tick(scene)
    assert "after" not in text_of(update)
    assert "<@UMOD>" in text_of(update)


def test_a_moderators_taken_claims_the_card_once(scene: Scene) -> None:
    ts_us = with_card(scene)
    scene.reacts("U2", "eyes", ts_us)
    assert tick(scene) == []
    scene.reacts("UMOD", "eyes", ts_us)
    (update,) = tick(scene)
    assert "<@UMOD> has taken it" in text_of(update)
    scene.wait(hours=48)
    tick(scene)
    assert card_of(scene, ts_us).claimed_by is None  # type: ignore[union-attr]
    assert tick(scene) == [], "the reaction that still stands there does not take it again"
    scene.reacts("UJESS", "eyes", ts_us)
    tick(scene)
    with scene.store.read() as tx:
        took = [one.actor for one in tx.audit.since("data", 0) if one.action == "took"]
    assert took == ["UMOD"]


# --- the next message


@pytest.mark.parametrize(
    ("minutes", "text", "answers"),
    [
        (0.1, "By name and birthday.", True),
        (60, "By name and birthday.", True),
        (60.1, "By name and birthday.", False),
        (5, "Is that a question?", False),
    ],
)
def test_the_next_message_of_another_person_within_the_hour_answers(
    scene: Scene, minutes: float, text: str, answers: bool
) -> None:
    ts_us = question(scene)
    scene.wait(seconds=round(minutes * 60) - 1e-6)
    said = scene.says("U2", text)
    scene.wait(hours=24)
    tick(scene)
    card = card_of(scene, ts_us)
    assert (card is None) is answers
    assert card_of(scene, said) is None or text.endswith("?")


def test_what_the_author_adds_in_between_changes_nothing_and_a_new_question_ends_it(scene: Scene) -> None:
    first = question(scene)
    scene.says("U1", "I tried it by hand.")
    scene.says("U2", "By name.")
    second = question(scene, "U3")
    scene.says("U4", "And which census do you use?")
    scene.says("U2", "By name.")
    scene.wait(hours=24)
    tick(scene)
    assert card_of(scene, first) is None
    assert card_of(scene, second) is not None


def test_it_closes_a_card_and_says_so_and_deleted_it_comes_back(scene: Scene) -> None:
    scene.communities = (
        replace(
            scene.communities[0],
            unanswered=replace(scene.communities[0].unanswered, after=scene.communities[0].unanswered.after / 48),
        ),
    )
    ts_us = question(scene)
    scene.wait(minutes=30)
    tick(scene)
    answer = scene.says("U2", "By name.")
    (update,) = tick(scene)
    assert "Answered by <@U2> after 30 minutes, in the channel" in text_of(update)
    scene.deletes(answer)
    tick(scene)
    assert card_of(scene, ts_us).state == "open"  # type: ignore[union-attr]


def test_bots_answer_nothing_in_the_channel(scene: Scene) -> None:
    scene.record(UserSeen("UBOT", is_bot=True, updated_us=1))
    ts_us = question(scene)
    scene.says("UBOT", "Beep.")
    scene.wait(hours=24)
    tick(scene)
    assert card_of(scene, ts_us) is not None


def test_the_bots_own_question_is_answered_so_as_well(scene: Scene) -> None:
    with scene.store.begin() as tx:
        tx.deliveries.plan(
            Outgoing("q", "question", "CDATA", "What do you do by hand?", to_us(scene.now), community="data")
        )
    scene.send()
    scene.wait(minutes=1)
    scene.says("U2", "All of it.")
    scene.wait(hours=24)
    assert tick(scene) == []


# --- only where the file says so


def test_where_only_replies_count_nothing_happens_by_reactions_and_messages(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    ts_us = question(scene)
    scene.says("U2", "By name.")
    scene.reacts("UMOD", "white_check_mark", ts_us)
    scene.reacts("UMOD", "eyes", ts_us)
    scene.wait(hours=24)
    (told,) = tick(scene)
    card = card_of(scene, ts_us)
    assert card is not None
    assert (card.state, card.claimed_by) == ("open", None)
    assert "taken" not in text_of(told)
    scene.close()


def test_a_channel_may_say_otherwise(tmp_path: Path) -> None:
    scene = Scene(tmp_path, counting("reply", hello=("reply", "next_message")))  # type: ignore[arg-type]
    here, there = question(scene), question(scene, channel="CHELLO")
    for channel in ("CDATA", "CHELLO"):
        scene.says("U2", "By name.", channel)
    scene.wait(hours=24)
    tick(scene)
    assert card_of(scene, here) is not None
    assert card_of(scene, there, "CHELLO") is None
    scene.close()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)).map(lambda s: (s[0], s[0] + s[1])), max_size=8))
def test_merged_spans_cover_the_same_instants_and_keep_apart(spans: list[tuple[int, int]]) -> None:
    found = merged(spans)
    assert {us for start, end in found for us in range(start, end + 1)} == {
        us for start, end in spans for us in range(start, end + 1)
    }
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
