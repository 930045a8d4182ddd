"""A member's question on its way into the rotation, with the whole bot as a process."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from running import Community, Running, knows

POSTS = """
    posts:
      - id: corner
        channel: "#data"
        when: {{date: "{at:%Y-%m-%d %H:%M:%S}"}}
        prompt: question.j2
        questions: [What did you link last?]
"""


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


def asking(community: Community, seconds: float) -> None:
    """The community's question comes in so many seconds."""
    at = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
    community.write("schedules/posts.yaml", POSTS.format(at=at))


def card(community: Community) -> dict[str, Any]:
    workspace = community.workspace
    message: dict[str, Any] = workspace.wait_for(
        lambda: next((m for m in workspace.messages(community.mods) if m.get("user") == workspace.bot_user), None)
    )
    return message


def test_a_question_is_suggested_approved_thanked_for_and_asked_with_credit(community: Community) -> None:
    workspace = community.workspace
    asking(community, 3600)
    with Running(community):
        workspace.wait_for(lambda: knows(community, community.ben))
        # When a member suggests a question, then she is thanked and the moderators get a card
        workspace.command(community.ana, community.data, "/cop", f"suggest Which key <@{community.ben}> & I <!here>?")
        workspace.wait_for(lambda: workspace.ephemerals(community.ana))
        assert workspace.ephemerals(community.ana)[-1]["text"].startswith("Thank you!")
        shown = card(community)
        assert "Which key @Ben & I @here?" in str(shown["blocks"])

        # When a member presses its button nothing happens; when a moderator does, the card changes and she is told once
        workspace.press(community.ana, community.mods, shown["ts"], "suggestion:approve")
        workspace.wait_for(lambda: "Moderators can do this" in workspace.ephemerals(community.ana)[-1]["text"])
        workspace.press(community.mod, community.mods, shown["ts"], "suggestion:approve")
        workspace.wait_for(lambda: community.said(workspace.dm(community.ana)))
        assert "it will be asked in <#" in community.said(workspace.dm(community.ana))[0]
        workspace.wait_for(lambda: "approved" in str(card(community)["text"]))

        # And a moderator sees beforehand what will be asked, and it is asked so, before the file's own, naming her
        workspace.command(community.mod, community.data, "/cop", "preview corner")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))
        preview = workspace.ephemerals(community.mod)[-1]
        asking(community, 2)  # the coordinators move it to now
        workspace.wait_for(lambda: community.said(community.data), timeout=30)
        (asked,) = community.said(community.data)
        assert asked.startswith("Which key @Ben &amp; I @\u2060here?")
        assert "Suggested by Ana" in asked
        assert asked in preview["text"]
        assert len(community.said(workspace.dm(community.ana))) == 1


def test_a_form_is_edited_by_one_moderator_and_another_is_declined_with_a_reason(community: Community) -> None:
    workspace = community.workspace
    asking(community, 3600)
    with Running(community):
        workspace.command(community.ben, community.data, "/cop", "suggest")
        workspace.wait_for(lambda: workspace.view_of(community.ben))
        assert list(workspace.submit(community.ben, {"question": "?!"})) == ["question"]
        assert workspace.submit(community.ben, {"question": "Wich key?", "credit": []}) == {}
        shown = card(community)
        workspace.press(community.jess, community.mods, shown["ts"], "suggestion:edit")
        workspace.wait_for(lambda: workspace.view_of(community.jess))
        assert workspace.submit(community.jess, {"question": "Which key?"}) == {}
        workspace.wait_for(lambda: community.said(workspace.dm(community.ben)))
        assert "a little reworded" in community.said(workspace.dm(community.ben))[0]

        workspace.command(community.ana, community.data, "/cop", "suggest Is it on?")
        workspace.wait_for(lambda: len(community.said(community.mods)) == 2)
        workspace.command(community.mod, community.data, "/cop", "suggestions")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))
        assert "Is it on?" in str(workspace.ephemerals(community.mod)[-1]["blocks"])
        workspace.press_ephemeral(community.mod, "last", "suggestion:decline")
        workspace.wait_for(lambda: workspace.view_of(community.mod))
        assert workspace.submit(community.mod, {"reason": "Too <!channel> short"}) == {}
        workspace.wait_for(lambda: community.said(workspace.dm(community.ana)))
        assert "They say: Too &lt;!channel&gt; short" in community.said(workspace.dm(community.ana))[0]
        workspace.wait_for(lambda: "declined" in workspace.messages(community.mods)[-1]["text"])
