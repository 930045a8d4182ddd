"""What a day's file of an export held, and whether it may be remembered as taken in whole."""

from copbot.core.facts import Fact, MessageSeen, ReactionSeen, UserSeen
from copbot.core.history import DayFile, Problem


class Tally:
    """``is_plain``: nothing of the file depended on another, and there is nothing of it to tell a person. ``bots`` and ``notices``
    are the export's counts when the file began."""

    def __init__(self, bots: int, notices: int) -> None:
        self.is_plain = True
        self.latest_us = 0
        self._messages: list[int] = []
        self._reactions = 0
        self._before = (bots, notices)

    def count(self, item: Fact | Problem) -> None:
        if isinstance(item, MessageSeen):
            self._messages.append(item.ts_us)
        elif isinstance(item, ReactionSeen):
            self._reactions += 1
        elif isinstance(item, Problem | UserSeen):
            self.is_plain = False

    def file(self, channel: str, name: str, fingerprint: str, bots: int, notices: int) -> DayFile:
        return DayFile(
            channel,
            name,
            fingerprint,
            messages=len(self._messages),
            reactions=self._reactions,
            bots=bots - self._before[0],
            notices=notices - self._before[1],
            first_us=min(self._messages, default=None),
            last_us=max(self._messages, default=None),
            latest_us=self.latest_us,
        )
