"""What was done, in words: for moderators in ``/cop status``, for the operator in ``copbot audit``."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doors import Doors
from scene import COMMUNITY, Scene

from copbot.core.audit_trail import FILES, OPERATOR, in_words, note_file_changes
from copbot.core.community import Channels
from copbot.core.facts import NOBODY
from copbot.core.records import Audited
from copbot.core.time import to_us

MAPS = replace(COMMUNITY, id="maps", folder="maps", channels=Channels(discussion=("#maps",)))


class Plainly:
    def person(self, user: str) -> str:
        return user.removeprefix("U").capitalize()

    def thread(self, channel: str, ts_us: int) -> str:
        return f"a thread in {channel}"

    def plain(self, text: str) -> str:
        return text


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    scene = Scene(tmp_path, replace(COMMUNITY, folder=""), MAPS)
    yield Doors(scene)
    scene.close()


@pytest.mark.parametrize(
    ("actor", "action", "subject", "detail", "said"),
    [
        ("UMOD", "paused", "weekly", "", "Mod paused weekly"),
        ("UMOD", "welcomed", "UANA", "", "Mod welcomed Ana"),
        ("UMOD", "took", "CDATA/1763283600.000100", "", "Mod took a thread in CDATA"),
        (
            "UMOD",
            "approved",
            "suggestion 3",
            "for weekly, reworded",
            "Mod approved suggestion 3 (for weekly, reworded)",
        ),
        ("UANA", "was refused", "command pause", "", "Ana was refused the command (pause)"),
        ("UANA", "was refused", "button threads:take", "", "Ana was refused a button (threads:take)"),
        (FILES, "changed", "schedules/posts.yaml", "", "The files: changed schedules/posts.yaml"),
        (OPERATOR, "erased", "somebody", "", "The operator erased somebody"),
        (NOBODY, "warned", NOBODY, "case 2", "Somebody who was erased warned somebody who was erased (case 2)"),
    ],
)
def test_each_thing_that_was_done_is_a_sentence(actor: str, action: str, subject: str, detail: str, said: str) -> None:
    assert in_words(Audited(0, "data", actor, action, subject, detail), Plainly()) == said


def noted(doors: Doors, *entries: tuple[str, str, str]) -> None:
    with doors.scene.store.begin() as tx:
        for number, (actor, action, subject) in enumerate(entries):
            tx.audit.note("data", actor, action, subject, to_us(doors.scene.now) - 1000 + number)


def test_the_status_ends_with_the_last_five_things_the_latest_first(doors: Doors) -> None:
    noted(doors, *(("UMOD", "paused", f"post-{number}") for number in range(7)))
    told = doors.type("UMOD", "status", "CDATA").whole
    assert told.index("post-6") < told.index("post-2")
    assert "post-1" not in told


def test_a_case_is_in_no_status_for_it_may_be_about_a_moderator(doors: Doors) -> None:
    with doors.scene.store.begin() as tx:
        tx.audit.note("data", "UJESS", "warned", "UMOD", to_us(doors.scene.now), detail="case 1")
    assert "warned" not in doors.type("UMOD", "status", "CDATA").whole


def test_what_an_author_of_a_file_wrote_is_shown_as_written(doors: Doors) -> None:
    noted(doors, ("UMOD", "paused", "<!channel>"))
    assert "&lt;!channel&gt;" in doors.type("UMOD", "status", "CDATA").whole


def test_a_changed_file_is_noted_in_the_community_that_it_concerns(doors: Doors) -> None:
    changes = {
        "schedules/posts.yaml": "changed",
        "schedules/maps/posts.yaml": "added",
        "prompts/maps/welcome.j2": "removed",
    }
    note_file_changes(doors.scene.ctx, changes | {"prompts/welcome.j2": "changed"})
    with doors.scene.store.read() as tx:
        found = [(one.community, one.action, one.subject) for one in tx.audit.since(None, 0)]
    assert sorted(found) == [
        ("data", "changed", "prompts/welcome.j2"),
        ("data", "changed", "schedules/posts.yaml"),
        ("maps", "added", "schedules/maps/posts.yaml"),
        ("maps", "changed", "prompts/welcome.j2"),
        ("maps", "removed", "prompts/maps/welcome.j2"),
    ]
