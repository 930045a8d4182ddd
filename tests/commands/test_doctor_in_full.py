"""What the doctor sees beyond the everyday: other versions, damage, backups, ports, zones, and events that do not come."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from released import put
from scene import COMMUNITY

from copbot.adapters.clock import SystemClock
from copbot.adapters.slack import SlackWeb
from copbot.adapters.store.backup import nightly_name
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import bind_team, migrate
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.store.sqlite_files import look_through
from copbot.commands.doctor import Finding, data, machine
from copbot.commands.doctor.data import data_findings
from copbot.commands.doctor.findings import looked_at
from copbot.commands.doctor.machine import machine_findings
from copbot.commands.doctor.workspace import slack_findings
from copbot.core.community import Backups, Community
from copbot.core.delivery import Outgoing
from copbot.core.facts import MessageSeen
from copbot.core.time import to_us
from copbot.settings import Settings
from copbot.workspace.server import Workspace

pytestmark = pytest.mark.sqlite("what is looked at is a file, damaged by hand")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/copbot.db", slack_app_token="xapp-1")  # type: ignore[call-arg, arg-type]


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/copbot.db")
        migrate(engine)
        engine.dispose()
        return (Path(folder) / "copbot.db").read_bytes()


@contextmanager
def a_store(settings: Settings, slack_id: str = "") -> Iterator[SqlStore]:
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    file.write_bytes(_migrated())
    file.chmod(0o600)
    engine = open_engine(settings.database_url)
    team = bind_team(engine, slack_id or "T0LOCAL", "Local", "UBOT")
    yield SqlStore(engine, team)
    engine.dispose()


def wrong(findings: Iterator[Finding]) -> list[tuple[str, str, str]]:
    found = list(findings)
    assert all(bool(one.mend) != one.works for one in found), "what is wrong has its mend, and nothing else has one"
    return [(one.about, one.says, one.mend) for one in found if not one.works]


# -- the data


def test_a_database_of_another_version_is_told_and_left_as_it_is(settings: Settings, tmp_path: Path) -> None:
    put("0002", tmp_path / "copbot.db")
    ((about, says, mend),) = wrong(data_findings(settings, SystemClock(), ()))
    assert (about, says[:23]) == ("database", "it is of version 0002, ")
    assert mend == "`copbot upgrade` (first `copbot upgrade --rehearse`)"
    assert look_through(tmp_path / "copbot.db").revision == "0002"


def test_a_damaged_database_is_told_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    with a_store(settings):
        pass
    whole = (tmp_path / "copbot.db").read_bytes()
    (tmp_path / "copbot.db").write_bytes(whole[: len(whole) // 3])
    found = wrong(data_findings(settings, SystemClock(), ()))
    assert found
    assert all("damaged" in says or "malformed" in says or "cannot be" in says for _, says, _ in found), found
    assert any("copbot restore" in mend for *_, mend in found)


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("database or disk is full", "make room on its disk"),
        ("disk I/O error", "make room on its disk"),
        ("attempt to write a readonly database", data.RIGHTS),
        ("database disk image is malformed", data.RESTORE),
    ],
)
def test_only_a_damaged_file_is_to_be_replaced(
    settings: Settings, said: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError(said)

    with a_store(settings):
        pass
    monkeypatch.setattr(data.sqlite3, "connect", refuse)
    found = wrong(data_findings(settings, SystemClock(), ()))
    assert {step for *_, step in found} == {mend}


def test_a_file_that_whoever_asks_may_not_open_is_one_finding(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_store(settings):
        pass
    monkeypatch.setattr(data.os, "access", lambda _path, _mode: False)
    ((about, says, mend),) = wrong(data_findings(settings, SystemClock(), ()))
    assert (about, mend) == ("database", data.RIGHTS)
    assert "cannot be read and written" in says


def test_a_disk_that_is_nearly_full(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_store(settings):
        pass
    for free, told in ((data.LEAST_FREE - 1, ["disk"]), (data.LEAST_FREE, [])):
        usage = type("Usage", (), {"free": free})()
        monkeypatch.setattr(data.shutil, "disk_usage", lambda _folder, usage=usage: usage)
        assert [about for about, *_ in wrong(data_findings(settings, SystemClock(), ()))] == told


def test_messages_that_wait_for_a_bot_that_does_not_run(settings: Settings) -> None:
    clock = SystemClock()
    now_us = to_us(clock.now())
    with a_store(settings) as store, store.begin() as tx:
        for name, ago in (("one", timedelta(hours=2)), ("other", timedelta(minutes=59))):
            due = now_us - ago // timedelta(microseconds=1)
            tx.deliveries.plan(Outgoing(key=name, kind="post", target="C1", text="", due_us=due))
    ((about, says, _),) = wrong(data_findings(settings, clock, ()))
    assert (about, says) == ("messages", "1 is due for more than an hour and not sent")


def test_backups_that_are_made_that_failed_and_that_are_too_old(settings: Settings, tmp_path: Path) -> None:
    clock, folder = SystemClock(), tmp_path / "backups"

    def told(*communities: Community) -> list[tuple[str, str, str]]:
        return wrong(data_findings(settings, clock, communities))

    with a_store(settings) as store:
        wanting = replace(COMMUNITY, backup=Backups())
        assert told(COMMUNITY) == told(wanting) == [], "none is asked for, or the first is still to be made"
        folder.mkdir()
        for age, is_old in ((timedelta(hours=49), False), (timedelta(hours=51), True)):
            file = folder / nightly_name(clock.now() - age)
            file.write_bytes(b"x")
            assert [about for about, *_ in told(wanting)] == ["backup"] * is_old
            file.unlink()
        with store.begin() as tx:
            night = clock.now().date()
            tx.nights.claim("backup", night, 1, 0)
            tx.nights.failed("backup", night, "OSError: no room")
        ((_, says, mend),) = told(wanting)
        assert says == "the last one failed: OSError: no room"
        assert "every two hours" in mend


# -- the machine


class Ready(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'["what was missed is still being read"]')

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, ""), (503, "is not ready: what was missed is still being read"), (404, "something else listens on")],
)
def test_who_listens_on_the_port(settings: Settings, status: int, expected: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), type("Answers", (Ready,), {"status": status}))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        asked = settings.model_copy(update={"copbot_http_port": server.server_port})
        asked.model_fields_set.add("copbot_http_port")
        found = wrong(machine_findings(asked, ()))
        assert [expected in says for _, says, _ in found] == [True] * bool(expected)
    finally:
        server.shutdown()
        server.server_close()


def test_a_free_port_and_none(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = settings.model_copy(update={"copbot_http_port": port})
    asked.model_fields_set.add("copbot_http_port")
    assert f"127.0.0.1:{port} is free; nothing serves there now" in [one.says for one in machine_findings(asked, ())]
    assert wrong(machine_findings(settings, ())) == []


def test_http_mode_without_its_secret(settings: Settings) -> None:
    asked = settings.model_copy(update={"copbot_mode": "http", "copbot_http_port": 0})
    assert ("SLACK_SIGNING_SECRET", "set it, in the environment or in .env") in [
        (about, mend) for about, _, mend in wrong(machine_findings(asked, ()))
    ]


def test_time_zones_that_are_not_known_or_that_two_sources_tell_apart(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    berlin = replace(COMMUNITY, timezone="Europe/Berlin")
    assert wrong(machine_findings(settings, [replace(COMMUNITY, timezone="Europe/Atlantis")])) == [
        ("time zones", "Europe/Atlantis is not known here", "pip install --upgrade tzdata")
    ]
    # Given a machine whose Berlin keeps Moscow's time
    moscow = Path(machine.tzdata.__file__).parent / "zoneinfo/Europe/Moscow"
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Berlin").write_bytes(moscow.read_bytes())
    (tmp_path / "tzdata.zi").write_text("# version 1999z\n")
    monkeypatch.setattr(machine, "TZPATH", (str(tmp_path),))
    ((_, says, mend),) = wrong(machine_findings(settings, [berlin]))
    assert "version 1999z" in says
    assert "-01-01 on they tell another time for Europe/Berlin" in says
    assert mend.startswith("upgrade the older of the two")


# -- Slack


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace(SystemClock()) as workspace:
        yield workspace


def on_slack(settings: Settings, workspace: Workspace) -> Settings:
    told = {"slack_bot_token": workspace.bot_token, "slack_app_token": workspace.app_token}
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        **told,  # type: ignore[arg-type]
        slack_api_url=workspace.api_url,
        database_url=settings.database_url,
    )


COMMUNITYS_OWN = replace(COMMUNITY, roles=replace(COMMUNITY.roles, coordinators=(), moderators=()))


def test_an_app_token_is_tried(settings: Settings, workspace: Workspace) -> None:
    asked = on_slack(settings, workspace)
    found = {one.about: one for one in slack_findings(asked, SystemClock(), ())}
    assert found["SLACK_APP_TOKEN"].says == "Slack takes it, for Socket Mode"
    workspace.faults.add("apps.connections.open", "error", times=1, error="missing_scope")
    ((about, says, mend),) = wrong(slack_findings(asked, SystemClock(), ()))
    assert (about, says) == ("SLACK_APP_TOKEN", "it lacks the scope connections:write")
    assert "connections:write" in mend


def test_a_workspace_that_is_not_the_databases(settings: Settings, workspace: Workspace) -> None:
    with a_store(settings, "TOTHER"):
        pass
    ((about, says, _),) = wrong(slack_findings(on_slack(settings, workspace), SystemClock(), ()))
    assert (about, says[:44]) == ("workspace", "the database belongs to workspace TOTHER, th")


def test_messages_that_slack_has_and_that_never_came(
    settings: Settings, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can ask Slack for an app's subscriptions: that a message did not come shows that one is missing."""
    clock = SystemClock()
    ana = workspace.add_user("ana")
    channel = workspace.add_channel("data", members=[ana])
    workspace.add_channel("hello", members=[ana])
    workspace.add_channel("mods", members=[ana])
    ts = workspace.post(channel, ana, "Did this arrive?")
    monkeypatch.setattr("copbot.commands.doctor.workspace.ARRIVES_WITHIN", timedelta(0))
    asked = on_slack(settings, workspace)
    team = str(SlackWeb(workspace.bot_token, workspace.api_url).auth()["team_id"])
    with a_store(settings, team) as store:
        before = wrong(slack_findings(asked, clock, [COMMUNITYS_OWN]))
        with store.begin() as tx:
            tx.lease.take("a bot that runs", 60_000_000)
        while_it_runs = wrong(slack_findings(asked, clock, [COMMUNITYS_OWN]))
        with store.begin() as tx:
            tx.facts.record([MessageSeen(channel, int(ts.replace(".", "")), ana, text="Did this arrive?")])
        when_it_came = wrong(slack_findings(asked, clock, [COMMUNITYS_OWN]))
    assert before == when_it_came == []
    ((about, says, mend),) = while_it_runs
    assert about == "events"
    assert says.startswith("the latest message in #data, ")
    assert says.endswith(" never came (message.channels)")
    assert "copbot manifest" in mend


# -- the doctor


def test_a_look_that_fails_is_a_finding_and_stops_no_other() -> None:
    def fails() -> list[Finding]:
        raise RuntimeError("with a secret in it")

    found = list(looked_at("database", [fails, lambda: [Finding("disk", True, "there is room")]]))
    assert [(one.about, one.works) for one in found] == [("database", False), ("disk", True)]
    assert "secret" not in str(found)
