"""Newcomers: some fill in the bot's form through the very buttons that a person would press, and some never do."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from copbot.workspace.life.form import filled_in
from copbot.workspace.life.people import Places, Someone, handle_of, invented, read_words, seeded, someone
from copbot.workspace.server import Workspace

Json = dict[str, Any]

FORM_WITHIN_S = 5.0
"""Real seconds in which the bot's form must have opened: then a person would give up."""

FILLS_IN, AFTER_REMINDER = 0.65, 0.4


class Newcomers:
    """Who comes, when, and what they do about the bot's first message."""

    def __init__(self, workspace: Workspace, places: Places, seed: int, a_week: float) -> None:
        self._workspace = workspace
        self._places = places
        self._seed = seed
        self._a_week = a_week
        self._words = read_words()
        self._names = invented(self._words, seed)

    def in_week(self, monday: date) -> Iterator[datetime]:
        """When somebody joins during the week that begins on ``monday``: on working days, in the daytime."""
        rng = seeded(self._seed, "newcomers", monday.isoformat())
        count = int(self._a_week) + (rng.random() < self._a_week % 1)
        for _ in range(count):
            day = monday + timedelta(days=rng.randrange(5))
            at = datetime.combine(day, time(9), self._places.home) + timedelta(minutes=rng.randrange(480))
            yield at.astimezone(UTC)

    def join(self, at: datetime) -> Someone:
        """Somebody new comes into the workspace and its channels."""
        present = {user["real_name"] for user in self._workspace.users()}
        name, zone = next((name, zone) for name, zone in self._names if name not in present)
        user = self._workspace.join_workspace(
            handle_of(name), real_name=name, tz=zone, email=f"{handle_of(name)}@example.org"
        )
        for channel in (*self._places.discussion, self._places.introductions):
            if channel is not None:
                self._workspace.join_channel(channel, user)
        return someone({"id": user, "real_name": name, "tz": zone}, self._seed, joined=at.date())

    def answers_at(self, who: Someone, joined: datetime) -> Iterator[datetime]:
        """When they look at the bot's form: soon, after the reminder, or never."""
        rng = seeded(self._seed, who.name, "form")
        if rng.random() < FILLS_IN:
            yield joined + timedelta(minutes=rng.randint(5, 240))
        elif rng.random() < AFTER_REMINDER:
            yield joined + timedelta(days=3, hours=rng.randint(2, 30))

    def fill_in(self, who: Someone) -> bool:
        """Press the bot's button and send its form; False where there is none (any more), or it does not open."""
        dm = self._workspace.dm(who.user)
        pressed = _button_that_stands_out(self._workspace.messages(dm)) if dm else None
        if dm is None or pressed is None:
            return False
        rng = seeded(self._seed, who.name, "answers")
        with suppress(TimeoutError, LookupError, ValueError):
            self._workspace.press(who.user, dm, *pressed)
            view = self._workspace.wait_for(lambda: self._workspace.view_of(who.user) or {}, FORM_WITHIN_S)
            inviter = rng.choice([user["id"] for user in self._workspace.users() if not user["is_bot"]])
            form = filled_in(view, rng.choice(self._words["goals"]), inviter)
            return not self._workspace.submit(who.user, form.values)
        return False


def _button_that_stands_out(messages: list[Json]) -> tuple[str, str] | None:
    """(ts, action_id) of the newest button in a direct message that is set off in colour; where none is, of the newest."""
    newest: tuple[str, str] | None = None
    for message in reversed(messages):
        for block in message.get("blocks") or []:
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                if element["type"] != "button":
                    continue
                if element.get("style") == "primary":
                    return message["ts"], element["action_id"]
                newest = newest or (message["ts"], element["action_id"])
    return newest
