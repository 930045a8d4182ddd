"""What follows from what happened and from time having passed: one pass over everything that is due."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from copbot.core.errors import LeadLost, SlackGone
from copbot.core.feature import Feature
from copbot.core.ports import Context
from copbot.core.records import Person
from copbot.core.time import from_us, to_us

log = logging.getLogger(__name__)

SOME = 50
"""Happenings dealt with in one go: a fraction of a second."""


@dataclass(frozen=True)
class Next:
    """When something may become due, and whose it is."""

    at: datetime
    feature: str


class Pump:
    """Runs the features' steps. One failing step is logged and put aside; the others go on.

    ``waits_for(user, person)``: whether a decision about somebody waits for what Slack knows of them. Nothing here asks Slack.
    """

    def __init__(
        self,
        ctx: Context,
        features: Sequence[Feature],
        waits_for: Callable[[str, Person | None], bool] = lambda _user, _person: False,
    ) -> None:
        self._ctx = ctx
        self._features = features
        self._waits_for = waits_for
        self._put_aside: set[int] = set()

    def run(self, on_some: Callable[[], None] = lambda: None) -> None:
        """Deal with all happenings and record all that is due now.

        Of many happenings some at a time, each time with what became due meanwhile: a thousand newcomers hold up no post.
        ``on_some`` is told in between, so that what is decided already can be sent.
        """
        self._put_aside.clear()
        dealt_with = 0
        while self.handle_one_happening():
            dealt_with += 1
            if dealt_with % SOME == 0:
                self._plan_due()
                on_some()
        self._plan_due()

    def handle_one_happening(self) -> bool:
        """Decide what follows from the oldest happening, in the transaction that marks it as dealt with. False when there is none."""
        with self._ctx.store.read() as tx:
            happening = tx.inbox.next(self._put_aside)
            person = None if happening is None else tx.facts.person(happening.user)
        if happening is None:
            return False
        if self._waits_for(happening.user, person):
            self._put_aside.add(happening.id)
            return True
        try:
            with self._ctx.store.begin() as tx:
                if tx.inbox.done(happening.id, to_us(self._ctx.clock.now())):
                    for feature in self._features:
                        feature.follow(self._ctx, tx, happening)
        except (SlackGone, LeadLost):
            raise
        except Exception:
            log.exception("happening %s failed and is put aside", happening.id)
            self._put_aside.add(happening.id)
        return True

    def _plan_due(self) -> None:
        now = self._ctx.clock.now()
        for feature in self._features:
            try:
                feature.plan_due(self._ctx, now)
            except LeadLost:
                raise
            except Exception:
                log.exception("planning failed in %s", feature.name)

    def next_due(self) -> Next | None:
        """The next instant at which something becomes due, of features and of what is planned already."""
        now = self._ctx.clock.now()
        moments: list[Next] = []
        for feature in self._features:
            try:
                moment = feature.next_due(self._ctx, now)
            except LeadLost:
                raise
            except Exception:
                log.exception("asking what is next failed in %s", feature.name)
                continue
            if moment is not None:
                moments.append(Next(moment, feature.name))
        with self._ctx.store.read() as tx:
            waiting = tx.deliveries.next_due_us(to_us(now))
        if waiting is not None:
            moments.append(Next(from_us(waiting), "delivery"))
        return min(moments, key=lambda moment: moment.at, default=None)
