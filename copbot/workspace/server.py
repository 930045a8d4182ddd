"""The local workspace: enough of Slack for an unmodified Bolt app, with people that a test or a page moves about.

Everything is in memory and on loopback. Users, channels and messages are named by ID throughout. Methods may be called from any
thread; what they return is the caller's own copy. Time is the Clock's, so that the workspace's calendar can be moved.
"""

import secrets
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

from aiohttp import web

from copbot.core.ports import Clock
from copbot.core.time import us_to_ts
from copbot.workspace import export
from copbot.workspace.api_routes import ApiRoutes
from copbot.workspace.chat_methods import ChatMethods
from copbot.workspace.conversation_methods import ConversationMethods
from copbot.workspace.conversations import Conversations
from copbot.workspace.events import Events
from copbot.workspace.faults import Faults, SocketFaults
from copbot.workspace.host import LOOPBACK, Host
from copbot.workspace.interactions import Interactions
from copbot.workspace.page_routes import PageRoutes
from copbot.workspace.people_methods import PeopleMethods
from copbot.workspace.shapes import message_as_read, new_user, plain
from copbot.workspace.sockets import Envelope, Sockets
from copbot.workspace.time_control import TimeControl
from copbot.workspace.truth import Channel, Json, Truth
from copbot.workspace.views import Views
from copbot.workspace.web_api import Call, WebApi

T = TypeVar("T")
LOOK_AGAIN_S = 0.2

SCOPES = frozenset(
    "chat:write commands im:write im:history im:read channels:read channels:history channels:join groups:read groups:history "
    "reactions:read reactions:write users:read users:read.email usergroups:read pins:read pins:write team:read".split()
)
"""Everything copbot may ask for; not ``chat:write.public``."""


class Workspace:
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
        self._truth = Truth(clock, team_id, team_name, self.bot_user, self.bot_id, self.app_id)
        self._sockets = Sockets(self.app_id, self._truth.changed)
        self._events = Events(self._truth, self._sockets)
        self._conversations = Conversations(self._truth, self._events)
        self._views = Views(self._truth)
        self._interactions = Interactions(self._truth, self._conversations, self._sockets, self._views)
        self._api = WebApi(self._truth, self.bot_token, self.app_token, set(SCOPES))
        self._api.offer(PeopleMethods(self._truth, self._views, self._socket_url).methods())
        self._api.offer(ConversationMethods(self._truth, self._conversations).methods())
        self._api.offer(ChatMethods(self._truth, self._conversations, self._interactions).methods())
        faults = SocketFaults(
            self._sockets.drop, self._sockets.hold, self._sockets.duplicate_next, self._sockets.disconnect
        )
        self.faults = Faults(faults)
        self._api_routes = ApiRoutes(self._api, self.faults, self._interactions, self._sockets)
        self._page_routes = PageRoutes(self)
        self._host = Host(port, self._routes, self._sockets.run, self._before_stop)
        self._truth.watch(lambda: self._host.call(self._page_routes.tell_changed))
        clock.on_change(self._truth.changed)
        for user, name, is_bot in ((self.bot_user, bot_name, True), ("USLACKBOT", "slackbot", False)):
            self._truth.users[user] = new_user(user, name, team_id, clock.now(), is_bot=is_bot)

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

    # --- what came from the bot, and how it is treated ----------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every Web API call received, in order."""
        return self._api.calls

    @property
    def envelopes(self) -> deque[Envelope]:
        """The latest envelopes meant for the bot, with their attempts and state."""
        return self._sockets.envelopes

    @property
    def connected(self) -> int:
        """How many Socket Mode connections stand."""
        return self._sockets.connected

    @property
    def unacknowledged(self) -> int:
        """How many envelopes wait for the bot's acknowledgement."""
        return self._sockets.waiting

    @property
    def scopes(self) -> set[str]:
        """What the bot was granted; take one out to see ``missing_scope``."""
        return self._api.scopes

    @property
    def retry_delays(self) -> tuple[float, ...]:
        """Real seconds before each of an event's retries."""
        return self._sockets.retry_delays

    @retry_delays.setter
    def retry_delays(self, delays: tuple[float, ...]) -> None:
        self._sockets.retry_delays = delays

    @property
    def ack_timeout(self) -> float:
        """Real seconds that an acknowledgement may take."""
        return self._sockets.ack_timeout

    @ack_timeout.setter
    def ack_timeout(self, seconds: float) -> None:
        self._sockets.ack_timeout = seconds

    @property
    def trigger_lifetime(self) -> float:
        """Real seconds that a trigger_id can be used."""
        return self._views.trigger_lifetime

    @trigger_lifetime.setter
    def trigger_lifetime(self, seconds: float) -> None:
        self._views.trigger_lifetime = seconds

    # --- people and channels ------------------------------------------------------------------------------------------

    def load_export(self, path: Path, bot_in: Collection[str] | None = None) -> None:
        """Load a standard Slack export, folder or zip, without any event. ``bot_in``: names or IDs; None means all channels.

        Raises Mistake where it is none.
        """
        export.load(self._truth, path, bot_in)

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "UTC",
        locale: str = "en-US",
        email: str = "",
        is_bot: bool = False,
        is_restricted: bool = False,
        deleted: bool = False,
        team: str | None = None,
    ) -> str:
        """Somebody who is there already. ``team``: of another organisation. Returns the ID; emits no event."""
        with self._truth.lock:
            user = self._truth.next_id("U", self._truth.users)
            self._truth.users[user] = new_user(
                user,
                name,
                team or self._truth.team_id,
                self.clock.now(),
                real_name=real_name,
                tz=tz,
                locale=locale,
                email=email,
                is_bot=is_bot,
                is_restricted=is_restricted,
                deleted=deleted,
            )
            self._truth.changed()
            return user

    def join_workspace(self, name: str, **person: Any) -> str:
        """Somebody new: ``team_join``, then joining the general channel where there is one. Returns the ID."""
        with self._truth.lock:
            user = self.add_user(name, **person)
            self._events.user("team_join", self._truth.users[user])
            for channel in [*self._truth.channels.values()]:
                if channel.is_general and not channel.is_archived:
                    self._conversations.join(channel, user)
            return user

    def change_user(self, user: str, **fields: Any) -> None:
        """Set fields of a user object (``deleted=True``, ``tz=…``); emits ``user_change``."""
        with self._truth.lock:
            self._truth.user(user).update(fields)
            self._events.user("user_change", self._truth.users[user])
            self._truth.changed()

    def add_usergroup(self, handle: str, users: Collection[str]) -> str:
        with self._truth.lock:
            group = self._truth.next_id("S", self._truth.usergroups)
            self._truth.usergroups[group] = {
                "id": group,
                "team_id": self._truth.team_id,
                "handle": handle.removeprefix("@"),
                "name": handle.removeprefix("@"),
                "is_usergroup": True,
                "date_delete": 0,
                "users": list(users),
                "user_count": len(users),
            }
            self._truth.changed()
            return group

    def add_channel(self, name: str, *, private: bool = False, members: Collection[str] = (), bot: bool = True) -> str:
        """A channel that is there already, with members by ID. Returns its ID; emits no event."""
        with self._truth.lock:
            for user in members:
                self._truth.user(user)
            name = name.removeprefix("#")
            made = Channel(
                self._truth.next_id("G" if private else "C", self._truth.channels),
                name,
                self._truth.now_us(),
                is_private=private,
                is_general=name == "general",
                members=dict.fromkeys([*members, *([self.bot_user] if bot else [])]),
            )
            self._conversations.add_channel(made)
            return made.id

    def archive(self, channel: str) -> None:
        with self._truth.lock:
            self._truth.channel(channel).is_archived = True
            self._truth.changed()

    def join_channel(self, channel: str, user: str, inviter: str | None = None) -> None:
        """The channel_join message and the member_joined_channel event; nothing for somebody who is in it."""
        self._conversations.join(self._truth.channel(channel), user, inviter)

    def leave_channel(self, channel: str, user: str) -> None:
        self._conversations.leave(self._truth.channel(channel), user)

    # --- what people do -----------------------------------------------------------------------------------------------

    def post(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> str:
        """A person writes; the ``ts``. Raises ValueError where they are not in the channel, LookupError for an unknown thread."""
        return self._conversations.say(self._truth.channel(channel), user, text, thread_ts)

    def edit(self, channel: str, ts: str, text: str) -> None:
        self._conversations.change(self._truth.channel(channel), ts, text=text)

    def delete(self, channel: str, ts: str) -> None:
        self._conversations.delete(self._truth.channel(channel), ts)

    def react(self, channel: str, ts: str, user: str, name: str) -> None:
        self._conversations.react(self._truth.channel(channel), ts, user, name)

    def unreact(self, channel: str, ts: str, user: str, name: str) -> None:
        self._conversations.unreact(self._truth.channel(channel), ts, user, name)

    def open_dm(self, user: str) -> str:
        """The person opens their direct message with the bot; its ID."""
        with self._truth.lock:
            self._truth.user(user)
            return self._truth.open_dm(user).id

    def open_home(self, user: str) -> None:
        """The person opens the bot's Home tab: ``app_home_opened``."""
        self._events.home_opened(user, self.open_dm(user))

    def command(self, user: str, channel: str, command: str, text: str = "") -> str:
        """Type a slash command; its trigger_id. What the bot answers ends up in ``ephemerals(user)``."""
        return self._interactions.command(user, channel, command, text)

    def press(self, user: str, channel: str, ts: str, action_id: str, value: str | None = None) -> None:
        """Press an element of a message. ``value`` overrides the element's own, as somebody who forges it would."""
        self._interactions.press(user, channel, ts, action_id, value)

    def press_ephemeral(
        self, user: str, index_or_last: int | Literal["last"], action_id: str, value: str | None = None
    ) -> None:
        """The same on one of ``ephemerals(user)``."""
        with self._truth.lock:
            mine = self._truth.ephemerals.get(user, [])
            index = -1 if index_or_last == "last" else index_or_last
            if not -len(mine) <= index < len(mine):
                raise LookupError(f"{user} has {len(mine)} ephemeral messages, not one numbered {index_or_last}")
            self._interactions.press_ephemeral(user, mine[index], action_id, value)

    def press_in_view(self, user: str, action_id: str, value: str | None = None) -> None:
        """The same in the open modal."""
        self._interactions.press_in_view(user, action_id, value)

    def view_of(self, user: str) -> Json | None:
        """The modal that is open for a person, the top one where there are several."""
        with self._truth.lock:
            return plain(self._views.top(user))  # type: ignore[no-any-return]

    def submit(self, user: str, values: dict[str, Any]) -> dict[str, str]:
        """Fill in and send the open modal: values by action_id or block_id, the rest as it stands. Mistakes by block_id, or {}.

        Required fields left empty are told without asking the bot, as Slack does. Raises LookupError without a modal, ValueError for
        a field or option it does not have or an answer Slack would refuse, TimeoutError where the bot does not answer.
        """
        return self._interactions.submit(user, values).result()

    def close_view(self, user: str) -> None:
        self._interactions.close_view(user)

    # --- what is there ------------------------------------------------------------------------------------------------

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel, roots and replies, oldest first, with metadata."""
        with self._truth.lock:
            place = self._truth.channel(channel)
            return [message_as_read(place, message, include_metadata=True) for message in place.everything()]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A root and its replies, oldest first, with metadata."""
        with self._truth.lock:
            place = self._truth.channel(channel)
            root = place.get(ts)
            found = [*([root] if root else []), *place.replies(ts)]
            return [message_as_read(place, message, include_metadata=True) for message in found]

    def dm(self, user: str) -> str | None:
        """The ID of the bot's direct message with a person, once there is one."""
        with self._truth.lock:
            found = self._truth.dm(user)
            return found.id if found else None

    def ephemerals(self, user: str) -> list[Json]:
        """What only this person was shown, oldest first: channel, user (whose words), text, blocks, ts."""
        with self._truth.lock:
            return plain(self._truth.ephemerals.get(user, []))  # type: ignore[no-any-return]

    def home_of(self, user: str) -> Json | None:
        with self._truth.lock:
            return plain(self._truth.homes.get(user))  # type: ignore[no-any-return]

    def users(self) -> list[Json]:
        with self._truth.lock:
            return [plain(user) for user in self._truth.users.values()]

    def channels(self) -> list[Json]:
        """All channels and direct messages: id, name, type, is_private, is_archived, members, user (of a direct message)."""
        with self._truth.lock:
            return [
                {
                    "id": channel.id,
                    "name": channel.name,
                    "type": channel.type,
                    "is_private": channel.is_private,
                    "is_archived": channel.is_archived,
                    "members": [*channel.members],
                    "user": channel.im_user,
                    "topic": channel.topic,
                }
                for channel in self._truth.channels.values()
            ]

    def channel_id(self, name: str) -> str:
        """The ID of a channel by its name. Raises LookupError."""
        with self._truth.lock:
            found = self._truth.channel_named(name)
            if found is None:
                raise LookupError(f"no channel {name} in the workspace")
            return found.id

    def tell(self, line: str) -> None:
        """Add a narrator's line to the story that the page shows."""
        with self._truth.lock:
            self._truth.story.append({"ts": us_to_ts(self._truth.now_us()), "text": line})
            self._truth.changed()

    def story(self) -> list[Json]:
        with self._truth.lock:
            return plain(self._truth.story)  # type: ignore[no-any-return]

    def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:
        """Wait (real seconds) until ``predicate()`` is truthy and return what it gave; looked at after every change.

        Raises TimeoutError that tells what was there.
        """
        deadline = self.clock.monotonic() + timeout
        while True:
            seen = self._truth.revision
            found = predicate()
            if found:
                return found
            left = deadline - self.clock.monotonic()
            if left <= 0:
                raise TimeoutError(f"not within {timeout} s; there was:\n{self._summary()}")
            with self._truth.condition:
                if self._truth.revision == seen:
                    self._truth.condition.wait(min(left, LOOK_AGAIN_S))

    def _summary(self) -> str:
        with self._truth.lock:
            lines = [
                f"{channel.name or channel.im_user}: {message.get('user', '?')}: {message.get('text', '')[:120]!r}"
                for channel in self._truth.channels.values()
                for message in channel.everything()[-5:]
            ]
            lines += [f"only {u}: {e['text'][:120]!r}" for u, mine in self._truth.ephemerals.items() for e in mine[-3:]]
            lines += [f"modal of {u}: {s[-1]['callback_id']}" for u, s in self._truth.view_stacks.items() if s]
            lines += [f"call {c.method}: {c.error or c.status}" for c in self._api.calls[-8:]]
            lines.append(f"connections: {self.connected}; unacknowledged: {self.unacknowledged}")
        return "\n".join(lines)
