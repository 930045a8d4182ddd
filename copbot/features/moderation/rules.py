"""Which steps a case offers, in the same order for everyone, and what a report may say.

First a private reminder of the guidelines, then a warning, which is offered only to whom a reminder has reached: in this case or in another
within a year. At any time a case can be closed, with a note or without any action. Instants are microseconds since the epoch.
"""

import re
from collections.abc import Sequence

from copbot.core.mrkdwn import shorten
from copbot.core.ports.case import Case, CaseAction, Step
from copbot.core.time import DAY_US

REMEMBERED_US = 365 * DAY_US
"""For so long a reminder stands: after it the steps begin again."""

REASONS_AT_MOST = 8
REASON_LIMIT = 150  # characters, of Slack's option values

ORDER: tuple[CaseAction, ...] = ("reminded", "warned", "no_action", "noted")

_BULLET = re.compile(r"^\s*(?:[•‣◦*–-]|\d{1,2}[.)])\s+(?P<words>\S.*)$")
_MARKS = re.compile(r"(?<!\w)[*_~](?=\S)|(?<=\S)[*_~](?!\w)")


def offered(case: Case, steps: Sequence[Step], earlier: Sequence[Case], *, can_write: bool) -> tuple[CaseAction, ...]:
    """What may be done about a case now. ``earlier``: the other cases about the same person; ``can_write``: they can be written to."""
    if case.state == "closed":
        return ()
    done = {step.action for step in steps}
    found: set[CaseAction] = {"no_action", "noted"}
    if can_write and "reminded" not in done and "warned" not in done:
        found.add("reminded")
    if can_write and "warned" not in done and was_reminded(case, earlier):
        found.add("warned")
    if done & {"reminded", "warned"}:
        found.discard("no_action")  # something was done: how it ended is worth a line
    return tuple(action for action in ORDER if action in found)


def was_reminded(case: Case, earlier: Sequence[Case]) -> bool:
    """Whether a reminder has reached the person, not only left."""
    since_us = case.opened_us - REMEMBERED_US
    return case.reminder == "sent" or any(one.reminder == "sent" and one.opened_us >= since_us for one in earlier)


def reasons_in(guidelines: str) -> tuple[str, ...]:
    """The points of a community's guidelines (Slack's markup), each as plain text; nothing where they are not written as points."""
    found = (_BULLET.match(line) for line in guidelines.splitlines())
    points = (_MARKS.sub("", match["words"]).strip() for match in found if match)
    return tuple(dict.fromkeys(shorten(point, REASON_LIMIT) for point in points if point))[:REASONS_AT_MOST]
