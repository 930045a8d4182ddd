"""What the simulated members talk about: threads as they remember them, and who says what in them.

The bot's questions and introductions are noticed by reading the channels, as people would. A thread that a visitor
began is left to the visitor: whether it is forgotten is for them to see.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Literal

from copbot.core.time import HOUR_US, MICROSECOND, ts_to_us
from copbot.workspace.example.cast import read_data
from copbot.workspace.example.talk import ANSWERS
from copbot.workspace.life.people import Places, Someone, read_words, seeded
from copbot.workspace.server import Workspace

Json = dict[str, Any]
Kind = Literal["question", "share", "asked by the bot", "introduction"]

OPEN_FOR_US: dict[Kind, int] = {
    "question": timedelta(days=9) // MICROSECOND,
    "share": timedelta(days=3) // MICROSECOND,
    "asked by the bot": timedelta(days=6) // MICROSECOND,
    "introduction": timedelta(days=5) // MICROSECOND,
}
WAITED_US = 20 * HOUR_US
"""An answer to somebody who has waited so long may be news for the bot too."""


@dataclass(eq=False)
class Thread:
    kind: Kind
    channel: str
    ts: str
    author: str
    pending: list[str]
    others: list[str] = field(default_factory=list)  # who wrote in it, beside the author
    is_thanked: bool = False
    reacted: set[str] = field(default_factory=set)

    @property
    def at_us(self) -> int:
        return ts_to_us(self.ts)

    def waits_for(self, user: str) -> bool:
        return bool(self.pending) and user != self.author and user not in self.others


@dataclass(frozen=True)
class Done:
    """What a member did, in words; ``stirs`` when the bot may have something to do at once."""

    what: str
    stirs: bool = False


class Talk:
    """Remembers what goes on and lets one member at a time add to it."""

    def __init__(self, workspace: Workspace, places: Places, seed: int, since_us: int) -> None:
        self._workspace = workspace
        self._places = places
        self._seed = seed
        self._bank: Json = read_data("sayings.json")
        self._words = read_words()
        self._questions = [
            (question["in"], question["ask"].format(*subject.split("|")), question["answers"])
            for question in self._bank["questions"]
            for subject in question["with"]
        ]
        self._asked = self._shared = 0
        self._threads: list[Thread] = []
        self._read_until = dict.fromkeys(filter(None, (*places.discussion, places.introductions)), since_us)

    def act(self, who: Someone, now_us: int, rng: Random) -> Iterator[Done]:
        """What somebody does who has a moment: a word or two, perhaps a reaction, often nothing."""
        self._read(now_us)
        if rng.random() < 0.35:
            yield from self._react(who, rng)
        if said := self._thank(who, rng) or self._answer(who, now_us, rng) or self._begin(who, rng):
            yield said
        elif who.part != "newcomer":
            yield from self._agree(who, rng)

    def forget(self, who: Someone, rng: Random) -> Done:
        """Ask something that nobody here will answer."""
        return self._open("question", who, self._places.discussion[0], rng.choice(self._words["forgotten"]), [])

    def rescue(self, who: Someone, channel: str, ts: str, rng: Random) -> Done:
        """Answer somebody who has waited, whoever asked."""
        self._workspace.join_channel(channel, who.user)
        self._workspace.post(channel, who.user, rng.choice(self._words["rescues"]), ts)
        for thread in self._threads:
            if thread.ts == ts and thread.channel == channel:
                thread.others.append(who.user)
        return Done(f"{who.name} answers a question that waited", stirs=True)

    # --- reading

    def _read(self, now_us: int) -> None:
        self._threads = [t for t in self._threads if now_us - t.at_us < OPEN_FOR_US[t.kind]]
        for channel, read_us in self._read_until.items():
            for message in self._workspace.messages(channel, read_us + 1):
                self._read_until[channel] = ts_to_us(message["ts"])
                if message.get("user") == self._workspace.bot_user and "thread_ts" not in message:
                    self._threads.append(self._of_bot(channel, message))

    def _of_bot(self, channel: str, message: Json) -> Thread:
        text = f"{message.get('text', '')} {message.get('blocks', '')}"
        rng = seeded(self._seed, message["ts"], channel)
        if channel == self._places.introductions:
            new = next((user for user in self._workspace.users() if f"<@{user['id']}>" in text), None)
            name, author = (new["real_name"].split()[0], new["id"]) if new else ("", message["user"])
            greetings = rng.sample(self._bank["greetings"], rng.randint(1, 3))
            said = [greeting.format(name=name) for greeting in greetings if name or "{name}" not in greeting]
            return Thread("introduction", channel, message["ts"], author, said)
        replies: dict[str, list[str]] = self._words["replies"]
        fitting = next((said for asked, said in replies.items() if asked in text), [])
        said = [*rng.sample(self._words["anything"], 2), *rng.sample(fitting, len(fitting))]
        return Thread("asked by the bot", channel, message["ts"], message["user"], said if "?" in text else [])

    # --- saying

    def _thank(self, who: Someone, rng: Random) -> Done | None:
        for thread in self._threads:
            if thread.kind == "question" and thread.author == who.user and thread.others and not thread.is_thanked:
                thread.is_thanked = True
                if rng.random() < 0.8:
                    return self._reply(thread, who, rng.choice(self._bank["thanks"]), "thanks for an answer")
        return None

    def _answer(self, who: Someone, now_us: int, rng: Random) -> Done | None:
        waiting = [thread for thread in self._threads if thread.waits_for(who.user)]
        if not waiting or rng.random() >= 0.75:
            return None
        thread = rng.choices(waiting, [1 if t.others else 3 for t in waiting])[0]
        is_news = not thread.others and now_us - thread.at_us > WAITED_US
        what = {"introduction": "welcomes a newcomer", "asked by the bot": "answers copbot's question"}
        return self._reply(thread, who, thread.pending.pop(), what.get(thread.kind, "answers"), stirs=is_news)

    def _begin(self, who: Someone, rng: Random) -> Done | None:
        chance = rng.random()
        if chance < 0.1:
            channel, text, answers = self._next_question()
            known = min(rng.choices(list(ANSWERS), list(ANSWERS.values()))[0], len(answers))
            return self._open("question", who, channel, text, rng.sample(answers, known))
        if chance < 0.14 and who.part in ("core", "active"):
            share = self._bank["shares"][self._shared % len(self._bank["shares"])]
            self._shared += 1
            return self._open("share", who, self._places.discussion[0], share["say"], list(share["replies"]))
        return None

    def _next_question(self) -> tuple[str, str, list[str]]:
        """Each question once, in another order each time round, and then in other words."""
        turn, index = divmod(self._asked, len(self._questions))
        self._asked += 1
        order = seeded(self._seed, "questions", turn).sample(range(len(self._questions)), len(self._questions))
        name, text, answers = self._questions[order[index]]
        second = self._places.discussion[min(1, len(self._places.discussion) - 1)]
        channel = second if name == "registers" else self._places.discussion[0]
        opener = self._words["openers"][turn % len(self._words["openers"])]
        return channel, opener + text, answers

    def _agree(self, who: Someone, rng: Random) -> Iterator[Done]:
        lively = [
            t for t in self._threads if t.kind == "question" and t.others and who.user not in (t.author, *t.others)
        ]
        if lively and rng.random() < 0.5:
            yield self._reply(rng.choice(lively), who, rng.choice(self._bank["agreements"]), "joins in")

    def _react(self, who: Someone, rng: Random) -> Iterator[Done]:
        seen = [t for t in self._threads[-12:] if t.author != who.user and who.user not in t.reacted]
        if seen:
            thread = rng.choice(seen)
            thread.reacted.add(who.user)
            if self._is_there(thread):
                self._workspace.react(thread.channel, thread.ts, who.user, rng.choice(self._bank["reactions"]))
                yield Done(f"{who.name} reacts to a message")

    def _open(self, kind: Kind, who: Someone, channel: str, text: str, pending: list[str]) -> Done:
        self._workspace.join_channel(channel, who.user)
        ts = self._workspace.post(channel, who.user, text)
        self._threads.append(Thread(kind, channel, ts, who.user, pending))
        return Done(f"{who.name} {'asks a question' if kind == 'question' else 'shares something'}")

    def _reply(self, thread: Thread, who: Someone, text: str, what: str, *, stirs: bool = False) -> Done:
        if who.user != thread.author:
            thread.others.append(who.user)
        if self._is_there(thread):
            self._workspace.join_channel(thread.channel, who.user)
            self._workspace.post(thread.channel, who.user, text, thread.ts)
        return Done(f"{who.name} {what}", stirs)

    def _is_there(self, thread: Thread) -> bool:
        """Whether a thread still stands: its author may have deleted it, or a visitor in their place."""
        return bool(self._workspace.thread(thread.channel, thread.ts))
