"""Single values as coordinators write them: times, durations, days, references. Each says in one line how to mend it.

Functions of one value that raise ValueError; the shapes use them as validators.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError

from copbot.adapters.files.problem import meant
from copbot.adapters.holidays import countries_by_name, subdivisions
from copbot.core.posts import Weekday
from copbot.core.time import Hours, parse_duration
from copbot.core.working_time import ALL_DAYS, WeekHours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ID = re.compile(r"[a-z0-9-]{1,64}")
QUESTION_ID = re.compile(r"[a-z0-9_-]{1,64}")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
CHANNEL = re.compile(r"#[^\s#,<>@]{1,80}|[CG][A-Z0-9]{2,}")
PERSON = re.compile(r"[UWS][A-Z0-9]{2,}|@[\w.-]+|[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
ONE_PERSON = re.compile(r"[UW][A-Z0-9]{2,}|[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
MESSAGE_LINK = re.compile(r"https://[A-Za-z0-9.-]+/archives/[CG][A-Z0-9]{2,}/p\d{16}")
LINK = re.compile(r"https?://[^\s<>|\"]{1,2000}")
EMOJI = re.compile(r"[^\sA-Z:]+")
_OTHER_NAMES = {"thumbsup": "+1", "thumbsdown": "-1"}
_WEEK_HOURS = re.compile(r"(?P<days>[A-Za-z][A-Za-z, -]*?)?\s*(?P<hours>\d.*)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"(UTC|GMT)?\s*[+-]\s*\d.*", re.IGNORECASE)
_YEARS = re.compile(r"(\d{1,2})\s*y")


def identifier(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is read as a number: put it in quotes")
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise ValueError(
            f"{shown(value)} cannot be an id: use small letters, digits and hyphens, such as `weekly-question`"
        )
    return value


def question_id(value: Any) -> str:
    if not isinstance(value, str) or not QUESTION_ID.fullmatch(value):
        raise ValueError(
            f"{shown(value)} cannot be a question's id: use small letters, digits, - and _, such as `goal`"
        )
    return value


def wording(value: Any) -> str:
    """A text for people: not empty."""
    if value is None:
        raise ValueError("a text is missing here: write one, in quotes if it begins with # (a comment in YAML)")
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} must be a text: put it in quotes")
    if not value.strip():
        raise ValueError("a text is missing here: write it, or delete the line")
    return value.strip()


def time_of_day(value: Any) -> time:
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{shown(value)} is not a time: write hours and minutes, such as "09:30"')
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        raise ValueError(f"{shown(value)} is no time of a day: they go from 00:00 to 23:59") from None


def hours(value: Any) -> Hours:
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError(f'{shown(value)} is not a span of hours: write "08:00-18:00"')
    return Hours(time_of_day(start.strip()), time_of_day(end.strip()))


def posting_hours(value: Any) -> Hours:
    """Hours in which something may happen: not an empty span."""
    span = hours(value)
    if span.start == span.end:
        raise ValueError(f"{shown(value)} leaves no time at all: give it two different ends, or delete the line")
    return span


def week_hours(value: Any) -> WeekHours:
    """``mon-fri 09:00-18:00``; the days alone mean the whole of them, the hours alone every day."""
    if value is False or value in ("off", "none", "all", "always"):
        raise ValueError(f'{shown(value)} are no working hours: where all hours count write "mon-sun"')
    text = re.sub(r"\s*[-–—]\s*", "-", value.strip()) if isinstance(value, str) else ""
    match = _WEEK_HOURS.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(f'{shown(value)} are no working hours: write "mon-fri 09:00-18:00"')
    days, span = match["days"], match["hours"]
    return WeekHours(_some_days(days) if days else ALL_DAYS, posting_hours(span) if span else None)


def _some_days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.replace(",", " ").split():
        first, dash, last = part.partition("-")
        start, end = weekday(first), weekday(last if dash else first)
        found |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return frozenset(found)


def quiet_hours(value: Any) -> Hours | None:
    if value is None or value is False or value == "off":
        return None
    if not isinstance(value, str) or "-" not in value:
        raise ValueError(f'{shown(value)} is not a span of hours: write "20:00-08:00", or off')
    span = hours(value)
    return None if span.start == span.end else span


def duration(value: Any) -> timedelta:
    """``45s``, ``30m``, ``24h``, ``3d``, ``2w``; also ``3y`` of 365 days each, which activity may be kept."""
    wrong = f"{shown(value)} is not a duration: write a number and s, m, h, d or w, such as 24h"
    if not isinstance(value, str):
        raise ValueError(wrong)
    years = _YEARS.fullmatch(value.strip())
    if years:
        return timedelta(days=365 * int(years[1]))
    try:
        length = parse_duration(value)
    except OverflowError:
        length = timedelta.max
    except ValueError:
        raise ValueError(wrong) from None
    if length > timedelta(days=36500):
        raise ValueError(f"{shown(value)} is longer than anything lasts: write a shorter duration, such as 24h")
    return length


def some_time(value: Any) -> timedelta:
    """A duration that is not nothing."""
    length = duration(value)
    if not length:
        raise ValueError(f"{shown(value)} is no time at all: write a longer duration, such as 24h")
    return length


def some_time_or_never(value: Any) -> timedelta | None:
    """A duration; None: never. YAML reads ``off`` as a truth value."""
    if value is None or value is False or value == "never":
        return None
    try:
        return some_time(value)
    except ValueError:
        raise ValueError(f"{shown(value)} is neither a duration, such as 1y or 90d, nor never") from None


def short_wait(value: Any) -> timedelta:
    """A wait of a day at most, ``0s`` for none."""
    length = duration(value)
    if length > timedelta(days=1):
        raise ValueError(f"{shown(value)} is too long to wait: write a day (24h) or less")
    return length


def whole_weeks(value: Any) -> timedelta:
    length = some_time(value)
    if length % timedelta(weeks=1):
        raise ValueError(f"{shown(value)} is not a number of whole weeks: write one such as 12w")
    return length


def tenths(value: Any) -> int:
    """Points as integer tenths, so that ties are ties."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        raise ValueError(f"{shown(value)} is no number of points: write one from 0 to 1000, such as 1 or 0.2")
    if abs(value * 10 - round(value * 10)) > 1e-6:
        raise ValueError(f"{shown(value)} is finer than points go: write tenths, such as 0.2")
    return round(value * 10)


def day_names(value: Any) -> tuple[Weekday, ...]:
    return tuple(dict.fromkeys(map(weekday, value)))


def weekday(value: Any) -> Weekday:
    word = value.strip().lower() if isinstance(value, str) else ""
    for number, name in enumerate(DAYS):
        if len(word) >= 3 and name.startswith(word):
            return cast(Weekday, number)
    raise ValueError(f"{shown(value)} is not a day of the week: write mon, tue, wed, thu, fri, sat or sun")


def local_date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        if isinstance(value, str) and _DATE.fullmatch(value):
            raise ValueError(f"{shown(value)} is no day of the calendar: correct its month or its day") from None
        raise ValueError(f"{shown(value)} is not a date: write year-month-day, such as 2026-12-03") from None


def local_moment(value: Any) -> datetime:
    """A date and a time by the wall clock, with or without seconds (naive: the community's zone is known
    elsewhere).
    """
    day, _, clock = value.strip().replace("T", " ").partition(" ") if isinstance(value, str) else ("", "", "")
    if not clock.strip():
        raise ValueError(f'{shown(value)} is not a date with a time: write "2026-12-03 14:00"')
    return datetime.combine(local_date(day), time_of_day(clock))


def cron_line(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{shown(value)} is not a cron line: write five fields in quotes, such as "0 9 1 * *"')
    try:
        if len(value.split()) != 5:  # the library would read six as beginning with seconds
            raise CronSimError("wrong number of fields")
        CronSim(value.upper(), datetime(2026, 1, 1))  # noqa: DTZ001 - the line is only read, no instant is computed
    except CronSimError as error:
        raise ValueError(
            f"{shown(value)} is not a cron line ({str(error).lower()}): write minute, hour, day of the month, month and"
            ' day of the week, such as "0 9 1 * *"'
        ) from None
    return " ".join(value.upper().split())


def channel(value: Any) -> str:
    if value is None:
        raise ValueError('a channel is missing here: write "#name" in quotes, since a bare # begins a comment in YAML')
    if not isinstance(value, str) or not CHANNEL.fullmatch(value.strip()):
        raise ValueError(f'{shown(value)} is not a channel: write "#name" in quotes, or its ID such as C0123ABCD')
    return value.strip()


def emoji(value: Any) -> str:
    """An emoji's name as Slack tells it: without colons, and without a skin colour."""
    name = wording(value).removeprefix(":").removesuffix(":")
    if name in _OTHER_NAMES:
        raise ValueError(f"Slack knows {shown(value)} as `{_OTHER_NAMES[name]}`: write that")
    pictures = any(unicodedata.category(sign) in ("So", "Sk") for sign in name)
    if pictures or not EMOJI.fullmatch(name):
        raise ValueError(f"{shown(value)} is no emoji's name: write it as Slack shows it, such as white_check_mark")
    return name


def one_person(value: Any) -> str:
    """A person, and no group: it stands for one turn."""
    found = person(value)
    if not ONE_PERSON.fullmatch(found):
        raise ValueError(f"{shown(value)} is a group, and one person is meant: write an e-mail address or a user ID")
    return found


def person(value: Any) -> str:
    if not isinstance(value, str) or not PERSON.fullmatch(value.strip()):
        raise ValueError(
            f"{shown(value)} names nobody: write an e-mail address, a user ID such as U0123ABCD,"
            ' or a user group\'s "@handle"'
        )
    return value.strip()


@cache
def _zones() -> frozenset[str]:
    """Those of every machine: what one machine calls its own zone is another elsewhere."""
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


def zone(value: Any) -> str:
    if not isinstance(value, str) or value not in _zones():
        word = value.strip() if isinstance(value, str) else ""
        if _OFFSET.fullmatch(word):  # clocks change, and a fixed distance from UTC does not
            raise ValueError(f"{shown(value)} is not a time zone: name a place of that zone, such as Asia/Bangkok")
        capital = {name.lower(): name for name in _zones()}.get(word.lower())
        place = capital or next((name for name in sorted(_zones()) if name.endswith(f"/{word.title()}")), None)
        near = "" if any(name.startswith(f"{word}/") for name in _zones()) else meant(word, sorted(_zones()))
        hint = f": did you mean `{place}`?" if place else near
        raise ValueError(f"{shown(value)} is not a time zone{hint or ': write one such as Europe/Berlin'}")
    return value


def holiday_country(value: Any) -> str | None:
    """``TH``, or with one of its subdivisions ``DE-BY``; None when nothing stands here."""
    if value is None:
        return None
    text = value.strip() if isinstance(value, str) else ""  # an unquoted NO is a text here: this is YAML 1.2
    country, _, part = text.partition("-")
    known = subdivisions()
    if country not in known:
        word = country.lower().replace(" ", "").replace("_", "")
        letters = countries_by_name().get(word) or (word.upper() if word.upper() in known else None)
        hint = f": did you mean `{letters}`?" if letters else ": write its two letters, such as TH"
        raise ValueError(f"{shown(value)} is no country whose holidays are known here{hint}")
    if not part:
        return country
    if part not in known[country]:
        if not known[country]:
            raise ValueError(
                f"{shown(value)}: the holidays of {country} are known for the whole country alone: write {country}"
            )
        exact = {name.lower(): name for name in known[country]}.get(part.lower())
        hint = f": did you mean `{country}-{exact}`?" if exact else f": there is {', '.join(known[country])}"
        raise ValueError(f"{shown(value)} is no part of {country} whose holidays are known here{hint}")
    return text


def link(value: Any) -> str | None:
    """The address of a page; None when nothing stands here."""
    if value is None:
        return None
    text = value.strip() if isinstance(value, str) else ""
    if not LINK.fullmatch(text):
        raise ValueError(f"{shown(value)} is not the address of a page: write one that begins with https://")
    return text


def message_link(value: Any) -> str | None:
    """The link of a message as Slack's "Copy link" gives it, without what follows its ``?``; None when nothing stands here."""
    if value is None:
        return None
    link = value.strip().partition("?")[0] if isinstance(value, str) else ""
    if not MESSAGE_LINK.fullmatch(link):
        raise ValueError(
            f'{shown(value)} is not the link of a message: choose "Copy link" in the message\'s menu in Slack, and put it'
            " in quotes here"
        )
    return link


def starting_point(value: Any) -> str | None:
    """The channel on whose joining the onboarding begins; None for the workspace."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if text == "joins workspace":
        return None
    match = re.fullmatch(r"joins channel \"?([^\"]+)\"?", text)
    if match is None:
        raise ValueError(f'{shown(value)} is no beginning: write `joins workspace` or `joins channel "#name"`')
    return channel(match[1])


def shown(value: Any) -> str:
    """A value for a message: short, on one line, as YAML has it."""
    if value is None:
        return "nothing"
    text = " ".join(_written(value).split())
    return f"`{text if len(text) <= 40 else text[:39] + '…'}`"


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_written(inner)}".rstrip() for key, inner in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
