"""A question that waits, in the moderators' hands, with the whole bot as a process: somebody is asked, says yes, answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import COMMUNITY, Community, Running


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/community.yaml", COMMUNITY + "    attention: {quiet: off}\n")
        yield community


def value_of(message: dict[str, Any], what: str) -> str:
    """Of the choice of that name in the message's first menu."""
    menus = [one for block in message["blocks"] for one in block.get("elements", ()) if one["type"] == "overflow"]
    return next(str(one["value"]) for one in menus[0]["options"] if one["value"].startswith(what))


def test_somebody_is_asked_says_yes_and_answers_and_another_question_rests_and_is_thanked_for(
    community: Community,
) -> None:
    workspace = community.workspace

    def cards() -> list[dict[str, Any]]:
        return [one for one in workspace.messages(community.mods) if one.get("user") == workspace.bot_user]

    def listed() -> str:
        return str(workspace.ephemerals(community.mod)[-1])

    with Running(community):
        # Given somebody who has answered here before, and a question that waits
        known = workspace.post(community.data, community.ana, "Which key links registers by postcode?")
        workspace.post(community.data, community.ben, "The national number", thread_ts=known)
        asked = workspace.post(community.data, community.ana, "How do I link registers by postcode?")
        workspace.wait_for(cards)
        card = cards()[0]
        assert f"Might know: <@{community.ben}> (answered one like this lately)" in str(card["blocks"])

        # When a moderator asks them, then they get one message, and the card says so
        workspace.press(community.mod, community.mods, card["ts"], "threads:ask")
        workspace.wait_for(lambda: workspace.view_of(community.mod))
        assert list(workspace.submit(community.mod, {"anyone": community.ana})) == ["anyone"]  # who wrote it
        assert workspace.submit(community.mod, {"anyone": None}) == {}
        workspace.wait_for(lambda: community.said(workspace.dm(community.ben)))
        workspace.wait_for(lambda: f"Asked: <@{community.ben}> (no reply yet)" in str(cards()[0]["blocks"]))

        # When they say that they will, then it is theirs, and their answer closes it
        direct = workspace.dm(community.ben)
        assert direct is not None
        workspace.press(community.ben, direct, workspace.messages(direct)[-1]["ts"], "threads:will_answer")
        workspace.wait_for(lambda: f"<@{community.ben}> will answer." in str(cards()[0]["blocks"]))
        workspace.wait_for(lambda: "The thread is waiting for you" in str(workspace.messages(direct)[-1]["blocks"]))
        workspace.post(community.data, community.ben, "By the national number", thread_ts=asked)
        workspace.wait_for(lambda: f"Answered by <@{community.ben}>" in cards()[0]["text"])

        # And another question rests from within the list, is woken on its card, and was answered elsewhere
        workspace.post(community.data, community.jess, "How do I read the census codes?")
        workspace.wait_for(lambda: len(cards()) == 2)
        workspace.command(community.mod, community.data, "/cop", "unanswered #data")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))
        choice = value_of(workspace.ephemerals(community.mod)[-1], "tomorrow")
        workspace.press_ephemeral(community.mod, "last", "threads:more", choice)
        workspace.wait_for(lambda: "It rests until" in listed())
        workspace.wait_for(lambda: "Rests until" in str(cards()[1]["blocks"]))
        workspace.press(community.mod, community.mods, cards()[1]["ts"], "threads:more", value_of(cards()[1], "wake"))
        workspace.wait_for(lambda: "Rests until" not in str(cards()[1]["blocks"]))
        workspace.press(community.mod, community.mods, cards()[1]["ts"], "threads:answered")
        workspace.wait_for(lambda: workspace.view_of(community.mod))
        assert workspace.submit(community.mod, {"who": community.ana}) == {}
        workspace.wait_for(lambda: f"Thank you, <@{community.ana}>!" in str(cards()[1]["blocks"]))
        workspace.wait_for(lambda: "has its answer because of you" in str(community.said(workspace.dm(community.ana))))
        assert len(community.said(direct)) == 1
