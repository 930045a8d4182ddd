"""Who may do what in which community, by who the person is now."""

from copbot.core.community import Community
from copbot.core.interaction import Who
from copbot.core.ports import Context


def has_role(ctx: Context, community: Community, user: str, who: Who) -> bool:
    """Whether a user is one of ``who`` in a community. Coordinators may do all that moderators may."""
    if who == "everyone":
        return True
    references = community.roles.coordinators
    if who == "moderators":
        references = (*references, *community.roles.moderators)
    return user in ctx.directory.people(references)


def communities_for(ctx: Context, user: str, who: Who, channel: str | None = None) -> tuple[Community, ...]:
    """The communities in which a user has a role: that of the channel alone when the channel belongs to one."""
    communities = ctx.communities()
    here = tuple(c for c in communities if channel is not None and channel in channels_of(ctx, c))
    return tuple(c for c in here or communities if has_role(ctx, c, user, who))


def channels_of(ctx: Context, community: Community) -> frozenset[str]:
    """The IDs of all channels that a community's file names and that exist."""
    named = (*community.channels.watched, *filter(None, [community.channels.moderators]))
    return frozenset(filter(None, map(ctx.directory.channel, named)))


def watched_channels(ctx: Context, community: Community) -> dict[str, str]:
    """The watched channels that exist (definitions): ID -> the coordinators' reference."""
    found = {reference: ctx.directory.channel(reference) for reference in community.channels.watched}
    return {channel: reference for reference, channel in found.items() if channel is not None}


def communities_watching(ctx: Context, channel: str, user: str) -> tuple[Community, ...]:
    """The communities in one of whose watched channels this is (an ID), those first that this user moderates."""
    found = (c for c in ctx.communities() if channel in watched_channels(ctx, c))
    return tuple(sorted(found, key=lambda c: not has_role(ctx, c, user, "moderators")))


def looked_after_in(ctx: Context, community: Community, key: str, besides: str | None = None) -> dict[str, str]:
    """Where those who look after a community are told something, by the key of each message: the moderators' channel under ``key``
    itself; where there is none, or it is ``besides``, the one in trouble, each coordinator."""
    reference = community.channels.moderators
    channel = None if reference is None else ctx.directory.channel(reference)
    if channel is not None and channel != besides:
        return {key: channel}
    return {f"{key}:{user}": user for user in sorted(ctx.directory.people(community.roles.coordinators))}
