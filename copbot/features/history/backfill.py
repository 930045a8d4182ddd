"""A channel's history read from Slack: from now back to an instant, in steps that are kept, so that it goes on wherever it was stopped.

What was read is remembered as spans of time, each with when it was read. A later run lists what it knows already once more, for edits,
and reads again only the threads that went on since. The same facts may come by events and imports, before or after: they are one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copbot.core.facts import Fact, MessageSeen
from copbot.core.history import ChannelHistory, Told
from copbot.core.ports import Store
from copbot.core.spans import Span, read_at, to_read, with_read
from copbot.core.time import DAY_US, HOUR_US

FRESH_US = HOUR_US
"""What was read within the hour is not listed again by a run that goes on where another was stopped. After one that came to its end
everything is: whoever asks again wants to see what changed since."""

OLDER_US = 90 * DAY_US
"""How far before its beginning a run looks for threads that went on after it. A thread that rested for longer hardly ever does."""


@dataclass
class Read:
    """What came of a channel: messages by people, of which so many were new, and the instant back to which it is known now."""

    channel: str
    messages: int = 0
    new: int = 0
    threads: int = 0
    first_us: int | None = None


def read_channel(
    store: Store,
    source: ChannelHistory,
    channel: str,
    since_us: int,
    now_us: int,
    look: Callable[[int], None] = lambda _reached_us: None,
) -> Read:
    """Read all of a channel from ``since_us`` to ``now_us``; ``look`` is told how far back it has come.

    Raises SlackRefused when Slack does not let it be read, SlackUnavailable when it is away; what was read by then is kept.
    """
    walk = _Walk(store, source, channel, now_us, look)
    with store.read() as tx:
        walk.spans = tx.histories.spans(channel)
    missing = to_read(walk.spans, since_us, now_us, 0)
    for low_us, high_us in missing:  # first, so that a run which is stopped again and again still comes to its end
        walk.back(low_us, high_us)
    fresh_us = now_us - FRESH_US if _was_stopped(walk.spans, missing) else now_us
    for low_us, high_us in to_read(
        [*walk.spans, *(Span(*part, now_us) for part in missing)], since_us, now_us, fresh_us
    ):
        walk.back(low_us, high_us)
    if since_us > 0:
        walk.older(max(0, since_us - OLDER_US), since_us)
    return walk.read


def _was_stopped(spans: Sequence[Span], missing: Sequence[tuple[int, int]]) -> bool:
    """Whether the last run left something out that is older than what it read."""
    newest_us = max((span.high_us for span in spans), default=0)
    return any(low_us < newest_us for low_us, _ in missing)


class _Walk:
    """One channel, from its newest message back."""

    def __init__(
        self, store: Store, source: ChannelHistory, channel: str, now_us: int, look: Callable[[int], None]
    ) -> None:
        self.read = Read(channel)
        self.spans: Sequence[Span] = ()
        self._store = store
        self._source = source
        self._channel = channel
        self._now_us = now_us
        self._look = look

    def back(self, low_us: int, high_us: int) -> None:
        """Read a span. Each step is kept with how far it came: down to a thread only once all of that thread is stored."""
        waiting: list[Fact] = []
        for page in self._source.pages(self._channel, low_us, high_us):
            for told in page:
                waiting += told.facts
                if self._went_on(told):
                    self._keep(waiting, told.ts_us + 1, high_us)
                    self._thread(told.ts_us)
                    waiting = []
            if page:
                self._keep(waiting, page[-1].ts_us, high_us)
                waiting = []
                self._look(page[-1].ts_us)
        self._keep(waiting, low_us, high_us)
        self._look(low_us)

    def older(self, low_us: int, since_us: int) -> None:
        """The threads from before ``since_us`` that went on after it."""
        for page in self._source.pages(self._channel, low_us, since_us - 1):
            for told in page:
                if told.replies and (told.latest_reply_us is None or told.latest_reply_us >= since_us):
                    self._record(told.facts)
                    self._thread(told.ts_us)
            self._look(since_us)

    def _went_on(self, told: Told) -> bool:
        """Whether a thread has replies that were not read. What came while it was read the last time may be missing."""
        if not told.replies:
            return False
        known_us = read_at(self.spans, told.ts_us)
        return known_us is None or told.latest_reply_us is None or told.latest_reply_us > known_us - HOUR_US

    def _thread(self, root_us: int) -> None:
        self.read.threads += 1
        for page in self._source.thread(self._channel, root_us):
            self._record([fact for told in page if told.ts_us != root_us for fact in told.facts])
            self._look(root_us)

    def _keep(self, facts: Sequence[Fact], reached_us: int, high_us: int) -> None:
        with self._store.begin() as tx:
            self._count(facts, tx.facts.record(facts))
            if reached_us <= high_us:
                read = Span(reached_us, high_us, self._now_us)
                tx.histories.set_spans(self._channel, with_read(tx.histories.spans(self._channel), read))

    def _record(self, facts: Sequence[Fact]) -> None:
        if facts:
            with self._store.begin() as tx:
                self._count(facts, tx.facts.record(facts))

    def _count(self, facts: Sequence[Fact], new: int) -> None:
        said = [fact.ts_us for fact in facts if isinstance(fact, MessageSeen)]
        self.read.messages += len(said)
        self.read.new += new
        self.read.first_us = min([*said, *filter(None, [self.read.first_us])], default=None)
