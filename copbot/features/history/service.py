"""Taking a history in: facts in batches, each a transaction. Interrupted anywhere and begun again, it ends the same."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from copbot.core.facts import Fact, MessageSeen, ReactionSeen
from copbot.core.history import History, Problem
from copbot.core.ports import Store

BATCH = 5000
"""Facts per transaction: enough that commits cost little, few enough that nobody waits long for the store."""

LINES_PER_KIND = 20
"""Problems alike beyond these are counted, not told one by one."""


@dataclass
class Imported:
    """What an import did. ``skipped`` counts problems by kind, ``lines`` tells the first of each kind."""

    name: str
    messages_new: int = 0
    messages_known: int = 0
    reactions: int = 0
    bots: int = 0
    notices: int = 0
    first_us: int | None = None
    last_us: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


def import_history(store: Store, history: History, progress: Callable[[float], None] | None = None) -> Imported:
    """Take a history into the store and say what came of it. ``progress`` is told the share read, from 0 to 1."""
    with store.read() as tx:
        known_channels = {name: channel for channel, name in tx.figures.channels() if name}
    imported = Imported(history.name)
    for batch in _batches(history.read(known_channels), imported):
        with store.begin() as tx:
            new = tx.facts.record(batch)
        _count(imported, batch, new)
        if progress is not None:
            progress(min(history.progress(), 0.99))
    if progress is not None:
        progress(1.0)
    imported.bots, imported.notices = history.bots, history.notices
    return imported


def _batches(found: Iterator[Fact | Problem], imported: Imported) -> Iterator[list[Fact]]:
    batch: list[Fact] = []
    for item in found:
        if isinstance(item, Problem):
            _tell(imported, item)
            continue
        batch.append(item)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _tell(imported: Imported, problem: Problem) -> None:
    imported.skipped[problem.kind] += 1
    if imported.skipped[problem.kind] <= LINES_PER_KIND:
        imported.lines.append("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in problem.line))


def _count(imported: Imported, batch: list[Fact], new: int) -> None:
    instants = [fact.ts_us for fact in batch if isinstance(fact, MessageSeen)]
    imported.messages_new += new
    imported.messages_known += len(instants) - new
    imported.reactions += sum(isinstance(fact, ReactionSeen) for fact in batch)
    if instants:
        imported.first_us = min(instants) if imported.first_us is None else min(imported.first_us, *instants)
        imported.last_us = max(instants) if imported.last_us is None else max(imported.last_us, *instants)
