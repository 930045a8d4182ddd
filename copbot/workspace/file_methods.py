"""``files.*``: uploading by the upload-URL flow, and looking at what is there."""

from typing import Any

from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.blocks import message_complaints
from copbot.workspace.conversations import Conversations
from copbot.workspace.files import Files
from copbot.workspace.shapes import plain
from copbot.workspace.truth import Channel, Json, Truth, reply_of
from copbot.workspace.web_api import Method

ALT_TEXT = 1000
MOST_CHANNELS = 100
PER_PAGE = 100


class FileMethods:
    def __init__(self, truth: Truth, conversations: Conversations, files: Files) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._conversations = conversations
        self._files = files

    def methods(self) -> dict[str, Method]:
        reads, writes = ("files:read",), ("files:write",)
        return {
            "files.getUploadURLExternal": Method(self.announce, writes),
            "files.completeUploadExternal": Method(self.complete, writes),
            "files.info": Method(self.info, reads),
            "files.list": Method(self.listing, reads),
            "files.delete": Method(self.delete, writes),
        }

    def announce(self, arguments: Arguments) -> Json:
        name = arguments.required("filename", "missing_argument")
        try:
            length = int(arguments.required("length", "missing_argument"))
        except ValueError:
            raise Arguments.invalid("length", "must be a number") from None
        if length <= 0:
            raise Arguments.invalid("length", "must be more than 0")
        alt_txt = arguments.text("alt_txt") or ""
        if len(alt_txt) > ALT_TEXT:
            raise SlackError("alt_txt_too_large")
        upload = self._files.announce(name, length, alt_txt)
        return {"upload_url": self._files.upload_url(upload), "file_id": upload.file}

    def complete(self, arguments: Arguments) -> Json:
        """May be called once for a file. What is wrong is found before anything is shared."""
        wanted = arguments.object("files")
        if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
            raise Arguments.invalid("files", "missing required field")
        places = self._places(arguments)
        within = self._thread(arguments, places)
        body = self._body(arguments)
        files = [self._completed(each) for each in wanted]
        for place in places:
            self._files.share(files, place, self._files.by_bot(body) | within)
        return {"files": [plain(each) for each in files]}

    def _completed(self, wanted: dict[str, Any]) -> Json:
        file = self._files.complete(str(wanted.get("id")), wanted.get("title") or "", self._truth.bot_user)
        if file is None:
            raise SlackError("file_not_found")
        return file

    def _places(self, arguments: Arguments) -> list[Channel]:
        """Where to share: by ID only, nowhere when none is named."""
        named = list(dict.fromkeys([*arguments.names("channel_id"), *arguments.names("channels")]))
        if len(named) > MOST_CHANNELS:
            raise SlackError("channels_limit_exceeded")
        places = []
        for each in named:
            if each not in self._truth.channels and each not in self._truth.users:
                raise SlackError("invalid_channel" if each.startswith("#") else "channel_not_found")
            places.append(self._access.writable(Arguments({"channel": each})))
        return places

    def _thread(self, arguments: Arguments, places: list[Channel]) -> Json:
        thread_ts = arguments.text("thread_ts")
        if thread_ts is None or not places:
            return {}
        root = places[0].get(thread_ts)
        if root is None or reply_of(root) is not None:
            raise SlackError("thread_not_found" if root is None else "cannot_reply_to_message")
        return self._conversations.in_thread(places[0], thread_ts)

    @staticmethod
    def _body(arguments: Arguments) -> Json:
        """The comment; blocks count only without one."""
        comment, blocks = arguments.text("initial_comment"), arguments.object("blocks", "invalid_blocks")
        if comment or blocks is None:
            return {"text": comment or ""}
        if message_complaints(blocks):
            raise SlackError("invalid_blocks")
        return {"text": "", "blocks": blocks}

    # --- looking --------------------------------------------------------------------------------------------------

    def info(self, arguments: Arguments) -> Json:
        return {"file": plain(self._file(arguments)), "comments": [], "response_metadata": {"next_cursor": ""}}

    def listing(self, arguments: Arguments) -> Json:
        """By pages, as this method still does: ``count`` and ``page``. Newest first."""
        channel, user = arguments.text("channel"), arguments.text("user")
        found = [file for file in reversed(self._truth.files.values()) if self._seen(file)]
        found = [file for file in found if channel is None or channel in _shared_in(file)]
        found = [file for file in found if user is None or file["user"] == user]
        count, page = arguments.number("count", PER_PAGE, 1000), arguments.number("page", 1, 10_000)
        shown = plain(found[(page - 1) * count : page * count])
        pages = max(1, -(-len(found) // count))
        return {"files": shown, "paging": {"count": count, "total": len(found), "page": page, "pages": pages}}

    def delete(self, arguments: Arguments) -> Json:
        file = self._file(arguments)
        if file["user"] != self._truth.bot_user:
            raise SlackError("cant_delete_file")
        self._files.delete(file["id"])
        return {}

    def _file(self, arguments: Arguments) -> Json:
        file = self._truth.files.get(arguments.required("file", "file_not_found"))
        if file is None or not self._seen(file):
            raise SlackError("file_not_found")
        return file

    def _seen(self, file: Json) -> bool:
        """The bot's own, and what was shared where it is."""
        own = file["user"] == self._truth.bot_user
        places = (self._truth.channels.get(each) for each in _shared_in(file))
        return own or any(place is not None and self._access.sees(place) for place in places)


def _shared_in(file: Json) -> list[str]:
    return [*file["channels"], *file["groups"], *file["ims"]]
