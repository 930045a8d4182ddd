"""``copbot export-member``, ``forget`` and ``audit``, as the operator runs them: no token, no running bot needed."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from scene import Scene
from sqlalchemy import text

from copbot.adapters.store.revisions import known_revisions
from copbot.cli import main
from copbot.core.delivery import Outgoing
from copbot.core.facts import ChannelSeen, UserSeen
from copbot.core.records import GivenAnswer
from copbot.core.time import to_us
from copbot.settings import Settings

pytestmark = pytest.mark.usefixtures("as_it_was")

Out = pytest.CaptureFixture[str]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    scene = Scene(tmp_path)
    databases.commands_use(monkeypatch, tmp_path)
    with scene.engine.begin() as connection:  # as the commands know it
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": known_revisions()[-1]})
    people = (("UANA", "Ana"), ("UBEN", "Ben"), ("UBEN2", "ben"))
    scene.record(*(UserSeen(user, name=name, updated_us=to_us(scene.now)) for user, name in people))
    scene.says("UANA", "How do I link two registers?")
    yield scene
    scene.close()


def audited(scene: Scene) -> list[tuple[str, str, str]]:
    with scene.store.read() as tx:
        return [(one.actor, one.action, one.subject) for one in tx.audit.since(None, 0)]


@pytest.mark.parametrize("asked", ["UANA", "ana", "@Ana", "<@UANA|ana>"])
def test_a_copy_is_written_for_one_person_by_id_or_by_a_name_that_nobody_else_has(
    scene: Scene, capsys: Out, asked: str
) -> None:
    assert main(["export-member", asked, "--out", "copy"]) == 0
    assert json.loads(Path("copy/UANA.json").read_text())["tables"]["slack_user"][0]["name"] == "Ana"
    assert Path("copy/message.csv").read_text().count("\n") == 2
    assert Path("copy/UANA.json").stat().st_mode & 0o077 == 0
    assert "about UANA, in copy" in capsys.readouterr().out
    assert audited(scene) == [("operator", "exported", "somebody's data")], "without the person"


def test_as_json_it_is_the_document_alone_and_no_file(scene: Scene, capsys: Out) -> None:
    assert main(["export-member", "UANA", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["user"] == "UANA"
    assert not list(Path.cwd().glob("member-*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export-member", "Zoe"], "nobody of that name is stored: give the user ID"),
        (["forget", "Ben", "--yes"], "2 people have that name: give the user ID, one of UBEN, UBEN2"),
        (["export-member", "UANA", "--out", "copbot.db"], "this is no folder"),
        (["forget", "UANA"], "there is no terminal to ask on"),
        (["audit", "--since", "soon"], "--since soon: not a date"),
    ],
)
def test_a_mistake_is_told_in_a_line_and_changes_nothing(
    scene: Scene, capsys: Out, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    Path("copbot.db").touch()
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    with scene.store.read() as tx:
        assert tx.privacy.stored("UANA")["message"]


def test_of_whom_nothing_is_stored_nothing_is_written(scene: Scene, capsys: Out) -> None:
    assert main(["export-member", "USTRANGER"]) == 0
    assert "Nothing is stored about USTRANGER." in capsys.readouterr().out
    assert audited(scene) == []


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("y\n", 1), ("", 1)])
def test_the_operator_is_asked_before_anybody_is_erased(
    scene: Scene, capsys: Out, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    terminal = io.StringIO(typed)
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", terminal)
    assert main(["forget", "UANA"]) == code
    assert "About UANA is stored: 1 × message" in capsys.readouterr().err.replace("1 × slack_user, ", "")
    with scene.store.read() as tx:
        assert (tx.privacy.stored("UANA") == {}) is (code == 0)


def test_erased_is_erased_and_recorded_without_the_person(scene: Scene, capsys: Out) -> None:
    assert main(["forget", "UANA", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["was_forgotten_before"] is False
    assert audited(scene) == [("operator", "erased", "somebody")]
    assert main(["forget", "UANA", "--yes"]) == 0
    assert "was erased before" in capsys.readouterr().out
    assert len(audited(scene)) == 1


def test_the_introduction_is_taken_back_as_soon_as_the_bot_runs(scene: Scene, capsys: Out) -> None:
    files = {
        "schedules/community.yaml": "community: {id: data, name: Data, timezone: UTC, purpose: data}\n"
        'channels: {discussion: ["#data"], introductions: "#hello", moderators: "#mods"}\n'
        "roles: {coordinators: [UJESS], moderators: [UMOD]}\n",
        "schedules/onboarding.yaml": "onboarding:\n  welcome: hi.j2\n  introduction: intro.j2\n"
        "  questions: [{id: goal, ask: Why?, type: text, share: true}]\n",
        "prompts/hi.j2": "Hello",
        "prompts/intro.j2": "{{ member.mention }}: {{ answers[0].answer }}",
    }
    for name, content in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(content)
    scene.record(ChannelSeen("CDATA", "data", updated_us=1), ChannelSeen("CHELLO", "hello", updated_us=1))
    with scene.store.begin() as tx:
        journey = tx.journeys.start("data", "UANA", to_us(scene.now))
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "To link registers", share=True)], None, to_us(scene.now))
        key, now_us = "introduction:data:UANA", to_us(scene.now)
        tx.deliveries.plan(Outgoing(key, "introduction", "CHELLO", "Ana: To link registers", now_us, community="data"))
    scene.send()

    assert main(["forget", "UANA", "--yes"]) == 0

    assert "not taken back" not in capsys.readouterr().out
    scene.wait(hours=24 * 365)  # the command knows no other clock than the machine's
    (taken_back,) = [one for one in scene.send() if one.outgoing.updates]
    assert "link registers" not in taken_back.outgoing.text


def test_the_audit_shows_what_was_done_by_whom_in_words_and_as_json(scene: Scene, capsys: Out) -> None:
    with scene.store.begin() as tx:
        tx.audit.note("data", "UANA", "paused", "weekly", to_us(scene.now))
        tx.audit.note("maps", "UBEN", "was refused", "command pause", to_us(scene.now))
    assert main(["audit"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-16 09:00  data  Ana paused weekly",
        "2026-11-16 09:00  maps  Ben was refused the command (pause)",
    ]
    assert main(["audit", "--since", "2026-11-17"]) == 0
    assert "Nothing was done yet" in capsys.readouterr().out
    assert main(["audit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["audit"]
    assert [one["actor"] for one in told] == ["UANA", "UBEN"]
