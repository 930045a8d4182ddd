"""``users.*``, ``usergroups.*``, ``auth.*``, ``team.*``, ``bots.*``, ``views.*`` and the way to a socket."""

from collections.abc import Callable

from copbot.core.time import SECOND_US
from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.blocks import too_large
from copbot.workspace.shapes import bot_profile, channel_as_read, plain, user_as_read
from copbot.workspace.truth import Json, Truth
from copbot.workspace.views import Views
from copbot.workspace.web_api import Method, page_of

MOST = 1000


class PeopleMethods:
    def __init__(self, truth: Truth, views: Views, socket_url: Callable[[], str]) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._views = views
        self._socket_url = socket_url

    def methods(self) -> dict[str, Method]:
        people, groups = ("users:read",), ("usergroups:read",)
        return {
            "api.test": Method(self.api_test, token="none"),  # noqa: S106  (no token is asked for)
            "auth.test": Method(self.auth_test),
            "apps.connections.open": Method(self.open_connection, token="app"),  # noqa: S106  (a kind of token)
            "users.list": Method(self.listing, people),
            "users.info": Method(self.info, people),
            "users.lookupByEmail": Method(self.by_email, ("users:read.email",)),
            "users.conversations": Method(self.conversations, ("channels:read", "groups:read", "im:read")),
            "usergroups.list": Method(self.groups, groups),
            "usergroups.users.list": Method(self.group_members, groups),
            "team.info": Method(self.team, ("team:read",)),
            "bots.info": Method(self.bot, people),
            "views.open": Method(self.open_view),
            "views.push": Method(self.push_view),
            "views.update": Method(self.update_view),
            "views.publish": Method(self.publish_view),
        }

    # --- who am I ---------------------------------------------------------------------------------------------------

    def api_test(self, arguments: Arguments) -> Json:
        if arguments.text("error"):
            raise SlackError(arguments.required("error"))
        return {"args": arguments.without_secrets()}

    def auth_test(self, _: Arguments) -> Json:
        truth = self._truth
        return {
            "url": truth.base_url,
            "team": truth.team_name,
            "user": truth.users[truth.bot_user]["name"],
            "team_id": truth.team_id,
            "user_id": truth.bot_user,
            "bot_id": truth.bot_id,
            "is_enterprise_install": False,
        }

    def open_connection(self, _: Arguments) -> Json:
        return {"url": self._socket_url()}

    def team(self, _: Arguments) -> Json:
        truth = self._truth
        return {"team": {"id": truth.team_id, "name": truth.team_name, "domain": "copbot-workspace", "icon": {}}}

    def bot(self, arguments: Arguments) -> Json:
        if arguments.text("bot") not in (None, self._truth.bot_id):
            raise SlackError("bot_not_found")
        return {"bot": bot_profile(self._truth) | {"user_id": self._truth.bot_user}}

    # --- people -----------------------------------------------------------------------------------------------------

    def listing(self, arguments: Arguments) -> Json:
        limit = arguments.number("limit", max(1, len(self._truth.users)), MOST)
        page, more = page_of([*self._truth.users.values()], arguments.text("cursor"), limit)
        shown = [user_as_read(user, arguments.flag("include_locale")) for user in page]
        return {"members": shown, "cache_ts": self._truth.now_us() // SECOND_US, "response_metadata": more}

    def info(self, arguments: Arguments) -> Json:
        user = self._access.person(arguments.required("user", "user_not_found"))
        return {"user": user_as_read(user, arguments.flag("include_locale"))}

    def by_email(self, arguments: Arguments) -> Json:
        email = arguments.required("email", "users_not_found").lower()
        for user in self._truth.users.values():
            if (user.get("profile") or {}).get("email", "").lower() == email and not user.get("deleted"):
                return {"user": user_as_read(user, False)}
        raise SlackError("users_not_found")

    def conversations(self, arguments: Arguments) -> Json:
        user = arguments.text("user") or self._truth.bot_user
        self._access.person(user)
        names = {"channel": "public_channel", "group": "private_channel", "im": "im"}
        kinds = arguments.names("types") or ["public_channel"]
        found = [
            channel_as_read(self._truth, channel)
            for channel in self._truth.channels.values()
            if user in channel.members
            and names[channel.type] in kinds
            and self._access.sees(channel)
            and not (arguments.flag("exclude_archived") and channel.is_archived)
        ]
        page, more = page_of(found, arguments.text("cursor"), arguments.number("limit", 100, MOST))
        return {"channels": page, "response_metadata": more}

    def groups(self, arguments: Arguments) -> Json:
        groups = plain([*self._truth.usergroups.values()])
        if not arguments.flag("include_users"):
            for group in groups:
                group.pop("users")
        return {"usergroups": groups}

    def group_members(self, arguments: Arguments) -> Json:
        group = self._truth.usergroups.get(arguments.required("usergroup", "no_such_subteam"))
        if group is None:
            raise SlackError("no_such_subteam")
        return {"users": plain(group["users"])}

    # --- views ------------------------------------------------------------------------------------------------------

    def open_view(self, arguments: Arguments) -> Json:
        return {"view": plain(self._views.open(_trigger(arguments), _view(arguments)))}

    def push_view(self, arguments: Arguments) -> Json:
        return {"view": plain(self._views.push(_trigger(arguments), _view(arguments)))}

    def update_view(self, arguments: Arguments) -> Json:
        found = self._views.update(
            arguments.text("view_id"), arguments.text("external_id"), arguments.text("hash"), _view(arguments)
        )
        return {"view": plain(found)}

    def publish_view(self, arguments: Arguments) -> Json:
        user = arguments.required("user_id")
        self._access.person(user)
        return {"view": plain(self._views.publish(user, arguments.text("hash"), _view(arguments)))}


def _trigger(arguments: Arguments) -> str:
    return arguments.required("trigger_id")


def _view(arguments: Arguments) -> Json:
    view = arguments.object("view")
    if not isinstance(view, dict):
        raise Arguments.invalid("view", "missing required field")
    if too_large(view):
        raise SlackError("view_too_large")
    return view
