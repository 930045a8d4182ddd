"""A newcomer's whole way as they and the moderators would see it, from the welcome to the question after a month.

Made by what makes the real thing, with sample answers; it sends nothing and keeps nothing. In the terminal, where Slack is not
asked, channels and people stand as the files write them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import channel_link, escape, mention
from copbot.core.onboarding import FollowUp
from copbot.core.ports import Context, Tx
from copbot.core.previews import Preview, Shown, Wanted
from copbot.core.records import GivenAnswer, GivenOutcome, Journey, Person
from copbot.core.time import MICROSECOND, in_words, to_us
from copbot.features.onboarding import rules, views
from copbot.features.onboarding.follow_up.service import step_blocks
from copbot.features.onboarding.follow_up.steps import Step, step_key
from copbot.features.onboarding.form import form
from copbot.features.onboarding.month import views as outcome_views
from copbot.features.onboarding.referral.rules import LEVELS, Level
from copbot.features.onboarding.rehearsal.samples import (
    INVITER,
    INVITER_NAME,
    NEWCOMER,
    AsWritten,
    sample_answer,
    with_names,
)
from copbot.features.onboarding.routes import routes_for
from copbot.features.onboarding.service import Reception
from copbot.features.onboarding.words import words_for

NAME = "onboarding"
SOMEBODY = "Sam Newcomer"


_OWN_HOURS = "At the newcomer's own days and hours, within the budget of attention."

_CONDITIONS = {
    None: "",
    "open": ", if the questions are still open",
    "answered": ", if they answered and never wrote",
    "posted": ", if they have written",
    "silent": ", if they neither answered nor wrote",
}


def show(ctx: Context, tx: Tx, community: Community, wanted: Wanted) -> Sequence[Shown]:
    """Every message and form of a journey, in order. Without a name nothing: when somebody joins nobody knows."""
    if wanted.name != NAME or community.onboarding is None:
        return ()
    in_terminal = not wanted.user
    if in_terminal:
        ctx = replace(ctx, directory=AsWritten(ctx.directory))
    reception = Reception(
        ctx, tx, community, community.onboarding, to_us(wanted.at), {INVITER: Person(INVITER, INVITER_NAME)}
    )
    person = _newcomer(tx, wanted)
    return [with_names(one, person.name) if in_terminal else one for one in _Journey(reception, person).all()]


def names(community: Community) -> Sequence[str]:
    return () if community.onboarding is None else (NAME,)


PREVIEW = Preview(show, names)


def _newcomer(tx: Tx, wanted: Wanted) -> Person:
    """Whoever asks, as a newcomer; in the terminal somebody of the name that was given."""
    known = tx.facts.person(wanted.user) if wanted.user else Person(NEWCOMER, name=SOMEBODY)
    person = known or Person(wanted.user)
    return replace(person, name=wanted.as_name or person.name, locale=wanted.language or person.locale)


@dataclass(frozen=True)
class _Journey:
    """The messages of one sample newcomer."""

    reception: Reception
    person: Person

    def all(self) -> Iterator[Shown]:
        yield self._welcome()
        yield self._form()
        if self.reception.onboarding.introduction is not None and self._shared:
            yield self._introduction()
        yield self._thanks()
        yield self._no_thanks()
        follow_ups = self.reception.onboarding.follow_ups
        for follow_up, name in zip(follow_ups, rules.step_names(follow_ups), strict=True):
            yield from self._follow_up(follow_up, name)
        if self.reception.onboarding.referrals.where != "off":
            yield from self._to_inviter()

    @property
    def _answers(self) -> list[GivenAnswer]:
        asker = self.person.user if self.person.user != NEWCOMER else INVITER
        return [
            GivenAnswer(question.id, sample_answer(question, self._name, asker, self.reception.now_us), question.share)
            for question in self.reception.onboarding.questions
        ]

    @property
    def _shared(self) -> list[GivenAnswer]:
        return [one for one in self._answers if one.share]

    @property
    def _name(self) -> str:
        return self.person.name or "you"

    @property
    def _dm(self) -> str:
        return f"a direct message to {self._name}"

    def _rendered(
        self,
        name: str,
        answers: Sequence[GivenAnswer],
        *,
        to: Person | None = None,
        for_all: bool = False,
        more: Mapping[str, object] | None = None,
    ) -> tuple[str, tuple[str, ...]]:
        """A template's text; where it cannot be rendered none, and why."""
        try:
            return self.reception.render(name, to or self.person, answers, for_all=for_all, more=more), ()
        except Mistake as mistake:
            return "", (f"this cannot be rendered: {mistake}",)

    def _welcome(self) -> Shown:
        onboarding, words = self.reception.onboarding, self.reception.words(self.person)
        text, notes = self._rendered(onboarding.welcome, ())
        text = text or views.plain_welcome(self.reception.community.name, words)
        label = views.questions_label(onboarding, words)
        blocks = views.message_with_button(text, self.reception.community.id, label)
        where = "the workspace" if onboarding.starts_channel is None else onboarding.starts_channel
        when = f"{in_words(onboarding.delay)} after joining {where}" if onboarding.delay else f"on joining {where}"
        return Shown(self._dm, when, text=text, blocks=blocks, notes=notes, name="welcome")

    def _form(self) -> Shown:
        reception = self.reception
        channel, guidelines = reception.introductions, ""
        notes: tuple[str, ...] = ()
        if reception.onboarding.guidelines is not None:
            guidelines, notes = self._rendered(reception.onboarding.guidelines, ())
        view = form(
            reception.community,
            reception.onboarding,
            guidelines=guidelines,
            guidelines_version="preview",
            introductions=None if channel is None else reception.ctx.directory.channel_name(channel),
            words=reception.words(self.person),
        )
        return Shown("a form", "when they press the button", view=view, notes=notes, name="questions")

    def _introduction(self) -> Shown:
        reception = self.reception
        text, notes = self._rendered(reception.onboarding.introduction or "", self._shared, for_all=True)
        reference, waits = reception.community.channels.introductions, in_words(reception.community.unanswered.after)
        if reception.introductions is None:
            notes = (*notes, f"{reference or 'no channel for introductions'}: not there, so nobody is introduced")
        blocks = views.introduction_blocks(text)
        why = f"What they left ticked. A card goes to the moderators if nobody greets them within {waits}."
        return Shown(
            reference or "nowhere", "at once, with what they share", why, text, blocks, None, notes, "introduction"
        )

    def _thanks(self) -> Shown:
        reception, words = self.reception, self.reception.words(self.person)
        channel = reception.introductions if self._shared else None
        link = None if channel is None else channel_link(channel)
        text = views.thanks(link, words, first=True, is_outdated=False)
        if routes := routes_for(reception, self.person, self._answers):
            text += f"\n\n{routes}"
        blocks = views.message_with_button(text, reception.community.id, words.change_answers, primary=False)
        return Shown(
            self._dm, "when they send the form", text=text, blocks=blocks, notes=self._nowhere(), name="thanks"
        )

    def _nowhere(self) -> tuple[str, ...]:
        """Channels to which an option leads, and that are not there."""
        options = [option for question in self.reception.onboarding.questions for option in question.options]
        missing = [(option.text, ref) for option in options for ref in option.channels if self._misses(ref)]
        return tuple(f"the answer {text} leads to {ref}, which is not there: it is left out" for text, ref in missing)

    def _misses(self, reference: str) -> bool:
        return self.reception.channel(reference) is None

    def _no_thanks(self) -> Shown:
        words = self.reception.words(self.person)
        text = words.declined.format(command=self.reception.ctx.command)
        return Shown(
            self._dm, f"if they say “{words.no_thanks}”", text=text, blocks=views.message(text), name="no thanks"
        )

    def _follow_up(self, follow_up: FollowUp, name: str) -> Iterator[Shown]:
        when = f"{in_words(follow_up.after)} after the welcome{_CONDITIONS[follow_up.condition]}"
        if follow_up.tell_moderators:
            text = views.silent_text(follow_up, [self.person.user], self.reception.ctx.command)
            yield Shown(self._moderators, when, text=text, name="moderators")
            return
        step = self._step(follow_up, name)
        answers = self._answers if step.journey.answered_us is not None else ()
        text, notes = self._rendered(follow_up.prompt or "", answers)
        blocks = step_blocks(self.reception, step, text) if text else ()
        why = "Outside quiet hours, within the budget of attention." if follow_up.after < rules.SOON else _OWN_HOURS
        yield Shown(self._dm, when, why, text, blocks, None, notes, follow_up.prompt or name)
        if follow_up.asks_outcome:
            yield from self._outcome(step)

    def _step(self, follow_up: FollowUp, name: str) -> Step:
        answered_us = None if follow_up.condition in ("open", "silent") else self.reception.now_us
        started_us = self.reception.now_us - follow_up.after // MICROSECOND
        state = self.reception.community.id
        journey = Journey(0, state, self.person.user, "answered" if answered_us else "invited", started_us, answered_us)
        return Step(journey, self.person, follow_up, step_key(journey, name))

    def _outcome(self, step: Step) -> Iterator[Shown]:
        """The form for a line of their own, and what the moderators read."""
        words = self.reception.words(self.person)
        view = outcome_views.line_form("partly", outcome_views.value_of(step.key), "", words)
        yield Shown("a form", "when they press one of the three", view=view, name="a line of their own")
        said = GivenOutcome("partly", f"What {self._name} writes in that form.", self.reception.now_us)
        joined = in_words(step.follow_up.after)
        text = outcome_views.told_text(self.person.user, said, self.reception.onboarding, self._answers, joined)
        blocks = outcome_views.told_blocks(text)
        yield Shown(self._moderators, "when they have answered", text=text, blocks=blocks, name="moderators")

    def _to_inviter(self) -> Iterator[Shown]:
        """The first thanks to somebody who brought others, in private, and for all to read where the file says so."""
        reception, level = self.reception, LEVELS[0]
        inviter = replace(self.person, user=INVITER, name=INVITER_NAME) if self.person.user == NEWCOMER else self.person
        when = f"when {level.at} people whom they invited have joined in"
        yield self._referral(inviter, level, f"a direct message to {inviter.name}", when, for_all=False)
        if reception.onboarding.referrals.where == "public":
            where = reception.community.channels.introductions or reception.community.channels.discussion[0]
            yield self._referral(inviter, level, where, when, for_all=True)

    def _referral(self, inviter: Person, level: Level, where: str, when: str, *, for_all: bool) -> Shown:
        reception, thanks = self.reception, self.reception.onboarding.referrals
        notes: tuple[str, ...] = ()
        words = words_for(reception.community.language) if for_all else reception.words(inviter)
        template, text = thanks.announcement if for_all else thanks.prompt, ""
        if template is not None:
            more = {"level": words.bronze, "count": level.at}
            text, notes = self._rendered(template, (), to=inviter, for_all=for_all, more=more)
        phrase = words.referral_announcement if for_all else words.referral_thanks
        text = text or phrase.format(
            name=escape(inviter.name),
            member=mention(inviter.user),
            count=level.at,
            level=words.bronze,
            community=escape(reception.community.name),
        )
        return Shown(
            where, when, text=text, blocks=views.message(text), notes=notes, name=template or "thanks to the inviter"
        )

    @property
    def _moderators(self) -> str:
        return self.reception.community.channels.moderators or "the moderators"
