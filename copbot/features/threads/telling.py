"""What the moderators read beside the cards: one message for all that is to be said at once, in a card's thread where it is about one."""

from collections.abc import Callable, Mapping, Sequence

from copbot.core.delivery import Outgoing
from copbot.core.records import Card
from copbot.features.threads import views
from copbot.features.threads.care import Care
from copbot.features.threads.rules import is_greeting
from copbot.features.threads.views import Shown

Words = Callable[[Sequence[Shown], bool], str]
"""The text on some cards; whether it stands in the thread of the one message that shows them."""


def say(care: Care, key: str, by_message: Mapping[str, Sequence[Card]], words: Words) -> None:
    """Tell the moderators of the cards of some messages."""
    assert care.moderators is not None
    shown = [care.shown(card) for cards in by_message.values() for card in cards]
    in_thread = len(by_message) == 1
    text = words(shown, in_thread)
    if in_thread and len(shown) < _open_in(care, next(iter(by_message))):
        text = f"{text}\n{views.listing(shown)}"  # of which of those in the list it is said
    care.tx.deliveries.plan(
        Outgoing(
            key=key,
            kind="reminder",
            target=care.moderators,
            text=text,
            community=care.community.id,
            due_us=care.now_us,
            thread_of=next(iter(by_message)) if in_thread else None,
        )
    )


def _open_in(care: Care, shown_in: str) -> int:
    """How many cards of a message wait."""
    return sum(card.state == "open" for card in care.tx.cards.in_message(care.community.id, shown_in))


def freed_text(freed: Sequence[Shown], in_thread: bool) -> str:
    """Said once of a card that somebody took, and that nobody answered in the time that it was kept for them."""
    if len(freed) > 1:
        these = "of these are" if in_thread else "threads are"
        return _with_list(
            f"{len(freed)} {these} free again: they were taken, and nobody has answered yet. Who has a minute?",
            freed,
            in_thread,
        )
    what = "a hello" if is_greeting(freed[0].card) else "an answer"
    return f"This is free again: it has waited {freed[0].waits} for {what}. Who has a minute?"


def reminder_text(waiting: Sequence[Shown], in_thread: bool) -> str:
    if len(waiting) == 1:
        return views.reminder_text(waiting)
    if in_thread:
        return views.reminder_text(waiting)
    return _with_list(f"{_things(waiting)} still wait. Who would know, or who can ask around?", waiting, in_thread)


def woken_text(woken: Sequence[Shown], in_thread: bool) -> str:
    """Said of what was put off until now."""
    if len(woken) == 1:
        what = "hello" if is_greeting(woken[0].card) else "answer"
        return f"This rested until today and still has no {what} after {woken[0].waits}. Who has a minute?"
    return _with_list(f"{_things(woken)} rested until today and still wait. Who has a minute?", woken, in_thread)


def reopened_text(reopened: Sequence[Shown], in_thread: bool) -> str:
    """Said of what came back because its answer is gone."""
    if len(reopened) == 1:
        return f"This is open again: its answer is gone. It has waited {reopened[0].waits}."
    return _with_list(f"{_things(reopened)} are open again: their answers are gone.", reopened, in_thread)


def _things(shown: Sequence[Shown]) -> str:
    hellos = sum(is_greeting(one.card) for one in shown)
    return f"{len(shown)} {'newcomers' if hellos == len(shown) else 'threads' if hellos else 'questions'}"


def _with_list(text: str, shown: Sequence[Shown], in_thread: bool) -> str:
    return text if in_thread else f"{text}\n{views.listing(shown)}"
