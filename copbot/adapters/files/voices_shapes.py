"""The shape of what the files say of asking members: ``pulse:`` and ``stories:``."""

from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from copbot.adapters.files import spellings, words
from copbot.adapters.files.values import Duration, OptionText, Shape, Text

StoriesSwitch = Literal["on", "off"]

MOST_OPTIONS = 10  # Slack's limit for radio buttons

_OF_QUESTION: JsonDict = {
    "if": {"properties": {"type": {"const": "choice"}}, "required": ["type"]},
    "then": {"required": ["options"], "properties": {"options": {"minItems": 2}}},
    "else": {"properties": {"options": False}},
}


class PulseQuestionShape(Shape):
    """A question of the survey. Nobody has to answer any."""

    model_config = ConfigDict(json_schema_extra=_OF_QUESTION)

    id: Annotated[str, BeforeValidator(words.question_id, json_schema_input_type=spellings.QUESTION_ID)]
    """A short name for ever: answers of several rounds are compared under it."""
    ask: Annotated[Text, Field(max_length=2000)]
    """The question, as it stands in the form."""
    type: Literal["scale", "choice", "text"] = "scale"
    """From 1 to 5 (scale), one of the options (choice), or words of their own (text)."""
    options: Annotated[list[OptionText], Field(max_length=MOST_OPTIONS)] = []
    """What there is to choose from."""


class PulseShape(Shape):
    """A short anonymous survey that comes back. Results are shown from five answers on."""

    every: Literal["month", "quarter", "half-year", "year"]
    """How often; it opens on the second Tuesday of the period."""
    at: Annotated[time, BeforeValidator(words.time_of_day, json_schema_input_type=spellings.TIME)] = time(10)
    """When it opens, on the day."""
    first: Annotated[date | None, BeforeValidator(words.local_date, json_schema_input_type=spellings.DATE | None)] = (
        None
    )
    """The day on which it opens for the first time; later ones are counted from it."""
    open: Duration = timedelta(weeks=2)
    """How long it takes answers."""
    questions: Annotated[list[PulseQuestionShape], Field(max_length=10)] = []
    """What is asked; without them, how useful the community is, and what there should be more of."""
