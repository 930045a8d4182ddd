"""The community's questions to a person, and what they answer: the form opened, kept half-filled, sent in."""

from collections.abc import Sequence

from copbot.core.delivery import Outgoing
from copbot.core.interaction import Answer
from copbot.core.onboarding import Onboarding
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Person
from copbot.features.onboarding import views
from copbot.features.onboarding.form import Earlier, State, draft_of, filled, form, questions_in
from copbot.features.onboarding.introduction import introduce
from copbot.features.onboarding.referral.inviting import note_inviter
from copbot.features.onboarding.routes import routes_for
from copbot.features.onboarding.service import Reception, fingerprint, reception_of
from copbot.features.onboarding.words import words_for


def open_form(ctx: Context, tx: Tx, community_id: str, user: str) -> Answer:
    """The community's questions, for those who were welcomed, as they left them."""
    person = tx.facts.person(user) or Person(user)
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(words_for(person.locale).closed)
    journey = tx.journeys.get(community_id, user)
    if journey is None:
        return Answer(reception.words(person).not_yours)
    own = tx.journeys.answers(journey.id)
    asked = reception.asked(user, own)
    guidelines, version = _guidelines(reception, person)
    channel = reception.introductions
    return Answer(
        view=form(
            reception.community,
            reception.onboarding,
            given=own,
            guidelines=guidelines,
            guidelines_version=version,
            accepted_version=journey.guidelines_version,
            introductions=None if channel is None else ctx.directory.channel_name(channel),
            words=reception.words(person),
            earlier=Earlier(asked.carried, journey.draft or {}, edition(own)),
        )
    )


def edition(own: Sequence[GivenAnswer]) -> str:
    """A short name for these answers, by which a form that was opened on other ones is known."""
    return fingerprint(repr([(one.question, one.value, one.share) for one in own])) if own else ""


def _guidelines(reception: Reception, person: Person) -> tuple[str, str]:
    name = reception.onboarding.guidelines
    if name is None:
        return "", ""
    text = reception.rendered(name, person, (), "The questions were shown without the guidelines.")
    return (text, reception.ctx.templates.version(reception.community, name)) if text else ("", "")


def keep_draft(tx: Tx, community_id: str, user: str, state: State, at_us: int) -> None:
    """Keep what stands in the form before it is sent. Fields of which nothing is said keep what was known of them."""
    journey = tx.journeys.get(community_id, user)
    typed = draft_of(state)
    if journey is not None and typed:
        tx.journeys.keep_draft(journey.id, {**(journey.draft or {}), **typed}, at_us)


def submit(ctx: Context, tx: Tx, community_id: str, user: str, state: State, opened_on: str = "") -> Answer:
    """Keep what a person answered and introduce them; the same answers again change nothing.

    ``opened_on``: the edition of the answers that the form was opened on.
    """
    person = tx.facts.person(user) or Person(user)
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(words_for(person.locale).closed)
    words = reception.words(person)
    journey = tx.journeys.get(community_id, user)
    if journey is None:
        return Answer(words.not_yours)
    before = list(tx.journeys.answers(journey.id))
    carried = reception.asked(user, before).carried
    sent = filled(reception.onboarding, state, words, carried, [one.question for one in before])
    if sent.errors:
        return Answer(errors=sent.errors)
    is_stale = bool(before) and opened_on != edition(before)
    answers = _with_earlier(before, sent.answers, reception.onboarding, state, keep_blank=is_stale)
    version = sent.guidelines_version or journey.guidelines_version
    first = journey.answered_us is None
    if not first and answers == before and version == journey.guidelines_version:
        tx.journeys.answer(journey.id, answers, version, reception.now_us)  # the draft has served
        return Answer()
    tx.journeys.answer(journey.id, answers, version, reception.now_us)
    note_inviter(tx, reception.onboarding, journey, answers, reception.now_us)
    introduced_in = introduce(reception, journey, before, answers)
    text = views.thanks(introduced_in, words, first=first, is_outdated=sent.is_outdated, is_stale=is_stale)
    if routes := routes_for(reception, person, answers, before):
        text += f"\n\n{routes}"
    tx.deliveries.plan(
        Outgoing(
            key=f"thanks:{community_id}:{user}:{reception.now_us}",
            kind="answer",
            target=user,
            text=text,
            blocks=views.message_with_button(text, community_id, words.change_answers),
            community=community_id,
            due_us=reception.now_us,
        )
    )
    return Answer()


def _with_earlier(
    before: Sequence[GivenAnswer],
    sent: Sequence[GivenAnswer],
    onboarding: Onboarding,
    state: State,
    *,
    keep_blank: bool,
) -> list[GivenAnswer]:
    """What was sent, and what was answered earlier to questions that were not in the form. Those are shared no more.

    ``keep_blank``: a field left blank in a form that was opened before the latest answers were given, on another device say, erases
    none of them.
    """
    in_form = {one.question for one in sent} if keep_blank else {*questions_in(state), *(one.question for one in sent)}
    asked = {question.id for question in onboarding.questions}
    kept = [one for one in before if one.question not in in_form]
    return [*sent, *(one if one.question in asked else GivenAnswer(one.question, one.value) for one in kept)]
