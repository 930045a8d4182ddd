"""The whole bot as a process, told as conversations: what a member, a moderator and an operator would see."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running import Community, Running


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Community]:
    with Community(tmp_path) as community:
        yield community


def test_a_newcomer_is_welcomed_answers_and_is_introduced(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # Given a newcomer, when she joins the workspace, then she gets one message with one button.
        amara = workspace.join_workspace("amara", real_name="Amara Okafor")
        dm = workspace.wait_for(lambda: workspace.dm(amara) if community.said(workspace.dm(amara)) else None)
        assert community.said(dm) == ["Hello Amara, welcome to Data Links!"]

        # When she presses it, fills the form in and forgets the guidelines, then the form says so and keeps her answers.
        workspace.press(amara, dm, workspace.messages(dm)[0]["ts"], "onboarding:open")
        workspace.wait_for(lambda: workspace.view_of(amara))
        answers = {"question:goal": "To link <!channel> censuses", "question:topics": ["Census"]}
        assert list(workspace.submit(amara, answers)) == ["guidelines"]

        view = workspace.view_of(amara)
        assert view is not None, "the form stays open"
        (accept,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "guidelines"]
        the_version = accept["options"][0]["value"]

        # When she accepts them, then she is introduced as she wrote it, and nobody is notified by it.
        assert workspace.submit(amara, {**answers, "guidelines": [the_version]}) == {}
        workspace.wait_for(lambda: community.said(community.introductions))
        (introduction,) = community.said(community.introductions)
        assert f"<@{amara}>" in introduction
        assert "To link &lt;!channel&gt; censuses" in introduction
        assert workspace.view_of(amara) is None


def test_a_returning_member_is_not_welcomed_again(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.post(community.data, community.ana, "Good morning all")
        workspace.join_channel(community.introductions, community.ana)
        newcomer = workspace.join_workspace("new", real_name="New")
        workspace.wait_for(lambda: workspace.dm(newcomer))
        assert workspace.dm(community.ana) is None


def test_a_question_goes_out_at_its_time_once(community: Community) -> None:
    at = (datetime.now(UTC) + timedelta(seconds=6)).replace(microsecond=0)
    community.write(
        "schedules/posts.yaml",
        f"""
        posts:
          - id: call
            channel: "#data"
            when: {{date: "{at:%Y-%m-%d %H:%M:%S}"}}
            prompt: question.j2
            questions: [What did you link last?]
        """,
    )
    workspace = community.workspace
    with Running(community):
        workspace.wait_for(lambda: community.said(community.data))
        (post,) = [m for m in workspace.messages(community.data) if m.get("user") == workspace.bot_user]
        assert post["text"] == "What did you link last?"
        assert float(post["ts"]) >= at.timestamp()  # how soon after is measured by the benchmark of posts due at once

    # And a restart does not say it again.
    with Running(community):
        workspace.post(community.data, community.ana, "Hello")
    assert len(community.said(community.data)) == 1


def test_a_question_that_nobody_answered_becomes_a_card_and_an_answer_closes_it(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        # Given a question that somebody answers, and one that nobody does
        answered = workspace.post(community.data, community.ana, "Which key do you link on?")
        workspace.post(community.data, community.ben, "The national number", thread_ts=answered)
        lonely = workspace.post(community.data, community.ben, "Does anybody have a template for agreements?")

        # Then the moderators get one card, for the second
        workspace.wait_for(lambda: community.said(community.mods))
        (card,) = workspace.messages(community.mods)[-1:]
        assert f"<@{community.ben}>" in str(card["blocks"]) + card["text"]

        # When a moderator takes it and answers, then the card says so in its place
        workspace.press(community.mod, community.mods, card["ts"], "threads:take")
        workspace.wait_for(lambda: f"<@{community.mod}>" in str(workspace.messages(community.mods)[-1]))
        workspace.post(community.data, community.mod, "Yes, I'll send ours", thread_ts=lonely)
        workspace.wait_for(lambda: "nswered" in workspace.messages(community.mods)[-1]["text"])
        assert len(community.said(community.mods)) == 1


def test_commands_answer_only_those_who_may(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        workspace.command(community.ana, community.data, "/cop", "help")
        workspace.wait_for(lambda: workspace.ephemerals(community.ana))
        help_text = workspace.ephemerals(community.ana)[-1]["text"]
        assert "/cop me" in help_text
        assert "unanswered" not in help_text

        workspace.command(community.ana, community.data, "/cop", "unanswered")
        workspace.wait_for(lambda: len(workspace.ephemerals(community.ana)) == 2)
        assert "Moderators can do this." in workspace.ephemerals(community.ana)[-1]["text"]

        workspace.command(community.mod, community.data, "/cop", "unansered")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))
        assert "Did you mean `/cop unanswered`?" in workspace.ephemerals(community.mod)[-1]["text"]


def test_a_broken_file_changes_nothing_and_is_told_once_with_its_line(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as running:
        # When a coordinator saves a mistake, then they are told where it is
        community.write("schedules/community.yaml", "community: {id: links, nmae: Data Links, timezone: UTC}\n")
        workspace.wait_for(lambda: community.said(workspace.dm(community.jess)))
        (told,) = community.said(workspace.dm(community.jess))
        assert "schedules/community.yaml:1:" in told

        # And the last good state stays in force
        amara = workspace.join_workspace("amara", real_name="Amara")
        workspace.wait_for(lambda: community.said(workspace.dm(amara)))
        assert running.process.poll() is None

    # Also across a restart
    with Running(community):
        binta = workspace.join_workspace("binta", real_name="Binta")
        workspace.wait_for(lambda: community.said(workspace.dm(binta)))
    assert len(community.said(workspace.dm(community.jess))) == 1


def test_what_was_said_while_away_is_read_before_anybody_is_nudged(community: Community) -> None:
    workspace = community.workspace
    with Running(community):
        asked = workspace.post(community.data, community.ana, "Who has linked births with the census?")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
    # Given that it is answered while the bot is away, and that something else is asked
    workspace.retry_delays = (60, 60, 60)
    workspace.post(community.data, community.ben, "We have", thread_ts=asked)
    workspace.post(community.data, community.ana, "And who has done it with deaths?")
    with Running(community):
        # Then there is a card for the second alone
        workspace.wait_for(lambda: community.said(community.mods))
    (card,) = [str(m) for m in workspace.messages(community.mods) if m.get("user") == workspace.bot_user]
    assert "deaths" in card


def test_a_channel_that_was_archived_is_told_once_and_other_posts_go_on(community: Community) -> None:
    workspace = community.workspace
    old = workspace.add_channel("old", members=[community.ana])
    workspace.archive(old)
    due = datetime.now(UTC) - timedelta(minutes=1)
    posts = [
        f'  - {{id: p{n}, channel: "#{channel}", when: {{date: "{due:%Y-%m-%d %H:%M}"}}, text: "post {n}"}}'
        for n, channel in enumerate(("old", "old", "data"))
    ]
    community.write("schedules/posts.yaml", "posts:\n" + "\n".join(posts) + "\n")
    with Running(community):
        workspace.wait_for(lambda: community.said(community.mods))
        workspace.wait_for(lambda: community.said(community.data) == ["post 2"])
        amara = workspace.join_workspace("amara", real_name="Amara")
        workspace.wait_for(lambda: community.said(workspace.dm(amara)))
    (told,) = community.said(community.mods)
    assert "the channel is archived" in told


@pytest.mark.parametrize(("which", "from_nothing"), [(signal.SIGTERM, True), (signal.SIGINT, False)])
def test_a_stop_is_clean(community: Community, which: signal.Signals, from_nothing: bool) -> None:
    with Running(community, from_nothing=from_nothing) as running:
        running.process.send_signal(which)
        assert running.process.wait(timeout=10) == 0
    assert "Traceback" not in running.log.read_text()


def test_a_revoked_token_ends_the_run_with_what_to_do(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as running:
        workspace.faults.add("*", "error", times=99, error="token_revoked")
        workspace.join_workspace("amara", real_name="Amara")
        assert running.process.wait(timeout=15) == 3
    assert "install the app again" in running.log.read_text()


def test_no_token_and_nothing_that_members_wrote_is_ever_logged(community: Community) -> None:
    workspace = community.workspace
    with Running(community) as running:
        workspace.faults.add("chat.postMessage", "500", times=2)
        workspace.post(community.data, community.ana, "A secret sentence: does it leak?")
        workspace.join_workspace("amara", real_name="Amara Secretname")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
    log = running.log.read_text()
    for secret in (workspace.bot_token, workspace.app_token, "secret sentence", "Secretname"):
        assert secret not in log
