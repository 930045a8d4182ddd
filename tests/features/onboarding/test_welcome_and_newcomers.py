"""What moderators see of newcomers, and whom they have welcomed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from histories import export_zip, import_from
from scene import COMMUNITY, Scene
from slack_sdk.models.blocks import Block

from copbot.core.community import Roles
from copbot.core.facts import UserSeen
from copbot.core.interaction import Answer, Call, Press
from copbot.core.onboarding import Onboarding, Question
from copbot.core.pump import Pump
from copbot.core.records import GivenAnswer, GivenOutcome
from copbot.core.time import to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.introduction import introduce
from copbot.features.onboarding.newcomer.views import NEXT, ON_A_PAGE
from copbot.features.onboarding.service import reception_of

PROMPTS = {"welcome.j2": "Hello {{ member.name }}!", "introduction.j2": "{{ member.mention }} is new."}
ONBOARDING = Onboarding(
    welcome="welcome.j2", introduction="introduction.j2", questions=(Question("goal", "Your goal?", share=True),)
)
DATA = replace(COMMUNITY, onboarding=ONBOARDING)
MAPS = replace(
    DATA,
    id="maps",
    name="Maps",
    channels=replace(DATA.channels, discussion=("#maps",), introductions=None),
    roles=Roles(coordinators=("jess@example.org",)),
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, DATA, prompts=dict(PROMPTS))
    yield scene
    scene.close()


def asked(scene: Scene, name: str, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> Answer:
    one = next(c for c in FEATURE.commands if c.name == name)
    with scene.store.begin() as tx:
        answer = one.answer(scene.ctx, tx, Call(user, channel, name, argument))
    for block in Block.parse_all(list(answer.blocks)):
        block.validate_json()
    return answer


def turned(scene: Scene, number: str, user: str = "UMOD", channel: str | None = "CMODS") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[NEXT](scene.ctx, tx, Press(user, NEXT, number, "t1", channel))


def lines(answer: Answer) -> list[str]:
    return [line for block in answer.blocks if block["type"] == "section" for line in block["text"]["text"].split("\n")]


def buttons(answer: Answer) -> dict[str, str]:
    pressed = [element for block in answer.blocks if block["type"] == "actions" for element in block["elements"]]
    return {button["text"]["text"]: button["value"] for button in pressed}


def welcomed(scene: Scene, user: str, community: str = "data") -> None:
    scene.record(UserSeen(user, name=user.title()))
    asked(scene, "welcome", f"<@{user}> {community}", user="UJESS", channel="D1")
    scene.send()


def answers(scene: Scene, user: str, *, share: bool = False, draft: bool = False) -> None:
    now_us = to_us(scene.now)
    with scene.store.begin() as tx:
        reception = reception_of(scene.ctx, tx, "data", scene.now)
        journey = tx.journeys.get("data", user)
        assert reception is not None
        assert journey is not None
        if draft:
            tx.journeys.keep_draft(journey.id, {"question:goal": {"value": {"value": "Le"}}}, now_us)
            return
        given = [GivenAnswer("goal", "Learn", share)]
        tx.journeys.answer(journey.id, given, None, now_us)
        introduce(reception, journey, [], given)


def waits(
    scene: Scene, user: str, origin: str, ts_us: int, channel: str = "CDATA", taken_by: str | None = None
) -> None:
    with scene.store.begin() as tx:
        card = tx.cards.open("data", channel, ts_us, user, origin, "", ts_us, f"card:{ts_us}")
        assert card is not None
        tx.cards.save(replace(card, claimed_by=taken_by, is_first=origin == "member"))


# --- /cop newcomers -----------------------------------------------------------------------------------------------


def test_with_nobody_new_it_says_so(scene: Scene) -> None:
    assert lines(asked(scene, "newcomers")) == ["*Data &lt;3*", "Nobody new in the last 30 days."]


def test_each_newcomer_with_how_far_they_have_come(scene: Scene) -> None:
    for user in ("UA", "UB", "UC", "UD", "UE", "UF", "UG"):
        welcomed(scene, user)
        scene.wait(days=1)
    answers(scene, "UB", draft=True)
    answers(scene, "UC")
    answers(scene, "UD", share=True)
    answers(scene, "UE")
    scene.send()
    scene.says("UE", "Hello all.")
    with scene.store.begin() as tx:
        for user, state in (("UF", "declined"), ("UG", "ended")):
            journey = tx.journeys.get("data", user)
            assert journey is not None
            tx.journeys.close(journey.id, state, to_us(scene.now))  # type: ignore[arg-type]
        spoke = tx.journeys.get("data", "UE")
        assert spoke is not None
        tx.outcomes.save(spoke.id, GivenOutcome("partly", "", to_us(scene.now)))
    told = lines(asked(scene, "newcomers"))
    assert told[:2] == ["*Data &lt;3*", "7 new in the last 30 days: 3 answered, 1 wrote."]
    assert "example.slack.com/archives/CHELLO/p" in told[9]
    told[9] = "introduced"
    assert told[2:] == [
        *("<@UG> joined 24 hours ago", "has left"),
        *("<@UF> joined 2 days ago", "said no thanks to the questions"),
        *("<@UE> joined 3 days ago", "answered, has written, got what they came for in part"),
        *("<@UD> joined 4 days ago", "introduced"),
        *("<@UC> joined 5 days ago", "answered"),
        *("<@UB> joined 6 days ago", "has begun the questions"),
        *("<@UA> joined 7 days ago", "welcomed, silent so far"),
    ]
    scene.wait(days=30)
    assert lines(asked(scene, "newcomers"))[1] == "Nobody new in the last 30 days."


def test_who_waits_for_a_person_comes_first_the_longest_waiting_before_all(scene: Scene) -> None:
    for user in ("UA", "UB", "UC"):
        welcomed(scene, user)
    waits(scene, "UA", "introduction", to_us(scene.now), "CHELLO", taken_by="UMOD")
    scene.wait(hours=5)
    waits(scene, "UC", "member", scene.says("UC", "Hello all."))
    scene.wait(hours=1)
    told = lines(asked(scene, "newcomers"))
    assert told[2] == ":hourglass_flowing_sand: 2 of them wait for one of us."
    assert [line for line in told if "joined" in line] == [
        f"<@{user}> joined 6 hours ago" for user in ("UA", "UC", "UB")
    ]
    assert told[5].endswith("|introduction>: no hello for 6 hours, <@UMOD> is on it")
    assert told[8].endswith("|first message>: no answer for 1 hour")


def test_whose_welcome_slack_refused_is_not_taken_for_silent(scene: Scene) -> None:
    scene.record(UserSeen("UA"))
    asked(scene, "welcome", "<@UA>")
    assert lines(asked(scene, "newcomers"))[-1] == "is about to be welcomed"
    with scene.store.begin() as tx:
        (due,) = tx.deliveries.ready(to_us(scene.now), 10)
        tx.deliveries.claim(due.id, "test", to_us(scene.now))
        tx.deliveries.settle(due.id, 1, "failed", reason="user_disabled")
    assert "personal hello would help" in lines(asked(scene, "newcomers"))[-1]


def test_many_come_in_pages_that_take_each_others_place(scene: Scene) -> None:
    people = [f"U{number:02}" for number in range(2 * ON_A_PAGE + 1)]
    for user in people:
        welcomed(scene, user)
    first = asked(scene, "newcomers")
    second, third = turned(scene, "1"), turned(scene, "2")
    seen = [line[2:5] for page in (first, second, third) for line in lines(page) if "joined" in line]
    assert seen == list(reversed(people))
    assert [buttons(page) for page in (first, second, third)] == [
        {"Next": "1"},
        {"Back": "0", "Next": "2"},
        {"Back": "1"},
    ]
    assert (first.replaces, second.replaces) == (False, True)


@pytest.mark.parametrize("number", ["", "-1", "7", "99999999999999999999", "x", "²"])
def test_a_page_that_is_not_there_is_the_nearest(scene: Scene, number: str) -> None:
    welcomed(scene, "UA")
    assert lines(turned(scene, number))[2] == "<@UA> joined a moment ago"


def test_pages_are_for_moderators_whoever_has_the_button(scene: Scene) -> None:
    welcomed(scene, "UA")
    assert turned(scene, "0", user="UA").text == "Moderators can do this."
    assert asked(scene, "newcomers", user="UA").text == "Moderators can do this."


def test_each_community_under_its_own_heading_and_the_channel_chooses_one(scene: Scene) -> None:
    scene.communities = (DATA, MAPS)
    welcomed(scene, "UA")
    welcomed(scene, "UB", "maps")
    both = lines(asked(scene, "newcomers", user="UJESS", channel="CELSEWHERE"))
    assert [line for line in both if line.startswith(("*", "<"))] == [
        "*Data &lt;3*",
        "<@UA> joined a moment ago",
        "*Maps*",
        "<@UB> joined a moment ago",
    ]
    assert lines(asked(scene, "newcomers", user="UJESS", channel="CMAPS"))[0] == "*Maps*"
    for elsewhere in ("CELSEWHERE", "CMAPS"):
        assert lines(asked(scene, "newcomers", user="UMOD", channel=elsewhere))[0] == "*Data &lt;3*"
    scene.communities = (COMMUNITY,)
    assert "no `onboarding:`" in asked(scene, "newcomers").text


# --- /cop welcome -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argument", ["<@U1>", "<@U1|ada>", " <@U1> ", "<@U1> data"])
def test_a_moderator_has_somebody_welcomed_once_and_it_is_on_record(scene: Scene, argument: str) -> None:
    scene.record(UserSeen("U1", name="Ada", known_since_us=0))
    assert "I am writing to <@U1>" in asked(scene, "welcome", argument).text
    assert [delivery.outgoing.text for delivery in scene.send()] == ["Hello Ada!"]
    scene.wait(days=3)
    assert "was welcomed 3 days ago" in asked(scene, "welcome", argument).text
    assert scene.send() == []
    with scene.store.read() as tx:
        assert [(one.actor, one.action, one.subject) for one in tx.audit.since("data", 0)] == [
            ("UMOD", "welcomed", "U1")
        ]


def test_several_at_once_each_with_a_line(scene: Scene) -> None:
    scene.record(UserSeen("U1"), UserSeen("U2", is_bot=True), UserSeen("U3"))
    told = asked(scene, "welcome", "<@U1|ada> <@U2>, <@U3> <@U1>").text.split("\n")
    assert [line.partition(". ")[0] for line in told] == [
        "I am writing to <@U1>",
        "<@U2> is an app like me, and would not know what to answer.",
        "I am writing to <@U3>",
    ]
    assert [delivery.outgoing.target for delivery in scene.send()] == ["U1", "U3"]


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("", "Whom shall I welcome? Write `/cop welcome @name`: type the @ and pick the person"),
        ("@ada", "I cannot tell who `@ada` is. Write `/cop welcome @name`: type the @ and pick the person"),
        ("Ada <b> & Ben", "I cannot tell who `Ada &lt;b&gt; &amp; Ben` is."),
        ("<@U1> ada", "I cannot tell who `ada` is."),
        ("&lt;!channel&gt;", "I cannot tell who"),
        ("<@U404>", "I do not know <@U404> yet"),
        ("<@UBOT>", "is an app like me"),
        ("<@UGONE>", "has left this workspace"),
        ("<@UOUT>", "belongs to another organisation"),
        (" ".join(f"<@U{number}>" for number in range(11)), "I welcome 10 at a time"),
    ],
)
def test_a_welcome_for_nobody_says_why_and_what_to_write(scene: Scene, argument: str, said: str) -> None:
    scene.record(
        UserSeen("UBOT", is_bot=True),
        UserSeen("UGONE", is_deleted=True),
        UserSeen("UOUT", is_external=True),
        UserSeen("U1"),
        UserSeen("U2"),
    )
    assert said in asked(scene, "welcome", argument).text
    assert scene.send() == []
    with scene.store.read() as tx:
        assert list(tx.audit.since("data", 0)) == []


def test_who_said_no_thanks_is_left_in_peace(scene: Scene) -> None:
    welcomed(scene, "U1")
    with scene.store.begin() as tx:
        journey = tx.journeys.get("data", "U1")
        assert journey is not None
        tx.journeys.close(journey.id, "declined", to_us(scene.now))
    assert "They said no thanks" in asked(scene, "welcome", "<@U1>").text
    assert scene.send() == []


def test_members_welcome_nobody(scene: Scene) -> None:
    scene.record(UserSeen("U1"))
    assert asked(scene, "welcome", "<@U1>", user="U1").text == "Moderators can do this."
    assert scene.send() == []


def test_of_several_communities_the_channel_says_which_or_a_word(scene: Scene) -> None:
    scene.communities = (DATA, MAPS)
    scene.record(UserSeen("U1"))
    told = asked(scene, "welcome", "<@U1>", user="UJESS", channel="CELSEWHERE").text
    assert told == "To which community? Add `data` or `maps`: `/cop welcome @name data`."
    assert "To which community? Add `data`" in asked(scene, "welcome", "<@U1>", user="UMOD", channel="CMAPS").text
    assert scene.send() == []
    asked(scene, "welcome", "<@U1>", user="UJESS", channel="CMAPS")
    asked(scene, "welcome", "<@U1> data", user="UJESS", channel="CMAPS")
    assert {delivery.outgoing.key for delivery in scene.send()} == {"welcome:data:U1", "welcome:maps:U1"}


# --- history ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("starts", [None, "#data"])
def test_imported_history_welcomes_nobody_who_joined_in_it(scene: Scene, tmp_path: Path, starts: str | None) -> None:
    scene.communities = (replace(DATA, onboarding=replace(ONBOARDING, starts_channel=starts)),)
    joined = f"{int(scene.now.timestamp()) - 3600}.000100"
    export = {
        "users.json": [{"id": "UA", "name": "ann", "updated": int(scene.now.timestamp()) - 3600}],
        "channels.json": [{"id": "CDATA", "name": "data", "members": ["UA"]}],
        "data/2026-11-16.json": [
            {"type": "message", "subtype": "channel_join", "user": "UA", "ts": joined, "text": "<@UA> has joined"},
            {"type": "message", "user": "UA", "ts": joined[:-1] + "1", "text": "Hello all."},
        ],
    }
    import_from(scene.store, export_zip(tmp_path / "export.zip", export))
    Pump(scene.ctx, [FEATURE]).run()
    scene.wait(days=8)
    Pump(scene.ctx, [FEATURE]).run()
    assert scene.send() == []
    assert lines(asked(scene, "newcomers"))[1] == "Nobody new in the last 30 days."
    assert "I am writing to <@UA>" in asked(scene, "welcome", "<@UA>").text
