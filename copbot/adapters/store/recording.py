"""One batch of facts on its way into the store: sorted, merged with what stands there, written where it differs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from copbot.adapters.store.erasure import unauthor_at
from copbot.adapters.store.hidden_people import HiddenPeople
from copbot.adapters.store.identities import Identities
from copbot.adapters.store.membership_rows import State, merge_memberships
from copbot.adapters.store.message_rows import MessageRows, Place, Rewritten
from copbot.adapters.store.reaction_rows import Press, ReactionRows
from copbot.adapters.store.rollups import RollUps, Touched
from copbot.core.community import KeepText
from copbot.core.facts import (
    NOBODIES,
    NOBODY,
    NOBODY_ELSE,
    ChannelSeen,
    Fact,
    MembershipSeen,
    MembersListed,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)
from copbot.core.merging import storable

KeepTextIn = Callable[[str], KeepText]
"""How much of a message's text may be kept, by the channel's ID."""

KeepAuthorsIn = Callable[[str], int]
"""Since when it is kept who did what, by the channel's ID, in microseconds."""


def of_all_times(_channel: str) -> int:
    return 0


class Recording:
    """Used once, inside the caller's write transaction. Nothing here depends on the order of the facts."""

    def __init__(
        self,
        connection: Connection,
        team: int,
        keep_text_in: KeepTextIn,
        keep_authors_in: KeepAuthorsIn = of_all_times,
    ) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in
        self._keep_authors_in = keep_authors_in
        self._hidden = HiddenPeople(connection, team)
        self._identities = Identities(connection, team)
        self._messages: dict[Place, list[MessageSeen]] = {}
        self._gone: set[Place] = set()
        self._reactions: dict[Press, list[ReactionSeen]] = defaultdict(list)
        self._memberships: dict[tuple[str, str], State] = {}
        self._first_in: dict[tuple[str, str], int] = {}

    def record(self, facts: Iterable[Fact]) -> int:
        """How many messages were new to the store."""
        for fact in facts:
            if (back := self._hidden.came_back(fact)) is not None:
                self._hidden.show(back)
            if (recordable := self._hidden.recordable(fact)) is not None:
                self._sort(recordable)
        authors_since = self._authors_since()
        self._identities.settle()
        nameless = self._nameless(authors_since)
        places = {
            *self._messages,
            *self._gone,
            *(press[:2] for press in self._reactions),
            *filter(None, nameless.values()),
        }
        rows = MessageRows(self._connection, self._team, self._identities, places)
        rows.delete(self._gone)
        keep = {channel: self._keep_text_in(channel) for channel in {place[0] for place in self._messages}}
        standing = {
            at: seen if at not in nameless else [replace(one, user=self._nobody(one, rows)) for one in seen]
            for at, seen in self._messages.items()
            if at not in self._gone
        }
        new = rows.merge(standing, keep, self._hidden.unnamed)
        alive = {
            press: seen
            for press, seen in self._reactions.items()
            if press[:2] not in self._gone and not rows.is_deleted(press[:2])
        }
        reactions = ReactionRows(self._connection, self._team, self._identities)
        reactions.merge(alive, lambda press: press[1] >= authors_since[press[0]] and not self._hidden.how(press[2]))
        self._roll_up(rows, reactions)
        self._let_go_of_threads(nameless, rows)
        merge_memberships(self._connection, self._team, self._identities, self._memberships, self._first_in)
        return new

    def _authors_since(self) -> dict[str, int]:
        """Since when authors are kept, of the channels of this batch."""
        channels = {*(channel for channel, _ in self._messages), *(press[0] for press in self._reactions)}
        return {channel: self._keep_authors_in(channel) for channel in channels}

    def _nameless(self, authors_since: Mapping[str, int]) -> dict[Place, Place | None]:
        """The messages whose author is not kept -> the root that they reply to. An app has no privacy, and must not turn into a person."""
        return {
            (channel, ts_us): None if seen[0].thread_us in (None, ts_us) else (channel, seen[0].thread_us)
            for (channel, ts_us), seen in self._messages.items()
            if self._hidden.how(seen[0].user)
            or (ts_us < authors_since[channel] and not self._identities.is_bot(seen[0].user))
        }

    def _nobody(self, seen: MessageSeen, rows: MessageRows) -> str:
        """Which of the two stands for the author: as far as is known whose thread it is."""
        if seen.thread_us in (None, seen.ts_us):
            return NOBODY
        begun_by = seen.root_user or self._root_author((seen.channel, seen.thread_us), rows)
        return NOBODY if begun_by is None or begun_by in (seen.user, *NOBODIES) else NOBODY_ELSE

    def _root_author(self, root: Place, rows: MessageRows) -> str | None:
        return self._messages[root][0].user if root in self._messages else rows.author(root)

    def _let_go_of_threads(self, nameless: Mapping[Place, Place | None], rows: MessageRows) -> None:
        """Who is hidden and goes on with a thread of their own from before is not named in it any more: else they would seem to have
        answered themselves."""
        roots = {
            root
            for place, root in nameless.items()
            if root is not None and place in rows.changed and rows.author(root) == self._messages[place][0].user
        }
        if roots:
            unauthor_at(
                self._connection, self._team, [(self._identities.channel(channel), ts) for channel, ts in roots]
            )

    def _roll_up(self, messages: MessageRows, reactions: ReactionRows) -> None:
        touched = Touched(self._connection)
        by_channel: dict[str, dict[int, Rewritten]] = defaultdict(dict)
        for (channel, ts_us), rewritten in messages.changed.items():
            by_channel[channel][ts_us] = rewritten
        for channel, changed in by_channel.items():
            touched.written(self._identities.channel(channel), changed)
        for channel, ts_us in reactions.changed:
            touched.reacted(self._identities.channel(channel), ts_us)
        touched.turned(self._identities.turned)
        RollUps(self._connection, self._team).refresh(touched.days)

    def _sort(self, fact: Fact) -> None:
        """Note a fact, and who and which channel it shows to have existed when."""
        identities = self._identities
        match fact:
            case MessageSeen(channel=channel, ts_us=ts_us, user=user):
                identities.meet_channel(channel)
                if not self._hidden.how(user):
                    identities.meet(user, known_us=ts_us)
                self._messages.setdefault((channel, ts_us), []).append(fact)
            case ReactionSeen(user=user) if not self._hidden.are_gone(user):
                self._sort_reaction(fact)
            case MessageGone(channel=channel, ts_us=ts_us):
                identities.meet_channel(channel)
                self._gone.add((channel, ts_us))
            case UserSeen():
                identities.describe(fact)
            case ChannelSeen():
                identities.describe_channel(fact)
            case WorkspaceJoined(user=user, at_us=at_us):
                identities.meet(user, known_us=at_us, joined_us=at_us)
            case MembershipSeen(user=user, at_us=at_us, is_member=is_member):
                identities.meet(user, known_us=at_us, joined_us=at_us if is_member else None)
                self._belongs(fact.channel, user, (at_us, is_member))
            case MembersListed(channel=channel, users=users, at_us=at_us):
                identities.meet_channel(channel, listed_us=at_us)
                for user in users:
                    identities.meet(user, known_us=at_us)
                    self._belongs(channel, user, (at_us, True))

    def _sort_reaction(self, fact: ReactionSeen) -> None:
        self._identities.meet(fact.user, known_us=fact.event_us or None)  # history tells not when somebody reacted
        self._identities.meet_channel(fact.channel)
        if fact.item_user and self._hidden.how(fact.item_user):
            fact = replace(fact, item_user=None)
        if fact.item_user:
            self._identities.meet(fact.item_user, known_us=fact.ts_us)
        self._reactions[fact.channel, fact.ts_us, fact.user, storable(fact.name)].append(fact)

    def _belongs(self, channel: str, user: str, state: State) -> None:
        self._identities.meet_channel(channel)
        self._memberships[channel, user] = max(state, self._memberships.get((channel, user), state))
        at_us, is_member = state
        if is_member:
            self._first_in[channel, user] = min(at_us, self._first_in.get((channel, user), at_us))
