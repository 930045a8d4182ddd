"""The local workspace: enough of Slack for an unmodified Bolt app, with people that a test or a page moves about.

Everything is in memory and on loopback. Users, channels and messages are named by ID throughout. Methods may be
called from any
thread; what they return is the caller's own copy. Time is the Clock's, so that the workspace's calendar can be moved.
"""

import secrets
from collections.abc import Callable, Mapping
from types import TracebackType

from aiohttp import web

from copbot.core.ports import Clock
from copbot.workspace.acting import Acting
from copbot.workspace.answers import Answers
from copbot.workspace.api_routes import ApiRoutes
from copbot.workspace.channel_methods import ChannelMethods
from copbot.workspace.chat_methods import ChatMethods
from copbot.workspace.conversation_methods import ConversationMethods
from copbot.workspace.conversations import Conversations
from copbot.workspace.delivery import Delivery, Envelope
from copbot.workspace.events import Events
from copbot.workspace.faults import EventFaults, Faults, SocketFaults
from copbot.workspace.file_methods import FileMethods
from copbot.workspace.file_routes import FileRoutes
from copbot.workspace.files import Files
from copbot.workspace.group_methods import GroupMethods, Groups
from copbot.workspace.host import LOOPBACK, Host
from copbot.workspace.interactions import Interactions
from copbot.workspace.limits import Limits
from copbot.workspace.looking import Looking
from copbot.workspace.mark_methods import MarkMethods
from copbot.workspace.page_routes import PageRoutes
from copbot.workspace.people_methods import PeopleMethods
from copbot.workspace.request_url import RequestUrl
from copbot.workspace.scheduled import Scheduled
from copbot.workspace.shapes import new_user
from copbot.workspace.sockets import Sockets
from copbot.workspace.time_control import TimeControl
from copbot.workspace.truth import Truth
from copbot.workspace.view_methods import ViewMethods
from copbot.workspace.views import Views
from copbot.workspace.web_api import WebApi

_CHANNELS = ("channels:read", "channels:history", "channels:join", "groups:read", "groups:history")
_DIRECT = ("im:read", "im:write", "im:history", "chat:write", "commands")
_PEOPLE = ("users:read", "users:read.email", "usergroups:read", "team:read")
_MARKS = ("reactions:read", "reactions:write", "pins:read", "pins:write", "bookmarks:read", "bookmarks:write")
_FILES = ("files:read", "files:write")
_MORE = ("app_mentions:read", "users.profile:read", "usergroups:write", "channels:manage", "groups:write")
SCOPES = frozenset((*_CHANNELS, *_DIRECT, *_PEOPLE, *_MARKS, *_FILES, *_MORE))
"""What a bot is granted unless a test takes some back; not ``chat:write.public``."""


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
        self.roles: Callable[[], Mapping[str, str]] = dict
        """What the app says of people: user ID to coordinator, moderator or level. The page's picker asks."""
        self.shortcuts: Mapping[str, str] = {}
        """The app's message shortcuts, as its manifest names them: callback_id to name. The page's menu of a message shows them."""
        truth = Truth(clock, team_id, team_name, self.bot_user, self.bot_id, self.app_id)
        delivery = Delivery(truth.changed)
        delivery.carry = self._carry
        sockets = Sockets(self.app_id, delivery, truth.changed)
        self._request_url = RequestUrl(secrets.token_hex(16), delivery)
        self._events_api = events = Events(truth, delivery)
        conversations = Conversations(truth, events)
        views = Views(truth)
        answers = Answers(truth, conversations)
        interactions = Interactions(truth, answers, delivery, views)
        api = WebApi(truth, self.bot_token, self.app_token, set(SCOPES))
        scheduled = Scheduled(truth, conversations)
        files, groups, limits = Files(truth, conversations, events), Groups(truth, events), Limits(clock)
        for methods in (
            PeopleMethods(truth, self._socket_url),
            ConversationMethods(truth, conversations),
            ChannelMethods(truth, conversations),
            ChatMethods(truth, conversations, answers, scheduled, api.scopes),
            MarkMethods(truth, conversations),
            GroupMethods(truth, groups),
            FileMethods(truth, conversations, files),
            ViewMethods(truth, views),
        ):
            api.offer(methods.methods())
        Acting.__init__(self, truth, events, conversations, interactions, groups, files)
        Looking.__init__(self, truth, delivery, sockets, views, api, limits)
        self.faults = Faults(
            SocketFaults(sockets.drop, sockets.hold, sockets.refuse, sockets.disconnect),
            EventFaults(delivery.duplicate_next, delivery.lose_next, delivery.reorder_next),
        )
        self._api_routes = ApiRoutes(api, self.faults, limits, answers, sockets)
        self._file_routes = FileRoutes(truth, files, self.bot_token, api.scopes)
        self._page_routes = PageRoutes(
            self, truth, views, lambda: self.time_control, lambda: self.roles(), lambda: self.shortcuts
        )
        self._host = Host(port, self._routes, (delivery.run, scheduled.run), self._before_stop)
        self.played: Callable[[], set[str]] = self._page_routes.played
        """The IDs of the people whom visitors of the page play."""
        truth.watch(lambda: self._host.call(self._page_routes.tell_changed))
        clock.on_change(truth.changed)
        clock.on_change(scheduled.wake)
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
        return [*self._api_routes.routes(), *self._file_routes.routes(), *self._page_routes.routes()]

    async def _before_stop(self) -> None:
        self._page_routes.close()
        self._sockets.close()
        self._delivery.close()
        await self._request_url.close()

    # --- the way to the bot -----------------------------------------------------------------------------------------

    @property
    def signing_secret(self) -> str:
        """What requests to the bot's Request URL are signed with."""
        return self._request_url.signing_secret

    @property
    def request_url(self) -> str | None:
        """Where events, commands and interactivity go as signed HTTP; None: over Socket Mode.

        Setting it asks the URL Slack's challenge first. Raises ValueError where that is not answered or the URL is
        not on this machine, RuntimeError while the workspace is not served.
        """
        return self._request_url.url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self._request_url.set(url)

    @property
    def subscriptions(self) -> set[str] | None:
        """The events that the bot gets, by the names of an app manifest (``message.channels``); None: all there are."""
        return self._events_api.subscriptions

    @subscriptions.setter
    def subscriptions(self, names: set[str] | None) -> None:
        self._events_api.subscriptions = names

    async def _carry(self, envelope: Envelope) -> None:
        """Slack ignores Request URLs in Socket Mode; here the URL says which of the two it is."""
        await (self._sockets if self._request_url.url is None else self._request_url).carry(envelope)
