"""`/cop when [#channel]`: the best time to post, for moderators. The words at once and to them alone; the picture follows as a direct
message, since Slack shows a file only to people with whom it was shared, and an ephemeral message shares nothing.
"""

import re

from copbot.core.community import Community
from copbot.core.interaction import Answer, Call, Command
from copbot.core.mrkdwn import channel_link, escape, readable, shorten
from copbot.core.pictures import Heatmap
from copbot.core.ports import Context, Tx
from copbot.core.refusal import MODERATORS_ONLY
from copbot.core.roles import communities_for
from copbot.features.rhythm.learning.heatmap import DAYS, SHADES
from copbot.features.rhythm.learning.learned import Learned, learned_in
from copbot.features.rhythm.learning.replies import summary
from copbot.features.rhythm.learning.working_hours import in_words

_LINKED = re.compile(r"<#([A-Z0-9]+)(\|[^>]*)?>")


def _when(ctx: Context, tx: Tx, call: Call) -> Answer:
    communities = communities_for(ctx, call.user, "moderators", call.channel)
    if not communities:
        return Answer(MODERATORS_ONLY)
    asked = call.argument.strip()
    channel = _channel(ctx, communities, asked, call.channel)
    home = next((c for c in communities if channel in map(ctx.directory.channel, c.channels.discussion)), None)
    if channel is None or home is None:
        named = f"{escape(shorten(readable(asked), 80))} is" if asked else "This is"
        known = ", ".join(escape(name) for community in communities for name in community.channels.discussion)
        return Answer(f"{named} no discussion channel of yours. Try one of {known}.")
    learned = learned_in(ctx, tx, home, channel)
    if not any(map(any, learned.table)):
        return Answer(_words(learned))
    return Answer(f"{_words(learned)}\n{_small_heatmap(learned)}", picture=_picture(learned))


def _channel(ctx: Context, communities: tuple[Community, ...], asked: str, here: str) -> str | None:
    """The ID of the channel that was named; of the one where the command was typed, else of the first, when none was."""
    linked = _LINKED.fullmatch(asked)
    if linked:
        return linked[1]
    if asked:
        return ctx.directory.channel(asked if re.fullmatch(r"[CG][A-Z0-9]+", asked) else f"#{asked.lstrip('#')}")
    discussion = [ctx.directory.channel(name) for community in communities for name in community.channels.discussion]
    return here if here in discussion else next(filter(None, discussion), None)


def _words(learned: Learned) -> str:
    lines = [f"*Best time to post in {channel_link(learned.channel)}* ({learned.zone}): {learned.why}."]
    if learned.doubt:
        lines.append(learned.doubt)
    if learned.working is not None:
        lines.append(f"Members by time zone: {in_words(learned.working)}.")
    return "\n".join([*lines, summary(learned.replies)])


def _small_heatmap(learned: Learned) -> str:
    """A column for each hour, so that it fits a phone held upright."""
    top = max(map(max, learned.table))
    lines = ["    0     6     12    18"]
    for name, day in zip(DAYS, learned.table, strict=True):
        lines.append(f"{name} {''.join(SHADES[round(figure / top * (len(SHADES) - 1))] for figure in day)}".rstrip())
    return "```\n" + "\n".join(lines) + "\n```"


def _picture(learned: Learned) -> Heatmap:
    best, working = learned.best, learned.working
    marked = (best.day.weekday(), best.hour.hour) if best else None
    found = f"{DAYS[marked[0]]} {marked[1]:02}:00" if marked else "not known yet"
    named = f"#{learned.name}: " if learned.name.isascii() else ""
    explained = [f"{learned.why}.", *filter(None, [learned.doubt])]
    if working is not None:
        explained.append(f"9-18: per cent of members for whom it is then 9 to 18 on a working day. {in_words(working)}")
    return Heatmap(
        title=f"{named}best time {found} ({learned.zone})",
        explained=[*explained, summary(learned.replies)],
        table=learned.table,
        unit="people expected to write in the hour",
        alt=f"Heatmap of the week in #{learned.name} by hour, {learned.zone}. Best time: {learned.why}.",
        marked=marked,
        strip=working.share[marked[0] if marked else 1] if working else None,
        strip_label="9-18 %" if working else "",
        name=f"when-{learned.channel}",
    )


COMMANDS = (
    Command(
        "when",
        "moderators",
        "the best time to post, and what it is learned from",
        _when,
        "[#channel]",
        writes=False,
        example="#data",
    ),
)
