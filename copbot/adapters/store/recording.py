"""One batch of facts on its way into the store: sorted, merged with what stands there, written where it differs."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from copbot.adapters.store.identities import Identities
from copbot.adapters.store.membership_rows import State, merge_memberships
from copbot.adapters.store.message_rows import MessageRows, Place, Rewritten
from copbot.adapters.store.reaction_rows import Press, ReactionRows
from copbot.adapters.store.rollups import RollUps, Touched
from copbot.core.community import KeepText
from copbot.core.facts import (
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


class Recording:
    """Used once, inside the caller's write transaction. Nothing here depends on the order of the facts."""

    def __init__(self, connection: Connection, team: int, keep_text_in: KeepTextIn) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in
        self._identities = Identities(connection, team)
        self._messages: dict[Place, list[MessageSeen]] = {}
        self._gone: set[Place] = set()
        self._reactions: dict[Press, list[ReactionSeen]] = defaultdict(list)
        self._memberships: dict[tuple[str, str], State] = {}
        self._first_in: dict[tuple[str, str], int] = {}

    def record(self, facts: Iterable[Fact]) -> int:
        """How many messages were new to the store."""
        for fact in facts:
            self._sort(fact)
        self._identities.settle()
        places = {*self._messages, *self._gone, *(press[:2] for press in self._reactions)}
        rows = MessageRows(self._connection, self._team, self._identities, places)
        rows.delete(self._gone)
        keep = {channel: self._keep_text_in(channel) for channel in {place[0] for place in self._messages}}
        new = rows.merge({at: seen for at, seen in self._messages.items() if at not in self._gone}, keep)
        alive = {
            press: seen
            for press, seen in self._reactions.items()
            if press[:2] not in self._gone and not rows.is_deleted(press[:2])
        }
        reactions = ReactionRows(self._connection, self._team, self._identities)
        reactions.merge(alive)
        self._roll_up(rows, reactions)
        merge_memberships(self._connection, self._team, self._identities, self._memberships, self._first_in)
        return new

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
                identities.meet(user, known_us=ts_us)
                identities.meet_channel(channel)
                self._messages.setdefault((channel, ts_us), []).append(fact)
            case ReactionSeen(channel=channel, ts_us=ts_us, user=user):
                identities.meet(user, known_us=fact.event_us or None)  # history tells not when somebody reacted
                identities.meet_channel(channel)
                if fact.item_user:
                    identities.meet(fact.item_user, known_us=ts_us)
                self._reactions[channel, ts_us, user, storable(fact.name)].append(fact)
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

    def _belongs(self, channel: str, user: str, state: State) -> None:
        self._identities.meet_channel(channel)
        self._memberships[channel, user] = max(state, self._memberships.get((channel, user), state))
        at_us, is_member = state
        if is_member:
            self._first_in[channel, user] = min(at_us, self._first_in.get((channel, user), at_us))
