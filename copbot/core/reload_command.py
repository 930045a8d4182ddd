"""``/cop reload``: the coordinators' files as they are now, taken up at once; they are within seconds anyway. This says how it went."""

from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import escape, shorten
from copbot.core.notices import SHOWN
from copbot.core.ports import Context, Tx
from copbot.core.refusal import COORDINATORS_ONLY
from copbot.core.roles import communities_for


def _reload(ctx: Context, _tx: Tx, call: Call) -> Answer:
    """The files of all communities are read as one: who coordinates any of them may."""
    if not communities_for(ctx, call.user, "coordinators"):
        return Answer(COORDINATORS_ONLY)
    read = ctx.reload()
    if read.mistakes:
        several = f"There are {len(read.mistakes)} mistakes" if len(read.mistakes) > 1 else "There is a mistake"
        lines = [f"• {escape(shorten(mistake, 300))}" for mistake in read.mistakes[:SHOWN]]
        more = ["… `copbot check` shows all."] if len(read.mistakes) > SHOWN else []
        return Answer("\n".join([f":warning: {several}, so nothing was taken up.", *lines, *more]))
    if not read.changes:
        return Answer(":white_check_mark: The files are in order, and were in force already.")
    lines = [f"• {escape(shorten(file, 100))} {verb}" for file, verb in list(read.changes.items())[: 4 * SHOWN]]
    return Answer("\n".join([":white_check_mark: The files are in order and in force from now on.", *lines]))


RELOAD = Feature(
    name="reload",
    commands=(
        Command("reload", "coordinators", "take up the files as they are now", _reload, writes=False, chooses=True),
    ),
)
