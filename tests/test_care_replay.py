"""Months of real communities through the whole program with time moved: the cards are those that an independent script says they must
be, opened, closed and told of at the same microsecond, and by the same people."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from expected_cards import Expected, expected_cards, messages_of, microseconds, users_of
from histories import DATA
from scene import COMMUNITY, Scene

from copbot.adapters.intake import Intake
from copbot.core.community import Channels, Unanswered
from copbot.core.feature import Feature
from copbot.core.pump import Pump
from copbot.core.records import Card
from copbot.core.time import Hours, from_us, to_us
from copbot.core.working_time import WeekHours
from copbot.features.threads import FEATURE as THREADS
from copbot.wiring import FEATURES

GITTER = DATA / "gitter-livechat-2016-2020" / "gitter-livechat.slack-export.zip"
DD2030 = DATA / "dd2030-slack-2025" / "dd2030.slack-export.zip"

OFFICE = (
    WeekHours(
        frozenset(range(5)),
        Hours(datetime(1970, 1, 1, 9, tzinfo=UTC).time(), datetime(1970, 1, 1, 18, tzinfo=UTC).time()),
    ),
)
DD_CHANNELS = {"2_開発_いどばた", "7_雑談"}

QUICK = Unanswered(after=timedelta(hours=1), again=timedelta(hours=4), escalate=timedelta(hours=9))
ALWAYS = Unanswered()
IN_OFFICE = Unanswered(after=timedelta(hours=9), again=timedelta(hours=9), escalate=timedelta(hours=27), hours=OFFICE)


class Replay:
    """A community whose members write again what they wrote, while the program looks after it."""

    def __init__(
        self, folder: Path, channels: dict[str, str], rules: Unanswered, start: datetime, features: Sequence[Feature]
    ) -> None:
        named = Channels(discussion=tuple(f"#{name}" for name in channels), moderators="#mods")
        self.scene = Scene(folder, replace(COMMUNITY, channels=named, unanswered=rules))
        self.scene.directory.channels = channels | {"mods": "CMODS"}
        self.scene.clock.jump(start - self.scene.now)
        self.intake = Intake(self.scene.ctx, "T1", lambda: None, lambda _reason: None, lambda _channel, _name: None)
        self.pump = Pump(self.scene.ctx, features)
        self.escalated: dict[int, int] = {}
        self._taken = 0

    def takes(self, event: dict) -> None:
        """An event as Slack sends it."""
        self._taken += 1
        seconds = int(self.scene.now.timestamp())
        self.intake.take(
            {
                "team_id": "T1",
                "event_id": f"Ev{self._taken}",
                "event_time": seconds,
                "type": "event_callback",
                "event": event,
            }
        )

    def passes(self) -> None:
        """What the program does when it is woken."""
        self.pump.run()
        now_us = to_us(self.scene.now)
        sent = self.scene.send()
        self.scene.clock.jump(from_us(now_us) - self.scene.now)
        if any(delivery.outgoing.kind == "escalation" for delivery in sent):
            for card in self.cards():
                if card.escalated:
                    self.escalated.setdefault(card.id, now_us)

    def goes_on_until(self, until: datetime) -> None:
        """Let time pass, with a pass whenever something is due."""
        while (due := self.pump.next_due()) is not None and due.at <= until:
            self.scene.clock.jump(max(due.at, self.scene.now) - self.scene.now)
            self.passes()
            left = self.pump.next_due()
            assert left is None or left.at > self.scene.now, f"{left.feature} is due again and again"
        self.scene.clock.jump(until - self.scene.now)

    def cards(self) -> list[Card]:
        with self.scene.store.read() as tx:
            return [
                card for state in ("open", "answered", "withdrawn", "dismissed") for card in tx.cards.of("data", state)
            ]

    def asks(self, messages: list[dict]) -> set[tuple[str, int]]:
        """What is stored of whether each message asks something."""
        with self.scene.store.read() as tx:
            found = {
                channel: tx.threads.standing(
                    channel, [microseconds(m["ts"]) for m in messages if m["channel"] == channel]
                )
                for channel in {message["channel"] for message in messages}
            }
        return {(channel, root.ts_us) for channel, roots in found.items() for root in roots if root.asks}

    def found(self) -> list[Expected]:
        return sorted(
            (
                Expected(
                    card.channel,
                    card.messages_us,
                    card.opened_us,
                    card.closed_us,
                    card.answered_by,
                    self.escalated.get(card.id),
                )
                for card in self.cards()
            ),
            key=lambda card: (card.messages, card.channel),
        )


def compare(
    folder: Path,
    export: Path,
    names: set[str],
    rules: Unanswered,
    start: str,
    days: int,
    features: Sequence[Feature] = FEATURES,
) -> list[Expected]:
    """Replay so many days of some channels, and compare the cards at the end; they are given back."""
    if not export.exists():
        pytest.skip(f"{export} is not here")
    since = datetime.fromisoformat(start).replace(tzinfo=UTC)
    until = since + timedelta(days=days)
    messages = messages_of(export, names, since, until)
    users = users_of(export)
    bots = {user["id"] for user in users if user.get("is_bot")}
    channels = _ids(export, names)
    replay = Replay(folder, channels, rules, since, features)
    for user in users:
        if user["id"] in bots:
            replay.takes({"type": "user_change", "user": user})
    for message in messages:
        replay.goes_on_until(from_us(microseconds(message["ts"])))
        replay.takes({**message, "type": "message", "channel_type": "channel", "event_ts": message["ts"]})
        replay.passes()
    replay.goes_on_until(until)
    must_be = expected_cards(
        messages,
        bots,
        replay.asks(messages),
        after=rules.after // timedelta(microseconds=1),
        escalate=rules.escalate // timedelta(microseconds=1),
        office=(9, 18) if rules.hours else None,
        end=to_us(until),
    )
    found = replay.found()
    replay.scene.close()
    assert found == must_be
    return found


def _ids(export: Path, names: set[str]) -> dict[str, str]:
    """The channels' IDs by name."""
    with zipfile.ZipFile(export) as archive:
        return {one["name"]: one["id"] for one in json.loads(archive.read("channels.json")) if one["name"] in names}


def test_a_day_of_a_community_that_looks_after_its_questions_quickly(tmp_path: Path) -> None:
    cards = compare(tmp_path, DD2030, {"2_開発_いどばた"}, QUICK, "2025-04-10", 1, (THREADS,))
    assert any(len(card.messages) > 1 for card in cards)
    assert any(card.closed for card in cards)
    assert any(card.escalated for card in cards)
    assert any(card.closed is None for card in cards)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rules", [ALWAYS, IN_OFFICE], ids=["always", "in office hours"])
def test_a_month_of_two_busy_channels(tmp_path: Path, rules: Unanswered) -> None:
    assert len(compare(tmp_path, GITTER, {"docker", "appium"}, rules, "2017-03-01", 31)) > 20


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rules", [QUICK, ALWAYS], ids=["quickly", "always"])
def test_a_month_of_a_community_with_bots(tmp_path: Path, rules: Unanswered) -> None:
    assert compare(tmp_path, DD2030, DD_CHANNELS, rules, "2025-04-01", 30)
