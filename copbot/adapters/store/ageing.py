"""What goes with time (``privacy.keep_activity``), some rows at a time: who did what, and what was settled long ago."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, false, or_, select

from copbot.adapters.store.erasure import AT_ONCE, take_away, unauthor
from copbot.adapters.store.personal_rows import TABLES
from copbot.core.facts import NOBODIES
from copbot.core.ports.privacy import Cleaned

_user, _channel, _message, _reaction = (TABLES[name] for name in ("slack_user", "channel", "message", "reaction"))
_card, _asked, _delivery, _audit = (TABLES[name] for name in ("card", "asked_person", "delivery", "audit"))
_opt_out = TABLES["opt_out"]
_case, _report, _step = (TABLES[name] for name in ("moderation_case", "case_report", "case_step"))


class Ageing:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def authors(self, channel: str, before_us: int) -> Cleaned:
        """Apps keep theirs: they have no privacy, and must not turn into people."""
        here = select(_channel.c.id).where(_channel.c.team_id == self._team, _channel.c.slack_id == channel)
        key = self._connection.execute(here).scalar_one_or_none()
        if key is None:
            return Cleaned(0, False)
        by_people = (
            select(_message)
            .join(_user, _user.c.id == _message.c.user_id)
            .where(
                *(_message.c.channel_id == key, _message.c.ts_us < before_us),
                *(_user.c.is_bot == false(), _user.c.slack_id.not_in(NOBODIES)),
            )
            .order_by(_message.c.ts_us)
        )
        if messages := self._some(by_people):
            unauthor(self._connection, self._team, messages)
            return Cleaned(len(messages), True)
        old = select(_reaction).where(_reaction.c.channel_id == key, _reaction.c.ts_us < before_us)
        if reactions := self._some(old.order_by(_reaction.c.ts_us)):
            take_away(self._connection, self._team, reactions)
        return Cleaned(len(reactions), len(reactions) == AT_ONCE)

    def records(self, community: str, before_us: int, sent_before_us: int) -> Cleaned:
        """A card or case that is open, and a message that is pinned, stay: they are not of the past yet."""
        cards = self._ids(_card, community, _card.c.state != "open", _card.c.closed_us < before_us)
        cases = self._ids(_case, community, _case.c.state != "open", _case.c.closed_us < before_us)
        noted = self._ids(_audit, community, _audit.c.at_us < before_us)
        settled = _delivery.c.state.not_in(["due", "sending"])
        unpinned = _delivery.c.pin.not_in(["wanted", "done"])
        sent = self._ids(_delivery, community, settled, unpinned, _delivery.c.due_us < sent_before_us)
        self._connection.execute(
            delete(_opt_out).where(
                *(_opt_out.c.team_id == self._team, _opt_out.c.at_us < before_us),
                or_(_opt_out.c.community == community, _opt_out.c.community.is_(None)),
            )
        )
        for child, column, parents in (
            *((_asked, "card_id", cards), (_report, "case_id", cases), (_step, "case_id", cases)),
            *((_card, "id", cards), (_case, "id", cases), (_audit, "id", noted), (_delivery, "id", sent)),
        ):
            if parents:
                self._connection.execute(delete(child).where(child.c[column].in_(parents)))
        rows = sum(map(len, (cards, cases, noted, sent)))
        return Cleaned(rows, any(len(some) == AT_ONCE for some in (cards, cases, noted, sent)))

    def _ids(self, table: Any, community: str, *conditions: ColumnElement[bool]) -> Sequence[int]:
        old = select(table.c.id).where(table.c.team_id == self._team, table.c.community == community, *conditions)
        return list(self._connection.execute(old.order_by(table.c.id).limit(AT_ONCE)).scalars())

    def _some(self, statement: Any) -> Sequence[Any]:
        return self._connection.execute(statement.limit(AT_ONCE)).all()
