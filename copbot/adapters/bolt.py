"""The Bolt app: what comes in from Slack is committed before it is acknowledged, and handed on as plain values."""

import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import OperationalError

from copbot.adapters.interactions import call_of, identifier, press_of, submission_of
from copbot.adapters.payloads import intake_of
from copbot.adapters.slack import is_loopback, translated
from copbot.core.commands import Commands
from copbot.core.errors import SlackRefused, SlackUnavailable
from copbot.core.facts import ChannelSeen
from copbot.core.feature import Feature
from copbot.core.interaction import ActionHandler, Answer, Call, FormHandler, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us

log = logging.getLogger(__name__)

Payload = dict[str, Any]

GONE_EVENTS = frozenset({"app_uninstalled", "tokens_revoked"})

ANSWERED = frozenset(
    {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion"}
    | {"interactive_message", "dialog_submission", "dialog_suggestion"}
)
"""The kinds of payload that a listener here answers."""


class Replies(Protocol):
    """The immediate answers to a person's own press: sent at most once."""

    def open_view(self, trigger_id: str, view: dict[str, Any]) -> None: ...

    def update_view(self, view_id: str, view: dict[str, Any]) -> None: ...

    def ephemeral(self, channel: str, user: str, text: str, blocks: Sequence[dict[str, Any]]) -> None: ...


class Intake(Middleware):
    """Commits each event and its facts, once per ``event_id``, before Bolt answers Slack.

    Bolt acknowledges an event before its listeners run, so a listener that failed would lose it. A middleware runs before the answer,
    and an error in it makes the answer a 500: Slack sends the event again.
    """

    def __init__(
        self,
        ctx: Context,
        team: str,
        on_taken: Callable[[], None],
        on_gone: Callable[[str], None],
        on_named: Callable[[str, str], None],
    ) -> None:
        self._ctx = ctx
        self._team = team
        self._on_taken = on_taken
        self._on_gone = on_gone
        self._on_named = on_named

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse | None:  # noqa: A002, ARG002
        body: Payload = req.body
        if _is_answered(body):
            return next()
        if body.get("type") == "event_callback":
            try:
                self.take(body)
            except OperationalError as failed:  # locked by a backup for long, or no room: a line each, not a traceback
                log.error("an event could not be stored, Slack will send it again: %s", failed.orig)
                return BoltResponse(status=500, body="")
        # Of no kind that is known here: unacknowledged, Slack would only send it again, or tell the person of an error.
        return BoltResponse(status=200, body="")

    def take(self, body: Payload) -> None:
        event = body.get("event")
        if body.get("team_id") != self._team and body.get("context_team_id") != self._team:
            log.warning("an event of another workspace was left alone")
            return
        if not isinstance(event, dict) or not isinstance(body.get("event_id"), str):
            return
        if _is_gone(event):
            self._on_gone(str(event["type"]))
            return
        event_time = body.get("event_time")
        intake = intake_of(event, event_time if isinstance(event_time, int) else 0, self._team)
        if not intake.facts:
            return
        with self._ctx.store.begin() as tx:
            fresh = tx.inbox.once(f"event:{body['event_id']}", to_us(self._ctx.clock.now()), intake.happening)
            if fresh:
                tx.facts.record(intake.facts)
        for fact in intake.facts:
            if isinstance(fact, ChannelSeen) and fact.name:
                self._on_named(fact.channel, fact.name)
        if fresh:
            self._on_taken()


def _is_answered(body: Payload) -> bool:
    kind = body.get("type")
    if kind == "block_actions":
        return bool(body.get("actions"))
    return "command" in body or (isinstance(kind, str) and kind in ANSWERED)


def _is_gone(event: Payload) -> bool:
    """Whether an event says that this installation ended. A person's own token that was revoked is not the bot's."""
    kind, tokens = event.get("type"), event.get("tokens")
    if kind == "tokens_revoked" and isinstance(tokens, dict) and not tokens.get("bot"):
        return False
    return isinstance(kind, str) and kind in GONE_EVENTS


class Interactions:
    """Commands, presses and forms: each handled once, inside a transaction, before the acknowledgement."""

    def __init__(
        self,
        ctx: Context,
        features: Sequence[Feature],
        replies: Replies,
        on_taken: Callable[[], None],
    ) -> None:
        self._ctx = ctx
        self._replies = replies
        self._on_taken = on_taken
        self._commands = Commands(features, ctx.command)
        self._actions = {name: handler for f in features for name, handler in f.actions.items()}
        self._forms = {name: handler for f in features for name, handler in f.forms.items()}
        self._closed = {name: handler for f in features for name, handler in f.closed.items()}

    def register(self, app: App) -> None:
        everything = re.compile(".*", re.DOTALL)
        app.command(re.compile(re.escape(self._ctx.command) + "$"))(self._command)
        app.action(everything)(self._action)
        app.view(everything)(self._form)
        # What nobody here listens to is acknowledged all the same: otherwise Slack would send it again and again.
        app.view_closed(everything)(self._form_closed)
        app.shortcut(everything)(_acknowledge)
        app.options(everything)(_acknowledge)

    def _command(self, ack: Ack, body: Payload) -> None:
        call = call_of(body)
        answer = self._safely("command", lambda: self._answer_call(call))
        ack()
        self._reply(body, answer)

    def _answer_call(self, call: Call) -> Answer:
        command, call = self._commands.find(call)
        refusal = self._commands.refusal(self._ctx, command, call)
        if refusal is not None:
            return refusal
        if not command.writes:
            with self._ctx.store.read() as tx:
                return command.answer(self._ctx, tx, call)
        with self._ctx.store.begin() as tx:
            if not self._is_fresh(tx, "command", call.trigger_id):
                return Answer()
            return command.answer(self._ctx, tx, call)

    def _action(self, ack: Ack, body: Payload) -> None:
        answer = self._safely("press", lambda: self._answer_press(press_of(body)))
        ack()
        self._reply(body, answer)

    def _answer_press(self, press: Press) -> Answer:
        handler = self._handler(press.action_id)
        if handler is None:
            return Answer()
        with self._ctx.store.begin() as tx:
            if not self._is_fresh(tx, f"press:{press.action_id}", press.trigger_id):
                return Answer()
            return handler(self._ctx, tx, press)

    def _is_fresh(self, tx: Tx, what: str, trigger_id: str) -> bool:
        """Whether this was not taken in before. Without a trigger nothing tells two presses apart: both count."""
        return not trigger_id or tx.inbox.once(f"{what}:{trigger_id}", to_us(self._ctx.clock.now()))

    def _handler(self, action_id: str) -> ActionHandler | None:
        prefix = action_id.split(":", 1)[0] + ":"
        return self._actions.get(action_id) or self._actions.get(prefix)

    def _form(self, ack: Ack, body: Payload) -> None:
        submission = submission_of(body)
        answer = self._safely("form", lambda: self._answer_form(submission))
        if answer.errors:
            ack(response_action="errors", errors=answer.errors)
        elif answer.view is not None:
            ack(response_action="update", view=answer.view)
        elif answer.text:
            ack(response_action="update", view=notice_view(answer.text))
        else:
            ack()

    def _answer_form(self, submission: Submission) -> Answer:
        handler = self._forms.get(submission.callback_id)
        if handler is None:
            return Answer()
        with self._ctx.store.begin() as tx:
            answer = handler(self._ctx, tx, submission)
            if not answer.errors:
                # Noted after the fact: a form that had mistakes comes back corrected under the same view and hash.
                tx.inbox.once(f"form:{submission.view_id}:{submission.hash}", to_us(self._ctx.clock.now()))
            return answer

    def _form_closed(self, ack: Ack, body: Payload) -> None:
        submission = submission_of(body)
        handler = self._closed.get(submission.callback_id)
        if handler is not None:
            self._safely("form", lambda: self._answer_closed(handler, submission))
        ack()

    def _answer_closed(self, handler: FormHandler, submission: Submission) -> Answer:
        with self._ctx.store.begin() as tx:
            return handler(self._ctx, tx, submission)

    def _safely(self, what: str, handle: Callable[[], Answer]) -> Answer:
        try:
            answer = handle()
        except Exception:
            error_id = secrets.token_hex(3)
            log.exception("a %s failed, error %s", what, error_id)
            return Answer(
                "Sorry, that did not work, and it is not your fault. Please try again; "
                f"if it stays so, tell your coordinator: error {error_id}."
            )
        self._on_taken()
        return answer

    def _reply(self, body: Payload, answer: Answer) -> None:
        """Carry an answer out. Failing here costs the person a second press, nothing else."""
        try:
            if answer.view is not None:
                view = body.get("view")
                if isinstance(view, dict) and view.get("id"):
                    self._replies.update_view(str(view["id"]), answer.view)
                else:
                    self._replies.open_view(str(body.get("trigger_id", "")), answer.view)
            elif answer.text:
                self._say(body, answer)
        except (SlackRefused, SlackUnavailable, OSError) as failed:
            log.warning("an answer did not get through: %s", failed)

    def _say(self, body: Payload, answer: Answer) -> None:
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


def _acknowledge(ack: Ack) -> None:
    ack()


def notice_view(text: str) -> dict[str, Any]:
    """A modal that says one thing, in place of a form that could not be taken."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "One moment"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}],
    }


def build_app(
    *,
    client: WebClient,
    identity: Mapping[str, Any],
    intake: Intake,
    interactions: Interactions,
    listeners: Executor | None = None,
) -> App:
    """A Bolt app that asks Slack nothing by itself: who it is (``identity``, an answer of ``auth.test``) is known already."""
    result = AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity["team_id"],
        bot_user_id=identity.get("user_id"),
        bot_id=identity.get("bot_id"),
        bot_token=client.token,
    )
    logger = logging.getLogger("slack_bolt.copbot")
    logger.setLevel(logging.ERROR)  # its warnings are about ways of use that are on purpose here
    app = App(
        client=client,
        listener_executor=listeners,
        authorize=lambda: result,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
        logger=logger,
    )
    app.use(intake)
    interactions.register(app)
    return app
