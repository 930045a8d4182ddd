"""What is stored about a person, in words: counts and dates by what they mean to them, never a log. Pure.

Each table has its place here; a test holds it against all tables that tell of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from copbot.core.ports.privacy import Counted
from copbot.core.time import from_us

Group = Literal["you", "wrote", "told", "sent", "looked after"]

HEADINGS: dict[Group, str] = {
    "you": "Who you are",
    "wrote": "What you did in channels",
    "told": "What you told me",
    "sent": "What I sent you, and how you want it",
    "looked after": "What was done with it",
}


@dataclass(frozen=True)
class Kept:
    """One table in words: ``{}`` is the number. ``at``: the column that says when, "" where that tells nothing."""

    group: Group
    one: str
    several: str
    at: str = ""


KEPT: dict[str, Kept] = {
    "slack_user": Kept("you", "your name, time zone and language", "your name, time zone and language"),
    "membership": Kept("you", "one channel you are or were in", "{} channels you are or were in"),
    "message": Kept("wrote", "one message: where and when", "{} messages: where and when", "ts_us"),
    "reaction": Kept("wrote", "one reaction", "{} reactions", "ts_us"),
    "day_rollup": Kept("wrote", "one day's counts made of these", "{} days' counts made of these"),
    "journey": Kept("told", "your welcome", "{} welcomes", "started_us"),
    "given_answer": Kept("told", "one answer of yours from joining", "{} answers of yours from joining", "answered_us"),
    "outcome": Kept("told", "what you said after a month", "{} times what you said after a month", "at_us"),
    "referral": Kept("told", "one invitation, by you or of you", "{} invitations, by you or of you", "named_us"),
    "suggestion": Kept(
        "told", "one question you suggested", "{} questions you suggested or decided on", "suggested_us"
    ),
    "story": Kept("told", "one time I asked what helped you", "{} times I asked what helped you", "asked_us"),
    "story_told": Kept("told", "one story of yours", "{} stories of yours", "at_us"),
    "pulse_taken": Kept(
        "told", "that you took part in a survey that is still open", "that you took part in {} open surveys"
    ),
    "preference": Kept("sent", "your settings for what I send", "your settings for what I send", "changed_us"),
    "delivery": Kept(
        "sent", "one message from me to you, or about you", "{} messages from me to you, or about you", "due_us"
    ),
    "digest_made": Kept("sent", "one digest I made for you", "{} digests I made for you"),
    "recognition": Kept("sent", "one thing I thanked you for", "{} things I thanked you for", "reached_us"),
    "asked_person": Kept("sent", "one time I asked whether you know", "{} times I asked whether you know", "asked_us"),
    "inbox": Kept("looked after", "one event of the last days", "{} events of the last days", "received_us"),
    "card": Kept("looked after", "one question that waited or waits", "{} questions that waited or wait", "opened_us"),
    "moderation_case": Kept(
        "looked after", "one message of yours that was reported", "{} messages of yours that were reported", "opened_us"
    ),
    "case_report": Kept("looked after", "one message you reported", "{} messages you reported", "at_us"),
    "case_step": Kept("looked after", "one step you took in a case", "{} steps you took in cases", "at_us"),
    "post_control": Kept("looked after", "one post you paused or resumed", "{} posts you paused or resumed", "at_us"),
    "audit": Kept(
        "looked after",
        "one entry on what you did or were refused",
        "{} entries on what you did or were refused",
        "at_us",
    ),
}


AT = {table: kept.at for table, kept in KEPT.items() if kept.at}
"""By table the column that says when."""


def account(counted: Mapping[str, Counted]) -> dict[str, list[str]]:
    """Heading -> lines, in their order; what has nothing in it is left out."""
    found: dict[str, list[str]] = {}
    for group, heading in HEADINGS.items():
        lines = [
            _line(kept, counted[table]) for table, kept in KEPT.items() if kept.group == group and table in counted
        ]
        if group == "looked after":
            lines += [f"{one.rows} × {table.replace('_', ' ')}" for table, one in counted.items() if table not in KEPT]
        if lines:
            found[heading] = lines
    if texts := sum(one.texts for one in counted.values()):
        found[HEADINGS["wrote"]].append(f"the words of {texts:,} of these messages, so that answers can be found")
    return found


def _line(kept: Kept, counted: Counted) -> str:
    said = kept.one if counted.rows == 1 else kept.several.format(f"{counted.rows:,}")
    if counted.first_us is None or counted.last_us is None:
        return said
    first, last = (f"{from_us(at):%-d %b %Y}" for at in (counted.first_us, counted.last_us))
    return f"{said}, {first}" if first == last else f"{said}, {first} to {last}"
