"""The manifest in HTTP mode; in Socket Mode it is the one in deploy/."""

import pytest

from copbot.adapters.http_app import SLACK_PATH
from copbot.adapters.manifest import REQUEST_PATH, manifest, request_url
from copbot.core.errors import Mistake


def test_in_http_mode_everything_comes_to_one_address() -> None:
    url = request_url("https://bot.example.org")
    document = manifest("/cop", url)
    assert url == f"https://bot.example.org{SLACK_PATH}"
    assert REQUEST_PATH == SLACK_PATH
    assert document["settings"]["socket_mode_enabled"] is False
    assert document["settings"]["event_subscriptions"]["request_url"] == url
    assert document["settings"]["interactivity"]["request_url"] == url
    assert document["features"]["slash_commands"][0]["url"] == url


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://bot.example.org/", "https://bot.example.org/slack/events"),
        ("https://bot.example.org/slack/events", "https://bot.example.org/slack/events"),
        ("https://example.org:8443/bots/cop", "https://example.org:8443/bots/cop/slack/events"),
    ],
)
def test_the_path_may_be_left_out(given: str, url: str) -> None:
    assert request_url(given) == url


@pytest.mark.parametrize("given", ["http://bot.example.org", "bot.example.org", "https://", "https://x/?a=b", ""])
def test_an_address_that_slack_does_not_take_is_told(given: str) -> None:
    with pytest.raises(Mistake, match=r"^--url .*https:// addresses only"):
        request_url(given)
