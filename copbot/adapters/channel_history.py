"""Channels' histories on Slack as facts, page by page, at a pace that leaves room for a running bot."""

from collections.abc import Iterator, Sequence

from copbot.adapters.history_facts import told_of
from copbot.adapters.paced_slack import PacedSlack
from copbot.core.errors import SlackRefused
from copbot.core.history import Told


class SlackHistory:
    """``core.history.ChannelHistory`` on Slack's Web API."""

    def __init__(self, slack: PacedSlack) -> None:
        self._slack = slack

    def pages(self, channel: str, low_us: int, high_us: int) -> Iterator[Sequence[Told]]:
        for messages in self._slack.messages(channel, low_us, high_us):
            told = filter(None, (told_of(channel, message) for message in messages))
            yield sorted(told, key=lambda one: one.ts_us, reverse=True)

    def thread(self, channel: str, root_us: int) -> Iterator[Sequence[Told]]:
        try:
            for messages in self._slack.messages(channel, 0, thread_us=root_us):
                yield [one for one in (told_of(channel, message) for message in messages) if one is not None]
        except SlackRefused as refused:
            if refused.error != "thread_not_found":  # deleted since its channel was listed
                raise
