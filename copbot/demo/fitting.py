"""The example community's history made to fit a coordinator's own files: their channels, their people.

Works on the export folder before anybody reads it, so that the workspace and the import see the same.
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from copbot.core.community import Community

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{6,}")

Json = dict[str, Any]


def fit(folder: Path, communities: Sequence[Community]) -> list[str]:
    """Give the history's channels the first community's names, and add what else the files name: channels and people.

    Returns what was changed or added, a line each, for the person who wrote the files; nothing for the example's own.
    """
    said: list[str] = []
    channels = _load(folder / "channels.json")
    users = _load(folder / "users.json")
    said += _rename(folder, channels, communities[0])
    said += _add_people(users, communities)
    private = _add_channels(channels, users, communities)
    _store(folder / "channels.json", channels)
    _store(folder / "groups.json", private)
    _store(folder / "users.json", users)
    return said


def groups_named(communities: Iterable[Community]) -> list[str]:
    """The user groups that the roles name, by handle or ID."""
    references = dict.fromkeys(r for c in communities for r in (*c.roles.coordinators, *c.roles.moderators))
    return [r for r in references if "@" not in r[1:] and not _USER_ID.fullmatch(r)]


def _rename(folder: Path, channels: list[Json], community: Community) -> list[str]:
    places = dict(zip(("data-integration", "registers"), community.channels.discussion, strict=False))
    if community.channels.introductions:
        places["introductions"] = community.channels.introductions
    said = []
    for channel in channels:
        old = channel["name"]
        reference = places.get(old, f"#{old}")
        if reference.removeprefix("#") == old:
            continue
        if _CHANNEL_ID.fullmatch(reference):
            channel["id"] = reference
        channel["name"] = reference.removeprefix("#").lower()
        (folder / old).rename(folder / channel["name"])
        said.append(f"the example's #{old} became your {reference}")
    return said


def _add_channels(channels: list[Json], users: list[Json], communities: Sequence[Community]) -> list[Json]:
    """Adds open channels to ``channels`` and returns the closed ones: the moderators'."""
    private: list[Json] = []
    general = next(channel for channel in channels if channel["is_general"])
    for community in communities:
        moderators = community.channels.moderators
        onboarding = community.onboarding.starts_channel if community.onboarding else None
        named = [*community.channels.watched, *(post.channel for post in community.posts), onboarding, moderators]
        for reference in dict.fromkeys(filter(None, named)):
            if any(reference in (c["id"], f"#{c['name']}", c["name"]) for c in [*channels, *private]):
                continue
            closed = reference == moderators
            members = _people_of(community, users) if closed else general["members"]
            (private if closed else channels).append(_channel(reference, members, len(channels) + len(private)))
    return private


def _channel(reference: str, members: list[str], number: int) -> Json:
    is_id = _CHANNEL_ID.fullmatch(reference) is not None
    return {
        "id": reference if is_id else f"C0EXAMPLE{number:02d}",
        "name": reference.removeprefix("#").lower(),
        "created": 0,
        "creator": members[0] if members else "",
        "is_archived": False,
        "is_general": False,
        "members": members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _people_of(community: Community, users: list[Json]) -> list[str]:
    references = dict.fromkeys((*community.roles.coordinators, *community.roles.moderators))
    return [user["id"] for user in users if user["id"] in references or _email(user) in references]


def _add_people(users: list[Json], communities: Sequence[Community]) -> list[str]:
    said = []
    model = next(user for user in users if not user["is_bot"])
    references = dict.fromkeys(r for c in communities for r in (*c.roles.coordinators, *c.roles.moderators))
    for number, reference in enumerate(references):
        if any(reference in (user["id"], _email(user)) for user in users):
            continue
        if _USER_ID.fullmatch(reference):
            users.append(_person(model, reference, f"Person {reference}", "", communities[0].timezone))
        elif "@" in reference[1:]:
            words = re.split(r"[._+-]+", reference.split("@")[0])
            name = " ".join(word.capitalize() for word in words if word)
            users.append(_person(model, f"U0EXAMPLE{number:02d}", name, reference, communities[0].timezone))
        else:
            continue
        said.append(f"{users[-1]['real_name']} ({reference}) was added to the workspace")
    return said


def _person(model: Json, user: str, name: str, email: str, timezone: str) -> Json:
    profile = model["profile"] | {
        "real_name": name,
        "real_name_normalized": name,
        "display_name": name,
        "display_name_normalized": name,
        "email": email,
    }
    changed = {"id": user, "name": name.lower().replace(" ", "."), "real_name": name, "deleted": False, "tz": timezone}
    return model | changed | {"profile": profile, "is_admin": False, "is_owner": False, "is_primary_owner": False}


def _email(user: Json) -> str:
    return str(user["profile"].get("email", ""))


def _load(path: Path) -> list[Json]:
    content: list[Json] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _store(path: Path, content: list[Json]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
