"""Simulated members live on while virtual time runs, and the bot keeps its promises among them."""

from datetime import timedelta
from urllib.request import urlopen

import pytest
from simulated import START, broken, human_messages, let_pass, living, own_messages, transcript

from copbot.core.time import from_us, to_us, ts_to_us
from copbot.demo.story import delivery_of

TWO_DAYS = timedelta(days=2)


def _lived(step: timedelta) -> list[tuple[str, str, str, str, str]]:
    with living() as stage:
        let_pass(stage, TWO_DAYS, step)
        return [said for said in transcript(stage) if ts_to_us(said[1]) >= to_us(START)]


def test_the_same_seed_gives_the_same_life_whatever_the_size_of_the_steps() -> None:
    in_one_go, hour_by_hour = _lived(TWO_DAYS), _lived(timedelta(hours=1))

    assert len(in_one_go) > 20
    assert hour_by_hour == in_one_go


def test_two_weeks_of_sixty_members_leave_nothing_doubled_lost_or_open() -> None:
    with living(members=60) as stage:
        let_pass(stage, timedelta(weeks=2), timedelta(days=1))

        assert broken(stage) == []
        since = [m for _, m in human_messages(stage) if ts_to_us(m["ts"]) >= to_us(START)]
        kinds = {(delivery_of(message) or "").split(":")[0] for _, message in own_messages(stage)}
        digests = [(channel, m) for channel, m in own_messages(stage) if (delivery_of(m) or "").startswith("digest:")]
        with stage.store.read() as tx:
            states = {journey.state for journey in tx.journeys.since(stage.community.id, to_us(START))}

    assert 80 < len(since) < 400
    assert {"welcome", "post", "card", "digest"} <= kinds
    assert len({(channel, (delivery_of(m) or "").split(":")[2]) for channel, m in digests}) == len(digests), (
        "one a week"
    )
    assert all(2 <= len(m["text"].splitlines()) <= 6 and "/archives/" in m["text"] for _, m in digests)
    assert "answered" in states
    weekdays = [from_us(ts_to_us(message["ts"])).astimezone(START.tzinfo).weekday() for message in since]
    assert sum(day >= 5 for day in weekdays) < len(weekdays) / 10


def test_a_jump_lets_the_bot_act_at_its_own_hours_and_not_at_the_end() -> None:
    with living() as stage:
        let_pass(stage, timedelta(days=4), timedelta(days=4))
        posted = [m for _, m in own_messages(stage) if ":weekly-question:" in (delivery_of(m) or "")]
        cards = [m for _, m in own_messages(stage) if (delivery_of(m) or "").startswith("card:")]

    assert len(posted) == 1
    at = from_us(ts_to_us(posted[0]["ts"])).astimezone(START.tzinfo)
    assert (at.hour, at.minute, at.second) == (10, 0, 0)
    assert cards
    assert all(from_us(ts_to_us(card["ts"])) < START + timedelta(days=4) for card in cards)


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
        let_pass(stage, TWO_DAYS, TWO_DAYS)

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


@pytest.mark.parametrize("speed", [20_000.0, pytest.param(86_400.0, marks=pytest.mark.slow)])
def test_playing_passes_through_the_same_life_as_a_jump(speed: float) -> None:
    with living() as stage:
        stage.time.play_at(speed)
        stage.workspace.wait_for(lambda: stage.clock.now() > START + timedelta(hours=20), 30)
        stage.time.play_at(0)
        stage.settle()
        until = to_us(START + timedelta(hours=20))
        played = [said for said in transcript(stage) if to_us(START) <= ts_to_us(said[1]) < until]
    with living() as stage:
        let_pass(stage, timedelta(hours=20), timedelta(hours=20))
        jumped = [said for said in transcript(stage) if ts_to_us(said[1]) >= to_us(START)]

    assert played == jumped
