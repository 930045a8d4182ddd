"""What members are shown of others speaks of five people or more, and moderators are shown no log of anybody's hours."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from doors import Doors
from scene import Scene

from copbot.adapters.digest.files import summary
from copbot.core.digest import Entry, Issue
from copbot.core.facts import UserSeen
from copbot.core.time import to_us
from copbot.features.digest.views import line
from copbot.features.digest.words.english import ENGLISH

NOW = datetime(2026, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
@pytest.mark.parametrize("kind", ["lively", "rest"])
def test_a_digest_counts_people_from_five_on(kind: str, people: int, is_told: bool) -> None:
    told = line(Entry(kind, "Registers", people=people, count=9), ENGLISH, lambda _user: "")  # type: ignore[arg-type]
    assert (f"{people} people" in told) is is_told


@pytest.mark.parametrize(("people", "said"), [(4, "12 messages in #data."), (5, "12 messages by 5 people in #data.")])
def test_so_does_the_digest_of_the_whole_community(people: int, said: str) -> None:
    assert summary(Issue("Data", NOW, NOW, ZoneInfo("UTC"), 12, people, ["data"])) == said


@pytest.mark.parametrize("words", ["member <@UANA>", "levels", "newcomers"])
def test_moderators_see_no_log_of_a_persons_hours(tmp_path: Path, words: str) -> None:
    scene = Scene(tmp_path)
    scene.record(UserSeen("UANA", name="Ana", updated_us=to_us(scene.now)))
    for _ in range(20):
        scene.says("UANA", "Good evening")
        scene.wait(hours=17)
    told = Doors(scene).type("UMOD", words, "CMODS").text
    assert told
    assert not re.search(r"\b\d{1,2}:\d{2}\b", told)
    scene.close()
