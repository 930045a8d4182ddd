"""Files shared with one person: uploaded by the upload-URL flow and shared in their direct messages with the bot.

Not in the channel, where it would be said to everybody, and not within an ephemeral message: Slack shows a file only to people with whom
it was shared (https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object).
"""

import urllib.request

from copbot.adapters.pictures import png
from copbot.adapters.slack import SlackWeb, is_loopback, translated
from copbot.core.delivery import REQUEST_TIMEOUT_S
from copbot.core.interaction import HandedFile
from copbot.core.pictures import Picture

ALT_TEXT = 1000  # Slack's limit


def share_picture(slack: SlackWeb, user: str, picture: Picture) -> None:
    """Raises the errors of ``core.errors``. Tried once: whoever asked can ask again."""
    file = upload(slack, f"{picture.name}.png", png(picture), picture.alt)
    slack.share(slack.open_dm(user), "", [(file, picture.title)])


def share_file(slack: SlackWeb, user: str, file: HandedFile) -> None:
    """The same of a file that is made now."""
    channel = slack.open_dm(user)
    slack.share(channel, "", [(upload(slack, file.name, file.make()), file.title)])


def upload(slack: SlackWeb, name: str, content: bytes, alt: str = "") -> str:
    """Send a file that nobody sees until it is shared; its ID. ``alt``: what a picture shows, in words. Raises the errors of
    ``core.errors``."""
    described = {"alt_txt": alt[:ALT_TEXT]} if alt else {}
    announced = slack.call("files.getUploadURLExternal", {"filename": name, "length": len(content), **described})
    translated(lambda: _send(str(announced["upload_url"]), content))
    return str(announced["file_id"])


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
