"""The life of a card in the whole bot: closed by a reaction, back again, answered while the bot was away, deleted by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from running import COMMUNITY, Community, Running

RULES = COMMUNITY.replace(
    "unanswered: {after: 3s, again: 1h, escalate: 2h}",
    "unanswered: {after: 3s, again: 1h, escalate: 2h, counts_as_answer: [reply, reaction, next_message]}\n"
    "    duty: {people: [mod@example.org]}",
)


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.write("schedules/community.yaml", RULES)
        yield community


def test_a_card_lives_through_reactions_deletions_and_an_outage(community: Community) -> None:
    workspace, data, mods = community.workspace, community.data, community.mods

    def cards() -> list[dict]:
        """The bot's messages for the moderators, threads left out."""
        bot = workspace.bot_user
        return [m for m in workspace.messages(mods) if m.get("user") == bot and m.get("thread_ts") in (None, m["ts"])]

    def card(number: int = 0) -> str:
        """A card as it reads."""
        return f"{cards()[number]['text']} {cards()[number]['blocks']}"

    with Running(community):
        # Given a question that nobody answers, when it is due, then its card names whoever is on duty
        asked = workspace.post(data, community.ana, "Which key do you link on?")
        workspace.wait_for(cards)
        assert f"On duty: <@{community.mod}>" in card()

        # When a moderator's reaction says that it is answered the card is closed, and taken off again it is back, with a line below
        workspace.react(data, asked, community.mod, "white_check_mark")
        workspace.wait_for(lambda: ":white_check_mark: Answered" in card())
        workspace.unreact(data, asked, community.mod, "white_check_mark")
        workspace.wait_for(lambda: "It is back" in card())
        workspace.wait_for(lambda: len(workspace.thread(mods, cards()[0]["ts"])) == 2)

        # When an answer comes it is closed, and when that is deleted it is back once more
        answer = workspace.post(data, community.ben, "The national number", thread_ts=asked)
        workspace.wait_for(lambda: f"Answered by <@{community.ben}>" in card())
        workspace.delete(data, answer)
        workspace.wait_for(lambda: "It is back" in card())

    # Given an outage in which that question is marked as answered, and another one is asked and answered in the channel
    workspace.react(data, asked, community.ana, "white_check_mark")
    workspace.post(data, community.ben, "Does anybody have a template for agreements?")
    workspace.post(data, community.jess, "Ours is on the shared drive")

    with Running(community):
        # Then the first card is closed by what the history tells, and the second question never becomes one
        workspace.wait_for(lambda: ":white_check_mark: Answered" in card())
        workspace.post(data, community.jess, "What a week.")
        late = workspace.post(data, community.jess, "How do I find the codes of the census of 2010?")
        workspace.wait_for(lambda: len(cards()) == 2)
        assert "census of 2010" in card(1)

        # When that card is deleted by hand and the question answered, nobody is told of a trouble
        workspace.delete(mods, cards()[1]["ts"])
        workspace.post(data, community.ben, "I do", thread_ts=late)
        workspace.post(data, community.ana, "And how do you keep the keys?")
        workspace.wait_for(lambda: "keep the keys" in card(-1))
        assert not any("could not" in text for text in community.said(mods))
