"""What a person sees of themselves and of what is theirs to look after: the answer to ``me``, and the app's Home tab.

Each feature tells its part: of a person (``Feature.about``, ``step``, ``waits``, ``settings``), of a moderator's work today
(``Feature.today``), of the community as its coordinators see it (``Feature.picture``). The Home tab shows first what waits for somebody.
"""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from copbot.core.belonging import own_communities
from copbot.core.blocks import context, header, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.home_words import HomeWords, words_for
from copbot.core.interaction import Answer
from copbot.core.mrkdwn import MESSAGE_LIMIT, channel_link, escape, shorten
from copbot.core.notices import files_line
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.core.roles import has_role

MESSAGE_BLOCKS = 50
HOME_BLOCKS = 100
MESSAGE_CHARACTERS = 10_000
"""Of all blocks of a message together: Slack documents no limit, and refuses from some 11,300 on (slackapi/bolt-js, issue 2867)."""

HOME_BYTES = 200_000
"""Of a view: Slack takes 250 kB."""

CHANNELS_SHOWN = 8
"""Of a community's channels."""

NOTHING = "There is nothing to tell of you here yet."
AT_REST = ":sunny: Nothing waits for you. Enjoy the quiet."


class Personal:
    """``slash`` is the name of the slash command."""

    def __init__(self, features: Sequence[Feature], slash: str) -> None:
        self._abouts = [feature.about for feature in features if feature.about is not None]
        self._briefs = [brief for feature in features if (brief := feature.brief or feature.about) is not None]
        self._settings = [feature.settings for feature in features if feature.settings is not None]
        self._waits = [feature.waits for feature in features if feature.waits is not None]
        self._steps = [feature.step for feature in features if feature.step is not None]
        self._todays = [feature.today for feature in reversed(features) if feature.today is not None]
        self._pictures = [feature.picture for feature in features if feature.picture is not None]
        self._slash = slash

    def answer(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> Answer:
        """All about a person in these communities, for them alone."""
        blocks = self._own(ctx, tx, user, communities)
        settings = [block for part in self._settings for block in part(ctx, tx, user)]
        if not blocks and not settings:
            return Answer(NOTHING)
        blocks = (*(blocks or (section(NOTHING),)), *([{"type": "divider"}] if settings else []), *settings)
        text = "\n".join(block["text"]["text"] for block in blocks if block["type"] == "section")
        return Answer(shorten(text, MESSAGE_LIMIT), fitting(blocks))

    def home(self, ctx: Context, tx: Tx, user: str) -> dict[str, Any]:
        """The Home tab's view, over all communities: what is to do first, what was set last."""
        communities = ctx.communities()
        person = tx.facts.person(user) or Person(user)
        words = words_for(person.locale, *(one.language for one in communities))
        work = self._work(ctx, tx, user, communities)
        own = self._page(ctx, tx, user, words, has_work=bool(work))
        body = (*work, {"type": "divider"}, *own) if work else own
        last = (*self._set(ctx, tx, user, words), context(words.more.format(command=self._slash)))
        most = _within(body, HOME_BLOCKS - 1 - len(last))
        return {"type": "home", "blocks": [context(words.greeting), *as_many_as(body, most), *last]}

    def _page(self, ctx: Context, tx: Tx, user: str, words: HomeWords, *, has_work: bool) -> tuple[Block, ...]:
        """What is a person's own: what they could do next, what they wait for, their communities. Whoever ``has_work`` to do here has
        what anybody could do in it."""
        mine = own_communities(ctx, tx, user)
        step = self._next_step(ctx, tx, user, mine or ctx.communities(), besides_all=has_work)
        waiting = [block for one in mine for part in self._waits for block in part(ctx, tx, one, user)]
        nothing = () if has_work else (section(words.at_rest),)
        found = [header(words.next_step), *(step or nothing)] if step or nothing else []
        found += [header(words.waiting), *waiting] if waiting else []
        theirs = self._theirs(ctx, tx, user, mine, without=step)
        return (*found, header(words.communities), *(theirs or _invitation(ctx, tx, words)))

    def _next_step(
        self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community], *, besides_all: bool
    ) -> tuple[Block, ...]:
        """The first thing that waits for them alone; else, unless ``besides_all``, the first that anybody could do."""
        for_all: tuple[Block, ...] = ()
        for community in communities:
            for next_step in self._steps:
                found = next_step(ctx, tx, community, user)
                if found is not None and not found.is_for_all:
                    return found.blocks
                for_all = for_all or (found.blocks if found is not None else ())
        return () if besides_all else for_all

    def _theirs(
        self, ctx: Context, tx: Tx, user: str, mine: Sequence[Community], without: Sequence[Block]
    ) -> tuple[Block, ...]:
        """Each of their communities, and each that has something to tell of them; ``without`` what stands above already."""
        found: list[Block] = []
        for community in ctx.communities():
            parts = [b for brief in self._briefs for b in brief(ctx, tx, community, user) if b not in without]
            if not parts and community not in mine:
                continue
            found += [{"type": "divider"}] if found else []
            found += [section(_named(ctx, community)), *parts]
        return tuple(found)

    def _set(self, ctx: Context, tx: Tx, user: str, words: HomeWords) -> tuple[Block, ...]:
        found = [block for part in self._settings for block in part(ctx, tx, user)]
        return (header(words.settings), *found) if found else ()

    def _work(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> tuple[Block, ...]:
        """What a moderator has to do today in each community, and how it is where they coordinate it; last, for coordinators, whether the
        files are in order."""
        found: list[Block] = []
        coordinates = False
        for community in communities:
            if not has_role(ctx, community, user, "moderators"):
                continue
            name = f"{community.name}: " if len(communities) > 1 else ""
            today = [block for part in self._todays for block in part(ctx, tx, community, user)]
            found += [header(_capital(f"{name}today")), *(today or [section(AT_REST)])]
            if has_role(ctx, community, user, "coordinators"):
                picture = [block for part in self._pictures for block in part(ctx, tx, community)]
                found += [header(_capital(f"{name}how the community is")), *picture]
                coordinates = True
        return (*found, section(files_line(ctx))) if coordinates else tuple(found)

    def _own(self, ctx: Context, tx: Tx, user: str, communities: Sequence[Community]) -> tuple[Block, ...]:
        found: list[Block] = []
        for community in communities:
            parts = [block for about in self._abouts for block in about(ctx, tx, community, user)]
            if parts:
                found += [{"type": "divider"}] if found else []
                found += [section(f"*{escape(community.name)}*"), *parts]
        return tuple(found)


def _named(ctx: Context, community: Community) -> str:
    """A community with the places where it talks."""
    named = f"*{escape(community.name)}*"
    found = [
        channel_link(channel) for name in community.channels.discussion if (channel := ctx.directory.channel(name))
    ]
    more = " …" if len(found) > CHANNELS_SHOWN else ""
    return f"{named}\n{' '.join(found[:CHANNELS_SHOWN])}{more}" if found else named


def _invitation(ctx: Context, tx: Tx, words: HomeWords) -> tuple[Block, ...]:
    """To somebody who is in no community: where they could look, of what everybody may see."""
    names = [name for community in ctx.communities() for name in community.channels.discussion[:1]]
    found = [channel for name in names if (channel := ctx.directory.channel(name)) is not None]
    public = [channel_link(channel) for channel in found if not tx.belonging.is_private(channel)]
    return (
        section(words.no_community.format(places=" ".join(public[:CHANNELS_SHOWN]))) if public else section(NOTHING),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def fitting(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """As much of a message as Slack takes; a line says so where something was left out."""
    sizes = accumulate(len(str(block)) for block in blocks)
    most = sum(size <= MESSAGE_CHARACTERS for size in sizes)
    return as_many_as(blocks, MESSAGE_BLOCKS if most == len(blocks) else min(most + 1, MESSAGE_BLOCKS))


def _within(blocks: Sequence[Block], most: int) -> int:
    """How many blocks a view bears: ``most``, or fewer where they are large."""
    sizes = accumulate(len(json.dumps(block)) for block in blocks)
    return min(most, sum(size <= HOME_BYTES for size in sizes) + 1)


def as_many_as(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    """The first so many blocks; the last of them says so where there are more."""
    if len(blocks) <= most:
        return tuple(blocks)
    return (*blocks[: most - 1], context("There is more than fits here."))
