"""What is said of the answers to a post's slots, and above all what is not."""

import random
from math import exp

import pytest

from copbot.features.rhythm.learning.replies import interval, posts_needed, replies_by_slot, summary

TUESDAY, WEDNESDAY = (1, 10), (2, 14)


def poisson(chance: random.Random, mean: float) -> int:
    count, product, limit = 0, chance.random(), exp(-mean)
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def posts(slot: tuple[int, int], counts: list[int]) -> list[tuple[int, int, int]]:
    return [(*slot, count) for count in counts]


def test_it_takes_144_posts_a_slot_to_tell_a_fifth_more_at_three_replies() -> None:
    assert posts_needed(3, 0.2) == 144


def test_an_interval_is_that_of_so_many_replies() -> None:
    low, high = interval(37, 12)
    assert (round(low, 1), round(high, 1)) == (2.2, 4.3)


@pytest.mark.parametrize(
    ("replies", "count", "expected"),
    [
        pytest.param(0, 5, (0.0, 0.74), id="none yet"),
        pytest.param(1, 1, (0.025, 5.57), id="one"),
        pytest.param(12, 5, (1.24, 4.19), id="twelve"),
        pytest.param(300, 100, (2.67, 3.36), id="many"),
    ],
)
def test_intervals_are_close_to_the_exact_ones_of_poisson_counts(
    replies: int, count: int, expected: tuple[float, float]
) -> None:
    assert interval(replies, count) == pytest.approx(expected, rel=0.02, abs=0.03)


def test_slots_stand_in_order_of_their_posts() -> None:
    found = replies_by_slot(posts(WEDNESDAY, [2] * 5) + posts(TUESDAY, [3] * 12))
    assert [(slot.name, slot.posts, slot.mean) for slot in found.slots] == [
        ("Tue 10:00", 12, 3.0),
        ("Wed 14:00", 5, 2.0),
    ]


def test_too_few_to_tell_apart_is_said() -> None:
    found = replies_by_slot(posts(TUESDAY, [3, 4, 2, 3, 4, 3, 2, 5, 3, 2, 3, 3]) + posts(WEDNESDAY, [2, 3, 2, 1, 4]))
    assert summary(found) == (
        "Replies so far (people in 48 hours, with 95 % intervals): Tue 10:00 3.1 (2.2-4.3) from 12 posts;"
        " Wed 14:00 2.4 (1.2-4.2) from 5 posts: too few to tell apart"
        f" (a fifth more would show after about {posts_needed(49 / 17, 0.2)} posts in each)."
    )


def test_what_the_data_carry_is_said() -> None:
    found = replies_by_slot(posts(TUESDAY, [9, 8, 11, 10, 9, 8, 12, 10]) + posts(WEDNESDAY, [2, 1, 3, 2, 2, 1, 2, 3]))
    assert summary(found).endswith(". Tue 10:00 surely gets more than Wed 14:00.")


def test_one_slot_is_compared_with_nothing() -> None:
    assert summary(replies_by_slot(posts(TUESDAY, [1]))).endswith("Tue 10:00 1.0 (0.0-5.6) from 1 post.")


def test_without_posts_there_is_nothing_to_say() -> None:
    assert summary(replies_by_slot([])) == "Replies so far: none of my posts here is two days old yet."


def test_silence_everywhere_is_no_difference() -> None:
    assert "too few to tell apart" in summary(replies_by_slot(posts(TUESDAY, [0] * 20) + posts(WEDNESDAY, [0] * 20)))


@pytest.mark.parametrize("varies", [pytest.param(False, id="as chance"), pytest.param(True, id="more than chance")])
@pytest.mark.parametrize("sizes", [(5, 8), (12, 5), (10, 10, 10, 10), (60, 6), (100, 100)], ids=str)
def test_where_there_is_no_difference_one_is_claimed_in_one_of_twenty_at_most(
    sizes: tuple[int, ...], varies: bool
) -> None:
    """Three replies a post in every slot; where counts vary more than by chance, as real ones do, the rule must not be fooled."""
    chance, runs, claimed = random.Random(2026), 400, 0
    for _ in range(runs):
        sample = [
            (number, 10, poisson(chance, 3 * (chance.gammavariate(2, 0.5) if varies else 1)))
            for number, count in enumerate(sizes)
            for _ in range(count)
        ]
        claimed += bool(replies_by_slot(sample).told_apart)
    assert claimed / runs <= 0.05 + 2 * (0.05 * 0.95 / runs) ** 0.5


def test_a_fifth_more_is_found_four_times_in_five_with_144_posts_a_slot_and_seldom_with_a_dozen() -> None:
    chance = random.Random(7)

    def found(count: int) -> float:
        runs = 200
        claims = 0
        for _ in range(runs):
            sample = posts(TUESDAY, [poisson(chance, 3.6) for _ in range(count)])
            sample += posts(WEDNESDAY, [poisson(chance, 3.0) for _ in range(count)])
            claims += bool(replies_by_slot(sample).told_apart)
        return claims / runs

    assert 0.7 <= found(144) <= 0.9
    assert found(12) <= 0.25


@pytest.mark.parametrize("mean", [1, 3])
def test_nineteen_of_twenty_intervals_hold_the_truth(mean: int) -> None:
    chance, held, runs = random.Random(3), 0, 1000
    for _ in range(runs):
        (slot,) = replies_by_slot(posts(TUESDAY, [poisson(chance, mean) for _ in range(10)])).slots
        held += slot.low <= mean <= slot.high
    assert held / runs >= 0.94
