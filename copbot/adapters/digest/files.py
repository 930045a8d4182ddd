"""The digest as files: one page of HTML that holds all it needs, and the same as plain text; as JSON, the same values."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from copbot.adapters.out_folder import writing_to
from copbot.core.cells import wrapped
from copbot.core.digest import Issue, SectionKind
from copbot.core.small_groups import FEWEST_SHOWN

HEADINGS: dict[SectionKind, tuple[str, str]] = {
    "waits": ("Waiting for an answer", "Would you know? One sentence helps."),
    "answered": ("Answered", "Questions, and where their answers are."),
    "lively": ("Talked about", "The threads that most people took part in."),
    "coming": ("Coming up", "What has a date."),
}
"""In the order in which they stand: a title and a line about it."""

QUIET = "It was quiet: there is nothing to tell of these days."

LEFT_OUT = "Channels that not everybody may read are left out."
"""Not by name: nobody knows who reads a mail that is sent on, and that a channel exists may be a secret too."""

NAMED = 6
"""Channels that are named; of more it is said how many there are."""

COLUMNS = 78
"""Of the plain text: as wide as mail is read."""


def write(issue: Issue, folder: Path) -> list[Path]:
    """Write the page and the text into a folder, in the place of what an earlier digest left there.

    Raises Mistake when it cannot be written to.
    """
    files = {folder / "digest.html": page(issue), folder / "digest.txt": text(issue)}
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            file.write_text(content, encoding="utf-8")
    return list(files)


def page(issue: Issue) -> str:
    """The whole document. It asks nothing of any network, runs no script, and reads well without its styles."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sections = [
        (*HEADINGS[kind], issue.sections[kind], _more(issue, kind)) for kind in HEADINGS if issue.sections.get(kind)
    ]
    known = {"issue": issue, "sections": sections, "days": days(issue), "summary": summary(issue), "quiet": QUIET}
    return environment.get_template("digest.html.j2").render(known, left_out=LEFT_OUT if issue.left_out else "")


def text(issue: Issue) -> str:
    """The same for a mail without markup: no line is wider than ``COLUMNS``, except for an address that cannot be parted."""
    lines = [*wrapped(f"{issue.name}: what was talked about", COLUMNS), *wrapped(days(issue), COLUMNS)]
    lines += ["", *wrapped(summary(issue), COLUMNS)]
    for kind, (heading, about) in HEADINGS.items():
        if not issue.sections.get(kind):
            continue
        lines += ["", "", heading.upper(), *wrapped(about, COLUMNS)]
        for line in issue.sections[kind]:
            lines += ["", *_bullet(line.title), *wrapped(line.detail, COLUMNS, "  ")]
            lines += [line.link if len(line.link) > COLUMNS - 2 else f"  {line.link}"] if line.link else []
        lines += ["", _more(issue, kind)] if _more(issue, kind) else []
    if issue.is_empty:
        lines += ["", QUIET]
    if issue.left_out:
        lines += ["", "", LEFT_OUT]
    return "\n".join(lines) + "\n"


def document(issue: Issue) -> dict[str, Any]:
    """The digest as one JSON document (docs/coordinators.md)."""
    return {
        "community": issue.name,
        "since": _instant(issue.since, issue),
        "until": _instant(issue.until, issue),
        "timezone": issue.zone.key,
        "messages": issue.messages,
        "people": issue.people if issue.people >= FEWEST_SHOWN else None,
        "channels": list(issue.channels),
        "left_out": list(issue.left_out),
        "more": {kind: issue.more.get(kind, 0) for kind in HEADINGS},
        "sections": {kind: [asdict(line) for line in issue.sections.get(kind, ())] for kind in HEADINGS},
    }


def days(issue: Issue) -> str:
    """The days that it covers, such as ``15 to 22 November 2026``."""
    first, last = issue.since.astimezone(issue.zone), issue.until.astimezone(issue.zone)
    if first.date() == last.date():
        return f"{last.day} {last:%B %Y}"
    begin = f"{first.day}"
    if (first.month, first.year) != (last.month, last.year):
        begin += f" {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} to {last.day} {last:%B %Y}"


def summary(issue: Issue) -> str:
    """How much there was, in a sentence; by how many people where they are not too few."""
    messages = "1 message" if issue.messages == 1 else f"{issue.messages:,} messages"
    people = f" by {issue.people:,} people" if issue.people >= FEWEST_SHOWN else ""
    channels = ", ".join(f"#{name}" for name in issue.channels[:NAMED])
    if len(issue.channels) > NAMED:
        channels += f" and {len(issue.channels) - NAMED} more"
    return f"{messages}{people}" + (f" in {channels}." if channels else ".")


def _more(issue: Issue, kind: SectionKind) -> str:
    """That there is more than stands here; "" where all does."""
    return f"… and {issue.more[kind]:,} more on Slack." if kind in issue.more else ""


def _bullet(title: str) -> list[str]:
    first, *others = wrapped(title, COLUMNS, "  ") or ["  "]
    return [f"* {first[2:]}", *others]


def _instant(at: datetime, issue: Issue) -> str:
    return at.astimezone(issue.zone).isoformat()
