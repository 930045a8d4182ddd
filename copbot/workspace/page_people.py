"""The people as the page's pickers list them: by role, found by a few letters, never all of them at once."""

import unicodedata
from collections.abc import Mapping

from copbot.workspace.truth import Json, Truth

IN_GROUP = 12
"""People shown of each role before anything is searched for: a page must not draw thousands of names."""

FOUND = 40
NEW_S = 30 * 86_400
ROLES = {
    "newcomer": "Newcomers",
    "coordinator": "Coordinators",
    "moderator": "Moderators",
    "core": "Core members",
    "active": "Active members",
    "peripheral": "Peripheral members",
    "dormant": "Dormant members",
    "member": "Members",
}


def shown_name(user: Json) -> str:
    """``display_name`` may be empty, and any field may be missing."""
    profile = user.get("profile") or {}
    return str(user.get("real_name") or profile.get("display_name") or user.get("name") or user["id"])


def is_person(user: Json) -> bool:
    """Somebody that one can be on the page."""
    return not (user.get("is_bot") or user.get("deleted") or user["id"] == "USLACKBOT")


def card(user: Json) -> Json:
    """What the page needs to name somebody."""
    return {
        "id": user["id"],
        "name": shown_name(user),
        "handle": str(user.get("name") or ""),
        "tz": user.get("tz") or "UTC",
        "is_bot": bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        "deleted": bool(user.get("deleted")),
    }


def role_of(truth: Truth, user: Json, told: Mapping[str, str], opened_s: int) -> str:
    """A key of ``ROLES``: what the app says of a person, else newcomer for 30 days to whoever came since ``opened_s``,
    the Unix time at which the workspace opened.
    """
    role = told.get(user["id"], "")
    came = int(user.get("updated") or 0)
    is_new = came >= opened_s and truth.now_us() // 1_000_000 - came < NEW_S
    if role in ("coordinator", "moderator") or not is_new:
        return role if role in ROLES else "member"
    return "newcomer"


def groups(truth: Truth, told: Mapping[str, str], opened_s: int, search: str) -> Json:
    """Everybody that one can be, in groups by role; of each group a few, and how many more there are.

    ``told`` is what the app says of people: user ID to a key of ``ROLES``.
    """
    by_role: dict[str, list[Json]] = {role: [] for role in ROLES}
    for user in matching(truth, search):
        by_role[role_of(truth, user, told, opened_s)].append(user)
    by_role["newcomer"].reverse()  # who came last stands first
    shown = FOUND if search else IN_GROUP
    return {
        "groups": [
            {
                "role": role,
                "title": ROLES[role],
                "people": [card(user) for user in found[:shown]],
                "more": max(0, len(found) - shown),
            }
            for role, found in by_role.items()
            if found
        ]
    }


def matching(truth: Truth, search: str) -> list[Json]:
    """People whose name or handle holds the letters, whatever their accents: those with a word that begins so first."""
    wanted = _plain(search)
    people = (user for user in truth.users.values() if is_person(user))
    if not wanted:
        return list(people)
    named = ((_plain(f"{shown_name(user)} {user.get('name') or ''}"), user) for user in people)
    found = [(f" {wanted}" not in f" {name}", name, user) for name, user in named if wanted in name]
    return [user for _, _, user in sorted(found, key=lambda each: each[:2])]


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold().removeprefix("@"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).strip()
