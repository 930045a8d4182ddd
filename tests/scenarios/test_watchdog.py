"""A connection to Slack that stands and brings nothing, as real sockets show it: noticed, replaced, and what was missed is read."""

import time
from pathlib import Path

import pytest
from running import Community, Running

pytestmark = pytest.mark.slow


def opened(community: Community) -> int:
    """How often Slack was asked for a connection."""
    return sum(call.method == "apps.connections.open" for call in community.workspace.calls)


def test_after_a_reconnect_that_brings_no_events_the_connection_is_replaced(tmp_path: Path) -> None:
    with Community(tmp_path) as community, Running(community):
        workspace = community.workspace
        workspace.retry_delays = ()
        # Given that the connection is cut, and that the one after it gets no events
        workspace.faults.drop_sockets()
        workspace.wait_for(lambda: workspace.connected == 0)
        workspace.wait_for(lambda: workspace.connected == 1)
        began, before = time.monotonic(), opened(community)
        time.sleep(8)  # until the first reading after the reconnect is over
        workspace.faults.lose_events(1)
        workspace.post(community.data, community.ana, "Which registers do you link?")
        # Then the history tells of it, another connection is made, and the question is looked after
        workspace.wait_for(lambda: opened(community) > before, timeout=90)
        assert time.monotonic() - began < 60  # 30 s on a machine that has nothing else to do
        workspace.wait_for(lambda: any("asked in" in text for text in community.said(community.mods)))


def test_a_bot_whose_own_post_does_not_come_back_connects_anew(tmp_path: Path) -> None:
    with Community(tmp_path) as community, Running(community):
        workspace = community.workspace
        workspace.retry_delays = ()
        workspace.post(community.data, community.ana, "Good morning")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        before = opened(community)
        question = workspace.post(community.data, community.ben, "Which registers do you link?")
        workspace.wait_for(lambda: workspace.unacknowledged == 0)
        assert question
        workspace.faults.lose_events(100)  # from here on nothing comes, the bot's own card included
        workspace.wait_for(lambda: opened(community) > before, timeout=90)
