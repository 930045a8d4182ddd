"""What somebody is told who may not do something. Whoever carries the answer out records that it was refused.

A refusal is a text that knows what it is, so that it goes through everything that hands answers on; the features say it, and nobody
besides has to know which of their answers are refusals.
"""

from typing import TYPE_CHECKING

from copbot.core.community import Community
from copbot.core.interaction import Who
from copbot.core.time import HOUR_US, to_us

if TYPE_CHECKING:
    from copbot.core.ports import Context, Tx

ACTION = "was refused"
"""How it stands in the audit trail: who was refused what."""


class Refusal(str):
    """The one plain line. ``community`` is the id of the one in which it was refused, "" where that is none in particular."""

    community: str

    def __new__(cls, text: str, community: str = "") -> "Refusal":
        refusal = super().__new__(cls, text)
        refusal.community = community
        return refusal


def refused(who: Who, community: Community | None = None) -> Refusal:
    """What is said where only ``who`` may."""
    return Refusal(f"{who.capitalize()} can do this.", "" if community is None else community.id)


MODERATORS_ONLY = refused("moderators")
COORDINATORS_ONLY = refused("coordinators")


def note_refusal(ctx: "Context", tx: "Tx", user: str, what: str, community: str) -> None:
    """Record it, with the place at which somebody tried (``command pause``, ``button threads:take``) and never with what they sent.

    Once an hour for the same person and place: who goes on pressing fills no book.
    """
    now_us = to_us(ctx.clock.now())
    for one in tx.audit.since(community, now_us - HOUR_US):
        if (one.actor, one.action, one.subject) == (user, ACTION, what):
            return
    tx.audit.note(community, user, ACTION, what, now_us)
