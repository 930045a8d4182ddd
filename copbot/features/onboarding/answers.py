"""The community's questions to a person, and what they answer: the form opened, kept half-filled, sent in."""

from collections.abc import Sequence

from copbot.core.delivery import Outgoing
from copbot.core.interaction import Answer
from copbot.core.onboarding import Onboarding
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Journey, Person
from copbot.core.time import to_us
from copbot.features.onboarding import views
from copbot.features.onboarding.form import Earlier, State, draft_of, filled, fits, form, questions_in, ticked_in
from copbot.features.onboarding.introduction import introduce
from copbot.features.onboarding.referral.inviting import note_inviter
from copbot.features.onboarding.routes import routes_for
from copbot.features.onboarding.service import Reception, fingerprint, reception_of, take_over_elsewhere
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
    version = reception.ctx.templates.version(reception.community, name, person.locale)
    return (text, version) if text else ("", "")


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
        # Closed by a slip, perhaps: then what was written is there again.
        keep_draft(tx, community_id, user, state, to_us(ctx.clock.now()))
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
    if journey.answered_us is not None and answers == before and version == journey.guidelines_version:
        tx.journeys.answer(journey.id, answers, version, reception.now_us)  # the draft has served
        return Answer()
    tx.journeys.answer(journey.id, answers, version, reception.now_us)
    take_over_elsewhere(reception, user)
    note_inviter(tx, reception.onboarding, journey, answers, reception.now_us)
    text = _thanks(reception, journey, before, answers, is_outdated=sent.is_outdated, is_stale=is_stale)
    if routes := routes_for(reception, person, answers, before):
        text += f"\n\n{routes}"
    tx.deliveries.plan(
        Outgoing(
            key=f"thanks:{community_id}:{user}:{reception.now_us}",
            kind="answer",
            target=user,
            text=text,
            blocks=views.message_with_button(text, community_id, words.change_answers, primary=sent.is_outdated),
            community=community_id,
            due_us=reception.now_us,
        )
    )
    return Answer()


def _thanks(
    reception: Reception,
    journey: Journey,
    before: Sequence[GivenAnswer],
    answers: Sequence[GivenAnswer],
    *,
    is_outdated: bool,
    is_stale: bool,
) -> str:
    """Introduce them, or bring it up to date or withdraw it; and what they read of that."""
    person = reception.tx.facts.person(journey.user) or Person(journey.user)
    return views.thanks(
        introduce(reception, journey, before, answers),
        reception.words(person),
        first=journey.answered_us is None,
        is_outdated=is_outdated,
        is_stale=is_stale,
        is_withdrawn=_is_any_shared(before) and not _is_any_shared(answers),
    )


def _is_any_shared(answers: Sequence[GivenAnswer]) -> bool:
    return any(one.share for one in answers)


def _with_earlier(
    before: Sequence[GivenAnswer],
    sent: Sequence[GivenAnswer],
    onboarding: Onboarding,
    state: State,
    *,
    keep_blank: bool,
) -> list[GivenAnswer]:
    """What was sent, and what was answered earlier to questions that were not in the form, or that the form could not show because
    their options are others now. Nothing of that is shared any more whose question is gone, or which was unticked.

    ``keep_blank``: a field left blank in a form that was opened before the latest answers were given, on another device say, erases
    none of them.
    """
    asked = {question.id: question for question in onboarding.questions}
    shown, answered = questions_in(state), {one.question for one in sent}
    ticked = ticked_in(state)
    kept = []
    for one in before:
        question = asked.get(one.question)
        in_form = one.question in shown
        is_shown = in_form and (question is None or fits(question, one.value))
        if one.question not in answered and (keep_blank or not is_shown):
            is_shared = one.share and question is not None and (not in_form or one.question in ticked)
            kept.append(GivenAnswer(one.question, one.value, is_shared))
    return [*sent, *kept]
