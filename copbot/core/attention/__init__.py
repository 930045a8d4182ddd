"""The ledger of attention: everything that the bot sends to a person by itself passes here, across all features and communities.

The rule (``rule.py``) is asked at the moment of sending, in the transaction that claims the message: what a member changed a
second ago holds, and however many features planned something for the same hour, one account is looked at. What was decided stands in
the ledger with its reason.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from copbot.core.attention.quiet_hours import outside_quiet, quiet_of, zone_of
from copbot.core.attention.rule import WEEK_US, Wanted, decide
from copbot.core.attention.terms import BUDGETED, SUBJECT_OF, TERMS, is_governed
from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery, Kind
from copbot.core.interaction import Press
from copbot.core.ports import Context, Tx
from copbot.core.ports.attention import Decision, Entry, Held
from copbot.core.preferences import Preferences
from copbot.core.records import Person
from copbot.core.time import from_us, to_us

GOVERNED: tuple[Kind, ...] = tuple(TERMS)

CONTROLS = "attention:"
"""How the ``action_id`` of each button begins that is about a message, not an answer to it: why, less, off."""

LEFT = Decision("never", "they have left")


def may_go(ctx: Context, tx: Tx, delivery: Delivery, now: datetime) -> bool:
    """Whether a message that is due goes out now. What was decided on it, and on all else that waits for the same member, is recorded.

    To be asked in the transaction that claims it. True for whatever the rule has no say in: posts in channels, updates, answers.
    """
    if not is_governed(delivery.outgoing):
        return True
    found = _decided(ctx, tx, delivery.outgoing.target, now)
    own = next((decision for entry, decision in found if entry.id == delivery.id), None)
    if own is None:
        return False  # another process was faster
    for entry, decision in found:
        if entry.id == delivery.id:
            tx.ledger.record(entry, decision, to_us(now))
        elif own.outcome != "go":  # else they are decided on when this one was said
            _record(tx, entry, decision, now)
    return own.outcome == "go"


def answered(tx: Tx, press: Press, now: datetime) -> None:
    """Note that a message of the bot's was answered, when somebody presses something in it; the first press of a message counts."""
    if press.channel and press.message_us and not press.action_id.startswith(CONTROLS):
        tx.ledger.answered(press.channel, press.message_us, to_us(now))


def changed(ctx: Context, tx: Tx, user: str, now: datetime) -> None:
    """Decide again on all that waits for a member whose settings were changed, in the transaction that saves them."""
    for entry, decision in _decided(ctx, tx, user, now):
        _record(tx, entry, decision, now)


def _record(tx: Tx, entry: Entry, decision: Decision, now: datetime) -> None:
    at_us = to_us(now) if decision.at_us is None else decision.at_us
    if decision.outcome == "go" and entry.due_us > at_us:
        tx.ledger.record(entry, Decision("wait", decision.why, at_us), to_us(now))
    elif decision.outcome != "go" and not (decision.outcome == "wait" and entry.due_us == at_us):
        tx.ledger.record(entry, decision, to_us(now))


def _decided(ctx: Context, tx: Tx, user: str, now: datetime) -> list[tuple[Entry, Decision]]:
    entries = tx.ledger.account(user, GOVERNED, to_us(now) - WEEK_US)
    waiting = [entry for entry in entries if entry.said_us is None]
    if not waiting:
        return []
    person = tx.facts.person(user) or Person(user)
    if person.is_deleted:
        return [(entry, LEFT) for entry in waiting]
    return decide_account(ctx.communities(), person, entries, tx.preferences.of(user), to_us(now))


def decide_account(
    communities: Sequence[Community], person: Person, entries: Sequence[Entry], preferences: Preferences, now_us: int
) -> list[tuple[Entry, Decision]]:
    """The rule on one member's account: a decision for each entry that waits."""
    waiting = [entry for entry in entries if entry.said_us is None]
    said_us = [entry.said_us for entry in entries if entry.said_us is not None and entry.kind in BUDGETED]
    wanted = [_wanted(communities, person, entry) for entry in waiting]
    return list(zip(waiting, decide(wanted, said_us, preferences, now_us), strict=True))


def _wanted(communities: Sequence[Community], person: Person, entry: Entry) -> Wanted:
    """A message of a community that is in the files no more, and one of none, keeps the budget that holds where nothing is said."""
    community = next((one for one in communities if one.id == entry.community), None)
    attention = Attention() if community is None else community.attention
    zone = zone_of(person.timezone, "UTC" if community is None else community.timezone)
    has_digest = community is not None and community.digest is not None
    return Wanted(entry.kind, entry.wanted_us, attention, zone, entry.expires_us, has_digest)


# --- for those who plan -----------------------------------------------------------------------------------------------


def free_at(
    tx: Tx,
    community: Community,
    person: Person,
    now: datetime,
    kind: Kind,
    *,
    wanted: datetime | None = None,
    expires: datetime | None = None,
) -> datetime | None:
    """When a message of a kind to a person could go out, were it planned now: ``now``, or later, behind all that waits for them already
    and goes first. ``now`` too where it would join their digest: the ledger says so when it is planned. None where it would not be sent.

    ``wanted``: since when there is something to say, ``now`` where nothing else is said.
    """
    if person.is_deleted:
        return None
    wanted_us = to_us(now if wanted is None else wanted)
    new = Entry(0, "", kind, community.id, wanted_us, to_us(now), None if expires is None else to_us(expires))
    decision = _would_be(tx, community, person, tx.preferences.of(person.user), new, now)
    if decision.outcome in ("go", "digest"):
        return now
    return None if decision.at_us is None else from_us(decision.at_us)


def has_room(tx: Tx, community: Community, person: Person, now: datetime, kind: Kind) -> bool:
    """Whether a message of a kind would go out within this day, whatever the hour: the member wants it, and has room for it now."""
    preferences = replace(tx.preferences.of(person.user), quiet=None)
    new = Entry(0, "", kind, community.id, to_us(now), to_us(now))
    return _would_be(tx, community, person, preferences, new, now).outcome == "go"


def _would_be(
    tx: Tx, community: Community, person: Person, preferences: Preferences, new: Entry, now: datetime
) -> Decision:
    """What would be decided on a message that is not planned yet. Of its kind, what was there first goes first. Its own community is
    enough to know: what waits of others counts by the room that it takes."""
    entries = tx.ledger.account(person.user, GOVERNED, to_us(now) - WEEK_US)
    found = decide_account((community,), person, [*entries, new], preferences, to_us(now))
    return next(decision for entry, decision in found if entry is new)


def awake_at(tx: Tx, community: Community, person: Person, at: datetime) -> datetime:
    """``at``, or the end of the person's quiet hours in which it falls: their own where they have set some."""
    quiet = quiet_of(tx.preferences.of(person.user), community.attention.quiet)
    return outside_quiet(at, quiet, zone_of(person.timezone, community.timezone))


def for_digest(tx: Tx, user: str, since: datetime) -> Sequence[Held]:
    """What joined a member's digest since then, without what they have turned off meanwhile."""
    off = tx.preferences.of(user).off
    return [held for held in tx.ledger.for_digest(user, to_us(since)) if SUBJECT_OF.get(held.kind) not in off]
