"""``/cop member @someone``: what moderators may know of a member. Each feature tells its part (``Feature.member``).

Levels, and what waits because of them; never a log of when somebody was there.
"""

from collections.abc import Sequence

from copbot.core.blocks import section
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, mention, people_in, shorten
from copbot.core.personal import fitting
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for


def member_feature(features: Sequence[Feature]) -> Feature:
    """The feature that puts the others' parts together."""
    parts = [feature.member for feature in features if feature.member is not None]

    def answer(ctx: Context, tx: Tx, call: Call) -> Answer:
        communities = communities_for(ctx, call.user, "moderators", call.channel)
        if not communities:
            return Answer(MODERATORS_ONLY)
        people, rest = people_in(call.argument)
        if len(people) != 1 or rest:
            return Answer(_whom(ctx, len(people), rest))
        refusal = _refusal(people[0], tx.facts.person(people[0]))
        if refusal:
            return Answer(refusal)
        blocks: list[Block] = []
        for community in communities:
            told = [block for part in parts for block in part(ctx, tx, community, people[0])]
            if told:
                blocks += [{"type": "divider"}] if blocks else []
                blocks += [section(f"{mention(people[0])} in *{escape(community.name)}*"), *told]
        if not blocks:
            return Answer(f"{mention(people[0])} is in none of your channels, and has never written there.")
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))

    command = Command(
        "member",
        "moderators",
        "a member's level and why, and what waits for them",
        answer,
        "@someone",
        writes=False,
        example="@ana",
    )
    return Feature(name="member", commands=(command,))


def _whom(ctx: Context, count: int, rest: str) -> str:
    how = f"Write `{ctx.command} member @name`: type the @ and pick the person from the list that Slack opens."
    if count > 1:
        return f"One at a time, please. {how}"
    if rest:
        return f"I cannot tell who `{escape(shorten(rest, 60))}` is. {how}"
    return f"Whom do you mean? {how}"


def _refusal(user: str, person: Person | None) -> str:
    """Why there is nothing to tell of somebody; empty for a member, also one who was."""
    who = mention(user)
    if person is None:
        return f"I do not know {who} yet. Once they have joined a channel that I am in, try again."
    if person.is_bot:
        return f"{who} is an app like me: it has no level."
    if person.is_external:
        return f"{who} belongs to another organisation: such people have no level here, and I keep none of their story."
    if person.is_deleted:
        return f"{who} has left this workspace."
    if person.is_untracked:
        return f"{who} asked me to keep nothing of them, so there is nothing to tell."
    return ""
