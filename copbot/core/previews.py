"""What would be said, shown to whoever asks before it is said. Showing it sends nothing and uses nothing up.

A feature offers ``Feature.preview = Preview(names, show)``:

- ``names(community)``: what of it can be previewed by name: the ids of the posts, ``("onboarding",)`` where a community has one.
- ``show(ctx, tx, community, wanted)``: what would be seen, in order, as ``Shown``; ``tx`` only reads. Made by the same functions
  as the real thing. Raises Mistake, one clear line, for what cannot be shown.

``preview_command.py`` makes ``/cop preview NAME`` of them, ``copbot/previewing.py`` the terminal's ``copbot preview``. In the
terminal there may be no history (an empty store) and a channel's reference may be all that is known of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.core.community import Community
from copbot.core.delivery import Block

if TYPE_CHECKING:
    from copbot.core.ports import Context, Tx


@dataclass(frozen=True)
class Wanted:
    """What to show. ``name`` "": everything that comes in the two weeks from ``at`` on (the terminal alone asks so).

    ``at``: as of when, aware UTC. ``as_name``: how the newcomer of an onboarding is called, ``language`` (such as ``fr``) what they
    read; "" for the community's. ``user``: who asks, on Slack ("" in the terminal).
    """

    at: datetime
    name: str = ""
    as_name: str = ""
    user: str = ""
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """One message or form as somebody would see it.

    ``where`` and ``when`` in plain words (``#data``, ``a direct message``, ``Tue 24 Nov 2026 10:00``, ``after 3 days, if open``);
    ``why`` in one line. A message has ``text`` (mrkdwn) and perhaps ``blocks``; a form has ``view``, Slack's modal. ``notes``: what is
    odd about it (it is paused, it would be held back), a line each, plain text. ``at``: the instant, where it has one, for sorting.
    """

    where: str
    when: str
    why: str = ""
    text: str = ""
    blocks: tuple[Block, ...] = ()
    view: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    name: str = ""
    at: datetime | None = None


def _no_names(_community: Community) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Preview:
    show: Callable[["Context", "Tx", Community, Wanted], Sequence[Shown]]
    names: Callable[[Community], Sequence[str]] = _no_names
