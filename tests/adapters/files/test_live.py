"""Files that change under a running bot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from copbot.adapters.files.live import LiveFiles
from copbot.adapters.files.problem import Problem
from copbot.core.errors import Mistake

GOOD = """
community: {id: links, name: %s, timezone: UTC}
channels: {discussion: ["#data"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""


class Kept:
    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self) -> dict[str, str]:
        return self.files

    def keep(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)


class Watched:
    """Live files over a folder, and what was told of them."""

    def __init__(self, folder: Path, kept: Kept | None = None) -> None:
        self.file = folder / "schedules/community.yaml"
        self.file.parent.mkdir(exist_ok=True)
        (folder / "prompts").mkdir(exist_ok=True)
        self.kept = kept or Kept()
        self.live = LiveFiles(folder / "schedules", folder / "prompts", self.kept)
        self.changes = 0
        self.broken: list[Sequence[Problem]] = []

    def write(self, text: str) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.file)

    def look(self) -> None:
        """Long enough for a change to be taken up."""
        for _ in range(2):
            self.look_once()

    def look_once(self) -> None:
        self.live.look(self._changed, self.broken.append)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def name(self) -> str:
        (community,) = self.live.communities()
        return community.name


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    watched = Watched(tmp_path)
    watched.write(GOOD % "One")
    assert watched.live.start() == ()
    return watched


def test_a_good_change_is_in_force_at_the_next_look(watched: Watched) -> None:
    watched.write(GOOD % "Two")
    watched.look()
    assert (watched.name, watched.changes) == ("Two", 1)
    watched.look()
    assert watched.changes == 1


def test_a_mistake_changes_nothing_and_is_told_once(watched: Watched) -> None:
    watched.write("community: {id: links")
    watched.look()
    watched.look()
    assert watched.name == "One"
    assert watched.changes == 0
    (problems,) = watched.broken
    assert "community.yaml:1:" in str(problems[0])

    watched.write(GOOD % "Three")
    watched.look()
    assert watched.name == "Three"


@pytest.mark.parametrize("damage", ["delete", "empty", "not text"])
def test_a_file_that_is_gone_empty_or_no_text_changes_nothing(watched: Watched, damage: str) -> None:
    if damage == "delete":
        watched.file.unlink()
    else:
        watched.file.write_bytes(b"" if damage == "empty" else b"\xff\xfe\x00")
    watched.look()
    assert watched.name == "One"
    assert len(watched.broken) == 1


def test_a_file_that_was_touched_but_says_the_same_is_no_change(watched: Watched) -> None:
    watched.write(GOOD % "One")
    watched.look()
    assert (watched.changes, watched.broken) == (0, [])


def test_a_restart_beside_a_broken_file_goes_on_with_the_last_good_state(tmp_path: Path, watched: Watched) -> None:
    watched.write("nonsense: [")
    again = Watched(tmp_path, watched.kept)
    problems = again.live.start()
    assert again.name == "One"
    assert "community.yaml:1:" in str(problems[0])


def test_a_first_start_beside_a_broken_file_says_all_its_mistakes(tmp_path: Path) -> None:
    first = Watched(tmp_path)
    first.write("community: {id: links}\n")
    with pytest.raises(Mistake) as mistake:
        first.live.start()
    assert "community.yaml:1:" in str(mistake.value)


def test_a_file_that_is_still_being_written_is_not_taken_up(watched: Watched) -> None:
    watched.file.write_text(GOOD % "Half")
    watched.look_once()
    watched.file.write_text(GOOD % "The Whole")
    watched.look_once()
    assert watched.name == "One"
    watched.look_once()
    assert watched.name == "The Whole"
