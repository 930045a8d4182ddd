"""Who is what in the demo's community, for the page's picker: what the files say, and the levels that were grown into."""

from collections.abc import Callable, Mapping

from copbot.core.community import Community
from copbot.core.ports import Context
from copbot.features.participation.service import community_period, participants
from copbot.workspace.server import Workspace

KEPT_S = 10.0
"""Real seconds: levels move by weeks, and a picker asks at each letter."""


def roles_in(workspace: Workspace, community: Community, ctx: Context | None) -> Callable[[], Mapping[str, str]]:
    """User ID to coordinator, moderator or level, looked up when called. Without ``ctx`` nobody has a level."""
    kept: dict[str, str] = {}
    until = -KEPT_S

    def look() -> Mapping[str, str]:
        nonlocal kept, until
        now = workspace.clock.monotonic()
        if now > until:
            until = now + KEPT_S
            named = ("moderator", community.roles.moderators), ("coordinator", community.roles.coordinators)
            kept = _levels(ctx, community) if ctx else {}
            kept |= {user: role for role, references in named for user in _people(workspace, references)}
        return kept

    return look


def _levels(ctx: Context, community: Community) -> dict[str, str]:
    period = community_period(ctx, community, ctx.clock.now())
    with ctx.store.read() as tx:
        found = participants(tx.figures, period, community.participation)
        return {participant.user.user: participant.standing.level for participant in found}


def _people(workspace: Workspace, references: tuple[str, ...]) -> list[str]:
    """The IDs of those whom a file names by ID or e-mail address, or as a user group by its handle or ID."""
    users = workspace.users()
    alone = [user["id"] for user in users if {user["id"], user["profile"].get("email")} & set(references)]
    groups = [group for group in workspace.usergroups() if {group["id"], f"@{group['handle']}"} & set(references)]
    return [*alone, *(user for group in groups for user in group["users"])]
