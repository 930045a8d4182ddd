"""Welcoming a newcomer, taking their answers, introducing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import Mrkdwn, channel_link, mention
from copbot.core.onboarding import Onboarding
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Happening, Journey, Person
from copbot.core.roles import watched_channels
from copbot.core.time import to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.form import State, filled, form, questions_in, user_of


@dataclass(frozen=True)
class Reception:
    """One community's onboarding, in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    onboarding: Onboarding
    now_us: int

    def channel(self, reference: str | None) -> str | None:
        return None if reference is None else self.ctx.directory.channel(reference)

    @property
    def introductions(self) -> str | None:
        """The ID of the channel for introductions, when there is something to introduce people with."""
        return self.channel(self.community.channels.introductions) if self.onboarding.introduction else None

    def watched(self) -> list[str]:
        return list(watched_channels(self.ctx, self.community))

    def rendered(self, name: str, person: Person, answers: Sequence[GivenAnswer], consequence: str) -> str | None:
        """A template in the person's language; when it cannot be rendered None, and the moderators are told once."""
        try:
            values = self._values(person, answers)
            return self.ctx.templates.render(self.community, name, values, person.locale)
        except Mistake as mistake:
            self._tell_of(str(mistake), consequence)
            return None

    def _values(self, person: Person, answers: Sequence[GivenAnswer]) -> dict[str, Any]:
        questions = {question.id: question for question in self.onboarding.questions}
        inviter: dict[str, Any] | None = None
        shown = []
        for given in answers:
            question = questions.get(given.question)
            if question is None:
                continue
            user = user_of(given.value) if question.type == "person" else None
            if user is not None and question.id == "invited_by":
                inviter = _member(self.tx.facts.person(user) or Person(user))
            answer = Mrkdwn(mention(user)) if user is not None else given.value
            shown.append({"id": question.id, "ask": question.ask, "answer": answer, "share": given.share})
        return {"member": _member(person), "answers": shown, "inviter": inviter}

    def _tell_of(self, mistake: str, consequence: str) -> None:
        moderators = self.channel(self.community.channels.moderators)
        if moderators is None:
            return
        text = views.mistake_text(mistake, consequence)
        self.tx.deliveries.plan(
            Outgoing(
                key=f"mistake:{self.community.id}:{_fingerprint(mistake)}",
                kind="notice",
                target=moderators,
                text=text,
                community=self.community.id,
                due_us=self.now_us,
            )
        )


def _member(person: Person) -> dict[str, Any]:
    return {"name": person.name or Mrkdwn(mention(person.user)), "mention": Mrkdwn(mention(person.user))}


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def reception_of(ctx: Context, tx: Tx, community_id: str, now: datetime) -> Reception | None:
    """The onboarding of a community that a button or a form names; None when it has none (any more)."""
    for community in ctx.communities():
        if community.id == community_id and community.onboarding is not None:
            return Reception(ctx, tx, community, community.onboarding, to_us(now))
    return None


# --- the welcome --------------------------------------------------------------------------------------------------


def follow(ctx: Context, tx: Tx, happening: Happening) -> None:
    """Welcome a newcomer in each community whose onboarding starts with what happened."""
    person = tx.facts.person(happening.user)
    if person is None:
        return
    for community in ctx.communities():
        reception = reception_of(ctx, tx, community.id, ctx.clock.now())
        if reception is None or not _starts_with(reception, happening):
            continue
        wrote_before = tx.facts.has_posted(person.user, reception.watched(), until_us=happening.at_us)
        place: rules.Place = "workspace" if happening.kind == "joined_workspace" else "channel"
        if rules.is_newcomer(person, happening.at_us, place, wrote_before=wrote_before):
            welcome(reception, person)


def _starts_with(reception: Reception, happening: Happening) -> bool:
    start = reception.onboarding.starts_channel
    if happening.kind == "joined_workspace":
        return start is None
    return start is not None and happening.channel is not None and reception.channel(start) == happening.channel


def welcome(reception: Reception, person: Person) -> bool:
    """Start a person's journey and plan the welcome. False when they have been welcomed in this community before."""
    community = reception.community
    if reception.tx.journeys.start(community.id, person.user, reception.now_us) is None:
        return False
    said = reception.rendered(reception.onboarding.welcome, person, (), "I said a plain hello instead.")
    text = said or views.plain_welcome(community.name)
    reception.tx.deliveries.plan(
        Outgoing(
            key=f"welcome:{community.id}:{person.user}",
            kind="welcome",
            target=person.user,
            text=text,
            blocks=views.message_with_button(text, community.id, views.questions_label(reception.onboarding)),
            community=community.id,
            due_us=reception.now_us,
        )
    )
    return True


# --- questions and answers ----------------------------------------------------------------------------------------


def open_form(ctx: Context, tx: Tx, community_id: str, user: str) -> Answer:
    """The community's questions, for those who were welcomed."""
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(views.CLOSED)
    journey = tx.journeys.get(community_id, user)
    if journey is None:
        return Answer(views.NOT_YOURS)
    person = tx.facts.person(user) or Person(user)
    guidelines, version = _guidelines(reception, person)
    channel = reception.introductions
    return Answer(
        view=form(
            reception.community,
            reception.onboarding,
            given=tx.journeys.answers(journey.id),
            guidelines=guidelines,
            guidelines_version=version,
            accepted_version=journey.guidelines_version,
            introductions=None if channel is None else ctx.directory.channel_name(channel),
        )
    )


def _guidelines(reception: Reception, person: Person) -> tuple[str, str]:
    name = reception.onboarding.guidelines
    if name is None:
        return "", ""
    text = reception.rendered(name, person, (), "The questions were shown without the guidelines.")
    return (text, reception.ctx.templates.version(reception.community, name)) if text else ("", "")


def submit(ctx: Context, tx: Tx, community_id: str, user: str, state: State) -> Answer:
    """Keep what a newcomer answered and introduce them; the same answers again change nothing."""
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(views.CLOSED)
    journey = tx.journeys.get(community_id, user)
    if journey is None:
        return Answer(views.NOT_YOURS)
    sent = filled(reception.onboarding, state)
    if sent.errors:
        return Answer(errors=sent.errors)
    before = list(tx.journeys.answers(journey.id))
    answers = _with_earlier(before, sent.answers, reception.onboarding, state)
    version = sent.guidelines_version or journey.guidelines_version
    first = journey.state != "answered"
    if not first and answers == before and version == journey.guidelines_version:
        return Answer()
    tx.journeys.answer(journey.id, answers, version, reception.now_us)
    introduced_in = _introduce(reception, journey, before, answers)
    text = views.thanks(introduced_in, first=first, is_outdated=sent.is_outdated)
    tx.deliveries.plan(
        Outgoing(
            key=f"thanks:{community_id}:{user}:{reception.now_us}",
            kind="answer",
            target=user,
            text=text,
            blocks=views.message_with_button(text, community_id, "Change my answers"),
            community=community_id,
            due_us=reception.now_us,
        )
    )
    return Answer()


def _with_earlier(
    before: Sequence[GivenAnswer], sent: Sequence[GivenAnswer], onboarding: Onboarding, state: State
) -> list[GivenAnswer]:
    """What was sent, and what was answered earlier to questions that were not in the form. Those are shared no more."""
    in_form = questions_in(state)
    asked = {question.id for question in onboarding.questions}
    kept = [one for one in before if one.question not in in_form]
    return [*sent, *(one if one.question in asked else GivenAnswer(one.question, one.value) for one in kept)]


def _introduce(
    reception: Reception, journey: Journey, before: Sequence[GivenAnswer], answers: Sequence[GivenAnswer]
) -> str | None:
    """Post the introduction, or bring it up to date. The link of its channel, None when nothing is shared."""
    channel, name = reception.introductions, reception.onboarding.introduction
    if channel is None or name is None:
        return None
    shared = [one for one in answers if one.share]
    key = f"introduction:{journey.community}:{journey.user}"
    stands = reception.tx.deliveries.get(key) is not None
    if not shared and not stands:
        return None
    if stands and shared == [one for one in before if one.share]:
        return channel_link(channel) if shared else None
    person = reception.tx.facts.person(journey.user) or Person(journey.user)
    text = reception.rendered(name, person, shared, "The introduction waits.") if shared else views.WITHDRAWN
    if text is None:
        return None
    reception.tx.deliveries.plan(
        Outgoing(
            key=f"{key}:{_fingerprint(text)}:{reception.now_us}" if stands else key,
            kind="introduction",
            target=channel,
            text=text,
            blocks=views.introduction_blocks(text),
            community=journey.community,
            due_us=reception.now_us,
            subject=journey.user,
            updates=key if stands else None,
        )
    )
    return channel_link(channel) if shared else None
