"""The Slack app manifest: exactly the scopes and events that this program uses, each scope with its reason."""

from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from copbot.core.errors import Mistake

REQUEST_PATH = "/slack/events"
"""Where ``http_app.py`` answers Slack."""

SCOPES = {
    "channels:history": "see what is asked and answered in public channels it was invited to",
    "channels:read": "know channels by name and who is in them",
    "chat:write": "post questions, cards and direct messages",
    "commands": "answer the slash command",
    "files:write": "draw the best time to post as a picture",
    "groups:history": "the same in private channels it was invited to",
    "groups:read": "know those private channels by name",
    "im:history": "find its own direct messages again after a crash, so that none is sent twice",
    "im:write": "open a direct message with a newcomer",
    "pins:write": "keep a post or the milestones at hand",
    "reactions:read": "count reactions as taking part",
    "usergroups:read": "know who is in a user group that is named as moderators",
    "users:read": "know newcomers, time zones, and who is a bot or has left",
    "users:read.email": "find coordinators and moderators by their e-mail address",
}

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "tokens_revoked",
    "user_change",
)


MESSAGE_SHORTCUTS = {
    "threads_watch": ("Watch this thread", "Moderators: give this thread a card, as one that waits for an answer"),
    "threads_answered": ("Mark as answered", "Moderators, or whoever asked: nobody needs to look after it any more"),
    "moderation_report": (
        "Report to moderators",
        "Tell the moderators, and only them, that something is wrong with this",
    ),
}
"""The entries of every message's menu: callback_id -> name, and what it does."""


def request_url(address: str) -> str:
    """The Request URL of a bot that Slack reaches at an address, with or without the path. Raises Mistake where Slack would not."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise Mistake(
            f"--url {address}: Slack takes https:// addresses only: write one such as https://bot.example.org"
        )
    if parts.path.rstrip("/").endswith(REQUEST_PATH):
        return address.rstrip("/")
    return address.rstrip("/") + REQUEST_PATH


def manifest(command: str = "/cop", url: str | None = None) -> dict[str, Any]:
    """The manifest as plain data (https://docs.slack.dev/reference/app-manifest): for HTTP mode with its Request URL, else for Socket
    Mode, in which Slack ignores one."""
    where = {} if url is None else {"url": url}
    asked = {} if url is None else {"request_url": url}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "copbot",
            "description": "Looks after a community of practice: welcomes, asks, and leaves no question alone.",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "copbot", "always_online": True},
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback_id, "description": description}
                for callback_id, (name, description) in MESSAGE_SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": command,
                    **where,
                    "description": "Your community of practice",
                    "usage_hint": "help",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_yaml(command: str = "/cop", url: str | None = None) -> str:
    """The manifest as YAML to paste, with the reason beside each scope."""
    document = manifest(command, url)
    scopes = CommentedSeq(SCOPES)
    for position, reason in enumerate(SCOPES.values()):
        scopes.yaml_add_eol_comment(reason, position, column=32)
    document["oauth_config"]["scopes"]["bot"] = scopes
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()
