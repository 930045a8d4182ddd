"""A better rule of questions makes the decisions of an earlier one again, where the texts are there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import FakeClock
from scene import Scene
from sqlalchemy import update

from copbot.adapters.store import tables
from copbot.core.asks import RULE_VERSION
from copbot.core.facts import MessageSeen
from copbot.core.time import to_us
from copbot.features.threads import deciding
from copbot.features.threads.deciding import decide_again

_message = tables.Message.__table__


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    scene.store.keep_text_in = lambda _channel: "questions"
    yield scene
    scene.close()


def decided_earlier(scene: Scene, ts_us: int, *, asks: bool, text: str | None, rule: int = 1) -> None:
    """As an earlier version of the program left it."""
    why = "it has a question mark" if asks else ""
    with scene.engine.begin() as connection:
        connection.execute(
            update(_message).where(_message.c.ts_us == ts_us).values(asks=asks, asks_why=why, asks_rule=rule, text=text)
        )


def stored(scene: Scene, ts_us: int) -> tuple[bool, str, int, str | None]:
    with scene.engine.connect() as connection:
        row = connection.execute(_message.select().where(_message.c.ts_us == ts_us)).one()
    return row.asks, row.asks_why, row.asks_rule, row.text


def test_what_asks_nothing_any_more_is_no_question_and_its_text_is_gone(scene: Scene) -> None:
    ts_us = scene.says("UANN", "Who knows?")
    decided_earlier(scene, ts_us, asks=True, text="Who knows?")
    decide_again(scene.ctx, scene.now)
    assert stored(scene, ts_us) == (False, "", RULE_VERSION, None)


def test_what_asks_after_all_is_a_question_from_now_on(scene: Scene) -> None:
    scene.store.keep_text_in = lambda _channel: "all"
    ts_us = scene.says("UANN", "would love your feedback")
    decided_earlier(scene, ts_us, asks=False, text="would love your feedback")
    decide_again(scene.ctx, scene.now)
    assert stored(scene, ts_us) == (True, "it says “would love your”", RULE_VERSION, "would love your feedback")


def test_a_moderators_word_and_what_has_no_text_stay_as_they_are(scene: Scene) -> None:
    said, bare = scene.says("UANN", "Who knows?"), scene.says("UBEN", "Which one?")
    decided_earlier(scene, said, asks=True, text="Who knows?", rule=0)
    decided_earlier(scene, bare, asks=True, text=None)
    decide_again(scene.ctx, scene.now)
    assert stored(scene, said) == (True, "it has a question mark", 0, "Who knows?")
    assert stored(scene, bare) == (True, "it has a question mark", 1, None)


def test_a_text_that_may_not_be_kept_any_more_goes_with_the_decision(scene: Scene) -> None:
    ts_us = scene.says("UANN", "Which one?")
    decided_earlier(scene, ts_us, asks=True, text="Which one?")
    scene.store.keep_text_in = lambda _channel: "none"
    decide_again(scene.ctx, scene.now)
    assert stored(scene, ts_us) == (True, "it ends with a question mark", RULE_VERSION, None)


def test_it_is_done_once_for_a_version_of_the_rule(scene: Scene) -> None:
    ts_us = scene.says("UANN", "Which one?")
    decide_again(scene.ctx, scene.now)
    decided_earlier(scene, ts_us, asks=True, text="Who knows?")
    decide_again(scene.ctx, scene.now)
    assert stored(scene, ts_us) == (True, "it has a question mark", 1, "Who knows?")


class HastyClock(FakeClock):
    """Each look at it takes more than half a second."""

    def monotonic(self) -> float:
        self.tick(0.6)
        return super().monotonic()


def test_much_is_done_a_little_at_a_time_and_goes_on_where_it_stopped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "BATCH", 3)
    now_us = to_us(scene.now)
    asked = [now_us + number for number in range(10)]
    scene.record(*(MessageSeen("CDATA", ts_us, "UANN", text="Which one?") for ts_us in asked))
    for ts_us in asked:
        decided_earlier(scene, ts_us, asks=True, text="Who knows?")
    object.__setattr__(scene.ctx, "clock", HastyClock(scene.now + timedelta(hours=1)))

    def left() -> int:
        return sum(stored(scene, ts_us)[2] < RULE_VERSION for ts_us in asked)

    decide_again(scene.ctx, scene.now)
    assert left() == 7
    for _ in range(4):
        decide_again(scene.ctx, scene.now)
    assert left() == 0
