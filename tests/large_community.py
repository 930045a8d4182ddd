"""A made-up community of any size in a database, for measuring: as bursty as a real one, drawn from a fixed seed.

On a day on which somebody writes they write some nine messages in two or three channels, in bursts; few write much, many little, most
leave again (the proportions of a public log of 962,529 messages). Two in five messages are replies, most within hours. One in ten is
reacted to.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore

DAYS = 3 * 365
END_US = 1_760_000_000_000_000 // 86_400_000_000 * 86_400_000_000
START_US = END_US - DAYS * 86_400_000_000
CHANNELS = 300
DAY_US, HOUR_US, MINUTE_US = 86_400_000_000, 3_600_000_000, 60_000_000
PER_MEMBER = 100
PER_MEMBER_DAY = 9.1
REPLIES = 0.45

Column = np.ndarray[Any, Any]


def members_of(messages: int) -> int:
    return max(20, messages // PER_MEMBER)


def make_community(path: Path, messages: int) -> SqlStore:
    """About so many messages, a hundredth as many members, 300 channels, three years. Nothing is rolled up yet."""
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    team = the_team(engine)
    engine.dispose()
    chance = np.random.default_rng(20)
    people = members_of(messages)
    joined = START_US + (chance.random(people) ** 0.8 * 0.99 * DAYS * DAY_US).astype(np.int64)
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA synchronous=OFF")
    with raw:
        raw.executemany(
            "INSERT INTO channel (id, team_id, slack_id, name, is_private, is_archived, told_us, rolled_until)"
            " VALUES (?, ?, ?, ?, 0, 0, '{}', 0)",
            [(n + 1, team, f"C{n:06}", f"channel-{n}") for n in range(CHANNELS)],
        )
        raw.executemany(
            "INSERT INTO slack_user (id, team_id, slack_id, name, is_bot, is_deleted, is_external, is_guest,"
            " joined_us, updated_us, told_us) VALUES (?, ?, ?, '', 0, 0, 0, 0, ?, 0, '{}')",
            [(n + 1, team, f"U{n:08}", at if n % 5 else None) for n, at in enumerate(joined.tolist())],
        )
        for rows, reactions in _by_channel(chance, messages, joined):
            raw.executemany(
                "INSERT INTO message (channel_id, ts_us, team_id, user_id, thread_us, edited_us, is_deleted, asks, asks_why,"
                f" asks_rule) VALUES (?, ?, {team}, ?, ?, 0, 0, ?, '', 1)",
                rows,
            )
            raw.executemany(
                "INSERT OR IGNORE INTO reaction (channel_id, ts_us, user_id, name, team_id, item_user_id, present, event_us)"
                f" VALUES (?, ?, ?, 'eyes', {team}, ?, 1, 0)",
                reactions,
            )
    raw.close()
    return SqlStore(open_engine(f"sqlite:///{path}"), team)


def _by_channel(
    chance: np.random.Generator, messages: int, joined: Column
) -> Iterator[tuple[Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]]:
    user, channel, ts_us = _written(chance, messages, joined)
    order = np.lexsort((ts_us, channel))
    user, channel, ts_us = user[order], channel[order], ts_us[order]
    kept = np.ones(len(order), bool)
    kept[1:] = (channel[1:] != channel[:-1]) | (ts_us[1:] != ts_us[:-1])
    user, channel, ts_us = user[kept], channel[kept], ts_us[kept]
    bounds = np.searchsorted(channel, np.arange(CHANNELS + 1))
    for number in range(CHANNELS):
        here = slice(bounds[number], bounds[number + 1])
        yield _rows(chance, number + 1, user[here], ts_us[here])


def _written(chance: np.random.Generator, messages: int, joined: Column) -> tuple[Column, Column, Column]:
    """Who (from 1), in which channel (from 0), when."""
    people = len(joined)
    stay_days = chance.exponential(120, people) * (1 + 20 * (chance.random(people) < 0.05))
    stay_days = np.minimum(stay_days + 1, (END_US - joined) / DAY_US)
    rate = (1 - chance.random(people)) ** (-1 / 1.6)  # a long tail: few write much
    weight = rate * stay_days
    member_days = int(messages / PER_MEMBER_DAY)
    who = chance.choice(people, member_days, p=weight / weight.sum())
    day_us = (joined[who] + chance.random(member_days) * stay_days[who] * DAY_US).astype(np.int64) // DAY_US * DAY_US
    favourites = (CHANNELS * chance.random((people, 4)) ** 3).astype(np.int64)
    visit = np.repeat(np.arange(member_days), 1 + chance.poisson(1.33, member_days))
    bursts = np.repeat(np.arange(len(visit)), 1 + chance.poisson(0.55, len(visit)))
    hour = np.clip(chance.normal(14, 4, len(bursts)), 0, 23.5)
    place = favourites[who[visit], chance.integers(0, 4, len(visit))]
    per_burst = chance.geometric(min(1.0, len(bursts) / messages), len(bursts))
    each = np.repeat(np.arange(len(bursts)), per_burst)
    begin = day_us[visit[bursts]] + (hour * HOUR_US).astype(np.int64)
    ts_us = begin[each] + (chance.exponential(9, len(each)) * MINUTE_US).astype(np.int64)
    return who[visit[bursts[each]]] + 1, place[bursts[each]], np.minimum(ts_us, END_US - 1)


def _rows(
    chance: np.random.Generator, channel: int, user: Column, ts_us: Column
) -> tuple[Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]:
    number = len(user)
    is_reply = chance.random(number) < REPLIES
    is_reply[:1] = False
    roots = np.flatnonzero(~is_reply)
    latest = np.searchsorted(roots, np.flatnonzero(is_reply)) - 1
    back = np.minimum(chance.geometric(0.2, len(latest)) - 1, latest)
    thread = np.zeros(number, np.int64)
    thread[is_reply] = ts_us[roots[latest - back]]
    asks = chance.random(number) < 0.3
    rows = (
        (channel, at, who, root or None, None if root else bool(asking))
        for at, who, root, asking in zip(ts_us.tolist(), user.tolist(), thread.tolist(), asks.tolist(), strict=True)
    )
    liked = np.flatnonzero(chance.random(number) < 0.1)
    by = user[np.minimum(liked + chance.integers(1, 20, len(liked)), number - 1)]
    reactions = (
        (channel, at, who, author)
        for at, who, author in zip(ts_us[liked].tolist(), by.tolist(), user[liked].tolist(), strict=True)
    )
    return rows, reactions
