"""What a member did not see, and which few of it they are told. Pure.

Slack shows no reading, so whatever was written in a channel up to a member's last sign of life there counts as seen. What they get is at
most ``MOST`` lines, more only where more was held back for them: first one of each kind, the kinds in the order below, then more of them;
shown in that order too.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from copbot.core.digest import MOST, Entry, EntryKind
from copbot.core.mrkdwn import readable, shorten
from copbot.core.ports.digest import Talk

ORDER: tuple[EntryKind, ...] = (
    "held",
    "may_know",
    "yours",
    "coming",
    "answered",
    "question",
    "waits",
    "lively",
    "rest",
)
"""What is for this member alone, then what they can do something about, then what is good to know."""

MOST_OF_A_KIND = 3
"""Of one kind, except of what was held back for this member."""

LIVELY_PEOPLE = 2
"""Others who answered a message that asks nothing, before it is told of."""

LIVELY_REACTORS = 3

REST_MESSAGES, REST_PEOPLE = 5, 2
"""Other messages, and people who wrote them, before it is worth a line that there are any."""

TITLE_LIMIT = 90
"""Characters of a title: one line and a half on a phone."""

_ADDRESS = re.compile(r"<https?://(?:www\.)?([^/|>:?#\s]+)[^|>]*(?:\|(?:https?://[^>]*)?)?>")
"""As Slack writes one that has no words of its own. Where it leads to is enough in a title, which is itself a link elsewhere."""

_MARKS = re.compile(r":[a-z0-9_+'-]{2,}:\s*")
"""Emoji, which a title needs none of."""

Place = tuple[str, int]
"""A thread: its channel's ID and its root's ts."""


@dataclass(frozen=True)
class Gathered:
    """What there is to tell of a community at one moment, before anybody's own is chosen.

    ``asked``: the bot's own questions by place, with their texts. ``settled``: places that need no answer. ``knowers``: by place of a
    question that waits, who answered questions like it. ``coming``: what has a date, in order of time.
    """

    talks: Sequence[Talk]
    link: Callable[[str, int], str | None]
    asked: Mapping[Place, str] = field(default_factory=dict)
    settled: Collection[Place] = frozenset()
    knowers: Mapping[Place, Collection[str]] = field(default_factory=dict)
    coming: Sequence[Entry] = ()

    @cached_property
    def judged(self) -> "Sequence[_Judged]":
        """What each thread is to most people, once for all of them: the worthiest first, of equals the latest; of what waits, that which
        has waited longest."""
        found = [
            _Judged(talk, self._kind(talk), max((r.last_us for r in talk.replies), default=0)) for talk in self.talks
        ]
        return sorted(
            found,
            key=lambda one: (
                -worth(one.talk),
                one.talk.ts_us if one.kind == "waits" else -one.talk.ts_us,
                one.talk.channel,
            ),
        )

    def _kind(self, talk: Talk) -> EntryKind | None:
        """What a thread is to somebody who has no part in it; None where it is not worth a line of its own."""
        if talk.author is None:
            return "question" if (talk.channel, talk.ts_us) in self.asked and talk.replies else None
        if waits(talk, self.settled):
            return "waits"
        if talk.asks and any(reply.user != talk.author for reply in talk.replies):
            return "answered"
        return "lively" if is_lively(talk) else None


class _Judged(NamedTuple):
    """``replied_us``: when the last reply came; 0 where there is none."""

    talk: Talk
    kind: EntryKind | None
    replied_us: int


def entries(gathered: Gathered, user: str, since_us: Mapping[str, int], held: Sequence[Entry] = ()) -> list[Entry]:
    """A member's digest; empty where there is nothing to tell. ``since_us``: since when they have not seen what is written in each
    channel (ID) that they may read."""
    found: dict[EntryKind, list[Entry]] = {kind: [] for kind in ORDER}
    unlisted: dict[str, list[Talk]] = {}
    for judged in gathered.judged:
        talk, since = judged.talk, since_us.get(judged.talk.channel)
        if since is None or not _is_news(judged, user, since):
            continue
        kind = _kind_for(gathered, judged, user)
        if kind is None:
            if talk.author is not None and talk.ts_us > since:
                unlisted.setdefault(talk.channel, []).append(talk)
        elif len(found[kind]) < MOST_OF_A_KIND:
            found[kind].append(_entry(gathered, talk, kind, since if kind == "yours" else 0))
    found["held"] = list(held)
    found["coming"] = [entry for entry in gathered.coming if entry.channel is None or entry.channel in since_us]
    found["rest"] = _rest(gathered, unlisted)
    return _chosen(found)


def worth(talk: Talk) -> int:
    """How much a thread tells: by the people in it, then by its messages."""
    people = {reply.user for reply in talk.replies} - {talk.author}
    return 100 * len(people) + 30 * talk.reactors + sum(reply.messages for reply in talk.replies)


def waits(talk: Talk, settled: Collection[Place]) -> bool:
    """Whether this is a question of a person's that nobody else has answered."""
    return (
        talk.asks
        and talk.author is not None
        and (talk.channel, talk.ts_us) not in settled
        and not any(reply.user != talk.author for reply in talk.replies)
    )


def is_lively(talk: Talk) -> bool:
    others = {reply.user for reply in talk.replies} - {talk.author}
    return len(others) >= LIVELY_PEOPLE or talk.reactors >= LIVELY_REACTORS


def title_of(text: str | None) -> str:
    """A message's first words as plain text on one line; "" where there are none."""
    return shorten(" ".join(readable(_ADDRESS.sub(r"\1", text or "")).split()), TITLE_LIMIT)


def question_of(text: str) -> str:
    """The line of a post that asks; of several the first, its first line where none does."""
    plain = _MARKS.sub("", readable(_ADDRESS.sub(r"\1", text)))
    lines = [line.strip(" *_>~") for line in plain.splitlines() if line.strip(" *_>~")]
    asking = next((line for line in lines if line.endswith("?")), None)
    return title_of(asking or (lines[0] if lines else ""))


def _is_news(judged: _Judged, user: str, since_us: int) -> bool:
    """Whether anything here was written by others since this member was seen there."""
    talk = judged.talk
    if talk.ts_us > since_us and talk.author != user:
        return True
    return judged.replied_us > since_us and any(
        reply.last_us > since_us and reply.user != user for reply in talk.replies
    )


def _kind_for(gathered: Gathered, judged: _Judged, user: str) -> EntryKind | None:
    """What a thread is to this member."""
    if judged.talk.author == user:
        return "yours"
    if judged.kind == "waits" and user in gathered.knowers.get((judged.talk.channel, judged.talk.ts_us), ()):
        return "may_know"
    return judged.kind


def _entry(gathered: Gathered, talk: Talk, kind: EntryKind, since_us: int) -> Entry:
    """A thread as a line, with the replies of others after an instant."""
    place = talk.channel, talk.ts_us
    others = [reply for reply in talk.replies if reply.user != talk.author and reply.last_us > since_us]
    return Entry(
        kind=kind,
        title=question_of(gathered.asked[place]) if kind == "question" else title_of(talk.text),
        link=gathered.link(*place),
        who=talk.author,
        channel=talk.channel,
        people=len(others),
        count=sum(reply.messages for reply in others),
        at_us=talk.ts_us,
    )


def _rest(gathered: Gathered, unlisted: Mapping[str, Sequence[Talk]]) -> list[Entry]:
    """One line on what else was written where most was, from the first message on."""
    if not unlisted:
        return []
    channel, talks = max(unlisted.items(), key=lambda one: (len(one[1]), one[0]))
    people, first_us = {talk.author for talk in talks}, min(talk.ts_us for talk in talks)
    if len(talks) < REST_MESSAGES or len(people) < REST_PEOPLE:
        return []
    link = gathered.link(channel, first_us)
    return [Entry("rest", link=link, channel=channel, people=len(people), count=len(talks), at_us=first_us)]


def _chosen(ranked: Mapping[EntryKind, Sequence[Entry]]) -> list[Entry]:
    """All that was held back for them, for nothing else tells it; then one of each kind by turns, until it is enough; in the order of the
    kinds."""
    chosen = list(ranked["held"])
    by_turn = [
        ranked[kind][turn]
        for turn in range(MOST)
        for kind in ORDER
        if kind != "held" and turn < len(ranked.get(kind, ()))
    ]
    return sorted([*chosen, *by_turn[: max(0, MOST - len(chosen))]], key=lambda entry: ORDER.index(entry.kind))
