"""Whether the story is true: each claim is looked up in the workspace's own messages and in the store."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from copbot.core.facts import is_human_message
from copbot.core.mrkdwn import escape
from copbot.core.records import Scope
from copbot.core.time import MICROSECOND, SECOND_US, from_us, ts_to_us
from copbot.demo.stage import Stage
from copbot.demo.story import ANSWER, GREETING, Told, delivery_of

Json = dict[str, Any]
Check = tuple[str, bool]

ON_TIME_US = 2 * SECOND_US
"""A post goes out within two seconds of its time."""


def checks(stage: Stage, told: Told) -> Iterator[Check]:
    """Each claim in words and whether it holds; what the files leave out of the story is not claimed."""
    yield from _history(stage)
    if stage.is_example:
        parts = (told.welcome, told.introduction, told.posted, told.asked, told.card, told.me, told.levels)
        yield "no part of the story was left out", None not in parts
    if told.welcome is not None:
        yield from _newcomer(stage, told)
    if told.introduction is not None:
        yield from _introduction(stage, told, told.introduction)
    if told.posted is not None:
        yield from _question(stage, told)
    if told.asked is not None:
        yield from _card(stage, told, told.asked)
    yield from _levels(stage, told)
    yield from _everything(stage)


def _history(stage: Stage) -> Iterator[Check]:
    messages = _exported(stage, "*")
    end_us = max(ts_to_us(message["ts"]) for message in messages) + 1
    with stage.store.read() as tx:
        stored = sum(1 for _ in tx.figures.messages(Scope(None, end_us)))
    yield f"the history came in whole: {len(messages)} messages", stored == len(messages)
    yield "and without a word of complaint", not stage.imported.skipped


def _exported(stage: Stage, channels: str) -> list[Json]:
    """The human messages of the example's history, read from its files."""
    users = json.loads((stage.export / "users.json").read_text(encoding="utf-8"))
    bots = {user["id"] for user in users if user["is_bot"]}
    days = [json.loads(day.read_text(encoding="utf-8")) for day in stage.export.glob(f"{channels}/*.json")]
    return [message for day in days for message in day if is_human_message(message, bots)]


def _newcomer(stage: Stage, told: Told) -> Iterator[Check]:
    dm = stage.workspace.dm(told.newcomer)
    welcomes = [m for m in stage.workspace.messages(dm or "") if (delivery_of(m) or "").startswith("welcome:")]
    yield "the newcomer was welcomed once", len(welcomes) == 1
    with stage.store.read() as tx:
        journey = tx.journeys.get(stage.community.id, told.newcomer)
        answers = tx.journeys.answers(journey.id) if journey else ()
    yield "their answers are kept", journey is not None and journey.state == "answered" and len(answers) > 0
    said = [answer.value for answer in answers]
    yield "every word of them", not told.shared or told.shared in said


def _introduction(stage: Stage, told: Told, introduction: Json) -> Iterator[Check]:
    channel = stage.channel(stage.community.channels.introductions) or ""
    mention = f"<@{told.newcomer}>"
    mine = [m for m in _own(stage, channel) if mention in m["text"] + json.dumps(m.get("blocks", []))]
    yield "the newcomer was introduced once", len(mine) == 1
    thread = stage.workspace.thread(channel, introduction["ts"])
    yield "somebody greeted them in the thread", [m["text"] for m in thread[1:]] == [GREETING]


def _question(stage: Stage, told: Told) -> Iterator[Check]:
    posted, post = told.posted, told.post
    assert posted is not None
    assert post is not None
    standing = [m for m in _own(stage, posted.channel) if delivery_of(m) == posted.key]
    yield "the question stands in its channel once", len(standing) == 1
    yield "it went out at its time", 0 <= posted.ts_us - told.due_us <= ON_TIME_US
    if post.questions:
        with stage.store.read() as tx:
            used = tx.questions.used(stage.community.id, post.id)
        said = standing[0]["text"] if standing else ""
        listed = any(escape(question) in said for question in post.questions)
        yield "it is one of the list's, and crossed off", listed and sum(used.values()) == 1
    thread = [m["ts"] for m in stage.workspace.thread(posted.channel, standing[0]["ts"])] if standing else []
    yield "members answered in its thread", thread[1:] == told.answers
    if stage.is_example:
        local = from_us(posted.ts_us).astimezone(stage.zone)
        yield "the hour is the one in which most members write", local.hour == _busiest_hour(stage, posted.channel)
        told_why = (
            rf"{post.id}[^\n]*\n[^\n]*{local:%H:%M}[^\n]*\n[^\n]*times the average .* messages by \d+ members over"
        )
        yield "and its reason was told in figures", re.search(told_why, told.explanation) is not None


def _busiest_hour(stage: Stage, channel: str) -> int:
    """The hour of the working day (08 to 18) with the most members in it, counted anew from the export."""
    name = next(c["name"] for c in stage.workspace.channels() if c["id"] == channel)
    there = {
        (at.hour, at.date(), message["user"])
        for message in _exported(stage, name)
        for at in [from_us(ts_to_us(message["ts"])).astimezone(stage.zone)]
        if 8 <= at.hour < 18
    }
    return Counter(hour for hour, _, _ in there).most_common(1)[0][0]


def _card(stage: Stage, told: Told, asked: tuple[str, str]) -> Iterator[Check]:
    channel, ts = asked
    with stage.store.read() as tx:
        card = tx.cards.of_thread(stage.community.id, channel, ts_to_us(ts))
        still_open = tx.cards.of(stage.community.id, "open")
    yield "the forgotten question became a card, and the card was closed", card is not None and card.state == "answered"
    yield "by the moderator who took it", card is not None and card.claimed_by == told.moderator
    moderators = stage.channel(stage.community.channels.moderators) or ""
    cards = [m for m in _own(stage, moderators) if (delivery_of(m) or "").startswith("card:")]
    yield "it is the only card", len(cards) == 1 and not still_open
    after_us = stage.community.unanswered.after // MICROSECOND
    waited_us = ts_to_us(cards[0]["ts"]) - ts_to_us(ts) if cards else 0
    yield "it came when the question had waited long enough", 0 <= waited_us - after_us <= ON_TIME_US
    thread = stage.workspace.thread(channel, ts)
    yield "the question has its answer", [m["text"] for m in thread[1:]] == [ANSWER]


def _levels(stage: Stage, told: Told) -> Iterator[Check]:
    if told.me is not None and stage.is_example:
        yield "a member of the core is told so", "core" in _words(told.me)
    if told.levels is not None:
        words = _words(told.levels)
        yield "the moderator sees every level", all(level in words for level in ("core", "active", "peripheral"))


def _everything(stage: Stage) -> Iterator[Check]:
    keys = Counter(
        key
        for channel in stage.workspace.channels()
        for message in _own(stage, channel["id"])
        if (key := delivery_of(message)) is not None
    )
    yield "nothing was said twice", max(keys.values(), default=0) <= 1
    with stage.store.read() as tx:
        left_open = [*tx.deliveries.open(), *tx.deliveries.ready(2**62, 1)]
    yield "nothing waits to be said", not left_open
    refused = [call for call in stage.workspace.calls if call.error]
    yield "Slack refused nothing", not refused
    yield "every event was acknowledged", stage.workspace.unacknowledged == 0


def _own(stage: Stage, channel: str) -> list[Json]:
    return [m for m in stage.workspace.messages(channel) if m.get("user") == stage.workspace.bot_user]


def _words(message: Json) -> str:
    return f"{message.get('text', '')} {json.dumps(message.get('blocks', []))}".lower()
