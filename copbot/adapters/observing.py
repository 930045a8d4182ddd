"""What happens in a running bot, told to whoever counts it. ``metrics.py`` counts; where nobody asks, nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager


class Observer:
    """Counts nothing. All of it may be called from any thread; labels are of small fixed sets and never name anybody."""

    def took_in(self, result: str) -> None:
        """An event: ``taken``, ``repeated``, ``nothing`` of it is kept, or it ``failed`` and Slack sends it again."""

    def interacted(self, kind: str, result: str) -> None:
        """A ``command``, ``press``, ``shortcut`` or ``form``: ``done`` or ``failed``."""

    def acknowledged(self, kind: str, seconds: float) -> None:
        """How long Slack waited for its answer to an ``event`` or an ``interaction``, what was stored first included."""

    def settled(self, kind: str, outcome: str, late_s: float) -> None:
        """A delivery's ``outcome`` as ``Sender`` tells it, and how long after its time that was."""

    def looked_up(self, what: str, result: str) -> None:
        """A ``delivery`` whose answer was lost, or a ``person``, was asked of Slack: ``found``, ``missing`` or ``failed``."""

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """A call of Slack's Web API: ``ok``, ``refused``, ``limited``, ``unavailable`` or ``gone``."""

    def woke(self) -> None:
        """The alarm, an event or a press said that something may be due."""

    def reconnected(self) -> None:
        """The connection was replaced."""

    def gave_up(self, why: str) -> None:
        """The watchdog gave a connection up: ``silent``, ``mute`` or ``deaf``."""

    def answered(self, path: str, status: int) -> None:
        """A request over HTTP."""

    @contextmanager
    def step(self, _name: str) -> Iterator[None]:
        """Surrounds one round of a loop."""
        yield
