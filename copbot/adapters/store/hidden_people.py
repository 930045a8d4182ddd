"""Whose name is recorded no more: those who were forgotten, who left long ago, or who said "do not track me".

Nothing tells who they are but a keyed hash of their ID: enough to know them again when an import, a backfill or an event brings them up,
and to put nobody in their place.
"""

import hashlib
import hmac
import re
import secrets
from functools import cached_property
from typing import Literal, NamedTuple, cast, get_args

from sqlalchemy import Connection, Table, delete, select

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.facts import Fact, MembershipSeen, MembersListed, UserSeen, WorkspaceJoined
from copbot.core.mrkdwn import SOMEBODY

_secret = cast(Table, tables.PrivacySecret.__table__)  # type: ignore[attr-defined]
_hidden = cast(Table, tables.HiddenPerson.__table__)  # type: ignore[attr-defined]

How = Literal["forgotten", "left", "untracked"]

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


class Since(NamedTuple):
    how: How
    at_us: int


class HiddenPeople:
    """Those of one workspace, read when they are first asked for."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def how(self, user: str) -> How | None:
        since = self.since(user)
        return None if since is None else since.how

    def since(self, user: str) -> Since | None:
        return self._marks.get(_mark(self._key, user)) if self._marks else None

    def are_gone(self, user: str) -> bool:
        """Whether nothing at all is recorded of them. Who is untracked is still known as a person, and as a member of their channels."""
        return self.how(user) in ("forgotten", "left")

    def hide(self, user: str, how: How, now_us: int) -> None:
        self._make_secret()
        row = {"team_id": self._team, "mark": _mark(self._key, user), "how": how, "at_us": now_us}
        put = insert_into(self._connection, _hidden).values(row)
        self._connection.execute(
            put.on_conflict_do_update(index_elements=["team_id", "mark"], set_={"how": how, "at_us": now_us})
        )
        self.__dict__.pop("_marks", None)

    def show(self, user: str) -> None:
        """They are known by name again from now on."""
        here = (_hidden.c.team_id == self._team, _hidden.c.mark == _mark(self._key, user))
        self._connection.execute(delete(_hidden).where(*here))
        self.__dict__.pop("_marks", None)

    def came_back(self, fact: Fact) -> str | None:
        """Whom a fact shows to be here again after they had left: they asked for nothing, so they are a person like any other."""
        match fact:
            case UserSeen(user=user, is_deleted=False, updated_us=at_us) | WorkspaceJoined(user=user, at_us=at_us):
                since = self.since(user)
                return user if since is not None and since.how == "left" and at_us > since.at_us else None
        return None

    def recordable(self, fact: Fact) -> Fact | None:
        """A fact about people as it may be recorded; None: not at all. Of messages and reactions see ``Recording``."""
        if not self._marks:
            return fact
        match fact:
            case UserSeen(user=user) | WorkspaceJoined(user=user) | MembershipSeen(user=user) if self.are_gone(user):
                return None
            case MembersListed(channel, users, at_us):
                return MembersListed(channel, tuple(user for user in users if not self.are_gone(user)), at_us)
        return fact

    def unnamed(self, text: str) -> str:
        """A text without mentions of those who were forgotten."""
        if not self._marks or "<@" not in text:
            return text
        return _MENTION.sub(lambda match: SOMEBODY if self.are_gone(match[1]) else match[0], text)

    @cached_property
    def _marks(self) -> dict[str, Since]:
        if not self._key:
            return {}
        rows = self._connection.execute(select(_hidden).where(_hidden.c.team_id == self._team))
        return {row.mark: Since(cast(How, row.how), row.at_us) for row in rows if row.how in get_args(How)}

    @cached_property
    def _key(self) -> str:
        """Empty while nobody was ever hidden."""
        own = select(_secret.c.secret).where(_secret.c.team_id == self._team)
        return self._connection.execute(own).scalar_one_or_none() or ""

    def _make_secret(self) -> None:
        if self._key:
            return
        row = {"team_id": self._team, "secret": secrets.token_hex(32)}
        self._connection.execute(insert_into(self._connection, _secret).values(row).on_conflict_do_nothing())
        self.__dict__.pop("_key", None)


def _mark(key: str, user: str) -> str:
    return hmac.new(key.encode(), user.encode(), hashlib.sha256).hexdigest()
