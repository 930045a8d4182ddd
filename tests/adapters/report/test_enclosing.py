"""A report on its way to a coordinator's direct messages, against the served workspace."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reported import charts, report
from scene import Scene

from copbot.adapters.clock import VirtualClock
from copbot.adapters.report import enclosing
from copbot.adapters.report.enclosing import Enclosing, summary
from copbot.adapters.slack import SlackWeb
from copbot.core.delivery import Outgoing
from copbot.core.errors import SlackRefused
from copbot.core.feature import Feature
from copbot.core.outbox import Sender
from copbot.core.report import Part, Section
from copbot.core.time import to_us
from copbot.workspace.server import Workspace

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PART = Part((Section("days", "Days", charts=charts()[:1]),), ("One <sentence>.", "Another."))
FEATURE = Feature("told", report=lambda _ctx, _tx, _asked: PART)
EMPTY = Feature("empty", report=lambda _ctx, _tx, _asked: Part((Section("none", "None"),), ("Nobody wrote.",)))


class Post:
    """A workspace, a community, and a sender between them."""

    def __init__(self, workspace: Workspace, scene: Scene, *features: Feature) -> None:
        self.workspace, self.scene = workspace, scene
        self.jess = workspace.join_workspace("jess", real_name="Jess")
        self.slack = SlackWeb(workspace.bot_token, workspace.api_url)
        self.enclosing = Enclosing(scene.ctx, features or (FEATURE,), self.slack)
        self.sender = Sender(scene.store, self.slack, scene.clock, "test", spacing_s=0, enclose=self.enclosing)

    def plan(self, encloses: str = "data-2026-10") -> None:
        now_us = to_us(self.scene.now)
        with self.scene.store.begin() as tx:
            tx.deliveries.plan(
                Outgoing("monthly", "report", self.jess, "It could not be made.", now_us, encloses=encloses)
            )

    def messages(self) -> list[dict[str, object]]:
        return list(self.workspace.messages(self.workspace.dm(self.jess)))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    opened = Scene(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace(VirtualClock(NOW, speed=0)) as served:
        yield served


def test_it_is_one_message_with_the_sentences_a_picture_and_the_page(workspace: Workspace, scene: Scene) -> None:
    post = Post(workspace, scene)
    post.plan()
    assert post.sender.deliver_one()
    assert not post.sender.deliver_one()
    (message,) = post.messages()
    assert message["text"] == "*Data &lt;3: October 2026*\n• One &lt;sentence&gt;.\n• Another."
    picture, page = message["files"]  # type: ignore[misc]
    assert (picture["name"], picture["mimetype"]) == ("data-2026-10.png", "image/png")
    assert picture["alt_txt"] == "Messages by day"
    assert (page["name"], page["title"]) == ("data-2026-10.html", "The report on October 2026")
    delivery = scene.delivery("monthly")
    assert delivery is not None
    assert delivery.state == "sent"


def test_a_message_whose_answer_was_lost_is_found_by_its_file_and_not_sent_twice(
    workspace: Workspace, scene: Scene
) -> None:
    post = Post(workspace, scene)
    post.plan()
    with scene.store.begin() as tx:
        (delivery,) = tx.deliveries.ready(to_us(scene.now), 1)
        tx.deliveries.claim(delivery.id, "a process that died", to_us(scene.now))
    post.enclosing.share(post.jess, "data-2026-10")
    assert not post.sender.deliver_one()  # seen open for the first time
    scene.clock.tick(11)
    assert post.sender.deliver_one()
    assert len(post.messages()) == 1
    found = scene.delivery("monthly")
    assert found is not None
    assert found.state == "sent"
    assert found.ts_us is not None


def test_without_the_scope_the_sentences_come_alone_and_say_what_to_do(
    workspace: Workspace, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> str:
        raise SlackRefused("missing_scope", needed="files:write")

    monkeypatch.setattr(enclosing, "upload", refused)
    post = Post(workspace, scene)
    post.plan()
    post.sender.deliver_one()
    post.enclosing.share(post.jess, "data-2026-10")
    planned, asked = post.messages()
    assert planned["text"] == asked["text"]
    assert "• One &lt;sentence&gt;." in str(planned["text"])
    assert "update it from `copbot manifest`" in str(planned["text"])
    assert "`/cop report 2026-10` sends it once that is mended" in str(planned["text"])


def test_a_report_that_cannot_be_made_is_told_and_holds_nothing_up(workspace: Workspace, scene: Scene) -> None:
    def broken(*_: object) -> Part:
        raise ZeroDivisionError

    post = Post(workspace, scene, Feature("broken", report=broken))
    post.plan()
    assert post.sender.deliver_one()
    assert [message["text"] for message in post.messages()] == ["It could not be made."]


def test_of_a_community_that_is_gone_nothing_is_enclosed(workspace: Workspace, scene: Scene) -> None:
    post = Post(workspace, scene)
    post.plan("another-one-2026-10")
    assert post.sender.deliver_one()
    assert [message.get("files") for message in post.messages()] == [None]
    post.enclosing.share(post.jess, "another-one-2026-10")
    assert len(post.messages()) == 1


def test_a_month_without_charts_comes_without_a_picture(workspace: Workspace, scene: Scene) -> None:
    post = Post(workspace, scene, EMPTY)
    post.enclosing.share(post.jess, "data-2026-10")
    (message,) = post.messages()
    assert [file["name"] for file in message["files"]] == ["data-2026-10.html"]  # type: ignore[attr-defined]
    assert str(message["text"]).endswith("• Nobody wrote.")


def test_the_summary_keeps_slacks_limit() -> None:
    long = report()
    assert len(summary(long)) < 4000
