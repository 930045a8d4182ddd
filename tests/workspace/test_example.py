"""The example community's history: a Slack export that a reader would take for a real one, the same every time."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copbot.core.asks import asks
from copbot.core.facts import is_human_message
from copbot.core.time import from_us, ts_to_us
from copbot.workspace.example import write_example_export

BANGKOK = ZoneInfo("Asia/Bangkok")
UNTIL = datetime(2026, 11, 16, 9, 0, tzinfo=BANGKOK)

Json = dict[str, Any]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_example_export(folder, UNTIL)
    return folder


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _messages(export: Path) -> list[Json]:
    """All messages, each with the ``channel`` it stands in."""
    return [
        message | {"channel": channel["name"]}
        for channel in _load(export / "channels.json")
        for day in sorted((export / channel["name"]).iterdir())
        for message in _load(day)
    ]


def _human(export: Path) -> list[Json]:
    return [message for message in _messages(export) if is_human_message(message)]


def _at(message: Json) -> datetime:
    return from_us(ts_to_us(message["ts"]))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}


def test_the_same_end_and_seed_give_the_same_bytes_and_another_seed_other_ones(export: Path, tmp_path: Path) -> None:
    for name, seed in (("again", 7), ("other", 8)):
        write_example_export(tmp_path / name, UNTIL, seed)

    assert _files(tmp_path / "again") == _files(export)
    assert _files(tmp_path / "other") != _files(export)


def test_it_has_the_size_and_the_people_of_a_living_community(export: Path) -> None:
    users = [user for user in _load(export / "users.json") if not user["is_bot"]]
    by_email = {user["profile"]["email"]: user for user in users}

    assert 45 <= len(users) <= 60
    assert len(by_email) == len(users)
    assert 6 <= len({user["tz"] for user in users}) <= 8
    assert {"jess@example.org", "daniel.mwangi@example.org", "mali.srisuk@example.org"} <= by_email.keys()
    assert 1200 <= len(_human(export)) <= 2000


@pytest.mark.parametrize(
    "until",
    [UNTIL, datetime(2027, 3, 1, 2, 0, tzinfo=UTC), datetime(2028, 2, 29, 12, 0, tzinfo=UTC)],
    ids=["a Monday", "a month's first day", "a leap day in the middle of a week"],
)
def test_fourteen_weeks_end_just_before_the_given_time(tmp_path: Path, until: datetime) -> None:
    write_example_export(tmp_path, until)

    times = [_at(message) for message in _messages(tmp_path)]
    assert until - timedelta(days=7) < max(times) < until
    assert timedelta(weeks=13) < until - min(times) <= timedelta(weeks=15)


def test_every_user_and_thread_that_is_named_exists(export: Path) -> None:
    known = {user["id"] for user in _load(export / "users.json")}
    messages = _messages(export)
    places = {(message["channel"], message["ts"]) for message in messages}

    assert len(places) == len(messages)
    for message in messages:
        assert {message["user"]} <= known if "user" in message else message["bot_id"]
        assert (message["channel"], message.get("thread_ts", message["ts"])) in places
        assert {user for reaction in message.get("reactions", []) for user in reaction["users"]} <= known


def test_a_root_counts_its_replies_as_slack_does(export: Path) -> None:
    replies: dict[str, list[Json]] = {}
    for message in _human(export):
        if message.get("thread_ts", message["ts"]) != message["ts"]:
            replies.setdefault(message["thread_ts"], []).append(message)
    roots = {message["ts"]: message for message in _human(export) if message["ts"] in replies}

    assert roots.keys() == replies.keys()
    for ts, thread in replies.items():
        root, thread = roots[ts], sorted(thread, key=_at)
        assert root["reply_count"] == len(thread)
        assert root["latest_reply"] == thread[-1]["ts"]
        assert set(root["reply_users"]) == {message["user"] for message in thread}
        assert [reply["ts"] for reply in root["replies"]] == [message["ts"] for message in thread]
        assert all(_at(message) > _at(root) for message in thread)


def test_people_are_there_in_the_middle_of_the_morning_and_in_the_middle_of_the_week(export: Path) -> None:
    there = Counter(
        hour
        for hour, _day, _user in {
            (at.hour, at.date(), message["user"])
            for message in _human(export)
            if message["channel"] == "data-integration"
            for at in [_at(message).astimezone(BANGKOK)]
        }
    )
    days = Counter(_at(message).astimezone(BANGKOK).weekday() for message in _human(export))

    best, second = there.most_common(2)
    assert best[0] == 10
    assert best[1] > 1.5 * second[1]
    assert days[1] > days[4] > 5 * days[6]


def test_questions_are_answered_at_once_late_or_never_but_all_of_the_last_fortnight(export: Path) -> None:
    delays: list[timedelta] = []
    never = 0
    for root in _human(export):
        if root.get("thread_ts", root["ts"]) != root["ts"] or not asks(root["text"])[0]:
            continue
        answers = [reply for reply in root.get("replies", []) if reply["user"] != root["user"]]
        if answers:
            delays.append(_at(answers[0]) - _at(root))
        else:
            never += 1
            assert _at(root) < UNTIL - timedelta(days=15)

    assert len(delays) > 150
    assert min(delays) < timedelta(minutes=10)
    assert max(delays) > timedelta(days=2)
    assert 0.02 < never / len(delays) < 0.2


def test_nobody_repeats_a_question_and_answers_are_varied(export: Path) -> None:
    roots = [m["text"] for m in _human(export) if m.get("thread_ts", m["ts"]) == m["ts"]]
    texts = Counter(m["text"] for m in _human(export) if len(m["text"]) > 100)

    assert len([text for text in roots if "?" in text]) >= 60
    assert max(Counter(roots).values()) == 1
    assert max(texts.values()) <= 4
    assert not any("{" in text for text in texts)


def test_another_apps_posts_and_joins_are_in_it_as_slack_writes_them(export: Path) -> None:
    subtypes = Counter(message.get("subtype") for message in _messages(export))

    assert subtypes["bot_message"] > 3
    assert subtypes["channel_join"] > 100
    assert any("edited" in message for message in _human(export))
    assert any("reactions" in message for message in _human(export))
