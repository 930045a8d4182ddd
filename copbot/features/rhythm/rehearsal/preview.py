"""What posts would say, and when: made by the functions that post, on a store in which what comes before has gone out.

What lies ahead is a promise with conditions: nobody writes in it, so ``active`` goes out at its window's end; and no one presses
anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice, takewhile

from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.core.previews import Preview, Shown, Wanted
from copbot.features.rhythm import posting
from copbot.features.rhythm.advice import AHEAD, on_posts
from copbot.features.rhythm.posting import Turn, Words
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rehearsal.ahead import Ahead
from copbot.features.rhythm.rounds import Rounds, posts_of, rounds
from copbot.features.rhythm.timetable import Coming, coming_in
from copbot.features.rhythm.turn import Verdict, decide

TWO_WEEKS = timedelta(days=14)

FAR = timedelta(days=62)
"""How far ahead the other posts of a community are looked at for what they take of budgets and distances."""

MOST = 500
"""Occasions looked at on the way to the one that is shown."""

PAUSED = ("paused", "wait")
"""Decided at its time, a post that still waits is one that a moderator or the file has paused."""

WAITS = 20
"""How often an occasion may be put off before it is shown as waiting."""

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Met:
    """An occasion on the way: whose it is, when it was decided, and what."""

    turn: Turn
    occasion: Occasion
    verdict: Verdict

    @property
    def is_posted(self) -> bool:
        return self.verdict.what == "post"


def names(community: Community) -> list[str]:
    return [post.id for post in posts_of(community)]


def show(ctx: Context, tx: Tx, community: Community, wanted: Wanted) -> list[Shown]:
    """One post's next occasion at or after ``wanted.at``, or everything that comes in the two weeks from then."""
    start = min(ctx.clock.now(), wanted.at)
    found = rounds(ctx, tx, community, start)
    posts = posts_of(community)
    if not wanted.name:
        there = way(ctx, tx, community, found, posts, start, wanted.at + TWO_WEEKS)
        coming = ((met, said) for met, said in there if met.occasion.due >= wanted.at)
        return [_shown(met, said if met.is_posted else "") for met, said in coming if met.verdict.what not in PAUSED]
    post = next(post for post in posts if post.id == wanted.name)
    occasion = _next_of(ctx, tx, community, found, post, wanted.at)
    if occasion is None:
        return [_never(Turn(ctx, community, post, wanted.at), tx)]
    others = _neighbours(ctx, community, post) if occasion.due - start <= FAR else (post,)
    for along, since in ((others, start), ((post,), start), ((post,), occasion.due)):  # the way may be too long to go
        for met, said in way(ctx, tx, community, found, along, since, occasion.due):
            if met.turn.post is post and met.occasion.key == occasion.key:
                one = _shown(met, said)
                notes = () if wanted.user else _advice(ctx, tx, community, post, wanted.at)
                return [replace(one, notes=(*one.notes, *notes))]
    raise AssertionError("an occasion that comes is met on the way to it")


PREVIEW = Preview(show, names)


def _neighbours(ctx: Context, community: Community, post: Post) -> tuple[Post, ...]:
    """The posts that may take a post's budget or come too near to it, itself among them."""
    posts = posts_of(community)
    if community.spacing.community:
        return posts
    channel = ctx.directory.channel(post.channel)
    return tuple(
        one
        for one in posts
        if one.channel == post.channel or (channel and ctx.directory.channel(one.channel) == channel)
    )


def _next_of(ctx: Context, tx: Tx, community: Community, found: Rounds, post: Post, at: datetime) -> Occasion | None:
    """The first occasion at or after an instant that is still to come: not posted ahead of its time, and no holiday."""
    turn = Turn(ctx, community, post, at)
    for occasion in islice(found.coming(post, at - _MICROSECOND), posting.MOST_AHEAD):
        if not occasion.holiday and tx.deliveries.get(turn.key(occasion.key)) is None:
            return occasion
    return None


def _advice(ctx: Context, tx: Tx, community: Community, post: Post, at: datetime) -> list[str]:
    """What `copbot check` would warn of in this post at an instant."""
    rows = takewhile(lambda row: row.opens < at + AHEAD, coming_in(ctx, tx, [community], at, MOST))
    return [remark.message for remark in on_posts(community, list(rows), at) if remark.path[1:2] == (post.id,)]


# --- the way there --------------------------------------------------------------------------------------------------


def way(
    ctx: Context,
    tx: Tx,
    community: Community,
    found: Rounds,
    posts: Sequence[Post],
    start: datetime,
    end: datetime,
    *,
    in_words: bool = True,
) -> Iterator[tuple[Met, Words | str]]:
    """Every occasion due in ``[start, end]`` in order of time, as it will be decided, with what it says, or why it cannot; without
    its words, which take their time, where only the decision is asked for."""
    ahead = Ahead(tx)
    coming = merge(*(_until(found, number, post, start, end) for number, post in enumerate(posts)), key=_order)
    for _, post, occasion in islice(coming, MOST):
        turn = Turn(ctx, community, post, occasion.due)
        if tx.deliveries.get(turn.key(occasion.key)) is None:
            met = _decided(turn, occasion, ahead, found)
            yield met, _said(met, ahead, in_words=in_words)


def _until(
    found: Rounds, number: int, post: Post, start: datetime, end: datetime
) -> Iterator[tuple[int, Post, Occasion]]:
    for occasion in found.coming(post, start - _MICROSECOND):
        if occasion.due > end:
            return
        yield number, post, occasion


def _order(one: tuple[int, Post, Occasion]) -> tuple[datetime, int]:
    return one[2].due, one[0]


def _decided(turn: Turn, occasion: Occasion, ahead: Ahead, found: Rounds) -> Met:
    for _ in range(WAITS):
        verdict = decide(turn.post, occasion, turn.now, posting.around(turn, ahead.tx(), occasion, found))
        if verdict.what != "wait" or verdict.until is None or verdict.until <= turn.now:
            break
        turn = replace(turn, now=verdict.until)
    return Met(turn, occasion, verdict)


def _said(met: Met, ahead: Ahead, *, in_words: bool) -> Words | str:
    turn, occasion = met.turn, met.occasion
    # Where Slack's channel is not known, its name stands for the ID, as in a link to it.
    channel = turn.channel or turn.post.channel.removeprefix("#")
    try:
        said = posting.words(turn, ahead.tx(), occasion, channel) if in_words else Words("", None, None)
    except Mistake as mistake:
        return str(mistake)
    if met.is_posted:
        post = posting.outgoing(turn, turn.key(occasion.key), channel, said.text, occasion.due + turn.post.late)
        ahead.say(turn, post, said)
    return said


# --- as it is seen --------------------------------------------------------------------------------------------------


def _shown(met: Met, said: Words | str) -> Shown:
    turn, occasion, zone = met.turn, met.occasion, met.turn.zone
    opens, due = occasion.opens.astimezone(zone), occasion.due.astimezone(zone)
    if met.is_posted and opens == due and turn.now > occasion.due:  # put off, to keep its distance
        opens = due = turn.now.astimezone(zone)
    coming = Coming(turn.community.id, turn.post, opens, due, occasion.why)
    return Shown(
        where=_place(turn),
        when=coming.when,
        why=occasion.why,
        text=said.text if isinstance(said, Words) else "",
        notes=tuple(_notes(met, said)),
        name=turn.post.id,
        at=occasion.due,
    )


def _notes(met: Met, said: Words | str) -> Iterator[str]:
    turn = met.turn
    match met.verdict.what:
        case "paused" | "wait":
            yield "it is paused: nothing goes out until it is resumed"
        case "holiday":
            yield f"it is skipped: {met.occasion.holiday}"
        case "crowded":
            yield "it would be held back: too near to another post"
        case "budget":
            yield f"it would be held back: attention.channel.day allows {turn.community.attention.channel_day} a day there"
    if isinstance(said, str) and said:
        yield f"it cannot be written: {said}"


def _place(turn: Turn) -> str:
    reference = turn.post.channel
    return reference if reference.startswith("#") else f"#{turn.ctx.directory.channel_name(reference)}"


def _never(turn: Turn, tx: Tx) -> Shown:
    """A post that does not come again, as it would read if it came."""
    channel = turn.channel or turn.post.channel.removeprefix("#")
    notes = [f"it does not come again after {turn.now.astimezone(turn.zone):%Y-%m-%d %H:%M}: look at its dates"]
    try:
        text = posting.words(turn, tx, None, channel).text
    except Mistake as mistake:
        text = ""
        notes.append(f"it cannot be written: {mistake}")
    return Shown(_place(turn), "", text=text, notes=tuple(notes), name=turn.post.id)
