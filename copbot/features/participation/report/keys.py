"""The figures at the head of a report, each beside the month before. Pure."""

from dataclasses import replace

from copbot.core.intervals import wilson
from copbot.core.report import Asked, KeyFigure, counted
from copbot.features.participation.report.comparison import (
    Change,
    change_of_days,
    change_of_people,
    change_of_shares,
    change_of_waits,
    median,
)
from copbot.features.participation.report.material import Material

NOT_COMPARED = Change("unknown", None, "")


def key_figures(material: Material, asked: Asked) -> tuple[KeyFigure, ...]:
    figures = [
        _count("messages", "Messages", material, material.now.messages, material.before.messages),
        _writers(material),
        _count("questions", "Questions asked", material, material.now.questions, material.before.questions),
        _answered(material),
        _wait(material),
        _core(material),
        _returned(material),
        _count("joined", "Joined", material, material.now.joined, material.before.joined),
    ]
    left_out = {"returned"} if asked.is_running else set()  # who has not come back may still do so
    if not material.has_threads:
        left_out |= {"answered_24h", "median_wait"}
    return tuple(figure for figure in figures if figure.key not in left_out)


def _count(key: str, label: str, material: Material, now: tuple[int, ...], before: tuple[int, ...]) -> KeyFigure:
    change = change_of_days(now, before) if material.has_before else NOT_COMPARED
    if material.ends_early_us is not None:  # fewer, where days are missing, means nothing
        change = replace(change, is_clear=None)
    return KeyFigure(
        key=key,
        label=label,
        now=sum(now),
        before=sum(before) if material.has_before else None,
        shown="count",
        direction=change.direction,
        is_clear=change.is_clear,
        test=change.test,
    )


def _writers(material: Material) -> KeyFigure:
    now, before = material.now.writers, material.before.writers
    change = change_of_people(now, before) if material.has_before else NOT_COMPARED
    if material.ends_early_us is not None:
        change = replace(change, is_clear=None)
    return KeyFigure(
        key="people",
        label="People who wrote",
        now=len(now),
        before=len(before) if material.has_before else None,
        shown="count",
        direction=change.direction,
        is_clear=change.is_clear,
        test=change.test,
    )


def share(key: str, label: str, now: tuple[int, int], before: tuple[int, int] | None) -> KeyFigure:
    """A share as (part, whole); ``before`` None where there is no month before."""
    change = NOT_COMPARED if before is None else change_of_shares(now, before)
    interval = wilson(*now)
    return KeyFigure(
        key=key,
        label=label,
        now=now[0] / now[1] if now[1] else None,
        before=before[0] / before[1] if before and before[1] else None,
        shown="share",
        direction=change.direction,
        is_clear=change.is_clear,
        test=change.test,
        of=f"{now[0]:,} of {now[1]:,}" if now[1] else "",
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        parts=now,
        parts_before=before,
    )


def _answered(material: Material) -> KeyFigure:
    before = material.before.asked.within["24h"] if material.has_before else None
    return share("answered_24h", "Questions answered within a day", material.now.asked.within["24h"], before)


def _wait(material: Material) -> KeyFigure:
    now, before = material.now.asked.waits_s, material.before.asked.waits_s if material.has_before else ()
    change = change_of_waits(now, before)
    return KeyFigure(
        key="median_wait",
        label="Typical wait for an answer",
        now=median(now) if now else None,
        before=median(before) if before else None,
        shown="wait",
        direction=change.direction,
        is_clear=change.is_clear,
        test=change.test,
        of=f"median of {counted(len(now), 'answered question')}" if now else "",
    )


def _core(material: Material) -> KeyFigure:
    now, before = material.now.levels, material.before.levels
    return share(
        "core_share",
        "Members in the core",
        (now["core"], sum(now.values())),
        (before["core"], sum(before.values())) if material.has_before else None,
    )


def returned(material: Material, back: int = 0) -> tuple[int, int]:
    """Of those who wrote in the month before, those who wrote in the month; ``back`` months earlier."""
    wrote, again = material.returning[-2 - back]
    return again, wrote


def _returned(material: Material) -> KeyFigure:
    before = returned(material, 1)
    return share("returned", "Came back from the month before", returned(material), before if before[1] else None)
