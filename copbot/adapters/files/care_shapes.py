"""The shape of what the files say of questions that wait: ``unanswered:`` and ``duty:``."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.config import JsonDict

from copbot.adapters.files import spellings, words
from copbot.adapters.files.values import Channel, Duration, Shape, one_or_many
from copbot.core.working_time import WeekHours

AnswerKind = Literal["reply", "reaction", "next_message"]
AnswerKinds = Annotated[
    list[AnswerKind],
    BeforeValidator(one_or_many, json_schema_input_type=spellings.one_or_several(AnswerKind)),
    Field(min_length=1),
]
_Hours = Annotated[WeekHours, BeforeValidator(words.week_hours, json_schema_input_type=spellings.WEEK_HOURS)]
WorkingHours = Annotated[
    list[_Hours],
    BeforeValidator(one_or_many, json_schema_input_type=spellings.one_or_several(spellings.WEEK_HOURS)),
    Field(min_length=1),
]
Country = Annotated[str | None, BeforeValidator(words.holiday_country, json_schema_input_type=spellings.COUNTRY | None)]
Day = Annotated[date, BeforeValidator(words.local_date, json_schema_input_type=spellings.DATE)]
Emoji = Annotated[str, BeforeValidator(words.emoji, json_schema_input_type=spellings.EMOJI)]
OnePerson = Annotated[str, BeforeValidator(words.one_person, json_schema_input_type=spellings.ONE_PERSON)]


class ReactionsShape(Shape):
    """The emoji that mean something on a question."""

    answered: Emoji = "white_check_mark"
    """A moderator's or the author's, on a question that is answered."""
    taken: Emoji = "eyes"
    """A moderator's, on a question that somebody sees to."""


class ChannelCareShape(Shape):
    """What is otherwise in a single channel."""

    after: Duration | None = None
    """When a question there becomes a card in the moderators' channel."""
    again: Duration | None = None
    """How often the card's thread reminds of it."""
    escalate: Duration | None = None
    """When the coordinators get a direct message."""
    counts_as_answer: AnswerKinds | None = None
    """What closes a question there."""
    hours: WorkingHours | None = None
    """Working hours there: "mon-fri 09:00-18:00"; several as a list."""
    skip_holidays: Country = None
    """The country whose public holidays are no working days there."""


_OF_CHANNELS: JsonDict = {"propertyNames": {"pattern": f"^({words.CHANNEL.pattern})$"}}


class UnansweredShape(Shape):
    """What becomes of a question that nobody answers. Counted from the question's time."""

    after: Duration = timedelta(hours=24)
    """When it becomes a card in the moderators' channel."""
    again: Duration = timedelta(hours=24)
    """How often the card's thread reminds of it."""
    escalate: Duration = timedelta(hours=72)
    """When the coordinators get a direct message."""
    counts_as_answer: AnswerKinds = ["reply"]
    """What closes a question besides a reply in its thread: a reaction of a moderator or the author, the next message."""
    reactions: ReactionsShape = ReactionsShape()
    hours: WorkingHours | None = None
    """Working hours, such as "mon-fri 09:00-18:00", or a list of such: only these count, and nobody is reminded outside of them."""
    skip_holidays: Country = None
    """A country whose public holidays are no working days, by its two letters, or one of its parts: TH, DE-BY."""
    channels: Annotated[dict[Channel, ChannelCareShape], Field(json_schema_extra=_OF_CHANNELS)] = {}
    """What is otherwise in single channels, by their names."""


class AwayShape(Shape):
    """Somebody of the rota who is away."""

    who: OnePerson
    """As they stand under `people`."""
    from_: Day = Field(alias="from")
    """The first day."""
    until: Day
    """The last day."""


class DutyShape(Shape):
    """A rota: whoever's turn it is, is named on each card."""

    by: Literal["week", "day"] = "week"
    """Turns change on Mondays, or on each working day."""
    people: Annotated[
        list[OnePerson],
        BeforeValidator(one_or_many, json_schema_input_type=spellings.one_or_several(spellings.ONE_PERSON)),
        Field(min_length=1),
    ]
    """Moderators or coordinators in the order of their turns, as they stand under `roles`."""
    away: list[AwayShape] = []
    """Who is away when: the next one stands in."""
