"""Messages that the bot asked to have posted later: ``chat.scheduleMessage`` and its sisters.

They are sent when the workspace's calendar passes their time, also when it is moved there in one step. As on Slack
(docs.slack.dev, chat.scheduleMessage, "Bug alert") one that carries ``metadata`` is accepted and never posts.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from copbot.core.time import DAY_US, SECOND_US, from_us
from copbot.workspace.conversations import Conversations
from copbot.workspace.truth import Json, Truth, new_id

FURTHEST_US = 120 * DAY_US
WINDOW_S = 300
MOST_IN_WINDOW = 30
LOOK_AGAIN_S = 3600.0


class CannotSchedule(Exception):
    """Slack's refusal, by its error string."""


@dataclass(frozen=True)
class Later:
    id: str
    channel: str
    post_at: int  # seconds since the epoch
    created: int
    message: Json

    def as_read(self) -> Json:
        text = self.message.get("text", "")
        return {
            "id": self.id,
            "channel_id": self.channel,
            "post_at": self.post_at,
            "date_created": self.created,
            "text": text,
        }


class Scheduled:
    def __init__(self, truth: Truth, conversations: Conversations) -> None:
        self._truth = truth
        self._conversations = conversations
        self._waiting: dict[str, Later] = {}
        self._never: dict[str, Later] = {}
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, channel: str, post_at: int, message: Json) -> Later:
        """Keep a message until its time. Raises CannotSchedule."""
        now_us = self._truth.now_us()
        if post_at * SECOND_US <= now_us:
            raise CannotSchedule("time_in_past")
        if post_at * SECOND_US > now_us + FURTHEST_US:
            raise CannotSchedule("time_too_far")
        near = [each for each in self.listed(channel) if abs(each.post_at - post_at) < WINDOW_S]
        if len(near) >= MOST_IN_WINDOW:
            raise CannotSchedule("restricted_too_many")
        later = Later(new_id("Q"), channel, post_at, now_us // SECOND_US, message)
        (self._never if message.get("metadata") else self._waiting)[later.id] = later
        self.wake()
        return later

    def remove(self, channel: str, scheduled_id: str) -> None:
        """Raises CannotSchedule ``invalid_scheduled_message_id``, also for what was posted already."""
        for kept in (self._waiting, self._never):
            if scheduled_id in kept and kept[scheduled_id].channel == channel:
                del kept[scheduled_id]
                return
        raise CannotSchedule("invalid_scheduled_message_id")

    def listed(self, channel: str | None = None) -> list[Later]:
        """What waits, soonest first."""
        found = [*self._waiting.values(), *self._never.values()]
        return sorted((each for each in found if channel in (None, each.channel)), key=lambda each: each.post_at)

    # --- sending ----------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Look again when the next is due: the calendar moved, or there is a new one. Any thread may call."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between: the workspace is gone
                loop.call_soon_threadsafe(self._changed.set)

    async def run(self) -> None:
        """Post what is due, until cancelled."""
        self._loop, self._changed = asyncio.get_running_loop(), asyncio.Event()
        try:
            while True:
                self._changed.clear()
                self.post_due()
                try:
                    await asyncio.wait_for(self._changed.wait(), self._wait_s())
                except TimeoutError:
                    continue
        finally:
            self._loop = None

    def post_due(self) -> None:
        """Post what the calendar has passed, in order, each at its own time."""
        with self._truth.lock:
            now_us = self._truth.now_us()
            due = [each for each in self.listed() if each.id in self._waiting and each.post_at * SECOND_US <= now_us]
            for each in due:
                del self._waiting[each.id]
                self._post(each)

    def _post(self, later: Later) -> None:
        channel = self._truth.channels.get(later.channel)
        if channel is None or channel.is_archived or self._truth.bot_user not in channel.members:
            return  # Slack drops it too: there is nobody left to tell
        ts = channel.next_ts(later.post_at * SECOND_US)
        self._conversations.post(channel, later.message | {"ts": ts})

    def _wait_s(self) -> float:
        with self._truth.lock:
            soonest = min((each.post_at for each in self._waiting.values()), default=None)
        if soonest is None:
            return LOOK_AGAIN_S
        until = self._truth.clock.real_seconds_until(from_us(soonest * SECOND_US))
        return min(LOOK_AGAIN_S, max(0.001, until))
