"""What moderators do to a post at once: pause it, let it go on, post it now. Each is kept across restarts and recorded with who and
when.

Decided here, where the interface leaves it open:

- A moderator's word stands over the file's, whoever spoke last: moderators are there when something happens, files are changed on
  another day. A `resume` against a file's ``paused: true`` holds until that line is taken out; a pause of the file's that comes later
  holds again.
- `post` goes out although the channel's budget is spent, the distance is short or the post is paused: it is a moderator's deliberate
  act. They are told, and what the schedule brings later that day keeps to the budget, this one counted.
- `post` uses up the occasion whose time has come, else the next one; a post that has none any more goes out beside its schedule.
"""

from datetime import datetime, timedelta

from copbot.core.attention import channels as channel_attention
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.core.records import Audited, PostControl
from copbot.core.time import to_us
from copbot.features.rhythm import posting
from copbot.features.rhythm.controls import views
from copbot.features.rhythm.posting import Turn
from copbot.features.rhythm.recurrence import Occasion
from copbot.features.rhythm.rounds import Rounds, rounds
from copbot.features.rhythm.views import no_channel, not_written

SOON_AGAIN = timedelta(minutes=2)
"""Within so long a second `post` of the same post is taken for a second press, by the same moderator or another."""


def pause(ctx: Context, tx: Tx, community: Community, post: Post, user: str) -> str:
    """Nothing of the post goes out from now on, not even what waits to be sent. What the moderator is told."""
    now = ctx.clock.now()
    if posting.is_paused(tx, community, post):
        return views.paused_already(post, posting.moderators_words(tx, community).get(post.id), community)
    tx.controls.set(PostControl(community.id, post.id, True, user, to_us(now)))
    tx.audit.note(community.id, user, "paused", post.id, to_us(now))
    turn = Turn(ctx, community, post, now)
    latest = next(rounds(ctx, tx, community, now).past(post, now), None)
    is_leaving = False
    if latest is not None and not tx.deliveries.cancel(turn.key(latest.key), posting.PAUSED):
        delivery = tx.deliveries.get(turn.key(latest.key))
        is_leaving = delivery is not None and delivery.state == "sending"
    return views.paused(post, ctx.command, is_leaving=is_leaving)


def resume(ctx: Context, tx: Tx, community: Community, post: Post, user: str) -> str:
    """The post goes on with its next occasion; what came due while it was paused is over. What the moderator is told."""
    now = ctx.clock.now()
    turn, found = Turn(ctx, community, post, now), rounds(ctx, tx, community, now)
    if not posting.is_paused(tx, community, post):
        return views.not_paused(post, _next(found, turn, tx), _local(turn))
    over = posting.live(found, turn, tx)
    if over is not None and over.due <= now:
        posting.skip(turn, tx, over, posting.PAUSED)
    if post.paused:
        tx.controls.set(PostControl(community.id, post.id, False, user, to_us(now)))
    else:
        tx.controls.clear(community.id, post.id)
    tx.audit.note(community.id, user, "resumed", post.id, to_us(now))
    return views.resumed(post, _next(found, turn, tx), _local(turn))


def post_now(ctx: Context, tx: Tx, community: Community, post: Post, user: str) -> str:
    """The post goes out now, in the place of an occasion. What the moderator is told."""
    now = ctx.clock.now()
    turn, channel = Turn(ctx, community, post, now), ctx.directory.channel(post.channel)
    just = _just_posted(turn, tx)
    if just is not None:
        return views.posted_already(post, just.actor)
    if channel is None:
        return no_channel(post)
    try:
        said = posting.words(turn, tx, None, channel)
    except Mistake as mistake:
        return not_written(post, str(mistake), skipped=False)
    found = rounds(ctx, tx, community, now)
    occasion = posting.live(found, turn, tx) or _next(found, turn, tx)
    name = f"by-hand:{to_us(now)}" if occasion is None else occasion.key
    today = channel_attention.got_today(tx, channel, now, turn.zone) + 1
    outgoing = posting.outgoing(turn, turn.key(name), channel, said.text, now + post.late, views.by_hand(user))
    if not posting.record(turn, tx, outgoing, said, name):
        return views.posted_already(post, "")
    tx.audit.note(community.id, user, "posted", post.id, to_us(now), name)
    budget = posting.budget(turn)
    beyond = (today, budget) if budget is not None and today > budget else None
    return views.posted(post, channel, occasion, _local(turn), beyond, paused=posting.is_paused(tx, community, post))


def _local(turn: Turn) -> datetime:
    return turn.now.astimezone(turn.zone)


def _just_posted(turn: Turn, tx: Tx) -> Audited | None:
    """Who posted it a moment ago, unless Slack refused it: then it is to be tried again."""
    lately = tx.audit.since(turn.community.id, to_us(turn.now - SOON_AGAIN))
    for one in lately:
        if (one.action, one.subject) == ("posted", turn.post.id):
            delivery = tx.deliveries.get(turn.key(one.detail))
            if delivery is None or delivery.state not in ("failed", "skipped"):
                return one
    return None


def _next(found: Rounds, turn: Turn, tx: Tx) -> Occasion | None:
    """The next occasion that is on no holiday and was not used up."""
    after: datetime = turn.now
    for _ in range(posting.MOST_AHEAD):
        occasion = posting.next_free(found, turn, tx, after)
        if occasion is None or not occasion.holiday:
            return occasion
        after = occasion.due
    return None
