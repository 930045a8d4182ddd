"""A wrong or missing setting is one line that says what to do."""

from pathlib import Path

import pytest

from copbot.core.errors import Mistake
from copbot.settings import Settings, check_access, load_settings, tokens


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///copbot.db"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.copbot_command == "/cop"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("COPBOT_LOG_LEVEL", "loud", "COPBOT_LOG_LEVEL is wrong"),
        ("COPBOT_HTTP_PORT", "http", "COPBOT_HTTP_PORT is wrong"),
        ("COPBOT_COMMAND", "cop", "COPBOT_COMMAND is wrong"),
        ("SLACK_API_URL", "slack.com", "SLACK_API_URL is wrong"),
        ("COPBOT_MODE", "carrier pigeon", "write socket or http"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Mistake) as mistake:
        load_settings()
    assert says in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("bot", "app", "says"),
    [
        ("", "xapp-1", "SLACK_BOT_TOKEN is not set: it starts with xoxb-"),
        ("xoxb-1", "", "SLACK_APP_TOKEN is not set: it starts with xapp-"),
        ("xoxb-", "xapp-1", "SLACK_BOT_TOKEN is not set"),
        ("xoxb-1", "xapp-", "SLACK_APP_TOKEN is not set"),
        ("xapp-1", "xapp-1", "SLACK_BOT_TOKEN is not the right kind of token"),
        ("xoxb-1", "xoxb-1", "SLACK_APP_TOKEN is not the right kind of token"),
    ],
)
def test_a_missing_or_mistaken_token_is_told_with_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, bot: str, app: str, says: str
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", bot)
    monkeypatch.setenv("SLACK_APP_TOKEN", app)
    with pytest.raises(Mistake) as mistake:
        tokens(load_settings())
    assert says in str(mistake.value)
    assert "https://api.slack.com/apps" in str(mistake.value)


@pytest.mark.parametrize(
    ("given", "mode", "serves"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "socket", False),
        ({"SLACK_APP_TOKEN": "xapp-1", "COPBOT_HTTP_PORT": "3000"}, "socket", True),
        ({"SLACK_APP_TOKEN": "xapp-1", "COPBOT_MODE": "HTTP"}, "http", True),
        ({"SLACK_SIGNING_SECRET": "s"}, "http", True),
        ({}, "http", True),
    ],
)
def test_the_mode_follows_from_what_is_set(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], mode: str, serves: bool
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert (settings.mode, settings.serves_http) == (mode, serves)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"COPBOT_MODE": "http", "SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is not set: it stands at https"),
        ({"COPBOT_MODE": "http", "SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is not set: it starts with xoxb-"),
        (
            {"COPBOT_MODE": "socket", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
            "SLACK_APP_TOKEN is not set",
        ),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "Or, for HTTP mode, set SLACK_SIGNING_SECRET: it stands at https"),
    ],
)
def test_what_is_missing_to_connect_is_told_by_the_mode(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Mistake) as mistake:
        check_access(load_settings())
    assert says in str(mistake.value)


def test_http_mode_needs_no_app_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    check_access(load_settings())


def test_settings_come_from_a_file_too_and_secrets_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "SLACK_BOT_TOKEN=xoxb-very-secret\nSLACK_APP_TOKEN=xapp-very-secret\nSOMETHING_ELSE=1\n"
    )
    settings = load_settings()
    assert tokens(settings) == ("xoxb-very-secret", "xapp-very-secret")
    assert "very-secret" not in repr(settings)


def test_an_address_without_its_last_slash_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api")
    assert load_settings().slack_api_url == "http://127.0.0.1:1/api/"
