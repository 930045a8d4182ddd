"""What follows a welcome, over real sockets: the question after a month, and thanks to those who brought others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Community, Running

COMMUNITY = """
    community: {id: links, name: Data Links, timezone: UTC}
    channels: {discussion: ["#data"], moderators: "#mods", introductions: "#introductions"}
    roles: {coordinators: [jess@example.org], moderators: [mod@example.org]}
    attention: {member: {day: 20, week: 20}, quiet: off}
"""
ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text}
        - {id: invited_by, ask: "Who invited you?", type: person, optional: true}
      follow_ups:
        - {after: 5s, if: silent, prompt: door.j2}
        - {after: 5s, if: answered, prompt: step.j2}
        - {after: 8s, if: silent, tell: moderators}
        - {after: 8s, prompt: month.j2, ask: outcome}
"""
PROMPTS = {
    "door.j2": "There are more ways in than one.",
    "step.j2": "A small step: {{ channel }}",
    "month.j2": "Did you get what you came for?",
}
WAIT_S = 25.0


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/community.yaml", COMMUNITY)
        community.write("schedules/onboarding.yaml", ONBOARDING)
        for name, text in PROMPTS.items():
            community.write(f"prompts/{name}", text)
        yield community


def dm_of(community: Community, user: str) -> str:
    workspace = community.workspace
    return str(workspace.wait_for(lambda: workspace.dm(user) if community.said(workspace.dm(user)) else None))


def answer(community: Community, user: str, **answers: Any) -> None:
    workspace, dm = community.workspace, dm_of(community, user)
    workspace.press(user, dm, workspace.messages(dm)[0]["ts"], "onboarding:open")
    workspace.wait_for(lambda: workspace.view_of(user))
    assert workspace.submit(user, {f"question:{name}": value for name, value in answers.items()}) == {}


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """Label -> action of a message's buttons."""
    rows = [block for block in message.get("blocks", []) if block["type"] == "actions"]
    return {one["text"]["text"]: one["action_id"] for row in rows for one in row["elements"]}


def test_each_hears_what_fits_and_the_month_question_reaches_the_moderators(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # Given three newcomers: one answers, one writes, one does nothing
        amara, binta, chike = (
            workspace.join_workspace(name, real_name=name.title()) for name in ("amara", "binta", "chike")
        )
        answer(community, amara, goal="To link <!channel> censuses")
        workspace.join_channel(community.data, binta)
        workspace.post(community.data, binta, "Hello all")

        # Then each hears what fits what they did, and the moderators the name of the silent one
        workspace.wait_for(
            lambda: any("more ways in" in text for text in community.said(dm_of(community, chike))), WAIT_S
        )
        workspace.wait_for(
            lambda: any("A small step" in text for text in community.said(dm_of(community, amara))), WAIT_S
        )
        workspace.wait_for(lambda: any(chike in text for text in community.said(community.mods)), WAIT_S)

        # When the month's question comes and Amara says "Partly", then it counts at once and a line is asked for
        def asked() -> dict[str, Any] | None:
            return next((m for m in workspace.messages(dm_of(community, amara)) if "Partly" in buttons(m)), None)

        question = workspace.wait_for(asked, WAIT_S)
        workspace.press(amara, dm_of(community, amara), question["ts"], buttons(question)["Partly"])
        workspace.wait_for(lambda: workspace.view_of(amara))
        assert workspace.submit(amara, {"line": "Nobody had done it <before>"}) == {}

        # Then the moderators have it, with her line and with what she wanted, and nobody is notified by it
        def told() -> list[str]:
            return [text for text in community.said(community.mods) if amara in text]

        workspace.wait_for(lambda: told() and "before" in told()[0], WAIT_S)
        (notice,) = told()
        assert "*in part*" in notice
        assert "> Nobody had done it &lt;before&gt;" in notice
        assert "> To link &lt;!channel&gt; censuses" in notice
        workspace.wait_for(lambda: "You said *Partly*" in str(asked()), WAIT_S)

        # And when she changes her mind, that same message changes
        workspace.press(amara, dm_of(community, amara), question["ts"], buttons(question)["Yes"])
        workspace.wait_for(lambda: told() and "in part" not in told()[0], WAIT_S)
        assert len(told()) == 1
        for newcomer, said in (
            (binta, "more ways in"),
            (binta, "A small step"),
            (chike, "A small step"),
        ):
            assert not any(said in text for text in community.said(dm_of(community, newcomer)))
        texts = community.said(dm_of(community, binta))
        assert len(texts) == len(set(texts))


def test_who_brought_two_is_thanked_once_and_in_private(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        for name in ("amara", "binta"):
            newcomer = workspace.join_workspace(name, real_name=name.title())
            answer(community, newcomer, goal="Learn", invited_by=community.ana)
            workspace.join_channel(community.data, newcomer)
            workspace.post(community.data, newcomer, "Hello all")
        workspace.wait_for(lambda: community.said(workspace.dm(community.ana)), WAIT_S)
        workspace.post(community.data, community.ana, "Welcome both!")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        workspace.command(community.ana, community.data, "/cop", "me")
        workspace.wait_for(lambda: workspace.ephemerals(community.ana))
        assert "That is *Bronze*. 8 more to Silver." in workspace.ephemerals(community.ana)[-1]["text"]
    (thanks,) = community.said(workspace.dm(community.ana))
    assert "2 people whom you invited" in thanks
    assert not any(
        "Bronze" in text for text in (*community.said(community.data), *community.said(community.introductions))
    )
