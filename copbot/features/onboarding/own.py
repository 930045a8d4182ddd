"""What a person sees and may do about their own onboarding, whenever they like: their answers, their introduction, no thanks."""

from collections.abc import Sequence

from copbot.core.blocks import actions, button, context, section, sections
from copbot.core.community import Community
from copbot.core.delivery import Block, Outgoing
from copbot.core.feature import Step
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import channel_link
from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Journey, Person
from copbot.features.onboarding import views
from copbot.features.onboarding.form import shown_value
from copbot.features.onboarding.introduction import withdraw
from copbot.features.onboarding.service import Reception, close, reception_of
from copbot.features.onboarding.words import Words, words_for

ANSWER_SHOWN = 500
"""Characters of an answer on a person's own page; the form shows all of it."""

ANSWERS_SHOWN = 8


def about(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """A person's own answers, with what they may do about them. Nothing for somebody who was never welcomed."""
    return _told(ctx, tx, community, user, in_full=True)


def brief(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """What they may do about their answers, without these: the form shows them."""
    return _told(ctx, tx, community, user, in_full=False)


def _told(ctx: Context, tx: Tx, community: Community, user: str, *, in_full: bool) -> tuple[Block, ...]:
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    journey = tx.journeys.get(community.id, user)
    if reception is None or journey is None:
        return ()
    words = reception.words(tx.facts.person(user) or Person(user))
    given = tx.journeys.answers(journey.id)
    if not given:
        return (section(_standing(journey, words)), _buttons(reception, journey, given, words))
    if not in_full:
        return (section(words.answers_here), _buttons(reception, journey, given, words))
    told = [_answer(reception, one, words) for one in given[:ANSWERS_SHOWN]]
    more = ["…"] if len(given) > ANSWERS_SHOWN else []
    channel = reception.introductions
    shared = channel is not None and any(one.share for one in given)
    sign = (context(words.shared_here.format(channel=channel_link(channel))),) if channel and shared else ()
    text = "\n\n".join([words.answers_here, *told, *more])
    return (*sections(text, verbatim=True), *sign, _buttons(reception, journey, given, words))


def step(ctx: Context, tx: Tx, community: Community, user: str) -> Step | None:
    """The questions, as long as none is answered and they did not say no: as ``about`` shows them."""
    reception = reception_of(ctx, tx, community.id, ctx.clock.now())
    journey = tx.journeys.get(community.id, user)
    if reception is None or journey is None or journey.state != "invited" or tx.journeys.answers(journey.id):
        return None
    return Step(about(ctx, tx, community, user))


def _answer(reception: Reception, given: GivenAnswer, words: Words) -> str:
    question = next((one for one in reception.onboarding.questions if one.id == given.question), None)
    sign = ":speech_balloon: " if given.share and reception.introductions is not None else ""
    return f"{sign}{views.asked(question, given)}\n{shown_value(question, given.value, words, ANSWER_SHOWN)}"


def _standing(journey: Journey, words: Words) -> str:
    """What is said where nothing was answered."""
    if journey.state == "declined":
        return words.declined_here
    return f"{words.not_answered_yet} {words.begun}" if journey.draft else words.not_answered_yet


def _buttons(reception: Reception, journey: Journey, given: Sequence[GivenAnswer], words: Words) -> Block:
    community = reception.community.id
    asked = reception.asked(journey.user, given)
    label = words.change_answers if given else views.questions_label(reception.onboarding, words, len(asked.questions))
    buttons = [button(label, views.OPEN, community, primary=journey.state == "invited")]
    if any(one.share for one in given):
        buttons.append(button(words.withdraw, views.WITHDRAW, community))
    if journey.state == "invited":
        buttons.append(button(words.no_thanks, views.DECLINE, community))
    return actions(*buttons)


def decline(ctx: Context, tx: Tx, community_id: str, user: str) -> Answer:
    """ "No, thanks", said once: nothing more comes of onboarding, whatever was planned. Answering stays possible."""
    person = tx.facts.person(user) or Person(user)
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(words_for(person.locale).closed)
    words = reception.words(person)
    journey = tx.journeys.get(community_id, user)
    if journey is None:
        return Answer(words.not_yours)
    if not close(reception, journey, "declined"):
        return Answer(words.declined_before)
    text = words.declined.format(command=ctx.command)
    tx.deliveries.plan(
        Outgoing(
            key=f"declined:{community_id}:{user}",
            kind="answer",
            target=user,
            text=text,
            blocks=views.message(text),
            community=community_id,
            due_us=reception.now_us,
        )
    )
    return Answer()


def take_back(ctx: Context, tx: Tx, community_id: str, user: str) -> Answer:
    """Withdraw the introduction; the answers are kept."""
    person = tx.facts.person(user) or Person(user)
    reception = reception_of(ctx, tx, community_id, ctx.clock.now())
    if reception is None:
        return Answer(words_for(person.locale).closed)
    words = reception.words(person)
    journey = tx.journeys.get(community_id, user)
    if journey is None or not withdraw(reception, journey):
        return Answer(words.nothing_to_withdraw)
    return Answer(words.withdrawn_now)
