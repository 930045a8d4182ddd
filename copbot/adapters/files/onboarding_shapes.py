"""What may stand in the onboarding of a community."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from copbot.adapters.files import spellings, words
from copbot.adapters.files.values import Duration, ManyChannels, ManyPeople, OptionText, Shape, Text, one_or_many


class OptionShape(Shape):
    """One of the answers to choose from: a text alone, or with where it leads who chooses it."""

    option: OptionText
    """What is chosen."""
    channels: ManyChannels = []
    """The channels that whoever chooses this is pointed to."""
    people: ManyPeople = []
    """Members who know the topic, and are named to whoever chooses this."""
    read: Annotated[
        str | None, BeforeValidator(words.message_link, json_schema_input_type=spellings.MESSAGE_LINK | None)
    ] = None
    """The link of a thread worth reading, by "Copy link" in the message's menu."""


def _text_or_option(value: Any) -> Any:
    return value if isinstance(value, dict) else {"option": value}


AnOption = Annotated[OptionShape, BeforeValidator(_text_or_option, json_schema_input_type=OptionText | OptionShape)]

_OF_QUESTION: JsonDict = {
    "if": {"properties": {"type": {"enum": ["choice", "choices"]}}, "required": ["type"]},
    "then": {"required": ["options"], "properties": {"options": {"minItems": 1}}},
    "else": {"properties": {"options": False}},
}
_OF_FOLLOW_UP: JsonDict = {"oneOf": [{"required": ["prompt"]}, {"required": ["tell"]}]}
"""What ``onboarding_keys`` tells in words, as far as JSON Schema can say it."""


class QuestionShape(Shape):
    """A question that a newcomer is asked."""

    model_config = ConfigDict(json_schema_extra=_OF_QUESTION)

    id: Annotated[str, BeforeValidator(words.question_id, json_schema_input_type=spellings.QUESTION_ID)]
    """A short name for ever: the answers are kept under it."""
    ask: Annotated[Text, Field(max_length=2000)]  # Slack's limit for an input's label
    """The question, as it stands in the form."""
    type: Literal["text", "long_text", "choice", "choices", "yes_no", "person", "date"] = "text"
    """What kind of answer: a line, a longer text, one or several of the options, yes or no, a person, a date."""
    options: Annotated[list[AnOption], Field(max_length=100)] = []
    """What there is to choose from: texts, or texts with where they lead."""
    optional: bool = False
    """true: it may be left open."""
    share: bool = False
    """true: the answer goes into the introduction, unless the newcomer unticks it."""


class FollowUpShape(Shape):
    """What comes some time after the welcome; nothing is sent that has become needless."""

    model_config = ConfigDict(json_schema_extra=_OF_FOLLOW_UP)

    after: Duration
    """How long after the welcome."""
    condition: Literal["open", "answered", "posted", "silent"] | None = Field(None, alias="if")
    """To whom: questions not answered (open), answered but never posted (answered), posted, or neither (silent); without it to all."""
    prompt: Text | None = None
    """The template of the message to the member."""
    tell: Literal["moderators"] | None = None
    """moderators: they are told the names, and the member gets nothing."""
    ask: Literal["outcome", "nothing"] | None = None
    """outcome: with "Did you get what you came for?" below the message; nothing: without."""


class ReferralsShape(Shape):
    """How those are thanked who brought others."""

    thanks: Literal["private", "public", "off"] = "private"
    """In private alone, in public too, or not at all."""
    prompt: Text | None = None
    """The template of the private thanks."""
    announcement: Text | None = None
    """The template of the public thanks."""


Guest = Literal["members", "guests", "partners"]


class OnboardingShape(Shape):
    """How newcomers are received."""

    starts: Annotated[str | None, BeforeValidator(words.starting_point, json_schema_input_type=spellings.STARTS)] = None
    """When it begins: on joining the workspace, or a channel."""
    delay: Annotated[timedelta, BeforeValidator(words.short_wait, json_schema_input_type=spellings.DURATION)] = (
        timedelta(seconds=30)
    )
    """How long the welcome waits, so that it does not drown in Slack's own messages."""
    welcomes: Annotated[
        list[Guest],
        BeforeValidator(one_or_many, json_schema_input_type=spellings.one_or_several(Guest)),
        Field(min_length=1),
    ] = ["members", "guests"]
    """Who is welcomed: members, guests, partners (people of other organisations)."""
    welcome: Text
    """The template of the first message to a newcomer."""
    guidelines: Text | None = None
    """The template of what must be accepted in the form."""
    questions: Annotated[list[QuestionShape], Field(min_length=1)]
    """Two or three are answered; more can be asked later."""
    introduction: Text | None = None
    """The template of the introduction in the introductions channel."""
    follow_ups: list[FollowUpShape] = []
    """What comes in the weeks after the welcome."""
    referrals: ReferralsShape = ReferralsShape()
