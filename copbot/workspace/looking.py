"""The workspace's face for those who look: what is there, what the bot called, and waiting for something there."""

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from copbot.workspace.delivery import Delivery, Envelope
from copbot.workspace.limits import Limits
from copbot.workspace.shapes import message_as_read, plain
from copbot.workspace.sockets import Sockets
from copbot.workspace.truth import Json, Truth
from copbot.workspace.views import Views
from copbot.workspace.web_api import Call, WebApi

T = TypeVar("T")
LOOK_AGAIN_S = 0.1
END_US = 10**17


class Looking:
    """What is returned is the caller's own copy. Any thread may call."""

    def __init__(
        self, truth: Truth, delivery: Delivery, sockets: Sockets, views: Views, api: WebApi, limits: Limits
    ) -> None:
        self._truth = truth
        self._delivery = delivery
        self._sockets = sockets
        self._views = views
        self._api = api
        self._limits = limits

    # --- what came from the bot, and how it is treated ----------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every Web API call received, in order."""
        return self._api.calls

    @property
    def envelopes(self) -> deque[Envelope]:
        """The latest envelopes meant for the bot, with their attempts and state."""
        return self._delivery.envelopes

    @property
    def connected(self) -> int:
        """How many Socket Mode connections stand."""
        return self._sockets.connected

    @property
    def unacknowledged(self) -> int:
        """How many envelopes wait for the bot's acknowledgement."""
        return self._delivery.waiting

    @property
    def scopes(self) -> set[str]:
        """What the bot was granted; take one out to see ``missing_scope``."""
        return self._api.scopes

    @property
    def retry_delays(self) -> tuple[float, ...]:
        """Real seconds before each of an event's retries."""
        return self._delivery.retry_delays

    @retry_delays.setter
    def retry_delays(self, delays: tuple[float, ...]) -> None:
        self._delivery.retry_delays = delays

    @property
    def ack_timeout(self) -> float:
        """Real seconds that an acknowledgement may take."""
        return self._delivery.ack_timeout

    @ack_timeout.setter
    def ack_timeout(self, seconds: float) -> None:
        self._delivery.ack_timeout = seconds

    @property
    def trigger_lifetime(self) -> float:
        """Real seconds that a trigger_id can be used."""
        return self._views.trigger_lifetime

    @trigger_lifetime.setter
    def trigger_lifetime(self, seconds: float) -> None:
        self._views.trigger_lifetime = seconds

    @property
    def limits(self) -> bool:
        """Whether Slack's rate limits are kept: its tiers per method, one post a second in a channel."""
        return self._limits.enabled

    @limits.setter
    def limits(self, kept: bool) -> None:
        self._limits.enabled = kept

    # --- what is there ------------------------------------------------------------------------------------------------

    def messages(self, channel: str, since_us: int = 0) -> list[Json]:
        """The messages of a channel from an instant (microseconds) on, roots and replies, oldest first, with metadata."""
        with self._truth.lock:
            place = self._truth.channel(channel)
            found = [*place.newest_first(since_us, END_US)][::-1] if since_us else place.everything()
            return [message_as_read(place, message, include_metadata=True) for message in found]

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

    def view_of(self, user: str) -> Json | None:
        """The modal that is open for a person, the top one where there are several."""
        with self._truth.lock:
            return plain(self._views.top(user))  # type: ignore[no-any-return]

    def home_of(self, user: str) -> Json | None:
        with self._truth.lock:
            return plain(self._truth.homes.get(user))  # type: ignore[no-any-return]

    def users(self) -> list[Json]:
        with self._truth.lock:
            return [plain(user) for user in self._truth.users.values()]

    def usergroups(self) -> list[Json]:
        with self._truth.lock:
            return [plain(group) for group in self._truth.usergroups.values()]

    def channels(self) -> list[Json]:
        """All channels and direct messages: id, name, type, is_private, is_archived, members, user (of a direct
        message).
        """
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

    def files(self) -> list[Json]:
        """What was uploaded, oldest first, as ``files.info`` gives it."""
        with self._truth.lock:
            return [plain(file) for file in self._truth.files.values()]

    def story(self) -> list[Json]:
        with self._truth.lock:
            return plain(self._truth.story)  # type: ignore[no-any-return]

    def wait_for(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:
        """Wait (real seconds) until ``predicate()`` is truthy and return what it gave; looked at after every change.

        Raises TimeoutError that tells what was there.
        """
        deadline = self._truth.clock.monotonic() + timeout
        silence = 0.0  # also counted without a clock: a test may hold that one
        while True:
            seen = self._truth.revision
            found = predicate()
            if found:
                return found
            if silence >= timeout or self._truth.clock.monotonic() >= deadline:
                raise TimeoutError(f"not within {timeout} s; there was:\n{self._summary()}")
            with self._truth.condition:
                if self._truth.revision == seen and not self._truth.condition.wait(LOOK_AGAIN_S):
                    silence += LOOK_AGAIN_S

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
