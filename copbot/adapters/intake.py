"""Taking in: each event is committed, once, before Slack is answered."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from copbot.adapters.interactions import identifier
from copbot.adapters.payloads import intake_of
from copbot.adapters.store.engine import OUT_OF_REACH
from copbot.core.absence import came_or_went
from copbot.core.facts import ChannelSeen
from copbot.core.ports import Context
from copbot.core.time import to_us

log = logging.getLogger(__name__)

Payload = dict[str, Any]

GONE_EVENTS = frozenset({"app_uninstalled", "tokens_revoked"})

HOME_EVENT = "app_home_opened"
"""Answered by publishing the Home tab; it leaves no trace, and what is not answered is asked again by opening it again."""

ANSWERED = frozenset(
    {"block_actions", "view_submission", "view_closed", "shortcut", "message_action", "block_suggestion"}
    | {"interactive_message", "dialog_submission", "dialog_suggestion"}
)
"""The kinds of payload that a listener of ``bolt.py`` answers."""


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
        on_home: Callable[[str], None] = lambda _user: None,
        on_back: Callable[[], None] = lambda: None,
        own_user: str = "",
        count: Callable[[str], None] = lambda _result: None,
    ) -> None:
        """``own_user`` is the bot's own ID; ``on_back`` is told when it is in a channel again of which it may have missed something.
        ``count`` is told what became of each event, as ``Observer.took_in`` has it."""
        self._count = count
        self._ctx = ctx
        self._team = team
        self._own_user = own_user
        self._on_back = on_back
        self._on_taken = on_taken
        self._on_gone = on_gone
        self._on_named = on_named
        self._on_home = on_home

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse | None:  # noqa: A002, ARG002
        body: Payload = req.body
        if _is_answered(body):
            return next()
        if body.get("type") == "event_callback":
            try:
                self._count(self.take(body))
            except Exception as failed:
                self._count("failed")
                if not isinstance(failed, OUT_OF_REACH):
                    raise
                # Locked by a backup for long, no room, or a server that is away: a line each, not a traceback.
                log.error("an event could not be stored, Slack will send it again: %s", getattr(failed, "orig", failed))
                return BoltResponse(status=500, body="")
        # Of no kind that is known here: unacknowledged, Slack would only send it again, or tell the person of an error.
        return BoltResponse(status=200, body="")

    def take(self, body: Payload) -> str:
        """Store an event; what became of it, as ``Observer.took_in`` has it. Raises what the store raises: nothing is stored then."""
        event = body.get("event")
        if body.get("team_id") != self._team and body.get("context_team_id") != self._team:
            log.warning("an event of another workspace was left alone")
            return "nothing"
        if not isinstance(event, dict) or not isinstance(body.get("event_id"), str):
            return "nothing"
        if _is_gone(event):
            self._on_gone(str(event["type"]))
            return "nothing"
        if event.get("type") == HOME_EVENT:
            if event.get("tab") == "home" and identifier(event.get("user")):
                self._on_home(identifier(event.get("user")))
            return "nothing"
        event_time = body.get("event_time")
        intake = intake_of(event, event_time if isinstance(event_time, int) else 0, self._team)
        if not intake.facts:
            return "nothing"
        with self._ctx.store.begin() as tx:
            fresh = tx.inbox.once(f"event:{body['event_id']}", to_us(self._ctx.clock.now()), intake.happening)
            is_back = False
            if fresh:
                tx.facts.record(intake.facts)
                is_back = any(came_or_went(tx, fact, self._own_user) for fact in intake.facts)
        if is_back:
            self._on_back()
        for fact in intake.facts:
            if isinstance(fact, ChannelSeen) and fact.name:
                self._on_named(fact.channel, fact.name)
        if fresh:
            self._on_taken()
        return "taken" if fresh else "repeated"


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
