"""Slack's IDs outside, small integers inside: the rows of the people and channels that a batch of facts speaks of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Column, Connection, Select, Table, Update, bindparam, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.facts import NOBODIES, SLACKBOT, ChannelSeen, UserSeen
from copbot.core.merging import described, storable
from copbot.core.mrkdwn import SOMEBODY

_user = cast(Table, tables.User.__table__)  # type: ignore[attr-defined]
_channel = cast(Table, tables.Channel.__table__)  # type: ignore[attr-defined]

_PERSON = ("name", "timezone", "locale", "is_bot", "is_deleted", "is_external", "is_guest")
_PLACE = ("name", "is_private", "is_archived")

_NO_MEMBER = {"name": SOMEBODY, "is_deleted": True, "is_external": True}  # no figure lists it, nothing is sent to it


class Identities:
    """First everything that was seen is noted, then ``settle`` writes it down, then keys may be asked for."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team
        self._known: dict[str, int | None] = {}
        self._joined: dict[str, int] = {}
        self._people: dict[str, list[UserSeen]] = defaultdict(list)
        self._channels: dict[str, int | None] = {}
        self._places: dict[str, list[ChannelSeen]] = defaultdict(list)
        self._user_keys: dict[str, int] = {}
        self._bots: set[int] = set()
        self._channel_keys: dict[str, int] = {}
        self.turned: set[int] = set()  # people who turned out to be bots, and the other way round

    def meet(self, user: str, known_us: int | None = None, joined_us: int | None = None) -> None:
        """This person exists, did so at ``known_us``, and joined at ``joined_us``: the smallest hold."""
        before = self._known.setdefault(user, known_us)
        if known_us is not None and (before is None or known_us < before):
            self._known[user] = known_us
        if joined_us is not None:
            self._joined[user] = min(joined_us, self._joined.get(user, joined_us))

    def describe(self, seen: UserSeen) -> None:
        self.meet(seen.user, known_us=seen.known_since_us)
        if any(getattr(seen, field) is not None for field in _PERSON):
            self._people[seen.user].append(seen)

    def meet_channel(self, channel: str, listed_us: int | None = None) -> None:
        """This channel exists; all its members were listed at ``listed_us``: the latest list holds."""
        before = self._channels.setdefault(channel, listed_us)
        if listed_us is not None and (before is None or listed_us > before):
            self._channels[channel] = listed_us

    def describe_channel(self, seen: ChannelSeen) -> None:
        self.meet_channel(seen.channel)
        self._places[seen.channel].append(seen)

    def user(self, user: str) -> int:
        return self._user_keys[user] if user not in NOBODIES else self._nobodies[user]

    @cached_property
    def _nobodies(self) -> Mapping[str, int]:
        return keys_of_nobody(self._connection, self._team)

    def channel(self, channel: str) -> int:
        return self._channel_keys[channel]

    def is_bot(self, user: str) -> bool:
        return self._user_keys[user] in self._bots

    def settle(self) -> None:
        self._settle_people()
        self._settle_channels()

    def _settle_people(self) -> None:
        rows = self._rows(_USER_KEYS, self._known)
        self._insert(
            _user,
            [
                {
                    "slack_id": user,
                    "known_since_us": self._known[user],
                    "joined_us": self._joined.get(user),
                    "is_bot": user == SLACKBOT,
                    "told_us": {},
                }
                for user in self._known
                if user not in rows
            ],
        )
        rows |= self._rows(_USER_KEYS, [user for user in self._known if user not in rows])
        self._user_keys = {user: row.id for user, row in rows.items()}
        self._bots = {row.id for row in rows.values() if row.is_bot}
        earlier = []
        for user, row in rows.items():
            known = _least(row.known_since_us, self._known[user])
            joined = _least(row.joined_us, self._joined.get(user))
            if (known, joined) != (row.known_since_us, row.joined_us):
                earlier.append({"key": row.id, "known_since_us": known, "joined_us": joined})
        if earlier:
            self._connection.execute(_EARLIER, earlier)
        self._describe(_DESCRIBE_PERSON, _PERSON, self._rows(_PEOPLE, self._people), self._people)

    def _settle_channels(self) -> None:
        rows = self._rows(_PLACES, self._channels)
        self._insert(
            _channel, [{"slack_id": channel, "told_us": {}} for channel in self._channels if channel not in rows]
        )
        rows |= self._rows(_PLACES, [channel for channel in self._channels if channel not in rows])
        self._channel_keys = {channel: row.id for channel, row in rows.items()}
        for channel, listed_us in self._channels.items():
            row = rows[channel]
            if listed_us is not None and (row.members_us is None or listed_us > row.members_us):
                self._connection.execute(update(_channel).where(_channel.c.id == row.id).values(members_us=listed_us))
        self._describe(_DESCRIBE_PLACE, _PLACE, rows, self._places)

    def _describe(
        self,
        statement: Update,
        fields: tuple[str, ...],
        rows: Mapping[str, Any],
        reports: Mapping[str, list[UserSeen]] | Mapping[str, list[ChannelSeen]],
    ) -> None:
        changed: list[dict[str, Any]] = []
        for slack_id, seen_here in reports.items():
            row = rows[slack_id]
            known = {field: getattr(row, field) for field in fields}
            told = dict(row.told_us)
            for seen in seen_here:
                newer = described(
                    known, told, {field: _clean(getattr(seen, field)) for field in fields}, seen.updated_us
                )
                known |= newer
                told |= dict.fromkeys(newer, seen.updated_us)
            if "is_bot" in fields and known["is_bot"] != row.is_bot:
                self.turned.add(row.id)
                (self._bots.add if known["is_bot"] else self._bots.discard)(row.id)
            if told != row.told_us or any(known[field] != getattr(row, field) for field in fields):
                times = {"updated_us": max(told.values())} if "updated_us" in row._fields else {}
                changed.append(known | times | {"key": row.id, "told_us": told})
        if changed:
            self._connection.execute(statement, changed)

    def _rows(self, statement: Select[Any], ids: Collection[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for some in pieces(sorted(ids)):
            rows = self._connection.execute(statement, {"team": self._team, "ids": some})
            found.update({row.slack_id: row for row in rows})
        return found

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = insert_into(self._connection, table).on_conflict_do_nothing(index_elements=["team_id", "slack_id"])
        self._connection.execute(statement, [row | {"team_id": self._team} for row in rows])


def keys_of_nobody(connection: Connection, team: int) -> Mapping[str, int]:
    """The keys of the authors of all that has none, by their IDs; made when they are first needed."""
    rows = [
        {"team_id": team, "slack_id": one, "is_bot": False, "told_us": {}, **_NO_MEMBER} for one in sorted(NOBODIES)
    ]
    connection.execute(insert_into(connection, _user).on_conflict_do_nothing(), rows)
    return {row.slack_id: row.id for row in connection.execute(_nobodies(team))}


def known_nobodies(connection: Connection, team: int) -> list[int]:
    """The same keys, as far as there are any yet."""
    return [row.id for row in connection.execute(_nobodies(team))]


def _nobodies(team: int) -> Select[Any]:
    return select(*_user.c["slack_id", "id"]).where(_user.c.team_id == team, _user.c.slack_id.in_(sorted(NOBODIES)))


def _least(one: int | None, other: int | None) -> int | None:
    return min((known for known in (one, other) if known is not None), default=None)


def _clean(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _by_id(*columns: Column[Any]) -> Select[Any]:
    table = columns[0].table
    return select(*columns).where(
        table.c.team_id == bindparam("team"), table.c.slack_id.in_(bindparam("ids", expanding=True))
    )


_USER_KEYS = _by_id(*_user.c["id", "slack_id", "is_bot", "known_since_us", "joined_us"])
_PEOPLE = _by_id(*_user.c)
_PLACES = _by_id(*_channel.c)
_EARLIER = (
    update(_user)
    .where(_user.c.id == bindparam("key"))
    .values(known_since_us=bindparam("known_since_us"), joined_us=bindparam("joined_us"))
)
_DESCRIBE_PERSON = (
    update(_user)
    .where(_user.c.id == bindparam("key"))
    .values({field: bindparam(field) for field in (*_PERSON, "told_us", "updated_us")})
)
_DESCRIBE_PLACE = (
    update(_channel)
    .where(_channel.c.id == bindparam("key"))
    .values({field: bindparam(field) for field in (*_PLACE, "told_us")})
)
