"""The digest of a whole community, for those who live in e-mail: what everybody may read, in sections, each line with its address.

It tells of channels that are open to the whole workspace alone: nobody knows who will read a mail that is sent on.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.digest import Entry, Issue, IssueLine, SectionKind
from copbot.core.ports import Context, Tx
from copbot.core.ports.digest import Talk
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.time import from_us, to_us
from copbot.features.digest.gathering import gathered
from copbot.features.digest.selection import Gathered, is_lively, question_of, title_of, waits, worth
from copbot.features.digest.views import nameless
from copbot.features.digest.words import words_for

MOST_OF_A_SECTION = 10

AHEAD = timedelta(days=14)
"""How far what is coming is told of."""

_EMOJI = re.compile(r":(?=[^:\s]*[a-z])[a-z0-9_+'-]{2,}:")
"""As Slack writes it; a mail would show the word."""

Name = Callable[[str | None], str]


def issue(
    ctx: Context, tx: Tx, community: Community, channels: Mapping[str, str], since: datetime, until: datetime
) -> Issue:
    """The digest over ``[since, until)`` of these channels (ID -> name)."""
    private = tx.digests.private(channels)
    public = {channel: name for channel, name in channels.items() if channel not in private}
    found = gathered(ctx, tx, community, public, to_us(since), until, to_us(until + AHEAD) - to_us(until))
    lines = _Lines(found, public, _names(tx), ZoneInfo(community.timezone), until)
    writers = {talk.author for talk in found.talks if talk.author and talk.ts_us >= to_us(since)}
    return Issue(
        name=community.name,
        since=since,
        until=until,
        zone=lines.zone,
        messages=sum(
            sum(reply.messages for reply in talk.replies) + (talk.author is not None and talk.ts_us >= to_us(since))
            for talk in found.talks
        ),
        people=len(writers | {reply.user for talk in found.talks for reply in talk.replies}),
        channels=list(public.values()),
        sections=lines.shown(),
        more=lines.more(),
        left_out=sorted(channels[channel] for channel in private),
    )


@dataclass(frozen=True)
class _Lines:
    """What was gathered, as lines for everybody."""

    found: Gathered
    channels: Mapping[str, str]
    name: Name
    zone: ZoneInfo
    until: datetime

    def shown(self) -> dict[SectionKind, Sequence[IssueLine]]:
        shown = {kind: some[:MOST_OF_A_SECTION] for kind, some in self._talks.items()}
        shown["waits"] = shown["waits"][::-1]  # the one that has waited longest first
        told: dict[SectionKind, Sequence[IssueLine]] = {
            kind: [self._line(talk, kind) for talk in some] for kind, some in shown.items()
        }
        return told | {"coming": [self._coming(entry) for entry in self._dated[:MOST_OF_A_SECTION]]}

    def more(self) -> dict[SectionKind, int]:
        counted: dict[SectionKind, int] = {kind: len(some) for kind, some in self._talks.items()}
        counted["coming"] = len(self._dated)
        return {kind: count - MOST_OF_A_SECTION for kind, count in counted.items() if count > MOST_OF_A_SECTION}

    @cached_property
    def _talks(self) -> dict[SectionKind, list[Talk]]:
        """The worthiest of each section first; of questions that wait the latest."""
        found: dict[SectionKind, list[Talk]] = {"waits": [], "answered": [], "lively": []}
        for talk in sorted(self.found.talks, key=lambda talk: (-worth(talk), -talk.ts_us, talk.channel)):
            if (kind := self._section(talk)) is not None:
                found[kind].append(talk)
        found["waits"].sort(key=lambda talk: (-talk.ts_us, talk.channel))
        return found

    @property
    def _dated(self) -> list[Entry]:
        return [one for one in self.found.coming if one.channel is None or one.channel in self.channels]

    def _section(self, talk: Talk) -> SectionKind | None:
        if (talk.channel, talk.ts_us) in self.found.asked:
            return "lively" if talk.replies else None
        if talk.author is None:
            return None
        if waits(talk, self.found.settled):
            return "waits"
        if talk.asks and any(reply.user != talk.author for reply in talk.replies):
            return "answered"
        return "lively" if is_lively(talk) else None

    def _line(self, talk: Talk, kind: SectionKind) -> IssueLine:
        words, who = words_for(), self.name(talk.author)
        asked = self.found.asked.get((talk.channel, talk.ts_us))
        text = _EMOJI.sub("", (talk.text if asked is None else asked) or "")
        title = title_of(text) if asked is None else question_of(text)
        said = _said(talk)
        by = f"{who}, " if who and title and asked is None else ""
        detail = f"{by}{self._day(from_us(talk.ts_us))}, in #{self.channels[talk.channel]}"
        return IssueLine(
            title=title
            or nameless(words, is_lively=kind == "lively", is_answered=bool(said)).format(who=who or words.somebody),
            link=self.found.link(talk.channel, talk.ts_us),
            detail=" · ".join([detail, *said]),
        )

    def _coming(self, entry: Entry) -> IssueLine:
        at = from_us(entry.at_us or 0).astimezone(self.zone)
        where = f", in #{self.channels[entry.channel]}" if entry.channel else ""
        return IssueLine(entry.title, entry.link, f"{self._day(at)}, {at:%H:%M} ({self.zone.key}){where}")

    def _day(self, at: datetime) -> str:
        """With its year where that is not the one in which the digest was made."""
        local, last = at.astimezone(self.zone), self.until.astimezone(self.zone)
        return f"{local:%a} {local.day} {local:%B}{'' if local.year == last.year else f' {local.year}'}"


def _said(talk: Talk) -> list[str]:
    """How many answered how often."""
    others = [reply for reply in talk.replies if reply.user != talk.author]
    count, people = sum(reply.messages for reply in others), len(others)
    if not count:
        return []
    answers = "1 answer" if count == 1 else f"{count:,} answers"
    return [f"{answers} by {people:,} people" if FEWEST_SHOWN <= people < count else answers]


def _names(tx: Tx) -> Name:
    known: dict[str, str] = {}

    def name(user: str | None) -> str:
        if user is None:
            return ""
        if user not in known:
            person = tx.facts.person(user)
            known[user] = person.name if person else ""
        return known[user]

    return name
