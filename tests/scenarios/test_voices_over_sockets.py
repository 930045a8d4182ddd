"""What members say when they are asked: a survey that nobody can be made out in, and a story that is shared with consent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import COMMUNITY, Community, Running


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        opened = datetime.now(UTC) - timedelta(hours=1)
        community.write(
            "schedules/community.yaml",
            f"""{COMMUNITY}
    attention: {{member: {{day: 5, week: 5}}, quiet: off}}
    stories: on
    pulse: {{every: year, first: {opened:%Y-%m-%d}, at: "{opened:%H:%M}"}}
            """,
        )
        yield community


def test_a_survey_is_answered_and_a_story_told_as_its_teller_wants_it_seen(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # When the survey opens, then Ana is asked, answers, and there is nothing left to press
        dm = workspace.wait_for(lambda: workspace.dm(community.ana))
        asked = workspace.wait_for(lambda: [m for m in workspace.messages(dm) if "How is *Data Links*" in m["text"]])
        workspace.press(community.ana, dm, asked[0]["ts"], "voices:pulse_answer")
        workspace.wait_for(lambda: workspace.view_of(community.ana))
        assert workspace.submit(community.ana, {"useful": "4"}) == {}
        workspace.wait_for(lambda: "Thank you, that helps" in community.said(dm)[0])
        assert "actions" not in str(workspace.messages(dm)[0]["blocks"])

        # When Ana writes that something helped, then she is asked in private, and tells it without her name
        workspace.post(community.data, community.ana, "That script saved us two days, thank you!")
        question = workspace.wait_for(lambda: [m for m in workspace.messages(dm) if "something helped" in m["text"]])
        workspace.press(community.ana, dm, question[0]["ts"], "voices:story_tell")
        workspace.wait_for(lambda: workspace.view_of(community.ana))
        told = {"text": "We publish a week earlier.", "saved": "a week a month", "consent": "unnamed"}
        assert workspace.submit(community.ana, told) == {}

        # Then the coordinator reads it so
        jess = workspace.wait_for(lambda: workspace.dm(community.jess))
        shown = workspace.wait_for(lambda: [text for text in community.said(jess) if "We publish" in text])
        assert "A member, who is not to be named" in shown[0]
        assert community.ana not in shown[0]

        # And it is on Ana's own page, to be deleted
        workspace.open_home(community.ana)
        workspace.wait_for(lambda: "We publish a week earlier." in str(workspace.home_of(community.ana)))
