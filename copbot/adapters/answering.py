"""Answers to a person's own press, carried out: shown where they pressed, and what follows of it as a direct message."""

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from slack_sdk.webhook import WebhookClient

from copbot.adapters.interactions import identifier
from copbot.adapters.slack import is_loopback, translated
from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.interaction import Answer, HandedFile
from copbot.core.pictures import Picture

log = logging.getLogger(__name__)

Payload = dict[str, Any]

REINSTALL = "update it from `copbot manifest`, at api.slack.com/apps, and install it again."

TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
"""Slack's refusals of a form that came more than three seconds after the press."""


class Replies(Protocol):
    """The immediate answers to a person's own press: sent at most once."""

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None: ...

    def update_view(self, view_id: str, view: dict[str, Any]) -> None: ...

    def ephemeral(self, channel: str, user: str, text: str, blocks: Sequence[dict[str, Any]]) -> None: ...


class Answering:
    def __init__(
        self,
        replies: Replies,
        share: Callable[[str, Picture], None],
        enclose: Callable[[str, str], None],
        hand: Callable[[str, HandedFile], None],
    ) -> None:
        """``share`` sends a person a picture, ``enclose`` the files of that name, ``hand`` one made for them."""
        self._replies = replies
        self._share = share
        self._enclose = enclose
        self._hand = hand

    def carry_out(self, body: Payload, answer: Answer) -> None:
        """Carry an answer out. Failing here costs the person a second press, nothing else."""
        try:
            if answer.view is not None:
                self._show(body, answer.view)
            elif answer.text:
                self._say(body, answer)
                self._send_along(body, answer)
        except (SlackRefused, SlackUnavailable, OSError) as failed:
            log.warning("an answer did not get through: %s", failed)

    def _send_along(self, body: Payload, answer: Answer) -> None:
        user = identifier(body.get("user") or body.get("user_id"))
        try:
            if answer.picture is not None:
                self._share(user, answer.picture)
            if answer.encloses is not None:
                self._enclose(user, answer.encloses)
            if answer.file is not None:
                self._hand(user, answer.file)
        except SlackRefused as refused:
            if refused.error != "missing_scope":
                raise
            self._say(body, Answer(f"The file is missing because the app may not send files yet: {REINSTALL}"))
        except (SlackUnavailable, OSError):
            raise
        except Exception:
            error_id = secrets.token_hex(3)
            log.exception("what was to follow an answer failed, error %s", error_id)
            self._say(body, sorry(error_id))

    def _show(self, body: Payload, view: dict[str, Any]) -> None:
        """Open a modal, or put it in the place of the modal in which the person pressed."""
        pressed_in = body.get("view")
        if isinstance(pressed_in, dict) and pressed_in.get("id") and not is_in_home(body):
            self._replies.update_view(str(pressed_in["id"]), view)
            return
        try:
            self._replies.open_view(str(body.get("trigger_id", "")), view)
        except SlackRefused as refused:
            if refused.error not in TOO_LATE or pressed_in:
                raise
            self._say(body, Answer("That took a moment too long for Slack to open the form. Please press once more."))

    def _say(self, body: Payload, answer: Answer) -> None:
        if isinstance(body.get("view"), dict):  # the Home tab has no place for words: they come as a modal
            self._show(body, notice_view(answer.text))
            return
        url = str(body.get("response_url") or "")
        if url:
            webhook = WebhookClient(url, timeout=8)
            if is_loopback(url):
                webhook.proxy = None
            translated(
                lambda: webhook.send(
                    text=answer.text,
                    blocks=list(answer.blocks) or None,
                    response_type="ephemeral",
                    replace_original=answer.replaces,
                )
            )
            return
        user = identifier(body.get("user") or body.get("user_id"))
        channel = identifier(body.get("channel") or body.get("channel_id"))
        self._replies.ephemeral(channel, user, answer.text, answer.blocks)


def is_in_home(body: Payload) -> bool:
    """Whether somebody pressed in their Home tab."""
    view = body.get("view")
    return isinstance(view, dict) and view.get("type") == "home"


def sorry(error_id: str) -> Answer:
    """What a person is told of an error of ours, which the log explains."""
    return Answer(
        "Sorry, that did not work, and it is not your fault. Please try again; "
        f"if it stays so, tell your coordinator: error {error_id}."
    )


def notice_view(text: str) -> dict[str, Any]:
    """A modal that says one thing, in place of a form that could not be taken. Its frame is the same in every language."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "copbot"},
        "close": {"type": "plain_text", "text": "OK"},
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}],
    }
