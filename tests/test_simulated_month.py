"""A month of the example community with everything switched on: nobody is sent too much, nothing comes at night, and the bot rests."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from simulated import broken, let_pass, living

from copbot.core.attention.terms import BUDGETED
from copbot.core.delivery import Delivery, Kind
from copbot.core.pump import Next, Pump
from copbot.core.time import DAY_US, MICROSECOND, from_us
from copbot.demo.stage import Stage, example_files

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
