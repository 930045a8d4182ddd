"""One community's onboarding, and the welcome that begins it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from copbot.core.community import Community
from copbot.core.delivery import Kind, Outgoing
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import Mrkdwn, channel_link, mention
from copbot.core.onboarding import Onboarding
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Happening, HappeningKind, Journey, Person
from copbot.core.roles import watched_channels
from copbot.core.time import MICROSECOND, to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.asking import Asking, asking
from copbot.features.onboarding.form import user_of, yes_or_no
from copbot.features.onboarding.words import Words, words_for


@dataclass(frozen=True)
class Reception:
    """One community's onboarding, in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    onboarding: Onboarding
    now_us: int
    made_up: Mapping[str, Person] = field(default_factory=dict)  # people whom only a preview knows

    def channel(self, reference: str | None) -> str | None:
        return None if reference is None else self.ctx.directory.channel(reference)

    @property
    def introductions(self) -> str | None:
        """The ID of the channel for introductions, when there is something to introduce people with."""
        return self.channel(self.community.channels.introductions) if self.onboarding.introduction else None

    @property
    def meeting_point(self) -> str:
        """The link of the first discussion channel, where a newcomer finds the others."""
        reference = self.community.channels.discussion[0]
        channel = self.channel(reference)
        return reference if channel is None else channel_link(channel)

    def watched(self) -> list[str]:
        return list(watched_channels(self.ctx, self.community))

    def asked(self, user: str, own: Sequence[GivenAnswer]) -> Asking:
        """What this person, who answered ``own`` here, is still asked here."""
        elsewhere = self.tx.journeys.answers_elsewhere(self.community.id, user)
        return asking(self.onboarding, own, elsewhere, {one.id: one for one in self.ctx.communities()})

    def words(self, person: Person) -> Words:
        """The bot's own phrases as this person reads them."""
        return words_for(person.locale, self.community.language)

    def rendered(
        self,
        name: str,
        person: Person,
        answers: Sequence[GivenAnswer],
        consequence: str,
        *,
        for_all: bool = False,
        more: Mapping[str, object] | None = None,
    ) -> str | None:
        """A template in the person's language, or ``for_all`` in the community's; ``more``: what it sees besides.

        When it cannot be rendered None, and the moderators are told once.
        """
        try:
            return self.render(name, person, answers, for_all=for_all, more=more)
        except Mistake as mistake:
            self._tell_of(str(mistake), consequence)
            return None

    def render(
        self,
        name: str,
        person: Person,
        answers: Sequence[GivenAnswer],
        *,
        for_all: bool = False,
        more: Mapping[str, object] | None = None,
    ) -> str:
        """The same, and nobody is told. Raises Mistake."""
        language = self.community.language if for_all else person.locale
        values = self._values(person, answers, words_for(language, self.community.language)) | dict(more or {})
        return self.ctx.templates.render(self.community, name, values, language)

    def _values(self, person: Person, answers: Sequence[GivenAnswer], words: Words) -> dict[str, Any]:
        questions = {question.id: question for question in self.onboarding.questions}
        inviter: dict[str, Any] | None = None
        shown = []
        for given in answers:
            question = questions.get(given.question)
            if question is None:
                continue
            answer = given.value
            user = user_of(answer) if question.type == "person" else None
            if user is not None:
                named = self.made_up.get(user) or self.tx.facts.person(user) or Person(user)
                inviter = _member(named) if question.id == "invited_by" else inviter
                answer = named.name or named.user  # by name: what a newcomer writes notifies nobody
            answer = yes_or_no(answer, words) if question.type == "yes_no" else answer
            shown.append({"id": question.id, "ask": question.ask, "answer": answer, "share": given.share})
        return {"member": _member(person), "answers": shown, "inviter": inviter, "channel": self.meeting_point}

    def _tell_of(self, mistake: str, consequence: str) -> None:
        moderators = self.channel(self.community.channels.moderators)
        if moderators is None:
            return
        text = views.mistake_text(mistake, consequence)
        self.tx.deliveries.plan(
            Outgoing(
                key=f"mistake:{self.community.id}:{fingerprint(mistake)}",
                kind="notice",
                target=moderators,
                text=text,
                community=self.community.id,
                due_us=self.now_us,
            )
        )


def _member(person: Person) -> dict[str, Any]:
    return {"name": person.name or Mrkdwn(mention(person.user)), "mention": Mrkdwn(mention(person.user))}


def fingerprint(text: str) -> str:
    """A short name for a text."""
    return sha256(text.encode()).hexdigest()[:12]


def reception_of(ctx: Context, tx: Tx, community_id: str, now: datetime) -> Reception | None:
    """The onboarding of a community that a button or a form names; None when it has none (any more)."""
    for community in ctx.communities():
        if community.id == community_id and community.onboarding is not None:
            return Reception(ctx, tx, community, community.onboarding, to_us(now))
    return None


COMINGS_AND_GOINGS: tuple[HappeningKind, ...] = ("joined_workspace", "joined_channel", "left_channel")


# --- the welcome --------------------------------------------------------------------------------------------------


def follow(ctx: Context, tx: Tx, happening: Happening) -> None:
    """Welcome a newcomer in each community whose onboarding starts with what happened; let go who left again at once."""
    if happening.kind not in COMINGS_AND_GOINGS:
        return
    person = tx.facts.person(happening.user)
    if person is None:
        return
    for community in ctx.communities():
        reception = reception_of(ctx, tx, community.id, ctx.clock.now())
        if reception is None or not _starts_with(reception, happening):
            continue
        if happening.kind == "left_channel":
            _let_go(reception, person.user)
        elif _is_new(reception, person, happening):
            welcome(reception, person, joined_us=happening.at_us)


def _starts_with(reception: Reception, happening: Happening) -> bool:
    start = reception.onboarding.starts_channel
    if happening.kind == "joined_workspace":
        return start is None
    return start is not None and happening.channel is not None and reception.channel(start) == happening.channel


def _is_new(reception: Reception, person: Person, happening: Happening) -> bool:
    facts = reception.tx.facts
    place: rules.Place = "workspace" if happening.kind == "joined_workspace" else "channel"
    in_others_us: int | None = None
    was_here = False
    if happening.channel is not None:
        discussion = filter(None, map(reception.channel, reception.community.channels.discussion))
        since = facts.member_since(person.user, [*discussion, happening.channel])
        if happening.channel not in since:
            return False  # has left again since
        others = [channel for channel in since if channel != happening.channel]
        in_others_us = min((_joined_us(reception, happening, channel) for channel in others), default=None)
        was_here = _was_here(reception, happening)
    return rules.is_newcomer(
        person,
        happening.at_us,
        place,
        wrote_before=facts.has_posted(person.user, reception.watched(), until_us=happening.at_us),
        was_here=was_here,
        in_others_us=in_others_us,
        welcomes=reception.onboarding.welcomes,
    )


def _was_here(reception: Reception, happening: Happening) -> bool:
    """Whether somebody was in the channel before they joined it now: seen there well before, or seen to leave. Whoever left before
    the welcome reached them has a journey, which says whether it begins anew."""
    tx, user, channel = reception.tx, happening.user, happening.channel
    if channel is None or tx.journeys.get(reception.community.id, user) is not None:
        return False
    if tx.facts.was_in(user, channel, happening.at_us - rules.TOGETHER // MICROSECOND):
        return True
    return user in tx.comparisons.joined("left_channel", channel) and tx.facts.was_in(user, channel, happening.at_us)


def _joined_us(reception: Reception, happening: Happening, channel: str) -> int:
    """About when somebody joined another channel that they are in: together with this one, or 0, long before. Lists of members, which
    are read at each start, tell of nobody's joining, so only what was heard of late counts as late."""
    since_us = happening.at_us - rules.TOGETHER // MICROSECOND
    heard = happening.user in reception.tx.comparisons.joined("joined_channel", channel, since_us)
    return since_us if heard else 0


def welcome(reception: Reception, person: Person, joined_us: int | None = None) -> bool:
    """Start a person's journey and plan the welcome. False when they have been welcomed in this community before.

    It comes ``delay`` after they joined, at once where that is past or nobody joined just now (``joined_us`` None).
    """
    community = reception.community
    journey = reception.tx.journeys.start(community.id, person.user, reception.now_us) or _begun_again(
        reception, person
    )
    if journey is None:
        return False
    delay_us = reception.onboarding.delay // MICROSECOND
    said = reception.rendered(reception.onboarding.welcome, person, (), "I said a plain hello instead.")
    words = reception.words(person)
    text = said or views.plain_welcome(community.name, words)
    asked = reception.asked(person.user, ())
    label = views.questions_label(reception.onboarding, words, len(asked.questions))
    reception.tx.deliveries.plan(
        Outgoing(
            key=welcome_keys(journey)[reception.tx.deliveries.get(welcome_keys(journey)[0]) is not None],
            kind="welcome",
            target=person.user,
            text=text,
            blocks=views.message_with_button(text, community.id, label),
            community=community.id,
            due_us=max(reception.now_us, joined_us + delay_us) if joined_us is not None else reception.now_us,
        )
    )
    _take_over(reception, journey)
    return True


def _take_over(reception: Reception, journey: Journey) -> None:
    """Where all of it was answered in another community it is kept here too, shared with nobody, and nothing is open."""
    asked = reception.asked(journey.user, ())
    if asked.is_done and reception.onboarding.guidelines is None:
        reception.tx.journeys.answer(journey.id, asked.carried, None, reception.now_us)


def take_over_elsewhere(reception: Reception, user: str) -> None:
    """What was answered in this community may leave nothing open in others in which the person has been welcomed."""
    ctx, tx = reception.ctx, reception.tx
    for community in ctx.communities():
        other = reception_of(ctx, tx, community.id, ctx.clock.now())
        journey = tx.journeys.get(community.id, user)
        if other is not None and journey is not None and journey.state == "invited" and not journey.draft:
            _take_over(other, journey)


def welcome_keys(journey: Journey) -> tuple[str, str]:
    """The key of the welcome; and of a second, when the first was never sent because they had left again by then."""
    first = f"welcome:{journey.community}:{journey.user}"
    return first, f"{first}:{journey.started_us}"


def _begun_again(reception: Reception, person: Person) -> Journey | None:
    """The journey of somebody who left before the welcome went out, begun anew: they are still new. None for everybody else."""
    journeys = reception.tx.journeys
    journey = journeys.get(reception.community.id, person.user)
    if journey is None or journey.state != "ended":
        return None
    first, again = map(reception.tx.deliveries.get, welcome_keys(journey))
    latest = again or first
    if latest is None or latest.state != "skipped":
        return None
    journeys.start_again(journey.id, reception.now_us)
    return journeys.get(reception.community.id, person.user)


# --- the end of a journey -----------------------------------------------------------------------------------------

STARTED_BY_THE_BOT: tuple[Kind, ...] = ("welcome", "onboarding")


def close(reception: Reception, journey: Journey, state: Literal["declined", "ended"]) -> bool:
    """Nothing more comes of a journey, also of what was planned and not sent yet. False when it was closed before."""
    if not reception.tx.journeys.close(journey.id, state, reception.now_us):
        return False
    reception.tx.deliveries.cancel_all(
        community=journey.community, target=journey.user, kinds=STARTED_BY_THE_BOT, reason=f"the newcomer {_WHY[state]}"
    )
    return True


_WHY = {"declined": "said no, thanks", "ended": "has left"}


def _let_go(reception: Reception, user: str) -> None:
    """Who leaves the channel before the welcome went out is not written to. Later it changes nothing: they are still around."""
    journey = reception.tx.journeys.get(reception.community.id, user)
    if journey is None:
        return
    first, again = map(reception.tx.deliveries.get, welcome_keys(journey))
    latest = again or first
    if latest is not None and latest.state == "due":
        close(reception, journey, "ended")


def end_of_those_who_left(ctx: Context, now: datetime) -> None:
    """End the journeys of people who left the workspace."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            if not tx.journeys.of_those_who_left(community.id):
                continue  # as nearly always: a pass must not hold up what is being taken in
        with ctx.store.begin() as tx:
            reception = reception_of(ctx, tx, community.id, now)
            if reception is not None:
                for journey in tx.journeys.of_those_who_left(community.id):
                    close(reception, journey, "ended")
