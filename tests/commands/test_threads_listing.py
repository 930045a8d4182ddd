"""`copbot threads`, from the command line: each root as interfaces promise it, copbot's own and introductions among them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import databases
import pytest
from histories import export_zip

from copbot.adapters.store import tables
from copbot.adapters.store.sql import SqlStore
from copbot.cli import main
from copbot.core.delivery import Kind, Outgoing
from copbot.core.facts import MessageGone, MessageSeen, UserSeen
from copbot.core.records import GivenAnswer
from copbot.settings import load_settings
from copbot.stores import open_store

START = 1_790_000_000
SECOND = 1_000_000
KEYS = ["channel", "ts", "user", "origin", "asks", "why", "first_answer"]

FILES = """
community: {id: data, name: Data, timezone: Asia/Bangkok}
channels: {discussion: ["#data"], introductions: "#hello", moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""


def message(user: str, second: int, text: str, thread: int | None = None) -> dict[str, object]:
    said = {"type": "message", "user": user, "text": text, "ts": f"{START + second}.000100"}
    return said if thread is None else said | {"thread_ts": f"{START + thread}.000100"}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question and its answer, one that waits, and a statement in #data; a question in #other. Imported once."""
    folder = tmp_path_factory.mktemp("history")
    files: dict[str, object] = {
        "users.json": [{"id": "U1", "name": "ann"}, {"id": "U2", "name": "ben"}],
        "channels.json": [
            {"id": "C1", "name": "data"},
            {"id": "C2", "name": "other"},
            {"id": "C3", "name": "hello"},
        ],
        "data/2026-09-21.json": [
            message("U1", 0, "Which one?"),
            message("U1", 30, "anybody", thread=0),
            message("U2", 60, "the second", thread=0),
            message("U2", 120, "would love your feedback"),
            message("U1", 180, "done"),
        ],
        "other/2026-09-21.json": [message("U2", 90, "And when?")],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", databases.address(folder / "c.db"))
        assert main(["import", str(export_zip(folder / "e.zip", files))]) == 0
    return folder / "c.db"


@pytest.fixture
def imported(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    databases.copied(history, tmp_path / "c.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", databases.address(tmp_path / "c.db"))
    capsys.readouterr()
    return tmp_path


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    def tell(*options: str) -> list[dict[str, Any]]:
        assert main(["threads", "--json", *options]) == 0
        document: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return document

    return tell


Told = Callable[..., list[dict[str, Any]]]


def seconds(document: list[dict[str, Any]]) -> list[int]:
    return [int(one["ts"].split(".")[0]) - START for one in document]


def test_each_root_with_whether_it_asks_why_and_its_first_answer(imported: Path, told: Told) -> None:
    document = told()
    assert seconds(document) == [0, 90, 120, 180]
    assert [list(one) for one in document] == [KEYS] * 4
    assert document[0] == {
        "channel": "C1",
        "ts": f"{START}.000100",
        "user": "U1",
        "origin": "member",
        "asks": True,
        "why": "it ends with a question mark",
        "first_answer": {"user": "U2", "ts": f"{START + 60}.000100"},
    }
    assert document[2]["why"] == "it asks in words"
    assert (document[3]["asks"], document[3]["why"], document[3]["first_answer"]) == (False, "", None)


def test_those_that_ask_and_have_no_answer(imported: Path, told: Told) -> None:
    assert seconds(told("--waiting")) == [90, 120]
    before_the_answer = ["--until", "2026-09-21T14:14:00"]
    assert seconds(told("--waiting", *before_the_answer)) == [0]


def test_one_channel_or_some_time_alone(imported: Path, told: Told) -> None:
    assert seconds(told("--channel", "#other")) == [90]
    assert seconds(told("--channel", "data", "--channel", "C2")) == [0, 90, 120, 180]
    assert seconds(told("--since", "2026-09-21T14:14:30")) == [90, 120, 180]
    assert told("--since", "2026-09-22") == []


def test_a_table_for_people_by_their_names(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["threads", "--timezone", "Asia/Bangkok"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "when              channel                 by                  first answer                  asks",
        "2026-09-21 21:13  #data                   ann                 after 1 min, ben              it ends with a question mark",
        "2026-09-21 21:14  #other                  ben                 waits                         it ends with a question mark",
        "2026-09-21 21:15  #data                   ben                 waits                         it asks in words",
        "2026-09-21 21:16  #data                   ann                 -",
        "4 threads (Asia/Bangkok): 3 ask, 2 of them without an answer",
    ]


def test_an_empty_time_says_so(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["threads", "--since", "2026-09-22"]) == 0
    assert capsys.readouterr().out == "0 threads (UTC): 0 ask, 0 of them without an answer\n"


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        (["--channel", "date"], "--channel date: no such channel: did you mean #data"),
        (["--since", "soon"], "--since soon: not a date"),
        (["--community", "nope"], "--community nope: there is no such community"),
    ],
)
def test_a_mistake_is_one_line(
    imported: Path, capsys: pytest.CaptureFixture[str], options: list[str], mistake: str
) -> None:
    (imported / "schedules").mkdir()
    (imported / "schedules" / "community.yaml").write_text(FILES)
    assert main(["threads", *options]) == 2
    assert capsys.readouterr().err.startswith(f"copbot: {mistake}")


# --- what copbot itself posted


def post(store: SqlStore, key: str, kind: Kind, channel: str, second: int, subject: str | None = None) -> int:
    """As it stands on Slack; its ts."""
    ts_us = (START + second) * SECOND
    with store.begin() as tx:
        tx.deliveries.plan(Outgoing(key, kind, channel, "t", ts_us, community="data", subject=subject))
        delivery = tx.deliveries.get(key)
        assert delivery is not None
        tx.deliveries.claim(delivery.id, "test", ts_us)
        tx.deliveries.settle(delivery.id, 1, "sent", channel=channel, ts_us=ts_us)
    return ts_us


def introduce(store: SqlStore, user: str, *, share: bool) -> None:
    with store.begin() as tx:
        journey = tx.journeys.start("data", user, START * SECOND)
        assert journey is not None
        tx.journeys.answer(journey.id, [GivenAnswer("goal", "to learn", share)], None, START * SECOND)


@pytest.fixture
def posted(imported: Path) -> Path:
    with open_store(load_settings()) as store:
        with store._engine.begin() as connection:
            connection.execute(tables.Team.__table__.update().values(bot_user="UCOP"))
        asked = post(store, "q1", "question", "C1", 200)
        post(store, "q2", "question", "C1", 210)
        gone = post(store, "q3", "question", "C1", 220)
        hello = post(store, "i1", "introduction", "C3", 230, "U3")
        post(store, "i2", "introduction", "C3", 240, "U4")
        post(store, "n1", "notice", "C1", 250)
        with store.begin() as tx:
            tx.facts.record([UserSeen(user, updated_us=1) for user in ("U3", "U4")])
            tx.facts.record([MessageGone("C1", gone), MessageSeen("C1", asked + 5 * SECOND, "U2", thread_us=asked)])
            tx.facts.record([MessageSeen("C3", hello + 5 * SECOND, "U3", thread_us=hello)])
        introduce(store, "U3", share=True)
        introduce(store, "U4", share=False)
    return imported


def test_copbots_own_questions_and_introductions_stand_among_them(posted: Path, told: Told) -> None:
    document = [one for one in told() if one["origin"] != "member"]
    assert [(one["user"], one["origin"], one["asks"], one["why"]) for one in document] == [
        ("UCOP", "question", True, "copbot asked it"),
        ("UCOP", "question", True, "copbot asked it"),
        ("U3", "introduction", True, "a newcomer introduces themselves"),
        ("U4", "introduction", False, ""),
    ]
    assert document[0]["first_answer"] == {"user": "U2", "ts": f"{START + 205}.000000"}
    assert document[2]["first_answer"] is None, "the newcomer is the author of their introduction"


def test_they_wait_like_any_other_question(posted: Path, told: Told) -> None:
    assert seconds(told("--waiting")) == [90, 120, 210, 230]
    assert seconds(told("--channel", "hello")) == [230, 240]


def test_a_community_has_the_channels_that_it_watches(posted: Path, told: Told) -> None:
    (posted / "schedules").mkdir()
    (posted / "schedules" / "community.yaml").write_text(FILES)
    assert seconds(told("--community", "data")) == [0, 120, 180, 200, 210, 230, 240]
