"""What members let the bot send them by itself."""

from collections.abc import Collection, Mapping
from datetime import time
from typing import Any, cast, get_args

from sqlalchemy import Connection, Row, Table, and_, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.hidden_people import HiddenPeople
from copbot.adapters.store.inserting import insert_into
from copbot.adapters.store.pieces import pieces
from copbot.core.preferences import CommunitysHours, Mode, Preferences, Subject
from copbot.core.time import Hours

_preference = cast(Table, tables.Preference.__table__)  # type: ignore[attr-defined]

_NO_HOURS = "none"


class SqlPreferences:
    """Who was forgotten, or said "do not track me", gets nothing but what they ask for, unless they set something else since."""

    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def of(self, user: str) -> Preferences:
        return self.of_many([user])[user]

    def of_many(self, users: Collection[str]) -> Mapping[str, Preferences]:
        hidden = HiddenPeople(self._connection, self._team)
        found = {user: Preferences(user, mode="off" if hidden.how(user) else "standard") for user in users}
        for some in pieces(sorted(found)):
            rows = self._connection.execute(
                select(_preference).where(_preference.c.team_id == self._team, _preference.c.slack_user.in_(some))
            )
            found |= {row.slack_user: _preferences_of(row) for row in rows}
        return found

    def save(self, preferences: Preferences, now_us: int) -> bool:
        values: dict[str, Any] = {
            "mode": preferences.mode,
            "turned_off": sorted(preferences.off),
            "quiet": _written(preferences.quiet),
            "paused_until_us": preferences.paused_until_us,
            "version": preferences.version + 1,
            "changed_us": now_us,
        }
        whose = {"team_id": self._team, "slack_user": preferences.user}
        if preferences.version == 0:
            first = insert_into(self._connection, _preference).values(whose | values).on_conflict_do_nothing()
            return self._connection.execute(first).rowcount == 1
        known = and_(
            _preference.c.team_id == self._team,
            _preference.c.slack_user == preferences.user,
            _preference.c.version == preferences.version,
        )
        return self._connection.execute(update(_preference).where(known).values(values)).rowcount == 1


def _preferences_of(row: Row[Any]) -> Preferences:
    known = get_args(Subject)  # a later program may know more
    return Preferences(
        row.slack_user,
        cast(Mode, row.mode),
        frozenset(subject for subject in row.turned_off if subject in known),
        _hours(row.quiet),
        row.paused_until_us,
        row.version,
    )


def _written(quiet: Hours | CommunitysHours | None) -> str:
    if isinstance(quiet, Hours):
        return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
    return quiet or _NO_HOURS


def _hours(written: str) -> Hours | CommunitysHours | None:
    if written == "community":
        return "community"
    if written == _NO_HOURS:
        return None
    start, end = written.split("-")
    return Hours(time.fromisoformat(start), time.fromisoformat(end))
