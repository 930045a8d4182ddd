"""Reads what coverage is made of from the store. Decides nothing and writes nothing."""

from copbot.core.ports import Tx
from copbot.core.ports.answering import Answered, AnsweredCounts, Group
from copbot.core.records import Scope
from copbot.features.participation.coverage.document import By, answered_document, answers_document
from copbot.features.participation.figures import WAITS_US, Document, calendar_months, iso
from copbot.features.participation.service import Period

_WAITS = tuple(WAITS_US.values())
_NONE = AnsweredCounts(0, 0, tuple((0, 0) for _ in _WAITS), None)
_NOTHING = Answered(_NONE, _NONE)


def covered(tx: Tx, scope: Scope) -> Answered:
    """The counts of a scope, all together."""
    return tx.answering.covered(scope, _WAITS).get(Group("", 0), _NOTHING)


def coverage(tx: Tx, period: Period, by: By) -> Document:
    """``stats threads --by``: all together, then each channel (the one with most questions first) or month, in order.

    ``waiting``: the questions that have no answer at the end, however old they are.
    """
    scope = period.scope
    whole = covered(tx, scope)
    return {
        "timezone": period.zone.key,
        "since": iso(scope.since_us, period.zone),
        "until": iso(scope.until_us, period.zone),
        "by": by,
        "waiting": whole.questions.roots - whole.questions.answered,
        "all": answered_document(whole),
        "answers": answers_document(tx.answering.answerers(scope)),
        **({"channels": _channels(tx, scope)} if by == "channel" else {"months": _months(tx, period)}),
    }


def _channels(tx: Tx, scope: Scope) -> list[Document]:
    names = dict(tx.figures.channels())
    found = tx.answering.covered(scope, _WAITS, by_channel=True)
    ordered = sorted(found.items(), key=lambda one: (-one[1].questions.roots, -one[1].others.roots, one[0].channel))
    return [
        {"channel": group.channel, "name": names.get(group.channel), **answered_document(answered)}
        for group, answered in ordered
    ]


def _months(tx: Tx, period: Period) -> list[Document]:
    """Every month that the period touches, also those without a root."""
    months = calendar_months(period.first_us(tx.figures), period.scope.until_us, period.zone)
    found = tx.answering.covered(period.scope, _WAITS, starts_us=[month.start_us(period.zone) for month in months])
    return [
        {"month": month.key, **answered_document(found.get(Group("", number), _NOTHING))}
        for number, month in enumerate(months)
    ]
