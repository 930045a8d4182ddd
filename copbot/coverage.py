"""`copbot stats threads --by`: how many questions are answered and how soon, by channel or by month."""

from collections.abc import Callable, Sequence
from functools import partial

from copbot.core.ports import Clock
from copbot.features.participation.coverage import MOST_ANSWERERS, By, coverage_table
from copbot.features.participation.coverage import coverage as gathered
from copbot.features.participation.figures import Document
from copbot.features.participation.period import stats_period
from copbot.settings import Settings
from copbot.stats import names_of
from copbot.wiring import existing_store, one_community


def coverage(
    settings: Settings,
    clock: Clock,
    by: By,
    *,
    community: str | None = None,
    since: str | None = None,
    until: str | None = None,
    timezone: str | None = None,
    channels: Sequence[str] = (),
) -> tuple[Document, Callable[[], str]]:
    """The document, and its table. Raises Mistake for what cannot be read."""
    chosen = one_community(settings, community) if community else None
    with existing_store(settings) as store, store.read() as tx:
        period = stats_period(
            tx.figures,
            clock.now(),
            since=since,
            until=until,
            timezone=timezone or (chosen.timezone if chosen else "UTC"),
            channels=channels or (chosen.channels.discussion if chosen else ()),
        )
        document = gathered(tx, period, by)
        most = [one["user"] for one in document["answers"]["answerers"][:MOST_ANSWERERS]]
        names = names_of(tx, most)
    return document, partial(coverage_table, document, names)
