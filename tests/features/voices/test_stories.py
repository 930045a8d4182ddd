"""Stories of what helped: asked for in private, seen by nobody without consent, asked again, and taken back at any time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, Scene
from sqlalchemy import text as sql

from copbot.adapters.payloads import intake_of
from copbot.core.community import Attention, Roles
from copbot.core.facts import UserSeen
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.months import Month
from copbot.core.reports import asked_for
from copbot.core.time import to_us, us_to_ts
from copbot.features.participation.report.part import part
from copbot.features.voices import FEATURE
from copbot.features.voices.stories import views

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, stories=True, attention=Attention(quiet=None)))
    yield scene
    scene.close()


def writes(scene: Scene, user: str, text: str, channel: str = "CDATA") -> None:
    """A person writes, as Slack tells of it, and what follows from it follows."""
    scene.wait(seconds=1)
    event = {"type": "message", "channel": channel, "user": user, "text": text, "ts": us_to_ts(to_us(scene.now))}
    intake = intake_of(event, 0, "T1")
    with scene.store.begin() as tx:
        tx.facts.record(intake.facts)
        if intake.happening is not None:
            FEATURE.follow(scene.ctx, tx, intake.happening)


def press(scene: Scene, user: str, action: str, value: str = "1:0") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[action](scene.ctx, tx, Press(user, action, value, "trigger"))


def send(scene: Scene, user: str, text: str, consent: str, saved: str = "", value: str = "1:0") -> Answer:
    state: dict[str, Any] = {
        views.TEXT: {views.VALUE: {"value": text}},
        views.SAVED: {views.VALUE: {"value": saved or None}},
        views.CONSENT: {views.VALUE: {"selected_option": {"value": consent}}},
    }
    with scene.store.begin() as tx:
        return FEATURE.forms[views.FORM](scene.ctx, tx, Submission(user, views.FORM, value, state))


def shared(scene: Scene) -> list[tuple[str | None, list[str]]]:
    with scene.store.read() as tx:
        found = tx.stories.shared("data", 0, to_us(scene.now) + 1)
    return [(story.user, [told.text for told in story.told]) for story in found]


def test_who_says_that_something_helped_is_asked_once_in_private(scene: Scene) -> None:
    # When Ana says that something helped, and says so again
    writes(scene, "UANA", "That script saved us two days, thank you!")
    writes(scene, "UANA", "Really, that script saved us two days")
    writes(scene, "UBEN", "Nice weather")

    # Then she is asked once, in a direct message, with a link to her own words and not the words
    (asked,) = scene.send()
    assert (asked.outgoing.target, asked.outgoing.kind) == ("UANA", "story")
    assert "You wrote in <#CDATA> that something helped (<https://" in asked.outgoing.text
    assert "two days" not in asked.outgoing.text


def test_nobody_is_asked_where_it_is_off_elsewhere_or_late(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days", channel="COTHER")
    scene.communities = (replace(scene.communities[0], stories=False),)
    writes(scene, "UANA", "That script saved us two days")
    assert scene.send() == []


@pytest.mark.parametrize("described", [{"is_bot": True}, {"is_external": True}, {"is_deleted": True}])
def test_bots_partners_and_who_has_left_are_not_asked(scene: Scene, described: dict[str, bool]) -> None:
    scene.record(UserSeen("UANA", updated_us=to_us(scene.now), **described))
    writes(scene, "UANA", "That script saved us two days")
    assert scene.send() == []


@pytest.mark.parametrize(
    ("consent", "who"), [("named", "<@UANA> told what helped"), ("unnamed", "A member, who is not to be named, told")]
)
def test_a_story_is_seen_as_far_as_its_teller_says(scene: Scene, consent: str, who: str) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    form = press(scene, "UANA", views.TELL).view
    assert form is not None
    assert "initial_option" not in str(form)  # consent is given, never assumed
    assert send(scene, "UANA", "We publish <b>a week</b> earlier.", consent, "two days a month") == Answer()

    own, told = scene.send()
    assert "I have kept it" in own.outgoing.text
    assert told.outgoing.target == "UJESS"
    assert told.outgoing.text.startswith(f":seedling: {who}")
    assert "> We publish &lt;b&gt;a week&lt;/b&gt; earlier." in told.outgoing.text
    assert "Saved: two days a month" in told.outgoing.text
    assert shared(scene) == [("UANA" if consent == "named" else None, ["We publish <b>a week</b> earlier."])]


@pytest.mark.parametrize("consent", ["none", "everyone", ""])
def test_without_consent_nobody_sees_anything(scene: Scene, consent: str) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "A private matter", consent)
    (own,) = scene.send()
    assert own.outgoing.target == "UANA"
    assert shared(scene) == []


def test_what_was_told_can_be_changed_and_taken_back(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "named")
    scene.send()

    # When consent is taken back, then the coordinator's copy goes
    scene.wait(minutes=1)
    send(scene, "UANA", "We publish earlier.", "none")
    told = next(delivery for delivery in scene.send() if delivery.outgoing.target == "UJESS")
    assert told.outgoing.text == views.GONE_TEXT
    assert shared(scene) == []

    # And when it is deleted, then nothing of it is left
    scene.wait(minutes=1)
    assert press(scene, "UANA", views.DELETE).text == "It is deleted."
    scene.send()
    with scene.store.read() as tx:
        assert tx.stories.told(1) == []
        assert FEATURE.about is not None
        assert FEATURE.about(scene.ctx, tx, scene.communities[0], "UANA") == ()
    assert "over by now" in press(scene, "UANA", views.TELL).text


def test_a_story_told_and_deleted_before_it_was_sent_is_never_shown(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "named")
    scene.wait(seconds=1)
    press(scene, "UANA", views.DELETE)
    assert [d.outgoing.target for d in scene.send() if d.outgoing.target == "UJESS"] == []


def test_it_is_asked_again_after_thirty_and_ninety_days(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "unnamed")
    scene.send()
    asked = []
    for _ in range(100):
        scene.wait(days=1)
        FEATURE.plan_due(scene.ctx, scene.now)
        asked += [(delivery.outgoing.key, delivery.outgoing.text) for delivery in scene.send()]
    assert [key for key, _ in asked] == ["story:data:1:30", "story:data:1:90"]
    assert asked[0][1].startswith("A month ago you told me what had helped you:\n> We publish earlier.")
    assert asked[1][1].startswith("Three months ago")

    # And what is told then stands beside the first
    send(scene, "UANA", "Now all of us do.", "unnamed", value="1:90")
    assert shared(scene) == [(None, ["We publish earlier.", "Now all of us do."])]


def a_month_later(scene: Scene) -> None:
    scene.wait(days=30, minutes=1)
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.send()


def test_what_was_told_for_oneself_stays_so_when_something_else_is_told_for_all(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "Between us: the old one was mine.", "none")
    a_month_later(scene)
    form = press(scene, "UANA", views.TELL, "1:30").view
    assert "initial_option" not in str(form)  # consent is given anew for other words
    send(scene, "UANA", "All of us use it.", "named", value="1:30")
    told = [delivery.outgoing.text for delivery in scene.send() if delivery.outgoing.target == "UJESS"]
    assert len(told) == 1
    assert "mine" not in told[0]
    assert shared(scene) == [("UANA", ["All of us use it."])]


def test_what_is_told_without_the_name_does_not_stand_beside_what_has_it(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "I was slow before.", "unnamed")
    a_month_later(scene)
    send(scene, "UANA", "All of us use it.", "named", value="1:30")
    assert shared(scene) == [("UANA", ["All of us use it."]), (None, ["I was slow before."])]


def test_the_last_word_holds_for_all_that_was_told(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "named")
    a_month_later(scene)
    send(scene, "UANA", "It went wrong.", "none", value="1:30")
    told = [delivery.outgoing.text for delivery in scene.send() if delivery.outgoing.target == "UJESS"]
    assert told == [views.GONE_TEXT]
    assert shared(scene) == []

    # And what was allowed for the first words is allowed again by a new last word
    scene.wait(minutes=1)
    send(scene, "UANA", "It went well after all.", "unnamed", value="1:30")
    told = [delivery.outgoing.text for delivery in scene.send() if delivery.outgoing.target == "UJESS"]
    assert all(text.startswith(":seedling: A member, who is not to be named") for text in told)
    assert len(told) == 2


def test_deleted_is_deleted_also_with_who_coordinated_then_and_in_the_record_of_what_was_sent(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "named")
    a_month_later(scene)  # the question quotes it
    scene.communities = (replace(scene.communities[0], roles=Roles(coordinators=("UNEW",))),)
    press(scene, "UANA", views.DELETE)
    assert {d.outgoing.text for d in scene.send() if d.outgoing.target == "UJESS"} == {views.GONE_TEXT}
    with scene.engine.connect() as connection:
        said = connection.execute(sql("select text, blocks from delivery")).all()
    assert "publish" not in str(said)


def test_a_story_can_be_taken_back_when_its_community_is_gone(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    send(scene, "UANA", "We publish earlier.", "named")
    scene.send()
    scene.wait(minutes=1)
    scene.communities = ()
    assert press(scene, "UANA", views.DELETE).text == "It is deleted."
    assert {d.outgoing.text for d in scene.send() if d.outgoing.target == "UJESS"} == {views.GONE_TEXT}
    assert "over by now" in press(scene, "UANA", views.TELL).text


def test_the_report_has_what_others_may_see_and_no_name_of_who_has_left(scene: Scene) -> None:
    scene.record(UserSeen("UANA", name="Ana Lee", updated_us=1))
    writes(scene, "UANA", "That script saved us two days")
    send(scene, "UANA", "We publish earlier.", "named")
    month = asked_for(scene.communities[0], {"CDATA": "data"}, Month(2026, 11), ZoneInfo("UTC"), scene.now + HOUR)

    def quotes() -> tuple[str, ...]:
        with scene.store.read() as tx:
            found = part(scene.ctx, tx, replace(month, names=True))
        return next((section.quotes for section in found.sections if section.id == "stories"), ())

    assert quotes() == ("We publish earlier.\nAna Lee",)
    scene.record(UserSeen("UANA", name="Ana Lee", updated_us=to_us(scene.now), is_deleted=True))
    assert quotes() == ("We publish earlier.",)
    press(scene, "UANA", views.DELETE)
    assert quotes() == ()


def test_who_may_read_it_again_before_the_first_was_sent_reads_it(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    scene.send()
    for consent in ("named", "none", "named"):
        scene.wait(seconds=1)
        send(scene, "UANA", "We publish earlier.", consent)
    (told,) = [delivery for delivery in scene.send() if delivery.outgoing.target == "UJESS"]
    assert "We publish earlier." in told.outgoing.text
    scene.wait(seconds=1)
    press(scene, "UANA", views.DELETE)
    assert [d.outgoing.text for d in scene.send() if d.outgoing.target == "UJESS"] == [views.GONE_TEXT]


def test_who_puts_it_off_is_asked_again_and_who_declines_never(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    writes(scene, "UBEN", "We used your template today")
    scene.send()
    press(scene, "UANA", views.LATER, "1:0")
    press(scene, "UBEN", views.DECLINE, "2:0")
    scene.send()
    scene.wait(days=30, minutes=1)
    FEATURE.plan_due(scene.ctx, scene.now)
    (again,) = scene.send()
    assert again.outgoing.target == "UANA"
    assert again.outgoing.text.startswith("A month ago you wrote in <#CDATA> that something helped")

    scene.wait(days=100)
    writes(scene, "UBEN", "We used your template again")
    assert scene.send() == []


def test_somebody_elses_story_cannot_be_touched(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    for action in (views.TELL, views.LATER, views.DECLINE, views.NOTHING, views.DELETE):
        assert press(scene, "UBEN", action).text == "This is not yours to answer."
    assert send(scene, "UBEN", "Mine", "named").text == "This is not yours to answer."
    for forged in ("1", "1:7", "x:0", "9" * 30 + ":0", ""):
        assert press(scene, "UANA", views.TELL, forged).text == "This is not yours to answer."


def test_it_keeps_to_the_budget_of_attention(scene: Scene) -> None:
    scene.communities = (replace(scene.communities[0], attention=Attention(member_day=0)),)
    writes(scene, "UANA", "That script saved us two days")
    assert scene.send() == []


def test_one_sees_ones_own_stories_and_the_coordinators_how_many(scene: Scene) -> None:
    writes(scene, "UANA", "That script saved us two days")
    send(scene, "UANA", "We publish earlier.", "unnamed")
    with scene.store.read() as tx:
        assert FEATURE.about is not None
        assert FEATURE.picture is not None
        own = str(FEATURE.about(scene.ctx, tx, scene.communities[0], "UANA"))
        assert FEATURE.about(scene.ctx, tx, scene.communities[0], "UBEN") == ()
        seen = str(FEATURE.picture(scene.ctx, tx, scene.communities[0]))
    assert "We publish earlier." in own
    assert views.DELETE in own
    assert "1 story of what helped came in" in seen
