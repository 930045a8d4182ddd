"""Errors in three kinds that mean different reactions: a person's mistake, Slack's refusal, not allowed."""


class Mistake(Exception):
    """A setting, file or argument is wrong. The message is one line for a person: what, where, and how to mend it."""


class SlackUnavailable(Exception):
    """Slack did not take the call for now (network, 5xx, 429): try again after ``retry_after_s`` seconds.

    ``definite`` is True when the call certainly had no effect, so that repeating it cannot double anything. ``method`` is the Web
    API's method that was called, "" where it is not known.
    """

    def __init__(
        self, reason: str, *, retry_after_s: float | None = None, definite: bool = False, method: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.definite = definite
        self.method = method


class SlackRefused(Exception):
    """Slack refused this call for good; repeating it cannot help. ``error`` is Slack's own string."""

    def __init__(self, error: str, *, needed: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.needed = needed


class SlackGone(SlackRefused):
    """The token or the installation is no longer valid: nothing more can be done on Slack (exit code 3)."""


class LeadLost(Exception):
    """Another process leads now: what was being decided here is not written, and is decided there."""
