"""What silence means: that nobody said anything, or that what was said does not arrive. Only reading the history tells the two apart.

Slack tries an event at once, after a minute and after five more (https://docs.slack.dev/apis/events-api). So a silence shorter than that
hides nothing: what failed meanwhile comes again. A longer one may.
"""

import threading

from copbot.core.ports import Clock

RETRIES_S = 360.0
"""Seconds within which Slack has made its last attempt."""

READ_EVERY_S = 3600.0
"""Seconds between two readings for silence alone. A reading is some calls for each channel and the list of people; a quiet community
has many silences a day, and a night is one."""

AT_ONCE_AGAIN_S = 60.0
"""Seconds between two readings for which there is evidence that something was missed."""


class Silence:
    """Since when nothing was heard of Slack, and whether the history is to be read for it. Any thread may tell of what it heard."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.begins()

    def begins(self) -> None:
        """Nothing was missed until now: the history is being read."""
        with self._lock:
            self._heard_at = self._read_at = self._clock.monotonic()
            self._owed = self._evident = False

    def heard(self, *, again: bool = False) -> None:
        """Slack said something. ``again``: what it could not say before. After a long silence that tells of more that is lost."""
        with self._lock:
            at = self._clock.monotonic()
            if at - self._covered_at > RETRIES_S:
                self._owed, self._evident = True, again
            self._heard_at = at

    def hides_nothing(self) -> bool:
        """Whether all that Slack had to say until six minutes ago was heard."""
        with self._lock:
            return not self._owed and self._clock.monotonic() - self._covered_at <= RETRIES_S

    def wants_reading(self) -> bool:
        """Whether the history is to be read now, for it is not known whether something was missed. Asked again, it is not."""
        with self._lock:
            at = self._clock.monotonic()
            if not self._owed and at - self._covered_at <= RETRIES_S:
                return False
            if at - self._read_at < (AT_ONCE_AGAIN_S if self._evident else READ_EVERY_S):
                return False
            self._read_at = at
            self._owed = self._evident = False
            return True

    @property
    def _covered_at(self) -> float:
        """Nothing before is missing: Slack said something then, or the history was read."""
        return max(self._heard_at, self._read_at)
