"""A newcomer's whole way: who starts one, what is kept of it, and how it ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import MembershipSeen, MembersListed, UserSeen
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.onboarding import FollowUp, Onboarding, Option, Question
from copbot.core.records import GivenAnswer, Happening, Journey
from copbot.core.time import DAY_US, SECOND_US, to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.form import CALLBACK, DRAFT
from copbot.features.onboarding.views import DECLINE, OPEN, WITHDRAW

GOAL = Question("goal", "Your goal?", "long_text", share=True)
ROLE = Question("role", "Your role?", "text", optional=True, share=True)
ONBOARDING = Onboarding(
    welcome="welcome.j2", introduction="introduction.j2", questions=(GOAL, ROLE), delay=timedelta(seconds=30)
)
DATA = replace(COMMUNITY, onboarding=ONBOARDING)
AT_THE_DOOR = replace(
    DATA,
    channels=replace(DATA.channels, discussion=("#data", "#maps")),
    onboarding=replace(ONBOARDING, starts_channel="#data"),
)
MAPS = replace(
    DATA,
    id="maps",
    name="Maps",
    channels=replace(DATA.channels, discussion=("#maps",)),
    onboarding=replace(ONBOARDING, questions=(GOAL, Question("scale", "Which scale?", "text", share=True))),
)
PROMPTS = {
    "welcome.j2": "Hello {{ member.name }}!",
    "introduction.j2": "{{ member.mention }}:{% for a in answers if a.share %} {{ a.answer }}{% endfor %}",
}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts=dict(PROMPTS))
    yield scene
    scene.close()


def happens(scene: Scene, kind: str, user: str = "U1", channel: str | None = None, at_us: int | None = None) -> None:
    at = to_us(scene.now) if at_us is None else at_us
    with scene.store.begin() as tx:
        FEATURE.follow(scene.ctx, tx, Happening(1, kind, user, at, channel))  # type: ignore[arg-type]


def joins(scene: Scene, user: str = "U1", **described: object) -> None:
    scene.joins(user, **({"name": "Ada"} | described))
    happens(scene, "joined_workspace", user)


def joins_channel(scene: Scene, user: str = "U1", channel: str = "CDATA") -> None:
    at_us = to_us(scene.now)
    scene.record(MembershipSeen(channel, user, True, at_us))
    with scene.store.begin() as tx:
        tx.inbox.once(f"{channel}:{user}:{at_us}", at_us, Happening(0, "joined_channel", user, at_us, channel))
    happens(scene, "joined_channel", user, channel)


def leaves_channel(scene: Scene, user: str = "U1", channel: str = "CDATA") -> None:
    at_us = to_us(scene.now)
    scene.record(MembershipSeen(channel, user, False, at_us))
    with scene.store.begin() as tx:
        tx.inbox.once(f"{channel}:{user}:{at_us}:left", at_us, Happening(0, "left_channel", user, at_us, channel))
    happens(scene, "left_channel", user, channel)


def said(scene: Scene, *kinds: str) -> list[str]:
    """Decide and send all that is due: the texts of the messages of these kinds."""
    FEATURE.plan_due(scene.ctx, scene.now)
    return [delivery.outgoing.text for delivery in scene.send() if delivery.outgoing.kind in (kinds or ("welcome",))]


def is_deactivated(scene: Scene, user: str = "U1", *, back: bool = False) -> None:
    scene.record(UserSeen(user, is_deleted=not back, updated_us=to_us(scene.now)))


def press(scene: Scene, action: str, user: str = "U1", community: str = "data") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[action](scene.ctx, tx, Press(user, action, community, "t1"))


def form_of(scene: Scene, community: str = "data", user: str = "U1") -> dict[str, Any]:
    view = press(scene, OPEN, user, community).view
    assert view is not None
    return view


def filled(**answers: str | None) -> dict[str, Any]:
    """The state of a form; ``share`` names what is ticked, separated by commas."""
    ticked = (answers.pop("share", "goal,role") or "").split(",")
    state: dict[str, Any] = {f"question:{name}": {"x": {"value": value}} for name, value in answers.items()}
    return state | {"share": {"x": {"selected_options": [{"value": one} for one in ticked if one]}}}


def sends_in(scene: Scene, view: dict[str, Any], user: str = "U1", **answers: str | None) -> Answer:
    form = Submission(user, CALLBACK, view["private_metadata"], filled(**answers), "V1", "h1")
    with scene.store.begin() as tx:
        return FEATURE.forms[CALLBACK](scene.ctx, tx, form)


def types(scene: Scene, at_us: int | None = None, user: str = "U1", **fields: str | None) -> None:
    state = {f"question:{name}": {"x": {"value": value}} for name, value in fields.items()}
    at = to_us(scene.now) if at_us is None else at_us
    typed = Press(user, f"{DRAFT}goal", "", "t2", state=state, private_metadata="data", at_us=at)
    with scene.store.begin() as tx:
        FEATURE.drafts[DRAFT](scene.ctx, tx, typed)


def journey(scene: Scene, community: str = "data", user: str = "U1") -> Journey | None:
    with scene.store.read() as tx:
        return tx.journeys.get(community, user)


def state(scene: Scene, community: str = "data") -> str | None:
    found = journey(scene, community)
    return None if found is None else found.state


def answers(scene: Scene, community: str = "data") -> dict[str, tuple[str, bool]]:
    found = journey(scene, community)
    assert found is not None
    with scene.store.read() as tx:
        return {one.question: (one.value, one.share) for one in tx.journeys.answers(found.id)}


def initial(view: dict[str, Any]) -> dict[str, str]:
    """What stands in the text fields of a form as it opens."""
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    return {
        block_id.removeprefix("question:"): element.get("initial_value", "")
        for block_id, element in elements.items()
        if element["type"] == "plain_text_input"
    }


def page(scene: Scene, user: str = "U1") -> tuple[str, list[str]]:
    """A person's own page: its words, and the labels of its buttons."""
    with scene.store.read() as tx:
        assert FEATURE.about is not None
        blocks = FEATURE.about(scene.ctx, tx, scene.communities[0], user)
    words = " ".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    return words, [b["text"]["text"] for block in blocks if block["type"] == "actions" for b in block["elements"]]


def at_home(scene: Scene, user: str = "U1") -> tuple[str, str]:
    """The next step that is offered, and the rest of the Home tab's part."""
    assert FEATURE.brief is not None
    assert FEATURE.step is not None
    with scene.store.read() as tx:
        step = FEATURE.step(scene.ctx, tx, scene.communities[0], user)
        brief = FEATURE.brief(scene.ctx, tx, scene.communities[0], user)
    return str(step.blocks if step else ""), str([block for block in brief if not step or block not in step.blocks])


# --- the start ----------------------------------------------------------------------------------------------------


def test_the_welcome_comes_a_little_after_joining_not_within_slacks_own(scene: Scene) -> None:
    joins(scene)
    scene.wait(seconds=29.9)
    assert said(scene) == []
    scene.wait(seconds=0.1)
    assert said(scene) == ["Hello Ada!"]


def test_who_joined_while_the_bot_was_away_has_waited_long_enough(scene: Scene) -> None:
    at_us = scene.joins("U1", name="Ada")
    scene.wait(hours=5)
    happens(scene, "joined_workspace", at_us=at_us)
    assert said(scene) == ["Hello Ada!"]


def test_who_is_gone_before_the_welcome_gets_none(scene: Scene) -> None:
    joins(scene)
    scene.wait(seconds=10)
    is_deactivated(scene)
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.wait(minutes=5)
    assert said(scene) == []
    assert state(scene) == "ended"


@pytest.mark.parametrize(
    ("described", "welcomes", "welcomed"),
    [
        ({}, ("members", "guests"), True),
        ({"is_guest": True}, ("members", "guests"), True),
        ({"is_guest": True}, ("members",), False),
        ({}, ("guests",), False),
        ({"is_external": True}, ("members", "guests"), False),
        ({"is_external": True}, ("members", "partners"), True),
        ({"is_external": True, "is_guest": True}, ("guests",), False),
        ({"is_bot": True}, ("members", "guests", "partners"), False),
        ({"is_deleted": True}, ("members", "guests", "partners"), False),
    ],
)
def test_the_file_says_who_is_welcomed(
    scene: Scene, described: dict[str, bool], welcomes: tuple[Any, ...], welcomed: bool
) -> None:
    scene.communities = (replace(DATA, onboarding=replace(ONBOARDING, welcomes=welcomes)),)
    joins(scene, **described)
    scene.wait(seconds=30)
    assert bool(said(scene)) is welcomed
    assert (state(scene) == "invited") is welcomed


def test_a_second_channel_of_the_community_makes_nobody_new(scene: Scene) -> None:
    scene.communities = (AT_THE_DOOR,)
    scene.record(UserSeen("U1", name="Ada", known_since_us=0), UserSeen("U2", name="Bo", known_since_us=0))
    scene.record(MembersListed("CMAPS", ("U1",), to_us(scene.now)))
    scene.wait(seconds=11)  # the list was read just now: at a start, say
    joins_channel(scene, "U1")
    joins_channel(scene, "U2", "CMAPS")
    scene.wait(minutes=9)
    joins_channel(scene, "U2")
    scene.wait(minutes=1)
    assert said(scene) == ["Hello Bo!"], "who was invited to several channels together is new"


def test_who_joins_a_channel_by_mistake_and_leaves_is_not_written_to_and_still_new_the_next_time(scene: Scene) -> None:
    scene.communities = (AT_THE_DOOR,)
    scene.record(UserSeen("U1", name="Ada", known_since_us=0))
    joins_channel(scene)
    scene.wait(seconds=5)
    leaves_channel(scene)
    scene.wait(days=1)
    assert said(scene) == []
    for _ in range(2):
        joins_channel(scene)
        scene.wait(seconds=30)
    assert said(scene) == ["Hello Ada!"]
    assert state(scene) == "invited"
    leaves_channel(scene)
    assert state(scene) == "invited", "after the welcome a channel may be left"
    joins_channel(scene)
    scene.wait(hours=1)
    assert said(scene) == []


def test_leaving_that_is_heard_of_before_joining_counts_all_the_same(scene: Scene) -> None:
    scene.communities = (AT_THE_DOOR,)
    scene.record(UserSeen("U1", known_since_us=0))
    at_us = to_us(scene.now)
    scene.record(MembershipSeen("CDATA", "U1", False, at_us + SECOND_US))
    happens(scene, "left_channel", "U1", "CDATA")
    scene.record(MembershipSeen("CDATA", "U1", True, at_us))
    happens(scene, "joined_channel", "U1", "CDATA", at_us)
    scene.wait(hours=1)
    assert said(scene) == []


@pytest.mark.parametrize("days", [3, 0.001])
def test_who_was_in_the_channel_before_is_not_new_when_they_come_back(scene: Scene, days: float) -> None:
    # Given somebody who was there before the bot, and left
    scene.communities = (AT_THE_DOOR,)
    scene.record(UserSeen("U1", name="Ada"), MembersListed("CDATA", ("U1",), to_us(scene.now)))
    scene.wait(days=days)
    leaves_channel(scene)
    scene.wait(days=days)
    # When they come back, told twice
    joins_channel(scene)
    joins_channel(scene)
    scene.wait(hours=1)
    # Then nobody takes them for new
    assert said(scene) == []


def test_whose_joining_was_in_the_list_before_it_was_told_of_is_new(scene: Scene) -> None:
    scene.communities = (AT_THE_DOOR,)
    at_us = to_us(scene.now)
    scene.record(UserSeen("U1", name="Ada"), MembersListed("CDATA", ("U1",), at_us))
    scene.record(MembershipSeen("CDATA", "U1", True, at_us - SECOND_US))
    happens(scene, "joined_channel", "U1", "CDATA", at_us - SECOND_US)
    scene.wait(hours=1)
    assert said(scene) == ["Hello Ada!"]


# --- a second community -------------------------------------------------------------------------------------------


def in_both(scene: Scene) -> None:
    scene.communities = (DATA, MAPS)
    joins(scene)
    scene.wait(seconds=30)
    assert len(said(scene)) == 2


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    return [b["label"]["text"] for b in blocks if b["type"] == "input"]


def test_a_second_community_asks_only_what_is_new_there(scene: Scene) -> None:
    in_both(scene)
    sends_in(scene, form_of(scene), goal="Learn <3", role="Census")
    view = form_of(scene, "maps")
    assert labels(view["blocks"]) == ["Which scale?", "Share in #hello"]
    assert "Your goal? Learn &lt;3" in str(view["blocks"])
    assert sends_in(scene, view, scale="1:50,000", share="scale") == Answer()
    assert answers(scene, "maps") == {"goal": ("Learn <3", False), "scale": ("1:50,000", True)}


def test_what_was_told_to_one_community_is_shared_in_another_only_by_a_tick_there(scene: Scene) -> None:
    in_both(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    view = form_of(scene, "maps")
    (share,) = [b["element"] for b in view["blocks"] if b.get("block_id") == "share"]
    assert [o["value"] for o in share["options"]] == ["scale", "goal"]
    assert [o["value"] for o in share["initial_options"]] == ["scale"]
    assert share["options"][1]["description"]["text"] == "Learn"
    sends_in(scene, view, scale="1:1", share="goal")
    introductions = [d for d in said_as(scene, "introduction") if d.outgoing.community == "maps"]
    assert [d.outgoing.text for d in introductions] == ["<@U1>: Learn"]


def said_as(scene: Scene, kind: str) -> list[Delivery]:
    return [delivery for delivery in scene.send() if delivery.outgoing.kind == kind]


def test_the_same_id_with_other_words_is_another_question(scene: Scene) -> None:
    other = replace(GOAL, ask="What is your goal with maps?")
    scene.communities = (DATA, replace(MAPS, onboarding=replace(ONBOARDING, questions=(other,))))
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert labels(form_of(scene, "maps")["blocks"])[0] == "What is your goal with maps?"


def test_a_reminder_counts_what_is_asked_there_and_not_what_is_known(scene: Scene) -> None:
    remind = FollowUp(timedelta(days=3), "open", "reminder.j2")
    assert MAPS.onboarding is not None
    scene.communities = (DATA, replace(MAPS, onboarding=replace(MAPS.onboarding, follow_ups=(remind,))))
    scene.prompts = {**PROMPTS, "reminder.j2": "Still here!"}
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    scene.wait(days=3)
    FEATURE.plan_due(scene.ctx, scene.now)
    (reminder,) = said_as(scene, "onboarding")
    assert reminder.outgoing.blocks[-1]["elements"][0]["text"]["text"] == "Answer 1 question"


def test_where_nothing_is_new_nothing_is_open_and_nobody_is_reminded(scene: Scene) -> None:
    twin = replace(MAPS, onboarding=replace(ONBOARDING, starts_channel="#maps", questions=(GOAL,)))
    scene.communities = (DATA, twin)
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    scene.wait(days=3)
    joins_channel(scene, channel="CMAPS")
    assert state(scene, "maps") == "answered"
    assert answers(scene, "maps") == {"goal": ("Learn", False)}
    scene.wait(seconds=30)
    said(scene, "introduction")
    assert "Share in #hello" in labels(form_of(scene, "maps")["blocks"])


def test_what_is_answered_later_in_the_one_leaves_nothing_open_in_the_other(scene: Scene) -> None:
    remind = FollowUp(timedelta(days=3), "open", "welcome.j2")
    scale = Question("scale", "Which scale?")
    twin = replace(MAPS, onboarding=replace(ONBOARDING, questions=(GOAL,), follow_ups=(remind,)))
    more = replace(twin, id="more", onboarding=replace(ONBOARDING, questions=(GOAL, scale)))
    scene.communities = (DATA, twin, more)
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert (state(scene, "maps"), answers(scene, "maps")) == ("answered", {"goal": ("Learn", False)})
    assert (state(scene, "more"), answers(scene, "more")) == ("invited", {})
    said(scene)
    scene.wait(days=4)
    assert said(scene, "onboarding") == []


# --- half-filled --------------------------------------------------------------------------------------------------


def test_what_was_typed_is_there_when_the_form_is_opened_again(scene: Scene) -> None:
    joins(scene)
    types(scene, goal="Lea", role=None)
    scene.wait(days=9)
    assert initial(form_of(scene)) == {"goal": "Lea", "role": ""}
    assert answers(scene) == {}
    assert said(scene, "introduction", "answer") == []


def test_of_two_letters_that_overtook_each_other_the_later_holds(scene: Scene) -> None:
    joins(scene)
    now = to_us(scene.now)
    types(scene, now + 2, goal="Learn")
    types(scene, now + 1, goal="Lear")
    assert initial(form_of(scene))["goal"] == "Learn"


def test_a_letter_that_comes_after_the_form_was_sent_brings_no_draft_back(scene: Scene) -> None:
    joins(scene)
    typed_us = to_us(scene.now)
    scene.wait(seconds=1)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    types(scene, typed_us, goal="Lear")
    assert initial(form_of(scene))["goal"] == "Learn"


def test_a_change_that_was_begun_and_not_sent_changes_nothing_but_is_kept(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role="Census")
    scene.wait(seconds=1)
    types(scene, goal="Teach", role="")
    assert initial(form_of(scene)) == {"goal": "Teach", "role": ""}
    assert answers(scene)["goal"] == ("Learn", True)


def test_a_form_that_was_closed_tells_nothing_and_costs_nothing(scene: Scene) -> None:
    joins(scene)
    types(scene, goal="Lea")
    scene.wait(seconds=1)
    with scene.store.begin() as tx:
        closed = Submission("U1", CALLBACK, "data", {}, "V1", "h")
        assert FEATURE.closed[CALLBACK](scene.ctx, tx, closed) == Answer()
    assert initial(form_of(scene))["goal"] == "Lea"


@pytest.mark.parametrize("metadata", ["data", "nowhere", "", "data:x"])
def test_nobody_elses_form_keeps_anything(scene: Scene, metadata: str) -> None:
    joins(scene)
    state = {"question:goal": {"x": {"value": "Forged"}}, "other": {"y": {"value": "z"}}}
    with scene.store.begin() as tx:
        typed = Press("U9", f"{DRAFT}goal", "", "t", state=state, private_metadata=metadata, at_us=to_us(scene.now))
        FEATURE.drafts[DRAFT](scene.ctx, tx, typed)
    assert journey(scene, user="U9") is None
    assert initial(form_of(scene))["goal"] == ""


# --- two devices --------------------------------------------------------------------------------------------------


def test_from_two_devices_there_is_one_result_and_a_blank_field_erases_nothing(scene: Scene) -> None:
    joins(scene)
    phone, desk = form_of(scene), form_of(scene)
    sends_in(scene, phone, goal="Learn", role="Census")
    scene.wait(minutes=1)
    sends_in(scene, desk, goal="Learn and teach", role=None)
    assert answers(scene) == {"goal": ("Learn and teach", True), "role": ("Census", True)}
    scene.wait(minutes=1)
    texts = said(scene, "answer")
    assert ["in between" in text for text in texts] == [False, True]
    sends_in(scene, desk, goal="Learn and teach", role="Census")
    assert said(scene, "answer") == [], "the same once more has no other result"


def test_a_field_that_is_emptied_on_purpose_is_empty(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role="Census")
    scene.wait(minutes=1)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert answers(scene) == {"goal": ("Learn", True)}


LEVEL = Question("level", "How long?", "choice", (Option("Months"), Option("Years")), optional=True, share=True)


def test_an_answer_whose_option_is_gone_is_kept_where_the_form_could_not_show_it(scene: Scene) -> None:
    asking = replace(ONBOARDING, questions=(GOAL, LEVEL))
    scene.communities = (replace(DATA, onboarding=asking),)
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", level="Years", share="goal,level")
    others = replace(LEVEL, options=(Option("Weeks"), Option("Decades")))
    scene.communities = (replace(DATA, onboarding=replace(asking, questions=(GOAL, others))),)
    sends_in(scene, form_of(scene), goal="Teach", level=None, share="goal,level")
    assert answers(scene) == {"goal": ("Teach", True), "level": ("Years", True)}
    sends_in(scene, form_of(scene), goal="Teach", level=None, share="goal")
    assert answers(scene) == {"goal": ("Teach", True), "level": ("Years", False)}
    sends_in(scene, form_of(scene), goal="Teach", level="Decades", share="goal,level")
    assert answers(scene) == {"goal": ("Teach", True), "level": ("Decades", True)}


def test_what_is_sent_while_the_questions_are_closed_is_there_when_they_are_open_again(scene: Scene) -> None:
    joins(scene)
    view = form_of(scene)
    scene.communities = (COMMUNITY,)
    assert "closed" in sends_in(scene, view, goal="Learn", role=None).text
    scene.communities = (DATA,)
    assert initial(form_of(scene))["goal"] == "Learn"


# --- the introduction ---------------------------------------------------------------------------------------------


def test_an_introduction_is_withdrawn_by_a_press_and_the_answers_are_kept(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert said(scene, "introduction") == ["<@U1>: Learn"]
    scene.wait(days=1)
    assert "withdrawn" in press(scene, WITHDRAW).text
    assert said(scene, "introduction") == ["This introduction was withdrawn."]
    assert answers(scene) == {"goal": ("Learn", False)}
    assert "no introduction" in press(scene, WITHDRAW).text
    assert said(scene, "introduction") == []


def test_an_introduction_that_slack_refused_is_posted_at_the_next_change(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    refuse(scene, "introduction:data:U1")
    scene.wait(minutes=1)
    sends_in(scene, form_of(scene), goal="Teach", role=None)
    (posted,) = [d.outgoing for d in scene.send() if d.outgoing.kind == "introduction"]
    assert (posted.updates, posted.text) == (None, "<@U1>: Teach")
    scene.wait(minutes=1)
    sends_in(scene, form_of(scene), goal="Both", role=None)
    (changed,) = [d.outgoing for d in scene.send() if d.outgoing.kind == "introduction"]
    assert (changed.updates, changed.text) == (posted.key, "<@U1>: Both")


def refuse(scene: Scene, key: str) -> None:
    with scene.store.begin() as tx:
        delivery = tx.deliveries.get(key)
        assert delivery is not None
        tx.deliveries.claim(delivery.id, "test", to_us(scene.now))
        tx.deliveries.settle(delivery.id, 1, "failed", reason="not in channel")


def test_an_introduction_of_everything_at_its_longest_fits_slack(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="<&>" * 1000, role="&" * 3000)
    (posted,) = [d.outgoing for d in scene.send() if d.outgoing.kind == "introduction"]
    assert len(posted.text) <= 4000
    texts = [block["text"]["text"] for block in posted.blocks]
    assert sum(map(len, texts)) <= 10_000
    for text in texts:
        assert len(text) <= 3000
        assert all(text[at:].startswith(("&amp;", "&lt;", "&gt;")) for at, char in enumerate(text) if char == "&")


# --- no thanks, and leaving ---------------------------------------------------------------------------------------


def test_no_thanks_is_said_once_and_that_is_that(scene: Scene) -> None:
    scene.communities = (replace(DATA, onboarding=with_reminders()),)
    joins(scene)
    scene.wait(seconds=30)
    said(scene)
    types(scene, goal="Lea")
    assert press(scene, DECLINE) == Answer()
    (told,) = said(scene, "answer")
    assert "/cop me" in told
    assert state(scene) == "declined"
    assert "keep to it" in press(scene, DECLINE).text
    for _ in range(40):
        scene.wait(days=1)
        assert said(scene, "welcome", "onboarding", "answer") == []
    assert initial(form_of(scene))["goal"] == "", "what was half-filled is forgotten"


def with_reminders() -> Onboarding:
    return replace(ONBOARDING, follow_ups=(FollowUp(timedelta(days=3), prompt="welcome.j2"),))


def test_no_thanks_before_the_welcome_went_out_stops_it(scene: Scene) -> None:
    joins(scene)
    press(scene, DECLINE)
    scene.wait(minutes=1)
    assert said(scene) == []


def test_who_said_no_thanks_may_still_answer_and_is_not_written_to_for_it(scene: Scene) -> None:
    scene.communities = (replace(DATA, onboarding=with_reminders()),)
    joins(scene)
    press(scene, DECLINE)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert state(scene) == "declined"
    assert said(scene, "introduction") == ["<@U1>: Learn"]
    found = journey(scene)
    assert found is not None
    assert found.answered_us is not None
    scene.wait(days=5)
    assert said(scene, "onboarding") == []


def test_leaving_the_workspace_ends_it_and_coming_back_starts_nothing(scene: Scene) -> None:
    scene.communities = (replace(DATA, onboarding=with_reminders()),)
    joins(scene)
    scene.wait(minutes=1)
    said(scene)
    is_deactivated(scene)
    assert said(scene) == []
    assert state(scene) == "ended"
    scene.wait(days=1)
    is_deactivated(scene, back=True)
    joins(scene)
    for _ in range(10):
        scene.wait(days=1)
        assert said(scene, "welcome", "onboarding") == []
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    assert state(scene) == "ended", "and yet they may answer"
    assert said(scene, "introduction") == ["<@U1>: Learn"]


def test_what_was_planned_is_not_sent_to_who_left(scene: Scene) -> None:
    joins(scene)
    scene.wait(minutes=1)
    said(scene)
    with scene.store.begin() as tx:
        due = to_us(scene.now) + DAY_US
        reminder = Outgoing(key="r", kind="onboarding", target="U1", text="…", due_us=due, community="data")
        tx.deliveries.plan(reminder)
        tx.deliveries.plan(replace(reminder, key="other", community="maps"))
    is_deactivated(scene)
    scene.wait(days=2)
    FEATURE.plan_due(scene.ctx, scene.now)
    assert scene.delivery("other").state == "due"
    assert scene.send() == []
    assert (scene.delivery("r").state, scene.delivery("other").reason) == ("skipped", "they have left")


# --- a person's own page ------------------------------------------------------------------------------------------


def test_the_own_page_offers_what_can_be_done_at_each_stage(scene: Scene) -> None:
    assert page(scene) == ("", []), "who was never welcomed finds nothing to press"
    joins(scene)
    assert page(scene)[1] == ["Answer 2 questions", "No, thanks"]
    types(scene, goal="Lea")
    assert "what you wrote is kept" in page(scene)[0]
    sends_in(scene, form_of(scene), goal="Learn <!channel>", role="Census", share="goal")
    words, buttons = page(scene)
    assert ":speech_balloon: *Your goal?*\nLearn &lt;!channel&gt;\n\n*Your role?*\nCensus" in words
    assert buttons == ["Change my answers", "Withdraw my introduction"]
    press(scene, WITHDRAW)
    assert page(scene)[1] == ["Change my answers"]


def test_the_home_tab_offers_the_questions_first_and_later_only_what_can_be_done(scene: Scene) -> None:
    assert at_home(scene) == ("", "[]")
    joins(scene)
    first, rest = at_home(scene)
    assert "Answer 2 questions" in first
    assert rest == "[]", "what stands in the step is not said again"
    sends_in(scene, form_of(scene), goal="Learn", role="Census", share="goal")
    first, rest = at_home(scene)
    assert first == ""
    assert "Withdraw my introduction" in rest
    assert "Learn" not in rest


def test_the_own_page_of_somebody_who_declined_still_lets_them_answer(scene: Scene) -> None:
    joins(scene)
    press(scene, DECLINE)
    words, buttons = page(scene)
    assert "You said no, thanks" in words
    assert buttons == ["Answer 2 questions"]


@pytest.mark.parametrize("action", [DECLINE, WITHDRAW])
@pytest.mark.parametrize("value", ["data", "nowhere", ""])
def test_a_press_of_somebody_without_a_journey_gets_a_kind_line(scene: Scene, action: str, value: str) -> None:
    assert press(scene, action, "U9", value).text
    assert scene.send() == []


def test_a_question_that_is_gone_from_the_file_stays_readable(scene: Scene) -> None:
    joins(scene)
    sends_in(scene, form_of(scene), goal="Learn", role=None)
    scene.communities = (replace(DATA, onboarding=replace(ONBOARDING, questions=(ROLE,))),)
    assert "*goal*" in page(scene)[0]
    assert "Learn" in page(scene)[0]
    with scene.store.read() as tx:
        found = tx.journeys.get("data", "U1")
        assert found is not None
        assert list(tx.journeys.answers(found.id)) == [GivenAnswer("goal", "Learn", True)]
