"""What Slack's list tells by what it leaves out, and what it does not."""

import pytest

from copbot.core.corrections import TOO_MANY, gone_replies, gone_roots, other_reactions
from copbot.core.facts import MessageGone, ReactionSeen
from copbot.core.history import Told


def listed(*instants: int, gone: tuple[int, ...] = ()) -> list[Told]:
    return [Told(ts_us, (), is_gone=ts_us in gone) for ts_us in instants]


@pytest.mark.parametrize(
    ("stored", "on_slack", "gone"),
    [
        ([10, 20, 30], listed(10, 20, 30), []),
        ([10, 20, 30], listed(10, 30), [20]),
        ([10, 20, 30], listed(10, 20), [30]),
        ([10, 20, 30], listed(20, 30), []),
        ([10, 20, 30], listed(10, 30, gone=(10,)), []),
        ([10, 20, 30], [], []),
        ([10, 20, 95], listed(10, 20), []),
    ],
    ids=[
        "all stand",
        "one is gone",
        "the last is gone",
        "what is older than all that is listed may only be hidden",
        "what was deleted and kept for its replies is no sign of how far the list goes back",
        "an empty list proves nothing",
        "what is very young may not be listed yet",
    ],
)
def test_a_message_is_gone_when_the_whole_list_around_it_stands(
    stored: list[int], on_slack: list[Told], gone: list[int]
) -> None:
    assert gone_roots("C1", stored, on_slack, 90) == [MessageGone("C1", ts_us) for ts_us in gone]


def test_a_list_that_has_lost_most_of_the_channel_is_mistrusted() -> None:
    stored = [10, *range(20, 20 + TOO_MANY + 1)]
    assert gone_roots("C1", stored, listed(10, 90), 95) == []
    assert len(gone_roots("C1", stored[:-1], listed(10, 90), 95)) == TOO_MANY


def test_a_reply_is_gone_when_its_thread_is_listed_without_it() -> None:
    assert gone_replies("C1", 10, [11, 12], listed(10, 11), 90) == [MessageGone("C1", 12)]
    assert gone_replies("C1", 10, [11, 12], [], 90) == []
    assert gone_replies("C1", 10, [95], listed(10), 90) == []


@pytest.mark.parametrize(
    ("stored", "now", "found"),
    [
        ((True, 40), [("U1", "eyes")], []),
        ((True, 40), [], [(False, 41)]),
        ((False, 40), [("U1", "eyes")], [(True, 41)]),
        ((True, 0), [], [(False, 50)]),
        ((True, 51), [], []),
        ((False, 51), [("U1", "eyes")], []),
        ((True, 40), None, []),
    ],
    ids=[
        "as it was",
        "taken off meanwhile",
        "put on again meanwhile",
        "taken off, and no event ever told of it",
        "put on after Slack was missed",
        "taken off after Slack was missed",
        "Slack does not name all who reacted",
    ],
)
def test_reactions_are_corrected_by_what_stands_now(
    stored: tuple[bool, int], now: list[tuple[str, str]] | None, found: list[tuple[bool, int]]
) -> None:
    told = Told(10, (), reactions=None if now is None else frozenset(now))
    corrections = other_reactions("C1", {(10, "U1", "eyes"): stored}, [told], 50)
    expected = [ReactionSeen("C1", 10, "U1", "eyes", present=stands, event_us=at) for stands, at in found]
    assert list(corrections) == expected
