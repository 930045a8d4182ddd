"""What members said it was worth: the pulse surveys that closed in the month, and the stories that others may see. Pure."""

from collections.abc import Mapping, Sequence

from copbot.core.report import Cell, Chart, Column, Section, Table, counted
from copbot.core.small_groups import FEWEST_SHOWN, shown_of
from copbot.core.voices import SCALE, PulseQuestion, PulseResult, SharedStory, mean

MOST_STORIES = 6


def pulse_section(results: Sequence[PulseResult]) -> Section | None:
    """None where no survey closed, or too few took part. What was written in own words stays with the coordinators: who answers a
    survey of their community writes for it, not for whomever a report is forwarded to."""
    charts: list[Chart] = []
    text: list[str] = []
    for result in results:
        if result.answers < FEWEST_SHOWN:
            continue
        asked = f" of {result.round.asked:,} who were asked" if result.round.asked else ""
        text.append(f"{counted(result.answers, 'member')}{asked} took part in the survey of {result.round.period}.")
        for question in result.round.questions:
            counts = result.counts.get(question.id)
            if counts is None:
                continue
            shown, more = shown_of(counts, SCALE if question.type == "scale" else question.options)
            if not more:
                charts.append(_chart(question, shown, result.round.period))
            else:
                text.append(_in_words(question, counts, shown))
        if result.round.action:
            text.append(f"What the coordinators will do about it: {result.round.action}")
    return Section("pulse", "How members find it", tuple(text), charts=tuple(charts)) if text else None


def _in_words(question: PulseQuestion, counts: Mapping[str, int], shown: Mapping[str, int]) -> str:
    """A question of which some answers were given by so few that they might be known by them."""
    if question.type == "scale":
        return f"{question.ask} {mean(counts):.1f} of 5, from {counted(sum(counts.values()), 'member')}."
    told = ", ".join(f"{answer}: {count:,}" for answer, count in shown.items()) or "no answer stands out"
    return f"{question.ask} {told}; fewer than {FEWEST_SHOWN} for each other answer."


def _chart(question: PulseQuestion, counts: Mapping[str, int], period: str) -> Chart:
    """``counts``: of each possible answer."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(counts.items())
    people = sum(counts.values())
    told = ", ".join(f"{value}: {count:,}" for value, count in counts.items())
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
