"""A picture shared with one person: drawn, uploaded by the upload-URL flow and shared in their direct messages with the bot.

Not in the channel, where it would be said to everybody, and not within an ephemeral message: Slack shows a file only to people with whom
it was shared (https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object).
"""

import json
import urllib.request

from copbot.adapters.pictures import png
from copbot.adapters.slack import SlackWeb, is_loopback, translated
from copbot.core.delivery import REQUEST_TIMEOUT_S
from copbot.core.pictures import Picture

ALT_TEXT = 1000  # Slack's limit


def share_picture(slack: SlackWeb, user: str, picture: Picture) -> None:
    """Raises the errors of ``core.errors``. Tried once: whoever asked can ask again."""
    content = png(picture)
    announced = slack.call(
        "files.getUploadURLExternal",
        {"filename": f"{picture.name}.png", "length": len(content), "alt_txt": picture.alt[:ALT_TEXT]},
    )
    translated(lambda: _send(str(announced["upload_url"]), content))
    files = json.dumps([{"id": announced["file_id"], "title": picture.title}])
    slack.call("files.completeUploadExternal", {"files": files, "channel_id": slack.open_dm(user)})


def _send(url: str, content: bytes) -> None:
    if not url.startswith(("https://", "http://")):
        raise OSError("no address to send the file to")
    # A proxy from the environment is not asked for addresses on this machine.
    handlers = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    request = urllib.request.Request(  # noqa: S310 - http and https alone
        url, data=content, headers={"Content-Type": "application/octet-stream"}, method="POST"
    )
    with urllib.request.build_opener(*handlers).open(request, timeout=REQUEST_TIMEOUT_S) as answer:
        answer.read()
