"""What people type and press about their own data. Each acts on whoever pressed, and on nobody else: no value names a person."""

from collections.abc import Sequence
from functools import partial

from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import ActionHandler, Answer, Call, Command, FormHandler, HandedFile, Press, Submission
from copbot.core.own_copy import archive_of
from copbot.core.ports import Context, Tx
from copbot.core.privacy import take_leave
from copbot.core.roles import communities_for
from copbot.core.time import to_us
from copbot.features.privacy import views
from copbot.features.privacy.account import AT, account


def _asked(_ctx: Context, tx: Tx, call: Call) -> Answer:
    return _page(tx, call.user)


def _opened(_ctx: Context, tx: Tx, press: Press) -> Answer:
    return _page(tx, press.user, in_view=press.channel is None)


def _page(tx: Tx, user: str, note: str = "", *, in_view: bool = False, replaces: bool = False) -> Answer:
    is_forgotten = tx.privacy.is_forgotten(user)
    told = {} if is_forgotten else account(tx.privacy.counted(user, AT))
    is_untracked = tx.privacy.is_untracked(user)
    blocks = views.page_blocks(told, is_forgotten=is_forgotten, is_untracked=is_untracked, note=note)
    if in_view:
        return Answer(view=views.page_view(blocks))
    return Answer(views.page_text(told, is_forgotten=is_forgotten, note=note), blocks, replaces=replaces)


def _export(ctx: Context, _tx: Tx, press: Press) -> Answer:
    """The copy is made when the answer was sent: it may take a while."""
    name = f"copbot-{press.user}.zip"
    return Answer(
        views.LATER, file=HandedFile(name, "All that is stored about you", partial(archive_of, ctx, press.user))
    )


def _erase(ctx: Context, _tx: Tx, press: Press) -> Answer:
    return Answer(view=views.erase_form(is_named=bool(communities_for(ctx, press.user, "moderators"))))


def erased(features: Sequence[Feature]) -> FormHandler:
    """Begun here, and gone on with by ``erasing``. What the ``features`` said of them on Slack is taken back first. Twice is once."""

    def answer(ctx: Context, tx: Tx, submission: Submission) -> Answer:
        ticked = submission.element(views.SURE).get("selected_options")
        if not (isinstance(ticked, list) and ticked):
            return Answer(errors={views.SURE: views.NOT_SURE})
        if not tx.privacy.is_forgotten(submission.user):
            take_leave(ctx, tx, features, submission.user)
        return Answer(views.ERASED.format(command=ctx.command))

    return answer


def _stop(ctx: Context, tx: Tx, press: Press) -> Answer:
    if not tx.privacy.is_forgotten(press.user) and not tx.privacy.is_untracked(press.user):
        tx.privacy.stop_tracking(press.user, to_us(ctx.clock.now()))
    return _page(tx, press.user, views.STOPPED, in_view=press.channel is None, replaces=True)


def _again(_ctx: Context, tx: Tx, press: Press) -> Answer:
    if press.user not in tx.privacy.being_forgotten():
        tx.privacy.track_again(press.user)
        return _page(tx, press.user, views.TRACKED, in_view=press.channel is None, replaces=True)
    return Answer("Your erasure is not done yet. Please try again in a few minutes.")


def settings(_ctx: Context, _tx: Tx, _user: str) -> tuple[Block, ...]:
    return views.settings_blocks()


COMMANDS = (Command("privacy", "everyone", "what is stored about you; a copy; erase it", _asked, writes=False),)
ACTIONS: dict[str, ActionHandler] = {
    views.OPEN: _opened,
    views.EXPORT: _export,
    views.ERASE: _erase,
    views.STOP: _stop,
    views.AGAIN: _again,
}
