"""What an import did, in words for the person who started it."""

from copbot.core.time import from_us
from copbot.features.history.service import LINES_PER_KIND, Imported

_KINDS = {
    "file": ("file that could not be read", "files that could not be read"),
    "direct": ("folder of direct messages", "folders of direct messages"),
    "entry": ("malformed entry in a list", "malformed entries in lists"),
    "message": ("malformed message", "malformed messages"),
    "timestamp": ("message without a proper timestamp", "messages without a proper timestamp"),
    "unknown": (
        "message or reaction of somebody who exists nowhere",
        "messages or reactions of people who exist nowhere",
    ),
    "reaction": ("malformed reaction", "malformed reactions"),
}
_REMARKS = ("channel", "people")
"""Problems that skipped nothing."""


def summary(imported: Imported) -> str:
    """A few lines of plain text: what is new, what was known, what was skipped and why."""
    new, known = imported.messages_new, imported.messages_known
    lines = [
        f"{imported.name}: {new:,} messages new, {known:,} known already{_span(imported)}.",
        f"Read {new + known:,} messages by people and {imported.reactions:,} reactions. Left out as no activity: "
        f"{imported.bots:,} by bots and apps, {imported.notices:,} joins, topics and other notices.",
    ]
    if imported.files_known:
        one = imported.files_known == 1
        lines.append(
            f"{imported.files_known:,} file{' is' if one else 's are'} as {'it was' if one else 'they were'} taken in before."
        )
    lines += imported.lines
    lines += [
        f"… and {count - LINES_PER_KIND:,} more: {_kind(kind, count - LINES_PER_KIND)}"
        for kind, count in imported.skipped.items()
        if count > LINES_PER_KIND
    ]
    skipped = {kind: count for kind, count in imported.skipped.items() if kind not in _REMARKS}
    if skipped:
        told = ", ".join(f"{count:,} {_kind(kind, count)}" for kind, count in skipped.items())
        lines.append(f"Skipped: {told}. Everything else was taken in.")
    return "\n".join(lines)


def _kind(kind: str, count: int) -> str:
    one, many = _KINDS.get(kind, ("remark of this kind", "remarks of this kind"))
    return one if count == 1 else many


def _span(imported: Imported) -> str:
    if imported.first_us is None or imported.last_us is None:
        return ""
    return f", from {from_us(imported.first_us):%Y-%m-%d} to {from_us(imported.last_us):%Y-%m-%d}"


def document(imported: Imported) -> dict[str, object]:
    """The same for programs."""
    return {
        "export": imported.name,
        "messages": {"new": imported.messages_new, "known": imported.messages_known},
        "reactions": imported.reactions,
        "files_known": imported.files_known,
        "left_out": {"bots": imported.bots, "notices": imported.notices},
        "skipped": dict(imported.skipped),
        "problems": imported.lines,
        "first": None if imported.first_us is None else from_us(imported.first_us).isoformat(),
        "last": None if imported.last_us is None else from_us(imported.last_us).isoformat(),
    }
