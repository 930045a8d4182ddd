"""Taking a person out of what they did, some rows at a time: what is theirs alone goes, what is the community's stays without them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from copbot.adapters.store import words_index
from copbot.adapters.store.identities import keys_of_nobody
from copbot.adapters.store.message_rows import Rewritten
from copbot.adapters.store.personal_rows import NEUTRAL, OWN, TABLES, about
from copbot.adapters.store.pieces import pieces
from copbot.adapters.store.quotes import unquote
from copbot.adapters.store.rollup_records import day_of
from copbot.adapters.store.rollups import RollUps, Touched
from copbot.adapters.store.words_index import Change
from copbot.core.facts import NOBODY, NOBODY_ELSE
from copbot.core.ports.privacy import Cleaned

_user, _channel, _message, _reaction = (TABLES[name] for name in ("slack_user", "channel", "message", "reaction"))
_delivery, _suggestion = TABLES["delivery"], TABLES["suggestion"]
_report = TABLES["case_report"]

AT_ONCE = 50
"""Messages, or reactions, that one step takes: the write lock is held for some hundredths of a second."""


class Erasing:
    """Of one person of one workspace, inside the caller's write transaction."""

    def __init__(self, connection: Connection, team: int, user: str) -> None:
        self._connection = connection
        self._team = team
        self._who = user
        own = select(_user.c.id).where(_user.c.team_id == team, _user.c.slack_id == user)
        self._key: int | None = connection.execute(own).scalar_one_or_none()

    def step(self) -> Cleaned:
        if messages := self._rows(select(_message).where(_message.c.user_id == self._key).order_by(_message.c.ts_us)):
            unauthor(self._connection, self._team, messages)
            return Cleaned(len(messages), True)
        if reactions := self._rows(select(_reaction).where(_reaction.c.user_id == self._key)):
            take_away(self._connection, self._team, reactions)
            return Cleaned(len(reactions), True)
        return Cleaned(self._small(), False)

    def _rows(self, found: Any) -> Sequence[Row[Any]]:
        return () if self._key is None else self._connection.execute(found.limit(AT_ONCE)).all()

    def _small(self) -> int:
        """All that is never much."""
        run = self._connection.execute
        sent = _delivery.c.team_id == self._team, _delivery.c.target == self._who, _delivery.c.state != "sending"
        asked = _suggestion.c.team_id == self._team, _suggestion.c.slack_user == self._who
        changed = run(delete(_delivery).where(*sent)).rowcount
        changed += run(delete(_suggestion).where(*asked, _suggestion.c.state != "approved")).rowcount
        changed += run(update(_suggestion).where(*asked).values(slack_user=NOBODY, is_named=False)).rowcount
        changed += self._reports()
        for table, column in OWN:
            mine = TABLES[table].c.team_id == self._team, about(table, column, self._who, self._key)
            changed += run(delete(TABLES[table]).where(*mine)).rowcount
        for one in NEUTRAL:
            mine = TABLES[one.table].c.team_id == self._team, about(one.table, one.column, self._who, self._key)
            changed += run(update(TABLES[one.table]).where(*mine).values({one.column: one.instead})).rowcount
        return changed

    def _reports(self) -> int:
        """A report stays, for a case without any is none; what was said in it goes."""
        run = self._connection.execute
        mine = _report.c.team_id == self._team, _report.c.reporter == self._who
        of_nobody = select(_report.c.case_id).where(_report.c.team_id == self._team, _report.c.reporter == NOBODY)
        changed = run(delete(_report).where(*mine, _report.c.case_id.in_(of_nobody))).rowcount
        emptied = {"reporter": NOBODY, "line": "", "is_named": False, "wants_news": False}
        return changed + run(update(_report).where(*mine).values(emptied)).rowcount


def unauthor_at(connection: Connection, team: int, places: Sequence[tuple[int, int]]) -> None:
    """The same of messages at some places: the channel's key and the ts."""
    rows = [
        row
        for channel, ts_us in places
        for row in connection.execute(
            select(_message).where(
                _message.c.channel_id == channel, _message.c.ts_us == ts_us, _message.c.user_id.is_not(None)
            )
        )
    ]
    unauthor(connection, team, rows)


def unauthor(connection: Connection, team: int, messages: Sequence[Row[Any]]) -> None:
    """Take the author, the text and what is quoted of it from these messages, whole rows of ``message``, and from what the author of a root
    added to its thread: totals and threads count them as before."""
    by_channel: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for row in messages:
        by_channel[row.channel_id][row.ts_us] = row
    nobodies, touched = keys_of_nobody(connection, team), Touched(connection)
    for channel, rows in by_channel.items():
        rows |= _added_by_authors(connection, channel, rows.values())
        to_others = _to_others(connection, channel, rows.values())
        words_index.change(
            connection, [Change(channel, row.ts_us, row.text, None) for row in rows.values() if row.text is not None]
        )
        for author, instants in ((NOBODY, rows.keys() - to_others), (NOBODY_ELSE, to_others)):
            for some in pieces(sorted(instants)):
                here = _message.c.channel_id == channel, _message.c.ts_us.in_(some)
                connection.execute(
                    update(_message).where(*here).values(user_id=nobodies[author], text=None, asks_why="")
                )
        for some in pieces(sorted(rows)):
            told = _reaction.c.channel_id == channel, _reaction.c.ts_us.in_(some)
            connection.execute(update(_reaction).where(*told).values(item_user_id=None))
        touched.written(channel, {ts: Rewritten((row.thread_us,), has_new_author=True) for ts, row in rows.items()})
        quoted = connection.execute(select(_channel.c.slack_id).where(_channel.c.id == channel)).scalar_one()
        unquote(connection, team, [(quoted, ts_us) for ts_us in rows])
    RollUps(connection, team).refresh(touched.days)


def _added_by_authors(connection: Connection, channel: int, rows: Iterable[Row[Any]]) -> dict[int, Row[Any]]:
    """What the authors of roots among these said in their threads: without it they would seem to have answered themselves."""
    authors = {row.ts_us: row.user_id for row in rows if row.thread_us is None}
    found = {}
    for some in pieces(sorted(authors)):
        replies = select(_message).where(_message.c.channel_id == channel, _message.c.thread_us.in_(some))
        found.update({row.ts_us: row for row in connection.execute(replies) if row.user_id == authors[row.thread_us]})
    return found


def _to_others(connection: Connection, channel: int, rows: Iterable[Row[Any]]) -> set[int]:
    """Those of these replies that are known to be in a thread that somebody else began, by their ts."""
    replies = [row for row in rows if row.thread_us is not None]
    begun_by: dict[int, int | None] = {}
    for some in pieces(sorted({row.thread_us for row in replies})):
        roots = select(*_message.c["ts_us", "user_id"]).where(
            _message.c.channel_id == channel, _message.c.ts_us.in_(some)
        )
        begun_by.update({row.ts_us: row.user_id for row in connection.execute(roots)})
    return {row.ts_us for row in replies if begun_by.get(row.thread_us) not in (None, row.user_id)}


def take_away(connection: Connection, team: int, reactions: Sequence[Row[Any]]) -> None:
    """Take these reactions away, whole rows of ``reaction``: they counted for nobody but the people who gave them."""
    days: dict[int, Counter[int]] = defaultdict(Counter)
    for row in reactions:
        days[row.channel_id][day_of(row.ts_us)] += 1
    names = [column.name for column in _reaction.primary_key]
    keys: Sequence[Mapping[str, Any]] = [{f"the_{name}": getattr(row, name) for name in names} for row in reactions]
    connection.execute(_TAKE_AWAY, list(keys))
    RollUps(connection, team).refresh(days)


_TAKE_AWAY = delete(_reaction).where(
    *(_reaction.c[column.name] == bindparam(f"the_{column.name}") for column in _reaction.primary_key)
)
