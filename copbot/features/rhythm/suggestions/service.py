"""Members suggest questions, moderators decide: from ``/cop suggest`` to the rotation.

Everything that comes back from Slack is a claim: the role, the community and the suggestion's state are looked at again at each
press, and of two moderators the first decides.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from copbot.core.community import Community
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.core.records import Suggestion, SuggestionState
from copbot.core.refusal import refused
from copbot.core.roles import channels_of, has_role, watched_channels
from copbot.features.rhythm.suggestions import desk as suggestion_desk
from copbot.features.rhythm.suggestions import views
from copbot.features.rhythm.suggestions.desk import Desk, desk_of
from copbot.features.rhythm.suggestions.listing import back
from copbot.features.rhythm.suggestions.rules import as_typed, ids_in, objection, paragraph, rotations

# --- the member -----------------------------------------------------------------------------------------------------


def suggest(ctx: Context, tx: Tx, call: Call) -> Answer:
    """``/cop suggest QUESTION``; without one, or where it is not clear for which community, a form."""
    communities = [community for community in _theirs(ctx, tx, call.user, call.channel) if rotations(community)]
    if not communities:
        return Answer(views.NOWHERE)
    question = as_typed(call.argument, _names(ctx, tx, call.argument))
    if question and len(communities) == 1:
        desk = desk_of(ctx, tx, communities[0])
        refused = desk.objection(question, call.user)
        if refused is None:
            return Answer(views.thanks(suggestion_desk.take_in(desk, call.user, question, call.channel, is_named=True)))
        if refused != "long":  # what is too long is not lost: it stands in the form, to be shortened
            return Answer(views.refused(refused, question, ctx.command))
    return Answer(view=views.form(communities, question, call.channel))


def _theirs(ctx: Context, tx: Tx, user: str, channel: str) -> Sequence[Community]:
    """The community of the channel; elsewhere those in whose channels the person is; all, for somebody who is in none."""
    communities = ctx.communities()
    here = [c for c in communities if channel in channels_of(ctx, c)]
    if here:
        return here
    return [c for c in communities if tx.facts.member_since(user, list(watched_channels(ctx, c)))] or communities


def _names(ctx: Context, tx: Tx, text: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for found in ids_in(text):
        if found[:1] in "CG":
            known[found] = ctx.directory.channel_name(found)
        elif (person := tx.facts.person(found)) is not None and person.name:
            known[found] = person.name
    return known


def sent_in(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The member's form."""
    known = _json(submission.private_metadata)
    channel = str(known.get("channel", ""))
    chosen = submission.chosen(views.COMMUNITY) or str(known.get("community", ""))
    allowed = _theirs(ctx, tx, submission.user, channel)
    community = next((one for one in allowed if one.id == chosen and rotations(one)), None)
    if community is None:
        return Answer(views.NOWHERE)
    question = paragraph(submission.written(views.QUESTION))
    desk = desk_of(ctx, tx, community)
    refused = desk.objection(question, submission.user)
    if refused is not None:
        return Answer(errors={views.QUESTION: views.refused(refused, question, ctx.command).replace("`", "")})
    is_named = bool(submission.element(views.CREDIT).get("selected_options"))
    suggestion = suggestion_desk.take_in(desk, submission.user, question, channel, is_named=is_named)
    return Answer(view=views.thanks_form(suggestion))


# --- the moderators -------------------------------------------------------------------------------------------------


def approve(ctx: Context, tx: Tx, press: Press) -> Answer:
    desk, suggestion, refusal = _before_moderator(ctx, tx, press.value, press.user)
    if desk is None or suggestion is None:
        return back(ctx, tx, press, refusal)
    place = desk.shown(suggestion).place
    if place is None:
        return back(ctx, tx, press, views.NOWHERE)
    suggestion_desk.approve(desk, suggestion, press.user, suggestion.question, place)
    return back(ctx, tx, press, "Approved. Thank you!", done=True)


def edit(ctx: Context, tx: Tx, press: Press) -> Answer:
    desk, suggestion, refusal = _before_moderator(ctx, tx, press.value, press.user)
    if desk is None or suggestion is None:
        return back(ctx, tx, press, refusal)
    place = desk.shown(suggestion).place
    if place is None:
        return back(ctx, tx, press, views.NOWHERE)
    return Answer(view=views.edit_form(suggestion, desk.places, place))


def edited(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The moderator's form: reworded, and so approved."""
    desk, suggestion, refusal = _before_moderator(ctx, tx, submission.private_metadata, submission.user)
    if desk is None or suggestion is None:
        return Answer(refusal)
    question = paragraph(submission.written(views.QUESTION))
    refused = objection(question, "", desk.in_rotation(), [], [])
    if refused is not None:
        return Answer(errors={views.QUESTION: views.refused(refused, question, ctx.command).partition(": ")[0]})
    chosen = submission.chosen(views.POST)
    place = desk.place_of(chosen) if chosen else desk.shown(suggestion).place
    if place is None:
        return Answer(
            views.NOWHERE if not desk.places else "That post asks no questions any more: open the form again."
        )
    suggestion_desk.approve(desk, suggestion, submission.user, question, place)
    return Answer()


def decline(ctx: Context, tx: Tx, press: Press) -> Answer:
    desk, suggestion, refusal = _before_moderator(ctx, tx, press.value, press.user)
    if desk is None or suggestion is None:
        return back(ctx, tx, press, refusal)
    return Answer(view=views.decline_form(suggestion))


def declined(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    """The moderator's form with a reason, or without."""
    desk, suggestion, refusal = _before_moderator(ctx, tx, submission.private_metadata, submission.user)
    if desk is None or suggestion is None:
        return Answer(refusal)
    reason = paragraph(submission.written(views.REASON))[: views.REASON_LIMIT]
    suggestion_desk.settle(desk, suggestion, "declined", submission.user, reason)
    return Answer()


def remove(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Take an approved question out of the rotation again. The member hears nothing of it."""
    desk, suggestion, refusal = _before_moderator(ctx, tx, press.value, press.user, "approved")
    if desk is None or suggestion is None:
        return back(ctx, tx, press, refusal)
    suggestion_desk.settle(desk, suggestion, "removed", press.user)
    return back(ctx, tx, press, "Taken out of the rotation.", done=True)


def _before_moderator(
    ctx: Context, tx: Tx, value: str, user: str, state: SuggestionState = "waiting"
) -> tuple[Desk | None, Suggestion | None, str]:
    """The suggestion that a button or form names, if this person moderates its community now and it is in that state."""
    number = value.partition(":")[0]
    suggestion = tx.suggestions.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
    community = next((c for c in ctx.communities() if suggestion is not None and c.id == suggestion.community), None)
    if suggestion is None or community is None:
        return None, None, views.GONE
    if not has_role(ctx, community, user, "moderators"):
        return None, None, refused("moderators", community)
    if suggestion.state != state:
        return None, None, views.settled(suggestion)
    return desk_of(ctx, tx, community), suggestion, ""


# --- forms ----------------------------------------------------------------------------------------------------------


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
