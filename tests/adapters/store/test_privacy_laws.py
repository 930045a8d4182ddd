"""A forgotten person does not come back, in whatever order events, imports and history reads come; and the totals stay."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from histories import close, content, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Participation
from copbot.core.facts import (
    NOBODY,
    NOBODY_ELSE,
    Fact,
    MembershipSeen,
    MembersListed,
    MessageGone,
    MessageSeen,
    ReactionSeen,
    UserSeen,
    WorkspaceJoined,
)
from copbot.core.privacy import forget
from copbot.core.records import Scope
from copbot.core.time import DAY_US
from copbot.features.participation.service import Period, stats_activity, stats_members, stats_threads

T = 1_700_006_400_000_000 // DAY_US * DAY_US
END = T + 90 * DAY_US
ANN = "U1"


def said(ts_us: int, user: str, thread_us: int | None = None, text: str = "so", edited_us: int = 0) -> MessageSeen:
    return MessageSeen("C1", ts_us, user, thread_us, text, edited_us)


HISTORY: tuple[Fact, ...] = (
    said(T, ANN, text="does this work?"),
    said(T + 1, "U2", T, f"it does, <@{ANN}>"),
    said(T + 2, ANN, T, "thanks"),
    said(T + DAY_US, "U2", text=f"who knows <@{ANN}|ann>?"),
    said(T + DAY_US + 1, ANN, T + DAY_US),
    said(T + 2 * DAY_US, "U3", text="why?"),
    said(T + 2 * DAY_US + 1, "U3", T + 2 * DAY_US),
    ReactionSeen("C1", T, "U2", "tada", ANN),
    ReactionSeen("C1", T + 1, ANN, "tada", "U2"),
    UserSeen(ANN, name="Ann Smith", updated_us=T),
    MembersListed("C1", (ANN, "U2"), T + 1),
)
"""What an export or Slack's history tells: the same each time that it is read."""

EVENTS: tuple[Fact, ...] = (
    said(T, ANN, text="does this work now?", edited_us=T + 5),
    said(T + 3 * DAY_US, ANN, text="and this?"),
    MessageGone("C1", T + 2),
    ReactionSeen("C1", T + 3 * DAY_US, ANN, "eyes", event_us=T + 6),
    MembershipSeen("C1", ANN, True, T + 7),
    WorkspaceJoined(ANN, T + 7),
    UserSeen(ANN, name="Ann Smith-Jones", updated_us=T + 8),
)


def counts(store: SqlStore) -> tuple[Any, ...]:
    """Totals, hours and threads."""
    period = Period(Scope(None, END), ZoneInfo("UTC"))
    with store.read() as tx:
        activity = stats_activity(tx.figures, period)
        return activity["messages"], activity["messages_by_hour_of_week"], stats_threads(tx.figures, period)


def names(store: SqlStore) -> list[str]:
    with store.read() as tx:
        members = stats_members(tx.figures, Period(Scope(None, END), ZoneInfo("UTC")), Participation())
    return [member["user"] for member in members["members"]]


def kept_as_if_never_named(store: SqlStore) -> dict[str, list[tuple[Any, ...]]]:
    """Without when a channel was listed: that is no word on anybody. Which of the two nobodies wrote what shows in the counts."""
    kept = {name: rows for name, rows in content(store).items() if name not in ("channels", "people")}
    kept["messages"] = [tuple(NOBODY if one == NOBODY_ELSE else one for one in row) for row in kept["messages"]]
    return kept


@cache
def told_at_once() -> tuple[Any, Any]:
    """What stays of all of it, and the counts as they were before anybody was forgotten."""
    store = memory_store("all")
    record(store, [*HISTORY, *EVENTS])
    before = counts(store)
    forget(store, ANN, END)
    kept = kept_as_if_never_named(store)
    close(store)
    return kept, before


Step = tuple[str, Sequence[Fact]]


@settings(max_examples=8)
@given(
    st.permutations(
        [("events", EVENTS[:4]), ("events", EVENTS[4:]), ("import", HISTORY), ("again", HISTORY), ("forget", ())]
    ),
    st.booleans(),
)
def test_whatever_comes_in_which_order_leaves_nobody_named_and_the_same_totals(steps: list[Step], parted: bool) -> None:
    store = memory_store("all")
    for step, facts in steps:
        if step == "forget":
            forget(store, ANN, END)
        for some in [[fact] for fact in facts] if parted else [facts]:
            record(store, some)

    assert (kept_as_if_never_named(store), counts(store)) == told_at_once()
    assert ANN not in repr(content(store))
    assert "Ann Smith" not in repr(content(store))
    assert names(store) == ["U2", "U3"]
    with store.read() as tx:
        assert list(tx.rollups.compare()) == []
    close(store)
