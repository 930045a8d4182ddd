"""The whole bot in HTTP mode, as a process: what people see is what they see over a socket, and who only looks sees how it is."""

import urllib.error
import urllib.request
from pathlib import Path

from running import Community, Listening


def looked(url: str) -> tuple[int, str]:
    """The status and text of an answer."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_community_lives_over_http(tmp_path: Path) -> None:
    with Community(tmp_path) as community, Listening(community) as running:
        workspace = community.workspace
        # Given a bot that has read what it missed, then it is alive and ready
        workspace.wait_for(lambda: looked(f"{running.url}/readyz")[0] == 200)
        assert looked(f"{running.url}/healthz") == (200, "alive\n")

        # When somebody joins, then she is welcomed; her form comes back with what is missing, and she is introduced
        amara = workspace.join_workspace("amara", real_name="Amara Okafor")
        dm = workspace.wait_for(lambda: workspace.dm(amara) if community.said(workspace.dm(amara)) else None)
        workspace.press(amara, dm, workspace.messages(dm)[0]["ts"], "onboarding:open")
        view = workspace.wait_for(lambda: workspace.view_of(amara))
        answers = {"question:goal": "To link censuses", "question:topics": ["Census"]}
        assert list(workspace.submit(amara, answers)) == ["guidelines"]
        (accept,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "guidelines"]
        assert workspace.submit(amara, {**answers, "guidelines": [accept["options"][0]["value"]]}) == {}
        workspace.wait_for(lambda: community.said(community.introductions))

        # When a question stays unanswered, then a moderator finds its card, and the command that lists it
        workspace.faults.duplicate_next_event()
        workspace.post(community.data, community.ana, "Which registers do you link?")
        workspace.wait_for(lambda: any("asked in" in text for text in community.said(community.mods)))
        workspace.command(community.mod, community.mods, "/cop", "unanswered")
        workspace.wait_for(lambda: workspace.ephemerals(community.mod))

        # Then the metrics tell of it, and name nobody
        _, metrics = looked(f"{running.url}/metrics")
        assert 'copbot_intake_events_total{result="repeated"} 1.0' in metrics
        assert 'copbot_deliveries_total{kind="card",outcome="sent"}' in metrics
        assert not any(name in metrics for name in (amara, community.ana, community.data, "Amara"))

        # And a stop is clean, with nothing of anybody's words in the log
        assert running.stop() == 0
        assert "registers" not in running.said()
        assert workspace.signing_secret not in running.said()
