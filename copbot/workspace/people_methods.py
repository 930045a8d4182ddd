"""``users.*``, ``auth.*``, ``team.*``, ``bots.*`` and the way to a socket."""

from collections.abc import Callable

from copbot.core.time import SECOND_US
from copbot.workspace.access import Access
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.shapes import bot_profile, channel_as_read, plain, user_as_read
from copbot.workspace.truth import Json, Truth
from copbot.workspace.web_api import Method, page_of

MOST = 1000


class PeopleMethods:
    def __init__(self, truth: Truth, socket_url: Callable[[], str]) -> None:
        self._truth = truth
        self._access = Access(truth)
        self._socket_url = socket_url

    def methods(self) -> dict[str, Method]:
        people = ("users:read",)
        return {
            "api.test": Method(self.api_test, token="none"),  # noqa: S106  (no token is asked for)
            "auth.test": Method(self.auth_test),
            "apps.connections.open": Method(self.open_connection, token="app"),  # noqa: S106  (a kind of token)
            "users.list": Method(self.listing, people),
            "users.info": Method(self.info, people),
            "users.lookupByEmail": Method(self.by_email, ("users:read.email",)),
            "users.conversations": Method(self.conversations, ("channels:read", "groups:read", "im:read")),
            "users.getPresence": Method(self.presence, people),
            "users.profile.get": Method(self.profile, ("users.profile:read",)),
            "users.profile.set": Method(self.set_profile, token="user"),  # noqa: S106  (a kind of token)
            "team.info": Method(self.team, ("team:read",)),
            "bots.info": Method(self.bot, people),
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
        shown = [user_as_read(user, arguments.flag("include_locale"), self._truth.clock.now()) for user in page]
        return {"members": shown, "cache_ts": self._truth.now_us() // SECOND_US, "response_metadata": more}

    def info(self, arguments: Arguments) -> Json:
        user = self._access.person(arguments.required("user", "user_not_found"))
        return {"user": user_as_read(user, arguments.flag("include_locale"), self._truth.clock.now())}

    def by_email(self, arguments: Arguments) -> Json:
        email = arguments.required("email", "users_not_found").lower()
        for user in self._truth.users.values():
            if (user.get("profile") or {}).get("email", "").lower() == email and not user.get("deleted"):
                return {"user": user_as_read(user, False, self._truth.clock.now())}
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

    def presence(self, arguments: Arguments) -> Json:
        """Of others an app learns only this much; people here are always away."""
        self._access.person(arguments.required("user", "user_not_found"))
        return {"presence": "away"}

    def profile(self, arguments: Arguments) -> Json:
        user = self._access.person(arguments.text("user") or self._truth.bot_user)
        return {"profile": plain(user["profile"])}

    def set_profile(self, _: Arguments) -> Json:
        """Only with a user's own token, which this workspace gives to nobody: people change themselves on the page."""
        raise SlackError("not_allowed_token_type")
