"""A Web API call's arguments, however they were sent: form, JSON or query string."""

import json
from collections.abc import Mapping
from typing import Any

from copbot.core.time import ts_to_us
from copbot.workspace.truth import Json


class SlackError(Exception):
    """An ``ok: false`` answer with Slack's own error string and what goes with it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Arguments:
    """Typed access to arguments; what has the wrong form raises SlackError ``invalid_arguments``."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = dict(given)

    def text(self, name: str) -> str | None:
        """A string, or None when it is absent or empty."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (dict, list)):
            raise self.invalid(name, "must be a string")
        return str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        value = self.text(name)
        if value is None:
            if error != "invalid_arguments":
                raise SlackError(error)
            raise self.invalid(name, "missing required field")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.given.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to ``most``; 0 means the default, as Slack takes it. Raises ``invalid_limit``."""
        value = self.text(name)
        try:
            number = int(value) if value is not None else 0
        except ValueError:
            raise self.invalid(name, "must be a number") from None
        if not 0 <= number <= most:
            raise SlackError("invalid_limit")
        return number or default

    def names(self, name: str) -> list[str]:
        """A list given as such or separated by commas."""
        value = self.given.get(name)
        parts = value if isinstance(value, list) else (self.text(name) or "").split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def object(self, name: str, error: str = "invalid_arguments") -> Any:
        """JSON, given as such or as a string; None when it is absent."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise SlackError(error) from None

    def instant_us(self, name: str, default: int, error: str) -> int:
        value = self.text(name)
        if value is None:
            return default
        try:
            return ts_to_us(value)
        except ValueError:
            raise SlackError(error) from None

    @staticmethod
    def invalid(name: str, why: str) -> SlackError:
        return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {why}: {name}"]})

    def without_secrets(self) -> Json:
        return {key: value for key, value in self.given.items() if key != "token"}
