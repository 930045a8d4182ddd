"""The coordinators' files change while the bot runs: live within seconds, or told once with the line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import Community, Running

TOLD_S = 15


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as started:
        started.write("schedules/questions/ours.txt", "Which register did you link?\n")
        started.write("schedules/posts.yaml", posts("2020-01-01 10:00"))
        yield started


def posts(when: str) -> str:
    return f"""
        posts:
          - id: ask
            channel: "#data"
            when: {{date: "{when}"}}
            prompt: question.j2
            questions: questions/ours.txt
    """


def test_questions_are_live_within_seconds_and_a_broken_file_is_told_once(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # When a coordinator saves a question twice, then they are told which line it is
        community.write("schedules/questions/ours.txt", "Which census?\n\n- Which census?\n")
        workspace.wait_for(lambda: community.said(workspace.dm(community.jess)), timeout=TOLD_S)
        (told,) = community.said(workspace.dm(community.jess))
        assert "schedules/questions/ours.txt:3:3" in told

        # And when it is mended, and the post given a new date, then the new question is asked
        soon = datetime.now(UTC) + timedelta(seconds=4)
        community.write("schedules/questions/ours.txt", "Which census?\n")
        community.write("schedules/posts.yaml", posts(f"{soon:%Y-%m-%d %H:%M:%S}"))
        workspace.wait_for(lambda: "Which census?" in community.said(community.data), timeout=TOLD_S)
        assert len(community.said(workspace.dm(community.jess))) == 1
