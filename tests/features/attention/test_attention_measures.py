"""The figures of attention: how many messages, whether the budget held, who asked for less, and what was answered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scene import COMMUNITY, Scene

from copbot.core import attention
from copbot.core.community import Attention
from copbot.core.delivery import Kind, Outgoing
from copbot.core.interaction import Press
from copbot.core.months import month_of
from copbot.core.ports.attention import OptOut, Told
from copbot.core.preferences import Preferences
from copbot.core.reports import asked_of
from copbot.core.time import DAY_US, to_us
from copbot.features.attention import FEATURE
from copbot.features.attention.measures.rules import Answers, PerWeek, answers, beyond, figures, per_week

END = 1000 * DAY_US


def told(days_ago: float, user: str = "U1", kind: Kind = "ask", day: int | None = 1, week: int | None = 3) -> Told:
    return Told(user, kind, "data", END - int(days_ago * DAY_US), day, week)


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        pytest.param([], None, id="nobody got anything"),
        pytest.param([1], PerWeek(1, 1, 1, 1), id="one message"),
        pytest.param([13, 8, 7.5, 1], PerWeek(1, 2, 3, 3), id="weeks are counted back from the end"),
        pytest.param([7, 0.5], PerWeek(1, 2, 2, 2), id="seven days ago belongs to the last week"),
        pytest.param([7.01, 0.5], PerWeek(1, 1, 1, 1), id="and a little more to the one before"),
    ],
)
def test_messages_are_counted_by_member_and_week(days_ago: list[float], expected: PerWeek | None) -> None:
    assert per_week([told(days) for days in days_ago], END) == expected


def test_the_95th_percentile_is_what_95_of_100_do_not_exceed() -> None:
    one_each = [told(1, f"U{number}") for number in range(19)]
    assert per_week([*one_each, *(told(1, "UMANY") for _ in range(9))], END) == PerWeek(20, 1, 1, 9)
    assert per_week([*one_each[1:], *(told(1, "UMANY") for _ in range(9))], END) == PerWeek(19, 1, 9, 9)


@pytest.mark.parametrize(
    ("days_ago", "violations"),
    [
        pytest.param([1, 0], 0, id="a day apart"),
        pytest.param([0.999, 0], 1, id="less than a day apart"),
        pytest.param([7, 5, 3, 0], 0, id="the first of four is a week old"),
        pytest.param([6.9, 5, 3, 0], 1, id="four within a week"),
    ],
)
def test_what_went_beyond_the_budget_is_counted_from_what_was_sent(days_ago: list[float], violations: int) -> None:
    assert len(beyond([told(days) for days in days_ago])) == violations
    assert beyond([told(days, day=None, week=None) for days in days_ago]) == [], "an older program noted no budget"
    assert beyond([told(days, f"U{days}") for days in days_ago]) == []


def test_each_community_counts_its_own_and_what_was_said_in_general() -> None:
    both = [told(1), replace(told(0.5, "U2"), community="maps")]
    opt_outs = [OptOut("light", END, "data"), OptOut("light", END, "maps"), OptOut("off", END)]
    found = figures("data", both, 0, END, {}, opt_outs)
    assert (found.messages, found.opt_outs) == (1, {"light": 1, "off": 1})


def test_who_answers_a_survey_is_counted_nowhere() -> None:
    assert answers([told(1, kind="survey"), replace(told(1), answered_us=END)]) == {"ask": Answers(1, 1)}


# --- where people look --------------------------------------------------------------------------------------------


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, attention=Attention(quiet=None)))
    yield scene
    scene.close()


def send(scene: Scene, *users: str, kind: Kind = "ask") -> None:
    with scene.store.begin() as tx:
        for user in users:
            key = f"{kind}:{user}:{to_us(scene.now)}"
            tx.deliveries.plan(Outgoing(key, kind, user, "Hello", to_us(scene.now), community="data"))
    scene.send()


def status(scene: Scene) -> str:
    assert FEATURE.status is not None
    with scene.store.read() as tx:
        return "\n".join(block["text"]["text"] for block in FEATURE.status(scene.ctx, tx, scene.communities[0]))


def report(scene: Scene) -> list[str]:
    assert FEATURE.report is not None
    community = scene.communities[0]
    with scene.store.read() as tx:
        asked = asked_of(scene.ctx, community, month_of(scene.now, ZoneInfo(community.timezone)))
        return [text for part in FEATURE.report(scene.ctx, tx, asked).sections for text in part.text]


def test_moderators_see_what_members_were_sent_and_how_they_took_it(scene: Scene) -> None:
    assert status(scene) == ""
    send(scene, "U1", "U2")
    with scene.store.begin() as tx:
        (first, _) = tx.ledger.told(("ask",), 0, to_us(scene.now) + 1)
        where = {"channel": first.user, "message_us": first.said_us}
        attention.answered(tx, Press(first.user, "attention:less", "", "", **where), scene.now)  # no answer to it
        assert tx.ledger.told(("ask",), 0, to_us(scene.now) + 1)[0].answered_us is None
        attention.answered(tx, Press(first.user, "threads:not_me", "", "", **where), scene.now)
        tx.ledger.note_opt_out(OptOut("asks", to_us(scene.now)))
        tx.preferences.save(Preferences("U2", mode="light"), to_us(scene.now))
    send(scene, "U2", kind="recognition")
    scene.wait(minutes=1)
    assert status(scene).splitlines() == [
        ":bell: In four weeks 2 members got 2 messages by themselves: in a week with any, 1 in the middle, 1 at the 95th"
        " percentile, 1 at most. Nobody got more than the budget allows.",
        "Answered: asked for an answer 1 of 2.",
        "Did not come by themselves: 1 joined a digest.",
        "Asked for less: asks 1.",
    ]


def test_the_report_tells_of_five_members_or_more(scene: Scene) -> None:
    send(scene, "U1", "U2", "U3", "U4")
    scene.wait(hours=1)
    assert report(scene) == []
    send(scene, "U5")
    with scene.store.begin() as tx:
        tx.ledger.note_opt_out(OptOut("off", to_us(scene.now)))
    scene.wait(hours=1)
    told, less = report(scene)
    assert told.startswith("5 members got 5 messages")
    assert less.endswith("turned something off: fewer than 5.")
