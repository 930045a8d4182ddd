"""The example community, living on in virtual time with the bot connected; and what must hold whenever it stops."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from copbot.core.attention.terms import BUDGETED
from copbot.core.facts import is_human_message
from copbot.core.records import Scope
from copbot.core.time import to_us, us_to_ts
from copbot.demo.stage import Stage, open_stage
from copbot.demo.story import delivery_of
from copbot.features.attention.measures.rules import beyond
from copbot.workspace.example import write_example_export

# No first working day of a month: the monthly report would be drawn at each start.
START = datetime(2026, 1, 12, 9, tzinfo=ZoneInfo("Asia/Bangkok"))

Json = dict[str, Any]


@cache
def _example(start: datetime) -> TemporaryDirectory[str]:
    """What the example community said before ``start``: written once, for that takes a quarter of what a stage does."""
    kept = TemporaryDirectory(prefix="example-")
    write_example_export(Path(kept.name), start)
    return kept


def _copy_of_example(folder: Path, start: datetime) -> None:
    shutil.copytree(_example(start).name, folder, dirs_exist_ok=True)


@contextmanager
def living(members: int = 0, start: datetime = START, schedules: Path | None = None) -> Iterator[Stage]:
    """The demo without its story: time moves only as told."""
    with (
        patch("copbot.demo.stage.write_example_export", _copy_of_example),
        open_stage(
            port=0,
            schedules=schedules,
            prompts=None,
            pause_s=0.0,
            stopping=threading.Event(),
            alive=True,
            start=start,
            members=members,
        ) as stage,
    ):
        stage.settle()
        yield stage


def let_pass(stage: Stage, whole: timedelta, step: timedelta) -> None:
    """Move time on in steps of one size."""
    end = stage.clock.now() + whole
    while stage.clock.now() < end:
        stage.time.through(min(end, stage.clock.now() + step))
    stage.settle()


def own_messages(stage: Stage) -> list[tuple[str, Json]]:
    """(channel, message) of all that the bot said, in channels and direct messages."""
    workspace = stage.workspace
    return [
        (channel["id"], message)
        for channel in workspace.channels()
        for message in workspace.messages(channel["id"])
        if message.get("user") == workspace.bot_user
    ]


def human_messages(stage: Stage) -> list[tuple[str, Json]]:
    """The same of what people wrote in channels."""
    workspace = stage.workspace
    bots = {user["id"] for user in workspace.users() if user["is_bot"]}
    return [
        (channel["id"], message)
        for channel in workspace.channels()
        if channel["type"] != "im"
        for message in workspace.messages(channel["id"])
        if is_human_message(message, bots)
    ]


def broken(stage: Stage, since: datetime = START) -> list[str]:
    """What does not hold, in words; nothing when all is well."""
    found = [claim for claim, holds in _claims(stage, since) if not holds]
    return found + _answered_but_open(stage)


def _claims(stage: Stage, since: datetime) -> Iterator[tuple[str, bool]]:
    keys = Counter(key for _, message in own_messages(stage) if (key := delivery_of(message)))
    yield "nothing was said twice", max(keys.values(), default=0) <= 1
    now = stage.clock.now()
    with stage.store.read() as tx:
        posted = tx.deliveries.posted(("question", "post"), to_us(since))
        waiting = [*tx.deliveries.open(), *tx.deliveries.ready(to_us(now), 1)]
        stored = sum(1 for _ in tx.figures.messages(Scope(None, to_us(now) + 1)))
        journeys = tx.journeys.since(stage.community.id, to_us(since))
        told = tx.ledger.told(BUDGETED, 0, to_us(now) + 1)
    yield "each post that was sent stands in its channel", all(keys[post.key] == 1 for post in posted)
    weekly = [post.key for post in posted if ":weekly-question:" in post.key]
    weeks = (now - since) // timedelta(weeks=1)
    yield f"one weekly question a week: {len(weekly)} in {weeks}", weeks <= len(set(weekly)) == len(weekly) <= weeks + 1
    said = len(human_messages(stage))
    yield f"each message was counted once: {stored} of {said}", stored == said
    welcomes = Counter(key.split(":")[2] for key in keys if key.startswith("welcome:"))
    yield "each newcomer was welcomed once", welcomes == Counter(journey.user for journey in journeys)
    yield "nothing waits to be said", not waiting
    yield "each message to a member was held against a budget", all(one.day and one.week for one in told)
    yield "nobody got more than the budget allows", not beyond(told)
    yield "Slack refused nothing", not [call for call in stage.workspace.calls if call.error]
    yield "every event was acknowledged", stage.workspace.unacknowledged == 0


def _answered_but_open(stage: Stage) -> list[str]:
    with stage.store.read() as tx:
        cards = tx.cards.of(stage.community.id, "open")
    wrong = []
    for card in cards:
        root, *replies = stage.workspace.thread(card.channel, us_to_ts(card.ts_us))
        others = [r for r in replies if r.get("user") not in (root.get("user"), card.author, stage.workspace.bot_user)]
        if others:
            wrong.append(f"the card of {card.channel} {root['ts']} is open, and {others[0]['user']} has answered")
    return wrong


def transcript(stage: Stage) -> list[tuple[str, str, str, str, str]]:
    """Everything that was said, as it can be compared between two runs: place, time, who, thread, words."""
    names = {user["id"]: user["real_name"] for user in stage.workspace.users()}
    places = {
        channel["id"]: channel["name"] or f"DM with {names[channel['user']]}" for channel in stage.workspace.channels()
    }
    return sorted(
        (
            places[channel["id"]],
            message["ts"],
            names.get(message.get("user", ""), ""),
            message.get("thread_ts", ""),
            _by_name(message.get("text", ""), names).replace(stage.workspace.page_url, "/"),
        )
        for channel in stage.workspace.channels()
        for message in stage.workspace.messages(channel["id"])
    )


def _by_name(text: str, names: dict[str, str]) -> str:
    for user, name in names.items():
        text = text.replace(user, name)
    return text
