"""A channel read from Slack's history: whole, stopped anywhere, again later, and beside events and imports in any order."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from histories import close, content, memory_store, record
from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.adapters.channel_history import SlackHistory
from copbot.adapters.export_entries import read_message
from copbot.adapters.payloads import intake_of
from copbot.adapters.store.sql import SqlStore
from copbot.core.errors import SlackRefused
from copbot.core.facts import Fact
from copbot.core.time import DAY_US, HOUR_US, us_to_ts
from copbot.features.history.backfill import OLDER_US, Read, read_channel

NOW = 1_790_000_000_000_000
SIZE = 2
"""Messages on a page: few, so that there are many."""


class StoppedError(Exception):
    """The process was killed."""


class Slack:
    """What stands in C1, as Slack's reading methods tell it. ``stop_after`` so many pages it is all over."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.said = list(messages)
        self.pages = 0
        self.threads: list[str] = []
        self.stop_after = -1

    def messages(
        self, channel: str, low_us: int, high_us: int | None = None, thread_us: int | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        low, high = us_to_ts(low_us), us_to_ts(high_us or 10**17)
        if thread_us is None:
            shown = [self._root(m) for m in self.said if self._is_in_channel(m) and low <= m["ts"] <= high]
            shown.sort(key=lambda message: message["ts"], reverse=True)
        else:
            root = us_to_ts(thread_us)
            self.threads.append(root)
            if not any(message["ts"] == root for message in self.said):
                raise SlackRefused("thread_not_found")
            shown = [self._root(m) for m in self.said if root in (m["ts"], m.get("thread_ts"))]
        for start in range(0, max(1, len(shown)), SIZE):
            if self.pages == self.stop_after:
                raise StoppedError
            self.pages += 1
            yield shown[start : start + SIZE]

    def _is_in_channel(self, message: dict[str, Any]) -> bool:
        is_root = message.get("thread_ts") in (None, message["ts"])
        return is_root or message.get("subtype") == "thread_broadcast"

    def _root(self, message: dict[str, Any]) -> dict[str, Any]:
        below = [m["ts"] for m in self.said if m.get("thread_ts") == message["ts"] != m["ts"]]
        if not below:
            return message
        return message | {"thread_ts": message["ts"], "reply_count": len(below), "latest_reply": max(below)}


def said(ago_us: int, user: str = "U1", text: str = "hi", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": us_to_ts(NOW - ago_us), **more}


def reply(ago_us: int, root: dict[str, Any], user: str = "U2", **more: Any) -> dict[str, Any]:
    return said(ago_us, user, "yes", thread_ts=root["ts"], **more)


def a_channel() -> Slack:
    roots = [said(n * DAY_US, text=f"what is {n}?") for n in range(1, 9)]
    return Slack(
        *roots,
        *(reply(n * DAY_US - HOUR_US, root, f"U{n}") for n, root in enumerate(roots, 1) if n % 2),
        reply(4 * HOUR_US, roots[0], "U4", subtype="thread_broadcast"),
        reply(3 * HOUR_US, roots[0], "U5", reactions=[{"name": "tada", "users": ["U1", "U6"], "count": 2}]),
        reply(2 * HOUR_US, roots[0], "U6"),
        said(5 * HOUR_US, "U7", subtype="channel_join"),
        said(6 * HOUR_US, "UBOT", bot_id="B1", reactions=[{"name": "eyes", "users": ["U1"], "count": 1}]),
        said(7 * HOUR_US, "USLACKBOT", subtype="tombstone"),
        {"type": "message", "ts": None},
    )


def a_channel_without_nonsense() -> Slack:
    slack = a_channel()
    slack.said.pop()
    return slack


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


def read(store: SqlStore, slack: Slack, since_us: int = 0, now_us: int = NOW) -> Read:
    return read_channel(store, SlackHistory(slack), "C1", since_us, now_us)  # type: ignore[arg-type]


def stored(store: SqlStore) -> set[str]:
    return {us_to_ts(ts_us) for _, ts_us, user, *_ in content(store)["messages"] if user is not None}


def test_a_channel_is_read_whole_with_its_threads_and_reactions(store: SqlStore) -> None:
    slack = a_channel_without_nonsense()
    result = read(store, slack)
    people = {m["ts"] for m in slack.said if m.get("subtype") in (None, "thread_broadcast") and not m.get("bot_id")}
    assert stored(store) == people
    assert result.new == len(people)
    assert [row[2:4] for row in content(store)["reactions"]] == [("U1", "eyes"), ("U1", "tada"), ("U6", "tada")]
    assert [row[5] for row in content(store)["messages"]].count(True) == 1, "the place of what was deleted"
    with store.read() as tx:
        person = tx.facts.person("U7")
    assert person is not None
    assert person.joined_us == NOW - 5 * HOUR_US


def test_a_second_reading_counts_nothing_twice_and_opens_no_thread_that_rested(store: SqlStore) -> None:
    slack = a_channel_without_nonsense()
    read(store, slack)
    before, slack.threads = content(store), []
    assert read(store, slack, now_us=NOW + DAY_US).new == 0
    assert content(store) == before
    assert slack.threads == []


def test_stopped_after_any_page_and_begun_again_it_ends_the_same_and_reads_hardly_more() -> None:
    whole, slack = memory_store(), a_channel_without_nonsense()
    read(whole, slack)
    expected, pages = content(whole), slack.pages
    close(whole)
    for stop_after in range(pages):
        store, slack = memory_store(), a_channel_without_nonsense()
        slack.stop_after = stop_after
        with pytest.raises(StoppedError):
            read(store, slack)
        slack.stop_after = stop_after + 1  # and once more, soon after
        with suppress(StoppedError):
            read(store, slack)
        slack.stop_after = -1
        read(store, slack)
        assert content(store) == expected
        assert slack.pages <= pages + 6
        close(store)


def test_a_thread_that_went_on_is_read_again_and_an_edit_is_seen(store: SqlStore) -> None:
    slack = a_channel_without_nonsense()
    read(store, slack)
    slack.threads = []
    slack.said[5] |= {"text": "never mind", "edited": {"user": "U1", "ts": us_to_ts(NOW + HOUR_US)}}
    late = reply(-2 * HOUR_US, slack.said[6], "U9")
    slack.said.append(late)
    assert read(store, slack, now_us=NOW + DAY_US).new == 1
    assert late["ts"] in stored(store)
    assert slack.threads == [slack.said[6]["ts"]]
    edited = next(row for row in content(store)["messages"] if us_to_ts(row[1]) == slack.said[5]["ts"])
    assert edited[4] == NOW + HOUR_US


def test_asked_again_at_once_it_tells_what_changed_meanwhile(store: SqlStore) -> None:
    slack = a_channel_without_nonsense()
    read(store, slack)
    late = reply(-HOUR_US // 3, slack.said[7], "U9")
    slack.said[4] |= {"text": "never mind", "edited": {"user": "U1", "ts": us_to_ts(NOW + HOUR_US // 3)}}
    slack.said[3] |= {"reactions": [{"name": "tada", "users": ["U8"], "count": 1}]}
    slack.said.append(late)
    again = read(store, slack, now_us=NOW + HOUR_US // 2)
    assert again.new == 1
    assert late["ts"] in stored(store)
    assert [row[4] for row in content(store)["messages"] if us_to_ts(row[1]) == slack.said[4]["ts"]] == [
        NOW + HOUR_US // 3
    ]
    assert ("U8", "tada") in [row[2:4] for row in content(store)["reactions"]]


def test_stopped_once_a_day_it_still_comes_to_its_end(store: SqlStore) -> None:
    slack, days = a_channel_without_nonsense(), 0
    wanted = {m["ts"] for m in slack.said if m.get("subtype") in (None, "thread_broadcast") and not m.get("bot_id")}
    while stored(store) != wanted:
        slack.stop_after, days = slack.pages + 5, days + 1
        with suppress(StoppedError):
            read(store, slack, now_us=NOW + days * DAY_US)
        assert days < 10


def test_from_a_date_on_only_that_is_read_and_the_older_threads_that_went_on_after_it(store: SqlStore) -> None:
    since_us = NOW - 4 * DAY_US
    long_ago, resting, too_old = said(30 * DAY_US), said(31 * DAY_US), said(4 * DAY_US + OLDER_US + DAY_US)
    slack = Slack(
        *(said(n * DAY_US) for n in (1, 2, 4, 5)),
        *(long_ago, resting, too_old),
        *(reply(DAY_US - 1, long_ago), reply(30 * DAY_US - 1, resting), reply(DAY_US - 2, too_old)),
    )
    read(store, slack, since_us)
    since = {us_to_ts(NOW - n * DAY_US) for n in (1, 2, 4)}
    assert stored(store) == since | {long_ago["ts"], us_to_ts(NOW - DAY_US + 1)}
    assert read(store, slack).new == 5, "what is older comes when it is asked for"


def test_a_thread_that_is_deleted_while_its_channel_is_read_is_left_out(store: SqlStore) -> None:
    slack = a_channel_without_nonsense()
    told = SlackHistory(slack)  # type: ignore[arg-type]
    slack.said = [message for message in slack.said if message["ts"] != us_to_ts(NOW - 3 * DAY_US)]
    assert list(told.thread("C1", NOW - 3 * DAY_US)) == []


@pytest.mark.parametrize("message", [{"ts": None}, {"ts": "noon"}, {}, {"ts": "1.5", "reactions": [None]}])
def test_a_malformed_message_is_left_out_and_the_others_are_read(store: SqlStore, message: dict[str, Any]) -> None:
    class Odd(Slack):
        def messages(self, *_args: Any, **_more: Any) -> Iterator[list[dict[str, Any]]]:
            yield [{"type": "message"} | message, said(DAY_US)]

    read(store, Odd())
    assert stored(store) == {us_to_ts(NOW - DAY_US)}


# --- in any order with events and imports -------------------------------------------------------------------------

ROOT, GONE, EDITED = said(5 * DAY_US, text="does anyone know?"), said(4 * DAY_US), said(3 * DAY_US, text="so what?")
ANSWER = reply(2 * DAY_US, ROOT)
BROADCAST = reply(DAY_US, ROOT, "U3", subtype="thread_broadcast")
EDIT = EDITED | {"text": "so.", "edited": {"user": "U1", "ts": us_to_ts(NOW - 2 * DAY_US)}}
LIKED = ROOT | {"reactions": [{"name": "eyes", "users": ["U3"], "count": 1}]}


def live(event: dict[str, Any], at_us: int) -> list[Fact]:
    return list(intake_of({"channel": "C1", "event_ts": us_to_ts(at_us)} | event, at_us // 10**6, "T1").facts)


def reaction(kind: str, at_us: int) -> list[Fact]:
    item = {"type": "message", "channel": "C1", "ts": ROOT["ts"]}
    return live({"type": kind, "user": "U3", "reaction": "eyes", "item": item, "item_user": "U1"}, at_us)


EVENTS: list[list[Fact]] = [
    *(live(message, NOW) for message in (ROOT, GONE, EDITED, ANSWER, BROADCAST)),
    live({"type": "message", "subtype": "message_changed", "message": EDIT}, NOW),
    live({"type": "message", "subtype": "message_deleted", "deleted_ts": GONE["ts"]}, NOW),
    reaction("reaction_added", NOW - 3 * DAY_US),
    reaction("reaction_removed", NOW - 2 * DAY_US),
]


def an_import() -> list[Fact]:
    """An export made before the edit and the deletion, while the reaction stood."""
    entries = [read_message("C1", entry, {"U1", "U2", "U3"}, set(), "") for entry in (LIKED, GONE, EDITED, ANSWER)]
    return [fact for said in entries for fact in (*filter(None, [said.fact]), *said.reactions)]


@settings(max_examples=10)
@given(st.data())
def test_events_imports_and_backfills_leave_the_same_store_in_any_order(data: st.DataObject) -> None:
    steps: list[list[Fact] | None] = [*EVENTS, an_import(), None, None]  # None: a backfill
    order = data.draw(st.permutations(range(len(steps))))
    assert left_by([steps[n] for n in order]) == left_by(steps)


def left_by(steps: list[list[Fact] | None]) -> dict[str, Any]:
    store = memory_store()
    try:
        for step in steps:
            if step is None:
                read(store, Slack(ROOT, EDIT, ANSWER, BROADCAST))
            else:
                record(store, step)
        return content(store)
    finally:
        close(store)
