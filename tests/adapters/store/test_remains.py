"""What is erased is erased in the database's files too, and whoever writes meanwhile has their turn."""

import sqlite3
from pathlib import Path

import databases
import pytest
from scene import Scene

from copbot.adapters.store import engine as engines
from copbot.adapters.store import sql
from copbot.core.facts import MessageSeen
from copbot.core.privacy import finish_forgetting, forget
from copbot.core.time import to_us

WORDS = (b"UZEBEDIAH", b"Zebediah", b"zebediah", b"quibblesworth", b"xylophone")


def legible(folder: Path) -> set[bytes]:
    held = b"".join(file.read_bytes() for file in folder.glob("copbot.db*"))
    return {word for word in WORDS if word in held}


@pytest.mark.parametrize("is_read_meanwhile", [False, True])
def test_what_an_erased_person_was_called_and_wrote_is_in_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_read_meanwhile: bool
) -> None:
    if databases.on_postgresql():
        pytest.skip("a server looks after its own files")
    connect = sqlite3.connect

    def as_most_are_built(*where: object, **how: object) -> sqlite3.Connection:
        connection = connect(*where, **how)  # type: ignore[call-overload]
        connection.execute("PRAGMA secure_delete=OFF")
        return connection

    monkeypatch.setattr("sqlite3.connect", as_most_are_built)
    monkeypatch.setattr("sqlite3.dbapi2.connect", as_most_are_built)
    monkeypatch.setattr(sql, "FOLDED_IN_PAUSE_S", 0.0)
    scene = Scene(tmp_path)
    scene.store.keep_text_in = lambda _channel: "all"
    scene.joins("UZEBEDIAH", name="Zebediah Quibblesworth")
    for number in range(4):
        asked = scene.says("UZEBEDIAH", f"Which xylophone is number {number}?")
        scene.says("UBEN", f"Ask <@UZEBEDIAH>, or Zebediah Quibblesworth, about {number}", thread=asked)
    assert engines.fold_in(scene.engine)
    assert legible(tmp_path) >= {b"UZEBEDIAH", b"xylophone", b"quibblesworth"}

    if is_read_meanwhile:
        with scene.store.read() as tx:
            assert tx.facts.person("UZEBEDIAH")
            forget(scene.store, "UZEBEDIAH", to_us(scene.now))
        assert legible(tmp_path), "whoever reads is not disturbed"
        scene.store.wipe()  # as each night
    else:
        forget(scene.store, "UZEBEDIAH", to_us(scene.now))
    assert legible(tmp_path) == set()
    with scene.store.read() as tx:
        assert tx.memory.find("somebody", ["CDATA"], 5) != []
    scene.close()


def test_after_each_step_others_have_as_long_to_write_as_it_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, breaks = Scene(tmp_path), list[float]()
    monkeypatch.setattr(sql, "sleep", breaks.append)
    scene.record(*(MessageSeen("CDATA", number, "UANA") for number in range(1, 121)))
    with scene.store.begin() as tx:
        tx.privacy.forget("UANA", to_us(scene.now))
    finish_forgetting(scene.store)
    assert len([pause for pause in breaks if pause > 0]) >= 3, "fifty messages at once"
    scene.close()
