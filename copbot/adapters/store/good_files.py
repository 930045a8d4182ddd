"""The coordinators' files as they were when last in order."""

from collections.abc import Mapping

from sqlalchemy import Engine, delete, insert, select

from copbot.adapters.store.tables import GoodFile

_good_file = GoodFile.__table__  # type: ignore[attr-defined]


class GoodFiles:
    def __init__(self, engine: Engine, team: int) -> None:
        self._engine = engine
        self._team = team

    def read(self) -> dict[str, str]:
        """Content by path; empty before any file was in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_good_file).where(_good_file.c.team_id == self._team))
            return {row.path: row.content for row in rows}

    def keep(self, files: Mapping[str, str]) -> None:
        """Keep these in place of the ones before."""
        with self._engine.begin() as connection:
            connection.execute(delete(_good_file).where(_good_file.c.team_id == self._team))
            if files:
                rows = [{"team_id": self._team, "path": path, "content": content} for path, content in files.items()]
                connection.execute(insert(_good_file), rows)
