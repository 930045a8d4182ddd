"""Backups: whole, of one instant, made beside writers; put back without losing what was there."""

import json
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import SlackThatKeepsItsTruth
from released import put
from scene import COMMUNITY, Scene

from copbot import cli
from copbot import nightly_backup as nights
from copbot.adapters.store import backup, sqlite_files
from copbot.adapters.store.backup import back_up, back_up_nightly, backups_in
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.restoring import restore_file
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.sqlite_files import in_bytes, look_through
from copbot.commands.backing_up import PutBack
from copbot.core.community import Backups
from copbot.core.delivery import Outgoing
from copbot.core.errors import Mistake
from copbot.core.facts import UserSeen
from copbot.core.nightly import do_what_is_due
from copbot.core.outbox import Sender
from copbot.core.privacy import forget
from copbot.core.time import to_us
from copbot.nightly_backup import nightly_backup
from copbot.settings import Settings

pytestmark = [pytest.mark.sqlite("what is copied and replaced is a file"), pytest.mark.usefixtures("as_it_was")]


def quiet(_share: float) -> None:
    """Nobody looks at the progress."""


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    scene = Scene(tmp_path)
    with scene.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{sqlite_files.known_revisions()[-1]}')")
    scene.says("UANA", "How do you link registers?")
    yield scene
    scene.close()


def messages(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM message").fetchone()[0])


# -- backup


def test_a_backup_is_a_whole_database_and_its_owners_alone(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["backup", "copy.db"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Backed up to copy.db: one's data, 1 message, 1 person, ")
    assert told.endswith("It was read through and is whole.\n")
    assert stat.S_IMODE(os.stat("copy.db").st_mode) == 0o600
    assert messages(Path("copy.db")) == 1, "what stood in the log alone is in it"
    assert [file for file in os.listdir() if file.startswith("copy")] == ["copy.db"]

    assert cli.main(["backup", "other.db", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"]["message"], document["is_older"]) == (1, False)


def test_who_writes_meanwhile_waits_for_nothing_and_is_wholly_in_it_or_not_at_all(scene: Scene, tmp_path: Path) -> None:
    # Given a bot that writes pairs of messages, more often than the copy takes steps
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with scene.store.begin():
                pass
            written.append(1)

    sizes: list[int] = []

    def write_a_pair(_share: float) -> None:
        scene.says("UBEN", "one")
        sizes.append(messages(tmp_path / "copbot.db"))

    # When it is copied
    other = threading.Thread(target=write)
    other.start()
    contents = back_up(f"sqlite:///{tmp_path}/copbot.db", tmp_path / "copy.db", write_a_pair)
    stop.set()
    other.join()

    # Then the copy is of the instant at which it began, and whoever wrote went on
    assert contents.rows["message"] == 1 == messages(tmp_path / "copy.db")
    assert sizes[0] > 1
    assert written


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("copbot.db", "copbot.db is the database itself"),
        ("there.db", "there.db is there already: name another file, or write over it with --force"),
        (".", "is a folder: name a file in it"),
        ("nowhere/copy.db", "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_the_target_is_told_in_a_line(
    scene: Scene, target: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("there.db").write_text("precious")
    assert cli.main(["backup", target]) == 2
    assert says in capsys.readouterr().err
    assert Path("there.db").read_text() == "precious"


def test_with_force_it_takes_the_files_place(scene: Scene) -> None:
    Path("there.db").write_text("an older one")
    assert cli.main(["backup", "there.db", "--force"]) == 0
    assert messages(Path("there.db")) == 1


def test_one_that_is_stopped_or_fails_leaves_nothing(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    url = f"sqlite:///{tmp_path}/copbot.db"
    with pytest.raises(KeyboardInterrupt):
        back_up(url, tmp_path / "copy.db", stop)
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 1000})())
    with pytest.raises(Mistake, match="make room"):
        back_up(url, tmp_path / "copy.db", quiet)
    assert not list(tmp_path.glob("copy*"))


def test_a_damaged_database_makes_no_backup(scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene.close()
    whole = Path("copbot.db").read_bytes()
    Path("copbot.db").write_bytes(whole[: len(whole) // 2] + b"\x00" * (len(whole) // 2))
    assert cli.main(["backup", "copy.db"]) == 2
    assert "damaged" in capsys.readouterr().err
    assert not list(tmp_path.glob("copy*"))


# -- restore


def test_a_backup_is_put_back_and_what_was_there_is_kept(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["backup", "copy.db"]) == 0
    scene.says("UANA", "Written after the backup")
    capsys.readouterr()

    # While it is in use, and without being told twice, nothing is replaced
    assert cli.main(["restore", "copy.db"]) == 2
    assert "there is a database copbot.db already" in capsys.readouterr().err
    assert cli.main(["restore", "copy.db", "--force"]) == 2
    assert "copbot.db is in use: stop `copbot run`" in capsys.readouterr().err
    scene.close()

    assert cli.main(["restore", "copy.db", "--force", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert messages(Path("copbot.db")) == 1
    assert messages(Path(told["kept"])) == 2
    assert stat.S_IMODE(os.stat("copbot.db").st_mode) == 0o600
    assert messages(Path("copy.db")) == 1, "the backup stays one"


def test_where_there_is_no_database_it_needs_no_force_and_old_logs_are_not_mixed_in(scene: Scene) -> None:
    assert cli.main(["backup", "copy.db"]) == 0
    scene.close()
    Path("copbot.db").unlink()
    Path("copbot.db-wal").write_bytes(b"left behind by a database that was deleted by hand")
    assert cli.main(["restore", "copy.db"]) == 0
    assert messages(Path("copbot.db")) == 1


def test_a_damaged_database_is_replaced_and_kept_too(scene: Scene) -> None:
    assert cli.main(["backup", "copy.db"]) == 0
    scene.close()
    Path("copbot.db").write_bytes(Path("copbot.db").read_bytes()[:5000])
    assert cli.main(["restore", "copy.db", "--force"]) == 0
    assert messages(Path("copbot.db")) == 1
    assert [file.stat().st_size for file in Path().glob("copbot.db.before-restore-*Z")] == [5000]


def test_an_older_programs_backup_is_taken_and_says_what_becomes_of_it(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.close()
    put("0002", Path("old.db"))
    assert cli.main(["restore", "old.db", "--force"]) == 0
    assert "It was of an earlier version (0002), and was brought to " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("newer", "was made by a newer copbot (its version is 9999"),
        ("text", "is no database of copbot's"),
        ("cut", "is damaged"),
        ("another", "is no database of copbot's"),
        ("missing", "cannot be read (No such file or directory)"),
    ],
)
def test_what_is_no_backup_for_this_program_changes_nothing(
    scene: Scene, content: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.close()
    file = Path("wrong.db")
    put("0004", file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        if content == "newer":
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        if content == "another":
            connection.execute("DROP TABLE alembic_version")
    if content == "text":
        file.write_text("Dear diary")
    if content == "cut":
        file.write_bytes(file.read_bytes()[:100_000])
    if content == "missing":
        file.unlink()
    before = Path("copbot.db").read_bytes()
    assert cli.main(["restore", "wrong.db", "--force"]) == 2
    assert says in capsys.readouterr().err
    assert Path("copbot.db").read_bytes() == before


def workspace(file: Path, slack_id: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE team SET slack_id = ?", (slack_id,))


def test_another_workspaces_backup_takes_no_databases_place(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.close()
    assert cli.main(["backup", "other.db"]) == 0
    workspace(Path("copbot.db"), "T1")
    workspace(Path("other.db"), "T2")
    before = Path("copbot.db").read_bytes()
    assert cli.main(["restore", "other.db", "--force"]) == 2
    assert "other.db is of workspace T2, the database copbot.db of T1" in capsys.readouterr().err
    assert Path("copbot.db").read_bytes() == before


def test_without_force_it_says_what_would_become_of_an_older_backup(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.close()
    put("0002", Path("old.db"))
    assert cli.main(["restore", "old.db"]) == 2
    assert f"It would be brought from version 0002 to {known_revisions()[-1]}." in capsys.readouterr().err


def test_two_restores_in_one_second_each_keep_what_they_replaced(scene: Scene, tmp_path: Path) -> None:
    scene.close()
    back_up(f"sqlite:///{tmp_path}/copbot.db", tmp_path / "copy.db", quiet)
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    (one, other) = (
        restore_file(tmp_path / "copy.db", tmp_path / "copbot.db", now, quiet, force=True).kept for _ in range(2)
    )
    assert one != other
    assert {kept.name for kept in (one, other) if kept and kept.exists()} == {
        "copbot.db.before-restore-20261120T120000Z",
        "copbot.db.before-restore-20261120T120000Z-2",
    }


def test_a_link_to_the_database_stays_one_and_the_data_stay_on_their_disk(scene: Scene, tmp_path: Path) -> None:
    scene.close()
    assert cli.main(["backup", "copy.db"]) == 0
    (tmp_path / "disk").mkdir()
    Path("copbot.db").rename("disk/real.db")
    Path("copbot.db").symlink_to("disk/real.db")
    assert cli.main(["restore", "copy.db", "--force"]) == 0
    assert Path("copbot.db").is_symlink()
    assert messages(Path("disk/real.db")) == 1
    assert len(list((tmp_path / "disk").glob("real.db.before-restore-*"))) == 1


@pytest.mark.parametrize("command", [["backup", "x.db"], ["restore", "x.db"], ["upgrade"], ["upgrade", "--rehearse"]])
@pytest.mark.parametrize("url", ["nonsense", "sqlite://"])
def test_an_address_that_is_none_is_told_in_a_line(
    command: list[str], url: str, scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert cli.main(command) == 2
    assert "DATABASE_URL" in capsys.readouterr().err
    assert not Path("None").exists()


# -- each night


def test_of_the_nightly_ones_the_newest_stay_and_other_files_too(scene: Scene, tmp_path: Path) -> None:
    folder, url = tmp_path / "backups", f"sqlite:///{tmp_path}/copbot.db"
    first = datetime(2026, 11, 16, 3, tzinfo=UTC)
    for night in range(4):
        back_up_nightly(url, folder, 2, first + timedelta(days=night), quiet)
        (folder / "by-hand.db").write_text("mine")
        (folder / "copbot-20261101T030000Z.db.unfinished").write_text("of a killed process")
    back_up_nightly(url, folder, 2, first + timedelta(days=4), quiet)
    kept = ["by-hand.db", "copbot-20261119T030000Z.db", "copbot-20261120T030000Z.db"]
    assert sorted(os.listdir(folder)) == kept
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [found.made.day for found in backups_in(folder)] == [19, 20]


def test_one_that_fails_removes_no_good_one(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, url = tmp_path / "backups", f"sqlite:///{tmp_path}/copbot.db"
    now = datetime(2026, 11, 16, 3, tzinfo=UTC)
    back_up_nightly(url, folder, 1, now, quiet)

    def damaged(*_: object, **__: object) -> None:
        raise Mistake("it is damaged")

    monkeypatch.setattr(sqlite_files, "look_through", damaged)
    with pytest.raises(Mistake):
        back_up_nightly(url, folder, 1, now + timedelta(days=1), quiet)
    assert [found.made for found in backups_in(folder)] == [now]


def test_one_line_in_the_files_makes_one_each_night_and_a_failure_is_told_to_coordinators_once(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    stopping = threading.Event()

    def night(**wait: float) -> int:
        scene.wait(**wait)
        do_what_is_due(scene.ctx, nightly_backup(url, scene.ctx, stopping))
        return len(backups_in(tmp_path / "backups"))

    assert night(hours=0) == 0, "nobody asked for one"
    scene.communities = (COMMUNITY, replace(COMMUNITY, id="maps", backup=Backups(keep=2)))
    assert [night(hours=0), night(hours=1), night(days=1), night(days=1)] == [1, 1, 2, 2]

    with monkeypatch.context() as patch:
        patch.setattr(backup.shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 1000})())
        night(days=1)
        night(hours=3)
    told = [delivery for delivery in scene.send() if "backup could not be made" in delivery.outgoing.text]
    assert [delivery.outgoing.target for delivery in told] == ["UJESS"]
    assert "make room" in told[0].outgoing.text

    # A stop breaks it off without a word, and the next start makes it
    stopping.set()
    before = backups_in(tmp_path / "backups")[-1]
    night(days=1)
    assert backups_in(tmp_path / "backups")[-1] == before
    assert not list((tmp_path / "backups").glob("*.unfinished"))
    stopping.clear()
    night(minutes=1)
    assert backups_in(tmp_path / "backups")[-1].made > before.made
    assert scene.send() == []
    look_through(backups_in(tmp_path / "backups")[-1].file)


def test_where_the_backups_are_is_beside_the_database_unless_the_files_say_otherwise(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    assert nights.folder_of(url, Backups()) == tmp_path / "backups"
    assert nights.folder_of(url, Backups(to="/mnt/disk")) == Path("/mnt/disk")


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 bytes"), (1000, "1 KB"), (999_400, "999 KB"), (2_500_000_000, "2.5 GB")]
)
def test_sizes_for_people(size: int, words: str) -> None:
    assert in_bytes(size) == words


# -- what came between the backup and its being put back


def test_what_was_said_since_the_backup_is_not_said_again(scene: Scene, tmp_path: Path) -> None:
    # Given a backup, with a post still to be sent, of a bot that was connected
    slack = SlackThatKeepsItsTruth()

    def plan(store: SqlStore, *keys: str) -> None:
        with store.begin() as tx:
            for key in keys:
                tx.deliveries.plan(Outgoing(key=key, kind="post", target="CDATA", text=key, due_us=to_us(scene.now)))

    def deliver(store: SqlStore) -> None:
        sender = Sender(store, slack, scene.clock, "worker")
        for _ in range(20):
            while sender.deliver_one():
                scene.wait(seconds=2)
            scene.wait(seconds=2)

    with scene.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE team SET complete_us = {to_us(scene.now)}")
    plan(scene.store, "waited")
    assert cli.main(["backup", "copy.db"]) == 0

    # And that it said this and more before the backup was put back
    plan(scene.store, "since")
    deliver(scene.store)
    assert [key for _, key, _ in slack.held] == ["waited", "since"]
    scene.close()
    PutBack(Settings(), Path("copy.db"), scene.clock, quiet, force=True)

    # When the bot finds all of it due again, and something new
    engine = open_engine(f"sqlite:///{tmp_path}/copbot.db")
    store = SqlStore(engine, 1)
    plan(store, "since", "new")
    deliver(store)

    # Then only what is new is said, and of the rest it is known that it was
    assert [key for _, key, _ in slack.held] == ["waited", "since", "new"]
    with store.read() as tx:
        assert {key: tx.deliveries.get(key).state for key in ("waited", "since", "new")} == dict.fromkeys(  # type: ignore[union-attr]
            ("waited", "since", "new"), "sent"
        )

    # And after a day it looks no more
    scene.wait(days=1)
    plan(store, "much later")
    with store.read() as tx:
        assert tx.deliveries.open() == []
    engine.dispose()


def test_who_was_forgotten_since_the_backup_is_forgotten_in_it_too(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.says("UBEN", "Who knows a good matcher?")
    scene.record(UserSeen("UANA", name="Ana", updated_us=1), UserSeen("UBEN", name="Ben", updated_us=1))
    scene.record(UserSeen("ULEFT", name="Leo", updated_us=1))
    assert cli.main(["backup", "copy.db"]) == 0
    forget(scene.store, "UBEN", to_us(scene.now))
    forget(scene.store, "UNEVERSEEN", to_us(scene.now))
    forget(scene.store, "ULEFT", to_us(scene.now), "left")
    scene.close()
    capsys.readouterr()

    assert cli.main(["restore", "copy.db", "--force"]) == 0

    assert "Forgotten in it too, as they had been since: 2 people." in capsys.readouterr().out
    engine = open_engine(f"sqlite:///{tmp_path}/copbot.db")
    with SqlStore(engine, 1).read() as tx:
        assert tx.privacy.is_forgotten("UBEN")
        assert tx.privacy.is_forgotten("UNEVERSEEN"), "nor does an import bring back whom the backup does not know"
        assert not tx.privacy.is_forgotten("UANA")
        assert tx.privacy.stored("UBEN") == {}
    with SqlStore(engine, 1).begin() as tx:
        tx.facts.record([UserSeen("ULEFT", name="Leo", is_deleted=False, updated_us=to_us(scene.now) * 2)])
        assert not tx.privacy.is_forgotten("ULEFT"), "who had only left may come back"
    engine.dispose()
    assert b"Ben" not in Path("copbot.db").read_bytes()


def test_a_backup_in_the_bots_own_process_lets_go_of_no_lock(scene: Scene, tmp_path: Path) -> None:
    """Whoever opens a file and closes it again loses, on POSIX, all locks of the process: another would take it for nobody's."""
    back_up(f"sqlite:///{tmp_path}/copbot.db", tmp_path / "copy.db", quiet)
    other = [sys.executable, "-m", "copbot", "restore", "copy.db", "--force"]
    refused = subprocess.run(other, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "copbot.db is in use" in refused.stderr
    assert refused.returncode == 2


def test_a_disk_that_fills_up_meanwhile_is_told_in_a_line(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect("copbot.db")) as connection:
        connection.execute("CREATE TABLE ballast (x)")
        connection.execute("INSERT INTO ballast VALUES (zeroblob(3000000))")
        connection.commit()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))
        assert cli.main(["backup", "copy.db"]) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert "cannot be written (" in capsys.readouterr().err
    assert not list(Path().glob("copy*"))
