"""What the monthly report needs from the store beside the figures. Instants are microseconds since the epoch."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from copbot.core.records import GivenAnswer, Verdict


class Said(Protocol):
    """What newcomers said, of many at once and without who said it: to be counted, never to be shown one by one."""

    def answers(self, community: str, since_us: int, until_us: int) -> Sequence[GivenAnswer]:
        """What was answered to the welcome's questions by those who did so in ``[since, until)``, one for each person and question."""

    def outcomes(self, community: str, since_us: int, until_us: int) -> Mapping[Verdict, int]:
        """How many said in ``[since, until)`` that they got what they came for: yes, partly, not yet."""
