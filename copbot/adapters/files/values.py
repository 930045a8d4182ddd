"""The values that several sections of the coordinators' files share, and what all sections are built on."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from copbot.adapters.files import words


def one_or_many(value: Any) -> Any:
    """A list of one where a single value stands."""
    return value if isinstance(value, list) else [value]


def _people(value: Any) -> Any:
    return [] if value is None else one_or_many(value)


Id = Annotated[str, BeforeValidator(words.identifier)]
Text = Annotated[str, BeforeValidator(words.wording)]
Channel = Annotated[str, BeforeValidator(words.channel)]
Person = Annotated[str, BeforeValidator(words.person)]
Duration = Annotated[timedelta, BeforeValidator(words.some_time)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
ManyChannels = Annotated[list[Channel], BeforeValidator(one_or_many), Field(min_length=1)]
ManyPeople = Annotated[list[Person], BeforeValidator(_people)]
OptionText = Annotated[Text, Field(max_length=75)]  # Slack's limit for an option
Tenths = Annotated[int, BeforeValidator(words.tenths)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, frozen=True)
