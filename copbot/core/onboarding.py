"""How newcomers are received, as a community's coordinators described it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from copbot.core.records import Person

Welcomed = Literal["members", "guests", "partners"]
"""Whom the file welcomes: members of the workspace, its guests, people of other organisations who share a channel (Slack Connect)."""

MEMBERS_AND_GUESTS: tuple[Welcomed, ...] = ("members", "guests")


def may_be_welcomed(person: Person, welcomes: Collection[Welcomed] = MEMBERS_AND_GUESTS) -> bool:
    """Whether a person is one of those whom the file welcomes: never a bot, nobody who is deactivated or wants no track kept of them."""
    if person.is_bot or person.is_deleted or person.is_untracked:
        return False
    kind: Welcomed = "partners" if person.is_external else "guests" if person.is_guest else "members"
    return kind in welcomes


QuestionType = Literal["text", "long_text", "choice", "choices", "yes_no", "person", "date"]


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, and where it leads who chooses it.

    ``channels`` and ``people`` are references as elsewhere in the files; ``read`` is the link of a message.
    """

    text: str
    channels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    read: str | None = None

    @property
    def leads_somewhere(self) -> bool:
        return bool(self.channels or self.people or self.read)


@dataclass(frozen=True)
class Question:
    id: str
    ask: str
    type: QuestionType = "text"
    options: tuple[Option, ...] = ()
    optional: bool = False
    share: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The texts of the options, which is what a form shows and an answer holds."""
        return tuple(option.text for option in self.options)


@dataclass(frozen=True)
class FollowUp:
    """What comes so long after the welcome. ``asks_outcome``: with the question "did you get what you came for?" below it."""

    after: timedelta
    condition: Literal["open", "answered", "posted", "silent"] | None = None
    prompt: str | None = None
    tell_moderators: bool = False
    asks_outcome: bool = False


@dataclass(frozen=True)
class ReferralThanks:
    """How those are thanked who brought others: in private alone, in public too, or not at all; with which templates."""

    where: Literal["private", "public", "off"] = "private"
    prompt: str | None = None
    announcement: str | None = None


@dataclass(frozen=True)
class Onboarding:
    welcome: str
    questions: tuple[Question, ...]
    starts_channel: str | None = None  # None: on joining the workspace
    guidelines: str | None = None
    introduction: str | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    welcomes: tuple[Welcomed, ...] = MEMBERS_AND_GUESTS
    delay: timedelta = timedelta(0)  # from joining to the welcome; the files' own default is 30 seconds
    referrals: ReferralThanks = ReferralThanks()

    @property
    def people(self) -> tuple[str, ...]:
        """The references of all people to whom an answer leads."""
        named = (who for question in self.questions for option in question.options for who in option.people)
        return tuple(dict.fromkeys(named))
