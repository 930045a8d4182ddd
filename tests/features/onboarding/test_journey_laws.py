"""Laws of a journey over random lives: whatever happens in whatever order, and however often the program is started anew."""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import databases
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from scene import COMMUNITY, Scene
from sqlalchemy import text

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore
from copbot.core.delivery import Delivery
from copbot.core.facts import MembershipSeen, UserSeen, WorkspaceJoined
from copbot.core.interaction import Press, Submission
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.records import Happening, Journey
from copbot.core.time import to_us
from copbot.features.onboarding import FEATURE
from copbot.features.onboarding.form import CALLBACK, DRAFT
from copbot.features.onboarding.views import DECLINE, OPEN, WITHDRAW

GOAL = Question("goal", "Your goal?", "long_text", share=True)
TOPIC = Question("topic", "Your topic?", share=True)
REMINDER = FollowUp(timedelta(days=3), "open", "reminder.j2")
ONBOARDING = Onboarding(
    welcome="welcome.j2",
    introduction="introduction.j2",
    questions=(GOAL,),
    follow_ups=(REMINDER, FollowUp(timedelta(days=30), prompt="month.j2")),
    delay=timedelta(seconds=30),
)
DATA = replace(COMMUNITY, onboarding=ONBOARDING, attention=replace(COMMUNITY.attention, quiet=None))
MAPS = replace(
    DATA,
    id="maps",
    channels=replace(DATA.channels, discussion=("#maps",)),
    onboarding=replace(ONBOARDING, starts_channel="#maps", questions=(GOAL, TOPIC)),
)
CHANGED = replace(DATA, onboarding=replace(ONBOARDING, questions=(TOPIC,)))
PROMPTS = {
    "welcome.j2": "Hello!",
    "introduction.j2": "{% for a in answers %}{{ a.answer }} {% endfor %}",
    "reminder.j2": "Still open.",
    "month.j2": "A month!",
}
USERS = ("U1",)  # newcomers share nothing; one lives through more
PLACES = ("data", "maps")
BY_THE_BOT = ("welcome", "onboarding")

users = st.just("U1")
places = st.sampled_from(PLACES)
waits = st.sampled_from([0.0001, 0.001, 1, 3, 12])
goals = st.sampled_from(["Learn", "Teach", "<!channel>"])


class Lives(RuleBasedStateMachine):
    """A newcomer, two communities, one bot that is stopped and started at any moment."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.scene = Scene(Path(self.folder.name), DATA, MAPS, prompts=dict(PROMPTS))
        self.sent: list[Delivery] = []
        self.forms: list[tuple[str, dict[str, Any]]] = []

    def teardown(self) -> None:
        if hasattr(self, "scene"):
            self.scene.close()
            self.folder.cleanup()

    # -- what happens

    @rule(user=users, again=st.booleans(), days=waits)
    def joins_the_workspace(self, user: str, again: bool, days: float) -> None:
        at_us = self._a_moment_later()
        self.scene.record(UserSeen(user, name=user, is_deleted=False, updated_us=at_us), WorkspaceJoined(user, at_us))
        for _ in range(1 + again):  # an event that Slack sends twice, should it ever get through
            self._happens(Happening(1, "joined_workspace", user, at_us))
        self.time_passes(days)

    @rule(user=users, joined=st.sampled_from([True, True, False]), days=waits)
    def comes_into_or_leaves_the_channel(self, user: str, joined: bool, days: float) -> None:
        at_us = self._a_moment_later()
        self.scene.record(MembershipSeen("CMAPS", user, joined, at_us))
        self._happens(Happening(1, "joined_channel" if joined else "left_channel", user, at_us, "CMAPS"))
        self.time_passes(days)

    @rule(user=users)
    def is_deactivated(self, user: str) -> None:
        self.scene.record(UserSeen(user, is_deleted=True, updated_us=self._a_moment_later()))
        FEATURE.plan_due(self.scene.ctx, self.scene.now)

    @rule(user=users, place=places)
    def opens_the_form(self, user: str, place: str) -> None:
        view = self._press(OPEN, user, place)
        if view is not None:
            self.forms.append((user, view))

    @rule(user=users, place=places, goal=goals, share=st.booleans())
    def answers(self, user: str, place: str, goal: str, share: bool) -> None:
        self.opens_the_form(user, place)
        if self.forms:
            self._send(*self.forms[-1], goal, share)

    @precondition(lambda self: self.forms)
    @rule(data=st.data(), goal=goals, share=st.booleans())
    def sends_an_old_form_in(self, data: st.DataObject, goal: str, share: bool) -> None:
        self._send(*data.draw(st.sampled_from(self.forms)), goal, share)

    def _send(self, user: str, view: dict[str, Any], goal: str, share: bool) -> None:
        state: dict[str, Any] = {
            block["block_id"]: {"x": {"value": goal}}
            for block in view["blocks"]
            if block["type"] == "input" and block["block_id"].startswith("question:")
        }
        ticked = [{"value": "goal"}, {"value": "topic"}] if share else []
        state["share"] = {"x": {"selected_options": ticked}}
        with self.scene.store.begin() as tx:
            FEATURE.forms[CALLBACK](
                self.scene.ctx, tx, Submission(user, CALLBACK, view["private_metadata"], state, "V", "h")
            )

    @precondition(lambda self: self.forms)
    @rule(data=st.data(), typed=st.text("ab", max_size=3))
    def types(self, data: st.DataObject, typed: str) -> None:
        user, view = data.draw(st.sampled_from(self.forms))
        state = {"question:goal": {"x": {"value": typed}}}
        with self.scene.store.begin() as tx:
            press = Press(user, DRAFT, "", "t", state=state, private_metadata=view["private_metadata"])
            FEATURE.drafts[DRAFT](self.scene.ctx, tx, press)

    @rule(user=users, place=places, action=st.sampled_from([DECLINE, WITHDRAW]))
    def presses(self, user: str, place: str, action: str) -> None:
        self._press(action, user, place)

    @rule()
    def the_questions_change(self) -> None:
        now = self.scene.communities
        self.scene.communities = (CHANGED if now[0] is DATA else DATA, MAPS)

    @rule(days=waits)
    def time_passes(self, days: float) -> None:
        self.scene.wait(days=days)
        FEATURE.plan_due(self.scene.ctx, self.scene.now)
        self.sent += self.scene.send()

    @rule()
    def the_program_is_started_anew(self) -> None:
        self.scene.engine.dispose()
        self.scene.engine = open_engine(databases.address(Path(self.folder.name) / "copbot.db"))
        self.scene.store = SqlStore(self.scene.engine, 1)
        self.scene.ctx = replace(self.scene.ctx, store=self.scene.store)

    def _a_moment_later(self) -> int:
        """No two things happen at the same microsecond."""
        self.scene.wait(seconds=1)
        return to_us(self.scene.now)

    def _happens(self, happening: Happening) -> None:
        with self.scene.store.begin() as tx:
            FEATURE.follow(self.scene.ctx, tx, happening)

    def _press(self, action: str, user: str, place: str) -> dict[str, Any] | None:
        with self.scene.store.begin() as tx:
            return FEATURE.actions[action](self.scene.ctx, tx, Press(user, action, place, "t")).view

    # -- what holds

    @invariant()
    def each_step_is_said_once_at_most(self) -> None:
        steps = Counter(
            (d.outgoing.kind, d.outgoing.community, d.outgoing.target, d.outgoing.text)
            for d in self.sent
            if d.outgoing.kind in BY_THE_BOT
        )
        assert max(steps.values(), default=0) <= 1

    @invariant()
    def nobody_is_introduced_twice(self) -> None:
        posted = Counter(
            (d.outgoing.community, d.outgoing.subject)
            for d in self.sent
            if d.outgoing.kind == "introduction" and not d.outgoing.updates
        )
        assert max(posted.values(), default=0) <= 1

    @invariant()
    def nothing_comes_of_a_journey_that_was_closed(self) -> None:
        for user in USERS:
            for place in PLACES:
                journey = self._journey(place, user)
                if journey is None or journey.goes_on:
                    continue
                assert journey.closed_us is not None
                late = [d for d in self.sent if self._of(d, journey) and d.outgoing.due_us > journey.closed_us]
                assert late == []
                assert not self._planned(journey)

    @invariant()
    def nobody_is_asked_in_one_community_what_they_answered_in_another(self) -> None:
        for user, view in self.forms[-1:]:
            place = view["private_metadata"].partition(":")[0]
            here, other = self._journey(place, user), self._journey(PLACES[place == "data"], user)
            if here is None or other is None or here.answered_us is not None:
                continue
            asks_goal = any(q.id == "goal" for c in self.scene.communities if c.id == other.community for q in _of(c))
            with self.scene.store.read() as tx:
                told = {one.question for one in tx.journeys.answers(other.id)}
            fresh = self._press(OPEN, user, place)
            assert fresh is not None
            asked = {b["block_id"] for b in fresh["blocks"] if b["type"] == "input"}
            assert not ("goal" in told and asks_goal and "question:goal" in asked)

    def _journey(self, place: str, user: str) -> Journey | None:
        if not hasattr(self, "scene"):
            return None
        with self.scene.store.read() as tx:
            return tx.journeys.get(place, user)

    @staticmethod
    def _of(delivery: Delivery, journey: Journey) -> bool:
        outgoing = delivery.outgoing
        same = (outgoing.community, outgoing.target) == (journey.community, journey.user)
        return same and outgoing.kind in BY_THE_BOT

    def _planned(self, journey: Journey) -> int:
        waiting = text(
            "SELECT count(*) FROM delivery WHERE state = 'due' AND target = :user AND community = :place"
            " AND kind IN ('welcome', 'onboarding')"
        )
        with self.scene.engine.connect() as connection:
            found = connection.execute(waiting, {"user": journey.user, "place": journey.community})
            return int(found.scalar_one())


def _of(community: Any) -> tuple[Question, ...]:
    return community.onboarding.questions if community.onboarding else ()


Lives.TestCase.settings = settings(max_examples=10, stateful_step_count=30, deadline=None)
TestLives = Lives.TestCase
