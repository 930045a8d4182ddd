"""What a member turns down, from the first message on: the row under it, the form in two windows, the Home tab."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Community, Running


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


def words_of(view: Any) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


def test_a_member_turns_down_what_the_bot_sends_and_sees_it_on_their_home_tab(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # When Nia joins, then her welcome carries the row
        nia = workspace.join_workspace("nia", real_name="Nia", tz="Africa/Nairobi")
        dm = workspace.wait_for(lambda: workspace.dm(nia))
        welcome = workspace.wait_for(lambda: workspace.messages(dm))[0]
        row = welcome["blocks"][-1]
        assert [element["text"]["text"] for element in row["elements"]] == ["Why this?", "Less", "Off"]

        # When she asks why, then she reads it, alone
        workspace.press(nia, dm, welcome["ts"], "attention:why")
        said = workspace.wait_for(lambda: workspace.ephemerals(nia))[-1]["text"]
        assert "You joined *Data Links*" in said
        assert "Africa/Nairobi" in said

        # When she opens her Home and wants less, then the Home says so by itself; and undone it is as it was
        workspace.open_home(nia)
        workspace.wait_for(lambda: "*Standard*" in str(workspace.home_of(nia)))
        workspace.press(nia, dm, welcome["ts"], "attention:less")
        workspace.wait_for(lambda: "*Light*" in str(workspace.home_of(nia)))
        workspace.wait_for(lambda: "*Light*" in workspace.ephemerals(nia)[-1]["text"])
        workspace.press_ephemeral(nia, "last", "attention:undo")
        workspace.wait_for(lambda: "*Standard*" in str(workspace.home_of(nia)))

        # When she opens the form on her Home, and types a change elsewhere before she sends it, then she is told and nothing is lost
        workspace.press_in_home(nia, "attention:settings")
        first = workspace.wait_for(lambda: workspace.view_of(nia))
        assert first["title"]["text"] == "What I send you"
        workspace.command(nia, community.data, "/cop", "quiet light")
        workspace.wait_for(lambda: "*Light*" in str(workspace.home_of(nia)))
        assert workspace.submit(nia, {"mode:2": "everything"}) == {}
        second = workspace.wait_for(lambda: (view := workspace.view_of(nia)) and view["hash"] != first["hash"] and view)
        assert "in another window" in words_of(second)[0]
        assert "*Light*" in str(workspace.home_of(nia))

        # When she sends it with a day that is over, then the field says so; with her own hours it is saved
        assert "not ahead" in workspace.submit(nia, {"pause:3": "2020-01-01"})["pause:3"]
        saved = {"mode:3": "everything", "quiet:3": "own", "from:3": "21:00", "to:3": "07:00"}
        assert workspace.submit(nia, saved | {"pause:3": None}) == {}
        workspace.wait_for(lambda: "Quiet 21:00-07:00 (Africa/Nairobi)" in str(workspace.home_of(nia)))
