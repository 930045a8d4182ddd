"""Looked up from now backwards, a member stands where the replay of all that they ever did puts them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from copbot.core.community import LevelRule, Participation
from copbot.core.ports.figure import Kinds, MemberCounts, Moment
from copbot.core.records import CountedUser
from copbot.core.time import DAY_US, to_us
from copbot.features.participation.rules import Calendar, Contribution, Standing, standing, weeks_of
from copbot.features.participation.standings import NotKnownYet, Standings

MONDAY = to_us(datetime(2026, 1, 5, tzinfo=UTC))
WEEKS = 30
UTC_ZONE = ZoneInfo("UTC")


def looked_up(
    done: list[Contribution], joined_us: int | None, until_us: int, calendar: Calendar, rules: Participation
) -> Standing:
    """As the store counts it, and looks moments up when they are asked for."""
    past = [one for one in done if one.ts_us < until_us]
    at = Standings(until_us, calendar, rules)
    weeks = weeks_of(past, calendar) if past and past[-1].ts_us >= at.awake_us else []
    counts = MemberCounts(
        CountedUser(7, "U7", True, joined_us, None),
        Kinds(),
        Kinds(**Counter(one.kind for one in past if one.ts_us >= at.start_us)),
        past[0].ts_us if past else None,
        past[-1].ts_us if past else None,
        [week.number for week in weeks],
        [week.messages for week in weeks],
        [week.last_us for week in weeks],
    )
    moments: dict[Moment, int] = {}
    reached = None
    while True:
        try:
            return at.of(counts, moments, reached)
        except NotKnownYet as unknown:
            reached = unknown.week
            _, week, nth = unknown.moment
            within = [one for one in past if calendar.week(one.ts_us) == week]
            written = [one for one in within if one.is_message] if nth else within
            moments[unknown.moment] = written[max(0, nth - 1)].ts_us


INSTANTS = st.builds(
    lambda week, day: MONDAY + week * 7 * DAY_US + day * DAY_US // 4,
    st.integers(0, WEEKS - 1),
    st.sampled_from([0, 0, 1, 9, 27]),
)
KINDS = st.sampled_from(["root", "root", "reply", "own_reply", "reaction", "reaction_own"])
RULES = st.builds(
    lambda window, core, active, dormant: Participation(
        window=timedelta(weeks=window),
        core=LevelRule(*core),
        active=LevelRule(*active),
        dormant_after=timedelta(days=dormant),
    ),
    st.integers(1, 12),
    st.tuples(st.integers(1, 4), st.integers(1, 6)),
    st.tuples(st.integers(1, 3), st.integers(1, 4)),
    st.sampled_from([0, 7, 10, 21, 56, 300]),
)
BY_DEFAULT = Participation()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.builds(Contribution, INSTANTS, KINDS), max_size=40),
    st.none() | INSTANTS,
    INSTANTS.map(lambda us: us + 7 * DAY_US),
    RULES,
)
@example([Contribution(MONDAY + n * DAY_US, "root") for n in range(0, 84, 3)], None, MONDAY + 100 * DAY_US, BY_DEFAULT)
@example([Contribution(MONDAY, "root")], None, MONDAY + 29 * 7 * DAY_US, BY_DEFAULT)
@example([], MONDAY, MONDAY + 40 * DAY_US, BY_DEFAULT)
@example([], None, MONDAY, BY_DEFAULT)
def test_the_look_back_finds_what_the_replay_finds(
    done: list[Contribution], joined_us: int | None, until_us: int, rules: Participation
) -> None:
    done = sorted(done, key=lambda one: one.ts_us)
    calendar = Calendar(UTC_ZONE, MONDAY - 7 * DAY_US, until_us)
    assert looked_up(done, joined_us, until_us, calendar, rules) == standing(done, joined_us, until_us, calendar, rules)
