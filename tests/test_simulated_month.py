"""The example community with everything switched on: a month in which nobody is sent too much, nothing comes at night and the bot rests,
and a week in which Slack fails again and again."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from simulated import START, broken, let_pass, living, own_messages

from copbot.core import outbox
from copbot.core.attention.terms import BUDGETED
from copbot.core.delivery import Delivery, Kind
from copbot.core.pump import Next, Pump
from copbot.core.time import DAY_US, MICROSECOND, from_us, to_us, ts_to_us, us_to_ts
from copbot.demo.stage import Stage, example_files
from copbot.demo.story import delivery_of
from copbot.workspace.faults import Kind as FaultKind

EVERYTHING = """
stories: on
pulse: {every: month}
duty: {by: week, people: [mali.srisuk@example.org, daniel.mwangi@example.org]}
participation: {recognition: private}
reports: {brief: weekly, monthly: on}
privacy: {keep_text: all}
"""
WAITING = "unanswered:\n  after: 24h\n  again: 24h\n  escalate: 72h\n"
WAITING_OFFICE_HOURS = """unanswered:
  after: 9h
  again: 9h
  escalate: 27h
  hours: "mon-fri 09:00-18:00"
  counts_as_answer: [reply, reaction, next_message]
"""
MINUTE_US = timedelta(minutes=1) // MICROSECOND
FREE: tuple[Kind, ...] = ("welcome", "answer", "moderation")
"""What a member may get besides their budget: the welcome, answers to what they did themselves, what moderators decided."""

Asked = list[tuple[datetime, Next | None]]


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    for kind in ("schedules", "prompts"):
        shutil.copytree(example_files(kind), tmp_path / kind)
    file = tmp_path / "schedules" / "community.yaml"
    written = file.read_text(encoding="utf-8")
    assert WAITING in written
    file.write_text(written.replace(WAITING, WAITING_OFFICE_HOURS) + EVERYTHING, encoding="utf-8")
    return tmp_path / "schedules"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """When the bot was asked what is next, and what it said."""
    answers: Asked = []
    next_due = Pump.next_due

    def noted(pump: Pump) -> Next | None:
        answer = next_due(pump)
        answers.append((pump._ctx.clock.now(), answer))
        return answer

    monkeypatch.setattr(Pump, "next_due", noted)
    return answers


@pytest.mark.slow
def test_a_month_with_everything_switched_on_asks_little_of_everyone(schedules: Path, asked: Asked) -> None:
    with living(members=40, schedules=schedules) as stage:
        channel = stage.channel("#data-integration")
        assert channel is not None
        members = next(c["members"] for c in stage.workspace.channels() if c["id"] == channel)
        moderators = next(c["members"] for c in stage.workspace.channels() if c["name"] == "cop-moderators")
        for day in range(31):
            let_pass(stage, timedelta(days=1), timedelta(days=1))
            if day % 2:
                stage.workspace.post(
                    channel, members[day % len(members)], "Your template saved us two days, thank you!"
                )
            _ask_somebody(stage, moderators[0], members[(3 * day) % len(members)])
            stage.settle()  # before time moves on

        assert broken(stage) == []
        with stage.store.read() as tx:
            sent = [one for one in tx.deliveries.begun_with("") if one.state == "sent" and one.ts_us is not None]
        users = {user["id"]: ZoneInfo(user.get("tz") or stage.community.timezone) for user in stage.workspace.users()}

    kinds = {one.outgoing.kind for one in sent}
    assert {"welcome", "onboarding", "recognition", "ask", "survey", "story", "report", "card", "question"} <= kinds
    direct = [one for one in sent if one.outgoing.target in users]
    to_members = [one for one in direct if one.outgoing.target not in moderators]
    assert {one.outgoing.kind for one in to_members} <= {*BUDGETED, *FREE}
    assert [one.outgoing.key for one in to_members if _at_night(one, users[one.outgoing.target])] == []
    assert list(_beyond_budget(direct, stage)) == []
    assert [one.outgoing.key for one in sent if one.ts_us and one.ts_us > one.outgoing.due_us + MINUTE_US] == []
    again = Counter(now for now, answer in asked if answer is not None and answer.at <= now)
    assert max(again.values(), default=0) <= 2, "a pass that finds nothing to do asks to be woken at once"


REFUSED: tuple[FaultKind, ...] = ("429", "500", "reset_before", "reset_after", "slow", "slow_after")
METHODS = ("chat.postMessage", "chat.postMessage", "conversations.open", "chat.update", "conversations.replies", "*")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_week_in_which_everything_goes_wrong_leaves_nothing_doubled_lost_or_beyond_the_budget(
    schedules: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # These waits are real seconds, in which this clock stands still.
    monkeypatch.setattr(outbox, "SETTLE_AFTER_S", 0.2)
    monkeypatch.setattr(outbox, "backoff_s", lambda _failures, _jitter: 0.05)
    random = Random(seed)
    with living(members=30, schedules=schedules) as stage:
        stage.workspace.retry_delays = (0, 0.1, 0.2)
        for _ in range(7 * 4):
            _something_goes_wrong(stage, random)
            let_pass(stage, timedelta(hours=6), timedelta(hours=6))
        stage.workspace.faults.clear()
        let_pass(stage, timedelta(hours=6), timedelta(hours=6))

        assert [claim for claim in broken(stage) if claim != "Slack refused nothing"] == []
        assert list(_cards_of_answered(stage)) == []
        assert {call.error for call in stage.workspace.calls} > {None}, "something did go wrong"
        digests = [
            (channel, key.split(":")[2])
            for channel, message in own_messages(stage)
            if (key := delivery_of(message) or "").startswith("digest:")
        ]

    assert digests
    assert len(set(digests)) == len(digests), "one digest a week"


def _something_goes_wrong(stage: Stage, random: Random) -> None:
    faults = stage.workspace.faults
    for _ in range(random.randrange(4)):
        faults.add(random.choice(METHODS), random.choice(REFUSED), random.randint(1, 3), delay=0.05)
    if random.random() < 0.5:
        faults.duplicate_next_event()


def _cards_of_answered(stage: Stage) -> Iterator[str]:
    """Cards that came to be when somebody else had answered in the thread already."""
    workspace, now_us = stage.workspace, to_us(stage.clock.now())
    with stage.store.read() as tx:
        cards = [
            card for c in workspace.channels() for card in tx.cards.between(stage.community.id, c["id"], 0, now_us)
        ]
    assert cards
    for card in cards:
        if card.opened_us < to_us(START) or card.origin != "member":
            continue
        for reply in workspace.thread(card.channel, us_to_ts(card.ts_us))[1:]:
            is_another = reply.get("user") not in (card.author, workspace.bot_user)
            if is_another and ts_to_us(reply["ts"]) < card.opened_us:
                yield f"{card.channel} {us_to_ts(card.ts_us)} had its answer at {reply['ts']}"


def _ask_somebody(stage: Stage, moderator: str, who: str) -> None:
    """A moderator puts the newest question that waits to ``who``, unless they may not be asked."""
    channel = stage.channel("#cop-moderators") or ""
    cards = [m for m in stage.workspace.messages(channel) if "'threads:ask'" in str(m.get("blocks"))]
    if cards:
        stage.workspace.press(moderator, channel, cards[-1]["ts"], "threads:ask")
        stage.workspace.wait_for(lambda: stage.workspace.view_of(moderator))
        if stage.workspace.submit(moderator, {"anyone": who}):
            stage.workspace.close_view(moderator)


def _at_night(one: Delivery, zone: ZoneInfo) -> bool:
    assert one.ts_us is not None
    return one.outgoing.kind not in ("welcome", "answer") and not 8 <= from_us(one.ts_us).astimezone(zone).hour < 20


def _beyond_budget(direct: list[Delivery], stage: Stage) -> Iterator[str]:
    moments: dict[str, list[int]] = defaultdict(list)
    for one in direct:
        if one.outgoing.kind in BUDGETED and one.ts_us is not None:
            moments[one.outgoing.target].append(one.ts_us)
    attention = stage.community.attention
    for user, told_us in moments.items():
        for most, days in ((attention.member_day, 1), (attention.member_week, 7)):
            span_us = days * DAY_US
            if any(sum(since <= us < since + span_us for us in told_us) > most for since in told_us):
                yield f"{user} got more than {most} in {days} days"
