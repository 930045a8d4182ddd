"""The migrations of this program: what a database can have come to."""

from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"


def known_revisions() -> list[str]:
    """The migrations of this program, the first first: their files are named by them."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
