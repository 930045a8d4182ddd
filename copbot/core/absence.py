"""Coming back: who joined meanwhile, found once, and what the moderators are told after a long absence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from copbot.core.arrivals import Arrival, Gap, Listed, joined_channel, joined_workspace
from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.facts import Fact, MembershipSeen, MembersListed, UserSeen, WorkspaceJoined
from copbot.core.mrkdwn import mention
from copbot.core.onboarding import Onboarding, may_be_welcomed
from copbot.core.ports import Context, Tx
from copbot.core.records import Happening
from copbot.core.roles import watched_channels
from copbot.core.time import DAY_US, MICROSECOND, from_us, in_words

LONG_US = DAY_US
"""An absence of which the moderators hear. After a shorter one what was missed is made up for, and nobody needs to know."""

LISTED_AT_ONCE = 500
"""Channels that the store is asked about together."""

NAMED = 15
"""People named in one line; ``/cop newcomers`` shows all."""


@dataclass(frozen=True)
class Listing:
    """Slack's lists at ``at_us``. ``people`` None: Slack refuses it; a channel that it refuses is not in ``members``."""

    people: Sequence[Listed] | None
    members: Mapping[str, Sequence[str]]
    at_us: int


def take_stock(
    ctx: Context, tx: Tx, listing: Listing, since_us: int | None, unread: Mapping[str, int] | None = None
) -> None:
    """Record who is there, let what follows from a joining follow for those who joined since ``since_us``, and tell the moderators
    after a long absence: all in one transaction, so that each is found once, whatever stops the program. ``unread``: channels in
    which the bot was not for longer -> since when.

    The first time everybody is known as old (``since_us`` None, or the lists could not be read before): who was there before the bot
    is no newcomer.
    """
    gap = None if since_us is None or tx.comparisons.compared_us() is None else Gap(since_us, listing.at_us)
    arrived = _arrived(tx, listing, gap, unread or {}) if gap else {}
    for (channel, user), found in arrived.items():
        if found.at_us is not None:
            kind = "joined_channel" if channel else "joined_workspace"
            happening = Happening(0, kind, user, found.at_us, channel or None)  # type: ignore[arg-type]
            tx.inbox.once(f"found:{channel}:{user}:{gap and gap.since_us}", listing.at_us, happening)
    tx.facts.record(_facts(listing, arrived))
    tx.comparisons.set_compared(None if listing.people is None else listing.at_us)
    if gap is not None and gap.now_us - gap.since_us >= LONG_US:
        for community in ctx.communities():
            _tell(ctx, tx, community, gap, _too_late(ctx, tx, community, arrived))


def came_or_went(tx: Tx, fact: Fact, bot_user: str) -> bool:
    """Note since when the bot is out of a channel. True when it is in one again in which something was said without it.

    Slack need not tell a bot that it was removed: then the last message that it saw there tells since when.
    """
    if not isinstance(fact, MembershipSeen) or fact.user != bot_user:
        return False
    if not fact.is_member:
        tx.histories.note_unread(fact.channel, fact.at_us)
        return fact.channel in tx.facts.member_since(bot_user, [fact.channel])  # Slack told of its return first
    last_us = tx.facts.last_message_us(fact.channel)
    returns = tx.facts.was_in(bot_user, fact.channel, fact.at_us)  # where it never was, nothing was missed
    if returns and last_us is not None and last_us < fact.at_us and fact.channel not in tx.histories.unread():
        tx.histories.note_unread(fact.channel, last_us)
    return fact.channel in tx.histories.unread()


def left_unheard(tx: Tx, outside: Sequence[str], bot_user: str, now_us: int) -> None:
    """Note the channels that the bot was in and, as Slack's list tells, is in no more: it need not have been told of its removal."""
    for start in range(0, len(outside), LISTED_AT_ONCE):
        for channel in sorted(tx.facts.member_since(bot_user, outside[start : start + LISTED_AT_ONCE])):
            tx.facts.record([MembershipSeen(channel, bot_user, False, now_us)])
            tx.histories.note_unread(channel, tx.facts.last_message_us(channel) or now_us)


def _arrived(tx: Tx, listing: Listing, gap: Gap, unread: Mapping[str, int]) -> dict[tuple[str, str], Arrival]:
    """By channel ("" for the workspace) and user."""
    people = listing.people or ()
    known = tx.comparisons.known_since([one.seen.user for one in people])
    to_workspace = joined_workspace(people, known, tx.comparisons.joined("joined_workspace"), gap)
    by_user = {found.user: found for found in to_workspace}
    arrived = {("", found.user): found for found in to_workspace}
    nobody = {one.seen.user for one in people if one.seen.is_bot or one.seen.is_deleted}
    for channel, members in listing.members.items():
        before = tx.comparisons.members(channel)
        if before is not None:
            told = {*tx.comparisons.joined("joined_channel", channel), *nobody}
            longer = Gap(min(gap.since_us, unread.get(channel, gap.since_us)), gap.now_us)
            arrived |= {(channel, a.user): a for a in joined_channel(members, before, told, by_user, longer)}
    return arrived


def _too_late(ctx: Context, tx: Tx, community: Community, arrived: Mapping[tuple[str, str], Arrival]) -> list[str]:
    """Who joined what this community's onboarding starts with, but too long ago."""
    onboarding = community.onboarding
    if onboarding is None:
        return []
    place = "" if onboarding.starts_channel is None else ctx.directory.channel(onboarding.starts_channel)
    users = (user for (channel, user), found in arrived.items() if channel == place and found.at_us is None)
    return sorted(user for user in users if _is_welcome(tx, onboarding, user))


def _facts(listing: Listing, arrived: Mapping[tuple[str, str], Arrival]) -> list[Fact]:
    facts: list[Fact] = [one.seen for one in listing.people or ()]
    facts += [UserSeen(one.seen.user, known_since_us=listing.at_us) for one in listing.people or ()]
    facts += [
        WorkspaceJoined(user, found.at_us)
        for (channel, user), found in arrived.items()
        if not channel and found.at_us is not None
    ]
    facts += [MembersListed(channel, tuple(users), listing.at_us) for channel, users in listing.members.items()]
    return facts


# --- the summary --------------------------------------------------------------------------------------------------


def _tell(ctx: Context, tx: Tx, community: Community, gap: Gap, too_late: Sequence[str]) -> None:
    """In the moderators' channel: what was missed, and what of it cannot be made up for."""
    reference = community.channels.moderators
    moderators = None if reference is None else ctx.directory.channel(reference)
    if moderators is None:
        return
    tx.deliveries.plan(
        Outgoing(
            key=f"away:{community.id}:{gap.since_us}",
            kind="notice",
            target=moderators,
            text="\n".join(_lines(ctx, tx, community, gap, too_late)),
            community=community.id,
            due_us=gap.now_us,
        )
    )


def _lines(ctx: Context, tx: Tx, community: Community, gap: Gap, too_late: Sequence[str]) -> list[str]:
    away = in_words((gap.now_us - gap.since_us) * MICROSECOND)
    zone = ZoneInfo(community.timezone)
    since, until = (f"{from_us(us).astimezone(zone):%a %d %b %H:%M}" for us in (gap.since_us, gap.now_us))
    lines = [
        f"I was away for {away}, from {since} to {until}. I have read what you wrote meanwhile:",
        _said(ctx, tx, community, gap),
    ]
    if community.onboarding is not None:
        joined = _joined(ctx, tx, community, gap)
        if joined:
            lines.append(
                f"• {_count(len(joined), 'person', 'people')} joined and I welcome them now: {_names(joined)}."
            )
        if too_late:
            lines.append(
                f"• {_count(len(too_late), 'person', 'people')} joined longer than a week ago, too late for a welcome of mine: "
                f"{_names(too_late)}. `{ctx.command} welcome @someone` sends it all the same."
            )
    lines.append("• Buttons, forms and commands of that time did not reach me. Please do again what still matters.")
    return lines


def _said(ctx: Context, tx: Tx, community: Community, gap: Gap) -> str:
    watched = list(watched_channels(ctx, community))
    said = [user for channel in watched for _, user in tx.facts.hours_of(channel, gap.since_us, gap.now_us + 1)]
    if not said:
        return "• nobody wrote in your channels."
    waiting = [root for root in tx.facts.open_roots(watched, gap.since_us, gap.now_us + 1) if root.asks]
    line = f"• {_count(len(said), 'message')} by {_count(len(set(said)), 'person', 'people')}"
    if not waiting:
        return f"{line}; every question has an answer."
    verb = "has" if len(waiting) == 1 else "have"
    return f"{line}; {_count(len(waiting), 'question')} {verb} no answer yet (`{ctx.command} unanswered`)."


def _joined(ctx: Context, tx: Tx, community: Community, gap: Gap) -> list[str]:
    """Who joined what this community's onboarding starts with."""
    assert community.onboarding is not None
    start = community.onboarding.starts_channel
    channel = None if start is None else ctx.directory.channel(start)
    kind = "joined_workspace" if start is None else "joined_channel"
    users = tx.comparisons.joined(kind, channel, gap.since_us)  # type: ignore[arg-type]
    return sorted(user for user in users if _is_welcome(tx, community.onboarding, user))


def _is_welcome(tx: Tx, onboarding: Onboarding, user: str) -> bool:
    person = tx.facts.person(user)
    return person is not None and may_be_welcomed(person, onboarding.welcomes)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _names(users: Sequence[str]) -> str:
    named = ", ".join(mention(user) for user in users[:NAMED])
    return named if len(users) <= NAMED else f"{named} and {len(users) - NAMED} more"
