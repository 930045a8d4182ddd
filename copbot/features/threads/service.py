"""Care for questions that nobody answered: cards open, close, remind and escalate by what the store holds now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import escape, mention
from copbot.core.ports import Card, Context, Tx
from copbot.core.roles import communities_for, has_role, watched_channels
from copbot.core.time import MICROSECOND, from_us, in_words, to_us
from copbot.features.threads import rules, views
from copbot.features.threads.rules import Waiting
from copbot.features.threads.views import Shown

REFUSED = "Moderators can do this."


@dataclass(frozen=True)
class Care:
    """One community's threads, looked at in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now_us: int

    @cached_property
    def moderators(self) -> str | None:
        """The ID of the moderators' channel; without one nobody can be told, and no card is opened."""
        reference = self.community.channels.moderators
        return None if reference is None else self.ctx.directory.channel(reference)

    @cached_property
    def coordinators(self) -> Sequence[str]:
        return sorted(self.ctx.directory.people(self.community.roles.coordinators))

    @cached_property
    def open_cards(self) -> Sequence[Card]:
        return self.tx.cards.of(self.community.id, "open")

    def waiting(self, since_us: int, until_us: int) -> list[Waiting]:
        """The threads started in ``[since, until)`` that ask and have no answer, with a card or not."""
        watched = list(watched_channels(self.ctx, self.community))
        roots = self.tx.facts.open_roots(watched, since_us, until_us)
        members = [Waiting(root.channel, root.ts_us, root.user, "member", root.why) for root in roots]
        own = [
            Waiting(
                said.channel, said.ts_us, said.subject, "introduction" if said.kind == "introduction" else "question"
            )
            for said in self.tx.deliveries.posted(("question", "introduction"), since_us)
            if said.community == self.community.id and said.ts_us < until_us
            if self._reply(said.channel, said.ts_us, said.subject) is None
        ]
        return members + own

    def with_card(self, waiting: Iterable[Waiting]) -> set[tuple[str, int]]:
        """Which of these threads have a card, or had one."""
        places = {(one.channel, one.ts_us) for one in waiting}
        return {place for place in places if self.tx.cards.of_thread(self.community.id, *place) is not None}

    def without_card(self) -> list[Waiting]:
        """All that wait now and have no card, however young they are."""
        since_us, _ = rules.asked_between(self.now_us, self.community.unanswered)
        waiting = self.waiting(since_us, self.now_us + 1)
        with_card = self.with_card(waiting)
        return [one for one in waiting if (one.channel, one.ts_us) not in with_card]

    def answer(self, card: Card) -> tuple[str | None, int] | None:
        """Who first answered a card's thread, and when."""
        if card.origin != "member":
            return self._reply(card.channel, card.ts_us, card.author)
        root = self.tx.facts.root(card.channel, card.ts_us)
        if root is None or root.answer_us is None:
            return None
        return root.answer_user, root.answer_us

    def is_gone(self, card: Card) -> bool:
        return card.origin == "member" and self.tx.facts.root(card.channel, card.ts_us) is None

    def shown(self, card: Card) -> Shown:
        root = self.tx.facts.root(card.channel, card.ts_us) if card.origin == "member" else None
        answer = self.answer(card) if card.state == "answered" else None
        return Shown(
            card=card,
            waits=in_words((self.now_us - card.ts_us) * MICROSECOND),
            link=self.ctx.permalink(card.channel, card.ts_us),
            text=root.text if root else None,
            is_first_message=bool(root and root.is_first_message),
            answered_by=answer[0] if answer else None,
            answered_after=in_words((answer[1] - card.ts_us) * MICROSECOND) if answer else "",
        )

    def _reply(self, channel: str, ts_us: int, author: str | None) -> tuple[str, int] | None:
        return self.tx.facts.first_reply(channel, ts_us, not_by=[author] if author else [])


# --- what time brings ---------------------------------------------------------------------------------------------


def plan_due(ctx: Context, now: datetime) -> None:
    """Record everything that thread care has to say at ``now``."""
    for community in ctx.communities():
        with ctx.store.begin() as tx:
            _close_settled(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _open_cards(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _remind(Care(ctx, tx, community, to_us(now)))
        with ctx.store.begin() as tx:
            _escalate(Care(ctx, tx, community, to_us(now)))


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """The next instant at which a question becomes a card, or a card's next step is due."""
    with ctx.store.read() as tx:
        instants = [us for community in ctx.communities() for us in _instants(Care(ctx, tx, community, to_us(now)))]
    return from_us(min(instants)) if instants else None


def _instants(care: Care) -> list[int]:
    if care.moderators is None:
        return []
    unanswered = care.community.unanswered
    instants = [rules.card_due_us(thread.ts_us, unanswered) for thread in care.without_card()]
    for card in care.open_cards:
        if care.is_gone(card) or care.answer(card) is not None:
            instants.append(care.now_us)
        if care.coordinators and not card.escalated:
            instants.append(rules.escalation_due_us(card.ts_us, unanswered))
    reminders = [_reminder_due_us(care, cards) for cards in _by_message(care).values()]
    return instants + [due_us for due_us in reminders if due_us is not None]


def _close_settled(care: Care) -> None:
    changed: dict[str, None] = {}
    for card in care.open_cards:
        if care.is_gone(card):
            _close(care, replace(card, state="withdrawn"))
        elif care.answer(card) is not None:
            _close(care, replace(card, state="answered"))
        else:
            continue
        changed[card.shown_in] = None
    for shown_in in changed:
        _tell(care, shown_in)


def _close(care: Care, card: Card) -> None:
    care.tx.cards.save(replace(card, version=card.version + 1, closed_us=care.now_us))


def _open_cards(care: Care) -> None:
    if care.moderators is None:
        return
    waiting = care.waiting(*rules.asked_between(care.now_us, care.community.unanswered))
    due = rules.cards_due(waiting, care.with_card(waiting), care.now_us, care.community.unanswered)
    told: dict[str, None] = {}
    for thread, key in rules.arrange(care.community.id, due, care.open_cards):
        care.tx.cards.open(
            care.community.id, thread.channel, thread.ts_us, thread.author, thread.origin, thread.why, care.now_us, key
        )
        told[key] = None
    for key in told:
        _tell(care, key)


def _tell(care: Care, shown_in: str) -> None:
    """Post the message that shows these cards, or bring the one that stands there up to date."""
    cards = care.tx.cards.in_message(care.community.id, shown_in)
    shown = [care.shown(card) for card in cards]
    standing = care.tx.deliveries.get(shown_in)
    if standing is None:
        key, updates, target = shown_in, None, care.moderators
    else:
        over = all(card.state != "open" for card in cards)
        if over and care.tx.deliveries.cancel(shown_in, "settled before it was told"):
            return
        key, updates, target = f"{shown_in}:{rules.revision(cards)}", shown_in, standing.outgoing.target
    if target is None or (standing is not None and standing.state in ("failed", "skipped")):
        return
    care.tx.deliveries.plan(
        Outgoing(
            key=key,
            kind="card",
            target=target,
            text=views.card_text(shown),
            blocks=views.card_blocks(shown),
            community=care.community.id,
            due_us=care.now_us,
            updates=updates,
        )
    )


def _by_message(care: Care) -> dict[str, list[Card]]:
    """The cards of each message in which somebody still waits and nobody has taken the question."""
    untaken = dict.fromkeys(card.shown_in for card in care.open_cards if card.claimed_by is None)
    return {key: list(care.tx.cards.in_message(care.community.id, key)) for key in untaken}


def _reminder_due_us(care: Care, cards: Sequence[Card]) -> int | None:
    opened_us = min(card.opened_us for card in cards)
    return rules.reminder_due_us(opened_us, max(card.reminders for card in cards), care.community.unanswered.again)


def _remind(care: Care) -> None:
    if care.moderators is None:
        return
    for shown_in, cards in _by_message(care).items():
        due_us = _reminder_due_us(care, cards)
        if due_us is None or due_us > care.now_us:
            continue
        count = rules.reminders_by(min(c.opened_us for c in cards), care.now_us, care.community.unanswered.again)
        for card in cards:
            care.tx.cards.save(replace(card, reminders=count))
        text = views.reminder_text([care.shown(c) for c in cards if c.state == "open" and c.claimed_by is None])
        care.tx.deliveries.plan(
            Outgoing(
                key=f"reminder:{shown_in}:{count}",
                kind="reminder",
                target=care.moderators,
                text=text,
                community=care.community.id,
                due_us=care.now_us,
                thread_of=shown_in,
            )
        )


def _escalate(care: Care) -> None:
    if care.moderators is None:
        return
    unanswered = care.community.unanswered
    due = [
        card
        for card in care.open_cards
        if not card.escalated and rules.escalation_due_us(card.ts_us, unanswered) <= care.now_us
    ]
    if not due or not care.coordinators:
        return
    text = views.escalation_text(care.community.name, [care.shown(card) for card in due])
    for user in care.coordinators:
        care.tx.deliveries.plan(
            Outgoing(
                key=f"escalation:{due[0].shown_in}:{due[0].id}:{user}",
                kind="escalation",
                target=user,
                text=text,
                community=care.community.id,
                due_us=care.now_us,
            )
        )
    for card in due:
        care.tx.cards.save(replace(card, escalated=True))


# --- what a moderator does ----------------------------------------------------------------------------------------


def take(ctx: Context, tx: Tx, card_id: int | None, user: str) -> str:
    """``user`` takes a card. What to tell them; nothing changes unless they may."""
    care, card, refusal = _for_moderator(ctx, tx, card_id, user)
    if care is None or card is None:
        return refusal
    if card.claimed_by == user:
        return "You have it already. Thank you!"
    if card.claimed_by is not None:
        return f"{mention(card.claimed_by)} has it already."
    tx.cards.save(replace(card, claimed_by=user, version=card.version + 1))
    _tell(care, card.shown_in)
    link = ctx.permalink(card.channel, card.ts_us)
    return "It is yours. Thank you!" + (f" <{link}|Open the thread>" if link else "")


def dismiss(ctx: Context, tx: Tx, card_id: int | None, user: str) -> str:
    """``user`` says that a card needs no answer. What to tell them; nothing changes unless they may."""
    care, card, refusal = _for_moderator(ctx, tx, card_id, user)
    if care is None or card is None:
        return refusal
    _close(care, replace(card, state="dismissed"))
    if card.origin == "member":
        tx.facts.set_asks(card.channel, card.ts_us, False, "a moderator said that it is not a question")
    _tell(care, card.shown_in)
    return "Set aside. I will not ask about it again."


def _for_moderator(ctx: Context, tx: Tx, card_id: int | None, user: str) -> tuple[Care | None, Card | None, str]:
    """The open card that a button names, if this person is a moderator of its community at this moment."""
    card = None if card_id is None else tx.cards.get(card_id)
    community = next((c for c in ctx.communities() if card is not None and c.id == card.community), None)
    if card is None or community is None:
        return None, None, "I no longer look after this question."
    if not has_role(ctx, community, user, "moderators"):
        return None, None, REFUSED
    if card.state != "open":
        return None, None, "This one is settled already."
    return Care(ctx, tx, community, to_us(ctx.clock.now())), card, ""


def unanswered(ctx: Context, tx: Tx, user: str, channel: str) -> str:
    """The questions that wait, oldest first, in the communities that this person moderates."""
    communities = communities_for(ctx, user, "moderators", channel)
    if not communities:
        return REFUSED
    return "\n\n".join(_waiting_in(Care(ctx, tx, community, to_us(ctx.clock.now()))) for community in communities)


def _waiting_in(care: Care) -> str:
    open_cards = [c for c in care.open_cards if not care.is_gone(c) and care.answer(c) is None]
    young = [_card_to_be(care, thread) for thread in care.without_card() if thread.origin == "member"]
    cards = sorted([*open_cards, *young], key=lambda card: card.ts_us)
    name = escape(care.community.name)
    if not cards:
        return f"*{name}*: every question has an answer."
    return f"*{name}*: waiting for an answer, oldest first\n" + views.listing([care.shown(card) for card in cards])


def _card_to_be(care: Care, thread: Waiting) -> Card:
    return Card(0, care.community.id, thread.channel, thread.ts_us, thread.author, thread.origin, "open", care.now_us)
