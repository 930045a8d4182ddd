"""The story: a newcomer, a question at the best hour, a question that nobody answered, and the levels.

Every step does what a person would do on Slack and then waits for what the bot really does there; nothing is told that
did not happen. What a coordinator's own files do not have is left out, and said so.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from copbot.core.delivery import Posted
from copbot.core.posts import EveryWhen, Post
from copbot.core.time import SECOND_US, from_us, to_us, ts_to_us
from copbot.demo.stage import COMMAND, Stage
from copbot.demo.transcript import Transcript
from copbot.demo.words import spoken
from copbot.workspace.life.form import filled_in

Json = dict[str, Any]

NEWCOMER = "Amara Okafor"
GREETER, CORE_MEMBER, SECOND, ASKER = "Grace Santos", "Arvind Rao", "Ploy Rattanakul", "Anong Phromma"

GOAL = "I start with our first register-based census. I would like to learn how others link the civil register to it."
GREETING = "Welcome, Amara! We went through this two years ago. Shall we have a call on Thursday?"
ANSWERS = {
    CORE_MEMBER: "Births and school enrolment. 4 % of the pupils had been born in a year that had not come yet.",
    SECOND: "Our address register with the electricity customers: whole streets exist for one of them only.",
}
QUESTION = (
    "Has anybody linked fishing licences to the business register? Half of ours are held by persons, not by firms, "
    "and the boats change hands without anybody telling us."
)
ANSWER = (
    "We did, through the boat numbers of the port authority: they know each owner since 2011. "
    "I send you their file description and our matching rules."
)
LONGEST_WAIT = timedelta(days=35)
"""How far the story goes for a post to come: a monthly one is within reach."""


@dataclass
class Told:
    """What the story saw, to be checked against workspace and store afterwards. None where a part was left out."""

    newcomer: str
    shared: str = ""
    welcome: Json | None = None
    introduction: Json | None = None
    post: Post | None = None
    posted: Posted | None = None
    due_us: int = 0
    explanation: str = ""
    asked: tuple[str, str] | None = None  # channel, ts
    moderator: str | None = None
    card: Json | None = None
    me: Json | None = None
    levels: Json | None = None
    answers: list[str] = field(default_factory=list)


class Story:
    def __init__(self, stage: Stage, transcript: Transcript) -> None:
        self._stage = stage
        self._workspace = stage.workspace
        self._transcript = transcript
        self._community = stage.community
        self.told = Told("")

    def play(self) -> Told:
        """Tell all of it. Raises TimeoutError where something did not happen, Stopped when somebody ended the demo."""
        for note in self._stage.fitted:
            self._transcript.line(f"  {note}")
        self._newcomer()
        self._question()
        self._forgotten_thread()
        self._levels()
        self._transcript.catch_up()
        return self.told

    # --- a newcomer

    def _newcomer(self) -> None:
        onboarding = self._community.onboarding
        self._transcript.chapter("A newcomer")
        self._stage.later(minutes=2)
        user = self._workspace.join_workspace(
            NEWCOMER.split()[0], real_name=NEWCOMER, tz=self._community.timezone, email="amara.okafor@example.org"
        )
        self.told.newcomer = user
        self._transcript.aside(f"<@{user}> joins the workspace.")
        for reference in (*self._community.channels.watched, onboarding and onboarding.starts_channel):
            channel = self._stage.channel(reference or None)
            if channel:
                self._workspace.join_channel(channel, user)
        if onboarding is None:
            self._transcript.aside("Your files have no onboarding, so nobody is welcomed.")
            return
        self._stage.go_to(self._stage.clock.now() + onboarding.delay)
        self.told.welcome = self._stage.wait_for(self._welcome)
        self._beat()
        self._answer_questions()

    def _welcome(self) -> Json | None:
        dm = self._workspace.dm(self.told.newcomer)
        return next((m for m in self._workspace.messages(dm) if _buttons(m)), None) if dm else None

    def _answer_questions(self) -> None:
        user, welcome = self.told.newcomer, self.told.welcome
        assert welcome is not None
        dm = self._workspace.open_dm(user)
        label, action = _buttons(welcome)[0]
        self._stage.later(minutes=3)
        self._workspace.press(user, dm, welcome["ts"], action)
        view = self._stage.wait_for(lambda: self._workspace.view_of(user))
        form = filled_in(view, GOAL, self._person(GREETER))
        self._transcript.aside(f"<@{user}> presses [{label}]. A form opens: {form.described}")
        self._beat()
        self._stage.later(minutes=2)
        mistakes = self._workspace.submit(user, form.values)
        if mistakes:
            raise TimeoutError(f"the form was not accepted: {'; '.join(mistakes.values())}")
        self._transcript.aside(f"<@{user}> sends it.")
        self.told.shared = form.text
        self._introduction()

    def _introduction(self) -> None:
        onboarding, channel = self._community.onboarding, self._stage.channel(self._community.channels.introductions)
        shares = onboarding is not None and onboarding.introduction and any(q.share for q in onboarding.questions)
        if channel is None or not shares:
            self._transcript.aside("Your files share nothing publicly, so there is no introduction.")
            return
        self.told.introduction = self._stage.wait_for(lambda: self._by_bot(channel, self.told.newcomer))
        self._beat()
        self._stage.later(minutes=11)
        self._say(channel, GREETER, GREETING, self.told.introduction["ts"])

    def _by_bot(self, channel: str, containing: str) -> Json | None:
        """The bot's own latest message in a channel that says, in text or blocks, what is given."""
        own = [m for m in self._workspace.messages(channel) if m.get("user") == self._workspace.bot_user]
        return next((m for m in reversed(own) if containing in f"{m.get('text')}{m.get('blocks')}"), None)

    # --- a question at the best hour

    def _question(self) -> None:
        post = self._post_of_the_story()
        self._transcript.chapter("A question, when most people are there")
        if post is None:
            self._transcript.aside("Your files have no post that goes out by itself.")
            return
        self.told.post = post
        self._explain(post)
        since_us = to_us(self._stage.clock.now())
        until = self._stage.clock.now() + LONGEST_WAIT
        while not self._sent(post, since_us):
            due = self._stage.bot.next_due()
            if due is None or due.at > until:
                self._transcript.aside(f"Your post {post.id} does not go out within {LONGEST_WAIT.days} days.")
                return
            self.told.due_us = to_us(due.at)
            self._stage.go_to(due.at)
            self._stage.settle()
            self._stage.pause(0.2)
        self.told.posted = self._stage.wait_for(lambda: self._sent(post, since_us))
        self._beat()
        for minutes, (name, text) in zip((6, 13), ANSWERS.items(), strict=True):
            self._stage.later(minutes)
            self.told.answers.append(self._say(self.told.posted.channel, name, text, _ts(self.told.posted)))
        self._beat()

    def _post_of_the_story(self) -> Post | None:
        """The first post that asks at the learned hour, else the first that asks, else the first."""
        posts = [post for post in self._community.posts if not post.paused and self._stage.channel(post.channel)]
        learned = [p for p in posts if isinstance(p.when, EveryWhen) and p.when.at in ("best", "active")]
        return next(iter([*learned, *(p for p in posts if p.questions), *posts]), None)

    def _sent(self, post: Post, since_us: int) -> Posted | None:
        channel = self._stage.channel(post.channel)
        with self._stage.store.read() as tx:
            sent = tx.deliveries.posted(("question", "post"), since_us - SECOND_US)
        return next((p for p in sent if p.channel == channel and post.id in p.key.split(":")), None)

    def _explain(self, post: Post) -> None:
        """When, and why then: the answer that a moderator gets."""
        self.told.moderator = self._moderator()
        channel = self._stage.channel(post.channel)
        if self.told.moderator is None or channel is None:
            return
        self._stage.later(minutes=5)
        self._transcript.aside(f"<@{self.told.moderator}> wants to know what comes next, and types {COMMAND} schedule")
        self.told.explanation = spoken(self._ask_bot(self.told.moderator, channel, "schedule"))
        self._beat()

    # --- a thread that nobody answered

    def _forgotten_thread(self) -> None:
        self._transcript.chapter("A question that nobody answered")
        moderators = self._stage.channel(self._community.channels.moderators)
        channel = self._stage.channel(self._community.channels.discussion[0])
        moderator = self.told.moderator or self._moderator()
        if moderators is None or channel is None or moderator is None:
            self._transcript.aside(
                "Your files have no moderators' channel or no moderator: nobody looks after questions."
            )
            return
        self._stage.later(minutes=40)
        ts = self._say(channel, ASKER, QUESTION)
        self.told.asked, self.told.moderator = (channel, ts), moderator
        self._beat()
        asked = from_us(ts_to_us(ts))
        self._transcript.aside("Time passes, and nobody answers.")
        self._stage.go_to(asked + self._community.unanswered.after)
        card = self._stage.wait_for(lambda: self._card(moderators))
        self._beat()
        self._take(moderators, moderator, card)
        self._beat()
        self._stage.later(minutes=9)
        self._workspace.join_channel(channel, moderator)
        self._workspace.post(channel, moderator, ANSWER, ts)
        self._stage.wait_for(lambda: not [b for b in _buttons(self._card(moderators) or {}) if _is_to_take_or_drop(b)])
        self.told.card = self._card(moderators)
        self._beat()

    def _card(self, moderators: str) -> Json | None:
        assert self.told.asked is not None
        with self._stage.store.read() as tx:
            card = tx.cards.of_thread(self._community.id, self.told.asked[0], ts_to_us(self.told.asked[1]))
        if card is None:
            return None
        return next((m for m in self._workspace.messages(moderators) if delivery_of(m) == card.shown_in), None)

    def _take(self, moderators: str, moderator: str, card: Json) -> None:
        label, action = next((label, action) for label, action in _buttons(card) if action.endswith(":take"))
        self._stage.later(minutes=4)
        self._transcript.aside(f"<@{moderator}> presses [{label}].")
        self._workspace.press(moderator, moderators, card["ts"], action)
        self._stage.wait_for(lambda: f"<@{moderator}>" in str((self._card(moderators) or {}).get("blocks")))

    # --- levels

    def _levels(self) -> None:
        self._transcript.chapter("Who takes part")
        channel = self._stage.channel(self._community.channels.discussion[0])
        if channel is None:
            return
        member = self._person(CORE_MEMBER)
        self._transcript.aside(f"<@{member}> types {COMMAND} me")
        self.told.me = self._ask_bot(member, channel, "me")
        self._beat()
        moderator = self.told.moderator
        if moderator is not None:
            self._transcript.aside(f"<@{moderator}> types {COMMAND} levels")
            self.told.levels = self._ask_bot(moderator, channel, "levels")
            self._beat()

    # --- people and their doings

    def _ask_bot(self, user: str, channel: str, text: str) -> Json:
        """A command, and the answer that only this person sees."""
        before = len(self._workspace.ephemerals(user))
        self._workspace.command(user, channel, COMMAND, text)
        return self._stage.wait_for(lambda: self._workspace.ephemerals(user)[before:])[0]

    def _say(self, channel: str, name: str, text: str, thread_ts: str | None = None) -> str:
        user = self._person(name)
        self._workspace.join_channel(channel, user)
        return self._workspace.post(channel, user, text, thread_ts)

    def _person(self, name: str) -> str:
        return next(str(user["id"]) for user in self._workspace.users() if user["real_name"] == name)

    def _moderator(self) -> str | None:
        """The first moderator whom the files name and the workspace knows, else the first coordinator."""
        for reference in (*self._community.roles.moderators, *self._community.roles.coordinators):
            for user in self._workspace.users():
                if reference in (user["id"], user["profile"].get("email")):
                    return str(user["id"])
        return None

    def _beat(self) -> None:
        self._stage.settle()
        self._transcript.catch_up()
        self._stage.pause()


def delivery_of(message: Json) -> str | None:
    """The key of the delivery that a message of the bot's carries."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    key = payload.get("delivery")
    return str(key) if key else None


def _buttons(message: Json) -> list[tuple[str, str]]:
    """(label, action_id) of a message's buttons."""
    elements = [e for block in message.get("blocks") or [] if block["type"] == "actions" for e in block["elements"]]
    return [(e["text"]["text"], e["action_id"]) for e in elements if e["type"] == "button"]


def _is_to_take_or_drop(button: tuple[str, str]) -> bool:
    return button[1].endswith((":take", ":dismiss"))


def _ts(posted: Posted) -> str:
    return f"{posted.ts_us // SECOND_US}.{posted.ts_us % SECOND_US:06d}"
