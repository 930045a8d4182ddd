"""An unmodified Bolt app beside the served workspace, and when its calendar begins."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@dataclass
class Bot:
    """A Bolt app that notes its events; tests add their own listeners before ``connect``."""

    app: App
    events: list[dict[str, Any]] = field(default_factory=list)
    handler: SocketModeHandler | None = None

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [body["event"] for body in self.events if body["event"]["type"] == kind]
