"""What may stand in a post. Dates and times are by the community's wall clock."""

from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from copbot.adapters.files import spellings, words
from copbot.adapters.files.values import Channel, Duration, Id, ManyPeople, Shape, Text, one_or_many
from copbot.core.posts import Weekday
from copbot.core.time import Hours

Date = date  # a field of that name hides it
LONGEST_QUESTION = 3000
"""Slack's limit for the text of a block."""
Days = tuple[Weekday, ...]


def _at(value: Any) -> Any:
    if value in ("best", "active"):
        return value
    near = get_close_matches(value.lower(), ("best", "active"), n=1) if isinstance(value, str) else []
    if near:
        raise ValueError(f"{words.shown(value)} is not a time: did you mean `{near[0]}`?")
    return words.time_of_day(value)


def _on(value: Any) -> Any:
    """Days of the week, or one day of the month."""
    items = value if isinstance(value, list) else [value]
    if len(items) == 1 and isinstance(items[0], int) and not isinstance(items[0], bool):
        if not 1 <= items[0] <= 31:
            raise ValueError(f"{words.shown(items[0])} is no day of a month: they go from 1 to 31")
        return items[0]
    if not items:
        raise ValueError("no day is left in this list: name one, or delete the line")
    return words.day_names(items)


def _otherwise(value: Any) -> Any:
    """``"10:00"`` or ``"wed 10:00"``."""
    first, _, second = value.strip().rpartition(" ") if isinstance(value, str) else ("", "", value)
    if first[:1].isdigit() or (not first and str(second)[:1].isalpha()):
        raise ValueError(f'{words.shown(value)} is no day with a time: write "wed 10:00", or a time alone')
    return (words.weekday(first) if first else None, words.time_of_day(second))


def _window(value: Any) -> Any:
    length = words.some_time(value)
    if length > timedelta(days=1):
        raise ValueError(f"{words.shown(value)} is longer than a day: write a window of 24h or less")
    return length


_EVERY_IN_OTHER_WORDS = {
    "daily": "day",
    "weekdays": "weekday",
    "workday": "weekday",
    "weekly": "week",
    "1 week": "week",
    "biweekly": "2 weeks",
    "bi-weekly": "2 weeks",
    "fortnight": "2 weeks",
    "fortnightly": "2 weeks",
    "two weeks": "2 weeks",
    "2 week": "2 weeks",
    "2w": "2 weeks",
    "14d": "2 weeks",
    "monthly": "month",
    "quarterly": "quarter",
    "3 months": "quarter",
}


def _every(value: Any) -> Any:
    word = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if word in _EVERY_IN_OTHER_WORDS:
        raise ValueError(
            f"{words.shown(value)} cannot stand for `every`: did you mean `{_EVERY_IN_OTHER_WORDS[word]}`?"
        )
    if word[:1].isdigit() and not word.startswith("2 w"):
        known = "day, weekday, week, 2 weeks, month or quarter"
        raise ValueError(f"{words.shown(value)} cannot stand for `every`: write {known}, or a `cron:` line")
    return value


_OF_WHEN: JsonDict = {
    "oneOf": [{"required": ["every", "at"]}, {"required": ["cron"]}, {"required": ["date"]}],
    "dependentRequired": {key: ["every"] for key in ("at", "on", "between", "otherwise", "window")},
    "if": {"properties": {"at": {"enum": ["best", "active"]}}, "required": ["at"]},
    "then": {
        "required": ["otherwise"],
        "if": {"properties": {"at": {"enum": ["best"]}}},
        "then": {"properties": {"window": False}},
    },
    "else": {"properties": {"between": False, "otherwise": False, "window": False}},
}
_OF_POST: JsonDict = {
    "anyOf": [{"required": ["prompt"]}, {"required": ["text"]}, {"required": ["questions"]}],
    "not": {"required": ["prompt", "text"]},
}
"""What ``post_keys`` tells in words, as far as JSON Schema can say it."""


class WhenShape(Shape):
    """When a post goes out: `every` with `at`, or `cron`, or `date`. Times are by the community's clock."""

    model_config = ConfigDict(json_schema_extra=_OF_WHEN)

    every: Annotated[
        Literal["day", "weekday", "week", "2 weeks", "month", "quarter"] | None, BeforeValidator(_every)
    ] = None
    """How often."""
    at: Annotated[
        time | Literal["best", "active"] | None, BeforeValidator(_at, json_schema_input_type=spellings.AT)
    ] = None
    """A time such as "10:00"; best: the hour in which most members write, learned from the channel's own history; active: around
    that hour, at the first sign of life in the channel."""
    on: Annotated[Days | int | None, BeforeValidator(_on, json_schema_input_type=spellings.ON)] = None
    """Days of the week, such as [tue, thu]; for a month or quarter also a day of the month. With best and active, the days to choose
    from."""
    between: Annotated[Hours | None, BeforeValidator(words.posting_hours, json_schema_input_type=spellings.HOURS)] = (
        None
    )
    """The hours to choose from, with best and active."""
    otherwise: Annotated[
        tuple[Weekday | None, time] | None, BeforeValidator(_otherwise, json_schema_input_type=spellings.OTHERWISE)
    ] = None
    """The time that holds until enough is learned, such as "wed 10:00"; best and active need it."""
    window: Annotated[timedelta, BeforeValidator(_window, json_schema_input_type=spellings.DURATION)] = timedelta(
        hours=8
    )
    """How long active may wait for a sign of life, around the best hour."""
    cron: Annotated[str | None, BeforeValidator(words.cron_line, json_schema_input_type=spellings.CRON)] = None
    """As in cron: minute, hour, day of the month, month, day of the week."""
    date: Annotated[datetime | None, BeforeValidator(words.local_moment, json_schema_input_type=spellings.MOMENT)] = (
        None
    )
    """Once, such as "2026-12-03 14:00"."""


def _prompts(value: Any) -> Any:
    return [] if value is None else one_or_many(value)


def _questions(value: Any) -> Any:
    """A file's questions stand here already when this is read (``question_files.py``)."""
    if isinstance(value, str):
        raise ValueError(
            f"{words.shown(value)} is neither a list of questions nor a file of them: begin each with - on its own line, or"
            " name a file such as questions/weekly.txt"
        )
    if value == []:
        raise ValueError("`questions` needs at least one: write one, or leave the line out")
    return value


Prompts = Annotated[
    list[Text], BeforeValidator(_prompts, json_schema_input_type=spellings.one_or_several(spellings.TEXT))
]
Questions = Annotated[
    list[Annotated[Text, Field(max_length=LONGEST_QUESTION)]],
    BeforeValidator(
        _questions,
        json_schema_input_type=spellings.QUESTIONS_FILE
        | Annotated[list[Annotated[spellings.TEXT, Field(max_length=LONGEST_QUESTION)]], Field(min_length=1)],
    ),
]


class PostShape(Shape):
    """Something that is posted, once or again and again."""

    model_config = ConfigDict(json_schema_extra=_OF_POST)

    id: Id
    """A short name, by which moderators pause it or post it now. Small letters, digits and hyphens."""
    channel: Channel
    """Where it is posted."""
    when: WhenShape
    prompt: Prompts = []
    """The template that says it; where there are several, the same is never used twice running."""
    text: Text | None = None
    """What it says, instead of a template; may use the same names as one."""
    questions: Questions = []
    """Questions, each used once before any comes again: a list, or the name of a file with one on each line. Without prompt and text
    the question is posted as it is."""
    paused: bool = False
    """true: nothing is posted until it is false again."""
    from_: Annotated[Date | None, BeforeValidator(words.local_date, json_schema_input_type=spellings.DATE)] = Field(
        None, alias="from"
    )
    """The first day on which it may be posted."""
    until: Annotated[Date | None, BeforeValidator(words.local_date, json_schema_input_type=spellings.DATE)] = None
    """The last day on which it may be posted."""
    pin: bool = False
    """true: it stays pinned in the channel until the next one comes."""
    late: Annotated[timedelta, BeforeValidator(words.duration, json_schema_input_type=spellings.DURATION)] = timedelta(
        hours=2
    )
    """How late after a stop it may still go out; beyond it is skipped, and the moderators are told."""
    skip_holidays: Annotated[
        str | None, BeforeValidator(words.holiday_country, json_schema_input_type=spellings.COUNTRY | None)
    ] = None
    """A country whose public holidays are left out, by its two letters, or one of its parts: TH, DE-BY."""


class MilestoneShape(Shape):
    """A product and its date: it is shown as a line of progress, reminded of before and spoken of after."""

    id: Annotated[str | None, BeforeValidator(words.identifier, json_schema_input_type=spellings.ID)] = None
    """A short name for ever; without it the milestone is known by its name, and a new name makes a new milestone."""
    name: Annotated[Text, Field(max_length=150)]
    """What is made."""
    date: Annotated[Date, BeforeValidator(words.local_date, json_schema_input_type=spellings.DATE)]
    """Until when."""
    who: ManyPeople = []
    """Who makes it."""
    link: Annotated[str | None, BeforeValidator(words.link, json_schema_input_type=spellings.LINK | None)] = None
    """Where the work is."""
    channel: Channel | None = None
    """Where it is shown; by default the first discussion channel."""
    remind: Annotated[
        list[Duration],
        BeforeValidator(_prompts, json_schema_input_type=spellings.one_or_several(spellings.DURATION)),
    ] = [timedelta(days=14), timedelta(days=7), timedelta(days=1)]
    """How long before the date it is reminded of; [] for never."""
    at: Annotated[time, BeforeValidator(words.time_of_day, json_schema_input_type=spellings.TIME)] = time(10)
    """The time of day of the reminders and of the note after."""
    pin: bool = True
    """Whether it has a pinned line of progress; without one the reminders come all the same."""
    done: bool = False
    """true, once it is reached."""


_OF_CHANNELS: JsonDict = {"propertyNames": {"pattern": f"^({words.CHANNEL.pattern})$"}}
Distance = Annotated[timedelta, BeforeValidator(words.duration, json_schema_input_type=spellings.DURATION)]


class SpacingShape(Shape):
    """The least time between two posts; the later one waits. None by default."""

    community: Distance = timedelta()
    """Between any two posts of the community."""
    channel: Distance = timedelta()
    """Between two posts in the same channel."""
    channels: Annotated[dict[Channel, Distance], Field(json_schema_extra=_OF_CHANNELS)] = {}
    """For single channels, by their names."""
