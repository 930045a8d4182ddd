"""What answers a question: a reply in its thread always; where the file says so, a reaction, or the next message in the channel.

The rule for ``next_message``: the first message in the channel after the question (after the author's last, where they asked in several)
that somebody else wrote, within ``NEXT_WITHIN_US``, when it asks nothing itself. What asks something is a new question, and what is said
after that is no longer taken for an answer; what its author adds in between changes nothing. Whom a message mentions is not used: most
texts are not kept. Figures count replies alone (definitions).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from copbot.core.community import Unanswered
from copbot.core.ports import Tx
from copbot.core.ports.care import Reacted
from copbot.core.records import SettledHow
from copbot.core.time import HOUR_US
from copbot.features.threads.rules import Place

NEXT_WITHIN_US = HOUR_US


@dataclass(frozen=True)
class Looked:
    """A thread in which an answer is looked for. ``messages_us``: what a reply may stand below; ``after_us``: only what came later
    counts; ``trusted``: whose reaction counted before, whatever their role is now."""

    place: Place
    messages_us: tuple[int, ...]
    author: str | None
    after_us: int = 0
    trusted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """``by`` answered, as far as that is known; ``settled_by`` reacted. ``at_us`` None: history tells no time of it."""

    how: SettledHow
    at_us: int | None
    by: str | None = None
    settled_by: str | None = None


@dataclass(frozen=True)
class Found:
    """What was found in a thread: an answer, and which moderator took it by a reaction, and when (0: unknown)."""

    answer: Answer | None = None
    taken_by: str | None = None
    taken_us: int = 0


@dataclass
class _InOneChannel:
    tx: Tx
    channel: str
    rules: Unanswered
    moderators: frozenset[str]
    threads: Sequence[Looked]
    answers: dict[Place, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[Place, Reacted] = field(default_factory=dict)

    def look(self) -> dict[Place, Found]:
        self._replies()
        if "reaction" in self.rules.counts_as_answer:
            self._reactions()
        if "next_message" in self.rules.counts_as_answer:
            self._next_messages()
        return {one.place: self._found(one) for one in self.threads}

    def _found(self, one: Looked) -> Found:
        taken = self.taken.get(one.place)
        known = sorted(self.answers.get(one.place, ()), key=lambda answer: (answer.at_us is None, answer.at_us or 0))
        return Found(known[0] if known else None, taken.user if taken else None, taken.event_us if taken else 0)

    def _replies(self) -> None:
        plain = {ts_us: one for one in self.threads if not one.after_us for ts_us in one.messages_us}
        replies = [(plain[reply.thread_us], reply) for reply in self.tx.threads.replied(self.channel, plain)]
        for one in self.threads:
            if one.after_us:
                replies += [
                    (one, reply) for reply in self.tx.threads.replied(self.channel, one.messages_us, one.after_us)
                ]
        for one, reply in replies:
            if reply.user != one.author:
                self.answers[one.place].append(Answer("reply", reply.ts_us, reply.user))

    def _reactions(self) -> None:
        by_message = {ts_us: one for one in self.threads for ts_us in one.messages_us}
        answered, taken = self.rules.answered_reaction, self.rules.taken_reaction
        for reacted in self.tx.threads.reacted(self.channel, by_message, (answered, taken)):
            one = by_message[reacted.thread_us]
            if one.after_us and reacted.event_us <= one.after_us:
                continue
            if reacted.name == answered and reacted.user in self.moderators | one.trusted | {one.author}:
                self.answers[one.place].append(Answer("reaction", reacted.event_us or None, settled_by=reacted.user))
            elif reacted.name == taken and reacted.user in self.moderators:
                self.taken.setdefault(one.place, reacted)

    def _next_messages(self) -> None:
        spans = {one.place: (max(one.messages_us), max(one.messages_us) + NEXT_WITHIN_US) for one in self.threads}
        roots = self.tx.threads.roots_in(self.channel, merged(spans.values()))
        for one in self.threads:
            start_us, end_us = spans[one.place]
            others = (
                (ts_us, user, asks) for ts_us, user, asks in _within(roots, start_us, end_us) if user != one.author
            )
            ts_us, user, asks = next(others, (0, "", True))
            if not asks and ts_us > one.after_us:
                self.answers[one.place].append(Answer("next_message", ts_us, user))


def look(
    tx: Tx,
    threads: Iterable[Looked],
    rules_in: Mapping[str, Unanswered],
    everywhere: Unanswered,
    moderators: frozenset[str],
) -> dict[Place, Found]:
    """What answers these threads, by the rules of their channels; asked of the store once for each channel."""
    by_channel: dict[str, list[Looked]] = defaultdict(list)
    for one in threads:
        by_channel[one.place[0]].append(one)
    found: dict[Place, Found] = {}
    for channel, some in by_channel.items():
        found |= _InOneChannel(tx, channel, rules_in.get(channel, everywhere), moderators, some).look()
    return found


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of time as few as cover the same."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _within(roots: Sequence[tuple[int, str, bool]], start_us: int, end_us: int) -> Iterable[tuple[int, str, bool]]:
    """Those in ``(start, end]``; ``roots`` are in order of time."""
    first = bisect_right(roots, start_us, key=lambda root: root[0])
    return takewhile(lambda root: root[0] <= end_us, islice(roots, first, None))
