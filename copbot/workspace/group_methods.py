"""``usergroups.*``: groups of people that can be mentioned by a handle."""

from copbot.core.time import SECOND_US
from copbot.workspace.arguments import Arguments, SlackError
from copbot.workspace.events import Events
from copbot.workspace.shapes import plain
from copbot.workspace.truth import Json, Truth
from copbot.workspace.web_api import Method


class Groups:
    """What changes user groups, by whomever: each change and its events in one step."""

    def __init__(self, truth: Truth, events: Events) -> None:
        self._truth = truth
        self._events = events

    def add(self, handle: str, users: list[str], name: str = "", *, told: bool) -> Json:
        """A new group. ``told``: with the event ``subteam_created``."""
        truth = self._truth
        with truth.lock:
            handle = handle.removeprefix("@")
            now = truth.now_us() // SECOND_US
            group: Json = {
                "id": truth.next_id("S", truth.usergroups),
                "team_id": truth.team_id,
                "is_usergroup": True,
                "is_subteam": True,
                "name": name or handle,
                "description": "",
                "handle": handle,
                "is_external": False,
                "date_create": now,
                "date_update": now,
                "date_delete": 0,
                "created_by": truth.bot_user,
                "users": users,
                "user_count": len(users),
            }
            truth.usergroups[group["id"]] = group
            if told:
                self._events.usergroup("subteam_created", group)
            truth.changed()
            return group

    def change(self, group: Json, **fields: str | int) -> None:
        with self._truth.lock:
            group |= fields | {"date_update": self._truth.now_us() // SECOND_US}
            self._events.usergroup("subteam_updated", group)
            self._truth.changed()

    def set_members(self, group: Json, users: list[str]) -> None:
        with self._truth.lock:
            before, updated = group["users"], group["date_update"]
            group |= {"users": users, "user_count": len(users)}
            self.change(group)
            self._events.usergroup_members(group, before, updated)


class GroupMethods:
    def __init__(self, truth: Truth, groups: Groups) -> None:
        self._truth = truth
        self._groups = groups

    def methods(self) -> dict[str, Method]:
        reads, writes = ("usergroups:read",), ("usergroups:write",)
        return {
            "usergroups.list": Method(self.listing, reads),
            "usergroups.users.list": Method(self.members, reads),
            "usergroups.create": Method(self.create, writes),
            "usergroups.update": Method(self.update, writes),
            "usergroups.enable": Method(self.enable, writes),
            "usergroups.disable": Method(self.disable, writes),
            "usergroups.users.update": Method(self.set_members, writes),
        }

    def listing(self, arguments: Arguments) -> Json:
        everyone = arguments.flag("include_disabled")
        groups = plain([group for group in self._truth.usergroups.values() if everyone or not group["date_delete"]])
        if not arguments.flag("include_users"):
            for group in groups:
                group.pop("users")
        return {"usergroups": groups}

    def members(self, arguments: Arguments) -> Json:
        return {"users": plain(self._group(arguments)["users"])}

    def create(self, arguments: Arguments) -> Json:
        name = arguments.required("name", "missing_subteam_name")
        handle = arguments.text("handle") or name.lower().replace(" ", "-")
        for group in self._truth.usergroups.values():
            if group["handle"] == handle:
                raise SlackError("handle_already_exists")
            if group["name"] == name:
                raise SlackError("name_already_exists")
        return {"usergroup": plain(self._groups.add(handle, [], name, told=True))}

    def update(self, arguments: Arguments) -> Json:
        group = self._group(arguments)
        given = {key: arguments.required(key) for key in ("name", "handle", "description") if arguments.text(key)}
        self._groups.change(group, **given)
        return {"usergroup": plain(group)}

    def enable(self, arguments: Arguments) -> Json:
        group = self._group(arguments)
        self._groups.change(group, date_delete=0)
        return {"usergroup": plain(group)}

    def disable(self, arguments: Arguments) -> Json:
        group = self._group(arguments)
        self._groups.change(group, date_delete=self._truth.now_us() // SECOND_US)
        return {"usergroup": plain(group)}

    def set_members(self, arguments: Arguments) -> Json:
        group, users = self._group(arguments), arguments.names("users")
        if not users:
            raise SlackError("no_users_provided")
        if not all(user in self._truth.users for user in users):
            raise SlackError("invalid_users")
        self._groups.set_members(group, users)
        return {"usergroup": plain(group)}

    def _group(self, arguments: Arguments) -> Json:
        group = self._truth.usergroups.get(arguments.required("usergroup", "no_such_subteam"))
        if group is None:
            raise SlackError("no_such_subteam")
        return group
