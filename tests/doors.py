"""The real Bolt app with all features on a scene: what people type, press and send in, and what they see of it."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from scene import Scene
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from sqlalchemy import select, text

from copbot.adapters.bolt import Interactions, build_app
from copbot.adapters.intake import Intake
from copbot.adapters.store import tables
from copbot.core.interaction import HandedFile
from copbot.wiring import FEATURES

TEAM = "T0000001"
TS = "1763283600.000100"

_numbers = count(1)


@dataclass
class Seen:
    """One answer: its words, and all that stands in its blocks or view."""

    text: str
    blocks: Any = ()

    @property
    def whole(self) -> str:
        return f"{self.text}\n{json.dumps(self.blocks, ensure_ascii=False)}"

    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, each with the ``block_id`` around it."""
        blocks = self.blocks["blocks"] if isinstance(self.blocks, dict) else self.blocks
        elements = ((block, one) for block in blocks for one in [*block.get("elements", ()), block.get("accessory")])
        return [
            {**one, "block_id": block.get("block_id", "b")}
            for block, one in elements
            if one and one["type"] == "button"
        ]

    def button(self, label: str) -> dict[str, Any]:
        return next(one for one in self.buttons() if one["text"]["text"] == label)


@dataclass
class Doors:
    scene: Scene
    seen: list[Seen] = field(default_factory=list)
    handed: list[tuple[str, HandedFile]] = field(default_factory=list)

    def __post_init__(self) -> None:
        ctx = self.scene.ctx
        self.app = build_app(
            client=WebClient(token="xoxb-test", base_url="http://127.0.0.1:1/"),
            identity={"team_id": TEAM, "user_id": "U0BOT", "bot_id": "B0BOT"},
            intake=Intake(ctx, TEAM, lambda: None, lambda _why: None, lambda _channel, _name: None),
            interactions=Interactions(
                *(ctx, FEATURES, self, lambda: None), hand=lambda user, file: self.handed.append((user, file))
            ),
        )

    # -- what Slack shows of answers

    def open_view(self, _trigger_id: str, view: dict[str, Any]) -> None:
        self.seen.append(Seen("", view))

    def update_view(self, _view_id: str, view: dict[str, Any]) -> None:
        self.seen.append(Seen("", view))

    def ephemeral(self, _channel: str, _user: str, text: str, blocks: Any) -> None:
        self.seen.append(Seen(text, list(blocks)))

    # -- what people do; what they see of it, nothing where they see nothing

    def type(self, user: str, words: str, channel: str = "CELSE") -> Seen:
        body = {"command": "/cop", "text": words, "user_id": user, "channel_id": channel, "team_id": TEAM}
        return self._after(body | {"trigger_id": f"t{next(_numbers)}"})

    def press(
        self, user: str, action_id: str, value: str = "", channel: str | None = "CELSE", block_id: str = "b"
    ) -> Seen:
        """``channel`` None: on the Home tab."""
        action = {"type": "button", "action_id": action_id, "block_id": block_id, "value": value}
        where = {"channel": {"id": channel}} if channel else {"view": {"id": "V0", "type": "home"}}
        body = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": user}, "actions": [action], **where}
        return self._after(body | {"trigger_id": f"t{next(_numbers)}"})

    def press_on(self, user: str, seen: Seen, label: str, channel: str | None = "CELSE") -> Seen:
        """A button of an answer, by its words."""
        found = seen.button(label)
        return self.press(user, found["action_id"], found.get("value", ""), channel, found["block_id"])

    def send(
        self, user: str, callback_id: str, private_metadata: str = "", state: dict[str, Any] | None = None
    ) -> Seen:
        view = {
            "id": f"V{next(_numbers)}",
            "hash": "h",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": private_metadata,
            "state": {"values": state or {}},
        }
        return self._after({"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user}, "view": view})

    def choose(self, user: str, callback_id: str, channel: str = "CDATA", ts: str = TS, author: str = "UANA") -> Seen:
        message = {"type": "message", "user": author, "ts": ts, "text": "Hello"}
        body = {"type": "message_action", "team": {"id": TEAM}, "user": {"id": user}, "callback_id": callback_id}
        where = {"channel": {"id": channel, "name": "data"}, "message_ts": ts, "message": message}
        return self._after(body | where | {"trigger_id": f"t{next(_numbers)}"})

    def _after(self, body: dict[str, Any]) -> Seen:
        before = len(self.seen)
        response = self.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert response.status == 200
        if len(self.seen) > before:
            return self.seen[-1]
        answered = json.loads(response.body) if response.body else {}
        return Seen(json.dumps(answered.get("errors", "")) if "errors" in answered else "", answered.get("view", ()))

    # -- what became of it

    def refusals(self) -> list[tuple[str, str, str]]:
        """Who was refused what, and in which community."""
        with self.scene.store.read() as tx:
            noted = tx.audit.since(None, 0)
        return [(one.actor, one.subject, one.community) for one in noted if one.action == "was refused"]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables but those that note that something was tried."""
        with self.scene.engine.connect() as connection:
            return {
                name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for name, table in tables.metadata.tables.items()
                if name not in ("inbox", "audit")
            }

    def run(self, statement: str) -> None:
        with self.scene.engine.begin() as connection:
            connection.execute(text(statement))
