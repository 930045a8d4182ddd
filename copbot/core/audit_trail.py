"""What moderators and coordinators did, in words: the last of it for ``status``, all of it for ``copbot audit``."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from copbot.core.blocks import context
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.facts import NOBODY
from copbot.core.mrkdwn import escape, mention, moment, shorten
from copbot.core.ports import Context, Tx
from copbot.core.records import Audited
from copbot.core.refusal import ACTION as REFUSED
from copbot.core.time import DAY_US, from_us, to_us, ts_to_us

FILES = ""
"""The actor where the coordinators' files were changed: who did it is not known to the bot."""

OPERATOR = "operator"
"""The actor of what was done at the command line, where nobody is named."""

SHOWN = 5
LATELY_US = 30 * DAY_US
SUBJECT_LIMIT = 80

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_THREAD = re.compile(r"([CG][A-Z0-9]+)/(\d+\.\d+)")
_REFUSED = {"command": "the command", "button": "a button", "form": "a form", "menu": "an entry of a message's menu"}


class Names(Protocol):
    """How people and threads are named where the words are read."""

    def person(self, user: str) -> str: ...
    def thread(self, channel: str, ts_us: int) -> str: ...
    def plain(self, text: str) -> str: ...


def in_words(one: Audited, names: Names) -> str:
    """One thing that was done, as a sentence without its time. Who was erased since is somebody."""
    who = "The files:" if one.actor == FILES else _capital(_person(one.actor, names))
    what = names.plain(shorten(one.subject, SUBJECT_LIMIT))
    if one.action == REFUSED:
        kind, _, name = one.subject.partition(" ")
        return f"{who} was refused {_REFUSED.get(kind, names.plain(kind))} ({names.plain(name)})"
    thread = _THREAD.fullmatch(one.subject)
    if thread:
        what = names.thread(thread[1], ts_to_us(thread[2]))
    elif one.subject == NOBODY or _USER.fullmatch(one.subject):
        what = _person(one.subject, names)
    elif not one.subject:
        what = ""
    detail = f" ({names.plain(shorten(one.detail, SUBJECT_LIMIT))})" if one.detail else ""
    return f"{who} {names.plain(one.action)} {what}".rstrip() + detail


def _person(user: str, names: Names) -> str:
    if user == OPERATOR:
        return "the operator"
    return names.person(user) if _USER.fullmatch(user) and user != NOBODY else "somebody who was erased"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class _OnSlack:
    def __init__(self, permalink: Callable[[str, int], str | None]) -> None:
        self._permalink = permalink

    def person(self, user: str) -> str:
        return mention(user)

    def thread(self, channel: str, ts_us: int) -> str:
        link = self._permalink(channel, ts_us)
        return f"<{link}|a thread>" if link else "a thread"

    def plain(self, text: str) -> str:
        return escape(text)


def lately(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    """The last few things, for moderators. Cases have a record of their own, which not every moderator may read."""
    done = tx.audit.since(community.id, to_us(ctx.clock.now()) - LATELY_US)
    shown = [one for one in done if not one.detail.startswith("case ")][-SHOWN:]
    if not shown:
        return ()
    names = _OnSlack(ctx.permalink)
    lines = [f"{moment(from_us(one.at_us))}: {in_words(one, names)}" for one in reversed(shown)]
    return (context("\n".join(["*Done last*", *lines])),)


def note_file_changes(ctx: Context, changes: Mapping[str, str]) -> None:
    """Record which files of which community were added, changed or removed (file -> the verb)."""
    now_us = to_us(ctx.clock.now())
    with ctx.store.begin() as tx:
        for community in ctx.communities():
            for file, verb in sorted(changes.items()):
                if _concerns(file, community, ctx.communities()):
                    tx.audit.note(community.id, FILES, verb, file, now_us)


def _concerns(file: str, community: Community, communities: Sequence[Community]) -> bool:
    """A community's own folder is its own; prompts that lie in no community's folder are everybody's."""
    kind, _, rest = file.partition("/")
    folder = rest.rpartition("/")[0]
    if kind == "schedules":
        return folder == community.folder
    owner = rest.partition("/")[0] if "/" in rest else ""
    return owner == community.id or owner not in {one.id for one in communities}
