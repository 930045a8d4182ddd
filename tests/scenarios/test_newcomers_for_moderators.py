"""Newcomers as a moderator sees and helps them, and a newcomer who reads French, with the whole bot as a process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Community, Running

ONBOARDING = """
    onboarding:
      starts: joins workspace
      delay: 0s
      welcome: welcome.j2
      guidelines: guidelines.j2
      questions:
        - {id: goal, ask: "What brings you here?", type: long_text, share: true}
        - id: topics
          ask: "Which topics?"
          type: choices
          options:
            - {option: Census, channels: ["#data", "#nowhere"], people: [mod@example.org, jess@example.org]}
            - Registers
          share: true
      introduction: introduction.j2
"""
PEOPLE = 12


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/onboarding.yaml", ONBOARDING)
        community.write("prompts/welcome.fr.j2", "Bonjour {{ member.name }} !")
        community.write("prompts/guidelines.fr.j2", "Soyez aimables.")
        yield community


def asked(community: Community, user: str, text: str, channel: str | None = None) -> dict[str, Any]:
    """What only this person is shown in answer to a command."""
    workspace = community.workspace
    before = len(workspace.ephemerals(user))
    workspace.command(user, channel or community.mods, "/cop", text)
    workspace.wait_for(lambda: len(workspace.ephemerals(user)) > before)
    return workspace.ephemerals(user)[-1]


def people_in(answer: dict[str, Any]) -> list[str]:
    """The newcomers that a page lists, in its order."""
    texts = [block["text"]["text"] for block in answer["blocks"] if block["type"] == "section"]
    return [text.partition(">")[0].removeprefix("<@") for text in texts if " joined " in text]


def test_a_moderator_welcomes_an_old_member_and_leafs_through_the_newcomers(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # Given a member who was here before the bot: nobody welcomed her
        assert workspace.dm(community.ana) is None

        # When a moderator names her without picking her, then they are told how; when picked, she is welcomed, once
        assert "pick the person from the list" in asked(community, community.mod, "welcome ana")["text"]
        named = f"welcome <@{community.ana}|ana>"
        workspace.wait_for(
            lambda: "I am writing to" in asked(community, community.mod, named)["text"]
        )  # once she is read
        workspace.wait_for(lambda: community.said(workspace.dm(community.ana)))
        assert "nobody is asked twice" in asked(community, community.jess, named)["text"]
        assert community.said(workspace.dm(community.ana)) == ["Hello Ana, welcome to Data Links!"]

        # And a bot, somebody who left, or a member who is no moderator, changes nothing
        gone = workspace.add_user("gone", real_name="Gone", deleted=True)
        workspace.change_user(gone, deleted=True)
        assert "nobody is asked" not in asked(community, community.mod, f"welcome <@{workspace.bot_user}>")["text"]
        assert "Moderators can do this." in asked(community, community.ben, named, community.data)["text"]

        # Given a dozen who join, when the moderator asks, then they come in pages that take each other's place
        joined = [workspace.join_workspace(f"n{number}", real_name=f"New {number}") for number in range(PEOPLE)]
        workspace.wait_for(lambda: all(community.said(workspace.dm(user)) for user in joined), timeout=30)
        first = asked(community, community.mod, "newcomers")
        workspace.press_ephemeral(community.mod, "last", "onboarding:newcomers_next")
        shown = len(workspace.ephemerals(community.mod))
        workspace.wait_for(lambda: people_in(workspace.ephemerals(community.mod)[-1]) != people_in(first))
        second = workspace.ephemerals(community.mod)[-1]
        assert len(workspace.ephemerals(community.mod)) == shown
        listed = people_in(first) + people_in(second)
        assert sorted(listed[:-1]) == sorted(joined)
        assert listed[-1] == community.ana, "the latest comes first"


def test_a_newcomer_who_reads_french_is_spoken_to_in_french_and_shown_where_to_go(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # Given a thread that people answered, and somebody who reads French
        question = workspace.post(community.data, community.ana, "Which census key do you trust?")
        workspace.post(community.data, community.ben, "None", thread_ts=question)
        colette = workspace.join_workspace("colette", real_name="Colette Diop", locale="fr-FR")
        dm = workspace.wait_for(lambda: workspace.dm(colette) if community.said(workspace.dm(colette)) else None)
        (welcome,) = workspace.messages(dm)
        assert welcome["text"] == "Bonjour Colette !"
        assert welcome["blocks"][-2]["elements"][0]["text"]["text"] == "Répondre à 2 questions"

        # When she presses, then the form is in French; the community's own questions are as the file asks them
        workspace.press(colette, dm, welcome["ts"], "onboarding:open")
        view = workspace.wait_for(lambda: workspace.view_of(colette))
        assert (view["submit"]["text"], view["close"]["text"]) == ("Envoyer", "Plus tard")
        assert "Soyez aimables." in str(view["blocks"])
        (accept,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "guidelines"]
        sent = {"question:goal": "Apprendre", "question:topics": ["Census"]}
        assert workspace.submit(colette, sent | {"guidelines": [accept["options"][0]["value"]]}) == {}

        # Then she is thanked in French and pointed to a channel, to two people and to that thread
        workspace.wait_for(lambda: len(community.said(dm)) == 2)
        thanks = community.said(dm)[-1]
        assert thanks.startswith(f"Merci ! Votre présentation est dans <#{community.introductions}>.")
        assert f"*Census* : c'est dans <#{community.data}> que cela se passe." in thanks
        assert f"demander à <@{community.mod}> ou <@{community.jess}>" in thanks
        link = thanks.partition("À lire : <")[2].partition("|")[0]
        assert link.endswith(f"/archives/{community.data}/p{question.replace('.', '')}")
        assert "|Which census key do you trust?>" in thanks

        # And the community is told of her in its own language
        workspace.wait_for(lambda: community.said(community.introductions))
        assert community.said(community.introductions)[0].startswith(f"Welcome <@{colette}>!")
        mods = asked(community, community.mod, "newcomers")
        assert "|introduced>" in str(mods["blocks"])


def test_a_moderator_looks_at_the_whole_journey_and_nothing_comes_of_it(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # When a moderator asks for the preview, then each message stands there, made for them
        preview = asked(community, community.mod, "preview onboarding")
        assert ", welcome to Data Links!" in str(preview["blocks"])
        assert "the answer Census leads to #nowhere, which is not there: it is left out" in str(preview["blocks"])

        # When they open the form and send it, then it says that nothing is kept, and nothing is
        workspace.press_ephemeral(community.mod, "last", "preview:form")
        view = workspace.wait_for(lambda: workspace.view_of(community.mod))
        (accept,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "guidelines"]
        sent = {"question:goal": "A try", "guidelines": [accept["options"][0]["value"]], "question:topics": ["Census"]}
        assert workspace.submit(community.mod, sent) == {}
        workspace.post(community.data, community.ana, "Good morning")
        assert workspace.dm(community.mod) is None
        assert community.said(community.introductions) == []
        assert "Nobody new" in str(asked(community, community.mod, "newcomers")["blocks"])
