"""Who looks into a case: the moderators, and of one about a moderator the coordinators; never whom it is about."""

from copbot.core.community import Community
from copbot.core.mrkdwn import mention
from copbot.core.ports import Context, Tx
from copbot.core.ports.case import Case
from copbot.core.roles import has_role

MOST_NAMED = 5


def is_about_moderator(ctx: Context, tx: Tx, community: Community, author: str) -> bool:
    """Whether ``author`` is a moderator or coordinator, or reads along in the moderators' channel: then a card there would tell them."""
    channel = moderators_channel(ctx, community)
    return has_role(ctx, community, author, "moderators") or (
        channel is not None and bool(tx.facts.member_since(author, [channel]))
    )


def moderators_channel(ctx: Context, community: Community) -> str | None:
    reference = community.channels.moderators
    return None if reference is None else ctx.directory.channel(reference)


def audience(ctx: Context, tx: Tx, community: Community, author: str) -> tuple[str, ...]:
    """The channel, or the people, to whom a case about ``author`` is shown. Nobody where there is nobody besides them.

    About a moderator: each coordinator; about the only coordinator: each moderator.
    """
    channel = moderators_channel(ctx, community)
    if channel is not None and not is_about_moderator(ctx, tx, community, author):
        return (channel,)
    return tuple(sorted(_coordinators(ctx, community, author) or _moderators(ctx, community, author)))


def may_see(ctx: Context, tx: Tx, community: Community, case: Case, user: str) -> bool:
    """Whether this person, as of now, is one of those who look into a case."""
    if user == case.author or not has_role(ctx, community, user, "moderators"):
        return False
    if not is_about_moderator(ctx, tx, community, case.author):
        return True
    return user in (_coordinators(ctx, community, case.author) or _moderators(ctx, community, case.author))


def named(ctx: Context, community: Community, besides: str | None = None) -> str:
    """Moderators to write to, as mentions."""
    people = sorted(_moderators(ctx, community, besides) or _coordinators(ctx, community, besides))
    return ", ".join(map(mention, people[:MOST_NAMED])) or "—"


def _coordinators(ctx: Context, community: Community, besides: str | None) -> frozenset[str]:
    return ctx.directory.people(community.roles.coordinators) - {besides}


def _moderators(ctx: Context, community: Community, besides: str | None) -> frozenset[str]:
    return ctx.directory.people((*community.roles.coordinators, *community.roles.moderators)) - {besides}
