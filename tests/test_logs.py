"""What is logged, and what never is."""

import json
import logging

import pytest

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
