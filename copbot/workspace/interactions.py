"""Commands, presses and forms: what a person does with the bot, and the answers it may give.

``trigger_id``: single use, 3 s. ``response_url``: 5 uses within 30 minutes. Both by the clock that nobody can move.
"""

import copy
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from copbot.core.time import us_to_ts
from copbot.workspace.blocks import message_complaints
from copbot.workspace.conversations import Conversations
from copbot.workspace.forms import fields, fill
from copbot.workspace.shapes import bot_message, message_as_read, with_ids
from copbot.workspace.sockets import Envelope, Sockets
from copbot.workspace.truth import Json, Truth, new_id
from copbot.workspace.views import Views

RESPONSE_USES = 5
RESPONSE_LIFETIME_S = 30 * 60.0
NO_ANSWER = "did not respond"


@dataclass
class ResponseUrl:
    user: str
    channel: str
    expires: float
    uses_left: int = RESPONSE_USES
    message_ts: str | None = None  # of the message that was pressed on
    ephemeral: Json | None = None  # or the ephemeral one


class Interactions:
    """What people do with the bot. Nothing here waits, except that ``submit`` gives a Future."""

    def __init__(self, truth: Truth, conversations: Conversations, sockets: Sockets, views: Views) -> None:
        self._truth = truth
        self._conversations = conversations
        self._sockets = sockets
        self._views = views
        self._response_urls: dict[str, ResponseUrl] = {}

    # --- slash commands ---------------------------------------------------------------------------------------------

    def command(self, user: str, channel: str, command: str, text: str) -> str:
        """Type a slash command; the trigger_id. Raises LookupError for an unknown person or channel."""
        truth = self._truth
        with truth.lock:
            person, place = truth.user(user), truth.channel(channel)
            trigger = self._views.new_trigger(user)
            payload = {
                "token": "workspace",
                "team_id": truth.team_id,
                "team_domain": "copbot-workspace",
                "channel_id": channel,
                "channel_name": place.name or "directmessage",
                "user_id": user,
                "user_name": person["name"],
                "command": command,
                "text": text,
                "api_app_id": truth.app_id,
                "is_enterprise_install": "false",
                "response_url": self._response_url(ResponseUrl(user, channel, self._response_end())),
                "trigger_id": trigger,
            }

        def finished(acknowledged: bool, answer: Json | str | None) -> None:
            if not acknowledged:
                self.tell_alone(
                    channel, user, {"text": f"{command} failed because the app {NO_ANSWER}."}, by_slack=True
                )
            elif answer:
                body = {"text": answer} if isinstance(answer, str) else answer
                self._answer(ResponseUrl(user, channel, 0.0), body)

        self._sockets.send(Envelope("slash_commands", payload, finished=finished))
        return trigger

    # --- buttons ----------------------------------------------------------------------------------------------------

    def press(self, user: str, channel: str, ts: str, action_id: str, value: str | None) -> None:
        """Press an element of a message. Raises LookupError where it is not there."""
        truth = self._truth
        with truth.lock:
            place = truth.channel(channel)
            message = place.get(ts)
            if message is None:
                raise LookupError(f"no message {ts} in {channel}")
            action = self._action(message.get("blocks", []), action_id, value)
            container: Json = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
            if "thread_ts" in message:
                container["thread_ts"] = message["thread_ts"]
            url = ResponseUrl(user, channel, self._response_end(), message_ts=ts)
            payload = self._block_actions(user, container, action) | {
                "channel": {"id": channel, "name": place.name or "directmessage"},
                "message": message_as_read(place, message),
                "state": {"values": {}},
                "response_url": self._response_url(url),
            }
        self._sockets.send(Envelope("interactive", payload))

    def press_ephemeral(self, user: str, ephemeral: Json, action_id: str, value: str | None) -> None:
        """Press an element of a message that only this person sees. Raises LookupError where it is not there."""
        truth = self._truth
        with truth.lock:
            channel = ephemeral["channel"]
            action = self._action(ephemeral.get("blocks", []), action_id, value)
            container = {
                "type": "message",
                "message_ts": ephemeral["ts"],
                "channel_id": channel,
                "is_ephemeral": True,
            }
            url = ResponseUrl(user, channel, self._response_end(), ephemeral=ephemeral)
            payload = self._block_actions(user, container, action) | {
                "channel": {"id": channel, "name": truth.channel(channel).name or "directmessage"},
                "state": {"values": {}},
                "response_url": self._response_url(url),
            }
        self._sockets.send(Envelope("interactive", payload))

    def press_in_view(self, user: str, action_id: str, value: str | None) -> None:
        """Press an element of the modal that is open. Raises LookupError where it is not there."""
        with self._truth.lock:
            view = self._views.top(user)
            if view is None:
                raise LookupError(f"no modal is open for {user}")
            action = self._action(view["blocks"], action_id, value)
            payload = self._block_actions(user, {"type": "view", "view_id": view["id"]}, action)
            payload |= {"view": copy.deepcopy(view)}
        self._sockets.send(Envelope("interactive", payload))

    def _action(self, blocks: list[Json], action_id: str, value: str | None) -> Json:
        for block in blocks:
            for element in (block.get("element"), block.get("accessory"), *block.get("elements", ())):
                if isinstance(element, dict) and element.get("action_id") == action_id:
                    action: Json = {
                        "type": element["type"],
                        "action_id": action_id,
                        "block_id": block["block_id"],
                        "action_ts": us_to_ts(self._truth.now_us()),
                    }
                    return action | _pressed(element, value)
        raise LookupError(f"nothing to press with the action_id {action_id}")

    def _block_actions(self, user: str, container: Json, action: Json) -> Json:
        return self._interactive("block_actions", user) | {
            "container": container,
            "trigger_id": self._views.new_trigger(user),
            "actions": [action],
        }

    def _interactive(self, kind: str, user: str) -> Json:
        truth = self._truth
        name = truth.user(user)["name"]
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": truth.team_id},
            "api_app_id": truth.app_id,
            "token": "workspace",
            "team": {"id": truth.team_id, "domain": "copbot-workspace"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    # --- forms ------------------------------------------------------------------------------------------------------

    def submit(self, user: str, values: dict[str, Any]) -> "Future[dict[str, str]]":
        """Send the open modal's form in; the Future gives the mistakes by block_id.

        Raises LookupError without an open modal, ValueError for a field it has not; the Future TimeoutError without
        an answer.
        """
        outcome: Future[dict[str, str]] = Future()
        with self._truth.lock:
            view = self._views.top(user)
            if view is None:
                raise LookupError(f"no modal is open for {user}")
            state, complaints = fill(view, values)
            if complaints:
                outcome.set_result(complaints)
                return outcome
            view["state"] = {"values": state}
            payload = self._interactive("view_submission", user) | {
                "trigger_id": self._views.new_trigger(user),
                "view": copy.deepcopy(view),
                "response_urls": [],
            }

        def finished(acknowledged: bool, answer: Json | str | None) -> None:
            if not acknowledged:
                outcome.set_exception(TimeoutError(f"the app {NO_ANSWER} to the form"))
                return
            try:
                outcome.set_result(self._views.answered(user, view, answer if isinstance(answer, dict) else {}))
            except ValueError as mistake:
                outcome.set_exception(mistake)

        self._sockets.send(Envelope("interactive", payload, finished=finished))
        return outcome

    def close_view(self, user: str) -> None:
        """The person closes the modal; the bot hears of it where it asked to (``notify_on_close``)."""
        with self._truth.lock:
            view = self._views.close_top(user)
            if view is None or not view.get("notify_on_close"):
                return
            payload = self._interactive("view_closed", user) | {"view": copy.deepcopy(view), "is_cleared": False}
        self._sockets.send(Envelope("interactive", payload))

    def fields(self, view: Json) -> list[tuple[str, str]]:
        """(block_id, action_id) of a view's fields."""
        return [(block["block_id"], element["action_id"]) for block, element in fields(view)]

    # --- answers ----------------------------------------------------------------------------------------------------

    def respond(self, token: str, body: Json) -> str | None:
        """Take what came in on a response_url; Slack's error, or None when it was taken."""
        with self._truth.lock:
            url = self._response_urls.get(token)
            if url is None or self._truth.clock.monotonic() > url.expires:
                return "expired_url"
            if url.uses_left <= 0:
                return "used_url"
            if body.get("blocks") is not None and message_complaints(body["blocks"]):
                return "invalid_blocks"
            if not (body.get("text") or body.get("blocks") or body.get("delete_original")):
                return "no_text"
            url.uses_left -= 1
            self._answer(url, body)
        return None

    def tell_alone(self, channel: str, user: str, body: Json, *, by_slack: bool = False) -> Json:
        """Show a person a message that nobody else sees."""
        truth = self._truth
        with truth.lock:
            message = {
                "channel": channel,
                "user": "USLACKBOT" if by_slack else truth.bot_user,
                "text": body.get("text", ""),
                "blocks": with_ids(body.get("blocks") or []),
                "ts": truth.channel(channel).next_ts(truth.now_us()),
            }
            if body.get("thread_ts"):
                message["thread_ts"] = body["thread_ts"]
            truth.ephemerals.setdefault(user, []).append(message)
            truth.changed()
            return message

    def _answer(self, url: ResponseUrl, body: Json) -> None:
        truth = self._truth
        with truth.lock:
            channel = truth.channel(url.channel)
            replaces, deletes = body.get("replace_original") is True, body.get("delete_original") is True
            if url.ephemeral is not None and (replaces or deletes):
                self._mend_ephemeral(url.user, url.ephemeral, None if deletes else body)
            elif url.message_ts is not None and channel.get(url.message_ts) is not None and deletes:
                self._conversations.delete(channel, url.message_ts)
            elif url.message_ts is not None and channel.get(url.message_ts) is not None and replaces:
                changed = {"text": body.get("text", ""), "blocks": with_ids(body.get("blocks") or [])}
                self._conversations.change(channel, url.message_ts, **changed)
            elif body.get("response_type") == "in_channel":
                self._conversations.post(channel, bot_message(truth, body))
            else:
                self.tell_alone(url.channel, url.user, body)

    def _mend_ephemeral(self, user: str, ephemeral: Json, body: Json | None) -> None:
        if body is None:
            mine = self._truth.ephemerals.get(user, [])
            self._truth.ephemerals[user] = [each for each in mine if each is not ephemeral]
        else:
            ephemeral |= {"text": body.get("text", ""), "blocks": with_ids(body.get("blocks") or [])}
        self._truth.changed()

    def _response_end(self) -> float:
        return self._truth.clock.monotonic() + RESPONSE_LIFETIME_S

    def _response_url(self, url: ResponseUrl) -> str:
        token = new_id("R") + new_id("")
        self._response_urls[token] = url
        return f"{self._truth.base_url}response/{token}"


def _pressed(element: Json, value: str | None) -> Json:
    """What an element says when it is pressed; a ``value`` given is sent as it is, also a forged one."""
    if element["type"] == "button":
        sent = element.get("value") if value is None else value
        pressed: Json = {"text": element.get("text")}
        return pressed | ({"value": sent} if sent is not None else {})
    state, _ = fill(
        {"blocks": [{"type": "section", "block_id": "b", "accessory": element}]},
        {} if value is None else {element["action_id"]: value},
    )
    return {k: v for k, v in state.get("b", {}).get(element["action_id"], {}).items() if k != "type"}
