"""A month in five sentences, made of the figures; fewer where there is less to tell. Pure."""

from collections.abc import Mapping

from copbot.core.months import month_of
from copbot.core.report import LEAST_FOR_A_SHARE, Asked, KeyFigure, change_in_words, counted, per_cent, waited
from copbot.core.time import from_us
from copbot.features.participation.levels.diagnosis import MUCH, diagnosis, lean
from copbot.features.participation.report.comparison import median
from copbot.features.participation.report.keys import returned
from copbot.features.participation.report.levels import moved, young
from copbot.features.participation.report.material import FEWEST_PEOPLE, Material
from copbot.features.participation.report.phrases import part_of, part_with_interval, where_written


def sentences(material: Material, asked: Asked, figures: Mapping[str, KeyFigure]) -> tuple[str, ...]:
    """``figures`` by key."""
    if not sum(material.now.messages):
        return _silence(material, asked)
    told = [
        _activity(material, asked, figures),
        _questions(material, asked),
        _levels(material, asked),
        _newcomers(material, asked, figures),
        _returning(material, asked),
    ]
    return tuple(filter(None, told))


def _silence(material: Material, asked: Asked) -> tuple[str, ...]:
    told = [f"No message by a person is stored for {asked.month.name} in {_where(asked)}."]
    if material.last_us is None:
        told.append("Nothing is stored there at all yet: a history comes by `copbot import` or while the bot runs.")
    elif (last := month_of(from_us(material.last_us), asked.zone)) != asked.month:
        told.append(f"The last message stored there is from {last.name} ({last.key}).")
    return tuple(told)


def _where(asked: Asked) -> str:
    return counted(len(asked.channels), "channel")


def _activity(material: Material, asked: Asked, figures: Mapping[str, KeyFigure]) -> str:
    return _wrote(material, asked, figures) + _ending(material, asked)


def _ending(material: Material, asked: Asked) -> str:
    if material.ends_early_us is None:
        return ""
    last = from_us(material.ends_early_us).astimezone(asked.zone)
    return f" Nothing is stored after {last.day} {last:%B %Y}: the rest of the month may be missing."


def _wrote(material: Material, asked: Asked, figures: Mapping[str, KeyFigure]) -> str:
    now, people = sum(material.now.messages), len(material.now.writers)
    so_far = "So far in" if asked.is_running else "In"
    wrote = f"{so_far} {asked.month.name}, {counted(people, 'person', 'people')} wrote {counted(now, 'message')}"
    if not material.has_before:
        begins = "begins within" if material.begins_in_month_before else "does not cover"
        return f"{wrote}; the stored history {begins} the month before, so there is nothing to compare with."
    when = "as many days of the month before" if asked.is_running else "the month before"
    if not material.before.written:
        return f"{wrote}; in {when} nobody did."
    before = f"{counted(len(material.before.writers), 'person', 'people')} and {counted(sum(material.before.messages), 'message')}"
    verdict = _verdict(change_in_words(figures["people"]), change_in_words(figures["messages"]))
    return f"{wrote}, against {before} in {when}: {verdict}."


def _verdict(people: str, messages: str) -> str:
    if people == messages:
        return f"{people} of both" if people.startswith("clearly") else people
    return f"{people} in people, {messages} in messages"


def _questions(material: Material, asked: Asked) -> str:
    found = material.now.asked
    by_the_end = "so far" if asked.is_running else "by the end"
    if not found.asked:
        return "Nobody asked anything, as far as a rule on words can tell."
    if not material.has_threads:
        return f"{counted(found.asked, 'question was', 'questions were')} asked; nobody replied in a thread, so answers cannot be told."
    if not found.answered:
        none = "it had no answer" if found.asked == 1 else "none had an answer"
        return f"{counted(found.asked, 'question was', 'questions were')} asked, and {none} {by_the_end}."
    share = f" ({per_cent(found.answered / found.asked)})" if found.asked >= LEAST_FOR_A_SHARE else ""
    told = f"Of {counted(found.asked, 'question')}, {found.answered:,}{share} had an answer {by_the_end}"
    typical = f", the typical one after {waited(median(found.waits_s))}"
    waiting = found.asked - found.answered
    return told + typical + (f"; {waiting:,} had none." if waiting else ".")


def _levels(material: Material, asked: Asked) -> str:
    told = diagnosis(material.now.levels, 0, young(material, asked))
    if not told or not material.has_before:
        return "".join(told[:1])
    how = list(moved(material).values())
    up, down = how.count("up"), how.count("down")
    if not up and not down:
        return f"{told[0]} Nobody moved from one level to another."
    return f"{told[0]} Since the month before, {_many(up)} rose a level and {_many(down)} went down."


def _many(count: int) -> str:
    return f"{count:,}" if count else "nobody"


def _newcomers(material: Material, asked: Asked, figures: Mapping[str, KeyFigure]) -> str:
    joined, cohort, figure = sum(material.now.joined), material.cohort, figures["joined"]
    so_far = " so far" if asked.is_running else ""
    told = f"{counted(joined, 'person', 'people')} joined{so_far}" if joined else f"Nobody joined{so_far}"
    if figure.before is not None:
        before = f"{figure.before:,.0f}" if figure.before else "none"
        told += f", against {before} before: {change_in_words(figure)}"
    if cohort.joined < FEWEST_PEOPLE or not cohort.joined_silently:
        return f"{told}."
    wrote = part_of(cohort.posted_30d, cohort.joined)
    when = cohort.month.name if asked.is_running else "the month before"
    return f"{told}; of those who joined in {when}, {wrote} {where_written(asked)} within 30 days."


def _returning(material: Material, asked: Asked) -> str:
    part, total = returned(material)
    leaning = _leaning(material)
    if not total or asked.is_running:
        return leaning
    told = f"Of the people who wrote in the month before, {part_with_interval(part, total)} wrote again"
    return f"{told}. {leaning}" if leaning else f"{told}."


def _leaning(material: Material) -> str:
    """How much rests on three people, where there are enough others for that to mean something."""
    top = lean(list(material.now.written.values()))
    if len(material.now.written) < LEAST_FOR_A_SHARE or top.share is None or top.share < MUCH:
        return ""
    return f"Three people wrote {per_cent(top.share)} of all messages."
