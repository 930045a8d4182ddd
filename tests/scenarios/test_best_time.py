"""`/cop when` as a moderator sees it: words at once in the channel, for nobody else, and the picture in a direct message."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
from histories import export_zip, import_from
from running import Community, Running

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore


def with_history(community: Community) -> None:
    """Twelve weeks in which everybody writes at 14:05."""
    people = [community.jess, community.mod, community.ana, community.ben]
    end = datetime.now(UTC).replace(hour=14, minute=5, second=0, microsecond=0)
    files: dict[str, object] = {
        "users.json": [{"id": user, "name": user.lower()} for user in people],
        "channels.json": [{"id": community.data, "name": "data"}],
    }
    for number in range(1, 85):
        day = end - timedelta(days=number)
        files[f"data/{day:%Y-%m-%d}.json"] = [
            {"type": "message", "user": user, "text": "x", "ts": f"{int(day.timestamp())}.{n:06d}"}
            for n, user in enumerate(people)
        ]
    engine = open_engine(databases.address(community.folder / "copbot.db"))
    migrate(engine)
    import_from(SqlStore(engine, the_team(engine)), export_zip(community.folder / "export.zip", files))
    engine.dispose()


def test_a_moderator_asks_when_and_gets_words_and_a_picture(tmp_path: Path) -> None:
    with Community(tmp_path) as community:
        with_history(community)
        workspace = community.workspace
        with Running(community):
            workspace.command(community.mod, community.mods, "/cop", "when #data")
            dm = workspace.wait_for(lambda: workspace.dm(community.mod))
            (message,) = workspace.wait_for(lambda: workspace.messages(dm))
            (file,) = message["files"]
            assert file["mimetype"] == "image/png"
            assert "336 messages by 4 members over 12 weeks" in file["alt_txt"]
            (answer,) = workspace.ephemerals(community.mod)
            assert answer["text"].startswith("*Best time to post in <#")
            assert "14:00: " in answer["text"]
            assert workspace.dm(community.ana) is None, "nobody else is told"
