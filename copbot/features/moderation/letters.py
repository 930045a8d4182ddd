"""What the person who was reported reads: the reminder and the warning, in the community's words and the reader's language.

The prompts ``moderation-reminder.j2`` and ``moderation-warning.j2``, where the coordinators wrote them, see ``member`` (name, mention),
``channel``, ``link`` and ``guideline`` (the point of the guidelines that was named, or ""). Without them the bot's own words frame the
community's guidelines.
"""

from collections.abc import Sequence
from typing import Any, Literal

from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.mrkdwn import channel_link, escape, mention
from copbot.core.ports import Context
from copbot.core.ports.case import Case, Report
from copbot.core.records import Person
from copbot.features.moderation.rules import reasons_in
from copbot.features.moderation.words import Words, words_for

Letter = Literal["reminded", "warned"]

PROMPTS: dict[Letter, str] = {"reminded": "moderation-reminder.j2", "warned": "moderation-warning.j2"}


def letter(
    ctx: Context, community: Community, case: Case, reports: Sequence[Report], person: Person | None, kind: Letter
) -> str:
    """The whole message as Slack mrkdwn."""
    locale = None if person is None else person.locale
    link = ctx.permalink(case.channel, case.ts_us) or ""
    guideline = guideline_named(ctx, community, reports)
    name = person.name if person is not None and person.name else "you"
    values = {
        "member": {"name": name, "mention": mention(case.author)},
        "channel": channel_link(case.channel),
        "link": link,
        "guideline": guideline,
    }
    try:
        return ctx.templates.render(community, PROMPTS[kind], values, locale)
    except Mistake:
        pass  # not written, or broken, which `copbot check` tells: what people decided is said all the same
    return _own(ctx, community, case, kind, words_for(locale, community.language), guideline, link, locale)


def guideline_named(ctx: Context, community: Community, reports: Sequence[Report]) -> str:
    """The point of the guidelines that most reports name, the first named of several; "" for none."""
    points = set(points_of(ctx, community))
    named = [report.reason for report in reports if report.reason in points]
    return max(dict.fromkeys(named), key=named.count, default="")


def points_of(ctx: Context, community: Community) -> tuple[str, ...]:
    """What may be wrong with a message, in the community's own words; nothing where its guidelines are not written as points."""
    return reasons_in(guidelines_of(ctx, community))


def guidelines_of(ctx: Context, community: Community, locale: str | None = None) -> str:
    """The guidelines that newcomers accept, as Slack mrkdwn; "" where there are none, or they need values that are not there now."""
    name = None if community.onboarding is None else community.onboarding.guidelines
    if name is None:
        return ""
    nobody: dict[str, Any] = {"member": {"name": "", "mention": ""}, "answers": [], "inviter": None, "channel": ""}
    try:
        return ctx.templates.render(community, name, nobody, locale)
    except Mistake:
        return ""


def _own(
    ctx: Context,
    community: Community,
    case: Case,
    kind: Letter,
    words: Words,
    guideline: str,
    link: str,
    locale: str | None,
) -> str:
    whole = guidelines_of(ctx, community, locale)
    shown = _quoted(escape(guideline)) if guideline else _quoted(whole)
    places = {"community": escape(community.name), "link": link, "channel": f"#{escape(_name(ctx, case.channel))}"}
    if kind == "warned":
        return words.warning.format(guideline=f"\n{shown}" if shown else "", **places)
    frame = words.reminder if guideline else words.reminder_all if whole else words.reminder_bare
    return frame.format(guideline=shown, **places)


def _name(ctx: Context, channel: str) -> str:
    """Inside a link Slack shows no other link: the channel stands there by its name."""
    return ctx.directory.channel_name(channel)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines() if line.strip())
