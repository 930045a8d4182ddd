"""What a person is still asked in a community: never a question that they have answered in another community of this workspace.

A question is the same where its id, its type and its words are. The earlier answer is kept in the new community too; whether it is
shared there is decided there, and nothing is shared that the person did not tick: what they told one circle is not meant for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copbot.core.community import Community
from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer
from copbot.features.onboarding.form import fits


@dataclass(frozen=True)
class Asking:
    """``carried``: what was answered elsewhere, not shared; its questions are not asked."""

    questions: tuple[Question, ...]
    carried: tuple[GivenAnswer, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.questions


def asking(
    onboarding: Onboarding,
    own: Sequence[GivenAnswer],
    elsewhere: Sequence[tuple[str, GivenAnswer]],
    communities: Mapping[str, Community],
) -> Asking:
    """What to ask. ``own``: answers in this community; ``elsewhere``: (community, answer) in others, the latest first."""
    answered = {one.question for one in own}
    carried: dict[str, GivenAnswer] = {}
    for question in onboarding.questions:
        if question.id in answered:
            continue
        for place, given in elsewhere:
            same = _asked_in(communities.get(place), question)
            if given.question == question.id and same and fits(question, given.value):
                carried[question.id] = GivenAnswer(question.id, given.value)
                break
    questions = tuple(question for question in onboarding.questions if question.id not in carried)
    return Asking(questions, tuple(carried.values()))


def _asked_in(community: Community | None, question: Question) -> bool:
    """Whether a community asks this very question too, as its files are now: how it was worded before nobody knows."""
    if community is None or community.onboarding is None:
        return False
    return any(
        other.id == question.id and other.type == question.type and _words(other) == _words(question)
        for other in community.onboarding.questions
    )


def _words(question: Question) -> str:
    return " ".join(question.ask.casefold().split())
