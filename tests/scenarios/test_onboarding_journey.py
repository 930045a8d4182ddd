"""A newcomer's first days over real sockets, with the real program: what they see, what stays theirs, and how it ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import PROMPTS, Community, Running

from copbot.workspace.server import Workspace

ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 1s
      welcomes: [members, guests]
      welcome: welcome.j2
      guidelines: guidelines.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
        - {id: role, ask: "What do you do?", type: text, optional: true, share: true}
        - {id: level, ask: "How long have you done this?", type: choice, options: [Months, Years]}
        - {id: topics, ask: "Which topics?", type: choices, options: [Census, Registers], share: true}
        - {id: first, ask: "Is this your first community?", type: yes_no}
        - {id: invited_by, ask: "Who invited you?", type: person, optional: true}
        - {id: since, ask: "Since when are you there?", type: date, optional: true}
      introduction: introduction.j2
"""
SECOND = """
    community: {id: maps, name: Maps, timezone: UTC}
    channels: {discussion: ["#maps"], moderators: "#mods", introductions: "#introductions"}
    roles: {coordinators: [jess@example.org]}
    onboarding:
      starts: joins channel "#maps"
      delay: 0s
      welcome: welcome.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
        - {id: scale, ask: "Which scale?", type: text, share: true}
      introduction: introduction.j2
"""
EVIL = "<!channel> <@U0> @here https://evil.example/ ```code``` \u202e\u05e9\u05dc\u05d5\u05dd :tada: " + "long " * 560

CONTROLS = ["Why this?", "Less", "Off"]
"""Below everything that the bot starts by itself."""


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/onboarding.yaml", ONBOARDING)
        yield community


def welcomed(community: Community, name: str = "amara", **described: Any) -> tuple[str, str]:
    """Somebody joins and is welcomed: their ID, and that of their direct messages."""
    workspace = community.workspace
    user = workspace.join_workspace(name, real_name=name.title(), **described)
    dm = workspace.wait_for(lambda: workspace.dm(user) if community.said(workspace.dm(user)) else None)
    return user, str(dm)


def opened(workspace: Workspace, user: str, dm: str, ts: str | None = None) -> dict[str, Any]:
    """The form, after a press on the welcome's button."""
    workspace.press(user, dm, ts or workspace.messages(dm)[0]["ts"], "onboarding:open")
    return workspace.wait_for(lambda: workspace.view_of(user) or {})


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    return next(each for each in view["blocks"] if each.get("block_id") == block_id)


def answers(view: dict[str, Any], goal: str = "To link censuses") -> dict[str, Any]:
    values = {
        "question:goal": goal,
        "question:level": "Years",
        "question:topics": ["Census"],
        "question:first": "Yes",
    }
    accept = [each["element"]["options"][0]["value"] for each in view["blocks"] if each.get("block_id") == "guidelines"]
    return values | ({"guidelines": accept} if accept else {})


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    return [e["text"]["text"] for each in blocks if each["type"] == "actions" for e in each["elements"]]


def test_a_form_half_filled_on_the_way_is_there_again_after_a_crash_and_becomes_an_introduction(
    community: Community,
) -> None:
    workspace = community.workspace
    with Running(community) as running:
        amara, dm = welcomed(community)
        view = opened(workspace, amara, dm)
        kinds = [each["element"]["type"] for each in view["blocks"] if each["type"] == "input"]
        assert kinds[:7] == [
            "plain_text_input",
            "plain_text_input",
            "radio_buttons",
            "checkboxes",
            "radio_buttons",
            "users_select",
            "datepicker",
        ]
        assert "untick it below" in block(view, "question:goal")["hint"]["text"]
        # When she types, ticks, and the phone rings
        for text in ("To", "To link", "To link births"):
            workspace.press_in_view(amara, "onboarding-draft:goal", text)
        workspace.press_in_view(amara, "onboarding-draft:topics", ["Registers"])
        workspace.press_in_view(amara, "onboarding-draft:since", "2020-02-29")
        workspace.wait_for(lambda: not workspace.unacknowledged)
        workspace.close_view(amara)
        workspace.wait_for(lambda: not workspace.unacknowledged)
        running.kill()
    with Running(community):
        # Then all of it is there again
        view = opened(workspace, amara, dm)
        assert block(view, "question:goal")["element"]["initial_value"] == "To link births"
        assert block(view, "question:since")["element"]["initial_date"] == "2020-02-29"
        (ticked,) = block(view, "question:topics")["element"]["initial_options"]
        assert ticked["value"] == "Registers"
        assert community.said(community.introductions) == []
        # And sent in, it becomes an introduction: once, also when it is sent from a second device
        assert workspace.submit(amara, answers(view, "To link births")) == {}
        workspace.wait_for(lambda: community.said(community.introductions))
        workspace.wait_for(lambda: len(community.said(dm)) == 2)
        thanks = workspace.messages(dm)[-1]
        view = opened(workspace, amara, dm, thanks["ts"])
        assert workspace.submit(amara, {"question:goal": "To link deaths"}) == {}
        workspace.wait_for(lambda: "To link deaths" in community.said(community.introductions)[0])
    assert len(community.said(community.introductions)) == 1


def test_what_is_written_to_harm_is_shown_as_written_and_notifies_nobody(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        amara, dm = welcomed(community)
        view = opened(workspace, amara, dm)
        assert workspace.submit(amara, answers(view, EVIL[:3000])) == {}
        workspace.wait_for(lambda: community.said(community.introductions))
        (introduction,) = [m for m in workspace.messages(community.introductions) if m["user"] == workspace.bot_user]
        shown = "".join(each["text"]["text"] for each in introduction["blocks"])
        assert (
            "&lt;!channel&gt; &lt;@U0&gt; @\u2060here https://evil.example/ ```code``` \u05e9\u05dc\u05d5\u05dd"
            in shown
        )
        assert all(each["text"]["verbatim"] for each in introduction["blocks"])
        assert shown.count("long") == EVIL[:3000].count("long"), "all of it"
        # And the person sees on their own page what stands where
        workspace.command(amara, community.data, "/cop", "me")
        me = workspace.wait_for(lambda: workspace.ephemerals(amara))[-1]
        assert "&lt;!channel&gt;" in str(me["blocks"])
        assert "<!channel>" not in str(me)


def test_the_home_tab_shows_ones_own_and_what_can_be_done_about_it(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        amara, _ = welcomed(community)

        def home() -> dict[str, Any]:
            return workspace.home_of(amara) or {}

        workspace.open_home(amara)
        workspace.wait_for(home)
        assert buttons(home()["blocks"]) == ["Answer 7 questions", "No, thanks"]
        # When she answers from there, then the page changes before her eyes
        workspace.press_in_home(amara, "onboarding:open")
        view = workspace.wait_for(lambda: workspace.view_of(amara) or {})
        assert workspace.submit(amara, answers(view)) == {}
        workspace.wait_for(lambda: "Withdraw my introduction" in buttons(home()["blocks"]))
        assert "*Your answers*" in str(home())
        # And the introduction is withdrawn in its place
        workspace.wait_for(lambda: community.said(community.introductions))
        workspace.press_in_home(amara, "onboarding:withdraw")
        workspace.wait_for(lambda: community.said(community.introductions) == ["This introduction was withdrawn."])
        said = workspace.wait_for(lambda: workspace.view_of(amara) or {})
        assert "Your answers are kept" in str(said["blocks"])
        workspace.wait_for(lambda: buttons(home()["blocks"]) == ["Change my answers"])


def test_no_thanks_is_said_once_and_the_questions_stay_within_reach(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        amara, dm = welcomed(community)
        workspace.command(amara, community.data, "/cop", "me")
        workspace.wait_for(lambda: workspace.ephemerals(amara))
        workspace.press_ephemeral(amara, "last", "onboarding:decline")
        workspace.wait_for(lambda: len(community.said(dm)) == 2)
        assert "I will not write to you about this again" in community.said(dm)[-1]
        workspace.press_ephemeral(amara, "last", "onboarding:decline")
        workspace.wait_for(lambda: "I keep to it" in str(workspace.ephemerals(amara)[-1]))
        view = opened(workspace, amara, dm)
        assert workspace.submit(amara, answers(view)) == {}
        workspace.wait_for(lambda: community.said(community.introductions))
        workspace.wait_for(lambda: len(community.said(dm)) == 3)
    assert "Thank you!" in community.said(dm)[-1], "the answer to what they did, and nothing else"


def test_who_leaves_before_the_welcome_is_not_written_to_nor_are_bots_and_strangers(community: Community) -> None:
    community.write("schedules/onboarding.yaml", ONBOARDING.replace("delay: 1s", "delay: 3s"))
    workspace = community.workspace
    with Running(community):
        gone = workspace.join_workspace("gone", real_name="Gone")
        guest = workspace.join_workspace("guest", real_name="Guest", is_restricted=True)
        robot = workspace.join_workspace("robot", real_name="Robot", is_bot=True)
        workspace.change_user(gone, deleted=True)
        workspace.wait_for(lambda: community.said(workspace.dm(guest)))
        workspace.change_user(gone, deleted=False)
        welcomed(community)
        assert community.said(workspace.dm(gone)) == community.said(workspace.dm(robot)) == []


def test_a_second_community_asks_only_what_is_new_and_shares_nothing_by_itself(community: Community) -> None:
    workspace = community.workspace
    maps = workspace.add_channel("maps", members=[community.jess])
    for name in ("community", "onboarding"):
        text = (community.folder / f"schedules/{name}.yaml").read_text(encoding="utf-8")
        community.write(f"schedules/links/{name}.yaml", text)
        (community.folder / f"schedules/{name}.yaml").unlink()
    community.write("schedules/maps/community.yaml", SECOND)
    with Running(community):
        amara, dm = welcomed(community)
        assert workspace.submit(amara, answers(opened(workspace, amara, dm))) == {}
        workspace.wait_for(lambda: len(community.said(dm)) == 2)
        workspace.join_channel(maps, amara)
        workspace.wait_for(lambda: len(community.said(dm)) == 3)
        second = workspace.messages(dm)[-1]
        assert buttons(second["blocks"]) == ["Answer 1 question", *CONTROLS]
        view = opened(workspace, amara, dm, second["ts"])
        assert [each["block_id"] for each in view["blocks"] if each["type"] == "input"] == ["question:scale", "share"]
        assert "To link censuses" in str(view["blocks"])
        assert workspace.submit(amara, {"question:scale": "1:50,000"}) == {}
        workspace.wait_for(lambda: len(community.said(community.introductions)) == 2)
    first, of_maps = community.said(community.introductions)
    assert "To link censuses" in first
    assert "1:50,000" in of_maps
    assert "To link censuses" not in of_maps


def test_questions_that_changed_while_the_form_was_open_cost_nothing(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        amara, dm = welcomed(community)
        view = opened(workspace, amara, dm)
        changed = ONBOARDING.replace('{id: role, ask: "What do you do?"', '{id: job, ask: "What is your work?"')
        community.write("schedules/onboarding.yaml", changed)
        community.write("prompts/welcome.j2", PROMPTS["welcome.j2"] + " Hi!")
        workspace.wait_for(lambda: "Hi!" in welcomed_text(community))
        assert workspace.submit(amara, answers(view) | {"question:role": "Statistician"}) == {}
        workspace.wait_for(lambda: len(community.said(dm)) == 2)
        assert "The questions changed while you were writing" in community.said(dm)[-1]
        workspace.command(amara, community.data, "/cop", "me")
        me = workspace.wait_for(lambda: workspace.ephemerals(amara))[-1]
        assert "Statistician" in str(me)


def welcomed_text(community: Community) -> str:
    """What the next newcomer is told: how a test sees that the files were taken up."""
    number = len(community.workspace.users())
    _, dm = welcomed(community, f"next{number}")
    return community.said(dm)[0]
