"""``copbot audit``: what moderators and coordinators did, what was refused, which of their files changed. Works without a token."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from copbot.core.audit_trail import in_words
from copbot.core.ports import Store
from copbot.core.records import Audited
from copbot.core.time import from_us, to_us
from copbot.features.participation.period import instant_of
from copbot.settings import Settings
from copbot.stores import existing_store, one_community


class Auditing:
    """``since``: a date; all by default. ``community``: the id of one; by default all, and what belongs to none in particular."""

    def __init__(self, settings: Settings, since: str, community: str) -> None:
        chosen = one_community(settings, community) if community else None
        self._zone = ZoneInfo(chosen.timezone if chosen else "UTC")
        since_us = to_us(instant_of("--since", since, self._zone)) if since else 0
        with existing_store(settings) as store:
            with store.read() as tx:
                self._done = tx.audit.since(chosen.id if chosen else None, since_us)
            names = _InTheTerminal(store)
            self._lines = [self._line(one.at_us, one.community, in_words(one, names)) for one in self._done]

    def as_json(self) -> dict[str, Any]:
        return {"timezone": self._zone.key, "audit": [self._entry(one) for one in self._done]}

    def as_text(self) -> str:
        return "\n".join(self._lines) if self._lines else "Nothing was done yet that would stand here."

    def _line(self, at_us: int, community: str, said: str) -> str:
        return f"{self._local(at_us):%Y-%m-%d %H:%M}  {community or '-'}  {said}"

    def _entry(self, one: Audited) -> dict[str, Any]:
        told = {name: getattr(one, name) for name in ("community", "actor", "action", "subject", "detail")}
        return {"at": self._local(one.at_us).isoformat(), **told}

    def _local(self, at_us: int) -> datetime:
        return from_us(at_us).astimezone(self._zone)


class _InTheTerminal:
    """People by the names that are stored, else their IDs; what a terminal would obey is shown as a sign."""

    def __init__(self, store: Store) -> None:
        with store.read() as tx:
            self._channels = {channel: name for channel, name in tx.figures.channels() if name}
        self._store = store
        self._people: dict[str, str] = {}

    def person(self, user: str) -> str:
        if user not in self._people:
            with self._store.read() as tx:
                known = tx.facts.person(user)
            self._people[user] = self.plain(known.name) if known is not None and known.name else user
        return self._people[user]

    def thread(self, channel: str, ts_us: int) -> str:
        return f"a thread of {from_us(ts_us):%Y-%m-%d} in #{self.plain(self._channels.get(channel, channel))}"

    def plain(self, text: str) -> str:
        return "".join(character if character.isprintable() else "�" for character in text)
