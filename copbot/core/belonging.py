"""To which communities a person belongs (definitions: a member)."""

from collections.abc import Sequence

from copbot.core.community import Community
from copbot.core.ports import Context, Tx


def own_communities(ctx: Context, tx: Tx, user: str) -> Sequence[Community]:
    """The communities in one of whose discussion channels somebody is now; where nothing is known of where they are, in which they
    wrote."""
    places = {one.id: _channels(ctx, one) for one in ctx.communities()}
    everywhere = sorted({channel for channels in places.values() for channel in channels})
    here = tx.facts.member_since(user, everywhere).keys()
    found = [one for one in ctx.communities() if here & set(places[one.id])]
    return found or [one for one in ctx.communities() if tx.facts.has_posted(user, places[one.id])]


def _channels(ctx: Context, community: Community) -> list[str]:
    return [found for name in community.channels.discussion if (found := ctx.directory.channel(name)) is not None]
