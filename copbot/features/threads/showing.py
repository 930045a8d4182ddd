"""What a message about cards tells of them: beside the cards themselves, who might know and who was asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from copbot.core.ports.asking import AskedPerson
from copbot.core.records import Card
from copbot.features.threads.asking.message import key_of, question_of
from copbot.features.threads.care import Care
from copbot.features.threads.knowing import who_might_know
from copbot.features.threads.views import Asked, Shown

_ENDED: dict[str, Literal["refused", "unsent"]] = {"failed": "refused", "skipped": "unsent"}


def of_message(care: Care, cards: Sequence[Card]) -> list[Shown]:
    """The cards of one message. Who might know is told of a card that stands alone; of several the menu's form tells it."""
    asked = care.tx.asking.of([card.id for card in cards if card.state == "open"])
    shown = [_with_asked(care, card, asked.get(card.id, ())) for card in cards]
    if len(shown) == 1 and cards[0].state == "open":
        return [_with_knowers(care, shown[0])]
    return shown


def in_list(care: Care, cards: Sequence[Card]) -> list[Shown]:
    """The cards of a page of the list: who might know stands in the form of "Ask someone"."""
    asked = care.tx.asking.of([card.id for card in cards])
    return [_with_asked(care, card, asked.get(card.id, ())) for card in cards]


def _with_knowers(care: Care, shown: Shown) -> Shown:
    besides = [one.user for one in shown.asked]
    shown = replace(shown, text=question_of(care, shown.card))
    return replace(shown, knowers=who_might_know(care, shown.card, shown.text, besides))


def _with_asked(care: Care, card: Card, asked: Sequence[AskedPerson]) -> Shown:
    return replace(care.shown(card), asked=tuple(_as_it_stands(care, card, one) for one in asked))


def _as_it_stands(care: Care, card: Card, asked: AskedPerson) -> Asked:
    state: Literal["asked", "will_answer", "not_me", "refused", "unsent"] = asked.state
    due_us = asked.due_us
    if asked.state == "asked" and (standing := care.tx.deliveries.get(key_of(card, asked))) is not None:
        due_us = standing.outgoing.due_us if standing.state == "due" else due_us
        state = _ENDED.get(standing.state, "asked")
    return Asked(asked.user, state, due_us if due_us > care.now_us else None)
