"""What a newcomer says after a month: whether they got what they came for, and a line of their own.

The press is the answer and counts at once; the line may follow or not. However often and wherever it is pressed, there is one
result, the latest, and one message to the moderators that is brought up to date in its place.
"""

from dataclasses import dataclass, replace
from hashlib import sha256

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.merging import storable
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenOutcome, Journey, Person, Verdict
from copbot.core.time import DAY_US, MICROSECOND, in_words
from copbot.features.onboarding.month import views as looks
from copbot.features.onboarding.service import Reception, reception_of
from copbot.features.onboarding.words import Words, words_for

AFRESH_US = DAY_US
"""From so long on, a changed mind is news: the moderators get a line about it in the thread, for a changed message tells nobody."""


def pressed(ctx: Context, tx: Tx, press: Press) -> Answer:
    """One of the three buttons: it counts, and a form asks for a line."""
    verdict = _verdict(press.action_id.removeprefix(looks.PRESSED))
    found = _asked(ctx, tx, press.value, press.user)
    if isinstance(found, Answer) or verdict is None:
        return found if isinstance(found, Answer) else Answer(_words(ctx, tx, press.user).outcome_unknown)
    before = tx.outcomes.get(found.journey.id)
    line = before.line if before else ""
    _keep(found, before, GivenOutcome(verdict, line, found.reception.now_us))
    return Answer(view=looks.line_form(verdict, press.value, line, found.words))


def line_sent(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The line. With it counts what the form showed above it, for that is what the person read when they sent it."""
    said, _, value = submission.private_metadata.partition(" ")
    verdict, found = _verdict(said), _asked(ctx, tx, value, submission.user)
    if isinstance(found, Answer) or verdict is None:
        return found if isinstance(found, Answer) else Answer(_words(ctx, tx, submission.user).outcome_unknown)
    line = storable(submission.written(looks.LINE)).strip()[: looks.LINE_LIMIT]
    _keep(found, tx.outcomes.get(found.journey.id), GivenOutcome(verdict, line, found.reception.now_us))
    return Answer()


@dataclass(frozen=True)
class _Asked:
    """Somebody who was asked, and the message that asked them."""

    reception: Reception
    journey: Journey
    person: Person
    question: Delivery

    @property
    def words(self) -> Words:
        return self.reception.words(self.person)


def _asked(ctx: Context, tx: Tx, value: str, user: str) -> _Asked | Answer:
    """Who pressed, if they were asked; else a kind line. ``value`` is a claim."""
    community = value.partition(":")[0]
    reception = reception_of(ctx, tx, community, ctx.clock.now())
    words = _words(ctx, tx, user)
    journey = tx.journeys.get(community, user)
    question = tx.deliveries.get(looks.key_of(value, user))
    if journey is None or question is None or question.state == "skipped":
        return Answer(words.outcome_unknown)
    if reception is None:
        return Answer(words.closed)
    return _Asked(reception, journey, tx.facts.person(user) or Person(user), question)


def _verdict(word: str) -> Verdict | None:
    return word if word in looks.VERDICTS else None


def _words(ctx: Context, tx: Tx, user: str) -> Words:
    person = tx.facts.person(user)
    return words_for(person.locale if person else None, *(community.language for community in ctx.communities()))


def _keep(asked: _Asked, before: GivenOutcome | None, outcome: GivenOutcome) -> None:
    """Put an outcome in the place of an earlier one, and tell of it; the same again changes nothing."""
    if before is not None and (before.verdict, before.line) == (outcome.verdict, outcome.line):
        return
    asked.reception.tx.outcomes.save(asked.journey.id, outcome)
    if before is None or before.verdict != outcome.verdict:
        _show_to_newcomer(asked, outcome.verdict)
    _tell_moderators(asked, before, outcome)


def _show_to_newcomer(asked: _Asked, verdict: Verdict) -> None:
    """What they said stands below the question, so that they see it was heard."""
    question, now_us = asked.question.outgoing, asked.reception.now_us
    value = looks.value_of(question.key)
    asked.reception.tx.deliveries.plan(
        Outgoing(
            key=f"{question.key}:{verdict}:{now_us}",
            kind="answer",
            target=question.target,
            text=question.text,
            blocks=looks.question_blocks(question.text, value, asked.words, verdict),
            community=asked.journey.community,
            due_us=now_us,
            updates=question.key,
        )
    )


def _tell_moderators(asked: _Asked, before: GivenOutcome | None, outcome: GivenOutcome) -> None:
    """One message, brought up to date in its place."""
    reception, journey = asked.reception, asked.journey
    key = f"outcome:{journey.community}:{journey.user}"
    told = reception.tx.deliveries.get(key)
    channel = told.outgoing.target if told else reception.channel(reception.community.channels.moderators)
    if channel is None:
        return
    joined = in_words((reception.now_us - journey.started_us) * MICROSECOND)
    given = reception.tx.journeys.answers(journey.id)
    text = looks.told_text(journey.user, outcome, reception.onboarding, given, joined)
    notice = Outgoing(
        key=key,
        kind="notice",
        target=channel,
        text=text,
        blocks=looks.told_blocks(text),
        community=journey.community,
        due_us=reception.now_us,
    )
    again = f"{key}:{sha256(text.encode()).hexdigest()[:12]}:{reception.now_us}"
    reception.tx.deliveries.plan(replace(notice, key=again, updates=key) if told else notice)
    if told and before and before.verdict != outcome.verdict and outcome.at_us - before.at_us >= AFRESH_US:
        changed = looks.changed_text(journey.user, outcome)
        reception.tx.deliveries.plan(
            replace(notice, key=f"{again}:news", text=changed, blocks=looks.told_blocks(changed), thread_of=key)
        )
