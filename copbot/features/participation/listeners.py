"""``/cop me`` and ``/cop levels``: private answers about who takes part how."""

from copbot.core.interaction import Answer, Call, Command
from copbot.core.ports import Context, Tx
from copbot.core.roles import communities_for
from copbot.features.participation import service, views


def _me(ctx: Context, tx: Tx, call: Call) -> Answer:
    told = [
        views.my_level(community, service.own_participation(ctx, tx, community, call.user))
        for community in communities_for(ctx, call.user, "everyone", call.channel)
    ]
    return Answer("\n\n".join(told) or "There is no community here yet.")


def _levels(ctx: Context, tx: Tx, call: Call) -> Answer:
    told = [
        views.levels(community, service.level_counts(ctx, tx, community))
        for community in communities_for(ctx, call.user, "moderators", call.channel)
    ]
    return Answer("\n\n".join(told) or "Moderators can do this.")


COMMANDS = (
    Command("me", "everyone", "your level and your answers; only you see it", _me, writes=False),
    Command("levels", "moderators", "how many members take part, and how", _levels, writes=False),
)
