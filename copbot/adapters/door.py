"""Who may come in: what stands before every command, press, form and shortcut that is not everybody's.

Asked of who the person is now. Who is in a role is answered from memory, and brought up to date first (``know_roles``), outside any
transaction. What is refused, here or by a feature that knows its communities better, is recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from copbot.core.feature import Feature
from copbot.core.interaction import Answer
from copbot.core.ports import Context
from copbot.core.refusal import Refusal, note_refusal, refused
from copbot.core.roles import channels_of, communities_for

Kept = TypeVar("Kept")


class Door:
    def __init__(self, ctx: Context, features: Sequence[Feature], know_roles: Callable[[], None]) -> None:
        self._ctx = ctx
        self._guarded = {name: who for f in features for name, who in f.guarded.items()}
        self.know_roles = know_roles

    def refusal(self, name: str, user: str) -> Answer | None:
        """What somebody hears who may not use an action (``named``), form or shortcut in any community; None when they may."""
        who = self._guarded.get(name)
        if who is None:
            return None
        self.know_roles()
        return None if communities_for(self._ctx, user, who) else Answer(refused(who))

    def recorded(self, answer: Answer, user: str, what: str, channel: str | None) -> Answer:
        """The answer, its refusal noted where it is one; ``what`` was tried, and in which channel."""
        if isinstance(answer.text, Refusal):
            community = answer.text.community or self._community_of(channel)
            with self._ctx.store.begin() as tx:
                note_refusal(self._ctx, tx, user, what, community)
        return answer

    def _community_of(self, channel: str | None) -> str:
        """The id of the channel's community, or of the only one there is; "" where that tells nothing."""
        communities = self._ctx.communities()
        here = [one for one in communities if channel in channels_of(self._ctx, one)] or communities
        return here[0].id if len(here) == 1 else ""


def named(kept: Mapping[str, object], action_id: str) -> str:
    """The name by which something is kept: the whole ``action_id``, else what stands before its first colon."""
    return action_id if action_id in kept else action_id.split(":", 1)[0] + ":"


def by_name(kept: Mapping[str, Kept], action_id: str) -> Kept | None:
    return kept.get(named(kept, action_id))
