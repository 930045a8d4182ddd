"""The line that asks for a nightly backup."""

from pathlib import Path

import pytest

from copbot.adapters.files import Loaded, load_texts
from copbot.core.community import Backups

COMMUNITY = """
community: {{id: {id}, name: Data, timezone: UTC}}
channels: {{discussion: ["#data"], moderators: "#mods"}}
roles: {{coordinators: [jess@example.org]}}
"""


def loaded(*lines: str) -> Loaded:
    """Communities a, b, …, each with such a line in a file of its own."""
    files = {}
    for name, line in zip("ab", lines, strict=False):
        files[f"schedules/{name}/community.yaml"] = COMMUNITY.format(id=name)
        if line:
            files[f"schedules/{name}/backup.yaml"] = line
    return load_texts(files)


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("", None),
        ("backup: {}", Backups(7, "")),
        ("backup: {keep: 1}", Backups(1, "")),
        ("backup: {to: /mnt/disk/copbot, keep: 30}", Backups(30, "/mnt/disk/copbot")),
    ],
)
def test_what_it_means(line: str, means: Backups | None) -> None:
    found = loaded(line)
    assert found.problems == ()
    assert found.communities[0].backup == means


@pytest.mark.parametrize(
    "line", ["backup: {keep: 0}", "backup: {keep: 1001}", "backup: {keeps: 7}", "backup: 7", "backup:"]
)
def test_a_mistake_in_it_is_told_with_its_place(line: str) -> None:
    (problem,) = loaded(line).problems
    assert (problem.file, problem.line) == ("schedules/a/backup.yaml", 1)
    assert Path(problem.file).name in str(problem)


def test_several_communities_may_say_the_same_and_nothing_else() -> None:
    assert loaded("backup: {keep: 7}", "backup: {keep: 7}").problems == ()
    assert loaded("", "backup: {keep: 7}").problems == ()
    (problem,) = loaded("backup: {keep: 7}", "backup: {keep: 8}").problems
    assert str(problem).startswith("schedules/b/backup.yaml:1:1: `backup` says otherwise in schedules/a/backup.yaml: ")
