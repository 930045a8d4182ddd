"""One community's threads as the store holds them at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Root
from copbot.core.roles import watched_channels
from copbot.core.time import MICROSECOND, in_words
from copbot.features.threads import rules
from copbot.features.threads.rules import Waiting
from copbot.features.threads.views import Shown


@dataclass(frozen=True)
class Care:
    """One community's threads, looked at in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now_us: int
    roots: dict[tuple[str, int], Root | None] = field(default_factory=dict)

    @cached_property
    def moderators(self) -> str | None:
        """The ID of the moderators' channel; without one nobody can be told, and no card is opened."""
        reference = self.community.channels.moderators
        return None if reference is None else self.ctx.directory.channel(reference)

    @cached_property
    def coordinators(self) -> Sequence[str]:
        return sorted(self.ctx.directory.people(self.community.roles.coordinators))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    @cached_property
    def open_cards(self) -> Sequence[Card]:
        return self.tx.cards.of(self.community.id, "open")

    def waiting(self, since_us: int, until_us: int, members: int | None = None) -> list[Waiting]:
        """The threads started in ``[since, until)`` that have no answer and ask, or are their author's first message, with a card or
        not.

        ``members``: of the questions and of the first messages that members started only so many, the oldest.
        """
        watched = list(watched_channels(self.ctx, self.community))
        firsts = {
            (root.channel, root.ts_us): Waiting(
                root.channel, root.ts_us, root.user, "member", root.why if root.asks else rules.FIRST_MESSAGE, True
            )
            for root in self.tx.facts.first_roots(watched, since_us, until_us, members)
        }
        asked = [
            Waiting(root.channel, root.ts_us, root.user, "member", root.why)
            for root in self.tx.facts.open_roots(watched, since_us, until_us, members)
            if (root.channel, root.ts_us) not in firsts
        ]
        own = [
            Waiting(
                said.channel, said.ts_us, said.subject, "introduction" if said.kind == "introduction" else "question"
            )
            for said in self.tx.deliveries.posted(("question", "introduction"), since_us)
            if said.community == self.community.id and said.ts_us < until_us
            if not (said.kind == "introduction" and self._is_withdrawn(said.subject))
            if self._reply(said.channel, said.ts_us, said.subject) is None
            if said.kind == "question" or self._is_shared(said.subject)
        ]
        return [*firsts.values(), *asked, *own]

    def without_card(self) -> list[Waiting]:
        """All that wait now and have no card, however young they are."""
        since_us, _ = rules.asked_between(self.now_us, self.community.unanswered)
        with_card = self.tx.cards.threads(self.community.id, since_us)
        waiting = self.waiting(since_us, self.now_us + 1)
        return [one for one in waiting if (one.channel, one.ts_us) not in with_card]

    def root(self, card: Card) -> Root | None:
        """The message that asks, when a member wrote it and it still stands."""
        if card.origin != "member":
            return None
        place = (card.channel, card.ts_us)
        if place not in self.roots:
            self.roots[place] = self.tx.facts.root(*place)
        return self.roots[place]

    def answer(self, card: Card) -> tuple[str | None, int] | None:
        """Who first answered a card's thread, and when."""
        if card.origin != "member":
            return self._reply(card.channel, card.ts_us, card.author)
        root = self.root(card)
        if root is None or root.answer_us is None:
            return None
        return root.answer_user, root.answer_us

    @cached_property
    def _still_waiting(self) -> set[tuple[str, int]]:
        """Where members' open cards wait as before: asked of the store once, for there may be many."""
        asked = [card for card in self.open_cards if card.origin == "member"]
        if not asked:
            return set()
        channels = {card.channel for card in asked}
        first_us, last_us = asked[0].ts_us, asked[-1].ts_us
        return {(root.channel, root.ts_us) for root in self.tx.facts.open_roots(channels, first_us, last_us + 1)}

    def outcome(self, card: Card) -> Literal["answered", "withdrawn"] | None:
        """What became of an open card by itself; None while it waits."""
        if card.origin == "member" and (card.channel, card.ts_us) in self._still_waiting:
            return None
        if self.answer(card) is not None:
            return "answered"
        if card.origin == "introduction" and self._is_withdrawn(card.author):
            return "withdrawn"
        root = self.root(card)
        # Deleted, or edited into a statement; a first message waits whatever it says.
        is_gone = card.origin == "member" and (root is None or not (root.asks or card.is_first))
        is_gone |= card.origin == "introduction" and not self._is_shared(card.author)
        return "withdrawn" if is_gone else None

    def _is_shared(self, newcomer: str | None) -> bool:
        """Whether an introduction still says something: a newcomer may withdraw it, and then nobody is asked to greet it."""
        journey = self.tx.journeys.get(self.community.id, newcomer) if newcomer is not None else None
        return journey is None or any(given.share for given in self.tx.journeys.answers(journey.id))

    def _is_withdrawn(self, newcomer: str | None) -> bool:
        """Whether nothing of what a newcomer shared is shared any more: their introduction says so, and waits for nobody."""
        journey = None if newcomer is None else self.tx.journeys.get(self.community.id, newcomer)
        return journey is not None and not any(given.share for given in self.tx.journeys.answers(journey.id))

    def shown(self, card: Card) -> Shown:
        root = self.root(card)
        answer = self.answer(card) if card.state == "answered" else None
        return Shown(
            card=card,
            waits=in_words((self.now_us - card.ts_us) * MICROSECOND),
            link=self.ctx.permalink(card.channel, card.ts_us),
            text=root.text if root else None,
            answered_by=answer[0] if answer else None,
            answered_after=in_words((answer[1] - card.ts_us) * MICROSECOND) if answer else "",
        )

    def _reply(self, channel: str, ts_us: int, author: str | None) -> tuple[str, int] | None:
        return self.tx.facts.first_reply(channel, ts_us, not_by=[author] if author else [])
