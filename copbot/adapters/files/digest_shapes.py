"""The shape of what the files say of the digest: ``digest:``."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic.config import JsonDict

from copbot.adapters.files import spellings, words
from copbot.adapters.files.values import Shape, Text, one_or_many
from copbot.core.digest import TEMPLATE
from copbot.core.posts import Weekday

OFF = "off"


_SEVERAL_DAYS: Any = spellings.DAYS_OF_WEEK | Annotated[list[spellings.DAYS_OF_WEEK], Field(min_length=1)]


def _days(value: Any) -> tuple[Weekday, ...]:
    days = one_or_many(value)
    if not days:
        raise ValueError("no day is left in this list: name one, or delete the line")
    return words.day_names(days)


class DigestShape(Shape):
    """What each member did not see, in a direct message at an hour of their own. `digest: off`: none is sent."""

    every: Literal["week", "2 weeks", "month", "off"] = "week"
    """How often; off: never."""
    on: Annotated[tuple[Weekday, ...] | None, BeforeValidator(_days, json_schema_input_type=_SEVERAL_DAYS)] = None
    """The days to choose from, [tue, wed, thu] without this line: for each member the one on which they write most."""
    prompt: Text = TEMPLATE
    """The template; without a file of this name the bot uses its own words."""

    @model_validator(mode="before")
    @classmethod
    def _switched_off(cls, value: Any) -> Any:
        return {"every": OFF} if value is False or (isinstance(value, str) and value.strip().lower() == OFF) else value


def or_off(schema: JsonDict) -> None:
    """For the editors: ``off`` may stand in the section's place."""
    keys = dict(schema)
    schema.clear()
    schema.update({"anyOf": [{"const": OFF}, keys]})
