"""In which columns of which tables people stand, and what becomes of each when one of them is forgotten.

A table is either in ``PEOPLE`` or in ``IMPERSONAL``: a test asks it of every new one. Whatever is said here, an erasure is over only when a
search through all texts of the database finds the person no more (``erasure.py``).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, or_, select

from copbot.adapters.store import tables
from copbot.core.facts import NOBODY

TABLES: Mapping[str, Table] = tables.metadata.tables

PEOPLE: Mapping[str, Sequence[str]] = {
    "slack_user": ("slack_id",),
    "membership": ("user_id",),
    "message": ("user_id",),
    "reaction": ("user_id",),
    "inbox": ("slack_user",),
    "delivery": ("target", "subject"),
    "journey": ("user_id",),
    "given_answer": ("journey_id",),
    "outcome": ("journey_id",),
    "card": ("author", "claimed_by", "duty", "marked_by", "reopened_by", "answered_by", "settled_by"),
    "asked_person": ("slack_user", "by_user"),
    "post_control": ("by_user",),
    "suggestion": ("slack_user", "decided_by"),
    "referral": ("newcomer", "inviter"),
    "recognition": ("slack_user",),
    "pulse_taken": ("slack_user",),
    "story": ("slack_user",),
    "story_told": ("story_id",),
    "moderation_case": ("author",),
    "case_report": ("reporter",),
    "case_step": ("actor",),
    "preference": ("slack_user",),
    "digest_made": ("slack_user",),
    "audit": ("actor", "subject"),
}
"""The columns by which a row is about a person, or something that they did."""

IMPERSONAL = frozenset(
    {
        *("team", "channel", "day_rollup", "kept_text", "taken_file", "backfill", "good_file"),
        *("question_use", "template_use", "recognition_pass", "pulse_round", "pulse_answer"),
        *("nightly_run", "lead_lease", "privacy_secret", "hidden_person", "erasure", "opt_out"),
    }
)
"""Tables without people. ``day_rollup`` knows them by the store's keys alone and is worked out anew; ``good_file`` is the coordinators' own
text, which they change."""

NOT_SEARCHED = frozenset({"good_file", "erasure", "slack_user", "privacy_secret", "hidden_person"})

OWN: Sequence[tuple[str, str]] = (
    ("given_answer", "journey_id"),
    ("outcome", "journey_id"),
    ("journey", "user_id"),
    ("story_told", "story_id"),
    ("story", "slack_user"),
    ("membership", "user_id"),
    ("inbox", "slack_user"),
    ("asked_person", "slack_user"),
    ("referral", "newcomer"),
    ("referral", "inviter"),
    ("recognition", "slack_user"),
    ("pulse_taken", "slack_user"),
    ("preference", "slack_user"),
    ("digest_made", "slack_user"),
)
"""What goes as a whole, in this order: nothing refers to what goes before it."""


class Neutral(NamedTuple):
    table: str
    column: str
    instead: str | None  # None: there is nobody


NEUTRAL: Sequence[Neutral] = (
    *(
        Neutral("card", column, NOBODY)
        for column in ("author", "marked_by", "reopened_by", "answered_by", "settled_by")
    ),
    *(Neutral("card", column, None) for column in ("claimed_by", "duty")),  # it is free again
    Neutral("asked_person", "by_user", NOBODY),
    Neutral("post_control", "by_user", NOBODY),
    Neutral("suggestion", "decided_by", NOBODY),
    Neutral("moderation_case", "author", NOBODY),
    Neutral("case_step", "actor", NOBODY),
    Neutral("delivery", "subject", NOBODY),
    Neutral("audit", "actor", NOBODY),
    Neutral("audit", "subject", NOBODY),
)
"""What stays without the person: the community's own record of what was asked, answered, decided and done."""


def about(table: str, column: str, user: str, key: int | None) -> ColumnElement[bool]:
    """The rows of a table in which a column names a person. ``key``: the store's own of them, None where it knows them by ID alone."""
    named = TABLES[table].c[column]
    if column == "user_id":
        return named == key
    if column == "journey_id":
        return named.in_(select(TABLES["journey"].c.id).where(TABLES["journey"].c.user_id == key))
    if column == "story_id":
        return named.in_(select(TABLES["story"].c.id).where(TABLES["story"].c.slack_user == user))
    return named == user


def about_any(table: str, user: str, key: int | None) -> ColumnElement[bool]:
    return or_(*(about(table, column, user, key) for column in PEOPLE[table]))
