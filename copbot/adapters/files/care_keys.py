"""What the keys of ``unanswered:`` and ``duty:`` must hold together, and with the channels and roles that stand elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from copbot.adapters.files import words
from copbot.adapters.files.care_shapes import ReactionsShape
from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import check_twice, entries_of
from copbot.adapters.files.words import shown
from copbot.core.duty import Away
from copbot.core.working_time import WeekHours

LONGEST = timedelta(weeks=26)
"""What takes longer than this in the working hours given is meant otherwise."""

_DEFAULTS = {"after": "24h", "again": "24h", "escalate": "72h"}


def check_care(document: Document, unanswered: Any, duty: Any) -> None:
    """Note every mistake between the keys of a file's ``unanswered`` and ``duty``."""
    if isinstance(unanswered, dict):
        for path, rules in _rules(unanswered):
            _check_hours(document, path, rules)
        _check_reactions(document, unanswered.get("reactions"))
    if isinstance(duty, dict):
        _check_duty(document, duty)


def check_named_elsewhere(documents: Sequence[Document]) -> None:
    """Note each channel under ``unanswered`` that nobody watches, and each of the rota who has no role: they may stand in other files."""
    _, channels = _section(documents, "channels")
    _, roles = _section(documents, "roles")
    home, unanswered = _section(documents, "unanswered")
    special = unanswered.get("channels")
    watched = [*_texts(channels.get("discussion")), *_texts(channels.get("introductions"))]
    for name in special if isinstance(special, dict) and watched else ():
        if home is not None and name not in watched and words.CHANNEL.fullmatch(str(name)):
            path: Path = ("unanswered", "channels", name)
            message = f"nobody watches {shown(name)}: write it as it stands under `channels`, or add it there"
            home.problem(path, message, at_key=True)
    home, duty = _section(documents, "duty")
    known = [*_texts(roles.get("coordinators")), *_texts(roles.get("moderators"))]
    if home is None or not known or not all(words.ONE_PERSON.fullmatch(one) for one in known):
        return  # a group among them: who is in it, Slack alone knows
    people = duty.get("people")
    for number, who in enumerate(_texts(people)):
        if who not in known and words.ONE_PERSON.fullmatch(who):
            path = ("duty", "people", number) if isinstance(people, list) else ("duty", "people")
            home.problem(
                path, f"{shown(who)} has no role: write them as under `roles`, or add them to `moderators` there"
            )


def _rules(unanswered: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rules for everywhere, then those of each channel with what they take over from them."""
    yield ("unanswered",), unanswered
    special = unanswered.get("channels")
    for name, there in special.items() if isinstance(special, dict) else ():
        if isinstance(there, dict):
            yield ("unanswered", "channels", name), {**unanswered, **there}


def _check_hours(document: Document, path: Path, rules: dict[str, Any]) -> None:
    here = (*path, "hours")
    if rules.get("hours") is None:
        if rules.get("skip_holidays") is not None and (*path, "skip_holidays") in document.keys:
            document.problem(
                (*path, "skip_holidays"),
                '`skip_holidays` goes with `hours`: write which, such as `hours: "mon-fri 09:00-18:00"`',
                at_key=True,
            )
        return
    week = _week(rules["hours"])
    if week is None or not any(where in document.keys for where in (here, (*path, "after"), (*path, "escalate"))):
        return
    a_week = sum((_length(some) for some in week), timedelta())
    for key, default in _DEFAULTS.items():
        length = _duration(rules.get(key, default))
        if length is not None and length / a_week > LONGEST / timedelta(weeks=1):
            weeks = round(length / a_week)
            document.problem(
                (*path, key) if (*path, key) in document.keys else here,
                f"`{key}` counts working hours alone, and {weeks} weeks pass before it has: shorten `{key}`, or give more"
                " `hours`",
                at_key=True,
            )


def _check_reactions(document: Document, reactions: Any) -> None:
    if not isinstance(reactions, dict):
        return
    defaults = ReactionsShape()
    answered, taken = (str(reactions.get(key, getattr(defaults, key))).strip(" :") for key in ("answered", "taken"))
    if answered == taken:
        key = "taken" if "taken" in reactions else "answered"
        path: Path = ("unanswered", "reactions", key)
        document.problem(path, f"{shown(answered)} cannot mean both `answered` and `taken`: name two different emoji")


def _week(value: Any) -> list[WeekHours] | None:
    try:
        return [words.week_hours(one) for one in (value if isinstance(value, list) else [value])] or None
    except ValueError:
        return None  # told by its shape


def _duration(value: Any) -> timedelta | None:
    try:
        return words.some_time(value)
    except ValueError:
        return None


def _length(some: WeekHours) -> timedelta:
    if some.hours is None:
        return timedelta(days=1) * len(some.days)
    start, end = (
        timedelta(hours=at.hour, minutes=at.minute, seconds=at.second) for at in (some.hours.start, some.hours.end)
    )
    return ((end - start) % timedelta(days=1)) * len(some.days)


# --- the rota


def _check_duty(document: Document, duty: dict[str, Any]) -> None:
    people = _texts(duty.get("people"))
    if isinstance(duty.get("people"), list):
        check_twice(document, ("duty", "people"), duty["people"])
    absences: list[tuple[Path, Away]] = []
    for number, entry in entries_of(duty.get("away")):
        path: Path = ("duty", "away", number)
        who, first, last = entry.get("who"), _date(entry.get("from")), _date(entry.get("until"))
        if isinstance(who, str) and people and who.strip() not in people:
            document.problem(
                (*path, "who"), f"{shown(who)} is not in the rota: write them as under `people`, or delete this"
            )
        if first is None or last is None or not isinstance(who, str):
            continue
        if last < first:
            document.problem(
                (*path, "until"), f"`until` {shown(str(last))} lies before `from` {shown(str(first))}: exchange them"
            )
            continue
        away = Away(who.strip(), first, last)
        for place, other in absences:
            if other.who == away.who and first <= other.last and other.first <= last:
                line = document.keys[place].line
                document.problem(
                    path, f"{shown(who)} is away then already (line {line}): write one span of days", at_key=True
                )
        absences.append((path, away))
    _check_somebody_left(document, people, absences)


def _check_somebody_left(document: Document, people: list[str], absences: list[tuple[Path, Away]]) -> None:
    """An absence that leaves nobody: looked for on the first day of each, for there the fewest are left."""
    for path, away in absences:
        gone = {other.who for _, other in absences if away.first in other}
        if people and gone >= set(people):
            document.problem(
                path,
                f"nobody of the rota is left on {away.first}: shorten an absence, or add somebody to `people`",
                at_key=True,
            )
            return


def _date(value: Any) -> date | None:
    try:
        return words.local_date(value)
    except ValueError:
        return None  # told by its shape


def _texts(value: Any) -> list[str]:
    return [one.strip() for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _section(documents: Sequence[Document], name: str) -> tuple[Document | None, dict[str, Any]]:
    """The document in which a section stands, and what it says."""
    for document in documents:
        data = document.data if isinstance(document.data, dict) else {}
        if isinstance(data.get(name), dict):
            return document, data[name]
    return None, {}
