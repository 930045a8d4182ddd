"""A member reports a message: the form, and the case that it becomes.

Decided: everybody of this workspace may report, guests too, for they are as much exposed as members; people of other organisations are
pointed to a moderator. Moderators learn who reported only where the reporter agreed, since in a small community a name costs more than it
tells; whoever wrote the message never does. A closed case that somebody else reports is open again.
"""

import json

from copbot.core.community import Community
from copbot.core.interaction import Answer, Shortcut, Submission
from copbot.core.ports import Context, Tx
from copbot.core.ports.case import Report, Step
from copbot.core.records import Person
from copbot.core.roles import communities_watching
from copbot.core.time import to_us, ts_to_us, us_to_ts
from copbot.features.moderation import views
from copbot.features.moderation.docket import Docket
from copbot.features.moderation.letters import points_of
from copbot.features.moderation.people import audience, is_about_moderator, named
from copbot.features.moderation.words import Words, words_for


def ask(ctx: Context, tx: Tx, chosen: Shortcut) -> Answer:
    """The form; or the one line that says why there is nothing to report."""
    reporter = tx.facts.person(chosen.user)
    communities = communities_watching(ctx, chosen.channel, chosen.user)
    community = communities[0] if communities else None
    words = _words(reporter, community or next(iter(ctx.communities()), None))
    refusal = _refusal(ctx, tx, words, reporter, community, chosen)
    if refusal or community is None or chosen.author is None:
        return Answer(refusal)
    about_moderator = is_about_moderator(ctx, tx, community, chosen.author)
    reasons = (*(points_of(ctx, community) or words.reasons), words.other)
    metadata = json.dumps([community.id, chosen.channel, us_to_ts(chosen.message_us), chosen.author])
    form = views.report_form(words, metadata, community.name, chosen.author, reasons, by_coordinators=about_moderator)
    return Answer(view=form)


def _refusal(
    ctx: Context,
    tx: Tx,
    words: Words,
    reporter: Person | None,
    community: Community | None,
    chosen: Shortcut,
) -> str:
    """Why this person cannot report this message; "" when they can."""
    if community is None:
        first = next(iter(ctx.communities()), None)
        return words.outside.format(moderators="—" if first is None else named(ctx, first))
    if reporter is not None and reporter.is_external:
        return words.from_elsewhere.format(moderators=named(ctx, community, besides=chosen.author))
    author = None if chosen.author is None else tx.facts.person(chosen.author)
    if chosen.author is None or (author is not None and author.is_bot):
        return words.by_an_app.format(moderators=named(ctx, community))
    if chosen.author == chosen.user:
        return words.own
    return "" if audience(ctx, tx, community, chosen.author) else words.nobody


def sent_in(ctx: Context, tx: Tx, form: Submission) -> Answer:
    """A report. What the form was opened for is a claim: channel, author and community are looked at again."""
    found = _claimed(form)
    if found is None:
        return Answer()
    community_id, claimed = found
    reporter = tx.facts.person(form.user)
    community = next((c for c in communities_watching(ctx, claimed.channel, form.user) if c.id == community_id), None)
    words = _words(reporter, community or next(iter(ctx.communities()), None))
    refusal = _refusal(ctx, tx, words, reporter, community, claimed)
    if refusal or community is None or claimed.author is None:
        return Answer(refusal)
    if tx.cases.author(claimed.channel, claimed.message_us) not in (claimed.author, None):
        return Answer()
    now_us = to_us(ctx.clock.now())
    report = _report(form, words.other, now_us)
    case = tx.cases.open(community.id, claimed.channel, claimed.message_us, claimed.author, now_us)
    if not tx.cases.report(case.id, report):
        return Answer(words.twice)
    if case.state == "closed":
        tx.cases.step(case.id, Step(form.user, "reopened", now_us))
    Docket(ctx, tx, community, case, now_us).after(state="open", closed_us=None)
    return Answer(words.thanks_news if report.wants_news else words.thanks)


def _claimed(form: Submission) -> tuple[str, Shortcut] | None:
    try:
        community, channel, ts, author = map(str, json.loads(form.private_metadata))
        return community, Shortcut(form.user, "", channel, ts_to_us(ts), author)
    except (ValueError, TypeError):  # not JSON, not four, or no ts
        return None


def _report(form: Submission, otherwise: str, now_us: int) -> Report:
    boxes = form.element(views.WISHES).get("selected_options") or []
    wishes = {box.get("value") for box in boxes}
    return Report(
        reporter=form.user,
        reason=(form.chosen(views.REASON) or otherwise)[: views.LINE_LIMIT],
        line=form.written(views.LINE).strip()[: views.LINE_LIMIT],
        is_named=views.NAMED in wishes,
        wants_news=views.NEWS in wishes,
        at_us=now_us,
    )


def _words(person: Person | None, community: Community | None) -> Words:
    return words_for(None if person is None else person.locale, None if community is None else community.language)
