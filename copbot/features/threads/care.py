"""One community's threads as the store holds them at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.ports import Context, Tx
from copbot.core.records import Card, Root
from copbot.core.roles import watched_channels
from copbot.core.time import MICROSECOND, in_words
from copbot.features.threads import rules
from copbot.features.threads.rules import Waiting
from copbot.features.threads.views import Shown

OwnThread = TypeVar("OwnThread", Waiting, Card)


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
        said = [
            Waiting(one.channel, one.ts_us, one.subject, "introduction" if one.kind == "introduction" else "question")
            for one in self.tx.deliveries.posted(("question", "introduction"), since_us)
            if one.community == self.community.id and one.ts_us < until_us
        ]
        own = self._unanswered(said)
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

    def _unanswered(self, own: Sequence[OwnThread]) -> list[OwnThread]:
        """Those of the bot's own questions and of the introductions that still wait: nobody wrote there but the newcomer, who may
        have withdrawn what they shared. Asked of the store at once, for there may be many."""
        newcomers = {one.author for one in own if one.origin == "introduction" and one.author is not None}
        withdrawn = self.tx.journeys.that_share_nothing(self.community.id, newcomers) if newcomers else ()
        wrote: dict[tuple[str, int], set[str]] = {}
        for channel in {one.channel for one in own}:
            threads = {one.ts_us for one in own if one.channel == channel}
            for ts_us, user in self.tx.facts.wrote_in(channel, threads):
                wrote.setdefault((channel, ts_us), set()).add(user)
        return [
            one
            for one in own
            if not wrote.get((one.channel, one.ts_us), set()) - {one.author}
            if not (one.origin == "introduction" and one.author in withdrawn)
        ]

    @cached_property
    def _still_waiting(self) -> set[tuple[str, int]]:
        """Where open cards wait as before: asked of the store once, for there may be many."""
        members = {(card.channel, card.ts_us): card for card in self.open_cards if card.origin == "member"}
        found = {
            (root.channel, root.ts_us)
            for channel in {channel for channel, _ in members}
            for root in self.tx.facts.unanswered(channel, [ts_us for where, ts_us in members if where == channel])
            if root.asks or members[root.channel, root.ts_us].is_first
        }
        own = self._unanswered([card for card in self.open_cards if card.origin != "member"])
        return found | {(card.channel, card.ts_us) for card in own}

    def outcome(self, card: Card) -> Literal["answered", "withdrawn"] | None:
        """What became of an open card by itself; None while it waits."""
        if (card.channel, card.ts_us) in self._still_waiting:
            return None
        # Otherwise nobody shares what was shared any more, or it was deleted, or edited into a statement
        return "withdrawn" if self.answer(card) is None else "answered"

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
