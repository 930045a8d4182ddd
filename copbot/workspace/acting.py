"""The workspace's face for those who move its people about: who is there, and what they do."""

from collections.abc import Collection
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal

from copbot.core.time import us_to_ts
from copbot.workspace import export
from copbot.workspace.conversations import Conversations
from copbot.workspace.events import Events
from copbot.workspace.files import Files
from copbot.workspace.group_methods import Groups
from copbot.workspace.interactions import Interactions
from copbot.workspace.shapes import new_user
from copbot.workspace.truth import Channel, Json, Truth


class Acting:
    """Users, channels and messages are named by ID throughout. Any thread may call."""

    def __init__(
        self,
        truth: Truth,
        events: Events,
        conversations: Conversations,
        interactions: Interactions,
        groups: Groups,
        files: Files,
    ) -> None:
        self._truth = truth
        self._events = events
        self._conversations = conversations
        self._interactions = interactions
        self._groups = groups
        self._files = files

    # --- people and channels ------------------------------------------------------------------------------------------

    def load_export(self, path: Path, bot_in: Collection[str] | None = None) -> None:
        """Load a standard Slack export, folder or zip, without any event. ``bot_in``: names or IDs; None means all
        channels.

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
                self._truth.clock.now(),
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

    def change_profile(self, user: str, **fields: Any) -> None:
        """Set fields of a person's profile (``display_name``, ``title``, ``status_text``); emits ``user_change``."""
        with self._truth.lock:
            self.change_user(user, profile=self._truth.user(user)["profile"] | fields)

    def add_usergroup(self, handle: str, users: Collection[str]) -> str:
        """A user group that is there already; emits no event."""
        return str(self._groups.add(handle, list(users), told=False)["id"])

    def change_usergroup(self, group: str, users: Collection[str]) -> None:
        """Other members: ``subteam_updated`` and ``subteam_members_changed``. Raises LookupError."""
        with self._truth.lock:
            if group not in self._truth.usergroups:
                raise LookupError(f"no user group {group} in the workspace")
            self._groups.set_members(self._truth.usergroups[group], list(users))

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
                members=dict.fromkeys([*members, *([self._truth.bot_user] if bot else [])]),
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
        """A person writes; the ``ts``. Raises ValueError where they are not in the channel, LookupError for an
        unknown thread.
        """
        return self._conversations.say(self._truth.channel(channel), user, text, thread_ts)

    def edit(self, channel: str, ts: str, text: str) -> None:
        self._conversations.change(self._truth.channel(channel), ts, text=text)

    def delete(self, channel: str, ts: str) -> None:
        self._conversations.delete(self._truth.channel(channel), ts)

    def react(self, channel: str, ts: str, user: str, name: str) -> None:
        self._conversations.react(self._truth.channel(channel), ts, user, name)

    def unreact(self, channel: str, ts: str, user: str, name: str) -> None:
        self._conversations.unreact(self._truth.channel(channel), ts, user, name)

    def pin(self, channel: str, ts: str, user: str) -> None:
        self._conversations.pin(self._truth.channel(channel), ts, user)

    def unpin(self, channel: str, ts: str, user: str) -> None:
        self._conversations.unpin(self._truth.channel(channel), ts, user)

    def upload(
        self, channel: str, user: str, name: str, content: bytes, text: str = "", thread_ts: str | None = None
    ) -> str:
        """A person shares a file, with a few words: the message's ``ts``. Raises as ``post`` does."""
        with self._truth.lock:
            place = self._truth.channel(channel)
            message = self._conversations.words(place, user, text, thread_ts)
            return str(self._files.share([self._files.store(name, content, user)], place, message)["ts"])

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

    def press(self, user: str, channel: str, ts: str, action_id: str, value: Any = None) -> None:
        """Press an element of a message. ``value`` overrides the element's own, as somebody who forges it would."""
        self._interactions.press(user, channel, ts, action_id, value)

    def press_ephemeral(
        self, user: str, index_or_last: int | Literal["last"], action_id: str, value: Any = None
    ) -> None:
        """The same on one of ``ephemerals(user)``."""
        with self._truth.lock:
            mine = self._truth.ephemerals.get(user, [])
            index = -1 if index_or_last == "last" else index_or_last
            if not -len(mine) <= index < len(mine):
                raise LookupError(f"{user} has {len(mine)} ephemeral messages, not one numbered {index_or_last}")
            self._interactions.press_ephemeral(user, mine[index], action_id, value)

    def press_in_view(self, user: str, action_id: str, value: Any = None) -> None:
        """The same in the open modal."""
        self._interactions.press_in_view(user, action_id, value)

    def press_in_home(self, user: str, action_id: str, value: Any = None) -> None:
        """The same on the Home tab."""
        self._interactions.press_in_view(user, action_id, value, home=True)

    def suggesting(self, user: str, action_id: str, typed: str) -> "Future[list[Json]]":
        """Type into an ``external_select`` of the open modal: the options that the bot offers."""
        return self._interactions.suggest(user, action_id, typed)

    def shortcut(self, user: str, callback_id: str) -> str:
        """Choose one of the bot's global shortcuts; its trigger_id."""
        return self._interactions.shortcut(user, callback_id)

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> str:
        """Choose one of the bot's shortcuts on a message; its trigger_id."""
        return self._interactions.message_shortcut(user, channel, ts, callback_id)

    def submit(self, user: str, values: dict[str, Any]) -> dict[str, str]:
        """Fill in and send the open modal: values by action_id or block_id, the rest as it stands. Mistakes by
        block_id, or {}.

        Required fields left empty are told without asking the bot, as Slack does. Raises LookupError without a modal,
        ValueError for
        a field or option it does not have or an answer Slack would refuse, TimeoutError where the bot does not answer.
        """
        return self.submitting(user, values).result()

    def submitting(self, user: str, values: dict[str, Any]) -> "Future[dict[str, str]]":
        """``submit`` for those who may not wait."""
        return self._interactions.submit(user, values)

    def close_view(self, user: str) -> None:
        self._interactions.close_view(user)

    def tell(self, line: str) -> None:
        """Add a narrator's line to the story that the page shows."""
        with self._truth.lock:
            self._truth.story.append({"ts": us_to_ts(self._truth.now_us()), "text": line})
            self._truth.changed()
