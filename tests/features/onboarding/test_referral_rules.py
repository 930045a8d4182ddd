"""When somebody who invited a newcomer is credited, and which level that makes."""

from dataclasses import replace

import pytest

from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer, Person, Referral
from copbot.core.time import DAY_US
from copbot.features.onboarding.referral.rules import inviter_named, level_of, next_level, referral_counts

AT = 1000 * DAY_US
REFERRAL = Referral("UNEW", "UOLD", AT, AT + DAY_US)
NEW, OLD = Person("UNEW"), Person("UOLD")


def counts(
    referral: Referral = REFERRAL,
    newcomer: Person | None = NEW,
    inviter: Person | None = OLD,
    line: tuple[str, ...] = (),
    wrote_before: bool = False,
    inviter_started_us: int | None = None,
) -> str:
    return referral_counts(
        referral, newcomer, inviter, line, wrote_before=wrote_before, inviter_started_us=inviter_started_us
    )


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        pytest.param({}, "credit", id="a member brought a newcomer who wrote"),
        pytest.param({"referral": replace(REFERRAL, active_us=None)}, "never", id="who never wrote"),
        pytest.param({"referral": replace(REFERRAL, active_us=AT + 90 * DAY_US)}, "credit", id="in 90 days"),
        pytest.param({"referral": replace(REFERRAL, active_us=AT + 90 * DAY_US + 1)}, "never", id="after 90 days"),
        pytest.param({"referral": replace(REFERRAL, inviter="UNEW")}, "never", id="themselves"),
        pytest.param({"line": ("UNEW",)}, "never", id="each other"),
        pytest.param({"line": ("U3", "U4", "UNEW")}, "never", id="in a wider circle"),
        pytest.param({"line": ("U3", "U4")}, "credit", id="one of a line"),
        pytest.param({"wrote_before": True}, "never", id="who was here before"),
        pytest.param({"inviter_started_us": AT + 1}, "never", id="an inviter who came later"),
        pytest.param({"inviter_started_us": AT - 1}, "credit", id="an inviter who came earlier"),
        pytest.param({"inviter": None}, "wait", id="an inviter whom nobody has seen yet"),
        pytest.param({"inviter": Person("UOLD", is_bot=True)}, "never", id="a bot"),
        pytest.param({"inviter": Person("UOLD", is_deleted=True)}, "never", id="a deactivated inviter"),
        pytest.param({"inviter": Person("UOLD", is_external=True)}, "never", id="of another organisation"),
        pytest.param({"inviter": Person("UOLD", is_guest=True)}, "credit", id="a guest may invite"),
        pytest.param({"newcomer": Person("UNEW", is_deleted=True)}, "never", id="a deactivated newcomer"),
        pytest.param({"newcomer": Person("UNEW", is_bot=True)}, "never", id="a newcomer that is a bot"),
        pytest.param({"newcomer": None}, "never", id="a newcomer who does not exist"),
    ],
)
def test_a_referral_counts_for_a_newcomer_who_was_brought_and_wrote(changed: dict[str, object], verdict: str) -> None:
    assert counts(**changed) == verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "level", "coming"),
    [
        (0, None, "bronze"),
        (1, None, "bronze"),
        (2, "bronze", "silver"),
        (9, "bronze", "silver"),
        (10, "silver", "gold"),
        (24, "silver", "gold"),
        (25, "gold", None),
        (400, "gold", None),
    ],
)
def test_the_levels(count: int, level: str | None, coming: str | None) -> None:
    reached, ahead = level_of(count), next_level(count)
    assert (reached and reached.name, ahead and ahead.name) == (level, coming)


@pytest.mark.parametrize(
    ("question", "value", "inviter"),
    [
        pytest.param(Question("invited_by", "Who?", "person"), "<@UOLD>", "UOLD", id="a person"),
        pytest.param(Question("invited_by", "Who?", "person"), "<@UNEW>", None, id="themselves"),
        pytest.param(Question("invited_by", "Who?", "person"), "", None, id="nobody"),
        pytest.param(Question("invited_by", "Who?", "person"), "Ada <@UOLD>", None, id="not a person alone"),
        pytest.param(Question("invited_by", "Who?", "text"), "<@UOLD>", None, id="asked as a text"),
        pytest.param(Question("mentor", "Who?", "person"), "<@UOLD>", None, id="another question"),
    ],
)
def test_who_is_named_as_the_inviter(question: Question, value: str, inviter: str | None) -> None:
    onboarding = Onboarding("welcome.j2", (question,))
    given = [GivenAnswer(question.id, value)] if value else []
    assert inviter_named(onboarding, "UNEW", given) == inviter
