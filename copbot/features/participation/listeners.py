"""A member's own level, and ``/cop levels``: private answers about who takes part how."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.interaction import Answer, Call, Command
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for
from copbot.features.participation import service, views


def about(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """A member's own level, for them alone."""
    return (section(views.my_level(community, service.own_participation(ctx, tx, community, user))),)


def _levels(ctx: Context, tx: Tx, call: Call) -> Answer:
    told = [
        views.levels(community, service.level_counts(ctx, tx, community))
        for community in communities_for(ctx, call.user, "moderators", call.channel)
    ]
    return Answer("\n\n".join(told) or "Moderators can do this.")


COMMANDS = (Command("levels", "moderators", "how many members take part, and how", _levels, writes=False),)
