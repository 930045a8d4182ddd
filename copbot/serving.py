"""What watches a running bot from outside, and lets Slack in over HTTP: there before the bot is, so that it can tell what it is at."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from slack_bolt import App
from sqlalchemy import Engine

from copbot.adapters.observing import Observer
from copbot.adapters.socket import Socket
from copbot.adapters.store.standing import Writing, size_bytes, waiting
from copbot.bot import Bot, Connection
from copbot.core.delivery import Delivery
from copbot.core.errors import Mistake, SlackGone, SlackRefused, SlackUnavailable
from copbot.core.ports import Clock, Context
from copbot.core.time import to_us
from copbot.health import Health, Reach
from copbot.settings import Settings, check_access, signing_secret, tokens

if TYPE_CHECKING:
    from copbot.adapters.http_app import SlacksDoor
    from copbot.adapters.http_server import HttpServer
    from copbot.adapters.metrics import Metrics

log = logging.getLogger(__name__)

Asked = TypeVar("Asked")

LOOKED_UP = {"found": "found", "missing": "missing", "unread": "failed"}
"""Outcomes of a look-up, among those that ``Sender`` tells, as ``Observer.looked_up`` has them."""


WRITE_EVERY_S = 15.0
"""Seconds between two attempts to write something that only shows whether writing works; after a failure, every look."""


class Connected(Connection, Protocol):
    """A connection to Slack of either kind, with what tells whether it brings what it should. What Slack said up to ``retries_us``
    microseconds ago it may still be to say again."""

    retries_us: int

    def is_connected(self) -> bool: ...
    def said(self, channel: str) -> None: ...
    def missed(self, messages: int) -> None: ...
    def trouble(self) -> str: ...


@dataclass
class Watched:
    """Whom a bot tells of itself. Without a server nobody asks, and nothing is counted."""

    clock: Clock
    health: Health
    reach: Reach
    observer: Observer = field(default_factory=Observer)
    metrics: "Metrics | None" = None
    server: "HttpServer | None" = None
    door: "SlacksDoor | None" = None
    writing: Writing | None = None
    _wrote_at: float = float("-inf")

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """A call of Slack's Web API, as ``Observer.called`` has it."""
        self.observer.called(method, outcome, seconds)
        self.reach.called(outcome)

    def took_in(self, result: str) -> None:
        """An event, as ``Observer.took_in`` has it."""
        self.observer.took_in(result)
        if self.writing is not None and result == "taken":
            self.writing.worked()
        elif self.writing is not None and result == "failed":
            self.writing.failed("an event could not be stored")

    def settled(self, delivery: Delivery, outcome: str, said: Callable[[str], None] | None) -> None:
        """A delivery's outcome, as ``Sender`` tells it. ``said`` is told the channel of a new message."""
        if outcome in LOOKED_UP:
            self.observer.looked_up("delivery", LOOKED_UP[outcome])
            return
        late_s = (to_us(self.clock.now()) - delivery.outgoing.due_us) / 1_000_000
        self.observer.settled(delivery.outgoing.kind, outcome, late_s)
        if said is not None and outcome == "sent" and delivery.outgoing.updates is None:
            said(delivery.outgoing.target)

    def counted(self, what: str, ask: Callable[[Asked], None]) -> Callable[[Asked], None]:
        """The same question, with its answer counted."""

        def asked(about: Asked) -> None:
            try:
                ask(about)
            except Exception:
                self.observer.looked_up(what, "failed")
                raise
            self.observer.looked_up(what, "found")

        return asked

    def look(self, ping: Callable[[], None]) -> None:
        """The alarm rings: see what nobody else has seen lately. ``ping`` asks Slack anything."""
        self.health.rang()
        if self.server is None:
            return
        at = self.clock.monotonic()
        if self.writing is not None and (self.writing.trouble() or at - self._wrote_at > WRITE_EVERY_S):
            self._wrote_at = at
            self.writing.look()
        if self.reach.is_in_doubt:
            with suppress(SlackRefused, SlackUnavailable, SlackGone):  # whoever works with Slack acts on it
                ping()


def connection_of(
    settings: Settings,
    watched: Watched,
    app: App,
    clock: Clock,
    stopping: threading.Event,
    *,
    on_reconnect: Callable[[], None],
    on_lost: Callable[[str], None],
) -> Connected:
    """How Slack's events come: over a socket, or through the door that is there already."""
    if settings.mode == "http":
        from copbot.adapters.http_listening import HttpListening

        if watched.door is None or watched.server is None:
            raise Mistake("COPBOT_MODE: HTTP mode is for `copbot run`")
        return HttpListening(app, watched.door, watched.server, clock, on_reconnect, on_lost)
    return Socket(
        *(app, tokens(settings)[1], settings.slack_api_url, clock, on_reconnect, stopping),
        observer=watched.observer,
        told=watched.called,
        slack_answers=lambda: not watched.reach.trouble(),
        on_lost=on_lost,
    )


def watch_over(watched: Watched, bot: Bot, connection: Connected, ctx: Context, engine: Engine, team: int) -> None:
    """Have a bot that is built looked at."""
    writing = watched.writing = Writing(engine, team)
    health = watched.health
    health.doing = ""
    health.lives_by(bot.trouble_of_life)
    health.stores_by("database_writable", writing.trouble)
    if watched.door is not None:
        health.stores_by("open", watched.door.trouble)
    health.serves_by("connected", connection.trouble)
    health.serves_by("slack_reachable", watched.reach.trouble)
    health.serves_by("caught_up", bot.trouble_of_reading)
    health.remarks_by(lambda: _about_files(len(ctx.mistakes())))
    if watched.metrics is not None:
        watched.metrics.ask(health.figures)
        watched.metrics.ask(lambda: {"files_mistakes": len(ctx.mistakes())})
        watched.metrics.ask(lambda: waiting(engine, team, to_us(ctx.clock.now())))
        watched.metrics.ask(lambda: size_bytes(engine))


def _about_files(mistakes: int) -> str:
    """A file that is not in order takes nobody out of service: the last good state is in force, and events are to be stored."""
    if not mistakes:
        return ""
    return f"the coordinators' files have {mistakes} mistake{'' if mistakes == 1 else 's'}: `copbot check` shows them"


def unwatched(clock: Clock) -> Watched:
    return Watched(clock, Health(clock), Reach(clock))


@contextmanager
def watched(settings: Settings, clock: Clock) -> Iterator[Watched]:
    """Serve over HTTP what the settings ask for. Raises Mistake for missing tokens, and for an address that cannot be had."""
    check_access(settings)
    if not settings.serves_http:
        yield unwatched(clock)
        return
    # Nobody else waits for these to load.
    from copbot.adapters.http_app import LOOKS, SLACK_PATH, HttpApp, SlacksDoor
    from copbot.adapters.http_server import HttpServer
    from copbot.adapters.metrics import Metrics

    health = Health(clock)
    metrics = Metrics(clock.monotonic, settings.mode, settings.database_url.split(":")[0].split("+")[0])
    door = SlacksDoor(signing_secret(settings), clock) if settings.mode == "http" else None
    app = HttpApp(health, metrics.exposed, metrics, door)
    server = HttpServer(app, settings.copbot_http_host, settings.copbot_http_port)
    health.lives_by(lambda: "" if server.is_alive() else "the HTTP server has ended")
    server.start()
    paths = ", ".join((*([SLACK_PATH] if door else []), *LOOKS))
    log.info("serving %s on http://%s:%s", paths, settings.copbot_http_host, server.port)
    try:
        yield Watched(clock, health, Reach(clock), metrics, metrics, server, door)
    finally:
        server.stop()
