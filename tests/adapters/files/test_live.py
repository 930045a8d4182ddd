"""Files that change under a running bot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from copbot.adapters.files.live import LiveFiles
from copbot.adapters.files.problem import Problem
from copbot.core.errors import Mistake
from copbot.core.ports import FilesRead

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
    assert watched.live.mistakes() == tuple(map(str, problems))

    watched.write(GOOD % "Three")
    watched.look()
    assert watched.name == "Three"
    assert watched.live.mistakes() == ()


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


# --- what stands beside the YAML files ----------------------------------------------------------------------------

POSTS = """
posts:
  - {id: ask, channel: "#data", when: {every: day, at: "10:00"}, prompt: ask.j2, questions: q/ours.txt}
milestones:
  - {name: Guide, date: 2026-12-01}
"""


@pytest.fixture
def asking(tmp_path: Path, watched: Watched) -> Watched:
    """A community with a post that asks from a file, a prompt and a milestone."""
    put(tmp_path, "schedules/q/ours.txt", "Why?\nHow?\n")
    put(tmp_path, "schedules/posts.yaml", POSTS)
    put(tmp_path, "prompts/ask.j2", "*{{ question }}*")
    watched.look()
    assert watched.changes == 1
    return watched


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def questions(watched: Watched) -> tuple[str, ...]:
    (community,) = watched.live.communities()
    return community.posts[0].questions


def test_changed_questions_prompts_and_milestones_are_taken_up(tmp_path: Path, asking: Watched) -> None:
    put(tmp_path, "schedules/q/ours.txt", "Why?\nHow?\nWho?\n")
    asking.look()
    assert questions(asking) == ("Why?", "How?", "Who?")
    put(tmp_path, "prompts/ask.j2", "Now: {{ question }}")
    asking.look()
    assert asking.live.prompts()["ask.j2"] == "Now: {{ question }}"
    put(tmp_path, "schedules/posts.yaml", POSTS.replace("2026-12-01}", "2026-12-02, done: true}"))
    asking.look()
    (community,) = asking.live.communities()
    assert [(one.name, one.date.day, one.done) for one in community.milestones] == [("Guide", 2, True)]
    assert (asking.changes, asking.broken) == (4, [])


def test_a_text_that_no_post_names_is_no_change(tmp_path: Path, asking: Watched) -> None:
    put(tmp_path, "schedules/README.md", "# How we work\n")
    asking.look()
    assert (asking.changes, asking.broken) == (1, [])


BOMB = "".join(f"&a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 50))


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("schedules/q/ours.txt", b"Why?\nWhy?\n", "schedules/q/ours.txt:2:1: "),
        ("schedules/q/ours.txt", b"", "schedules/q/ours.txt:1:1: "),
        ("schedules/q/ours.txt", b"Why?\nCaf\xe9?", "schedules/q/ours.txt:2:4: "),
        ("schedules/q/ours.txt", b"x" * 10_000_000, "schedules/q/ours.txt:1:1: "),
        ("schedules/q/ours.txt", None, "schedules/posts.yaml:3:93: "),
        ("schedules/posts.yaml", b"posts:\n  - {id: ask, chan", "schedules/posts.yaml:2:"),
        ("schedules/posts.yaml", b"posts: []\n" + BOMB.encode(), "schedules/posts.yaml:"),
        ("schedules/posts.yaml", POSTS.replace("2026-12-01", "soon").encode(), "schedules/posts.yaml:5:25: "),
        ("prompts/ask.j2", b"*{{ qestion }}*", "prompts/ask.j2:1:5: "),
        ("prompts/ask.j2", b"\xff", "prompts/ask.j2:1:1: "),
        ("prompts/ask.j2", None, "schedules/posts.yaml:3:74: "),
    ],
)
def test_each_broken_file_changes_nothing_and_is_told_once_with_its_place(
    tmp_path: Path, asking: Watched, name: str, content: bytes | None, place: str
) -> None:
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    asking.look()
    asking.look()
    assert questions(asking) == ("Why?", "How?")
    assert asking.live.prompts()["ask.j2"] == "*{{ question }}*"
    assert asking.changes == 1
    ((problem,),) = asking.broken
    assert str(problem).removeprefix(f"{tmp_path}/").startswith(place)


def test_a_link_that_leads_to_itself_changes_nothing(tmp_path: Path, asking: Watched) -> None:
    (tmp_path / "schedules/q/ours.txt").unlink()
    (tmp_path / "schedules/q/ours.txt").symlink_to("ours.txt")
    asking.look()
    asking.look()
    assert questions(asking) == ("Why?", "How?")
    assert len(asking.broken) == 1


def test_questions_that_are_still_being_written_are_not_taken_up(tmp_path: Path, asking: Watched) -> None:
    put(tmp_path, "schedules/q/ours.txt", "Why is")
    asking.look_once()
    put(tmp_path, "schedules/q/ours.txt", "Why is it so?\n")
    asking.look_once()
    assert questions(asking) == ("Why?", "How?")
    asking.look_once()
    assert questions(asking) == ("Why is it so?",)


def test_questions_that_are_replaced_at_once_are_taken_up(tmp_path: Path, asking: Watched) -> None:
    put(tmp_path, "schedules/q/ours.draft", "Who?\n")
    (tmp_path / "schedules/q/ours.draft").replace(tmp_path / "schedules/q/ours.txt")
    asking.look()
    assert questions(asking) == ("Who?",)


def test_a_restart_beside_broken_questions_goes_on_with_the_last_good_ones(tmp_path: Path, asking: Watched) -> None:
    put(tmp_path, "schedules/q/ours.txt", "Why?\nWhy?\n")
    again = Watched(tmp_path, asking.kept)
    (problem,) = again.live.start()
    assert "ours.txt:2:1: " in str(problem)
    assert questions(again) == ("Why?", "How?")


def test_what_changed_is_told_once_and_nothing_of_the_very_first_state(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write(GOOD % "Links")
    watched.live.start()
    assert watched.live.changes() == {}
    watched.write(GOOD % "Linked")
    (tmp_path / "prompts/new.j2").write_text("Hello")
    watched.look()
    assert watched.live.changes() == {"prompts/new.j2": "added", "schedules/community.yaml": "changed"}
    assert watched.live.changes() == {}


def test_what_changed_while_the_bot_was_off_is_told_at_the_start(tmp_path: Path) -> None:
    kept = Kept()
    first = Watched(tmp_path, kept)
    first.write(GOOD % "Links")
    first.live.start()
    first.write(GOOD % "Linked")
    second = Watched(tmp_path, kept)
    second.live.start()
    assert second.live.changes() == {"schedules/community.yaml": "changed"}


def test_on_a_persons_word_the_files_are_in_force_at_once_and_told_at_the_next_look(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write(GOOD % "Links")
    watched.live.start()
    watched.write(GOOD % "Linked")
    assert watched.live.reload().changes == {"schedules/community.yaml": "changed"}
    assert watched.name == "Linked"
    assert watched.live.reload() == FilesRead()
    watched.look_once()
    assert (watched.changes, watched.broken) == (1, [])


def test_on_a_persons_word_a_mistake_changes_nothing_and_is_told_by_the_next_look_too(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write(GOOD % "Links")
    watched.live.start()
    watched.write("community: [")
    assert "schedules/community.yaml:1" in watched.live.reload().mistakes[0]
    assert watched.name == "Links"
    watched.look()
    assert len(watched.broken) == 1
