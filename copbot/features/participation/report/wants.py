"""What members said they came for, and whether they got it: counted, of five people or more alone, never one by one. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from copbot.core.onboarding import Onboarding, Question
from copbot.core.records import GivenAnswer, Verdict
from copbot.core.report import Cell, Chart, Column, Section, Table, counted
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.words import stop_words, words_of

MOST_WORDS = 10
"""Of an answer in own words, those that most people used."""

SHORTEST_WORD = 3
_FILLERS = frozenset("about also more other very like want would learn know".split())  # noqa: SIM905 - a list of words
"""What people come for, whatever they come for."""
VERDICTS: tuple[tuple[Verdict, str], ...] = (("yes", "Yes"), ("partly", "In part"), ("not_yet", "Not yet"))


def section(
    onboarding: Onboarding, answers: Sequence[GivenAnswer], outcomes: Mapping[Verdict, int], period: str
) -> Section | None:
    """``period`` says of which time these are, such as ``in October 2026``. None where fewer than five people said anything."""
    charts = [chart for question in onboarding.questions if (chart := _question(question, answers, period)) is not None]
    text = []
    said = sum(outcomes.values())
    if said >= FEWEST_SHOWN:
        charts.append(_outcomes(outcomes, period))
    if not charts:
        return None
    people = max(Counter(answer.question for answer in answers).values(), default=0)
    if people >= FEWEST_SHOWN:
        text.append(
            f"{counted(people, 'newcomer')} answered the welcome {period}. What fewer than five of them said is left out."
        )
    return Section("came-for", "What they came for, and whether they got it", tuple(text), charts=tuple(charts))


def _question(question: Question, answers: Sequence[GivenAnswer], period: str) -> Chart | None:
    given = [answer.value for answer in answers if answer.question == question.id and answer.value]
    if len(given) < FEWEST_SHOWN or question.type in ("person", "date"):
        return None
    counts = _chosen(question, given) if question.type in ("choice", "choices", "yes_no") else _words(question, given)
    shown = [(what, people) for what, people in counts if people >= FEWEST_SHOWN]
    if not shown:
        return None
    in_own_words = question.type in ("text", "long_text")
    return _steps(
        name=f"came-for-{question.id}",
        title=f"{question.ask} {'Words that most used' if in_own_words else ''}".strip(),
        what="Word" if in_own_words else "Answer",
        rows=shown[:MOST_WORDS] if in_own_words else shown,
        told=f"{counted(len(given), 'person', 'people')} answered {period}",
    )


def _chosen(question: Question, given: Sequence[str]) -> list[tuple[str, int]]:
    """By option, of several the one that most chose first; an answer of several is joined by commas, as options may be themselves."""
    if question.type == "choices":
        counts = Counter(option for value in given for option in _options_in(value, question.choices))
    else:
        counts = Counter(given)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _options_in(value: str, options: Sequence[str]) -> list[str]:
    rest, found = f"{value}, ", []
    for option in sorted(options, key=len, reverse=True):
        if f", {option}, " in f", {rest}":
            found.append(option)
            rest = f", {rest}".replace(f", {option}, ", ", ", 1).removeprefix(", ")
    return found


def _words(question: Question, given: Sequence[str]) -> list[tuple[str, int]]:
    """How many people used each word. What stands in the question itself, and in every text, says nothing."""
    nothing = stop_words() | _FILLERS | set(words_of(question.ask))
    counts = Counter(word for value in given for word in set(words_of(value)) if _tells(word) and word not in nothing)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _tells(word: str) -> bool:
    """Short words say little; in Chinese and Japanese two characters that stand for ideas are a word."""
    return len(word) >= SHORTEST_WORD or (len(word) == 2 and all("\u4e00" <= letter <= "\u9fff" for letter in word))


def _outcomes(outcomes: Mapping[Verdict, int], period: str) -> Chart:
    rows = [(label, outcomes.get(verdict, 0)) for verdict, label in VERDICTS]
    if any(0 < count < FEWEST_SHOWN for _, count in rows[1:]):  # so few might be known by it
        rows = [rows[0], ("In part, or not yet", sum(count for _, count in rows[1:]))]
    people = sum(outcomes.values())
    told = f"{counted(people, 'newcomer')} said so {period}, a month after joining"
    return _steps("got", "Did you get what you came for?", "Answer", rows, told)


def _steps(name: str, title: str, what: str, rows: Sequence[tuple[str, int]], told: str) -> Chart:
    cells: tuple[tuple[Cell, ...], ...] = tuple(rows)
    columns = (Column("answer", what, "text"), Column("people", "People"))
    first = f"{rows[0][0]}: {rows[0][1]:,}" if rows else ""
    return Chart(
        kind="steps",
        title=title,
        alt=f"{told}. {first}.",
        table=Table(name, title, columns, cells),
        x="answer",
        ys=("people",),
        unit="people",
    )
