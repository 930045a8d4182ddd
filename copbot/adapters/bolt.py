"""The Bolt app: people's commands, presses and forms, handed on as plain values; ``answering.py`` carries the answers back."""

import logging
import re
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from copbot.adapters.answering import Answering, Replies, is_in_home, notice_view, sorry
from copbot.adapters.door import Door, by_name, named
from copbot.adapters.intake import Intake
from copbot.adapters.interactions import call_of, press_of, shortcut_of, submission_of
from copbot.adapters.observing import Observer
from copbot.core import attention
from copbot.core.commands import Commands
from copbot.core.community_choice import community_in, narrowed, place, tagged
from copbot.core.feature import Feature
from copbot.core.interaction import (
    ActionHandler,
    Answer,
    Call,
    Command,
    FormHandler,
    HandedFile,
    Press,
    Shortcut,
    Submission,
)
from copbot.core.pictures import Picture
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us

log = logging.getLogger(__name__)

Payload = dict[str, Any]


class Interactions:
    """Commands, presses and forms: each handled once, inside a transaction, before the acknowledgement."""

    def __init__(
        self,
        ctx: Context,
        features: Sequence[Feature],
        replies: Replies,
        on_taken: Callable[[], None],
        on_done: Callable[[str], None] = lambda _user: None,
        share: Callable[[str, Picture], None] = lambda _user, _picture: None,
        enclose: Callable[[str, str], None] = lambda _user, _encloses: None,
        know_roles: Callable[[], None] = lambda: None,
        hand: Callable[[str, HandedFile], None] = lambda _user, _file: None,
        count: Callable[[str, str], None] = lambda _kind, _result: None,
        on_home: Callable[[str], None] = lambda _user: None,
    ) -> None:
        """``on_taken`` is told that something may follow; ``on_done`` who pressed or sent something, whose Home may be another, and
        ``on_home`` who pressed in their Home, and so sees it.
        ``share`` sends a person a picture, ``enclose`` the files of that name, ``hand`` one made for them. ``know_roles`` brings
        up to date who is in a role.
        """
        self._ctx = ctx
        self._on_taken = on_taken
        self._on_done = on_done
        self._on_home = on_home
        self._answering = Answering(replies, share, enclose, hand)
        self._count = count
        self._commands = Commands(features, ctx.command)
        self._door = Door(ctx, features, know_roles)
        self._actions = {name: handler for f in features for name, handler in f.actions.items()}
        self._actions |= self._commands.actions
        self._forms = {name: handler for f in features for name, handler in f.forms.items()}
        self._drafts = {name: handler for f in features for name, handler in f.drafts.items()}
        self._closed = {name: handler for f in features for name, handler in f.closed.items()}
        self._shortcuts = {name: handler for f in features for name, handler in f.shortcuts.items()}

    def register(self, app: App) -> None:
        everything = re.compile(".*", re.DOTALL)
        app.command(re.compile(re.escape(self._ctx.command) + "$"))(self._command)
        app.action(everything)(self._action)
        app.view(everything)(self._form)
        app.shortcut(everything)(self._shortcut)
        # What nobody here listens to is acknowledged all the same: otherwise Slack would send it again and again.
        app.view_closed(everything)(self._form_closed)
        app.options(everything)(_acknowledge)

    def _command(self, ack: Ack, body: Payload) -> None:
        call = call_of(body)
        answer = self._safely("command", lambda: self._answer_call(call))
        ack()
        self._answering.carry_out(body, answer)
        self._on_done(call.user)

    def _answer_call(self, call: Call) -> Answer:
        command, call = self._commands.find(call)
        if command.who != "everyone":
            self._door.know_roles()
        placed = place(self._ctx, command, call)
        if isinstance(placed, Answer):
            return self._door.recorded(placed, call.user, f"command {command.name}", call.channel)
        answer = self._answer_placed(command, placed.ctx, placed.call)
        answer = tagged(answer, placed.community)
        return self._door.recorded(answer, call.user, f"command {command.name}", call.channel)

    def _answer_placed(self, command: Command, ctx: Context, call: Call) -> Answer:
        if not command.writes:
            with ctx.store.read() as tx:
                return command.answer(ctx, tx, call)
        with ctx.store.begin() as tx:
            if not self._is_fresh(tx, "command", call.trigger_id):
                return Answer()
            return command.answer(ctx, tx, call)

    def _action(self, ack: Ack, body: Payload) -> None:
        press = press_of(body)
        draft = by_name(self._drafts, press.action_id)
        if draft is not None:
            self._keep(draft, press)
            ack()
            return
        answer = self._safely("press", lambda: self._answer_press(press))
        ack()
        self._answering.carry_out(body, answer)
        (self._on_home if is_in_home(body) else self._on_done)(press.user)

    def _keep(self, draft: ActionHandler, press: Press) -> None:
        """Keep what stands in a form now. Nobody is told where that fails: the next letter brings all of it again."""
        try:
            with self._ctx.store.begin() as tx:
                draft(self._ctx, tx, press)
        except Exception:
            log.exception("a draft was not kept")

    def _answer_press(self, press: Press) -> Answer:
        handler = by_name(self._actions, press.action_id)
        if handler is None:
            return Answer()
        community = community_in(press.block_id)
        answer = self._door.refusal(named(self._actions, press.action_id), press.user)
        if answer is None:
            ctx = narrowed(self._ctx, community) if community else self._ctx
            with ctx.store.begin() as tx:
                if not self._is_fresh(tx, f"press:{press.action_id}", press.trigger_id):
                    return Answer()
                attention.answered(tx, press, self._ctx.clock.now())
                answer = tagged(handler(ctx, tx, press), community)
        return self._door.recorded(answer, press.user, f"button {press.action_id}", press.channel)

    def _shortcut(self, ack: Ack, body: Payload) -> None:
        shortcut = shortcut_of(body)
        if shortcut is None or shortcut.callback_id not in self._shortcuts:
            ack()
            return
        answer = self._safely("shortcut", lambda: self._answer_shortcut(shortcut))
        ack()
        self._answering.carry_out(body, answer)
        self._on_done(shortcut.user)

    def _answer_shortcut(self, shortcut: Shortcut) -> Answer:
        self._door.know_roles()
        answer = self._door.refusal(shortcut.callback_id, shortcut.user)
        if answer is None:
            with self._ctx.store.begin() as tx:
                if not self._is_fresh(tx, f"shortcut:{shortcut.callback_id}", shortcut.trigger_id):
                    return Answer()
                answer = self._shortcuts[shortcut.callback_id](self._ctx, tx, shortcut)
        return self._door.recorded(answer, shortcut.user, f"menu {shortcut.callback_id}", shortcut.channel)

    def _is_fresh(self, tx: Tx, what: str, trigger_id: str) -> bool:
        """Whether this was not taken in before. Without a trigger nothing tells two presses apart: both count."""
        return not trigger_id or tx.inbox.once(f"{what}:{trigger_id}", to_us(self._ctx.clock.now()))

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
        self._on_done(submission.user)

    def _answer_form(self, submission: Submission) -> Answer:
        handler = self._forms.get(submission.callback_id)
        if handler is None:
            return Answer()
        answer = self._door.refusal(submission.callback_id, submission.user)
        if answer is None:
            with self._ctx.store.begin() as tx:
                answer = handler(self._ctx, tx, submission)
                if not answer.errors:
                    # Noted after the fact: a form that had mistakes comes back corrected under the same view and hash.
                    tx.inbox.once(f"form:{submission.view_id}:{submission.hash}", to_us(self._ctx.clock.now()))
        return self._door.recorded(answer, submission.user, f"form {submission.callback_id}", None)

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
            self._count(what, "failed")
            return sorry(error_id)
        self._count(what, "done")
        self._on_taken()
        return answer


def _acknowledge(ack: Ack) -> None:
    ack()


def _answer_to_error(error: Exception) -> BoltResponse:
    """An error of ours asks Slack to send it again. Bolt itself only trips over what is of no shape of Slack's: once is enough."""
    frames = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    if any(str(module).startswith("copbot.") for module in frames):
        log.error("a request failed, error %s", secrets.token_hex(3), exc_info=error)
        return BoltResponse(status=500)
    log.warning("a request of no shape of Slack's was left alone (%s)", type(error).__name__)
    return BoltResponse(status=400)


class _Timed(App):
    """Bolt's app with a stopwatch. Both ways in lead through ``dispatch``."""

    def __init__(self, observer: Observer, monotonic: Callable[[], float], **options: Any) -> None:
        self._observer = observer
        self._stopwatch = monotonic
        super().__init__(**options)

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        began = self._stopwatch()
        try:
            return super().dispatch(req)
        except Exception as tripped:  # noqa: BLE001 - Bolt's own: it could not even put together what its error handler is told
            return _answer_to_error(tripped.with_traceback(None))
        finally:
            kind = "event" if req.body.get("type") == "event_callback" else "interaction"
            self._observer.acknowledged(kind, self._stopwatch() - began)


def build_app(
    *,
    client: WebClient,
    identity: Mapping[str, Any],
    intake: Intake,
    interactions: Interactions,
    listeners: Executor | None = None,
    observer: Observer | None = None,
    monotonic: Callable[[], float] = lambda: 0.0,
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
    app = _Timed(
        observer or Observer(),
        monotonic,
        client=client,
        listener_executor=listeners,
        authorize=lambda: result,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
        logger=logger,
    )
    app.error(_answer_to_error)
    app.use(intake)
    interactions.register(app)
    return app
