"""HTTP mode as a connection: there is none to watch, so what tells whether Slack reaches the bot is what it says and what it holds."""

import logging
from collections.abc import Callable

from slack_bolt import App

from copbot.adapters.http_app import SlacksDoor
from copbot.adapters.http_server import HttpServer
from copbot.adapters.silence import RETRIES_S, Silence
from copbot.core.ports import Clock
from copbot.core.time import SECOND_US

log = logging.getLogger(__name__)

UNHEARD = (
    "Slack's events do not arrive: messages were found that none told of. Look at the Request URL under Event Subscriptions, at "
    "https://api.slack.com/apps, and at what stands between Slack and this process"
)


class HttpListening:
    """Opens the door to Slack's requests, and has the history read after each silence in which something may have been lost."""

    retries_us = round(RETRIES_S * SECOND_US)

    def __init__(
        self,
        app: App,
        door: SlacksDoor,
        server: HttpServer,
        clock: Clock,
        on_silence: Callable[[], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """``on_silence`` has the history read; ``on_lost`` is told, in words, when nothing can be served any more."""
        self._app = app
        self._door = door
        self._server = server
        self._on_silence = on_silence
        self._on_lost = on_lost
        self._silence = Silence(clock)
        self._is_open = False
        self._reads_for_silence = False
        self._unheard = False

    def connect(self) -> None:
        self._silence.begins()
        self._door.heard = self._heard
        self._door.open(self._app)
        self._is_open = True

    def _heard(self, again: bool) -> None:
        self._unheard = self._reads_for_silence = False
        self._silence.heard(again=again)

    def is_connected(self) -> bool:
        return self._is_open and not self._unheard

    def hides_nothing(self) -> bool:
        """Whether all that Slack had to say was heard."""
        return self.is_connected() and self._silence.hides_nothing()

    def said(self, channel: str) -> None:
        """Slack's word of it may come to another process behind the same address: that it does not come here proves nothing."""

    def missed(self, messages: int) -> None:
        """The history held so many messages that no event had told of. After a silence that was read once before, nothing comes through."""
        if messages and self._reads_for_silence and not self._unheard:
            self._unheard = True
            log.error(UNHEARD)

    def trouble(self) -> str:
        """Why nothing can be heard of Slack; empty where it can."""
        return UNHEARD if self._unheard else ""

    def watch(self) -> None:
        if not self._server.is_alive():
            self._on_lost("the HTTP server has ended")
        elif self._silence.wants_reading():
            self._reads_for_silence = True
            self._on_silence()

    def close(self) -> None:
        """Answer what is in hand, and take nothing more."""
        self._is_open = False
        self._server.stop()
        self._door.shut()
