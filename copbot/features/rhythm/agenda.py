"""When each post is to be looked at next, kept in memory: a pass each second over a thousand posts must not ask the store for each.

What is kept follows from the files, the moderators' words and the store alone, and is found again when it is lost: at the start,
when a community's files change, when a moderator pauses or resumes a post, when the clock was set back, and for times that are
learned once an hour.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from copbot.core.community import Community
from copbot.core.ports import Store
from copbot.core.posts import Post
from copbot.core.records import PostControl
from copbot.features.rhythm.posting import is_learned
from copbot.features.rhythm.rounds import Found, posts_of


@dataclass(frozen=True)
class Entry:
    """``look_at``: the post needs no look before. ``next_due``: when it may become due; None when only an event can change that.
    ``listens_to``: the channel (ID) in which a sign of life may come at any moment before ``next_due``.
    """

    as_of: datetime
    look_at: datetime | None
    next_due: datetime | None
    listens_to: str | None = None


@dataclass
class Sheet:
    """The entries of one community as its files stand. The files' community is one object until they change."""

    community: Community
    posts: tuple[Post, ...]
    entries: dict[str, Entry] = field(default_factory=dict)
    found: Found = field(default_factory=Found)  # in the pass that goes on


class Agenda:
    """Entries are only ever put in place as a whole, so that threads may share them."""

    def __init__(self) -> None:
        self._sheets: dict[str, Sheet] = {}
        self._controls: tuple[PostControl, ...] = ()

    def open(self, community: Community, controls: tuple[PostControl, ...]) -> Sheet:
        """The sheet of a community for a pass; what a moderator's word or a change of the files touched is new."""
        for community_id, post in self.changed(controls):
            if community_id in self._sheets:
                self._sheets[community_id].entries.pop(post, None)
        self._controls = controls
        return self.sheet(community)

    def changed(self, controls: tuple[PostControl, ...]) -> frozenset[tuple[str, str]]:
        """The posts (community, post) on which moderators have said something else since the last pass."""
        return frozenset((one.community, one.post) for one in {*controls} ^ {*self._controls})

    def sheet(self, community: Community) -> Sheet:
        """To look at."""
        sheet = self._sheets.get(community.id)
        if sheet is None or sheet.community is not community:
            sheet = self._sheets[community.id] = Sheet(community, posts_of(community))
        return sheet


def entry_of(sheet: Sheet, post: Post, now: datetime) -> Entry | None:
    """What is known of a post, as far as it still holds."""
    entry = sheet.entries.get(post.id)
    if entry is None or now < entry.as_of:
        return None
    if is_learned(post) and int(now.timestamp()) // 3600 != int(entry.as_of.timestamp()) // 3600:
        return None
    return entry


_agendas: WeakKeyDictionary[Store, Agenda] = WeakKeyDictionary()
_lock = threading.Lock()


def agenda_of(store: Store) -> Agenda:
    with _lock:
        return _agendas.setdefault(store, Agenda())
