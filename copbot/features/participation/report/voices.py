"""What members said it was worth: the pulse surveys that closed in the month, and the stories that others may see. Pure."""

from collections.abc import Mapping, Sequence

from copbot.core.report import Cell, Chart, Column, Section, Table, counted
from copbot.core.voices import MIN_SHOWN, SCALE, PulseQuestion, PulseResult, SharedStory

MOST_STORIES = 6


def pulse_section(results: Sequence[PulseResult]) -> Section | None:
    """None where no survey closed, or too few took part. What was written in own words stays with the coordinators: who answers a
    survey of their community writes for it, not for whomever a report is forwarded to."""
    charts: list[Chart] = []
    text: list[str] = []
    for result in results:
        if result.answers < MIN_SHOWN:
            continue
        asked = f" of {result.round.asked:,} who were asked" if result.round.asked else ""
        text.append(f"{counted(result.answers, 'member')}{asked} took part in the survey of {result.round.period}.")
        charts += [
            _chart(question, found, result.round.period)
            for question in result.round.questions
            if (found := result.counts.get(question.id)) is not None
        ]
        if result.round.action:
            text.append(f"What the coordinators will do about it: {result.round.action}")
    return Section("pulse", "How members find it", tuple(text), charts=tuple(charts)) if text else None


def _chart(question: PulseQuestion, counts: Mapping[str, int], period: str) -> Chart:
    values = SCALE if question.type == "scale" else question.options
    rows: tuple[tuple[Cell, ...], ...] = tuple((value, counts.get(value, 0)) for value in values)
    people = sum(counts.values())
    told = ", ".join(f"{value}: {counts.get(value, 0):,}" for value in values)
    hint = " (1: not at all, 5: very much)" if question.type == "scale" else ""
    return Chart(
        kind="steps",
        title=f"{question.ask}{hint}",
        alt=f"{counted(people, 'member')} answered. {told}.",
        table=Table(
            f"pulse-{period}-{question.id}",
            question.ask,
            (Column("answer", "Answer", "text"), Column("people", "People")),
            rows,
        ),
        x="answer",
        ys=("people",),
        unit="people",
    )


def stories_section(stories: Sequence[SharedStory], names: Mapping[str, str]) -> Section | None:
    """``names``: of those tellers who agreed to be named, where names are wanted, and who are still here: who has left can take
    nothing back. Else nobody is named."""
    if not stories:
        return None
    shown = stories[:MOST_STORIES]
    quotes = tuple(_told(story, names.get(story.user or "")) for story in shown)
    more = len(stories) - len(shown)
    text = f"{counted(len({story.id for story in stories}), 'member')} told what something here had changed, and agreed that others see it."
    return Section(
        "stories", "What it was worth", (text + (f" The last {len(shown)}:" if more else ""),), quotes=quotes
    )


def _told(story: SharedStory, name: str | None) -> str:
    parts = []
    for told in story.told:
        when = f"After {told.step} days: " if told.step else ""
        saved = f" ({told.saved})" if told.saved else ""
        parts.append(f"{when}{told.text.strip()}{saved}")
    return "\n".join(parts) + (f"\n{name}" if name else "")
