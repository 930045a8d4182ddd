"""Thanks in private: what was reached is noted once, and said when the member may be written to.

Noting happens once a day, in the morning, over the day before: thanks that come at once read like a machine's. Saying waits for the
member's quiet hours and budget, and looks again whether it is still so. ``recognition: off`` forgets what waits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core import attention
from copbot.core.blocks import sections
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import Mrkdwn, escape, mention, shorten
from copbot.core.onboarding import may_be_welcomed
from copbot.core.ports import Context, Tx
from copbot.core.ports.recognition import Noted, Pass
from copbot.core.records import Person
from copbot.core.roles import looked_after_in
from copbot.core.time import HOUR_US, from_us, to_us
from copbot.features.participation.recognition import rules, words
from copbot.features.participation.recognition.rules import Answered, Occasion

TEMPLATE = "recognition.j2"


@dataclass(frozen=True)
class _Thanks:
    """One community's thanks, looked at in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now: datetime

    @property
    def now_us(self) -> int:
        return to_us(self.now)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    @property
    def channels(self) -> list[str]:
        found = map(self.ctx.directory.channel, self.community.channels.discussion)
        return list(dict.fromkeys(filter(None, found)))

    # -- noting

    def look(self, last: Pass) -> None:
        """Note what was reached since the last look. A little before it, for what Slack told late."""
        channels, stored = self.channels, self.tx.recognitions
        begun_us = self.tx.facts.begun_us(channels)
        for user in stored.answerers(channels, max(last.begun_us, last.looked_us - HOUR_US)):
            for occasion in self._reached(user, channels):
                self._note(user, occasion, last)
        for user, first_us in stored.wrote_first(channels, *rules.first_messages_between(self.now, self.zone)):
            person = self.tx.facts.person(user)
            if person is not None and rules.knows_all(self._joined_us(person), first_us, begun_us):
                self._note(user, rules.year_in(first_us, self.zone), last)
        stored.looked(self.community.id, self.now_us)

    def look_due_us(self, last: Pass) -> int:
        return rules.look_due_us(last.looked_us, self.zone)

    def _reached(self, user: str, channels: Sequence[str]) -> list[Occasion]:
        answers = self._answers(user, channels)
        person = self.tx.facts.person(user)
        if not answers or person is None:
            return []
        first = min(answers)
        begun_us = self.tx.facts.begun_us(
            [first.thread[0]]
        )  # a channel that is watched only now has a past that nobody stored
        all_known = rules.knows_all(self._joined_us(person), first.ts_us, begun_us)
        return rules.reached(rules.counted(answers), all_known=all_known)

    def _joined_us(self, person: Person) -> int | None:
        """When somebody came, if they were seen coming: a member of long standing who joins one more channel was here before."""
        joined_us = person.joined_us
        if joined_us is None or any(self.tx.facts.was_in(person.user, each, joined_us) for each in self.channels):
            return None
        return joined_us

    def _answers(self, user: str, channels: Sequence[str]) -> list[Answered]:
        return [Answered(*answer) for answer in self.tx.recognitions.answers_of(user, channels)]

    def _note(self, user: str, occasion: Occasion, last: Pass) -> None:
        if rules.is_timely(occasion, last.begun_us, self.now_us):
            self.tx.recognitions.note(self.community.id, Noted(user, occasion.name, occasion.at_us))

    # -- saying

    def due_us(self, noted: Noted) -> int | None:
        """When it may be said: now, or later; None for never."""
        person = self.tx.facts.person(noted.user)
        if person is None or not may_be_welcomed(person):
            return None
        reached = from_us(noted.reached_us)
        now = max(self.now, reached)
        at = attention.free_at(self.tx, self.community, person, now, "recognition", wanted=reached)
        is_late = at is None or to_us(at) > noted.reached_us + rules.THANKED_WITHIN_US
        return None if is_late or at is None else to_us(at)

    def holds(self, noted: Noted) -> bool:
        """Whether it is still so: an answer may have been deleted, and somebody who came a year ago may have gone silent."""
        occasion = rules.occasion_of(noted.occasion, noted.reached_us)
        if occasion.kind == "year":
            return self.tx.facts.has_posted(noted.user, self.channels, self.now_us - rules.HERE_WITHIN_US)
        return len(rules.counted(self._answers(noted.user, self.channels))) >= occasion.number

    def say(self, noted: Noted) -> None:
        person = self.tx.facts.person(noted.user) or Person(noted.user)
        text = self._text(person, rules.occasion_of(noted.occasion, noted.reached_us))
        self.tx.deliveries.plan(
            Outgoing(
                key=f"recognition:{self.community.id}:{noted.user}:{noted.occasion}",
                kind="recognition",
                target=noted.user,
                text=text,
                blocks=sections(text),
                community=self.community.id,
                due_us=self.now_us,
                wanted_us=noted.reached_us,
            )
        )

    def _text(self, person: Person, occasion: Occasion) -> str:
        """The community's own template, or a plain thank-you where it has none or it cannot be rendered."""
        if self._has_template(person):
            try:
                return self.ctx.templates.render(self.community, TEMPLATE, _values(person, occasion), person.locale)
            except Mistake as mistake:
                self._tell_of(str(mistake))
        phrase = words.thanks(occasion.name, occasion.kind, person.locale, self.community.language)
        name = escape(person.name) if person.name else mention(person.user)
        return phrase.format(name=name, community=escape(self.community.name), count=occasion.number)

    def _has_template(self, person: Person) -> bool:
        try:
            self.ctx.templates.version(self.community, TEMPLATE, person.locale)
        except Mistake:
            return False
        return True

    def _tell_of(self, mistake: str) -> None:
        text = f"{escape(shorten(mistake, 300))}\nI said thank you in my own words."
        key = f"mistake:{self.community.id}:{hashlib.sha256(mistake.encode()).hexdigest()[:16]}"
        for one, target in looked_after_in(self.ctx, self.community, key).items():
            notice = Outgoing(one, "notice", target, text, self.now_us, community=self.community.id)
            self.tx.deliveries.plan(notice)


def _values(person: Person, occasion: Occasion) -> dict[str, object]:
    member = {"name": person.name or Mrkdwn(mention(person.user)), "mention": Mrkdwn(mention(person.user))}
    return {"member": member, "occasion": occasion.kind, "count": occasion.number}


# --- steps --------------------------------------------------------------------------------------------------------


def plan_due(ctx: Context, now: datetime) -> None:
    """Note what was reached, and thank whoever may be written to now, each once."""
    for community in ctx.communities():
        with ctx.store.read() as tx:
            is_wanted = _is_due(_Thanks(ctx, tx, community, now))
        if is_wanted:
            with ctx.store.begin() as tx:
                _step(_Thanks(ctx, tx, community, now))


def next_due(ctx: Context, now: datetime) -> datetime | None:
    """When somebody may next be thanked, or something may be to note."""
    moments: list[int] = []
    with ctx.store.read() as tx:
        for community in ctx.communities():
            thanks = _Thanks(ctx, tx, community, now)
            last = tx.recognitions.last_pass(community.id)
            if rules.is_on(community.participation.recognition) and last is not None:
                found = [thanks.due_us(noted) for noted in tx.recognitions.waiting(community.id)]
                moments += [us for us in (*found, thanks.look_due_us(last)) if us is not None]
    return from_us(min(moments)) if moments else None


def _is_due(thanks: _Thanks) -> bool:
    """Whether there is anything to write. Asked at every pass: it costs a few look-ups."""
    stored, community = thanks.tx.recognitions, thanks.community
    last = stored.last_pass(community.id)
    if not rules.is_on(community.participation.recognition):
        return last is not None
    if last is None:
        return True
    if thanks.look_due_us(last) <= thanks.now_us:
        return True
    due = (thanks.due_us(noted) for noted in stored.waiting(community.id))
    return any(us is None or us <= thanks.now_us for us in due)


def _step(thanks: _Thanks) -> None:
    stored, community = thanks.tx.recognitions, thanks.community
    if not rules.is_on(community.participation.recognition):
        stored.end(community.id)
        return
    stored.begin(community.id, thanks.now_us)
    last = stored.last_pass(community.id)
    if last is not None and thanks.look_due_us(last) <= thanks.now_us:
        thanks.look(last)
    for noted in stored.waiting(community.id):
        due_us = thanks.due_us(noted)
        if due_us is None:
            stored.settle(community.id, noted, "passed")
        elif due_us > thanks.now_us:
            continue
        elif not thanks.holds(noted):
            stored.forget(community.id, noted)
        else:
            thanks.say(noted)
            stored.settle(community.id, noted, "thanked")
