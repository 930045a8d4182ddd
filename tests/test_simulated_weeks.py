"""Simulated members live on while virtual time runs, and the bot keeps its promises among them."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.request import urlopen

import pytest
from simulated import START, Json, broken, human_messages, let_pass, living, own_messages, transcript

from copbot.core.time import from_us, to_us, ts_to_us
from copbot.demo.stage import Stage
from copbot.demo.story import delivery_of

DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)
Transcript = list[tuple[str, str, str, str, str]]


@dataclass(frozen=True)
class Lived:
    """Two days, passed in one go."""

    transcript: Transcript
    own: list[tuple[str, Json]]


@pytest.fixture(scope="module")
def in_one_go() -> Lived:
    with living() as stage:
        let_pass(stage, TWO_DAYS, TWO_DAYS)
        return Lived(_since_start(stage), own_messages(stage))


def _since_start(stage: Stage) -> Transcript:
    return [said for said in transcript(stage) if ts_to_us(said[1]) >= to_us(START)]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_life_whether_it_is_played_or_passes_in_steps_of_any_size(
    in_one_go: Lived,
) -> None:
    with living() as stage:
        stage.time.play_at(20_000.0)
        stage.workspace.wait_for(lambda: stage.clock.now() > START + timedelta(hours=20), 60)
        stage.time.play_at(0)
        stage.settle()
        let_pass(stage, START + DAY - stage.clock.now(), DAY)
        let_pass(stage, DAY, timedelta(hours=1))
        played_then_hour_by_hour = _since_start(stage)

    assert len(in_one_go.transcript) > 20
    assert played_then_hour_by_hour == in_one_go.transcript


@pytest.mark.parametrize(("days", "members"), [(8, 40), pytest.param(14, 60, marks=pytest.mark.slow)])
def test_weeks_of_many_members_leave_nothing_doubled_lost_or_open(days: int, members: int) -> None:
    with living(members=members) as stage:
        let_pass(stage, timedelta(days=days), DAY)

        assert broken(stage) == []
        since = [m for _, m in human_messages(stage) if ts_to_us(m["ts"]) >= to_us(START)]
        kinds = {(delivery_of(message) or "").split(":")[0] for _, message in own_messages(stage)}
        digests = [(channel, m) for channel, m in own_messages(stage) if (delivery_of(m) or "").startswith("digest:")]
        with stage.store.read() as tx:
            states = {journey.state for journey in tx.journeys.since(stage.community.id, to_us(START))}

    assert 5 * days < len(since) < 30 * days
    assert {"welcome", "post", "card", "digest"} <= kinds
    assert len({(channel, (delivery_of(m) or "").split(":")[2]) for channel, m in digests}) == len(digests), (
        "one a week"
    )
    assert all(2 <= len(m["text"].splitlines()) <= 6 and "/archives/" in m["text"] for _, m in digests)
    assert "answered" in states
    weekdays = [from_us(ts_to_us(message["ts"])).astimezone(START.tzinfo).weekday() for message in since]
    assert sum(day >= 5 for day in weekdays) < len(weekdays) / 10


def test_a_jump_lets_the_bot_act_at_its_own_hours_and_not_at_the_end(in_one_go: Lived) -> None:
    posted = [m for _, m in in_one_go.own if ":weekly-question:" in (delivery_of(m) or "")]
    cards = [m for _, m in in_one_go.own if (delivery_of(m) or "").startswith("card:")]

    assert len(posted) == 1
    at = from_us(ts_to_us(posted[0]["ts"])).astimezone(START.tzinfo)
    assert (at.hour, at.minute, at.second) == (10, 0, 0)
    assert cards
    assert all(from_us(ts_to_us(card["ts"])) < START + TWO_DAYS for card in cards)


def test_next_stops_at_what_people_do_and_at_what_the_bot_does_in_order() -> None:
    with living() as stage:
        said = [(stage.time.next(), stage.clock.now()) for _ in range(12)]

    words, times = zip(*said, strict=True)
    assert list(times) == sorted(times)
    assert all(each.endswith(".") for each in words)
    assert any("asks a question" in each or "answers" in each for each in words)


def test_whom_a_visitor_plays_does_nothing_by_themselves() -> None:
    with living() as stage:
        assert stage.life is not None
        everybody = {user["id"] for user in stage.workspace.users()}
        before = len(human_messages(stage))
        for user in everybody:
            urlopen(f"{stage.workspace.page_url}page/state?as={user}").read()
        let_pass(stage, DAY, DAY)

        new = [m for _, m in human_messages(stage) if m["user"] in everybody and ts_to_us(m["ts"]) >= to_us(START)]
        assert new == []
        assert len(human_messages(stage)) >= before


def test_what_comes_next_is_told_with_the_reason_for_each_time() -> None:
    with living() as stage:
        let_pass(stage, timedelta(hours=6), timedelta(hours=6))
        coming = stage.time.coming()

    assert [one.at for one in coming] == sorted(one.at for one in coming)
    assert all(one.at >= START + timedelta(hours=6) and one.what and one.why for one in coming)
    by_what = {one.what: one.why for one in coming}
    assert "times the average allowed hour" in by_what["weekly-question in #data-integration"]
    assert by_what["register-corner in #registers"] == "as the schedule says"
    assert "24 hours" in by_what["a question in #data-integration becomes a card"]
