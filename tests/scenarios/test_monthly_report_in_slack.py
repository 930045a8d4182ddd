"""`/cop report` as a coordinator sees it: a line at once, and in a direct message the sentences, a picture and the page as a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import databases
from histories import export_zip, import_from
from running import Community, Running

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore


def with_history(community: Community) -> None:
    """Four people who wrote on each of the last 40 days."""
    people = [community.jess, community.mod, community.ana, community.ben]
    end = datetime.now(UTC).replace(hour=14, minute=5, second=0, microsecond=0)
    history: dict[str, object] = {
        "users.json": [{"id": user, "name": user} for user in people],
        "channels.json": [{"id": community.data, "name": "data"}],
    }
    for number in range(1, 41):
        day = end - timedelta(days=number)
        history[f"data/{day:%Y-%m-%d}.json"] = [
            {"type": "message", "user": user, "text": "x", "ts": f"{int(day.timestamp())}.{n:06d}"}
            for n, user in enumerate(people)
        ]
    engine = open_engine(databases.address(community.folder / "copbot.db"))
    migrate(engine)
    import_from(SqlStore(engine, the_team(engine)), export_zip(community.folder / "export.zip", history))
    engine.dispose()


def test_a_coordinator_asks_for_a_month_and_gets_it_in_private(tmp_path: Path) -> None:
    with Community(tmp_path) as community:
        community.write("schedules/reports.yaml", "reports: {monthly: off, brief: off}")
        with_history(community)
        workspace = community.workspace
        month = f"{datetime.now(UTC) - timedelta(days=5):%Y-%m}"  # the running one, or the last: something was written in it
        with Running(community):
            workspace.command(community.mod, community.data, "/cop", f"report {month}")
            (refused,) = workspace.wait_for(lambda: workspace.ephemerals(community.mod))
            assert "Coordinators can do this." in refused["text"]
            workspace.command(community.jess, community.data, "/cop", f"report {month}")
            dm = workspace.wait_for(lambda: workspace.dm(community.jess))
            (message,) = workspace.wait_for(lambda: workspace.messages(dm))
            assert message["text"].startswith("*Data Links: ")
            assert "4 people wrote" in message["text"]
            picture, page = message["files"]
            assert (picture["name"], page["name"]) == (f"links-{month}.png", f"links-{month}.html")
            (answer,) = workspace.ephemerals(community.jess)
            assert answer["text"].startswith("I am putting the report on ")
            allowed = Request(page["url_private"], headers={"Authorization": f"Bearer {workspace.bot_token}"})
            with urlopen(allowed) as shown:
                assert b'<h1 dir="auto">Data Links</h1>' in shown.read()
            assert workspace.dm(community.ana) is None, "nobody else is told"
