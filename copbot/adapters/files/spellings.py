"""How each value is spelled, for the JSON Schema that editors read: what ``words`` takes, as a type with a pattern.

Where a pattern cannot tell (time zones, cron lines, countries), it lets pass what ``copbot check`` refuses.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from copbot.adapters.files import words

_CLOCK = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


def _beginnings(word: str) -> str:
    """A name of a day from its first three letters on."""
    ending = ""
    for letter in reversed(word[3:]):
        ending = f"({_any_case(letter)}{ending})?"
    return _any_case(word[:3]) + ending


_DAY = "(" + "|".join(map(_beginnings, words.DAYS)) + ")"


def _spelled(pattern: str | re.Pattern[str], *examples: str) -> Any:
    source = pattern if isinstance(pattern, str) else pattern.pattern
    return Annotated[str, Field(pattern=f"^({source})$", examples=list(examples))]


def one_or_several(spelling: Any) -> Any:
    return spelling | list[spelling]


ID = _spelled(words.ID, "weekly-question")
QUESTION_ID = _spelled(words.QUESTION_ID, "goal")
TEXT: Any = Annotated[str, Field(pattern=r"\S")]
ZONE = _spelled(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", "Asia/Bangkok", "Europe/Berlin", "UTC")
CHANNEL = _spelled(words.CHANNEL, "#general", "C0123ABCD")
PERSON = _spelled(words.PERSON, "name@example.org", "U0123ABCD", "@moderators")
ONE_PERSON = _spelled(words.ONE_PERSON, "name@example.org", "U0123ABCD")
EMOJI = _spelled(r":?" + words.EMOJI.pattern + r":?", "white_check_mark", "eyes")
DURATION = _spelled(r"[0-9]{1,6}\s*[smhdw]|[0-9]{1,2}\s*y", "30m", "24h", "3d", "2w")
DURATION_OR_NEVER: Any = DURATION | Literal["never", False] | None
WHOLE_WEEKS = _spelled(r"[0-9]{1,6}\s*[wd]", "12w")
TIME = _spelled(_CLOCK, "10:00", "09:30")
DATE = _spelled(_DATE, "2026-12-03")
MOMENT = _spelled(f"{_DATE}[T ]{_CLOCK}", "2026-12-03 14:00")
HOURS = _spelled(rf"{_CLOCK}\s*-\s*{_CLOCK}", "08:00-18:00")
QUIET: Any = HOURS | Literal["off", False] | None
WEEK_HOURS = _spelled(
    rf"{_DAY}(\s*[-–—,]\s*{_DAY})*(\s+{_CLOCK}\s*[-–—]\s*{_CLOCK})?|{_CLOCK}\s*[-–—]\s*{_CLOCK}",
    "mon-fri 09:00-18:00",
    "sat 10:00-12:00",
)
CRON = _spelled(r"\S+(\s+\S+){4}", "0 9 1 * *")
AT: Any = Literal["best", "active"] | TIME
DAYS_OF_WEEK: Any = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | _spelled(_DAY, "mon", "Tuesday")
DAY_OF_MONTH = Annotated[int, Field(ge=1, le=31)]
ON: Any = DAYS_OF_WEEK | DAY_OF_MONTH | Annotated[list[DAYS_OF_WEEK | DAY_OF_MONTH], Field(min_length=1)]
OTHERWISE = _spelled(rf"({_DAY}\s+)?{_CLOCK}", "wed 10:00", "10:00")
POINTS = Annotated[float, Field(ge=0, le=1000)]
COUNTRY = _spelled(r"[A-Z]{2}(-.+)?", "TH", "DE-BY")
LINK = _spelled(words.LINK, "https://example.org/guide")
MESSAGE_LINK = _spelled(
    words.MESSAGE_LINK.pattern + r"(\?.*)?", "https://example.slack.com/archives/C0123ABCD/p1764585000000100"
)
STARTS = _spelled(r'joins\s+workspace|joins\s+channel\s+"?[^"]+"?', "joins workspace", 'joins channel "#general"')
QUESTIONS_FILE = _spelled(r"[^/].*\.(txt|md)", "questions/weekly.txt")
