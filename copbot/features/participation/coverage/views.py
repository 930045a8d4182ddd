"""Coverage as a table for people at a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from copbot.core.cells import cell
from copbot.core.report import as_shown, counted, per_cent
from copbot.features.participation.figures import Document

MOST_ANSWERERS = 5
_SHOWN = (("24h", "within 24 h"), ("48h", "48 h"), ("7d", "7 days"))


def coverage_table(document: Document, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """``names``: of those who answered most, as far as they are known."""
    rows = [("all", document["all"])]
    rows += [(f"#{row['name'] or row['channel']}", row) for row in document.get("channels", ())]
    rows += [(row["month"], row) for row in document.get("months", ())]
    lines: list[str] = []
    for kind, title in (("questions", "Questions"), ("others", "Other messages")):
        lines += [*_block(title, [(name, row[kind]) for name, row in rows]), ""]
    lines.append(f"{counted(document['waiting'], 'question')} without an answer.")
    return "\n".join([*lines, *_answers(document["answers"], names)])


def _block(title: str, rows: list[tuple[str, Document]]) -> Iterator[str]:
    shown = [(name, part) for number, (name, part) in enumerate(rows) if part["roots"] or number == 0]
    yield _row(title, "count", [name for _, name in _SHOWN], "median to first answer")
    for name, part in shown:
        shares = [_share(part["within"][wait]) for wait, _ in _SHOWN]
        yield _row(name, f"{part['roots']:,}", shares, _median(part["median_seconds_to_first_answer"]))


def _row(name: str, count: str, shares: Sequence[str], median: str) -> str:
    cells = "".join(cell(share, 19, right=True) for share in shares)
    return f"{cell(name, 22)}{cell(count, 8, right=True)}{cells}{cell(median, 28, right=True)}"


def _share(found: Document) -> str:
    """Such as ``62 % (60-64 %)``; ``-`` where none is old enough."""
    if found["share"] is None:
        return "-"
    return f"{per_cent(found['share'])} ({100 * found['low']:.0f}-{100 * found['high']:.0f} %)"


def _median(found: Document) -> str:
    """Such as ``2 h (53 min to 3 h)``; of few without an interval."""
    if found["median"] is None:
        return "-"
    if found["low"] is None:
        return as_shown(found["median"], "wait")
    middle, low, high = (as_shown(found[end], "wait") for end in ("median", "low", "high"))
    return f"{middle} ({low} to {high})"


def _answers(document: Document, names: Mapping[str, str]) -> Iterator[str]:
    if not document["answers"]:
        yield "Nobody answered anybody."
        return
    given = f"{counted(document['people'], 'person', 'people')} gave {counted(document['answers'], 'answer')}"
    if document["people"] > 3:
        shared = f"three of them {per_cent(document['top_three_share'])}"
        yield f"{given}; {shared} (Gini {document['gini']:.2f}: 0 is all alike, towards 1 all by one)."
    else:
        yield f"{given}."
    most = document["answerers"][:MOST_ANSWERERS]
    yield "Most by " + ", ".join(f"{names.get(one['user'], one['user'])} ({one['answers']:,})" for one in most) + "."
