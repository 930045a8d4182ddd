"""The local workspace: enough of Slack for an unmodified Bolt app, with people that a test or a page moves about.

Everything is in memory and on loopback. Users, channels and messages are named by ID throughout. Methods may be
called from any
thread; what they return is the caller's own copy. Time is the Clock's, so that the workspace's calendar can be moved.
"""

import secrets
from types import TracebackType

from aiohttp import web

from copbot.core.ports import Clock
from copbot.workspace.acting import Acting
from copbot.workspace.api_routes import ApiRoutes
from copbot.workspace.chat_methods import ChatMethods
from copbot.workspace.conversation_methods import ConversationMethods
from copbot.workspace.conversations import Conversations
from copbot.workspace.events import Events
from copbot.workspace.faults import Faults, SocketFaults
from copbot.workspace.host import LOOPBACK, Host
from copbot.workspace.interactions import Interactions
from copbot.workspace.looking import Looking
from copbot.workspace.page_routes import PageRoutes
from copbot.workspace.people_methods import PeopleMethods
from copbot.workspace.shapes import new_user
from copbot.workspace.sockets import Sockets
from copbot.workspace.time_control import TimeControl
from copbot.workspace.truth import Truth
from copbot.workspace.views import Views
from copbot.workspace.web_api import WebApi

_CHANNELS = ("channels:read", "channels:history", "channels:join", "groups:read", "groups:history")
_DIRECT = ("im:read", "im:write", "im:history", "chat:write", "commands")
_PEOPLE = ("users:read", "users:read.email", "usergroups:read", "team:read")
_MARKS = ("reactions:read", "reactions:write", "pins:read", "pins:write")
SCOPES = frozenset((*_CHANNELS, *_DIRECT, *_PEOPLE, *_MARKS))
"""Everything copbot may ask for; not ``chat:write.public``."""


class Workspace(Acting, Looking):
    """See the module. ``port`` 0 picks a free one, which is kept over ``stop`` and ``start``."""

    def __init__(
        self,
        clock: Clock,
        *,
        port: int = 0,
        team_id: str = "T0COMMUNITY",
        team_name: str = "The community",
        bot_name: str = "copbot",
    ) -> None:
        self.clock = clock
        self.bot_user, self.bot_id, self.app_id = "U0COPBOT", "B0COPBOT", "A0COPBOT"
        self.bot_token = f"xoxb-workspace-{secrets.token_hex(12)}"
        self.app_token = f"xapp-workspace-{secrets.token_hex(12)}"
        self.time_control: TimeControl | None = None
        truth = Truth(clock, team_id, team_name, self.bot_user, self.bot_id, self.app_id)
        sockets = Sockets(self.app_id, truth.changed)
        events = Events(truth, sockets)
        conversations = Conversations(truth, events)
        views = Views(truth)
        interactions = Interactions(truth, conversations, sockets, views)
        api = WebApi(truth, self.bot_token, self.app_token, set(SCOPES))
        api.offer(PeopleMethods(truth, views, self._socket_url).methods())
        api.offer(ConversationMethods(truth, conversations).methods())
        api.offer(ChatMethods(truth, conversations, interactions).methods())
        Acting.__init__(self, truth, events, conversations, interactions)
        Looking.__init__(self, truth, sockets, views, api)
        self.faults = Faults(SocketFaults(sockets.drop, sockets.hold, sockets.duplicate_next, sockets.disconnect))
        self._api_routes = ApiRoutes(api, self.faults, interactions, sockets)
        self._page_routes = PageRoutes(self, truth, views, lambda: self.time_control)
        self._host = Host(port, self._routes, sockets.run, self._before_stop)
        truth.watch(lambda: self._host.call(self._page_routes.tell_changed))
        clock.on_change(truth.changed)
        for user, name, is_bot in ((self.bot_user, bot_name, True), ("USLACKBOT", "slackbot", False)):
            truth.users[user] = new_user(user, name, team_id, clock.now(), is_bot=is_bot)

    # --- being served -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve. Raises OSError where the port is taken."""
        self._host.start()
        self._truth.base_url = self.page_url

    def stop(self) -> None:
        self._host.stop()

    def __enter__(self) -> "Workspace":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def page_url(self) -> str:
        return f"http://{LOOPBACK}:{self._host.port}/"

    @property
    def api_url(self) -> str:
        return f"{self.page_url}api/"

    def _socket_url(self) -> str:
        return f"ws://{LOOPBACK}:{self._host.port}/link?ticket={self._sockets.ticket()}&app_id={self.app_id}"

    def _routes(self) -> list[web.RouteDef]:
        return [*self._api_routes.routes(), *self._page_routes.routes()]

    def _before_stop(self) -> None:
        self._page_routes.close()
        self._sockets.close()
