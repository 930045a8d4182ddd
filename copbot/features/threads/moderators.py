"""What moderators do about waiting questions. Each press is checked by who the person is now, and by how the card stands now.

A press in the list of ``/cop unanswered`` shows that page anew, with a line on what was done; one on a card changes the card in its place.
What is listed may be too young for a card: then whatever is done to it makes one.
"""

from dataclasses import replace

from copbot.core.interaction import Answer, Press
from copbot.core.load import TOOK
from copbot.core.mrkdwn import mention, moment
from copbot.core.ports import Context, Tx
from copbot.core.records import Card
from copbot.core.refusal import Refusal, refused
from copbot.core.roles import communities_for, has_role
from copbot.core.time import from_us, to_us
from copbot.features.threads import changes, forms, rules, views
from copbot.features.threads.care import Care
from copbot.features.threads.knowing import who_might_know
from copbot.features.threads.queue.service import page_for, young
from copbot.features.threads.showing import in_list
from copbot.features.threads.snoozing import wakes_us
from copbot.features.threads.subjects import Subject, subject_of
from copbot.features.threads.thanking import thanks_are_on
from copbot.features.threads.views import Shown

GONE = "I no longer look after this question."
SETTLED = "This one is settled already."
OF_ANOTHER = "Moderators of its own community can do this."


# --- which card, and who may ----------------------------------------------------------------------------------------


def at_hand(ctx: Context, tx: Tx, subject: Subject, user: str, state: str = "open") -> tuple[Care, Card] | str:
    """The card that a button or form names, if this person moderates its community at this moment and it is ``open``, or ``closed``;
    else the line that tells why not. A thread that is too young for a card is one without a number (``opened``)."""
    card = None if subject.card is None else tx.cards.get(subject.card)
    name = card.community if card is not None else subject.thread[0] if subject.thread else None
    community = next((one for one in ctx.communities() if one.id == name), None)
    if community is None:
        return GONE
    if not has_role(ctx, community, user, "moderators"):
        others = communities_for(ctx, user, "moderators")
        return Refusal(OF_ANOTHER, community.id) if others else refused("moderators", community)
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    if card is None and subject.thread:
        card = _of_thread(care, *subject.thread[1:])
    if card is None:
        return SETTLED
    if (card.state == "open") is not (state == "open"):
        return SETTLED if state == "open" else "It is open again already."
    return care, card


def _of_thread(care: Care, channel: str, ts_us: int) -> Card | None:
    card = care.card_with(channel, ts_us)
    if card is None:
        card = next((one for one in young(care, channel) if ts_us in one.messages_us), None)
    return card


def opened(care: Care, card: Card) -> Card:
    """The card itself, opened before its time where it had no number."""
    if card.id:
        return card
    key = rules.message_key(care.community.id, card.channel, card.ts_us)
    known = (card.author, card.origin, card.why, care.now_us, key, card.is_first)
    new = care.tx.cards.open(care.community.id, card.channel, card.ts_us, *known)
    assert new is not None  # it had none a moment ago, in this transaction
    return replace(new, joined_us=card.joined_us)  # noted with whatever is done to it


def _done(ctx: Context, tx: Tx, press: Press, said: str, *, shows: bool = True) -> Answer:
    """In the list: the page as it is now, and what was done. On a card, which ``shows`` it by itself, nothing more."""
    page = subject_of(press.value).page
    if page is not None and not isinstance(said, Refusal):
        return page_for(ctx, tx, press.user, press.channel, page, said, replaces=True)
    return Answer(said) if not shows or isinstance(said, Refusal) else Answer()


# --- presses --------------------------------------------------------------------------------------------------------


def take(ctx: Context, tx: Tx, press: Press) -> Answer:
    found = at_hand(ctx, tx, subject_of(press.value), press.user)
    if isinstance(found, str):
        return _done(ctx, tx, press, found, shows=False)
    care, card = found
    if card.claimed_by == press.user:
        return _done(ctx, tx, press, "You have it already. Thank you!", shows=False)
    if card.claimed_by is not None:
        return _done(ctx, tx, press, f"{mention(card.claimed_by)} has it already.", shows=False)
    card = opened(care, card)
    _save(care, replace(card, claimed_by=press.user, claimed_us=care.now_us, is_asked=False))
    changes.note(care, press.user, TOOK, card)
    until = from_us(rules.claim_ends_us(care.now_us, care.working_in(card.channel))).astimezone(care.zone)
    said = views.taken_text(card, ctx.permalink(card.channel, card.ts_us), until)
    return _done(ctx, tx, press, said, shows=False)


def dismiss(ctx: Context, tx: Tx, press: Press) -> Answer:
    """It needs no answer. What "Not a question" said so of is remembered as none; a first message may be set aside and ask something
    all the same."""
    found = at_hand(ctx, tx, subject_of(press.value), press.user)
    if isinstance(found, str):
        return _done(ctx, tx, press, found, shows=False)
    care, card = found
    changes.settle(care, opened(care, card), "dismissed", press.user)
    return _done(ctx, tx, press, "Set aside. I will not ask about it again.", shows=False)


def ask(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The form in which somebody is chosen."""
    found = at_hand(ctx, tx, subject_of(press.value), press.user)
    if isinstance(found, str):
        return _done(ctx, tx, press, found, shows=False)
    shown = _shown(*found)
    besides = [press.user, *(one.user for one in shown.asked)]
    knowers = who_might_know(found[0], found[1], shown.text, besides)
    return Answer(view=forms.ask_form(shown, knowers, subject_of(press.value).page))


def answered(ctx: Context, tx: Tx, press: Press) -> Answer:
    """The form in which somebody is thanked."""
    found = at_hand(ctx, tx, subject_of(press.value), press.user)
    if isinstance(found, str):
        return _done(ctx, tx, press, found, shows=False)
    page = subject_of(press.value).page
    return Answer(view=forms.answered_form(_shown(*found), page, thanks=thanks_are_on(*found)))


def choose(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Something of the menu."""
    match subject_of(press.value).what:
        case "ask":
            return ask(ctx, tx, press)
        case "answered":
            return answered(ctx, tx, press)
        case "dismiss":
            return dismiss(ctx, tx, press)
    found = at_hand(ctx, tx, subject_of(press.value), press.user)
    if isinstance(found, str):
        return _done(ctx, tx, press, found, shows=False)
    care, card = found
    match subject_of(press.value).what:
        case "tomorrow" | "week" as until:
            return _done(
                ctx,
                tx,
                press,
                snooze(care, card, wakes_us(until, ctx.clock.now(), care.working_in(card.channel)), press.user),
            )
        case "date":
            today = ctx.clock.now().astimezone(care.zone).date()
            return Answer(view=forms.snooze_form(_shown(care, card), subject_of(press.value).page, today))
        case "wake":
            return _done(ctx, tx, press, _wake(care, card, press.user))
        case "back":
            return _give_back(ctx, tx, press, care, card)
        case _:
            return _done(ctx, tx, press, GONE, shows=False)


def snooze(care: Care, card: Card, until_us: int, by: str) -> str:
    changes.snooze(care, opened(care, card), until_us, by)
    return f"It rests until {moment(from_us(until_us))}."


def _wake(care: Care, card: Card, by: str) -> str:
    if card.snoozed_until_us is not None:
        changes.note(care, by, "woke", card)
        _save(care, replace(card, snoozed_until_us=None, counted_us=care.now_us))
    return "It is awake again."


def _give_back(ctx: Context, tx: Tx, press: Press, care: Care, card: Card) -> Answer:
    """Whoever took a card gives it back; what a member said they would answer, any moderator can free."""
    if card.claimed_by is None:
        return _done(ctx, tx, press, "It is free already.", shows=False)
    if card.claimed_by != press.user and not card.is_asked:
        return _done(ctx, tx, press, f"{mention(card.claimed_by)} has it, so they can give it back.", shows=False)
    _save(care, replace(card, claimed_by=None, claimed_us=None, is_asked=False))
    return _done(ctx, tx, press, "It is free again. Thank you!")


def bring_back(ctx: Context, tx: Tx, press: Press) -> Answer:
    """A card that somebody's hand closed is open again."""
    found = at_hand(ctx, tx, subject_of(press.value), press.user, "closed")
    if isinstance(found, str):
        return Answer(found)
    changes.reopen(*found, press.user)
    return Answer()


def _shown(care: Care, card: Card) -> Shown:
    return in_list(care, [card])[0]


def _save(care: Care, card: Card) -> None:
    care.tx.cards.save(replace(card, version=card.version + 1))
    changes.tell(care, card.shown_in)
