"""Bringing an export in: whole, twice, interrupted, and damaged in every way that was thought of."""

import json
import os
import random
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from histories import close, content, export_zip, import_from, memory_store, record
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.adapters.archive import Limits
from copbot.adapters.export import open_export
from copbot.adapters.store.sql import SqlStore
from copbot.core.errors import Mistake
from copbot.core.facts import MessageGone, MessageSeen
from copbot.core.records import Scope
from copbot.features.history import Imported, import_history, summary

DAY = "general/2026-01-05.json"
T = 1_767_600_000_000_000


def ts(offset: int) -> str:
    return f"{(T + offset) // 10**6}.{(T + offset) % 10**6:06}"


def said(offset: int, user: str = "U1", text: str = "hi", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts(offset), **more}


def small_export() -> dict[str, Any]:
    return {
        "users.json": [
            {"id": "U1", "name": "ann", "profile": {"display_name": "Ann"}, "tz": "Asia/Tokyo", "updated": 1700000000},
            {"id": "U2", "name": "bob", "is_restricted": True, "deleted": True},
            {"id": "UBOT", "name": "bot", "is_bot": True},
        ],
        "channels.json": [{"id": "C1", "name": "general", "is_archived": False, "members": ["U1", "U2", "UGONE"]}],
        DAY: [
            said(0, text="does it work?", reactions=[{"name": "eyes", "users": ["U2", "UBOT"], "count": 2}]),
            said(1, "U2", "yes", thread_ts=ts(0)),
            said(2, subtype="channel_join", text="<@U1> has joined the channel"),
            said(3, "UBOT", "beep"),
            said(4, bot_id="B1", text="posted through an app"),
            said(5, bot_id=None, subtype="file_share", text="a file"),
            said(6, "USLACKBOT", "This message was deleted.", subtype="tombstone", thread_ts=ts(6)),
            said(7, "U2", "orphan", thread_ts=ts(-50), subtype="thread_broadcast", edited={"user": "U2", "ts": ts(9)}),
        ],
    }


@pytest.fixture
def store() -> Iterator[SqlStore]:
    store = memory_store()
    yield store
    close(store)


def imported(store: SqlStore, tmp_path: Path, files: dict[str, Any]) -> Imported:
    return import_from(store, export_zip(tmp_path / "export.zip", files))


def kept(store: SqlStore) -> list[tuple[str, int]]:
    """Channel and time of every message."""
    return [(channel, ts_us - T) for channel, ts_us, *_ in content(store)["messages"]]


def test_an_export_is_taken_in_whole(store: SqlStore, tmp_path: Path) -> None:
    result = imported(store, tmp_path, small_export())
    assert (result.messages_new, result.messages_known, result.reactions) == (4, 0, 1)
    assert (result.bots, result.notices, result.lines) == (2, 2, [])
    now = content(store)
    assert [row[:6] for row in now["messages"]] == [
        ("C1", T, "U1", None, 0, False),
        ("C1", T + 1, "U2", T, 0, False),
        ("C1", T + 5, "U1", None, 0, False),
        ("C1", T + 6, None, None, 0, True),
        ("C1", T + 7, "U2", T - 50, T + 9, False),
    ]
    assert now["reactions"] == [("C1", T, "U2", "eyes", "U1", 1, 0)]
    assert [row[:2] for row in now["memberships"]] == [("C1", "U1"), ("C1", "U2")]
    with store.read() as tx:
        ann = tx.facts.person("U1")
    assert ann is not None
    assert (ann.name, ann.timezone, ann.joined_us) == ("Ann", "Asia/Tokyo", T + 2)


def test_a_second_import_counts_nothing_twice_and_says_so(store: SqlStore, tmp_path: Path) -> None:
    imported(store, tmp_path, small_export())
    before = content(store)
    result = imported(store, tmp_path, small_export())
    assert (result.messages_new, result.messages_known) == (0, 4)
    assert content(store) == before
    assert "0 messages new, 4 known already" in summary(result)


def test_a_folder_and_a_zip_within_a_folder_are_the_same_export(store: SqlStore, tmp_path: Path) -> None:
    imported(store, tmp_path, small_export())
    folder, other = memory_store(), memory_store()
    for name, body in small_export().items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body))
    import_from(folder, tmp_path / "unpacked")
    wrapped = {f"My export/{name}": body for name, body in small_export().items()}
    import_from(other, export_zip(tmp_path / "w.zip", wrapped | {"__MACOSX/My export/._users.json": b"\0"}))
    assert content(folder) == content(other) == content(store)
    close(folder)
    close(other)


def test_a_zip_packed_with_backslashes_is_the_same_export(store: SqlStore, tmp_path: Path) -> None:
    imported(store, tmp_path, small_export())
    for prefix in ("", "My export\\"):
        other = memory_store()
        packed = {prefix + name.replace("/", "\\"): body for name, body in small_export().items()}
        result = import_from(other, export_zip(tmp_path / "w.zip", packed | {f"{prefix}general\\": b""}))
        assert result.lines == []
        assert content(other) == content(store)
        close(other)


def test_the_lists_of_members_hold_against_the_last_message_and_without_any(store: SqlStore, tmp_path: Path) -> None:
    rejoined = small_export() | {DAY: [said(0), said(9, "U2", subtype="channel_join")]}
    rejoined["users.json"] = [{"id": "U1"}, {"id": "U2"}]
    rejoined["channels.json"] = [{"id": "C1", "name": "general", "members": ["U1"]}]
    imported(store, tmp_path, rejoined)
    assert members_of(store) == ["U1"]
    for updated in ({"updated": 1700000000}, {}):
        silent = {"users.json": [{"id": "U1"} | updated], "channels.json": rejoined["channels.json"]}
        other = memory_store()
        imported(other, tmp_path, silent)
        assert members_of(other) == ["U1"]
        close(other)


def members_of(store: SqlStore) -> list[str]:
    with store.read() as tx:
        return [user.user for user in tx.figures.users(Scope(None, T + 10**9)) if user.is_member]


class PowerCutError(Exception):
    pass


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 8, 13])
def test_an_import_interrupted_anywhere_and_begun_again_ends_the_same(
    store: SqlStore, tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = export_zip(tmp_path / "export.zip", small_export())
    whole = memory_store()
    import_from(whole, path)
    monkeypatch.setattr("copbot.features.history.service.BATCH", 1)

    def cut(_share: float) -> None:
        nonlocal batch
        batch -= 1
        if batch == 0:
            raise PowerCutError

    with open_export(path) as export, pytest.raises(PowerCutError):
        import_history(store, export, cut)
    import_from(store, path)
    assert content(store) == content(whole)
    close(whole)


def test_history_fills_in_around_what_was_seen_live(store: SqlStore, tmp_path: Path) -> None:
    record(store, [MessageGone("C1", T + 1), MessageSeen("C1", T + 5, "U1", text="a file, edited", edited_us=T + 99)])
    result = imported(store, tmp_path, small_export())
    assert (result.messages_new, result.messages_known) == (2, 2)
    rows = {row[1] - T: row for row in content(store)["messages"]}
    assert rows[1][5]
    assert rows[5][4] == T + 99


BAD_MESSAGES: dict[str, tuple[Any, str]] = {
    "no object": ("hello", "message 2: not an object, skipped"),
    "no timestamp": ({"type": "message", "user": "U1"}, "message 2: no timestamp, skipped"),
    "a null timestamp": (said(1) | {"ts": None}, "message 2: no timestamp, skipped"),
    "a number for a timestamp": (said(1) | {"ts": 17.5}, "message 2: a timestamp that is none, skipped"),
    "a word for a timestamp": (said(1) | {"ts": "noon"}, "message 2: a timestamp that is none, skipped"),
    "the year 33658": (said(1) | {"ts": "999999999999.000000"}, "message 2: a timestamp that is none, skipped"),
    "a bad thread": (said(1, thread_ts="x"), "message 2: a thread_ts that is no timestamp, skipped"),
    "a user of another type": (said(1) | {"user": ["U1"]}, "message 2: a user that is no ID, skipped"),
    "a subtype of another type": (said(1, subtype=["x"]), "message 2: a subtype that is no word, skipped"),
    "a user who exists nowhere": (said(1, "U99"), "message 2: its user U99 exists nowhere, skipped"),
    "a join of nobody": (said(1, "U99", subtype="channel_join"), "message 2: its user U99 exists nowhere, skipped"),
}


@pytest.mark.parametrize(("message", "told"), BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
def test_a_bad_message_is_said_in_one_line_and_the_rest_is_taken_in(
    store: SqlStore, tmp_path: Path, message: Any, told: str
) -> None:
    files = small_export() | {DAY: [said(0), message, said(2)]}
    result = imported(store, tmp_path, files)
    assert result.lines == [f"{DAY}: {told}"]
    assert sum(result.skipped.values()) == 1
    assert kept(store) == [("C1", 0), ("C1", 2)]
    assert "Skipped: 1 " in summary(result)


def test_bad_reactions_are_skipped_and_the_good_one_counts(store: SqlStore, tmp_path: Path) -> None:
    reactions = [
        {"name": "eyes", "users": ["U2", "U99", 5]},
        {"name": "", "users": ["U2"]},
        {"users": ["U2"]},
        {"name": "tada", "users": "U2"},
        None,
    ]
    result = imported(store, tmp_path, small_export() | {DAY: [said(0, reactions=reactions)]})
    assert len(content(store)["reactions"]) == 1
    assert result.skipped == {"unknown": 1, "reaction": 5}
    assert f"{DAY}: message 1: a reaction by U99, who exists nowhere, skipped" in result.lines


BAD_FILES: dict[str, tuple[str, Any, str]] = {
    "cut short": (DAY, b'[{"type": "message", "us', f"{DAY}: not complete JSON, skipped"),
    "empty": (DAY, b"", f"{DAY}: not complete JSON, skipped"),
    "not UTF-8": (DAY, b'[{"text": "\xff\xfe"}]', f"{DAY}: not UTF-8, skipped"),
    "no list": (DAY, {"messages": []}, f"{DAY}: not a list, skipped"),
    "nested without end": (DAY, b"[" * 200_000, f"{DAY}: not complete JSON, skipped"),
    "a number without end": (DAY, b"[" + b"9" * 10_000 + b"]", f"{DAY}: not complete JSON, skipped"),
    "leading out": (
        "../evil/2026-01-05.json",
        [said(0)],
        "../evil/2026-01-05.json: its path leads out of the export, skipped",
    ),
    "absolute": ("/tmp/2026-01-05.json", [said(0)], "/tmp/2026-01-05.json: its path leads out of the export, skipped"),
    "on a drive": (
        "C:/x/2026-01-05.json",
        [said(0)],
        "C:/x/2026-01-05.json: its path leads out of the export, skipped",
    ),
    "backwards": ("x\\..\\..\\2026-01-05.json", [said(0)], "its path leads out of the export, skipped"),
    "a bomb": (
        "big/2026-01-05.json",
        b" " * (8 << 20),
        "compressed more than 200 times, as no genuine export is, skipped",
    ),
    "too deep": ("a/b/2026-01-05.json", [said(0)], "a/b/2026-01-05.json: stands in no channel's folder, skipped"),
}


@pytest.mark.parametrize(("name", "body", "told"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_said_in_one_line_and_the_rest_is_taken_in(
    store: SqlStore, tmp_path: Path, name: str, body: Any, told: str
) -> None:
    result = imported(store, tmp_path, small_export() | {name: body, "general/2026-01-06.json": [said(10**6)]})
    assert [line for line in result.lines if told in line]
    assert ("C1", 10**6) in kept(store)
    assert result.skipped["file"] == 1


def test_limits_hold_for_one_file_and_for_all(store: SqlStore, tmp_path: Path) -> None:
    path = export_zip(tmp_path / "e.zip", small_export() | {"big/2026-01-05.json": os.urandom(3 << 20)})
    with open_export(path, Limits(file=2 << 20)) as export:
        result = import_history(store, export)
    assert result.lines == ["big/2026-01-05.json: larger than 2 MiB, skipped"]
    assert result.messages_new == 4
    with open_export(path, Limits(total=1 << 10)) as export:
        result = import_history(store, export)
    assert result.skipped["file"] >= 1


def test_a_size_that_the_zip_understates_is_found_out(store: SqlStore, tmp_path: Path) -> None:
    path = export_zip(tmp_path / "e.zip", small_export())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(DAY).file_size
    data = bytearray(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", size // 2)))
    path.write_bytes(data)
    result = import_from(store, path)
    assert [line for line in result.lines if line.startswith(f"{DAY}: ")]


def test_a_member_of_the_zip_that_is_damaged_is_skipped(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, body in (small_export() | {"general/2026-01-06.json": [said(10**6)]}).items():
            archive.writestr(name, json.dumps(body))
    path.write_bytes(path.read_bytes().replace(b"does it work?", b"does it wOrk?"))
    result = import_from(store, path)
    assert result.lines[0].startswith(f"{DAY}: damaged (Bad CRC-32")
    assert kept(store) == [("C1", 10**6)]


@pytest.mark.parametrize("name", ["channels.json", "users.json"])
def test_without_one_of_the_lists_the_messages_are_taken_in_all_the_same(
    store: SqlStore, tmp_path: Path, name: str
) -> None:
    result = imported(store, tmp_path, small_export() | {name: b"[{"})
    assert result.lines[0] == f"{name}: not complete JSON, skipped"
    with store.read() as tx:
        written = len(list(tx.figures.messages(Scope(None, T + 10**9))))
    assert written == (4 if name == "channels.json" else 5)  # without the list of people, a bot is a person


def test_a_channel_that_is_not_listed_is_found_by_its_name_when_the_store_knows_it(
    store: SqlStore, tmp_path: Path
) -> None:
    imported(store, tmp_path, small_export())
    before = content(store)["messages"]
    files = small_export()
    del files["channels.json"]
    result = imported(store, tmp_path, files)
    assert result.lines == ["general: not in channels.json, imported under its name alone"]
    assert content(store)["messages"] == before


def test_someone_described_only_within_a_message_exists_also_before_it(store: SqlStore, tmp_path: Path) -> None:
    guest = {"real_name": "Gus", "display_name": "", "is_ultra_restricted": True, "team": "T9"}
    files = small_export()
    for user in files["users.json"]:
        user["team_id"] = "T1"
    files[DAY] = [
        said(0, reactions=[{"name": "eyes", "users": ["UX"], "count": 1}]),
        said(1, "UX", "from elsewhere", user_profile=guest, user_team="T9"),
    ]
    result = imported(store, tmp_path, files)
    assert result.lines == []
    assert [row[2] for row in content(store)["reactions"]] == ["UX"]
    with store.read() as tx:
        person = tx.facts.person("UX")
    assert person is not None
    assert (person.name, person.is_guest, person.is_external) == ("Gus", True, True)


def test_direct_messages_are_never_read(store: SqlStore, tmp_path: Path) -> None:
    files = small_export() | {
        "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
        "mpims.json": [{"id": "G1", "name": "mpdm-a--b-1"}],
        "groups.json": [{"id": "G2", "name": "secret-plans", "members": ["U1"]}],
        "D1/2026-01-05.json": [said(10)],
        "mpdm-a--b-1/2026-01-05.json": [said(11)],
        "D0123456789/2026-01-05.json": [said(12)],
        "secret-plans/2026-01-05.json": [said(13)],
    }
    result = imported(store, tmp_path, files)
    assert result.skipped == {"direct": 3}
    assert {channel for channel, _ in kept(store)} == {"C1", "G2"}
    assert [row[2] for row in content(store)["channels"]] == [0, 1]


def test_many_problems_alike_are_counted_after_the_first_twenty(store: SqlStore, tmp_path: Path) -> None:
    files = small_export() | {DAY: [said(n) | {"ts": None} for n in range(30)]}
    result = imported(store, tmp_path, files)
    assert len(result.lines) == 20
    told = summary(result)
    assert "… and 10 more: messages without a proper timestamp" in told
    assert "Skipped: 30 messages without a proper timestamp. Everything else was taken in." in told


def test_names_in_old_and_in_decomposed_spellings_find_their_channel(store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    files = small_export() | {"channels.json": [{"id": "C1", "name": "général"}, {"id": "C2", "name": "お知らせ"}]}
    del files[DAY]
    export_zip(path, files | {"ge\u0301ne\u0301ral/2026-01-05.json": [said(0)]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ABCDEFGHIJKL/2026-01-05.json", json.dumps([said(1)]))
    path.write_bytes(path.read_bytes().replace(b"ABCDEFGHIJKL", "お知らせ".encode()))  # UTF-8, not marked as such
    assert import_from(store, path).lines == []
    assert kept(store) == [("C1", 0), ("C2", 1)]


def test_links_in_a_folder_are_not_followed(store: SqlStore, tmp_path: Path) -> None:
    root = tmp_path / "export"
    (root / "general").mkdir(parents=True)
    for name, body in small_export().items():
        (root / name).write_text(json.dumps(body))
    (tmp_path / "outside.json").write_text(json.dumps([said(99)]))
    (root / "general" / "2026-01-07.json").symlink_to(tmp_path / "outside.json")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "general" / "2026-01-08.json")
    result = import_from(store, root)
    assert sorted(result.lines) == [
        "general/2026-01-07.json: a link, not a file, skipped",
        "general/2026-01-08.json: a link, not a file, skipped",
        "loop: a link, not a folder, skipped",
    ]
    assert ("C1", 99) not in kept(store)


def test_links_in_a_zip_are_not_followed(store: SqlStore, tmp_path: Path) -> None:
    path = export_zip(tmp_path / "e.zip", small_export())
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("general/2026-01-07.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert import_from(store, path).lines == ["general/2026-01-07.json: a link, not a file, skipped"]


def test_a_zip_with_a_password_says_so(store: SqlStore, tmp_path: Path) -> None:
    path = export_zip(tmp_path / "e.zip", small_export())
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)
    lines = import_from(store, path).lines
    assert f"{DAY}: locked with a password: unpack the export and name the folder, skipped" in lines


def test_what_is_no_export_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.jpg").write_bytes(b"x")
    (tmp_path / "notes.zip").write_bytes(b"PK\x03\x04 cut short")
    export_zip(tmp_path / "other.zip", {"readme.json": {}})
    (tmp_path / "channel").mkdir()
    (tmp_path / "channel" / "2026-01-05.json").write_text("[]")
    for name in ("holiday", "notes.zip", "other.zip", "missing.zip", "channel"):
        with pytest.raises(Mistake) as mistake:
            open_export(tmp_path / name)
        assert name in str(mistake.value)
        assert "\n" not in str(mistake.value)


def test_names_cannot_forge_lines(store: SqlStore, tmp_path: Path) -> None:
    result = imported(store, tmp_path, small_export() | {"x\n0 errors\x1b[2J/2026-01-05.json": [said(3) | {"ts": 1}]})
    assert result.lines
    assert all(line.isprintable() for line in result.lines)


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["U1", "C1", ts(3)]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "user", "ts", "thread_ts", "subtype", "reactions", "users", "members", "edited"]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_json, st.randoms(use_true_random=False))
def test_any_json_in_any_place_is_survived(tmp_path: Path, junk: Any, chance: random.Random) -> None:
    """One value, somewhere in an export, is replaced by anything at all; what stands beside it is taken in."""
    files = small_export() | {
        "general/2026-01-06.json": [said(10**6)],
        "groups.json": [],
        "dms.json": [],
        "mpims.json": [],
    }
    name = chance.choice([*small_export(), "groups.json", "dms.json", "mpims.json"])
    files[name] = _replaced(files[name], junk, chance)
    store = memory_store()
    try:
        result = imported(store, tmp_path, files)
        again = imported(store, tmp_path, files)
        assert again.messages_new == 0
        assert (result.messages_new, result.skipped) == (again.messages_known, again.skipped)
        summary(result)
        if name == DAY:
            assert ("C1", 10**6) in kept(store)
        with store.read() as tx:
            assert len(list(tx.figures.messages(Scope(None, 10**17)))) <= result.messages_new
    finally:
        close(store)


def _replaced(value: Any, junk: Any, chance: random.Random) -> Any:
    """``value`` with one part of it, at a random depth, replaced."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return junk
    copy = value.copy()
    key = chance.choice(list(copy)) if isinstance(copy, dict) else chance.randrange(len(copy))
    copy[key] = _replaced(copy[key], junk, chance)
    return copy


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(1, 255), st.integers(1, 4))
def test_any_flipped_bytes_of_a_zip_are_survived(tmp_path: Path, where: int, mask: int, count: int) -> None:
    path = export_zip(tmp_path / "flipped.zip", small_export())
    data = bytearray(path.read_bytes())
    for n in range(count):
        data[(where + n * 97) % len(data)] ^= mask
    path.write_bytes(data)
    store = memory_store()
    try:
        told = "\n".join(import_from(store, path).lines)
    except Mistake as mistake:
        told = str(mistake)
        assert "\n" not in told
    finally:
        close(store)
    assert all(line.isprintable() for line in told.split("\n"))
