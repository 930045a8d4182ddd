"""Reading for hours: within Slack's limits, patient, and honest about an app that may read next to nothing."""

from typing import Any

import pytest

from copbot.adapters.paced_slack import CALLS_A_MINUTE, MINUTE_S, PATIENCE, Pace, PacedSlack
from copbot.core.errors import SlackRefused, SlackUnavailable


class Slack:
    """Answers in turn; time passes by waiting alone."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.now = 0.0
        self.specials = 0

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((method, arguments))
        answer = self.answers.pop(0) if self.answers else {"messages": []}
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def special(self) -> None:
        self.specials += 1

    @property
    def paced(self) -> PacedSlack:
        return PacedSlack(self, Pace(lambda: self.now), self.wait, self.special)  # type: ignore[arg-type]


def page(count: int, cursor: str = "") -> dict[str, Any]:
    messages = [{"ts": f"{number}.000001"} for number in range(1, count + 1)]
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def limited(seconds: float) -> SlackUnavailable:
    return SlackUnavailable("ratelimited", retry_after_s=seconds, definite=True)


def test_a_part_of_each_minute_is_left_to_the_bot_and_methods_do_not_hold_each_other_up() -> None:
    slack = Slack()
    paced = slack.paced
    for _ in range(CALLS_A_MINUTE):
        paced.call("conversations.history", {})
    assert slack.now == 0, "a small channel need not wait"
    paced.call("conversations.replies", {})
    assert slack.now == 0
    paced.call("conversations.history", {})
    assert slack.now == MINUTE_S


def test_pages_are_followed_to_where_there_is_no_cursor_however_short_they_are() -> None:
    slack = Slack(page(2, "a"), page(0, "b"), page(1))
    pages = list(slack.paced.messages("C1", 5_000_000, 9_000_000))
    assert [len(one) for one in pages] == [2, 0, 1]
    assert [arguments.get("cursor") for _, arguments in slack.asked] == [None, "a", "b"]
    _, first = slack.asked[0]
    assert (first["oldest"], first["latest"], first["inclusive"]) == ("5.000000", "9.000000", True)


def test_a_limit_is_waited_for_as_often_as_slack_says() -> None:
    slack = Slack(*[limited(30.0)] * 20, page(1))
    assert [len(one) for one in slack.paced.messages("C1", 0)] == [1]
    assert slack.now >= 600
    assert slack.specials == 0


def test_slack_away_is_waited_for_some_minutes_and_then_told() -> None:
    slack = Slack(*[SlackUnavailable("HTTP 503")] * (PATIENCE - 1), page(1))
    assert [len(one) for one in slack.paced.messages("C1", 0)] == [1]
    with pytest.raises(SlackUnavailable):
        list(Slack(*[SlackUnavailable("HTTP 503")] * PATIENCE).paced.messages("C1", 0))


def test_a_refusal_is_not_repeated() -> None:
    slack = Slack(SlackRefused("not_in_channel"))
    with pytest.raises(SlackRefused):
        list(slack.paced.messages("C1", 0))
    assert len(slack.asked) == 1


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([page(15, "a"), limited(60.0), page(15, "b"), limited(60.0), page(3)], 1),
        ([page(200, "a"), limited(60.0), page(3)], 0),
        ([page(15), limited(60.0), page(3)], 0),
        ([page(15, "a"), page(15, "b"), page(3)], 0),
    ],
    ids=["15 messages and a refusal", "a full page", "a small channel", "small pages without a refusal"],
)
def test_an_app_that_may_read_next_to_nothing_is_told_so_once(answers: list[Any], told: int) -> None:
    slack = Slack(*answers)
    paced = slack.paced
    while slack.answers:
        list(paced.messages("C1", 0))
    assert slack.specials == told
