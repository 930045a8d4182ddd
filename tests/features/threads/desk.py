"""Moderators at work in a scene: what they press, choose and send, and what stands on Slack then."""

from collections.abc import Mapping
from typing import Any

from scene import Scene

from copbot.core.delivery import Delivery
from copbot.core.facts import ChannelSeen, UserSeen
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.records import Card
from copbot.core.time import to_us
from copbot.features.threads import FEATURE, forms, views


def settle_in(scene: Scene, *people: str, private: bool = False) -> None:
    """The channel #data, and people of whom the store knows."""
    at_us = to_us(scene.now)
    scene.record(ChannelSeen("CDATA", "data", is_private=private, updated_us=at_us))
    scene.record(*(UserSeen(user, name=user.title(), timezone="UTC", updated_us=at_us) for user in people))


def tick(scene: Scene) -> list[Delivery]:
    FEATURE.plan_due(scene.ctx, scene.now)
    return scene.send()


def card_of(scene: Scene, ts_us: int, channel: str = "CDATA") -> Card:
    with scene.store.read() as tx:
        card = tx.cards.of_thread("data", channel, ts_us)
    assert card is not None
    return card


def open_card(scene: Scene, author: str = "U1", text: str = "How do you link two registers?") -> Card:
    ts_us = scene.says(author, text)
    scene.wait(hours=24)
    tick(scene)
    return card_of(scene, ts_us)


def press(scene: Scene, action: str, value: object, user: str = "UMOD", channel: str = "CMODS") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[action](scene.ctx, tx, Press(user, action, str(value), "t", channel))


def choose(scene: Scene, what: str, card: Card, user: str = "UMOD") -> Answer:
    """Something of a card's menu."""
    return press(scene, views.MORE, f"{what} {card.id}", user)


def submit(scene: Scene, form: str, card: Card, values: Mapping[str, Any], user: str = "UMOD") -> Answer:
    """``values``: field -> what stands in its element."""
    state = {field: {field: value} for field, value in values.items()}
    with scene.store.begin() as tx:
        return FEATURE.forms[form](scene.ctx, tx, Submission(user, form, str(card.id), state))


def ask(scene: Scene, card: Card, member: str, user: str = "UMOD") -> Answer:
    return submit(scene, forms.ASK_FORM, card, {forms.ANYONE: {"selected_user": member}}, user)


def unanswered(scene: Scene, argument: str = "", user: str = "UMOD", channel: str = "CMODS") -> Answer:
    with scene.store.read() as tx:
        return FEATURE.commands[0].answer(scene.ctx, tx, Call(user, channel, "unanswered", argument))


def words_of(delivery: Delivery) -> str:
    """All that a message says, in its sections and small print."""
    return "\n".join(
        part["text"]
        for block in delivery.outgoing.blocks
        for part in (block.get("text"), *(block.get("elements", ()) if block["type"] == "context" else ()))
        if part is not None
    )


def buttons_of(delivery: Delivery) -> list[str]:
    rows = [block["elements"] for block in delivery.outgoing.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if element["type"] == "button"]
