"""Where the bot cannot look after questions any more: it was taken out of a channel, or a channel has another name than the files say."""

from copbot.core.delivery import Outgoing
from copbot.core.mrkdwn import channel_link, escape
from copbot.core.roles import looked_after_in, watched_channels
from copbot.features.threads.care import Care


def untold(care: Care) -> dict[str, str]:
    """By the key of the message: what those who look after the community have to know and were not told so far."""
    said = _said(care)
    known = care.tx.deliveries.known([name for key in said for name in looked_after_in(care.ctx, care.community, key)])
    return {
        key: text
        for key, text in said.items()
        if not known.intersection(looked_after_in(care.ctx, care.community, key))
    }


def tell(care: Care) -> None:
    for key, text in untold(care).items():
        for name, target in looked_after_in(care.ctx, care.community, key).items():
            care.tx.deliveries.plan(
                Outgoing(name, "notice", target, text, due_us=care.now_us, community=care.community.id)
            )


def _said(care: Care) -> dict[str, str]:
    found: dict[str, str] = {}
    for channel, reference in watched_channels(care.ctx, care.community).items():
        why = care.out_of_reach.get(channel)
        name = care.ctx.directory.channel_name(channel)
        if why == "left":
            since_us = care.tx.threads.left_us(channel)
            found[f"left:{care.community.id}:{channel}:{since_us}"] = (
                f"I was taken out of {channel_link(channel)}, so I cannot see what is asked and answered there, and I remind of nothing "
                "there. Invite me again, or take the channel out of community.yaml."
            )
        elif why == "archived":
            found[f"archived:{care.community.id}:{channel}"] = (
                f"{channel_link(channel)} was archived. What waited there is closed. Take the channel out of community.yaml, or "
                "unarchive it."
            )
        elif reference.startswith("#") and reference.removeprefix("#") != name and name != channel:
            found[f"renamed:{care.community.id}:{channel}:{name}"] = (
                f"`{escape(reference)}` is called `#{escape(name)}` now. I still know it by both names; please write the new one in "
                "community.yaml, so that it stays so after a restart."
            )
    return found
