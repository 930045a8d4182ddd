"""Which steps a case offers, in which order, and which points guidelines have."""

from dataclasses import replace

import pytest

from copbot.core.ports.case import Case, CaseAction, Step
from copbot.features.moderation.rules import REASON_LIMIT, REASONS_AT_MOST, REMEMBERED_US, offered, reasons_in

AT = 1_700_000_000_000_000
CASE = Case(1, "data", "C1", AT, "UBEN", "open", AT)


def earlier(reminder: str, opened_us: int) -> Case:
    return replace(CASE, id=2, reminder=reminder, opened_us=opened_us)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "done", "before", "can_write", "steps"),
    [
        pytest.param(CASE, [], [], True, "reminded no_action noted", id="a reminder first"),
        pytest.param(replace(CASE, reminder="due"), ["reminded"], [], True, "noted", id="no warning before it has arrived"),
        pytest.param(replace(CASE, reminder="sent"), ["reminded"], [], True, "warned noted", id="then a warning"),
        pytest.param(replace(CASE, reminder="failed"), ["reminded"], [], True, "noted", id="not where it never arrived"),
        pytest.param(replace(CASE, reminder="sent"), ["reminded", "warned"], [], True, "noted", id="nothing comes after it"),
        pytest.param(CASE, [], [earlier("sent", AT - REMEMBERED_US)], True, "reminded warned no_action noted", id="reminded within a year"),
        pytest.param(CASE, [], [earlier("sent", AT - REMEMBERED_US - 1)], True, "reminded no_action noted", id="reminded longer ago"),
        pytest.param(CASE, [], [earlier("due", AT)], True, "reminded no_action noted", id="another reminder on its way"),
        pytest.param(CASE, [], [earlier("sent", AT)], False, "no_action noted", id="nobody to write to"),
        pytest.param(replace(CASE, state="closed"), [], [], True, "", id="closed"),
        pytest.param(CASE, ["no_action", "reopened"], [], True, "reminded no_action noted", id="open again"),
    ],
)  # fmt: skip
def test_the_steps_are_the_same_for_everyone(
    case: Case, done: list[CaseAction], before: list[Case], can_write: bool, steps: str
) -> None:
    taken = [Step("UMOD", action, AT) for action in done]
    assert " ".join(offered(case, taken, before, can_write=can_write)) == steps


@pytest.mark.parametrize(
    ("guidelines", "points"),
    [
        ("*How we treat each other*\n• Ask early.\n• _Never_ post data.", ("Ask early.", "Never post data.")),
        ("- one\n* two\n3. three\n 4) four", ("one", "two", "three", "four")),
        ("Be kind.", ()),
        ("• \n•nothing", ()),
        ("• twice\n• twice", ("twice",)),
        ("• 2 * 3 * 4 is a sum", ("2 * 3 * 4 is a sum",)),
        ("", ()),
    ],
)
def test_the_points_of_guidelines(guidelines: str, points: tuple[str, ...]) -> None:
    assert reasons_in(guidelines) == points


def test_many_and_long_points_fit_a_form() -> None:
    found = reasons_in("\n".join(f"• {n} {'word ' * 60}" for n in range(20)))
    assert len(found) == REASONS_AT_MOST
    assert max(map(len, found)) <= REASON_LIMIT
