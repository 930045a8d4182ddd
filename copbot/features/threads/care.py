"""One community's threads as the store holds them at one moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core.community import Community, Unanswered
from copbot.core.ports import Context, Tx
from copbot.core.ports.care import OutOfReach
from copbot.core.records import Card, Root
from copbot.core.roles import has_role, watched_channels
from copbot.core.time import MICROSECOND, from_us, in_words, us_to_ts
from copbot.core.working_time import WorkingTime
from copbot.features.threads import answering, gathering, judging, rules
from copbot.features.threads.judging import Verdict
from copbot.features.threads.rules import Place, Waiting
from copbot.features.threads.views import Shown

MORNING = time(9)
"""When what was put off until a day comes back, where no working hours say it."""


@dataclass(frozen=True)
class Care:
    """One community's threads, looked at in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now_us: int
    roots: dict[Place, Root | None] = field(default_factory=dict)

    @cached_property
    def moderators(self) -> str | None:
        """The ID of the moderators' channel; without one nobody can be told, and no card is opened."""
        reference = self.community.channels.moderators
        return None if reference is None else self.ctx.directory.channel(reference)

    @cached_property
    def coordinators(self) -> Sequence[str]:
        return sorted(self.ctx.directory.people(self.community.roles.coordinators))

    @cached_property
    def who_moderates(self) -> frozenset[str]:
        """The user IDs of those who look after the community now."""
        roles = self.community.roles
        return self.ctx.directory.people((*roles.coordinators, *roles.moderators))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    @cached_property
    def now(self) -> datetime:
        """By the community's clocks."""
        return from_us(self.now_us).astimezone(self.zone)

    # -- the rules of each channel

    @cached_property
    def special(self) -> Mapping[str, Unanswered]:
        """The rules of the channels that have their own, by ID."""
        found = ((self.ctx.directory.channel(name), own) for name, own in self.community.unanswered.channels)
        return {channel: own for channel, own in found if channel is not None}

    def rules_in(self, channel: str) -> Unanswered:
        return self.special.get(channel, self.community.unanswered)

    def working_in(self, channel: str) -> WorkingTime:
        return self.working_by(self.rules_in(channel))

    @cached_property
    def working(self) -> WorkingTime:
        """The working time of the community as a whole."""
        return self.working_by(self.community.unanswered)

    @cached_property
    def _workings(self) -> dict[Unanswered, WorkingTime]:
        return {}

    def working_by(self, own: Unanswered) -> WorkingTime:
        if own not in self._workings:
            country = own.skip_holidays
            is_holiday = (lambda day: self.ctx.holidays(country, day) is not None) if country else (lambda _day: False)
            self._workings[own] = WorkingTime(self.zone, own.hours, is_holiday)
        return self._workings[own]

    def acts_us(self, channel: str, due_us: int) -> int:
        """When the bot does what is due about a channel's question: then, or, where that has passed, as soon as work goes on there."""
        return due_us if due_us > self.now_us else self.working_in(channel).later(self.now_us, 0)

    def morning_us(self, day: date) -> int:
        """When what was put off until a day comes back: as work begins, else at nine."""
        return self.working.starts_us(day, MORNING)

    @cached_property
    def by_rules(self) -> Mapping[Unanswered, Sequence[str]]:
        """The watched channels that can be seen, by the rules that hold in them; those for everywhere at least."""
        found: dict[Unanswered, list[str]] = defaultdict(list, {self.community.unanswered: []})
        for channel in watched_channels(self.ctx, self.community):
            if channel not in self.out_of_reach:
                found[self.rules_in(channel)].append(channel)
        return found

    @cached_property
    def out_of_reach(self) -> Mapping[str, OutOfReach]:
        """Of the channels that are watched or have a card: where no answer can be seen, and why."""
        return self.tx.threads.out_of_reach(
            {*watched_channels(self.ctx, self.community), *self.tx.queue.channels(self.community.id)}
        )

    # -- who is on duty

    @cached_property
    def on_duty(self) -> str | None:
        """Whose turn it is today: a user's ID. Who is no moderator any more, or away, is passed over."""
        duty = self.community.duty
        if duty is None:
            return None
        return self._duty_on(self.now.date())

    def _duty_on(self, day: date) -> str | None:
        duty = self.community.duty
        working_days = sorted(number for some in self.community.unanswered.hours for number in some.days) or range(7)
        for reference in duty.turn(day, sorted(set(working_days))) if duty else ():
            for user in self.ctx.directory.people([reference]):
                if has_role(self.ctx, self.community, user, "moderators") and not self.has_left(user):
                    return user
        return None

    @cached_property
    def away(self) -> frozenset[str]:
        """The user IDs of those who are away today, as the rota says."""
        duty = self.community.duty
        gone = [one.who for one in duty.away if self.now.date() in one] if duty else []
        return self.ctx.directory.people(gone)

    def has_left(self, user: str) -> bool:
        """Whether somebody's account was closed."""
        if user not in self._left:
            person = self.tx.facts.person(user)
            self._left[user] = person is not None and person.is_deleted
        return self._left[user]

    @cached_property
    def _left(self) -> dict[str, bool]:
        return {}

    # -- what waits

    @cached_property
    def open_cards(self) -> Sequence[Card]:
        return self.tx.cards.of(self.community.id, "open")

    @cached_property
    def moving(self) -> Sequence[Card]:
        """The open cards of which something is to come by itself: a reminder, the end of a snooze or a claim, another's turn. Of those
        that wait for long nothing is, and there may be many."""
        since_us = self.now_us - rules.CARD_WINDOW // MICROSECOND
        return self.tx.cards.with_clock(
            self.community.id, rules.MAX_REMINDERS, None if self.community.duty is None else since_us
        )

    @cached_property
    def gathered(self) -> gathering.Gathered:
        """What waits now without a card, and what belongs to a card that is open."""
        return gathering.gather(self)

    def without_card(self, late: timedelta = rules.CARD_WINDOW) -> list[Waiting]:
        """All that wait now and have no card, however young they are, but no later than ``late`` past the time of their card."""
        return list(gathering.gather(self, late).without_card)

    def waiting(self, since_us: int, until_us: int) -> list[Waiting]:
        """Those of them that were asked in ``[since, until)``."""
        return [one for one in self.without_card() if since_us <= one.ts_us < until_us]

    def card_with(self, channel: str, ts_us: int) -> Card | None:
        """The card that a message belongs to, as its first or as one that joined it."""
        found = self.tx.cards.between(self.community.id, channel, ts_us - rules.SAME_AUTHOR // MICROSECOND, ts_us)
        return next((card for card in found if ts_us in card.messages_us), None)

    def named(self, card: Card) -> str:
        """How a card is named in the record of what moderators did."""
        return f"{card.channel}/{us_to_ts(card.ts_us)}"

    # -- what became of it

    def look(self, threads: Iterable[answering.Looked]) -> dict[Place, answering.Found]:
        return answering.look(self.tx, threads, self.special, self.community.unanswered, self.who_moderates)

    @cached_property
    def verdicts(self) -> Sequence[tuple[Card, Verdict]]:
        """What became of the open cards by themselves; those that nothing can have settled are left out, for there may be many."""
        rules_here = (self.community.unanswered, *self.special.values())
        reactions = {
            name
            for own in rules_here
            if "reaction" in own.counts_as_answer
            for name in (own.answered_reaction, own.taken_reaction)
        }
        in_channel = any("next_message" in own.counts_as_answer for own in rules_here)
        within_us = answering.NEXT_WITHIN_US if in_channel else 0
        cards = self.tx.cards.stirred(self.community.id, reactions, within_us)
        verdicts = judging.judge(self, cards)
        return [(card, verdicts[card.id]) for card in cards]

    @property
    def settled(self) -> Sequence[tuple[Card, Verdict]]:
        """The open cards that wait no more."""
        return [(card, verdict) for card, verdict in self.verdicts if verdict.state != "open"]

    def root(self, card: Card) -> Root | None:
        """The message that asks, when a member wrote it and it still stands; with the words of all that belong to the card."""
        if card.origin != "member":
            return None
        place = (card.channel, card.ts_us)
        if place not in self.roots:
            self.roots[place] = judging.first_standing(self.tx.threads.standing(card.channel, card.messages_us))
        return self.roots[place]

    def shown(self, card: Card) -> Shown:
        root = self.root(card)
        by, at_us = self._answered(card)
        return Shown(
            card=card,
            waits=in_words((self.now_us - card.ts_us) * MICROSECOND),
            link=self.ctx.permalink(card.channel, card.ts_us),
            text=root.text if root else None,
            answered_by=by,
            answered_after=in_words((at_us - card.ts_us) * MICROSECOND) if at_us else "",
        )

    def _answered(self, card: Card) -> tuple[str | None, int | None]:
        """By whom and when a card was answered; who reacted where a reaction said so. An older program did not note it."""
        if card.state != "answered" or card.settled_how == "hand":
            return card.answered_by, card.answered_us
        if card.settled_how:
            return card.answered_by or card.settled_by, card.answered_us
        answer = judging.judge(self, [card])[card.id].answer
        return (answer.by, answer.at_us) if answer else (None, None)
