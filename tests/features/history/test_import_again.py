"""An import begun again skips what it knows, cheaply and rightly; and what exports tell in ways of their own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from histories import close, content, export_zip, import_from, memory_store
from test_import import DAY, T, small_export, ts
from test_import import said as said_at

from copbot.adapters import export as export_module
from copbot.adapters.store.sql import SqlStore
from copbot.core.community import KeepText
from copbot.features.history import summary

LATER = "general/2026-01-06.json"


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which days' files are taken apart: their first messages' texts."""
    seen: list[str] = []

    def loads(text: bytes) -> Any:
        found = json.loads(text)
        seen.append(found[0]["text"])
        return found

    monkeypatch.setattr(export_module, "json", type("json", (), {"loads": staticmethod(loads)}))
    return seen


def files(**later: Any) -> dict[str, Any]:
    first = [said_at(0, text="first?", reactions=[{"name": "eyes", "users": ["U2"], "count": 1}]), said_at(1, "UBOT")]
    return small_export() | {DAY: first, LATER: [said_at(10**6, text="second")]} | later


def imported(store: SqlStore, tmp_path: Path, body: dict[str, Any]) -> Any:
    return import_from(store, export_zip(tmp_path / "export.zip", body))


def test_a_file_that_is_known_is_not_taken_apart_again_and_is_counted_all_the_same(
    store: SqlStore, tmp_path: Path, parsed: list[str]
) -> None:
    first = imported(store, tmp_path, files())
    before = content(store)
    again = imported(store, tmp_path, files())
    assert parsed == ["first?", "second"]
    assert content(store) == before
    assert (again.messages_new, again.messages_known, again.files_known) == (0, 2, 2)
    assert "2 files are as they were taken in before." in summary(again)
    for told in ("reactions", "bots", "notices", "first_us", "last_us"):
        assert getattr(again, told) == getattr(first, told)


def test_a_file_that_has_changed_is_read_anew_and_the_others_are_not(
    store: SqlStore, tmp_path: Path, parsed: list[str]
) -> None:
    imported(store, tmp_path, files())
    parsed.clear()
    grown = files(**{LATER: [said_at(10**6, text="second"), said_at(2 * 10**6, text="third")]})
    assert imported(store, tmp_path, grown).messages_new == 1
    assert parsed == ["second"]


def test_who_is_no_bot_any_more_is_read_anew(store: SqlStore, tmp_path: Path, parsed: list[str]) -> None:
    imported(store, tmp_path, files())
    people = [user | {"is_bot": False} for user in small_export()["users.json"]]
    assert imported(store, tmp_path, files(**{"users.json": people})).messages_new == 1
    assert parsed == ["first?", "second"] * 2


@pytest.mark.parametrize(
    "odd",
    [
        {"ts": None},
        {"user": "UNOBODY"},
        {"user": "UX", "user_profile": {"display_name": "X"}},
        {"reactions": [{"name": "eyes", "users": ["UNOBODY"], "count": 1}]},
    ],
    ids=["a problem", "nobody", "somebody whom only it describes", "a reaction of nobody"],
)
def test_a_file_of_which_there_is_something_to_tell_is_always_read(
    store: SqlStore, tmp_path: Path, parsed: list[str], odd: dict[str, Any]
) -> None:
    body = files(**{DAY: [said_at(0, text="odd") | odd]})
    first, again = (imported(store, tmp_path, body) for _ in range(2))
    assert parsed == ["odd", "second", "odd"]
    assert first.lines == again.lines


def test_the_same_days_of_another_channel_are_other_files(store: SqlStore, tmp_path: Path, parsed: list[str]) -> None:
    imported(store, tmp_path, files())
    parsed.clear()
    other = {"channels.json": [{"id": "C2", "name": "general", "members": ["U1"]}]}
    assert imported(store, tmp_path, files(**other)).messages_new == 2
    assert parsed == ["first?", "second"]


def test_two_ids_of_one_person_in_an_enterprise_are_one_person(store: SqlStore, tmp_path: Path) -> None:
    people = small_export()["users.json"]
    people[0] |= {"enterprise_user": {"id": "W1", "enterprise_id": "E1"}, "team_id": "T1"}
    body = files(
        **{
            "users.json": people,
            "channels.json": [{"id": "C1", "name": "general", "members": ["W1", "U2"]}],
            DAY: [
                said_at(0, "W1", "why?", reactions=[{"name": "eyes", "users": ["W1"], "count": 1}]),
                said_at(1, "U1", "self", thread_ts=ts(0)),
                said_at(2, "W1", subtype="channel_join"),
            ],
        }
    )
    assert imported(store, tmp_path, body).lines == []
    now = content(store)
    assert "W1" not in {row[0] for row in now["people"]}
    assert [row[2] for row in now["messages"]] == ["U1", "U1", "U1"]
    assert [(row[2], row[4]) for row in now["reactions"]] == [("U1", "U1")]
    assert [row[1] for row in now["memberships"]] == ["U1", "U2"]


def test_an_export_that_keeps_what_was_deleted_takes_it_back(store: SqlStore, tmp_path: Path) -> None:
    deleted = {"type": "message", "subtype": "message_deleted", "ts": ts(9), "deleted_ts": ts(0), "text": "first"}
    imported(store, tmp_path, files(**{DAY: [said_at(0, text="first"), deleted]}))
    assert [row[1] - T for row in content(store)["messages"] if row[2] is not None] == [10**6]


def test_the_people_of_a_whole_organisation_are_in_a_list_of_another_name(store: SqlStore, tmp_path: Path) -> None:
    body = files()
    body["org_users.json"] = body.pop("users.json")
    assert imported(store, tmp_path, body).lines == []
    with store.read() as tx:
        person = tx.facts.person("U1")
    assert person is not None
    assert person.name == "Ann"


def test_texts_that_were_forgotten_come_back_when_the_same_export_is_imported_again(tmp_path: Path) -> None:
    keep: list[KeepText] = ["questions"]
    store = memory_store()
    store.keep_text_in = lambda _channel: keep[0]
    imported(store, tmp_path, files())
    keep[0] = "none"
    with store.begin() as tx:
        tx.memory.forget_beyond("C1", 100)
    assert [row[-1] for row in content(store)["messages"]] == [None, None]
    keep[0] = "questions"
    imported(store, tmp_path, files())
    assert [row[-1] for row in content(store)["messages"]] == ["first?", None]
    close(store)
