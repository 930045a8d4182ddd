"""The laws of attention, over any sequence of wants, settings, clocks and hours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY

from copbot.core import attention
from copbot.core.attention.quiet_hours import quiet_of, zone_of
from copbot.core.attention.rule import WEEK_US
from copbot.core.attention.terms import BUDGETED, SUBJECT_OF, TERMS
from copbot.core.community import Attention, Community
from copbot.core.delivery import Delivery, Kind, Outgoing
from copbot.core.ports import Context, Tx
from copbot.core.ports.attention import Decision, Entry
from copbot.core.preferences import MODES, SUBJECTS, Preferences
from copbot.core.records import Person
from copbot.core.time import DAY_US, Hours, from_us, to_us

COMMUNITIES = (
    replace(COMMUNITY, id="a", timezone="Europe/Berlin"),
    replace(
        COMMUNITY, id="b", timezone="Australia/Lord_Howe", attention=Attention(2, 4, quiet=Hours(time(22), time(6)))
    ),
    replace(COMMUNITY, id="c", timezone="UTC", attention=Attention(3, 3, quiet=None)),
)


@dataclass
class Ledger:
    """A ledger in memory that keeps what it is told, and everything that was said with the settings of that moment."""

    person: Person
    now_us: int
    settings: Preferences = field(default_factory=lambda: Preferences("U1"))
    entries: dict[int, Entry] = field(default_factory=dict)
    skipped: dict[int, Decision] = field(default_factory=dict)
    said: list[Entry] = field(default_factory=list)

    @property
    def ledger(self) -> "Ledger":
        return self

    @property
    def tx(self) -> Tx:
        facts = SimpleNamespace(person=lambda _user: self.person)
        preferences = SimpleNamespace(of=lambda _user: self.settings)
        return cast(Tx, SimpleNamespace(ledger=self, facts=facts, preferences=preferences))

    def account(self, _user: str, _kinds: Collection[Kind], since_us: int) -> Sequence[Entry]:
        return [*self.entries.values(), *(one for one in self.said if (one.said_us or 0) >= since_us)]

    def record(self, entry: Entry, decision: Decision, _now_us: int) -> None:
        assert decision.why
        if decision.outcome in ("digest", "expired", "never"):
            self.skipped[entry.id] = decision
            self.entries.pop(entry.id)
        elif decision.outcome == "wait":
            assert decision.at_us is not None
            self.entries[entry.id] = replace(entry, due_us=decision.at_us)

    def plan(self, kind: Kind, community: Community, delay: timedelta) -> None:
        number = len(self.entries) + len(self.skipped) + len(self.said) + 1
        due_us = self.now_us + int(delay.total_seconds() * 1_000_000)
        self.entries[number] = Entry(number, str(number), kind, community.id, due_us, due_us)

    def send(self) -> list[Entry]:
        """Send what is due and may go, in the order of the outbox."""
        sent: list[Entry] = []
        while due := sorted((one.due_us, one.id) for one in self.entries.values() if one.due_us <= self.now_us):
            entry = self.entries[due[0][1]]
            if attention.may_go(CTX, self.tx, _delivery(entry), from_us(self.now_us)):
                self.said.append(replace(entry, said_us=self.now_us))
                self.entries.pop(entry.id)
                sent.append(self.said[-1])
            else:
                left = self.entries.get(entry.id)
                assert left is None or left.due_us > self.now_us, "what does not go is put off, or over"
        return sent


CTX = cast(Context, SimpleNamespace(communities=lambda: COMMUNITIES))


def _delivery(entry: Entry) -> Delivery:
    return Delivery(entry.id, Outgoing(entry.key, entry.kind, "U1", "", entry.due_us, community=entry.community), "due")


def _of(entry: Entry) -> Community:
    return next(one for one in COMMUNITIES if one.id == entry.community)


def _check(ledger: Ledger, sent: Sequence[Entry]) -> None:
    for entry in sent:
        terms, community = TERMS[entry.kind], _of(entry)
        zone = zone_of(ledger.person.timezone, community.timezone)
        local = from_us(ledger.now_us).astimezone(zone)
        assert entry.wanted_us <= ledger.now_us, "nothing is early"
        if terms.waits_for_morning:
            quiet = quiet_of(ledger.settings, community.attention.quiet)
            assert quiet is None or local.time() not in quiet, "nothing in quiet hours"
        if not terms.is_a_duty:
            assert ledger.settings.mode != "off"
            assert SUBJECT_OF[entry.kind] not in ledger.settings.off
            assert (ledger.settings.paused_until_us or 0) <= ledger.now_us
        if terms.is_budgeted:
            assert ledger.settings.mode != "light" or entry.kind == "digest"
            _check_budget(ledger, entry, zone)
    _check_ranks(ledger, sent)


def _check_budget(ledger: Ledger, entry: Entry, zone: Any) -> None:
    """By the file of the community that sends it, with all that was said up to it."""
    said = ledger.said[: ledger.said.index(entry) + 1]
    said_us = [one.said_us for one in said if one.kind in BUDGETED and one.said_us is not None]
    now_us, most = ledger.now_us, _of(entry).attention
    assert sum(now_us - DAY_US < us <= now_us for us in said_us) <= most.member_day, "never beyond the day"
    assert sum(now_us - WEEK_US < us <= now_us for us in said_us) <= most.member_week, "never beyond the week"
    today = from_us(now_us).astimezone(zone).date()
    assert sum(us <= now_us and from_us(us).astimezone(zone).date() == today for us in said_us) <= most.member_day


def _check_ranks(ledger: Ledger, sent: Sequence[Entry]) -> None:
    """Nothing of a higher rank still waits that could have gone now in the place of what went."""
    budgeted = [one for one in sent if TERMS[one.kind].is_budgeted]
    for waiting in ledger.entries.values():
        lower = [one for one in budgeted if TERMS[one.kind].rank > TERMS[waiting.kind].rank]
        if lower and TERMS[waiting.kind].is_budgeted:
            before = [
                one for one in ledger.account("", (), ledger.now_us - WEEK_US) if one.said_us and one not in lower
            ]
            ((_, alone),) = attention.decide_account(
                COMMUNITIES, ledger.person, [waiting, *before], ledger.settings, ledger.now_us
            )
            assert alone.outcome != "go", f"{waiting.kind} waits behind {[one.kind for one in lower]}"


KINDS = st.sampled_from(sorted(TERMS))
WANTS = st.tuples(
    st.just("want"), st.lists(st.tuples(KINDS, st.integers(0, 2), st.integers(-30, 30)), min_size=1, max_size=6)
)
DAY_S = 24 * 3600
TICKS = st.tuples(st.just("tick"), st.sampled_from([60, 3600, 7 * 3600, DAY_S - 1, DAY_S, DAY_S + 1800, 2 * DAY_S]))
JUMPS = st.tuples(st.just("jump"), st.sampled_from([-3600, -7200, 3 * DAY_S, 30 * DAY_S]))
QUIET = st.sampled_from(["community", None, None, Hours(time(13), time(9)), Hours(time(0), time(2, 30))])
SETS = st.tuples(
    st.just("set"),
    st.sampled_from(MODES),
    st.frozensets(st.sampled_from(sorted(SUBJECTS)), max_size=2),
    QUIET,
    st.sampled_from([None, None, 1, 5, 20]),
)
ZONES = st.sampled_from([None, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "no zone"])
STARTS = st.sampled_from(  # midnight and noon of days on which clocks change, and of one that Apia has not
    [(2026, 10, 24, 22), (2026, 11, 1, 4), (2026, 4, 4, 13), (2026, 3, 28, 23), (2011, 12, 29, 12), (2026, 6, 1, 12)]
)
STEPS = st.one_of(WANTS, WANTS, WANTS, TICKS, TICKS, TICKS, TICKS, SETS, JUMPS)


@settings(max_examples=100)
@given(ZONES, STARTS, QUIET, st.lists(STEPS, min_size=4, max_size=40))
def test_whatever_is_wanted_and_set_the_ledger_keeps_its_laws(
    zone: str | None, start: tuple[int, int, int, int], quiet: Any, steps: list[tuple[Any, ...]]
) -> None:
    ledger = Ledger(Person("U1", timezone=zone), to_us(datetime(*start, tzinfo=UTC)), Preferences("U1", quiet=quiet))
    for what, *values in steps:
        if what == "want":
            for kind, number, hours in values[0]:
                ledger.plan(kind, COMMUNITIES[number], timedelta(hours=max(0, hours)))
        elif what == "set":
            mode, off, quiet, days = values
            paused_us = None if days is None else ledger.now_us + days * DAY_US
            ledger.settings = Preferences("U1", mode, off, quiet, paused_us)
            attention.changed(CTX, ledger.tx, "U1", from_us(ledger.now_us))
        else:
            ledger.now_us += values[0] * 1_000_000
        _check(ledger, ledger.send())
    ledger.now_us += 400 * DAY_US
    ledger.settings = Preferences("U1")
    while ledger.entries:  # nothing vanishes, and nothing waits for ever
        _check(ledger, ledger.send())
        ledger.now_us += DAY_US
