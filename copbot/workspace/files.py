"""Files: what was uploaded, by whomever, and the messages that share them (``file_share``)."""

import mimetypes
import secrets
from dataclasses import dataclass, field

from copbot.core.time import SECOND_US
from copbot.workspace.conversations import Conversations
from copbot.workspace.events import Events
from copbot.workspace.shapes import bot_message, plain
from copbot.workspace.truth import Channel, Json, Truth, new_id

SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass
class Upload:
    """A file that was announced and is not shared yet."""

    file: str
    name: str
    length: int
    alt_txt: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    content: bytes | None = None


class Files:
    """The bytes live here, what is known of them in ``truth.files``. Any thread may call."""

    def __init__(self, truth: Truth, conversations: Conversations, events: Events) -> None:
        self._truth = truth
        self._conversations = conversations
        self._events = events
        self._uploads: dict[str, Upload] = {}
        self._contents: dict[str, bytes] = {}

    # --- the upload-URL flow ------------------------------------------------------------------------------------------

    def announce(self, name: str, length: int, alt_txt: str = "") -> Upload:
        """A place to send the bytes to."""
        upload = Upload(new_id("F"), name, length, alt_txt)
        with self._truth.lock:
            self._uploads[upload.file] = upload
        return upload

    def upload_url(self, upload: Upload) -> str:
        return f"{self._truth.base_url}upload/v1/{upload.token}"

    def receive(self, token: str, content: bytes) -> str | None:
        """Take the bytes; what is wrong with them, or None."""
        with self._truth.lock:
            upload = next((each for each in self._uploads.values() if each.token == token), None)
            if upload is None:
                return "no such upload"
            if len(content) != upload.length:
                return f"{len(content)} bytes came, {upload.length} were announced"
            upload.content = content
            return None

    def complete(self, file: str, title: str, owner: str) -> Json | None:
        """End an upload; the file, or None when nothing was uploaded under this ID or it was ended before."""
        with self._truth.lock:
            upload = self._uploads.get(file)
            if upload is None or upload.content is None:
                return None
            del self._uploads[file]
            return self.store(upload.name, upload.content, owner, title=title, alt_txt=upload.alt_txt, file=file)

    # --- files --------------------------------------------------------------------------------------------------------

    def store(
        self, name: str, content: bytes, owner: str, *, title: str = "", alt_txt: str = "", file: str = ""
    ) -> Json:
        """Keep a file, shared with nobody yet."""
        truth = self._truth
        with truth.lock:
            now = truth.now_us() // SECOND_US
            file = file or new_id("F")
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            ending = name.rpartition(".")[2].lower() if "." in name else "binary"
            url = f"{truth.base_url}files-pri/{file}/{name.replace('/', '_')}"
            made: Json = {
                "id": file,
                "created": now,
                "timestamp": now,
                "name": name,
                "title": title or name,
                "mimetype": kind,
                "filetype": ending,
                "pretty_type": ending.upper(),
                "user": owner,
                "user_team": truth.team_id,
                "editable": False,
                "size": len(content),
                "mode": "hosted",
                "is_external": False,
                "external_type": "",
                "is_public": False,
                "public_url_shared": False,
                "display_as_bot": False,
                "username": "",
                "url_private": url,
                "url_private_download": url,
                "permalink": f"{truth.base_url}files/{owner}/{file}",
                "channels": [],
                "groups": [],
                "ims": [],
                "shares": {},
                "has_rich_preview": False,
                "file_access": "visible",
            }
            if alt_txt:
                made["alt_txt"] = alt_txt
            truth.files[file] = made
            self._contents[file] = content
            truth.changed()
            return made

    def share(self, files: list[Json], channel: Channel, message: Json) -> Json:
        """Post a message with files; it is stored as Slack stores it, with the subtype ``file_share``."""
        with self._truth.lock:
            within = {"channel": "channels", "group": "groups", "im": "ims"}[channel.type]
            posted = {"subtype": "file_share", "upload": True, "files": [plain(each) for each in files]}
            stored = self._conversations.post(channel, message | posted)
            for each in files:
                if channel.id not in each[within]:
                    each[within].append(channel.id)
                each["is_public"] = each["is_public"] or not (channel.is_private or channel.im_user)
                shares = each["shares"].setdefault("public" if within == "channels" else "private", {})
                shares.setdefault(channel.id, []).append(_share(stored, channel, self._truth.team_id))
                self._events.file_shared(each["id"], each["user"], channel)
            self._truth.changed()
            return stored

    def by_bot(self, body: Json) -> Json:
        """The bot's message that carries files."""
        return bot_message(self._truth, body)

    def delete(self, file: str) -> bool:
        with self._truth.lock:
            self._contents.pop(file, None)
            gone = self._truth.files.pop(file, None)
            self._truth.changed()
            return gone is not None

    def content(self, file: str) -> bytes | None:
        return self._contents.get(file)


def _share(message: Json, channel: Channel, team: str) -> Json:
    share: Json = {"ts": message["ts"], "channel_name": channel.name, "team_id": team, "reply_count": 0}
    share |= {"reply_users": [], "reply_users_count": 0, "share_user_id": message.get("user", "")}
    return share | ({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {})
