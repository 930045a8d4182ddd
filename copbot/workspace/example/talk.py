"""Fourteen weeks of talk in the example community, played through in the order of time.

Nothing here decides the hour of an answer: people look in by their own habits (``cast.moments``) and then do what is
there to be done: answer what waits, thank, ask, share. That is why a question is answered at once, late or never.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from copbot.workspace.example.cast import WEEKS, Member, moments

Kind = Literal["question", "weekly", "share", "introduction", "announcement"]

SETTLED = timedelta(days=16)
"""Of the last weeks nothing stays without an answer: what waits in the demo is what happens before one's eyes."""

LAST_QUESTION = timedelta(hours=20)
"""Nobody asks in the last hours before the end, when nobody would be there to answer."""

ANSWERS = {0: 0.1, 1: 0.18, 2: 0.33, 3: 0.3, 4: 0.09}
"""How many people know an answer to a question, and how often."""

OPEN_FOR: dict[Kind, timedelta] = {
    "question": timedelta(days=9),
    "weekly": timedelta(days=6),
    "share": timedelta(days=3),
    "introduction": timedelta(days=5),
    "announcement": timedelta(0),
}

LONGEST_OPEN = max(OPEN_FOR.values()) + timedelta(days=1)
"""People act nearly in order of time: a day more than any thread stays open."""


@dataclass(eq=False)
class Said:
    """One message of the history; ``thread`` is the one it stands in, as root or reply, if it has any replies."""

    channel: str
    member: Member
    at: datetime
    text: str
    thread: "Thread"
    reactions: dict[str, list[Member]] = field(default_factory=dict)
    edited: datetime | None = None


@dataclass(eq=False)
class Thread:
    kind: Kind
    channel: str
    pending: list[str]
    said: list[Said] = field(default_factory=list)
    is_thanked: bool = False
    asked_back: Member | None = None  # who was asked for a detail and has not told it

    @property
    def root(self) -> Said:
        return self.said[0]

    @property
    def is_answered(self) -> bool:
        return any(said.member is not self.root.member for said in self.said)

    def has(self, member: Member) -> bool:
        return any(said.member is member for said in self.said)


class Talk:
    """The whole history: ``play`` it once, then read ``threads``."""

    def __init__(
        self, members: list[Member], bank: dict[str, Any], start: datetime, until: datetime, rng: Random
    ) -> None:
        self.threads: list[Thread] = []
        self._lately: list[Thread] = []  # all that may be open still
        self._members = members
        self._core = [member for member in members if member.part == "core"]
        self._coordinator = next(member for member in members if member.is_coordinator)
        self._start = start
        self._until = until
        self._rng = rng
        self._bank = bank
        self._questions = _shuffled(_questions_of(bank), rng)
        self._shares = _shuffled(bank["shares"], rng)
        self._weekly = list(reversed(bank["weekly"]))
        self._announcements = list(reversed(bank["announcements"]))
        self._pace = {"question": len(self._questions), "share": len(self._shares)}

    def play(self) -> None:
        for at, _order, member, purpose in sorted(self._agenda(), key=lambda item: item[:2]):
            if at < self._until - timedelta(minutes=40):
                self._look_in(member, at) if purpose is None else self._begin(purpose, member, at)
        self._settle()
        self._react()

    def joined(self, member: Member) -> datetime:
        """When somebody joined: on a working day, at an hour of theirs."""
        day = (self._start + timedelta(weeks=member.joins_week)).date()
        day -= timedelta(days=max(0, day.weekday() - 4))
        midnight = datetime(day.year, day.month, day.day, tzinfo=member.tzinfo)
        return midnight + timedelta(hours=member.hour, minutes=int(member.joins_week * 997) % 40)

    def _agenda(self) -> Iterator[tuple[datetime, int, Member, Kind | None]]:
        order = 0
        for member in self._members:
            joined = self.joined(member)
            yield joined + timedelta(minutes=self._rng.randrange(4, 40)), order, member, "introduction"
            for week in range(WEEKS + 1):
                monday = (self._start + timedelta(weeks=week)).date()
                for at in moments(member, week, monday, self._rng):
                    order += 1
                    if at > joined + timedelta(hours=1):
                        yield at, order, member, None
        for week in range(WEEKS + 1):
            morning = self._start + timedelta(weeks=week, hours=9, minutes=self._rng.randrange(10, 50))
            yield morning + timedelta(days=2), -1, self._coordinator, "weekly"
            if week % 3 == 1:
                yield morning, -1, self._coordinator, "announcement"

    # --- what somebody does who looks in

    def _look_in(self, member: Member, at: datetime) -> None:
        for _ in range(self._rng.randint(1, member.words)):
            self._act(member, at)
            at += timedelta(seconds=self._rng.randrange(70, 900))

    def _act(self, member: Member, at: datetime) -> None:
        self._lately = [t for t in self._lately if at - t.root.at < LONGEST_OPEN]
        open_threads = [t for t in self._lately if t.root.at < at and at - t.root.at < OPEN_FOR[t.kind]]
        if self._thank(member, at, open_threads) or self._clarify(member, at, open_threads):
            return
        waiting = [t for t in open_threads if t.pending and not t.has(member)]
        if waiting and self._rng.random() < 0.75:
            self._answer(member, at, waiting)
        elif self._is_time_for("share", at, 0.5) and member.part in ("core", "active"):
            self._begin("share", member, at)
        elif self._is_time_for("question", at, 0.85) and at < self._until - LAST_QUESTION:
            self._begin("question", member, at)
        elif member.part != "newcomer":
            self._remark(member, at, open_threads)

    def _thank(self, member: Member, at: datetime, threads: list[Thread]) -> bool:
        for thread in threads:
            mine = thread.kind == "question" and thread.root.member is member
            if mine and thread.is_answered and not thread.is_thanked and self._rng.random() < 0.8:
                thread.is_thanked = True
                self._reply(thread, member, at, self._rng.choice(self._bank["thanks"]))
                return True
        return False

    def _clarify(self, member: Member, at: datetime, threads: list[Thread]) -> bool:
        for thread in threads:
            if thread.asked_back is member:
                thread.asked_back = None
                last = thread.said[-1].text
                if last in self._bank["details"]:
                    self._reply(thread, member, at, self._bank["clarifications"][self._bank["details"].index(last)])
                    return True
        return False

    def _answer(self, member: Member, at: datetime, waiting: list[Thread]) -> None:
        weights = [1 if t.is_answered else 3 for t in waiting]
        thread = self._rng.choices(waiting, weights)[0]
        self._reply(thread, member, at, thread.pending.pop())

    def _remark(self, member: Member, at: datetime, threads: list[Thread]) -> None:
        """A word in a thread that is already going: agreement, or a question back to the one who answered last."""
        lively = [
            t
            for t in threads
            if t.kind == "question" and t.is_answered and t.said[-1].member is not member and not t.has(member)
        ]
        if not lively:
            return
        thread = self._rng.choice(lively)
        last = thread.said[-1].member
        if thread.asked_back is None and last is not thread.root.member and self._rng.random() < 0.5:
            thread.asked_back = last
            self._reply(thread, member, at, self._rng.choice(self._bank["details"]))
        else:
            self._reply(thread, member, at, self._rng.choice(self._bank["agreements"]))

    def _is_time_for(self, kind: Kind, at: datetime, chance: float) -> bool:
        """Questions and shares are spread over the weeks: as much of them is used up as of the time."""
        texts = self._questions if kind == "question" else self._shares
        used = 1 - len(texts) / self._pace[kind]
        gone = (at - self._start) / (self._until - self._start)
        return bool(texts) and used <= gone and self._rng.random() < chance

    # --- threads

    def _begin(self, kind: Kind, member: Member, at: datetime) -> None:
        opening = self._opening(kind, member, at)
        if opening is not None:
            channel, text, pending = opening
            thread = Thread(kind, channel, pending)
            self.threads.append(thread)
            self._lately.append(thread)
            self._reply(thread, member, at, text)

    def _opening(self, kind: Kind, member: Member, at: datetime) -> tuple[str, str, list[str]] | None:
        """Channel, text and the answers that will come, of a new thread; None when there is nothing more to say."""
        if kind == "introduction":
            return "introductions", self._introduction(member), self._greetings(member)
        if kind == "question":
            channel, text, answers = self._questions.pop()
            known = self._rng.choices(list(ANSWERS), list(ANSWERS.values()))[0]
            return channel, text, self._some(answers, max(known, 1) if self._is_settled(at) else known)
        if kind == "share":
            share = self._shares.pop()
            return "data-integration", share["say"], self._some(share["replies"], 3)
        if kind == "weekly" and self._weekly:
            weekly = self._weekly.pop()
            return "data-integration", weekly["ask"], _shuffled(weekly["answers"], self._rng)
        if kind == "announcement" and self._announcements:
            return "general", self._announcements.pop(), []
        return None

    def _introduction(self, member: Member) -> str:
        text = self._rng.choice(self._bank["introductions"])
        field_of_work, goal = self._rng.choice(self._bank["fields"]), self._rng.choice(self._bank["goals"])
        return str(text.format(name=member.first_name, field=field_of_work, goal=goal))

    def _greetings(self, member: Member) -> list[str]:
        greetings = self._some(self._bank["greetings"], self._rng.randint(1, 3))
        return [greeting.format(name=member.first_name) for greeting in greetings]

    def _some(self, texts: list[str], count: int) -> list[str]:
        return self._rng.sample(texts, min(count, len(texts)))

    def _reply(self, thread: Thread, member: Member, at: datetime, text: str) -> None:
        said = Said(thread.channel, member, at, text, thread)
        if len(text) > 80 and self._rng.random() < 0.06:
            said.edited = at + timedelta(seconds=self._rng.randrange(40, 600))
        thread.said.append(said)

    def _is_settled(self, at: datetime) -> bool:
        return at > self._until - SETTLED

    def _settle(self) -> None:
        """Somebody answers what the last weeks left open."""
        for thread in self.threads:
            if not thread.pending or thread.is_answered or not self._is_settled(thread.root.at):
                continue
            member = self._rng.choice([m for m in self._core if m is not thread.root.member])
            at = thread.root.at + timedelta(hours=self._rng.uniform(0.3, 5))
            at = min(at, self._until - timedelta(minutes=self._rng.uniform(2, 20)))
            self._reply(thread, member, at, thread.pending.pop())

    # --- reactions

    def _react(self) -> None:
        """Reactions by those who take part in that week; the quiet ones have any week."""
        for thread in self.threads:
            for said in thread.said:
                if self._rng.random() < (0.5 if said is thread.root else 0.28):
                    self._react_to(said)

    def _react_to(self, said: Said) -> None:
        week = (said.at - self._start) // timedelta(weeks=1)
        there = [m for m in self._members if m is not said.member and self._sees(m, said.at, week)]
        for member in self._rng.sample(there, min(len(there), self._rng.choice((1, 1, 1, 2, 2, 3, 5)))):
            name = self._rng.choice(self._bank["reactions"])
            said.reactions.setdefault(name, []).append(member)

    def _sees(self, member: Member, at: datetime, week: int) -> bool:
        if self.joined(member) > at or member.is_deleted:
            return False
        return week in member.weeks or (member.part == "peripheral" and (_number_of(member) + week) % 5 == 0)


def _number_of(member: Member) -> int:
    """A number of a member's own, the same in every run."""
    return sum(map(ord, member.id))


def _questions_of(bank: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """(channel, text, fitting answers): each question once for each of the things it can be asked about."""
    return [
        (question["in"], question["ask"].format(*subject.split("|")), question["answers"])
        for question in bank["questions"]
        for subject in question["with"]
    ]


def _shuffled(items: list[Any], rng: Random) -> list[Any]:
    mixed = list(items)
    rng.shuffle(mixed)
    return mixed
