"""The rows of messages, merged with what is reported of them. A deleted message keeps its place only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from copbot.adapters.store import tables, words_index
from copbot.adapters.store.identities import Identities
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.quotes import unquote
from copbot.adapters.store.words_index import Change
from copbot.core.community import KeepText
from copbot.core.facts import MessageSeen
from copbot.core.merging import MessageContent, content_of, held_against

_message = cast(Table, tables.Message.__table__)  # type: ignore[attr-defined]
_reaction = cast(Table, tables.Reaction.__table__)  # type: ignore[attr-defined]
_author = tables.User.__table__.alias("author")  # type: ignore[attr-defined]

Place = tuple[str, int]
"""A message's channel (Slack's ID) and ts."""


class Rewritten(NamedTuple):
    """What was written of a message. ``threads``: that it was and is in (ts of their roots); None: it is a root."""

    threads: tuple[int | None, ...]
    has_new_author: bool  # another than before: it came, or went


class MessageRows:
    """The stored messages at some places."""

    def __init__(self, connection: Connection, team: int, identities: Identities, places: Iterable[Place]) -> None:
        self._connection = connection
        self._team = team
        self._identities = identities
        self._stored = self._read(places)
        self.changed: dict[Place, Rewritten] = {}

    def _read(self, places: Iterable[Place]) -> dict[Place, Any]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for channel, ts_us in places:
            wanted[channel].add(ts_us)
        rows = {}
        for channel, instants in wanted.items():
            key = self._identities.channel(channel)
            for some in pieces(sorted(instants)):
                found = self._connection.execute(_STORED, {"channel": key, "instants": some})
                rows.update({(channel, row.ts_us): row for row in found})
        return rows

    def is_deleted(self, place: Place) -> bool:
        row = self._stored.get(place)
        return row is not None and row.is_deleted

    def author(self, place: Place) -> str | None:
        """Whom the store names as the author of a message before this batch; None where it knows none."""
        row = self._stored.get(place)
        return None if row is None else row.user

    def delete(self, places: Iterable[Place]) -> None:
        """Empty these messages, or mark the place of one not yet seen, and take their reactions away."""
        gone = [place for place in places if not self.is_deleted(place)]
        if not gone:
            return
        self.changed.update({place: Rewritten(self._threads(place), has_new_author=True) for place in gone})
        self._connection.execute(_UNREACT, [self._key(place) for place in gone])
        known = [self._key(place) for place in gone if place in self._stored]
        if known:
            self._connection.execute(_EMPTY, known)
            self._index(dict.fromkeys(gone))
            unquote(self._connection, self._team, [place for place in gone if place in self._stored])
        unknown = [place for place in gone if place not in self._stored]
        if unknown:
            self._connection.execute(insert(_message), [self._new(place, {"is_deleted": True}) for place in unknown])

    def merge(
        self,
        reports: Mapping[Place, Sequence[MessageSeen]],
        keep: Mapping[str, KeepText],
        unnamed: Callable[[str], str],
    ) -> int:
        """Take reports of messages in; how many of these were new to the store. ``unnamed``: a text as it may be kept."""
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        texts: dict[Place, str | None] = {}
        for place, seen in reports.items():
            row = self._stored.get(place)
            if row is not None and row.is_deleted:
                continue
            said = None if row is None else _moderators_word(row)
            contents = [content_of(report, keep[place[0]], said) for report in seen]
            content = max(contents) if len(contents) > 1 else contents[0]
            if content.text:
                content = content._replace(text=unnamed(content.text))
            if row is None:
                new.append(self._new(place, self._values(content) | {"is_deleted": False}))
            elif (content := held_against(content, stored := _content(row))) != stored:
                changed.append(self._values(content) | self._key(place))
            else:
                continue
            threads = (*self._threads(place), content.thread_us or None)
            self.changed[place] = Rewritten(threads, row is None or content.user != row.user)
            texts[place] = content.text or None
        if new:
            self._connection.execute(insert(_message), new)
        if changed:
            self._connection.execute(_REWRITE, changed)
        self._index(texts)
        return len(new)

    def _index(self, texts: Mapping[Place, str | None]) -> None:
        """Keep the index of words in step with these messages' texts."""
        before = {place: row.text for place in texts if (row := self._stored.get(place)) is not None}
        words_index.change(
            self._connection,
            [
                Change(self._identities.channel(place[0]), place[1], before.get(place), text)
                for place, text in texts.items()
                if text is not None or before.get(place) is not None
            ],
        )

    def _threads(self, place: Place) -> tuple[int | None, ...]:
        row = self._stored.get(place)
        return () if row is None else (row.thread_us,)

    def _key(self, place: Place) -> dict[str, Any]:
        return {"the_channel": self._identities.channel(place[0]), "the_ts": place[1]}

    def _new(self, place: Place, values: dict[str, Any]) -> dict[str, Any]:
        values["channel_id"] = self._identities.channel(place[0])
        values["ts_us"] = place[1]
        values["team_id"] = self._team
        return values

    def _values(self, content: MessageContent) -> dict[str, Any]:
        return {
            "user_id": self._identities.user(content.user),
            "thread_us": content.thread_us or None,
            "edited_us": content.edited_us,
            "asks": None if content.thread_us else content.asks,
            "asks_why": content.why,
            "asks_rule": content.asks_rule,
            "text": content.text or None,
        }


def _moderators_word(row: Any) -> tuple[bool, str] | None:
    """What a moderator said of a root, if one did: no rule, and no edit, overrules it."""
    if row.asks is None or row.asks_rule != 0:
        return None
    return row.asks, row.asks_why


def _content(row: Any) -> MessageContent:
    return MessageContent(
        row.edited_us, row.thread_us or 0, row.asks_rule, bool(row.asks), row.asks_why, row.text or "", row.user or ""
    )


_CONTENT = ("user_id", "thread_us", "edited_us", "asks", "asks_why", "asks_rule", "text")
_here = (_message.c.channel_id == bindparam("the_channel"), _message.c.ts_us == bindparam("the_ts"))
_STORED = (
    select(
        *_message.c["ts_us", "thread_us", "edited_us", "is_deleted", "asks", "asks_why", "asks_rule", "text"],
        _author.c.slack_id.label("user"),
    )
    .select_from(_message.outerjoin(_author, _author.c.id == _message.c.user_id))
    .where(_message.c.channel_id == bindparam("channel"), _message.c.ts_us.in_(bindparam("instants", expanding=True)))
)
_REWRITE = update(_message).where(*_here).values({name: bindparam(name) for name in _CONTENT})
_EMPTIED: dict[str, Any] = dict.fromkeys(_CONTENT) | {"edited_us": 0, "asks_why": "", "asks_rule": 0}
_EMPTY = update(_message).where(*_here).values(**_EMPTIED, is_deleted=True)
_UNREACT = delete(_reaction).where(
    _reaction.c.channel_id == bindparam("the_channel"), _reaction.c.ts_us == bindparam("the_ts")
)
