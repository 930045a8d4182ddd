"""What the bot tells those who look after a community about itself: a broken file, a message that could not be posted."""

import hashlib
from collections.abc import Sequence

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.mrkdwn import channel_link, escape, mention, shorten
from copbot.core.ports import Context
from copbot.core.roles import looked_after_in
from copbot.core.time import to_us

SHOWN = 5
"""Mistakes told in one message; `copbot check` shows all."""

SHOWN_IN_A_LINE = 2
"""The same where it is one line among others."""


def files_line(ctx: Context) -> str:
    """Whether the coordinators' files are in order."""
    mistakes = ctx.mistakes()
    if not mistakes:
        return ":white_check_mark: The files are in order."
    several = f"are {len(mistakes)} mistakes" if len(mistakes) > 1 else "is a mistake"
    lines = [f"• {escape(shorten(mistake, 300))}" for mistake in mistakes[:SHOWN_IN_A_LINE]]
    more = ["… `copbot check` shows all."] if len(mistakes) > SHOWN_IN_A_LINE else []
    return "\n".join([f":warning: There {several} in the files; the last good state stays in force.", *lines, *more])


def tell_broken(ctx: Context, problems: Sequence[str]) -> None:
    """Tell the coordinators where their files are wrong: the same mistake once a day, for it may be made again when it was mended."""
    lines = "\n".join(f"• {escape(shorten(problem, 300))}" for problem in problems[:SHOWN])
    more = f"\n… and {len(problems) - SHOWN} more: `copbot check` shows all." if len(problems) > SHOWN else ""
    text = f"There is a mistake in your files. Nothing has changed: the last good state stays in force.\n{lines}{more}"
    print_of = hashlib.sha256(lines.encode()).hexdigest()[:16]
    now = ctx.clock.now()
    people = {u for c in ctx.communities() for u in ctx.directory.people(c.roles.coordinators)}
    with ctx.store.begin() as tx:
        for user in sorted(people):
            tx.deliveries.plan(
                Outgoing(
                    key=f"files:{print_of}:{now:%Y-%m-%d}:{user}",
                    kind="notice",
                    target=user,
                    text=text,
                    due_us=to_us(now),
                )
            )


def tell_refused(ctx: Context, delivery: Delivery, words: str) -> None:
    """Tell those who can mend it, once for each channel and reason, that Slack refused a message for good."""
    target = delivery.outgoing.target
    if delivery.outgoing.kind != "notice":
        _tell_moderators(ctx, delivery, f"refused:{target}:{words}", f"I could not post in {_place(target)}: {words}.")


def tell_unpinned(ctx: Context, delivery: Delivery, words: str) -> None:
    """Say, once for each channel and reason, that a message stands there but could not be pinned."""
    target = delivery.outgoing.target
    text = f"I posted in {_place(target)} but could not pin it: {words}."
    _tell_moderators(ctx, delivery, f"unpinned:{target}:{words}", text)


def tell_late(ctx: Context, delivery: Delivery) -> None:
    """Say that a message that could not be sent in time was skipped."""
    outgoing = delivery.outgoing
    note = f" {outgoing.late_note}" if outgoing.late_note else ""
    text = f"I skipped a post in {_place(outgoing.target)}: Slack could not be reached in time.{note}"
    _tell_moderators(ctx, delivery, f"late:{outgoing.key}", text)


def _place(target: str) -> str:
    return channel_link(target) if target[:1] in "CG" else mention(target)


def _tell_moderators(ctx: Context, about: Delivery, key: str, text: str) -> None:
    """In the moderators' channel; where that is the one in trouble, to each coordinator."""
    community = next((c for c in ctx.communities() if c.id == about.outgoing.community), None)
    if community is None:
        return
    with ctx.store.begin() as tx:
        for name, target in looked_after_in(ctx, community, key, besides=about.outgoing.target).items():
            tx.deliveries.plan(
                Outgoing(
                    key=name,
                    kind="notice",
                    target=target,
                    community=community.id,
                    text=text,
                    due_us=to_us(ctx.clock.now()),
                )
            )
