"""Questions that members suggest, told as what happens in a community on a real store."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Community
from copbot.core.delivery import Delivery
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.posts import EveryWhen, Post
from copbot.core.records import Suggestion
from copbot.core.time import to_us
from copbot.features.rhythm import FEATURE
from copbot.features.rhythm.suggestions.rules import LONGEST, MOST_WAITING

WEEKLY = Post("weekly", "#data", EveryWhen("week", "best"), text="{{ question }}", questions=("What is new?",))
MAPS = Post("atlas", "#maps", EveryWhen("week", "best"), text="{{ question }}", questions=("Which map?",))
ASKING = replace(COMMUNITY, posts=(WEEKLY, MAPS, Post("call", "#data", EveryWhen("week", "best"), text="Hello")))
OTHER = Community(
    id="maps",
    name="Maps",
    timezone="UTC",
    channels=Channels(discussion=("#maps",)),
    roles=COMMUNITY.roles,
    posts=(MAPS,),
)
QUESTION = "Which join surprised you?"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, ASKING)
    yield scene
    scene.close()


def suggest(scene: Scene, text: str, user: str = "U1", channel: str = "CDATA") -> Answer:
    command = next(c for c in FEATURE.commands if c.name == "suggest")
    with scene.store.begin() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, "suggest", text))


def listing(scene: Scene, user: str = "UMOD", channel: str = "CMODS") -> Answer:
    command = next(c for c in FEATURE.commands if c.name == "suggestions")
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, "suggestions", ""))


def press(scene: Scene, what: str, value: str, user: str = "UMOD") -> Answer:
    action = f"suggestion:{what}"
    handler = FEATURE.actions.get(action) or FEATURE.actions["suggestion:"]
    with scene.store.begin() as tx:
        return handler(scene.ctx, tx, Press(user, action, value, "t1", channel="CMODS"))


def submit(scene: Scene, answer: Answer, user: str = "UMOD", metadata: str | None = None, **fields: Any) -> Answer:
    """Send in the form that an answer opened. Fields: a text, or a chosen value; ``credit`` ticked or not."""
    assert answer.view is not None
    state: dict[str, dict[str, dict[str, Any]]] = {}
    for block in answer.view["blocks"]:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        given = fields.get(name)
        if element["type"] == "plain_text_input":
            state[name] = {"value": {"value": given if given is not None else element.get("initial_value")}}
        elif element["type"] == "checkboxes":
            state[name] = {"value": {"selected_options": element["options"] if given is not False else []}}
        else:
            option = {"value": given} if given else element["initial_option"]
            state[name] = {"value": {"selected_option": option}}
    known = answer.view["private_metadata"] if metadata is None else metadata
    with scene.store.begin() as tx:
        return FEATURE.forms[answer.view["callback_id"]](
            scene.ctx, tx, Submission(user, answer.view["callback_id"], known, state, "V1", "h")
        )


def kept(scene: Scene, state: str = "waiting", community: str = "data") -> list[Suggestion]:
    with scene.store.read() as tx:
        return list(tx.suggestions.of(community, state))  # type: ignore[arg-type]


def seen(delivery: Delivery) -> str:
    return json.dumps(delivery.outgoing.blocks, ensure_ascii=False) + delivery.outgoing.text


def to(target: str, sent: list[Delivery]) -> list[Delivery]:
    return [delivery for delivery in sent if delivery.outgoing.target == target]


# --- suggesting -----------------------------------------------------------------------------------------------------


def test_a_member_suggests_a_question_is_thanked_and_the_moderators_get_a_card(scene: Scene) -> None:
    answer = suggest(scene, QUESTION)
    assert answer.text.startswith("Thank you!")
    assert listing(scene).text == "1 suggested question waits."
    (card,) = scene.send()
    assert card.outgoing.target == "CMODS"
    assert QUESTION in seen(card)
    assert "<@U1>" in seen(card)
    assert [b["text"]["text"] for b in card.outgoing.blocks[-1]["elements"]] == ["Approve", "Edit", "Decline"]
    (one,) = kept(scene)
    assert (one.question, one.user, one.post, one.is_named) == (QUESTION, "U1", "weekly", True)


def test_the_post_of_the_channel_is_the_default_and_else_the_first_that_asks(tmp_path: Path) -> None:
    both = replace(ASKING, channels=Channels(discussion=("#data", "#maps"), moderators="#mods", introductions="#hello"))
    scene = Scene(tmp_path, both)
    suggest(scene, "Is it here?", channel="CMAPS")
    suggest(scene, "Is it there?", channel="CHELLO")
    assert [one.post for one in kept(scene)] == ["atlas", "weekly"]
    scene.close()


@pytest.mark.parametrize(
    ("typed", "is_kept"),
    [
        ("Ask <@U7|ana> & co &lt;3?", "Ask @ana & co <3?"),
        ("Does <@U8> know?", "Does @Ben know?"),
        ("Does <@U9> know?", "Does @someone know?"),
        ("Seen in <#CDATA>?", "Seen in #data?"),
        ("<!channel> awake?", "@channel awake?"),
        ("Is <https://example.org|this> right?", "Is https://example.org right?"),
        ("  Two\n lines?  ", "Two lines?"),
        ("a < b > c?", "a < b > c?"),
    ],
)
def test_what_was_typed_is_kept_as_plain_words(scene: Scene, typed: str, is_kept: str) -> None:
    scene.record(UserSeen("U8", name="Ben", updated_us=1))
    suggest(scene, typed)
    (one,) = kept(scene)
    assert one.question == is_kept


def test_a_card_shows_the_words_as_written_and_notifies_nobody(scene: Scene) -> None:
    suggest(scene, "*bold* <!channel> &amp; `code`?")
    (card,) = scene.send()
    question = card.outgoing.blocks[1]["text"]
    assert question == {"type": "plain_text", "text": "*bold* @channel & `code`?", "emoji": False}
    assert "<!" not in seen(card)


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("What is new?", "in the rotation already"),
        ("  what is NEW ", "in the rotation already"),
        ("Which map?", "in the rotation already"),
        ("???", "in words"),
        ("🎉", "in words"),
    ],
)
def test_what_cannot_be_taken_is_said_kindly(scene: Scene, question: str, refused: str) -> None:
    assert refused in suggest(scene, question).text
    assert kept(scene) == []
    assert scene.send() == []


def test_a_question_that_waits_is_not_taken_twice(scene: Scene) -> None:
    suggest(scene, QUESTION)
    assert "You suggested that one already" in suggest(scene, QUESTION.upper()).text
    assert "Somebody else suggested just that" in suggest(scene, QUESTION, user="U2").text
    assert len(kept(scene)) == 1


def test_a_member_has_so_many_that_wait_and_others_have_their_own(scene: Scene) -> None:
    for number in range(MOST_WAITING):
        assert suggest(scene, f"Number {number}?").text.startswith("Thank you!")
    assert "wait for the moderators" in suggest(scene, "One more?").text
    assert suggest(scene, "One more?", user="U2").text.startswith("Thank you!")
    press(scene, "approve", str(kept(scene)[0].id))
    assert suggest(scene, "And again?").text.startswith("Thank you!")


@pytest.mark.parametrize(("length", "is_taken"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_question_too_long_to_read_on_a_phone_comes_back_in_the_form(
    scene: Scene, length: int, is_taken: bool
) -> None:
    question = "a" * (length - 1) + "?"
    answer = suggest(scene, question)
    if is_taken:
        assert answer.text.startswith("Thank you!")
        return
    assert answer.view is not None
    (box,) = [b["element"] for b in answer.view["blocks"] if b["block_id"] == "question"]
    assert box["initial_value"] == question, "nothing that was written is lost"
    assert f"{length} characters" in submit(scene, answer, "U1").errors["question"]
    done = submit(scene, answer, "U1", question="Shorter?")
    assert done.view is not None
    assert [one.question for one in kept(scene)] == ["Shorter?"]


def test_without_words_a_form_opens_in_which_the_name_can_be_left_out(scene: Scene) -> None:
    answer = suggest(scene, "  ")
    assert answer.view is not None
    done = submit(scene, answer, "U1", question="What\ndo you read?", credit=False)
    assert done.view is not None
    (one,) = kept(scene)
    assert (one.question, one.is_named) == ("What do you read?", False)
    (card,) = scene.send()
    assert "without their name" in seen(card)


def test_where_nothing_asks_questions_it_says_so(tmp_path: Path) -> None:
    scene = Scene(tmp_path, COMMUNITY)
    assert "no post with questions" in suggest(scene, QUESTION).text
    scene.close()


# --- which community ------------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(ASKING, posts=(WEEKLY,)), OTHER)
    yield scene
    scene.close()


def test_the_channel_says_for_which_community(two: Scene) -> None:
    suggest(two, QUESTION, channel="CMAPS")
    assert [one.community for one in kept(two, community="maps")] == ["maps"]
    assert kept(two) == []


def test_elsewhere_it_is_the_one_whose_member_they_are(two: Scene) -> None:
    two.record(MembershipSeen("CMAPS", "U1", True, to_us(two.now)))
    assert suggest(two, QUESTION, channel="D1").text.startswith("Thank you!")
    assert len(kept(two, community="maps")) == 1


def test_a_member_of_several_is_asked_for_which(two: Scene) -> None:
    for channel in ("CDATA", "CMAPS"):
        two.record(MembershipSeen(channel, "U1", True, to_us(two.now)))
    answer = suggest(two, QUESTION, channel="D1")
    submit(two, answer, "U1", community="maps")
    assert len(kept(two, community="maps")) == 1
    # and a community that is not theirs is not taken from a forged form
    two.record(MembershipSeen("CMAPS", "U1", False, to_us(two.now) + 1))
    forged = submit(two, answer, "U1", question="Another?", community="maps")
    assert "no post" in forged.text
    assert len(kept(two, community="maps")) == 1


# --- deciding -------------------------------------------------------------------------------------------------------


def test_an_approved_question_joins_the_rotation_the_card_changes_and_the_member_is_thanked(scene: Scene) -> None:
    suggest(scene, QUESTION)
    scene.send()
    (one,) = kept(scene)
    scene.wait(hours=2)
    assert press(scene, "approve", str(one.id)) == Answer()
    sent = scene.send()
    (update,) = [delivery for delivery in sent if delivery.outgoing.updates]
    assert "<@UMOD> approved <@U1>'s question" in update.outgoing.text
    assert all(block["type"] != "actions" for block in update.outgoing.blocks)
    (thanks,) = to("U1", sent)
    assert "will be asked in <#CDATA>" in thanks.outgoing.text
    assert QUESTION in thanks.outgoing.text
    (approved,) = kept(scene, "approved")
    assert (approved.post, approved.decided_by) == ("weekly", "UMOD")
    with scene.store.read() as tx:
        (noted,) = tx.audit.since("data", 0)
    assert (noted.actor, noted.action, noted.subject, noted.detail) == (
        "UMOD",
        "approved",
        f"suggestion {one.id}",
        "for weekly",
    )


def test_an_edited_question_is_approved_as_edited_for_the_post_that_was_chosen(scene: Scene) -> None:
    suggest(scene, QUESTION)
    (one,) = kept(scene)
    form = press(scene, "edit", str(one.id))
    assert submit(scene, form, question="Which map surprised you?", post="atlas") == Answer()
    (approved,) = kept(scene, "approved")
    assert (approved.question, approved.post) == ("Which map surprised you?", "atlas")
    (thanks,) = to("U1", scene.send())
    assert "a little reworded" in thanks.outgoing.text
    assert "<#CMAPS>" in thanks.outgoing.text


def test_an_edit_that_makes_it_one_of_the_rotation_is_told(scene: Scene) -> None:
    suggest(scene, QUESTION)
    form = press(scene, "edit", str(kept(scene)[0].id))
    assert "in the rotation already" in submit(scene, form, question="What is new??").errors["question"]
    assert "in words" in submit(scene, form, question=" ").errors["question"]
    assert len(kept(scene)) == 1


@pytest.mark.parametrize(("reason", "is_told"), [("Too near to <!here> another", True), ("", False)])
def test_a_declined_question_is_told_kindly_with_the_reason_if_any(scene: Scene, reason: str, is_told: bool) -> None:
    suggest(scene, QUESTION)
    scene.send()
    form = press(scene, "decline", str(kept(scene)[0].id))
    submit(scene, form, reason=reason)
    sent = scene.send()
    (told,) = to("U1", sent)
    assert ("They say:" in told.outgoing.text) is is_told
    assert "<!here>" not in told.outgoing.text
    assert "declined" in to("CMODS", sent)[0].outgoing.text
    assert kept(scene, "declined")
    assert "left it out" in suggest(scene, QUESTION).text
    assert suggest(scene, QUESTION, user="U2").text.startswith("Thank you!")


def test_of_two_moderators_the_first_decides_and_a_second_press_changes_nothing(scene: Scene) -> None:
    suggest(scene, QUESTION)
    (one,) = kept(scene)
    form = press(scene, "decline", str(one.id), "UJESS")
    press(scene, "approve", str(one.id))
    sent = len(scene.send())
    assert "<@UMOD> has decided" in press(scene, "approve", str(one.id), "UJESS").text
    assert "<@UMOD> has decided" in submit(scene, form, "UJESS", reason="No").text
    assert scene.send() == []
    assert sent == 3
    assert kept(scene, "declined") == []


@pytest.mark.parametrize("value", ["", "x", "-1", "999", "9" * 40, "²", "1;drop"])
def test_forged_ids_do_nothing(scene: Scene, value: str) -> None:
    for what in ("approve", "edit", "decline", "remove"):
        assert press(scene, what, value).text


@pytest.mark.parametrize("what", ["approve", "edit", "decline"])
def test_only_moderators_of_its_own_community_decide(two: Scene, what: str) -> None:
    suggest(two, QUESTION, channel="CDATA")
    (one,) = kept(two)
    two.communities = (replace(two.communities[0], roles=replace(COMMUNITY.roles, moderators=())), OTHER)
    for user in ("U1", "UMOD"):  # a member; one who was a moderator
        assert press(two, what, str(one.id), user).text == "Moderators can do this."
    two.communities = (OTHER,)
    assert press(two, what, str(one.id), "UJESS").text == "I no longer know this suggestion."


def test_somebody_who_left_is_not_written_to(scene: Scene) -> None:
    suggest(scene, QUESTION)
    scene.record(UserSeen("U1", is_deleted=True, updated_us=to_us(scene.now)))
    press(scene, "approve", str(kept(scene)[0].id))
    assert to("U1", scene.send()) == []


def test_without_a_moderators_channel_each_coordinator_gets_the_card_and_all_cards_change(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(ASKING, channels=Channels(discussion=("#data",))))
    scene.communities = (replace(scene.communities[0], roles=replace(COMMUNITY.roles, coordinators=("UJESS", "UKIM"))),)
    suggest(scene, QUESTION)
    assert {delivery.outgoing.target for delivery in scene.send()} == {"UJESS", "UKIM"}
    press(scene, "approve", str(kept(scene)[0].id), "UKIM")
    updated = [delivery.outgoing.target for delivery in scene.send() if delivery.outgoing.updates]
    assert updated == ["UJESS", "UKIM"]
    scene.close()


def test_a_post_that_asks_no_longer_gives_way_to_another_or_says_so(scene: Scene) -> None:
    suggest(scene, QUESTION)
    value = str(kept(scene)[0].id)
    scene.communities = (replace(ASKING, posts=()),)
    assert "no post with questions" in press(scene, "approve", value).text
    scene.communities = (replace(ASKING, posts=(MAPS,)),)
    press(scene, "approve", value)
    assert kept(scene, "approved")[0].post == "atlas"


# --- the list -------------------------------------------------------------------------------------------------------


def buttons(answer: Answer) -> list[tuple[str, str, str]]:
    return [
        (element["text"]["text"], element["action_id"].removeprefix("suggestion:"), element["value"])
        for block in answer.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_the_list_shows_a_few_at_a_time_and_can_be_paged(scene: Scene) -> None:
    for number in range(7):
        suggest(scene, f"Number {number}?", user=f"U{number}")
    first = listing(scene)
    shown = json.dumps(first.blocks)
    assert "7 suggested questions wait" in shown
    assert "Number 0?" in shown
    assert "Number 5?" not in shown
    (turn,) = [button for button in buttons(first) if button[0].startswith("Next")]
    second = press(scene, turn[1], turn[2])
    assert second.replaces
    assert "Number 6?" in json.dumps(second.blocks)
    assert ("Back", "page:0", "waiting:0") in buttons(second)


def test_deciding_in_the_list_shows_it_anew_and_what_was_approved_can_be_taken_out(scene: Scene) -> None:
    suggest(scene, QUESTION)
    suggest(scene, "Another?")
    scene.send()
    approve = next(value for label, _, value in buttons(listing(scene)) if label == "Approve")
    after = press(scene, "approve", approve)
    assert after.replaces
    assert "1 suggested question waits" in json.dumps(after.blocks)
    turn = next(button for button in buttons(after) if button[0] == "In the rotation (1)")
    rotation = press(scene, turn[1], turn[2])
    out = next(button for button in buttons(rotation) if button[0] == "Take out")
    gone = press(scene, out[1], out[2])
    assert "Taken out" in json.dumps(gone.blocks)
    assert kept(scene, "approved") == []
    scene.send()
    with scene.store.read() as tx:
        assert [noted.action for noted in tx.audit.since("data", 0)] == ["approved", "removed"]
    assert suggest(scene, QUESTION).text.startswith("Thank you!"), "it may be suggested again"


def test_a_page_that_is_no_more_shows_the_last_one_and_others_see_nothing(scene: Scene) -> None:
    suggest(scene, QUESTION)
    assert QUESTION in json.dumps(press(scene, "page:0", "waiting:4000").blocks)
    assert "No suggested" not in json.dumps(press(scene, "page:0", "nonsense").blocks)
    assert press(scene, "page:0", "waiting:0", "U1").text == "Moderators can do this."


def test_an_empty_list_says_so(scene: Scene) -> None:
    assert "No suggested question waits" in json.dumps(listing(scene).blocks)
