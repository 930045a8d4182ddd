"""Members' answers to a pulse survey, and the coordinators' word on what follows from it."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.core.refusal import refused
from copbot.core.roles import has_role
from copbot.core.time import to_us
from copbot.core.voices import PulseRound
from copbot.features.voices.pulse import service, views
from copbot.features.voices.words import words_to

GONE = "I no longer know this survey."


def answer(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The button of the invitation: the form."""
    found = _open_round(ctx, tx, press.value, press.user)
    return found if isinstance(found, Answer) else Answer(view=views.form(found, words_to(ctx, tx, press.user)))


def decline(ctx: Context, tx: Tx, press: Press) -> Answer:
    found = _open_round(ctx, tx, press.value, press.user)
    if isinstance(found, Answer):
        return found
    words = words_to(ctx, tx, press.user)
    if not tx.pulses.answer(found.id, press.user, {}):
        return Answer(words.pulse_taken)
    _settle_invitation(ctx, tx, found, press.user, words.pulse_declined)
    return Answer()


def send(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The form: kept without its sender, and the invitation says so."""
    found = _open_round(ctx, tx, submission.private_metadata, submission.user)
    words = words_to(ctx, tx, submission.user)
    if isinstance(found, Answer):
        return found
    answers = views.answers_in(submission, found.questions)
    if not answers:
        return Answer(errors={found.questions[0].id: words.pulse_nothing})
    if not tx.pulses.answer(found.id, submission.user, answers):
        return Answer(words.pulse_taken)
    _settle_invitation(ctx, tx, found, submission.user, words.pulse_thanks)
    return Answer()


def promise(ctx: Context, tx: Tx, press: Press) -> Answer:
    found = _own_round(ctx, tx, press.value, press.user)
    return found if isinstance(found, Answer) else Answer(view=views.promise_form(found[1]))


def promised(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    found = _own_round(ctx, tx, submission.private_metadata, submission.user)
    if isinstance(found, Answer):
        return found
    community, pulse_round = found
    action = " ".join(submission.written(views.VALUE).split())[: views.ACTION_LIMIT]
    if action == pulse_round.action:
        return Answer()
    tx.pulses.set_action(pulse_round.id, action)
    tx.audit.note(community.id, submission.user, "promised", f"pulse {pulse_round.period}", to_us(ctx.clock.now()))
    changed = tx.pulses.get(pulse_round.id)
    assert changed is not None
    service.tell_result(ctx, tx, community, changed)
    return Answer()


def _open_round(ctx: Context, tx: Tx, value: str, user: str) -> PulseRound | Answer:
    """The round that a button or form names, if this person was asked in it and it is open."""
    pulse_round = _round(tx, value)
    words = words_to(ctx, tx, user)
    if pulse_round is None or tx.deliveries.get(service.invitation_key(pulse_round, user)) is None:
        return Answer(words.closed)
    over = pulse_round.told_us is not None or pulse_round.closes_us <= to_us(ctx.clock.now())
    gone = pulse_round.community not in {community.id for community in ctx.communities()}
    return Answer(words.closed) if over or gone else pulse_round


def _own_round(ctx: Context, tx: Tx, value: str, user: str) -> tuple[Community, PulseRound] | Answer:
    """The round that a coordinator's button names, if they are a coordinator of its community now. Of one that is still open nothing is
    told to anybody: who sees the figures grow sees whose answer came last."""
    pulse_round = _round(tx, value)
    if pulse_round is None or pulse_round.told_us is None:
        return Answer(GONE)
    community = next((one for one in ctx.communities() if one.id == pulse_round.community), None)
    if community is None:
        return Answer(GONE)
    may = has_role(ctx, community, user, "coordinators")
    return (community, pulse_round) if may else Answer(refused("coordinators", community))


def _round(tx: Tx, value: str) -> PulseRound | None:
    """``value`` comes from outside."""
    return tx.pulses.get(int(value)) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _settle_invitation(ctx: Context, tx: Tx, pulse_round: PulseRound, user: str, text: str) -> None:
    """The invitation gives way to a word of thanks: there is nothing left to press."""
    key = service.invitation_key(pulse_round, user)
    tx.deliveries.plan(
        Outgoing(
            key=f"{key}:done",
            kind="answer",
            target=user,
            text=text,
            blocks=(section(text),),
            community=pulse_round.community,
            due_us=to_us(ctx.clock.now()),
            updates=key,
        )
    )
