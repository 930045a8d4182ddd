"""What moderators and coordinators do to the rhythm while the bot runs, over real sockets: at once, and kept across restarts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import Community, Running
from slack_sdk import WebClient


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        community.workspace.limits = False  # the test itself asks again and again what is pinned
        yield community


def answered(community: Community, count: int) -> str:
    """What the moderator was shown last, once there are so many answers."""
    workspace = community.workspace
    workspace.wait_for(lambda: len(workspace.ephemerals(community.mod)) >= count)
    last = workspace.ephemerals(community.mod)[-1]
    return f"{last['text']}\n{last.get('blocks', '')}"


def pinned(community: Community) -> list[str]:
    """What the pinned messages of the discussion channel say."""
    workspace = community.workspace
    listed = WebClient(workspace.bot_token, base_url=workspace.api_url).pins_list(channel=community.data)
    return [str(item["message"]["text"]) for item in listed["items"]]


def test_a_moderator_pauses_resumes_and_posts_and_a_restart_keeps_it(community: Community) -> None:
    workspace = community.workspace
    soon = (datetime.now(UTC) + timedelta(seconds=8)).replace(microsecond=0)
    community.write(
        "schedules/posts.yaml",
        f"""
        posts:
          - {{id: call, channel: "#data", when: {{date: "{soon:%Y-%m-%d %H:%M:%S}"}}, text: The webinar starts}}
          - id: weekly-question
            channel: "#data"
            when: {{cron: "0 4 1 * *"}}
            pin: true
            questions: [What did you link last?, What do you still do by hand?]
        """,
    )
    with Running(community):
        # When a moderator pauses one post and posts another, pressing twice, then it goes out once and stays at hand
        workspace.command(community.mod, community.data, "/cop", "pause call")
        assert "*call* is paused" in answered(community, 1)
        workspace.command(community.mod, community.data, "/cop", "post weekly-question")
        workspace.command(community.mod, community.data, "/cop", "post weekly-question")
        assert "did not post it twice" in answered(community, 3) + str(workspace.ephemerals(community.mod))
        workspace.wait_for(lambda: pinned(community) == ["What did you link last?"])
        assert community.said(community.data) == ["What did you link last?"]

        # And a member cannot
        workspace.command(community.ana, community.data, "/cop", "post weekly-question")
        workspace.wait_for(lambda: workspace.ephemerals(community.ana))
        assert "Moderators can do this." in workspace.ephemerals(community.ana)[-1]["text"]

    # Then a restart keeps the pause, also when the paused post's time has come
    with Running(community):
        workspace.wait_for(lambda: datetime.now(UTC) > soon + timedelta(seconds=1))
        workspace.command(community.mod, community.data, "/cop", "schedule")
        shown = answered(community, 4)
        assert "weekly-question: posted by" in shown
        assert community.said(community.data) == ["What did you link last?"]

        # And the buttons in the schedule do what the commands do
        workspace.press_ephemeral(community.mod, "last", "rhythm:pause")
        workspace.wait_for(lambda: "paused by" in str(workspace.ephemerals(community.mod)[-1]))
        workspace.press_ephemeral(community.mod, "last", "rhythm:resume")
        workspace.wait_for(lambda: "goes on" in str(workspace.ephemerals(community.mod)[-1]))


def test_a_milestone_is_a_pinned_line_that_follows_the_file(community: Community) -> None:
    workspace = community.workspace
    now = datetime.now(UTC)
    day = (now + timedelta(days=9)).date()
    written = "milestones: [{id: guide, name: Linking guide, date: DAY, who: [jess@example.org], at: 'HOUR'EXTRA}]\n"
    written = written.replace("DAY", f"{day}").replace("HOUR", f"{now:%H:%M}")
    community.write("schedules/milestones.yaml", written.replace("EXTRA", ""))
    with Running(community):
        # Given a milestone in the files, then it stands in the channel, pinned
        workspace.wait_for(lambda: pinned(community))
        (line,) = pinned(community)
        assert ":dart: *Linking guide*" in line
        assert "in 9 days" in line
        assert f"<@{community.jess}>" in line

        # When it is done, then the line says so in its place, and everybody hears of it once
        community.write("schedules/milestones.yaml", written.replace("EXTRA", ", done: true"))
        workspace.wait_for(lambda: ":white_check_mark:" in str(pinned(community)))
        workspace.wait_for(lambda: any("is done" in text for text in community.said(community.data)))
        assert len(community.said(community.data)) == 2

        # When it is taken out, then the pin goes, and nothing is said
        community.write("schedules/milestones.yaml", "milestones: []\n")
        workspace.wait_for(lambda: pinned(community) == [])
        assert len(community.said(community.data)) == 2
