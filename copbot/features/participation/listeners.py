"""A member's own level, and the parts of ``/cop levels``, ``status``, ``member`` and of the Home tab: private answers about who takes
part how."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import MESSAGE_LIMIT, shorten
from copbot.core.personal import fitting
from copbot.core.ports import Context, Tx
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for
from copbot.features.participation.levels import views
from copbot.features.participation.levels.board import board_of
from copbot.features.participation.levels.own import own_levels


def about(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """A member's own level, for them alone."""
    return views.my_level(community, own_levels(ctx, tx, community, user))


def member(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    """A member's level and why, for moderators."""
    own = own_levels(ctx, tx, community, user)
    return () if own is None else views.member(community, own)


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    board = board_of(ctx, tx, community)
    if not board.members:
        return ()
    meaning = views.meaning(community, board)[:1]
    return (section("\n".join([f":busts_in_silhouette: {views.summary(board)}", *meaning])),)


def today(ctx: Context, tx: Tx, community: Community, _user: str) -> tuple[Block, ...]:
    """Who fell silent or came back last week: a personal word is a moderator's to give."""
    board = board_of(ctx, tx, community)
    return tuple(section(text) for text in views.people(board) if text.startswith(("*Fell silent*", "*Came back*")))


def picture(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    board = board_of(ctx, tx, community)
    if not board.members:
        return (section("No members are known yet: import the history, or let people write a little."),)
    return (
        section("\n".join([views.summary(board), *views.activity(board)])),
        section("\n".join(views.meaning(community, board))),
    )


def _levels(ctx: Context, tx: Tx, call: Call) -> Answer:
    communities = communities_for(ctx, call.user, "moderators", call.channel)
    if not communities:
        return Answer(MODERATORS_ONLY)
    blocks = [block for community in communities for block in views.levels(community, board_of(ctx, tx, community))]
    text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))


COMMANDS = (Command("levels", "moderators", "how many members take part, and how", _levels, writes=False),)
