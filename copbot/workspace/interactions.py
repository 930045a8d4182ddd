"""Commands, presses, shortcuts and forms: what a person does with the bot.

``trigger_id``: single use, 3 s, by the clock that nobody can move.
"""

import copy
from concurrent.futures import Future
from typing import Any

from copbot.core.time import us_to_ts
from copbot.workspace.answers import Answers, ResponseUrl
from copbot.workspace.blocks import elements_of
from copbot.workspace.delivery import Delivery, Envelope, Outcome
from copbot.workspace.forms import fields, fill, option_of, options_of
from copbot.workspace.shapes import message_as_read
from copbot.workspace.truth import Channel, Json, Truth
from copbot.workspace.views import Views

DOMAIN = "copbot-workspace"
NO_ANSWER = "did not respond"
REFUSED = ("http_error", "too_many_redirects", "connection_failed", "unknown_error")


class Interactions:
    """What people do with the bot. Nothing here waits, except that ``submit`` and ``suggest`` give a Future."""

    def __init__(self, truth: Truth, answers: Answers, delivery: Delivery, views: Views) -> None:
        self._truth = truth
        self._answers = answers
        self._delivery = delivery
        self._views = views

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
                "team_domain": DOMAIN,
                "channel_id": channel,
                "channel_name": _name(place),
                "user_id": user,
                "user_name": person["name"],
                "command": command,
                "text": text,
                "api_app_id": truth.app_id,
                "is_enterprise_install": "false",
                "response_url": self._answers.new_url(ResponseUrl(user, channel)),
                "trigger_id": trigger,
            }

        def finished(outcome: Outcome) -> None:
            if not outcome.acknowledged:
                why = (
                    'with the error "dispatch_failed"' if outcome.reason in REFUSED else f"because the app {NO_ANSWER}"
                )
                self._answers.tell_alone(channel, user, {"text": f"{command} failed {why}."}, by_slack=True)
            elif outcome.payload:
                said = outcome.payload
                self._answers.answer(ResponseUrl(user, channel), {"text": said} if isinstance(said, str) else said)

        self._delivery.send(Envelope("slash_commands", payload, finished=finished))
        return trigger

    # --- shortcuts --------------------------------------------------------------------------------------------------

    def shortcut(self, user: str, callback_id: str) -> str:
        """Choose a global shortcut of the bot's; the trigger_id. Raises LookupError for an unknown person."""
        with self._truth.lock:
            payload = self._interactive("shortcut", user) | self._called(user, callback_id)
        self._delivery.send(Envelope("interactive", payload))
        return str(payload["trigger_id"])

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> str:
        """Choose a message's shortcut; the trigger_id. Raises LookupError where the message is not there."""
        with self._truth.lock:
            place, message = self._place(channel, ts)
            thread_ts = message.get("thread_ts")
            url = ResponseUrl(user, channel, thread_ts=thread_ts)
            payload = self._interactive("message_action", user) | self._called(user, callback_id)
            payload |= {
                "channel": {"id": channel, "name": _name(place)},
                "message_ts": ts,
                "message": message_as_read(place, message),
                "response_url": self._answers.new_url(url),
            }
        self._delivery.send(Envelope("interactive", payload))
        return str(payload["trigger_id"])

    def _called(self, user: str, callback_id: str) -> Json:
        now = us_to_ts(self._truth.now_us())
        return {"callback_id": callback_id, "trigger_id": self._views.new_trigger(user), "action_ts": now}

    # --- buttons ----------------------------------------------------------------------------------------------------

    def press(self, user: str, channel: str, ts: str, action_id: str, value: Any) -> None:
        """Press an element of a message. Raises LookupError where it is not there."""
        with self._truth.lock:
            place, message = self._place(channel, ts)
            action = self._action(message.get("blocks", []), action_id, value)
            container: Json = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
            if "thread_ts" in message:
                container["thread_ts"] = message["thread_ts"]
            url = ResponseUrl(user, channel, message_ts=ts, thread_ts=message.get("thread_ts"))
            payload = self._block_actions(user, container, action) | {
                "channel": {"id": channel, "name": _name(place)},
                "message": message_as_read(place, message),
                "state": {"values": _state_with({}, action)},
                "response_url": self._answers.new_url(url),
            }
        self._delivery.send(Envelope("interactive", payload))

    def press_ephemeral(self, user: str, ephemeral: Json, action_id: str, value: Any) -> None:
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
            url = ResponseUrl(user, channel, ephemeral=ephemeral, thread_ts=ephemeral.get("thread_ts"))
            payload = self._block_actions(user, container, action) | {
                "channel": {"id": channel, "name": _name(truth.channel(channel))},
                "state": {"values": _state_with({}, action)},
                "response_url": self._answers.new_url(url),
            }
        self._delivery.send(Envelope("interactive", payload))

    def press_in_view(self, user: str, action_id: str, value: Any, *, home: bool = False) -> None:
        """Press an element of the modal that is open, or of the Home tab. Raises LookupError where it is not there."""
        with self._truth.lock:
            view = self._truth.homes.get(user) if home else self._views.top(user)
            if view is None:
                raise LookupError(f"no {'Home tab' if home else 'modal'} is open for {user}")
            action = self._action(view["blocks"], action_id, value)
            view["state"]["values"] = _state_with(view["state"]["values"], action)
            payload = self._block_actions(user, {"type": "view", "view_id": view["id"]}, action)
            payload |= {"view": copy.deepcopy(view)}
        self._delivery.send(Envelope("interactive", payload))

    def suggest(self, user: str, action_id: str, typed: str) -> "Future[list[Json]]":
        """Type into an ``external_select`` of the open modal; the Future gives the options that the bot offers.

        Raises LookupError without such an element; the Future TimeoutError without an answer.
        """
        outcome: Future[list[Json]] = Future()
        with self._truth.lock:
            view = self._views.top(user)
            if view is None:
                raise LookupError(f"no modal is open for {user}")
            block, element = _element(view["blocks"], action_id)
            payload = self._interactive("block_suggestion", user) | {
                "container": {"type": "view", "view_id": view["id"]},
                "view": copy.deepcopy(view),
                "action_id": element["action_id"],
                "block_id": block["block_id"],
                "value": typed,
            }

        def finished(ended: Outcome) -> None:
            if ended.acknowledged:
                outcome.set_result(options_of(ended.payload if isinstance(ended.payload, dict) else {}))
            else:
                outcome.set_exception(TimeoutError(f"the app {NO_ANSWER} with options"))

        self._delivery.send(Envelope("interactive", payload, finished=finished))
        return outcome

    def _place(self, channel: str, ts: str) -> tuple[Channel, Json]:
        place = self._truth.channel(channel)
        message = place.get(ts)
        if message is None:
            raise LookupError(f"no message {ts} in {channel}")
        return place, message

    def _action(self, blocks: list[Json], action_id: str, value: Any) -> Json:
        block, element = _element(blocks, action_id)
        action: Json = {
            "type": element["type"],
            "action_id": action_id,
            "block_id": block["block_id"],
            "action_ts": us_to_ts(self._truth.now_us()),
        }
        return action | _pressed(element, value)

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
            "team": {"id": truth.team_id, "domain": DOMAIN},
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
                "response_urls": self._response_urls(user, view),
            }

        def finished(ended: Outcome) -> None:
            if not ended.acknowledged:
                outcome.set_exception(TimeoutError(f"the app {NO_ANSWER} to the form"))
                return
            try:
                answer = ended.payload if isinstance(ended.payload, dict) else {}
                outcome.set_result(self._views.answered(user, view, answer))
            except ValueError as mistake:
                outcome.set_exception(mistake)

        self._delivery.send(Envelope("interactive", payload, finished=finished))
        return outcome

    def _response_urls(self, user: str, view: Json) -> list[Json]:
        """One for each select of a channel that asked for it (``response_url_enabled``)."""
        urls = []
        for block, element in fields(view):
            chosen = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
            channel = chosen.get("selected_conversation") or chosen.get("selected_channel")
            if element.get("response_url_enabled") and channel in self._truth.channels:
                url = self._answers.new_url(ResponseUrl(user, channel))
                where = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                urls.append(where | {"response_url": url})
        return urls

    def close_view(self, user: str) -> None:
        """The person closes the modal; the bot hears of it where it asked to (``notify_on_close``)."""
        with self._truth.lock:
            view = self._views.close_top(user)
            if view is None or not view.get("notify_on_close"):
                return
            payload = self._interactive("view_closed", user) | {"view": copy.deepcopy(view), "is_cleared": False}
        self._delivery.send(Envelope("interactive", payload))


def _name(channel: Channel) -> str:
    return channel.name or "directmessage"


def _element(blocks: list[Json], action_id: str) -> tuple[Json, Json]:
    for block in blocks:
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    raise LookupError(f"nothing to press with the action_id {action_id}")


def _state_with(values: Json, action: Json) -> Json:
    """What stands in the elements after a press; a button holds nothing."""
    if action["type"] in ("button", "overflow", "workflow_button"):
        return values
    held = {k: v for k, v in action.items() if k not in ("action_id", "block_id", "action_ts")}
    block = values.get(action["block_id"], {}) | {action["action_id"]: held}
    return values | {action["block_id"]: block}


def _pressed(element: Json, value: Any) -> Json:
    """What an element says when it is pressed; a ``value`` given is sent as it is, also a forged one."""
    if element["type"] == "button":
        sent = element.get("value") if value is None else value
        pressed: Json = {"text": element.get("text")}
        return pressed | ({"value": sent} if sent is not None else {})
    if element["type"] == "overflow":
        return {"selected_option": option_of(element, value)}
    block = {"type": "section", "block_id": "b", "accessory": element}
    state, _ = fill({"blocks": [block]}, {} if value is None else {element["action_id"]: value})
    return {k: v for k, v in state.get("b", {}).get(element["action_id"], {}).items() if k != "type"}
