"""``copbot rebuild``: the roll-ups and the index of words worked out again from the facts, and ``--check``, which only compares the two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from copbot.adapters.store.rollups import Difference
from copbot.adapters.store.sql import SqlStore

SHOWN = 20


class Rebuilding:
    """Some thousand messages in each transaction: a running bot goes on beside it, and figures are right meanwhile, only slower.
    Interrupted, the next one goes on where it stopped."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.resumed = False
        self.contributions = 0
        self.days = 0

    def run(self, progress: Callable[[float], None]) -> None:
        with self._store.begin() as tx:
            self.resumed = tx.rollups.left_to_fill() > 0
            if not self.resumed:
                tx.rollups.forget()
            all_of_them = tx.rollups.contributions()
        while True:
            with self._store.begin() as tx:
                filled = tx.rollups.fill()
            if filled is None:
                break
            self.days += filled.days
            self.contributions += filled.contributions
            progress(min(self.contributions / max(1, all_of_them), 0.99))
        self._index_words()
        progress(1.0)

    def _index_words(self) -> None:
        """What ``/cop find`` looks in; until it is done that finds less."""
        after: tuple[int, int] | None = None
        while True:
            with self._store.begin() as tx:
                after = tx.memory.rebuild(after)
            if after is None:
                return

    def as_json(self) -> dict[str, object]:
        return {"days": self.days, "contributions": self.contributions, "resumed": self.resumed}

    def as_text(self) -> str:
        told = f"Worked out {self.days:,} days of channels with {self.contributions:,} messages and reactions."
        return f"{told} It went on from where it had stopped." if self.resumed else told


class Comparison:
    """Whether each day's roll-up is what its facts give."""

    def __init__(self, store: SqlStore) -> None:
        with store.read() as tx:
            self.differences: list[Difference] = list(tx.rollups.compare())
            self.left_to_fill = tx.rollups.left_to_fill()
            self.emptied = len(tx.rollups.emptied())

    def as_json(self) -> dict[str, object]:
        return {
            "differences": [
                {"channel": one.channel, "day": _date(one.day), "rolled_up": one.stored, "counted": one.counted}
                for one in self.differences
            ],
            "channels_left": self.left_to_fill,
            "days_left": self.emptied,
        }

    def as_text(self) -> str:
        lines = [
            f"{one.channel} {_date(one.day)}: {one.stored:,} rolled up, {one.counted:,} by the facts"
            + (" (their content differs)" if one.stored == one.counted else "")
            for one in self.differences[:SHOWN]
        ]
        if len(self.differences) > SHOWN:
            lines.append(f"… and {len(self.differences) - SHOWN:,} more")
        if self.differences:
            lines.append("Mend: copbot rebuild")
        if self.left_to_fill:
            lines.append(
                f"Of {self.left_to_fill:,} channels some days are not rolled up yet: they are read from the facts."
            )
        if self.emptied:
            lines.append(
                f"{self.emptied:,} days on which much changes are read from the facts until the bot works them out again."
            )
        return "\n".join(lines) or "All roll-ups are what their facts give."


def _date(day: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()
