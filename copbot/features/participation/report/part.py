"""The report's main part: everything that the figures of participation tell of a month."""

from copbot.core.ports import Context, Tx
from copbot.core.records import GivenAnswer, Verdict
from copbot.core.report import Asked, Part, Section
from copbot.features.participation.report import activity, levels, named, newcomers, questions, returning, voices, wants
from copbot.features.participation.report.gathering import gather
from copbot.features.participation.report.keys import key_figures
from copbot.features.participation.report.sentences import sentences

NOTES = (
    'Each figure stands beside the month before. "Clearly" means that chance alone would make such a difference in fewer than one of '
    'twenty cases; of twenty figures that did not change, one will therefore seem to have. "No clear change" does not mean that nothing '
    "changed.",
    "Messages, questions and newcomers are compared by their rates per day, with the spread from day to day (quasi-Poisson); the number of "
    "people by those who wrote in one of the two months only (McNemar's exact test); shares by Newcombe's interval of their difference; "
    "waits by rank (Mann-Whitney). Intervals of shares are 95 % intervals after Wilson.",
    "A question is a message that asks something, by a rule on its words. An answer is a reply in its thread by somebody else. A share of "
    "questions answered within a time counts those alone that are at least that old at the month's end.",
    "Bots are left out, and so is whatever was deleted. All is counted from what was there at the month's end, by the clock of the "
    "community. What members said when they were asked is shown only where five or more of them said something.",
)
NOBODY = "Nobody is named."
YEAR = 12
"""Months of answers to the welcome that are taken together where the month alone has too few."""


def part(ctx: Context, tx: Tx, asked: Asked) -> Part:
    roles = asked.community.roles
    material = gather(tx, asked, ctx.directory.people((*roles.coordinators, *roles.moderators)))
    figures = key_figures(material, asked)
    told = sentences(material, asked, {figure.key: figure for figure in figures})
    if not sum(material.now.messages):
        return Part(sentences=told, sections=_said(tx, asked))
    sections: list[Section | None] = [
        activity.section(material, asked),
        questions.section(material, asked),
        levels.section(material, asked),
        newcomers.section(material, asked),
        returning.section(material, asked),
        *_said(tx, asked),
        named.section(material, asked),
    ]
    return Part(tuple(filter(None, sections)), told, figures, NOTES if asked.names else (*NOTES, NOBODY))


def _said(tx: Tx, asked: Asked) -> tuple[Section, ...]:
    community = asked.community
    stories = tx.stories.shared(community.id, asked.since_us, asked.until_us)
    tellers = {story.user: tx.facts.person(story.user) for story in stories if story.user} if asked.names else {}
    sections = (
        _came_for(tx, asked),
        voices.pulse_section(tx.pulses.closed(community.id, asked.since_us, asked.until_us)),
        voices.stories_section(
            stories, {user: one.name for user, one in tellers.items() if one and not one.is_deleted}
        ),
    )
    return tuple(filter(None, sections))


def _came_for(tx: Tx, asked: Asked) -> Section | None:
    """Of the month; where fewer than five answered in it, of the year to its end."""
    community = asked.community
    if community.onboarding is None:
        return None
    year_us = asked.month.plus(1 - YEAR).start_us(asked.zone)
    for since_us, period in (
        (asked.since_us, f"in {asked.month.name}"),
        (year_us, f"in the year to {asked.month.name}"),
    ):
        answers: list[GivenAnswer] = list(tx.said.answers(community.id, since_us, asked.until_us))
        outcomes: dict[Verdict, int] = dict(tx.said.outcomes(community.id, since_us, asked.until_us))
        found = wants.section(community.onboarding, answers, outcomes, period)
        if found is not None:
            return found
    return None
