"""``/cop preview NAME``: what would be said, sent to oneself. One command for the previews of all features.

It is marked as a preview, and nothing in it acts: its buttons only say so, its forms keep nothing.
"""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from copbot.core.blocks import actions, button, context, sections
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.errors import Mistake
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command, Press, Submission
from copbot.core.mrkdwn import escape, shorten
from copbot.core.ports import Context, Tx
from copbot.core.previews import Preview, Shown, Wanted
from copbot.core.refusal import refused
from copbot.core.roles import communities_for, has_role

MOST_BLOCKS = 50
"""As many as Slack takes in a message."""

INERT, FORM = "preview:", "preview:form"
_NOTHING_DONE = "This is a preview: nothing was sent, and nothing is kept."


def preview_feature(features: Sequence[Feature]) -> Feature:
    """The feature that shows what the others would say."""
    previews = Previews([feature.preview for feature in features if feature.preview is not None])
    return Feature(
        name="preview",
        commands=(
            Command(
                *("preview", "moderators", "what a post would say", previews.answer, "POST"),
                writes=False,
                example="weekly-question",
                chooses=True,
            ),
        ),
        actions={INERT: _inert, FORM: previews.open_form},
        forms={FORM: _keep_nothing},
        guarded={FORM: "moderators"},
    )


class Previews:
    """What can be previewed, by community and name."""

    def __init__(self, previews: Sequence[Preview]) -> None:
        self._previews = previews

    def names(self, community: Community) -> list[str]:
        """Each name once; where two features offer the same, the first has it."""
        return list(dict.fromkeys(name for preview in self._previews for name in preview.names(community)))

    def show(self, ctx: Context, tx: Tx, community: Community, wanted: Wanted) -> list[Shown]:
        """What would be seen; without a name that of all features that tell what comes, in order of time.

        Raises Mistake when there is nothing of that name.
        """
        if not wanted.name:
            shown = [one for preview in self._previews for one in preview.show(ctx, tx, community, wanted)]
            return sorted((one for one in shown if one.at is not None), key=lambda one: one.at or wanted.at)
        for preview in self._previews:
            if wanted.name in preview.names(community):
                return list(preview.show(ctx, tx, community, wanted))
        raise Mistake(unknown(wanted.name, self.names(community)))

    def answer(self, ctx: Context, tx: Tx, call: Call) -> Answer:
        asked = call.argument.strip().strip("`")
        mine = _communities(ctx, call)
        found = [(community, name) for community in mine for name in self._meant(community, asked)]
        if not found:
            named = asked.partition("/")[2] or asked
            return Answer(_suggestions(ctx, named, {name for c in mine for name in self.names(c)}))
        community, name = found[0]
        others = [f"`{ctx.command} preview {other.id}/{name}`" for other, _ in found[1:] if other.id != community.id]
        try:
            shown = self.show(ctx, tx, community, Wanted(ctx.clock.now(), name, user=call.user))
        except Mistake as mistake:
            return Answer(escape(str(mistake)))
        return _answer(community, name, shown, others)

    def _meant(self, community: Community, asked: str) -> list[str]:
        """``NAME``, or ``COMMUNITY/NAME`` where several have one of that name; large and small letters make no difference."""
        head, slash, tail = asked.partition("/")
        name = tail if slash and head.casefold() == community.id.casefold() else asked
        return [known for known in self.names(community) if known.casefold() == name.casefold()][:1]

    def open_form(self, ctx: Context, tx: Tx, press: Press) -> Answer:
        """A form of a preview, to look at. What the button says is a claim: it is made anew from the files."""
        try:
            said = json.loads(press.value)
            community_id, name, number = str(said["community"]), str(said["name"]), int(said["number"])
        except (ValueError, KeyError, TypeError):
            return Answer(_NOTHING_DONE)
        community = next((c for c in ctx.communities() if c.id == community_id), None)
        if community is None or not has_role(ctx, community, press.user, "moderators"):
            return Answer(refused("moderators", community))
        try:
            shown = self.show(ctx, tx, community, Wanted(ctx.clock.now(), name, user=press.user))
        except Mistake as mistake:
            return Answer(escape(str(mistake)))
        view = shown[number].view if 0 <= number < len(shown) else None
        if view is None:
            return Answer("The files have changed since: ask for the preview again.")
        return Answer(view=_harmless_view(view))


def unknown(name: str, known: Sequence[str]) -> str:
    """One line for a name that nothing has."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"{name}: there is nothing of that name to preview: did you mean {near[0]}?"
    there = f"there is {', '.join(known)}" if known else "the files have no posts and no onboarding yet"
    return f"{name}: there is nothing of that name to preview: {there}"


def _communities(ctx: Context, call: Call) -> list[Community]:
    """Those whose moderator asks: that of the channel first."""
    here = communities_for(ctx, call.user, "moderators", call.channel)
    return [*here, *(c for c in communities_for(ctx, call.user, "moderators") if c not in here)]


def _suggestions(ctx: Context, asked: str, known: set[str]) -> str:
    near = get_close_matches(asked, sorted(known), n=1, cutoff=0.5) if asked else []
    start = f"I know no post `{escape(shorten(asked, 40))}`. " if asked else ""
    if near:
        return f"{start}Did you mean `{ctx.command} preview {near[0]}`?"
    if not known:
        return f"{start}There is nothing to preview yet: coordinators add posts to the files in `schedules/`."
    lines = "\n".join(f"`{ctx.command} preview {escape(name)}`" for name in sorted(known))
    return f"{start}You can look at these before they go out:\n{lines}"


def _answer(community: Community, name: str, shown: Sequence[Shown], others: Sequence[str]) -> Answer:
    also = f" There is also {', '.join(others)}." if others else ""
    blocks: list[Block] = [
        context(f":eyes: *Preview of {escape(name)}*, seen by you alone. Nothing was sent or used up.{also}")
    ]
    for number, one in enumerate(shown):
        place = json.dumps({"community": community.id, "name": name, "number": number}, ensure_ascii=False)
        blocks += _blocks(one, place)
    if len(blocks) > MOST_BLOCKS:
        rest = context(
            f"There is more than one message shows: `copbot preview {escape(name)}` in the terminal shows all."
        )
        blocks = [*blocks[: MOST_BLOCKS - 1], rest]
    text = "\n\n".join(one.text for one in shown if one.text)
    return Answer(f"Preview of {escape(name)}: {text}" if text else f"Preview of {escape(name)}", tuple(blocks))


def _blocks(one: Shown, place: str) -> list[Block]:
    head = f"*{escape(one.where)}*  {escape(one.when)}" + (f"\n{escape(one.why)}" if one.why else "")
    notes = "".join(f"\n:warning: {escape(note)}" for note in one.notes)
    blocks: list[Block] = [{"type": "divider"}, context(head + notes)]
    if one.view is not None:
        title = str(one.view.get("title", {}).get("text", "the form"))
        return [*blocks, actions(button(f"See the form: {title}", FORM, place))]
    return [*blocks, *(map(_harmless, one.blocks) if one.blocks else sections(one.text))]


def _harmless(block: Block) -> Block:
    """The same to look at: what could be pressed only says that it is a preview."""
    still = {key: value for key, value in block.items() if key != "block_id"}
    if "elements" in still and block.get("type") == "actions":
        still["elements"] = [_still(element, number) for number, element in enumerate(still["elements"])]
    if "action_id" in still.get("accessory", {}):
        still["accessory"] = _still(still["accessory"], 0)
    return still


def _still(element: Block, number: int) -> Block:
    kept = {key: value for key, value in element.items() if key not in ("value", "url", "confirm")}
    return kept | {"action_id": f"{INERT}{number}"}


def _harmless_view(view: dict[str, Any]) -> dict[str, Any]:
    """The form to look at: it can be filled in, and nothing comes of it."""
    blocks = [block if block.get("type") == "input" else _harmless(block) for block in view.get("blocks", ())]
    kept = {
        key: value for key, value in view.items() if key not in ("private_metadata", "notify_on_close", "external_id")
    }
    return kept | {
        "callback_id": FORM,
        "blocks": [context(":eyes: A preview: nothing you enter is kept."), *blocks][:100],
    }


def _inert(_ctx: Context, _tx: Tx, _press: Press) -> Answer:
    return Answer(_NOTHING_DONE)


def _keep_nothing(_ctx: Context, _tx: Tx, _submission: Submission) -> Answer:
    return Answer(_NOTHING_DONE)
