"""One turn of one post: what stands around it, what it says, and what is recorded of it. Everything here may run twice; the second
changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.attention import channels as channel_attention
from copbot.core.community import Community
from copbot.core.delivery import Kind, Outgoing
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import MESSAGE_LIMIT, channel_link, shorten
from copbot.core.ports import Context, Tx
from copbot.core.posts import NO_SPACING, EveryWhen, Post
from copbot.core.records import PostControl
from copbot.core.roles import looked_after_in
from copbot.core.time import from_us, to_us
from copbot.features.rhythm import views
from copbot.features.rhythm.milestones import views as milestone_views
from copbot.features.rhythm.milestones.posts import milestone_of
from copbot.features.rhythm.recurrence import Occasion, earlier_keys, other_keys
from copbot.features.rhythm.rotation import next_question, next_template
from copbot.features.rhythm.rounds import Rounds
from copbot.features.rhythm.rules import Missed
from copbot.features.rhythm.suggestions.rules import credit, questions_of, suggestion_of
from copbot.features.rhythm.turn import SIGN_OF_LIFE, Around, Near, closing

POST_KINDS: tuple[Kind, ...] = ("question", "post")
"""What counts for the distance between posts."""

PAUSED, HOLIDAY, UNKNOWN = "paused", "holiday", "before this post was known here"
NO_NEWS = (PAUSED, HOLIDAY, UNKNOWN)
"""How the reasons begin of what was skipped without a word."""

SAID = "it went out before its `when` was changed"

JUST_DUE = timedelta(seconds=30)
"""So shortly after its time an occasion is new: only one that is older may have been another before its `when` was changed."""

MOST_MISSED = 30

MOST_AHEAD = 50
"""Occasions that may have been used up ahead of their time."""


@dataclass(frozen=True)
class Turn:
    """A post whose turn may have come: what each step needs."""

    ctx: Context
    community: Community
    post: Post
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.community.timezone)

    @property
    def channel(self) -> str | None:
        return self.ctx.directory.channel(self.post.channel)

    @property
    def place(self) -> str:
        """What all deliveries of the post have in common, and under which its pinned one is known."""
        return place_of(self.community, self.post)

    def key(self, occasion: str) -> str:
        """The delivery's key: it names the occasion, so that nothing is said twice."""
        return f"{self.place}:{occasion}"


@dataclass(frozen=True)
class Words:
    """What a post says, and what it uses up by that."""

    text: str
    question: str | None
    template: str | None


def place_of(community: Community, post: Post) -> str:
    return f"post:{community.id}:{post.id}"


# --- what stands around it ------------------------------------------------------------------------------------------


def is_paused(tx: Tx, community: Community, post: Post) -> bool:
    """A moderator's word stands over the file's."""
    said = moderators_words(tx, community).get(post.id)
    return post.paused if said is None else said.paused


def moderators_words(tx: Tx, community: Community) -> dict[str, PostControl]:
    """By the post's id."""
    return {control.post: control for control in tx.controls.all() if control.community == community.id}


def around(turn: Turn, tx: Tx, occasion: Occasion, rounds: Rounds) -> Around:
    """What stands around an occasion now, by the store."""
    channel, now = turn.channel, turn.now
    keeps_distance = turn.community.spacing != NO_SPACING
    following = next(rounds.coming(turn.post, occasion.due), None) if keeps_distance else None
    in_window = occasion.opens < occasion.due
    known = Around(
        writers=writers(tx, channel, now) if channel and in_window else (),
        budget=budget(turn),
        closes=closing(turn.post, occasion, occasion.due.astimezone(turn.zone)),
        following=None if following is None else following.opens,
    )
    return anew(turn, tx, known)


def anew(turn: Turn, tx: Tx, known: Around) -> Around:
    """The same with what other posts and moderators may have changed since: cheap enough for a transaction that writes."""
    channel = turn.channel
    today = channel_attention.got_today(tx, channel, turn.now, turn.zone) if channel else 0
    paused = is_paused(tx, turn.community, turn.post)
    return replace(known, paused=paused, near=tuple(near(turn, tx)), posts_today=today)


def writers(tx: Tx, channel: str, now: datetime) -> tuple[tuple[datetime, str], ...]:
    """Who wrote in a channel in the last half hour, oldest first."""
    rows = tx.facts.hours_of(channel, to_us(now - SIGN_OF_LIFE), to_us(now) + 1)
    return tuple((from_us(ts_us), user) for ts_us, user in rows)


def near(turn: Turn, tx: Tx) -> Iterator[Near]:
    """The posts whose distance is to be kept: in the channel, and in the whole community."""
    spacing, channel = turn.community.spacing, turn.channel
    own = max(spacing.of(turn.post.channel), spacing.community)
    if own and channel is not None:
        yield Near(said_in_channel(tx, channel, turn.now - own), own)
    if spacing.community:
        since_us = to_us(turn.now - spacing.community)
        said = tx.deliveries.said_in(community=turn.community.id, kinds=POST_KINDS, since_us=since_us)
        yield Near(tuple(None if ts_us is None else from_us(ts_us) for ts_us in said), spacing.community)


def said_in_channel(tx: Tx, channel: str, since: datetime) -> tuple[datetime | None, ...]:
    said = tx.deliveries.said_in(target=channel, kinds=POST_KINDS, since_us=to_us(since))
    return tuple(None if ts_us is None else from_us(ts_us) for ts_us in said)


def budget(turn: Turn) -> int | None:
    """How many posts a day the channel bears; None for any number."""
    return channel_attention.budget_of(turn.ctx, turn.community, turn.channel)


def missed_before(turn: Turn, tx: Tx, occasion: Occasion) -> Missed:
    """How many occasions before one were never recorded, back to one that was. A post without any is new here."""
    keys = (turn.key(key) for key in islice(earlier_keys(turn.post, turn.zone, occasion), MOST_MISSED))
    latest = next(keys, None)
    if latest is not None and tx.deliveries.known((latest,)):  # as a rule nothing was missed
        return Missed(0, in_force=True)
    earlier = list(keys)
    known = tx.deliveries.known(earlier)
    count = next((number for number, key in enumerate(earlier, 1) if key in known), None)
    return Missed(0, in_force=False) if count is None else Missed(count, in_force=True)


def said_since(turn: Turn, tx: Tx, occasion: Occasion) -> bool:
    """Whether the post went out since an occasion was due: its `when` has another form now, and it was another occasion then."""
    if turn.now - occasion.due < JUST_DUE:
        return False
    found = (tx.deliveries.get(turn.key(key)) for key in other_keys(turn.post, turn.zone, occasion))
    said = (one for one in found if one is not None and one.state not in ("failed", "skipped"))
    return any((one.ts_us or one.outgoing.due_us) >= to_us(occasion.due) for one in said)


# --- what it says ---------------------------------------------------------------------------------------------------


def questions(tx: Tx, community: Community, post: Post) -> tuple[str, ...]:
    """A post's whole rotation: the file's questions, and what members suggested and moderators approved."""
    return questions_of(post, tx.suggestions.of(community.id, "approved")) if post.questions else ()


def next_in_rotation(turn: Turn, tx: Tx) -> tuple[str | None, str | None]:
    """The question and the template that are next."""
    community, post = turn.community.id, turn.post
    question = None
    if post.questions:
        question = next_question(
            questions(tx, turn.community, post), tx.questions.used(community, post.id, turn.key(""))
        )
    last = tx.template_uses.last(community, post.id) if len(post.prompts) > 1 else None
    return question, next_template(post.prompts, last)


def words(turn: Turn, tx: Tx, occasion: Occasion | None, channel: str) -> Words:
    """What a post says now. Raises Mistake when its template cannot be rendered or says nothing.

    A post with questions and neither ``prompt`` nor ``text`` says the question as it is; who suggested it is thanked below.
    """
    question, template = next_in_rotation(turn, tx)
    milestone = milestone_of(turn.community, turn.post)
    if milestone is not None:
        return Words(milestone_views.reminder(turn.ctx, milestone, turn.post), None, None)
    text = _rendered(turn, question, template, _moment(turn, occasion), channel)
    thanks = _thanks(turn, tx, question)
    return Words(shorten(text, MESSAGE_LIMIT - len(thanks)) + thanks, question, template)


def _rendered(turn: Turn, question: str | None, template: str | None, occurrence: datetime, channel: str) -> str:
    ctx, community, post = turn.ctx, turn.community, turn.post
    values: dict[str, Any] = {
        "question": question,
        "channel": channel_link(channel),
        "post": post.id,
        "occurrence": occurrence.astimezone(turn.zone).replace(tzinfo=None),
    }
    if template is not None:
        text = ctx.templates.render(community, template, values)
    else:
        source = post.text if post.text is not None else "{{ question }}"
        try:
            text = ctx.templates.render_text(community, source, values)
        except Mistake as mistake:
            raise Mistake(f"{post.source}: {mistake}") from None
    if not text.strip():
        raise Mistake(f"{post.source}: it says nothing today")
    return text


def _moment(turn: Turn, occasion: Occasion | None) -> datetime:
    """The occurrence as prompts see it: when it was due, however late it is; for ``active`` when it goes out."""
    return turn.now if occasion is None else max(occasion.opens, min(turn.now, occasion.due))


def _thanks(turn: Turn, tx: Tx, question: str | None) -> str:
    """Credit for a member's question."""
    if question is None:
        return ""
    approved = tx.suggestions.of(turn.community.id, "approved")
    suggestion = suggestion_of(question, turn.post, approved)
    return "" if suggestion is None else views.credit(credit(suggestion, tx.facts.person(suggestion.user)))


# --- what is recorded -----------------------------------------------------------------------------------------------


def outgoing(
    turn: Turn, key: str, channel: str, text: str, expires: datetime, why: str = "", late_note: str = ""
) -> Outgoing:
    return Outgoing(
        key=key,
        kind="question" if turn.post.questions else "post",
        target=channel,
        text=text,
        due_us=to_us(turn.now),
        community=turn.community.id,
        expires_us=to_us(expires),
        late_note=late_note,
        why=why,
        pinned_as=turn.place if turn.post.pin and text else None,
    )


def record(turn: Turn, tx: Tx, post: Outgoing, said: Words, occasion: str) -> bool:
    """Plan a post together with what it uses up. False, and nothing changes, when the occasion was dealt with before."""
    if not tx.deliveries.plan(post):
        return False
    community, now_us = turn.community.id, to_us(turn.now)
    if said.question is not None:
        tx.questions.use(community, turn.post.id, " ".join(said.question.split()), occasion, now_us)
    if said.template is not None and len(turn.post.prompts) > 1:
        tx.template_uses.use(community, turn.post.id, said.template, now_us)
    return True


def skip(turn: Turn, tx: Tx, occasion: Occasion, reason: str, told: str = "") -> bool:
    """Record that an occasion is over, and with it what those who look after it are told, if anything."""
    key = turn.key(occasion.key)
    target = turn.channel or turn.post.channel
    if not tx.deliveries.plan(outgoing(turn, key, target, "", occasion.due + turn.post.late)):
        return False
    tx.deliveries.cancel(key, reason)
    if told:
        tell(turn, tx, notice_key(turn, occasion), told)
    return True


def tell(turn: Turn, tx: Tx, key: str, text: str) -> None:
    """A notice, once per key, in the moderators' channel, or to each coordinator where there is none."""
    said, now_us = shorten(text, MESSAGE_LIMIT), to_us(turn.now)
    for name, target in looked_after_in(turn.ctx, turn.community, key).items():
        tx.deliveries.plan(Outgoing(name, "notice", target, said, now_us, community=turn.community.id))


def notice_key(turn: Turn, occasion: Occasion) -> str:
    return f"notice:{turn.key(occasion.key)}"


def is_learned(post: Post) -> bool:
    """Whether the post's time follows from history, and may move while its period has not begun."""
    return isinstance(post.when, EveryWhen) and post.when.at in ("best", "active")


def live(rounds: Rounds, turn: Turn, tx: Tx) -> Occasion | None:
    """The latest occasion that has opened, if it is not dealt with yet and not too late."""
    occasion = next(rounds.past(turn.post, turn.now), None)
    if occasion is None or turn.now > occasion.due + turn.post.late:
        return None
    return None if tx.deliveries.get(turn.key(occasion.key)) is not None else occasion


def next_free(rounds: Rounds, turn: Turn, tx: Tx, after: datetime) -> Occasion | None:
    """The first occasion due after an instant that was not dealt with before its time, as a moderator's `post` does."""
    for occasion in islice(rounds.coming(turn.post, after), MOST_AHEAD):
        if tx.deliveries.get(turn.key(occasion.key)) is None:
            return occasion
    return None
