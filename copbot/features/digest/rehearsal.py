"""``preview digest``: what a member would get, made as the real one is; it notes nothing and sends nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from copbot.core.attention.quiet_hours import zone_of
from copbot.core.community import Community
from copbot.core.digest import Entry
from copbot.core.ports import Context, Tx
from copbot.core.previews import Preview, Shown, Wanted
from copbot.core.records import Person
from copbot.core.time import to_us
from copbot.features.digest import views
from copbot.features.digest.gathering import discussion_of
from copbot.features.digest.schedule import next_of
from copbot.features.digest.selection import entries
from copbot.features.digest.service import Making, making, wants_digest

NAME = "digest"
SOMEBODY = "Sam Member"
UNKNOWN = "Nobody of this name is known. "
SEEN_NOTHING = "As somebody gets it who has seen nothing."
NOTHING = "there is nothing to tell: nothing is sent"


def show(ctx: Context, tx: Tx, community: Community, wanted: Wanted) -> Sequence[Shown]:
    """The digest that somebody would get at a moment. Without a name nothing: each member's comes at an hour of their own."""
    if wanted.name != NAME or community.digest is None:
        return ()
    made = making(ctx, tx, community, wanted.at)
    person = _reader(ctx, tx, community, wanted)
    is_known = tx.facts.person(person.user) is not None
    found = made.entries(person.user, made.signs([person.user])[person.user]) if is_known else _everything(made)
    notes = () if found else (NOTHING,)
    if is_known and not wants_digest(tx.preferences.of(person.user), to_us(wanted.at)):
        notes = (*notes, "their settings allow no digest now: nothing is sent")
    text = made.text(person, found) if found else ""
    return [
        Shown(
            where=f"a direct message to {person.name or 'you'}",
            when=_when(next_of(ctx, tx, community, person.user, wanted.at), person, community),
            why="" if is_known else f"{UNKNOWN if wanted.as_name else ''}{SEEN_NOTHING}",
            text=text,
            blocks=views.blocks(text) if found else (),
            notes=notes,
            name=NAME,
        )
    ]


def names(community: Community) -> Sequence[str]:
    return () if community.digest is None else (NAME,)


PREVIEW = Preview(show, names)


def _reader(ctx: Context, tx: Tx, community: Community, wanted: Wanted) -> Person:
    """Who asks; in the terminal the member of the name that was given, else somebody new."""
    person = tx.facts.person(wanted.user) if wanted.user else _named(ctx, tx, community, wanted.as_name)
    person = person or Person(wanted.user, name=wanted.as_name or SOMEBODY)
    return replace(person, locale=wanted.language or person.locale)


def _named(ctx: Context, tx: Tx, community: Community, name: str) -> Person | None:
    wanted = name.strip().casefold()
    people = (tx.facts.person(one.user) for one in tx.digests.readers(discussion_of(ctx, community)))
    return next((one for one in people if wanted and one is not None and one.name.casefold() == wanted), None)


def _everything(made: Making) -> list[Entry]:
    """For somebody who has seen nothing, in the channels that everybody may read."""
    private = made.tx.digests.private(made.channels)
    public = [channel for channel in made.channels if channel not in private]
    return entries(made.gathered, "", dict.fromkeys(public, made.floor_us))


def _when(at: datetime | None, person: Person, community: Community) -> str:
    if at is None:
        return "at an hour of their own"
    local = at.astimezone(zone_of(person.timezone, community.timezone))
    zone = local.tzinfo.key if isinstance(local.tzinfo, ZoneInfo) else ""
    return f"next {local:%a} {local.day} {local:%b %Y %H:%M} ({zone})"
