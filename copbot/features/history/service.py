"""Taking a history in: facts in batches, each a transaction. Interrupted anywhere and begun again, it ends the same."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from copbot.core.facts import Fact, MembersListed, MessageSeen, ReactionSeen
from copbot.core.history import DayFile, History, Problem, Whole
from copbot.core.ports import Store

BATCH = 5000
"""Facts per transaction: enough that commits cost little, few enough that nobody waits long for the store."""

FILES_PER_LOOK = 100
"""Files after which progress is told though nothing of them was new."""

LINES_PER_KIND = 20
"""Problems alike beyond these are counted, not told one by one."""


@dataclass
class Imported:
    """What an import did. ``files_known`` were taken in whole before.

    ``skipped`` counts problems by kind, ``lines`` tells the first of each kind."""

    name: str
    messages_new: int = 0
    messages_known: int = 0
    files_known: int = 0
    reactions: int = 0
    bots: int = 0
    notices: int = 0
    first_us: int | None = None
    last_us: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


@dataclass
class _Batch:
    """Facts, and the files of which they were the last."""

    facts: list[Fact] = field(default_factory=list)
    files: list[DayFile] = field(default_factory=list)
    weight: int = 0

    def add(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.weight += len(fact.users) if isinstance(fact, MembersListed) else 1  # a list of members is a fact of each

    @property
    def is_full(self) -> bool:
        return self.weight >= BATCH or len(self.files) >= BATCH


def import_history(store: Store, history: History, progress: Callable[[float], None] | None = None) -> Imported:
    """Take a history into the store and say what came of it. ``progress`` is told the share read, from 0 to 1.

    A file that was read whole is remembered in the transaction of its last facts, so that the same file is known again.
    """

    def look() -> None:
        if progress is not None:
            progress(min(history.progress(), 0.99))

    def taken(channel: str) -> Mapping[str, DayFile]:
        with store.read() as tx:
            return tx.histories.taken_files(channel)

    with store.read() as tx:
        known_channels = {name: channel for channel, name in tx.figures.channels() if name}
    imported = Imported(history.name)
    with _garbage_looked_for_seldom():
        for batch in _batches(history.read(known_channels, taken), imported, look):
            with store.begin() as tx:
                new = tx.facts.record(batch.facts)
                tx.histories.take_files(batch.files)
            _count(imported, batch.facts, new)
            look()
    if progress is not None:
        progress(1.0)
    imported.bots, imported.notices = history.bots, history.notices
    return imported


@contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    """An import makes objects by the million, hardly any of them in cycles: looking for these took an eighth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _batches(found: Iterator[Fact | Problem | Whole], imported: Imported, look: Callable[[], None]) -> Iterator[_Batch]:
    batch = _Batch()
    for item in found:
        if isinstance(item, Problem):
            _tell(imported, item)
        elif not isinstance(item, Whole):
            batch.add(item)
        elif item.is_known:
            _count_known(imported, item.file)
            if imported.files_known % FILES_PER_LOOK == 0:
                look()
        else:
            batch.files.append(item.file)
        if batch.is_full:
            yield batch
            batch = _Batch()
    if batch.facts or batch.files:
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
    _span(imported, *instants)


def _count_known(imported: Imported, file: DayFile) -> None:
    imported.files_known += 1
    imported.messages_known += file.messages
    imported.reactions += file.reactions
    _span(imported, file.first_us, file.last_us)


def _span(imported: Imported, *instants: int | None) -> None:
    imported.first_us = min((us for us in (imported.first_us, *instants) if us is not None), default=None)
    imported.last_us = max((us for us in (imported.last_us, *instants) if us is not None), default=None)
