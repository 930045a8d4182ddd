"""A picture on its way to one person, against the served workspace."""

from collections.abc import Iterator

import pytest

from copbot.adapters.clock import VirtualClock
from copbot.adapters.slack import SlackWeb
from copbot.adapters.uploads import share_file, share_picture
from copbot.core.errors import SlackRefused
from copbot.core.interaction import HandedFile
from copbot.core.pictures import Heatmap
from copbot.workspace.server import Workspace

PICTURE = Heatmap("Best time", ["Mon 10:00"], [[1.0] * 24] * 7, "people", "A heatmap of the week", name="when-C1")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    from datetime import UTC, datetime

    with Workspace(VirtualClock(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), speed=0)) as served:
        yield served


def test_it_is_shared_in_the_persons_direct_messages_alone_and_says_in_words_what_it_shows(
    workspace: Workspace,
) -> None:
    ana = workspace.join_workspace("ana", real_name="Ana")
    general = workspace.add_channel("data")
    slack = SlackWeb(workspace.bot_token, workspace.api_url)
    share_picture(slack, ana, PICTURE)
    (message,) = workspace.messages(workspace.dm(ana))
    (file,) = message["files"]
    assert (file["name"], file["title"], file["mimetype"]) == ("when-C1.png", "Best time", "image/png")
    assert file["alt_txt"] == "A heatmap of the week"
    assert file["size"] > 10_000
    assert not [m for m in workspace.messages(general) if m.get("files")]


def test_what_slack_refuses_is_said(workspace: Workspace) -> None:
    slack = SlackWeb(workspace.bot_token, workspace.api_url)
    with pytest.raises(SlackRefused):
        share_picture(slack, "UNOBODY", PICTURE)


def test_a_file_that_is_made_for_one_person_is_handed_to_them_alone(workspace: Workspace) -> None:
    ana = workspace.join_workspace("ana", real_name="Ana")
    slack = SlackWeb(workspace.bot_token, workspace.api_url)
    share_file(slack, ana, HandedFile("copbot-ana.zip", "All that is stored about you", lambda: b"all of it"))
    (message,) = workspace.messages(workspace.dm(ana))
    (file,) = message["files"]
    assert (file["name"], file["title"], file["size"]) == ("copbot-ana.zip", "All that is stored about you", 9)
