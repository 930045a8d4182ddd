"""Newcomers: what those did within 30 days who joined in the month before, since only of them all 30 days are over. Pure."""

from copbot.core.intervals import wilson
from copbot.core.report import Asked, Cell, Chart, Column, KeyFigure, Section, Table, counted
from copbot.features.participation.report.keys import share
from copbot.features.participation.report.material import FEWEST_PEOPLE, Cohort, Material
from copbot.features.participation.report.phrases import part_with_interval, where_written


def steps_of(cohort: Cohort, *, has_onboarding: bool) -> tuple[tuple[str, int], ...]:
    return (
        ("Joined", cohort.joined),
        *([("Answered the welcome", cohort.answered_onboarding)] if has_onboarding else []),
        ("Wrote within 7 days", cohort.posted_7d),
        ("Wrote within 30 days", cohort.posted_30d),
        ("Wrote again within 30 days", cohort.posted_again_30d),
    )


def section(material: Material, asked: Asked) -> Section | None:
    cohort = material.cohort
    if cohort.joined < FEWEST_PEOPLE:
        return None
    if not cohort.joined_silently:
        told = (
            f"{counted(cohort.joined, 'person', 'people')} wrote for the first time in {cohort.month.name}. Nobody is known to have joined "
            "without writing, so nothing can be said of how many newcomers write."
        )
        return Section("newcomers", "Newcomers", (told,))
    text = (
        f"Of those who joined in {cohort.month.name}, whose first 30 days are over, "
        f"{part_with_interval(cohort.posted_30d, cohort.joined)} {where_written(asked)} within them.",
    )
    return Section("newcomers", "Newcomers", text, (_wrote(material),), (_chart(material, asked),))


def _wrote(material: Material) -> KeyFigure:
    now, before = material.cohort, material.cohort_before
    earlier = (before.posted_30d, before.joined) if before.joined and before.joined_silently else None
    return share("newcomers_wrote_30d", "Newcomers who wrote within 30 days", (now.posted_30d, now.joined), earlier)


def _chart(material: Material, asked: Asked) -> Chart:
    has_onboarding = asked.community.onboarding is not None or material.cohort.answered_onboarding > 0
    now = steps_of(material.cohort, has_onboarding=has_onboarding)
    before = steps_of(material.cohort_before, has_onboarding=has_onboarding)
    columns = (
        Column("step", "Step", "text"),
        Column("people", "People"),
        Column("share", "Of those who joined", "share"),
        Column("low", "From", "share"),
        Column("high", "To", "share"),
        Column("people_before", f"Joined in {material.cohort_before.month.name}"),
    )
    rows: list[tuple[Cell, ...]] = []
    for (step, people), (_, earlier) in zip(now, before, strict=True):
        low, high = wilson(people, material.cohort.joined) or (None, None)
        rows.append((step, people, people / material.cohort.joined, low, high, earlier))
    told = ", ".join(f"{step.lower()} {people:,}" for step, people in now)
    return Chart(
        kind="steps",
        title=f"Those who joined in {material.cohort.month.name}",
        alt=f"Of those who joined in {material.cohort.month.name}: {told}.",
        table=Table("newcomers", "Newcomers, step by step", columns, tuple(rows)),
        x="step",
        ys=("people",),
        unit="people",
    )
