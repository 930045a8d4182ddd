"""The values that several sections of the coordinators' files share, and what all sections are built on."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from copbot.adapters.files import spellings, words


def one_or_many(value: Any) -> Any:
    """A list of one where a single value stands."""
    return value if isinstance(value, list) else [value]


def _people(value: Any) -> Any:
    return [] if value is None else one_or_many(value)


Id = Annotated[str, BeforeValidator(words.identifier, json_schema_input_type=spellings.ID)]
Text = Annotated[str, BeforeValidator(words.wording, json_schema_input_type=spellings.TEXT)]
Channel = Annotated[str, BeforeValidator(words.channel, json_schema_input_type=spellings.CHANNEL)]
Person = Annotated[str, BeforeValidator(words.person, json_schema_input_type=spellings.PERSON)]
Duration = Annotated[timedelta, BeforeValidator(words.some_time, json_schema_input_type=spellings.DURATION)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
_CHANNELS = spellings.one_or_several(spellings.CHANNEL)
_PEOPLE = spellings.one_or_several(spellings.PERSON)
ManyChannels = Annotated[
    list[Channel], BeforeValidator(one_or_many, json_schema_input_type=_CHANNELS), Field(min_length=1)
]
ManyPeople = Annotated[list[Person], BeforeValidator(_people, json_schema_input_type=_PEOPLE)]
OptionText = Annotated[Text, Field(max_length=75)]  # Slack's limit for an option
Tenths = Annotated[int, BeforeValidator(words.tenths, json_schema_input_type=spellings.POINTS)]


class Shape(BaseModel):
    """The words under a field say what it is for; ``schema.py`` reads them (pydantic would at each start, which takes its time)."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, frozen=True)
