"""Modals and Home tabs: what is open for whom, and the triggers that open them."""

import copy
from dataclasses import dataclass

from copbot.workspace.blocks import elements_of, view_complaints
from copbot.workspace.shapes import with_ids
from copbot.workspace.truth import Json, Truth, new_id

STACK = 3  # modals on top of each other
TRIGGER_LIFETIME_S = 3.0


class ViewError(Exception):
    """Slack's refusal of a view, by its error string."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []


@dataclass
class Trigger:
    user: str
    expires: float
    used: bool = False


class Views:
    def __init__(self, truth: Truth) -> None:
        self.trigger_lifetime = TRIGGER_LIFETIME_S
        self._truth = truth
        self._triggers: dict[str, Trigger] = {}

    def new_trigger(self, user: str) -> str:
        trigger_id = f"{new_id('')}.{new_id('')}".lower()
        self._triggers[trigger_id] = Trigger(user, self._truth.clock.monotonic() + self.trigger_lifetime)
        return trigger_id

    def pull(self, trigger_id: str) -> str:
        """Use a trigger up; whose it was. Raises ViewError."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ViewError("invalid_trigger_id")
        if trigger.used:
            raise ViewError("exchanged_trigger_id")
        if self._truth.clock.monotonic() > trigger.expires:
            raise ViewError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def stack(self, user: str) -> list[Json]:
        return self._truth.view_stacks.setdefault(user, [])

    def top(self, user: str) -> Json | None:
        stack = self.stack(user)
        return stack[-1] if stack else None

    def open(self, trigger_id: str, given: Json) -> Json:
        user = self.pull(trigger_id)
        view = self._made(given, "modal")
        self._truth.view_stacks[user] = [view]
        self._truth.changed()
        return view

    def push(self, trigger_id: str, given: Json) -> Json:
        return self._put_on_top(self.pull(trigger_id), given)

    def update(self, view_id: str | None, external_id: str | None, seen_hash: str | None, given: Json) -> Json:
        """Replace an open view. ``seen_hash`` guards against overwriting a newer one."""
        for stack in self._truth.view_stacks.values():
            for index, old in enumerate(stack):
                if old["id"] == view_id or (external_id and old["external_id"] == external_id):
                    if seen_hash is not None and seen_hash != old["hash"]:
                        raise ViewError("hash_conflict")
                    stack[index] = self._made(given, "modal", old)
                    self._truth.changed()
                    return stack[index]
        raise ViewError("not_found")

    def publish(self, user: str, seen_hash: str | None, given: Json) -> Json:
        old = self._truth.homes.get(user)
        if old is not None and seen_hash is not None and seen_hash != old["hash"]:
            raise ViewError("hash_conflict")
        self._truth.homes[user] = self._made(given, "home", old)
        self._truth.changed()
        return self._truth.homes[user]

    def close_top(self, user: str) -> Json | None:
        with self._truth.lock:
            stack = self.stack(user)
            closed = stack.pop() if stack else None
            self._truth.changed()
            return closed

    def answered(self, user: str, view: Json, answer: Json) -> dict[str, str]:
        """Do what the bot's acknowledgement of a submission asks for; mistakes by block_id.

        Raises ValueError for an answer that Slack would not take.
        """
        with self._truth.lock:
            action = answer.get("response_action")
            if action == "errors":
                return self._mistakes(view, answer.get("errors"))
            try:
                if action in (None, ""):
                    self._take_off(user, view)
                elif action == "clear":
                    self._truth.view_stacks[user] = []
                elif action == "update":
                    self.update(view["id"], None, None, answer.get("view") or {})
                elif action == "push":
                    self._put_on_top(user, answer.get("view") or {})
                else:
                    raise ValueError(f"unknown response_action {action!r}")
            except ViewError as refused:
                raise ValueError(f"the answer to the form was refused: {refused.error} {refused.messages}") from refused
            self._truth.changed()
        return {}

    def _take_off(self, user: str, view: Json) -> None:
        self._truth.view_stacks[user] = [each for each in self.stack(user) if each["id"] != view["id"]]

    @staticmethod
    def _mistakes(view: Json, errors: object) -> dict[str, str]:
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise ValueError(f"errors must name input blocks of the form ({', '.join(sorted(inputs))}): {errors!r}")
        return {str(block_id): str(text) for block_id, text in errors.items()}

    def _put_on_top(self, user: str, given: Json) -> Json:
        stack = self.stack(user)
        if not stack:
            raise ViewError("not_found")
        if len(stack) >= STACK:
            raise ViewError("push_limit_reached")
        view = self._made(given, "modal")
        view["root_view_id"], view["previous_view_id"] = stack[0]["id"], stack[-1]["id"]
        stack.append(view)
        self._truth.changed()
        return view

    def _made(self, given: Json, kind: str, old: Json | None = None) -> Json:
        complaints = view_complaints(given)
        if complaints or given.get("type") != kind:
            raise ViewError("invalid_arguments", complaints or [f"[ERROR] must be a {kind}"])
        from_bot = {"team_id": self._truth.team_id, "app_id": self._truth.app_id, "bot_id": self._truth.bot_id}
        self._claim(str(given.get("external_id") or ""), old)
        view_id = old["id"] if old else new_id("V")
        blocks = with_ids(given["blocks"])
        view: Json = {
            "id": view_id,
            "type": kind,
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "state": {"values": _kept(old["state"]["values"], blocks) if old else {}},
            "hash": f"{self._truth.now_us() // 1_000_000}.{new_id('')[:8].lower()}",
            "root_view_id": old["root_view_id"] if old else view_id,
            "previous_view_id": old["previous_view_id"] if old else None,
            "app_installed_team_id": self._truth.team_id,
        }
        return view | from_bot | copy.deepcopy(given) | {"blocks": blocks}

    def _claim(self, external_id: str, old: Json | None) -> None:
        """An external_id belongs to one view of the team. Raises ViewError."""
        views = [*(view for stack in self._truth.view_stacks.values() for view in stack), *self._truth.homes.values()]
        if external_id and any(view["external_id"] == external_id and view is not old for view in views):
            raise ViewError("duplicate_external_id")


def _kept(values: Json, blocks: list[Json]) -> Json:
    """What was filled in stays where block_id and action_id stay."""
    there = {(block["block_id"], element.get("action_id")) for block in blocks for element in elements_of(block)}
    kept: Json = {}
    for block_id, of_block in values.items():
        for action_id, value in of_block.items():
            if (block_id, action_id) in there:
                kept.setdefault(block_id, {})[action_id] = value
    return kept
