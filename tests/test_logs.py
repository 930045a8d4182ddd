"""What is logged, and what never is."""

import json
import logging

import pytest
from sqlalchemy.exc import DBAPIError

from copbot.adapters.store.engine import open_engine
from copbot.logs import set_up_logs

pytestmark = pytest.mark.usefixtures("as_it_was")


def test_a_line_for_machines_is_json_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", "json")
    logging.getLogger("copbot.test").info("connecting with %s to %s", "xoxb-1-abc", "wss://x/?ticket=abc&y=1")
    entry = json.loads(capsys.readouterr().err)
    assert entry["message"] == "connecting with (secret) to wss://x/?ticket=(secret)&y=1"
    assert entry["level"] == "info"


@pytest.mark.parametrize("style", ["json", "text"])
def test_an_error_is_logged_with_its_trace_but_without_secrets(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", style)  # type: ignore[arg-type]
    try:
        raise ValueError("xapp-1-A0-secret was refused")
    except ValueError:
        logging.getLogger("copbot.test").exception("failed")
    err = capsys.readouterr().err
    assert "ValueError: (secret) was refused" in err
    assert "xapp-" not in err


def test_the_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("warning", "text")
    logging.getLogger("copbot.test").info("chatter")
    assert capsys.readouterr().err == ""


def test_a_database_that_is_away_is_one_line_a_minute_whoever_finds_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", "text")
    nowhere = open_engine("postgresql://cop:hushhush@127.0.0.1:1/copbot")
    for name in ("one", "other"):
        try:
            nowhere.connect()
        except DBAPIError:
            logging.getLogger(name).exception("a step failed")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "ERROR one: the database is out of reach, trying again: connection failed" in said
    assert "hushhush" not in said


def test_a_statement_that_the_database_refuses_is_a_defect_and_told_with_its_trace(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("info", "text")
    with open_engine("sqlite://").connect() as connection:
        try:
            connection.exec_driver_sql("SELECT nonsense")
        except DBAPIError:
            logging.getLogger("one").exception("a step failed")
    said = capsys.readouterr().err
    assert "a step failed" in said
    assert "Traceback" in said
