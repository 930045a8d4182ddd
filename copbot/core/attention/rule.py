"""The rule of attention: of all that waits for one member, what goes now, what waits and until when, what joins their digest, and what is
not sent at all; each with its reason in words. Plain values in, plain values out.

One budget across all communities and features: each message is held against the budget of the community that sends it, and everything
that the member was told counts. A day is both the last 24 hours and the member's own calendar day, so that neither ever holds more, also
on a day that a change of clocks makes longer or shorter; a week is the last 7 days. Instants named ``…_us`` are microseconds since the
epoch.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.attention.quiet_hours import outside_quiet, quiet_of
from copbot.core.attention.terms import SUBJECT_OF, TERMS, Terms
from copbot.core.community import Attention
from copbot.core.delivery import Kind
from copbot.core.ports.attention import Decision
from copbot.core.preferences import Preferences
from copbot.core.time import DAY_US, Hours, from_us, to_us

WEEK_US = 7 * DAY_US
"""How far back, and ahead, what a person was told counts against the budget."""

NO_ROOM = "the budget of messages is spent"
ALLOWS_NONE = "`attention.member` in the community's file allows no messages to members"


@dataclass(frozen=True)
class Wanted:
    """A message that waits. ``wanted_us``: it never goes before, and its time counts from there. ``attention`` is its community's;
    ``zone`` the member's own or, where that is not known, its community's. ``has_digest``: whether its community sends any."""

    kind: Kind
    wanted_us: int
    attention: Attention
    zone: ZoneInfo
    expires_us: int | None = None
    has_digest: bool = True


@dataclass(frozen=True)
class _Taken:
    """A place that is taken: by what was said, or (with the budget that has to hold there) by what goes first."""

    at_us: int
    day: int | None = None
    week: int | None = None


def decide(waiting: Sequence[Wanted], said_us: Sequence[int], preferences: Preferences, now_us: int) -> list[Decision]:
    """What becomes of each message that waits for one member, in the order given. ``said_us``: when they were told what used up their
    attention, in the last week at least."""
    taken = [_Taken(at_us) for at_us in sorted(said_us)]
    decisions: dict[int, Decision] = {}
    for number in sorted(range(len(waiting)), key=lambda one: (TERMS[waiting[one].kind].rank, waiting[one].wanted_us)):
        wanted = waiting[number]
        decision = decisions[number] = _decide_one(wanted, taken, preferences, now_us)
        if decision.outcome in ("go", "wait") and TERMS[wanted.kind].is_budgeted:
            assert decision.at_us is not None
            insort(taken, _Taken(decision.at_us, wanted.attention.member_day, wanted.attention.member_week), key=_at)
    return [decisions[number] for number in range(len(waiting))]


def _decide_one(wanted: Wanted, taken: Sequence[_Taken], preferences: Preferences, now_us: int) -> Decision:
    terms = TERMS[wanted.kind]
    if not terms.is_a_duty and (refusal := _refusal(wanted.kind, preferences)):
        return Decision("never", refusal)
    if terms.is_budgeted and 0 in (wanted.attention.member_day, wanted.attention.member_week):
        return Decision("never", ALLOWS_NONE)
    until_us = wanted.wanted_us + terms.useful_us
    until_us = until_us if wanted.expires_us is None else min(until_us, wanted.expires_us)
    if now_us > until_us:
        return Decision("expired", "it is of no use any more")
    if preferences.mode == "light" and terms.is_budgeted and wanted.kind != "digest":
        because, obstacle = "they want the digest alone", _no_digest(wanted, terms, preferences)
        return Decision("expired", f"{because}, and {obstacle}") if obstacle else Decision("digest", because)
    at_us, because = _next_place(wanted, terms, taken, preferences, max(now_us, wanted.wanted_us), until_us)
    is_impatient = at_us > max(now_us, wanted.wanted_us + (terms.patience_us or 0))
    if is_impatient and preferences.mode != "everything" and not _no_digest(wanted, terms, preferences):
        return Decision("digest", because)
    if at_us > until_us:
        return Decision("expired", f"{because}, for as long as it was of use")
    if at_us > now_us:
        return Decision("wait", because or "it is not wanted before", at_us)
    day, week = wanted.attention.member_day, wanted.attention.member_week
    if not terms.is_budgeted:
        return Decision("go", "it is free of the budget", now_us)
    return Decision("go", _room_in_words(taken, now_us, day, week), now_us, day, week)


def _refusal(kind: Kind, preferences: Preferences) -> str:
    """Why the member does not want this kind at all; "" where they do."""
    if preferences.mode == "off":
        return "they turned everything off"
    subject = SUBJECT_OF.get(kind)
    return f"they turned {subject} off" if subject in preferences.off else ""


def _no_digest(wanted: Wanted, terms: Terms, preferences: Preferences) -> str:
    """Why a message cannot join the member's digest; "" where it can."""
    if terms.patience_us is None:
        return "a digest cannot say it"
    if "digest" in preferences.off:
        return "they turned the digest off"
    return "" if wanted.has_digest else "their community sends none"


def _room_in_words(taken: Sequence[_Taken], now_us: int, day: int, week: int) -> str:
    lately = [len(_within(taken, now_us, span_us)) + 1 for span_us in (DAY_US, WEEK_US)]
    return f"there is room: {lately[0]} of {day} in a day, {lately[1]} of {week} in a week"


# --- the next place ---------------------------------------------------------------------------------------------------


def _next_place(
    wanted: Wanted, terms: Terms, taken: Sequence[_Taken], preferences: Preferences, since_us: int, until_us: int
) -> tuple[int, str]:
    """The first instant from ``since_us`` on at which nothing stands in the way of a message, with what did before; some instant after
    ``until_us`` where there is none up to then."""
    at_us, because = since_us, ""
    if preferences.paused_until_us is not None and preferences.paused_until_us > at_us and not terms.is_a_duty:
        at_us, because = preferences.paused_until_us, "they paused all messages"
    quiet = quiet_of(preferences, wanted.attention.quiet)
    while at_us <= until_us:
        begun_us = at_us
        if terms.waits_for_morning:
            at_us = _awake_us(at_us, quiet, wanted.zone)
            because = "it was within their quiet hours" if at_us > begun_us else because
        if terms.is_budgeted:
            awake_us = at_us
            at_us = _room_us(wanted.attention, taken, awake_us, wanted.zone)
            because = NO_ROOM if at_us > awake_us else because
        if at_us == begun_us:
            break
    return at_us, because


def _awake_us(at_us: int, quiet: Hours | None, zone: ZoneInfo) -> int:
    if quiet is None or quiet.start == quiet.end:
        return at_us
    return to_us(outside_quiet(from_us(at_us), quiet, zone))


def room_us(attention: Attention, said_us: Sequence[int], at_us: int, zone: ZoneInfo) -> int | None:
    """When one more message fits, after what was said: ``at_us`` or later, whatever the hour; None for never."""
    if 0 in (attention.member_day, attention.member_week):
        return None
    taken = [_Taken(one_us) for one_us in sorted(said_us)]
    while (next_us := _room_us(attention, taken, at_us, zone)) > at_us:
        at_us = next_us
    return at_us


def _room_us(attention: Attention, taken: Sequence[_Taken], at_us: int, zone: ZoneInfo) -> int:
    """``at_us``, or the first later instant that may have room, when one more message there is one too many: in the windows that end with
    it, or in those of what goes later and has the higher rank."""
    if not taken or at_us - taken[-1].at_us >= WEEK_US:
        return at_us
    for span_us, allowed in ((DAY_US, attention.member_day), (WEEK_US, attention.member_week)):
        before = _within(taken, at_us, span_us)
        if len(before) >= allowed:
            return before[-allowed].at_us + span_us
    start_us, end_us = _day_us(at_us, zone)
    if len(_between(taken, start_us, at_us + 1)) >= attention.member_day:
        return end_us
    for later in _between(taken, at_us, at_us + WEEK_US):
        day = attention.member_day if later.day is None else later.day
        week = attention.member_week if later.week is None else later.week
        is_same_day = later.at_us < end_us and len(_between(taken, start_us, later.at_us + 1)) >= day
        is_within_day = later.at_us - at_us < DAY_US and len(_within(taken, later.at_us, DAY_US)) >= day
        if is_same_day or is_within_day or len(_within(taken, later.at_us, WEEK_US)) >= week:
            return max(later.at_us, at_us + 1)
    return at_us


def _within(taken: Sequence[_Taken], until_us: int, span_us: int) -> Sequence[_Taken]:
    """What stands in ``(until - span, until]``."""
    return _between(taken, until_us - span_us + 1, until_us + 1)


def _between(taken: Sequence[_Taken], since_us: int, until_us: int) -> Sequence[_Taken]:
    """What stands in ``[since, until)``."""
    return taken[bisect_left(taken, since_us, key=_at) : bisect_left(taken, until_us, key=_at)]


def _at(place: _Taken) -> int:
    return place.at_us


def _day_us(at_us: int, zone: ZoneInfo) -> tuple[int, int]:
    """The calendar day around an instant by the clocks of ``zone``, ``[start, end)``."""
    day = from_us(at_us).astimezone(zone).date()
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return min(at_us, to_us(start)), max(at_us + 1, to_us(end))
