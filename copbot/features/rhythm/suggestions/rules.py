"""Questions that members suggest: which are taken in, and how they join a post's rotation. Pure.

Decided here: an approved question that was never asked goes before those of the file, for a member waits for it; asked once, it takes
its turn like any other. Questions are alike when their words are, whatever their case and signs.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from copbot.core.community import Community
from copbot.core.mrkdwn import unescape
from copbot.core.posts import Post
from copbot.core.records import Person, Suggestion

LONGEST = 400
"""Characters: what a phone shows of a message before it folds it (as `copbot check` has it)."""

MOST_WAITING = 5
"""Suggestions of one member's that wait at a time, so that nobody fills the moderators' channel."""

Objection = Literal["no words", "long", "in the rotation", "waiting", "yours waits", "was declined", "too many"]

_SLACKS = re.compile(r"<(?:([@#])([A-Z0-9]+)(?:\|([^<>]*))?|!([a-z]+)[^<>]*|((?:https?|mailto):[^<>|]*)(?:\|[^<>]*)?)>")


def as_typed(text: str, names: Mapping[str, str]) -> str:
    """What a person typed behind the command, as plain text in one paragraph. ``names``: of users and channels, by ID."""

    def written(match: re.Match[str]) -> str:
        sign, known, label, everyone, address = match.groups()
        if sign:
            return f"{sign}{label or names.get(known, 'someone' if sign == '@' else 'a channel')}"
        return f"@{everyone}" if everyone else str(address).removeprefix("mailto:")

    return paragraph(unescape(_SLACKS.sub(written, text)))


def ids_in(text: str) -> frozenset[str]:
    """The users and channels that a text names by their ID alone."""
    return frozenset(match[2] for match in _SLACKS.finditer(text) if match[2] and not match[3])


def paragraph(text: str) -> str:
    """One paragraph: line breaks and runs of spaces become one space; a question mark or the like is kept as it is."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def alike(question: str) -> str:
    """What two questions that are the same have in common: their words, without case and signs."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", question).casefold()))


def rotations(community: Community) -> tuple[Post, ...]:
    """The posts that ask questions: those that a suggestion can join."""
    return tuple(post for post in community.posts if post.questions)


def objection(
    question: str,
    user: str,
    in_rotation: Collection[str],
    waiting: Sequence[Suggestion],
    declined: Sequence[Suggestion],
) -> Objection | None:
    """Why a question is not taken in; None when it is. ``in_rotation`` are the questions that are asked already."""
    words = alike(question)
    if not words:
        return "no words"
    if len(question) > LONGEST:
        return "long"
    if words in {alike(one) for one in in_rotation}:
        return "in the rotation"
    same = [one for one in waiting if alike(one.question) == words]
    if same:
        return "yours waits" if any(one.user == user for one in same) else "waiting"
    if any(one.user == user and alike(one.question) == words for one in declined):
        return "was declined"
    return "too many" if sum(one.user == user for one in waiting) >= MOST_WAITING else None


def questions_of(post: Post, approved: Sequence[Suggestion]) -> tuple[str, ...]:
    """A post's whole rotation: the approved suggestions that joined it, as they were approved, then the file's own."""
    joined = sorted((one for one in approved if one.post == post.id), key=lambda one: (one.decided_us or 0, one.id))
    by_words: dict[str, str] = {}
    for question in (*(one.question for one in joined), *post.questions):
        by_words.setdefault(alike(question) or question, question)
    return tuple(by_words.values()) if post.questions else ()


def suggestion_of(question: str, post: Post, approved: Sequence[Suggestion]) -> Suggestion | None:
    """The suggestion that a question of a post's comes from; None for one of the file's own."""
    words = alike(question)
    return next((one for one in approved if one.post == post.id and alike(one.question) == words), None)


def credit(suggestion: Suggestion, person: Person | None) -> str:
    """Who is named when it is asked: the member, unless they would rather not be or have left; plain text."""
    if suggestion.is_named and person is not None and person.name and not person.is_deleted:
        return person.name
    return "a member"
