"""``copbot plan``: what will go out to whom in the coming days, and what would be held back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot import cli
from copbot.commands.planning import Plan, Row, lines, what_comes
from copbot.core.community import Attention, Reports
from copbot.core.delivery import Kind, Outgoing
from copbot.core.digest import WEEKLY
from copbot.core.facts import MembershipSeen
from copbot.core.onboarding import FollowUp, Onboarding, Question
from copbot.core.posts import EveryWhen, Post
from copbot.core.preferences import Preferences
from copbot.core.time import DAY_US, to_us

DAILY = Post("daily", "#data", EveryWhen("day", time(10)), text="Hello")
SECOND = replace(DAILY, id="second", when=EveryWhen("day", time(11)))
PLAIN = replace(COMMUNITY, attention=Attention(quiet=None), reports=Reports(brief=False, monthly=False), digest=None)
QUESTIONS = (Question("goal", "What do you want?"),)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, PLAIN, prompts={"reminder.j2": "Still open", "welcome.j2": "Welcome"})
    yield scene
    scene.close()


def plan(scene: Scene, days: float = 1) -> list[Row]:
    with scene.store.read() as tx:
        return what_comes(scene.ctx, tx, scene.communities, scene.now, scene.now + timedelta(days=days))


def wants(scene: Scene, key: str, kind: Kind, user: str = "UANA", days: float = 0) -> None:
    with scene.store.begin() as tx:
        due_us = to_us(scene.now) + int(days * DAY_US)
        tx.deliveries.plan(Outgoing(key, kind, user, key, due_us, community="data"))


def test_posts_stand_with_their_channels_budget_and_what_it_would_hold_back(scene: Scene) -> None:
    scene.communities = (replace(PLAIN, posts=(DAILY, SECOND), attention=Attention(channel_day=1)),)
    assert [(row.name, row.to, row.outcome, row.budget, f"{row.at:%H:%M}") for row in plan(scene)] == [
        ("daily", "#data", "goes out", "1 of 1 posts that day", "10:00"),
        ("second", "#data", "held back", "1 of 1 posts that day", "11:00"),
    ]


def test_what_waits_for_members_stands_with_what_would_become_of_it(scene: Scene) -> None:
    scene.communities = (replace(PLAIN, digest=WEEKLY),)
    scene.joins("UANA", name="Ana")
    wants(scene, "a survey", "survey")
    wants(scene, "a question", "ask")
    wants(scene, "thanks", "recognition", "UBEN")
    with scene.store.begin() as tx:
        tx.preferences.save(Preferences("UBEN", mode="light"), to_us(scene.now))
    found = {row.delivery: (row.to, row.user, row.outcome, row.at - scene.now) for row in plan(scene)}
    assert found == {
        "a question": ("Ana", "UANA", "goes out", timedelta(0)),
        "a survey": ("Ana", "UANA", "waits", timedelta(days=1)),
        "thanks": ("UBEN", "UBEN", "joins the digest", timedelta(0)),
    }
    with scene.store.read() as tx:
        assert {tx.deliveries.get(key).state for key in found} == {"due"}, "nothing is recorded"  # type: ignore[union-attr]


def test_one_community_is_planned_with_the_room_that_the_others_leave(scene: Scene) -> None:
    other = replace(PLAIN, id="maps", digest=WEEKLY)
    scene.communities = (replace(PLAIN, digest=WEEKLY), other)
    scene.joins("UANA", name="Ana")
    scene.record(MembershipSeen("CDATA", "UANA", is_member=True, at_us=to_us(scene.now) - 30 * DAY_US))
    all_rows = plan(scene, days=7)
    with scene.store.read() as tx:
        alone = what_comes(scene.ctx, tx, (other,), scene.now, scene.now + timedelta(days=7))
    assert alone == [row for row in all_rows if row.community == "maps"]
    assert [row.outcome for row in alone] == ["waits"]


def test_follow_ups_share_the_members_account_with_what_is_planned_already(scene: Scene) -> None:
    follow_ups = (FollowUp(timedelta(days=3), prompt="reminder.j2"), FollowUp(timedelta(days=3), tell_moderators=True))
    scene.communities = (
        replace(PLAIN, onboarding=Onboarding(questions=QUESTIONS, welcome="welcome.j2", follow_ups=follow_ups)),
    )
    scene.joins("UANA", name="Ana")
    with scene.store.begin() as tx:
        tx.journeys.start("data", "UANA", to_us(scene.now))
    wants(scene, "a question", "ask", days=3)
    onboarding, notice, question = sorted(
        (row for row in plan(scene, 5) if row.kind != "welcome"),
        key=lambda row: ["onboarding", "notice", "ask"].index(row.kind),
    )
    assert (notice.to, notice.budget) == ("moderators", "free: a duty")
    assert (question.outcome, onboarding.outcome) == ("goes out", "waits")
    assert onboarding.at - question.at == timedelta(days=1)


def test_digests_briefs_and_reports_stand_with_their_condition(scene: Scene) -> None:
    scene.communities = (replace(PLAIN, digest=WEEKLY, reports=Reports()),)
    scene.joins("UANA", name="Ana")
    scene.record(MembershipSeen("CDATA", "UANA", True, to_us(scene.now)))
    rows = {(row.name, row.to): row for row in plan(scene, 16)}
    assert "if there is anything to tell" in rows["brief", "moderators"].why
    assert rows["report", "coordinators"].at.day == 1
    digest = rows["digest", "Ana"]
    assert (digest.outcome, digest.user, digest.budget) == ("goes out", "UANA", "1 of 1 a day and 3 a week")


def test_the_text_counts_many_members_of_one_kind_and_the_document_names_them_all(scene: Scene) -> None:
    for number in range(8):
        wants(scene, f"k{number}", "survey", f"U{number}")
    found = Plan(scene.now, scene.now + timedelta(days=1), plan(scene))
    assert any("survey to 8 members  (data): goes out" in line for line in lines(found))
    document = json.loads(json.dumps(found.as_json()))
    assert {row["user"] for row in document["planned"]} == {f"U{number}" for number in range(8)}
    assert list(lines(Plan(scene.now, scene.now + timedelta(days=1), ()))) == ["Nothing is planned in the next 1 day."]


def test_each_day_stands_in_the_text_once_wherever_the_communities_are(scene: Scene) -> None:
    far = replace(PLAIN, id="far", timezone="America/New_York", posts=(DAILY, SECOND))
    scene.communities = (replace(PLAIN, timezone="Asia/Tokyo", posts=(DAILY,)), far)
    found = Plan(scene.now, scene.now + timedelta(days=2), plan(scene, days=2))
    days = [line for line in lines(found) if line.endswith(" 2026")]
    assert days == ["Mon 16 Nov 2026", "Tue 17 Nov 2026", "Wed 18 Nov 2026"]


def test_different_reasons_stand_apart(scene: Scene) -> None:
    for number in range(12):
        wants(scene, f"k{number}", "survey", f"U{number}")
    with scene.store.begin() as tx:
        for number in range(12):
            off = Preferences(f"U{number}", mode="off" if number % 2 else "light")
            tx.preferences.save(off, to_us(scene.now))
    said = list(lines(Plan(scene.now, scene.now + timedelta(days=1), plan(scene))))
    assert sum("survey to 6 members  (data): HELD BACK" in line for line in said) == 2


def test_it_works_from_the_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert cli.main(["plan", "--days", "8", "--json"]) == 0
    names = {row["name"] for row in json.loads(capsys.readouterr().out)["planned"]}
    assert {"weekly-question", "brief"} <= names
    assert not (tmp_path / "none.db").exists()
    assert cli.main(["plan", "--days", "0"]) == 2
    assert "--days 0: write a number" in capsys.readouterr().err
