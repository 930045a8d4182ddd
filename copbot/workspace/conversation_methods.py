"""``conversations.*`` that look: channels, their members and their history."""

from itertools import islice

from copbot.core.time import ts_to_us
from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.conversations import Conversations
from copbot.workspace.shapes import channel_as_read, message_as_read
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.web_api import Method, page_of

HISTORY_DEFAULT, HISTORY_MOST = 100, 999
LIST_DEFAULT, LIST_MOST = 100, 1000
END_OF_TIME_US = 10**17


class ConversationMethods:
    def __init__(self, truth: Truth, conversations: Conversations) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._conversations = conversations

    def methods(self) -> dict[str, Method]:
        reads = ("channels:read", "groups:read", "im:read")
        history = ("channels:history", "groups:history", "im:history")
        return {
            "conversations.list": Method(self.listing, reads),
            "conversations.info": Method(self.info, reads),
            "conversations.members": Method(self.members, reads),
            "conversations.open": Method(self.open, ("im:write",)),
            "conversations.join": Method(self.join, ("channels:join",)),
            "conversations.history": Method(self.history, history),
            "conversations.replies": Method(self.replies, history),
        }

    # --- channels ---------------------------------------------------------------------------------------------------

    def listing(self, arguments: Arguments) -> Json:
        kinds = arguments.names("types") or ["public_channel"]
        names = {"channel": "public_channel", "group": "private_channel", "im": "im"}
        if not set(kinds) <= {*names.values(), "mpim"}:
            raise SlackError("invalid_types")
        skip_archived = arguments.flag("exclude_archived")
        found = [
            channel_as_read(self._truth, channel, with_count=True)
            for channel in self._truth.channels.values()
            if names[channel.type] in kinds
            and self._access.sees(channel)
            and not (skip_archived and channel.is_archived)
        ]
        page, more = page_of(found, arguments.text("cursor"), arguments.number("limit", LIST_DEFAULT, LIST_MOST))
        return {"channels": page, "response_metadata": more}

    def info(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        return {"channel": channel_as_read(self._truth, channel, arguments.flag("include_num_members"))}

    def members(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        limit = arguments.number("limit", LIST_DEFAULT, LIST_MOST)
        page, more = page_of([*channel.members], arguments.text("cursor"), limit)
        return {"members": page, "response_metadata": more}

    def open(self, arguments: Arguments) -> Json:
        if arguments.text("channel"):
            channel = self._access.visible(arguments)
        else:
            users = arguments.names("users")
            if not users:
                raise SlackError("users_list_not_supplied")
            if len(users) > 1:
                raise SlackError("too_many_users")
            self._access.person(users[0])
            channel = self._access.dm_with(users[0], "user_disabled")
        whole = arguments.flag("return_im")
        return {"channel": channel_as_read(self._truth, channel) if whole else {"id": channel.id}}

    def join(self, arguments: Arguments) -> Json:
        channel = self._access.visible(arguments)
        if channel.im_user is not None or channel.is_private:
            raise SlackError("method_not_supported_for_channel_type")
        if channel.is_archived:
            raise SlackError("is_archived")
        joined = self._conversations.join(channel, self._truth.bot_user)
        answer: Json = {"channel": channel_as_read(self._truth, channel)}
        return answer if joined else answer | {"warning": "already_in_channel"}

    # --- history ----------------------------------------------------------------------------------------------------

    def history(self, arguments: Arguments) -> Json:
        """Roots and broadcasts, newest first."""
        channel = self._access.joined(arguments)
        limit = arguments.number("limit", HISTORY_DEFAULT, HISTORY_MOST)
        oldest, latest = self._bounds(arguments)
        cursor = arguments.text("cursor")
        if cursor:
            latest = min(latest, _cursor_us(cursor))
        shown = (
            message
            for message in channel.newest_first(oldest, latest)
            if reply_of(message) is None or message.get("subtype") == "thread_broadcast"
        )
        page = [*islice(shown, limit + 1)]
        answer = self._page(channel, page[:limit], arguments)
        if len(page) > limit:
            more = f"us:{ts_to_us(page[limit]['ts'])}"
            return answer | {"has_more": True, "response_metadata": {"next_cursor": more}}
        return answer | {"has_more": False}

    def replies(self, arguments: Arguments) -> Json:
        """The root, then its replies, oldest first."""
        channel = self._access.joined(arguments)
        ts = arguments.required("ts", "thread_not_found")
        root = channel.get(ts)
        try:
            replies = channel.replies(ts)
        except ValueError:
            raise SlackError("invalid_ts_oldest") from None
        if root is None and not replies:
            raise SlackError("thread_not_found")
        limit = arguments.number("limit", HISTORY_DEFAULT, HISTORY_MOST)
        oldest, latest = self._bounds(arguments)
        start = _cursor_us(arguments.text("cursor") or "us:0")
        within = [m for m in replies if oldest <= ts_to_us(m["ts"]) <= latest and ts_to_us(m["ts"]) >= start]
        if root is not None and start == 0:
            within.insert(0, root)
        answer = self._page(channel, within[:limit], arguments)
        if len(within) > limit:
            more = f"us:{ts_to_us(within[limit]['ts'])}"
            return answer | {"has_more": True, "response_metadata": {"next_cursor": more}}
        return answer | {"has_more": False}

    def _bounds(self, arguments: Arguments) -> tuple[int, int]:
        edge = 0 if arguments.flag("inclusive") else 1
        oldest = arguments.instant_us("oldest", 0, "invalid_ts_oldest")
        latest = arguments.instant_us("latest", END_OF_TIME_US, "invalid_ts_latest")
        return oldest + edge, latest - edge

    @staticmethod
    def _page(channel: Channel, messages: list[Json], arguments: Arguments) -> Json:
        whole = arguments.flag("include_all_metadata")
        shown = [message_as_read(channel, message, include_metadata=whole) for message in messages]
        return {"messages": shown, "pin_count": len(channel.pins)}


def _cursor_us(cursor: str) -> int:
    head, _, number = cursor.partition(":")
    if head != "us" or not number.isdigit():
        raise SlackError("invalid_cursor")
    return int(number)
