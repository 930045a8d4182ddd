"""The store: one transaction at a time over all tables, for one workspace."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from time import perf_counter, sleep

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import OperationalError

from copbot.adapters.store import words_index
from copbot.adapters.store.answering import SqlAnswering
from copbot.adapters.store.asking import SqlAsking
from copbot.adapters.store.audit import SqlAudit
from copbot.adapters.store.belonging import SqlBelonging
from copbot.adapters.store.cards import SqlCards
from copbot.adapters.store.cases import SqlCases
from copbot.adapters.store.comparisons import SqlComparisons
from copbot.adapters.store.controls import SqlControls
from copbot.adapters.store.decisions import SqlDecisions
from copbot.adapters.store.deliveries import SqlDeliveries
from copbot.adapters.store.digests import SqlDigests
from copbot.adapters.store.engine import BUSY_TIMEOUT_MS, fold_in, reading
from copbot.adapters.store.facts import KeepTextIn, SqlFacts
from copbot.adapters.store.figures import SqlFigures
from copbot.adapters.store.histories import SqlHistories
from copbot.adapters.store.inbox import SqlInbox
from copbot.adapters.store.journeys import SqlJourneys
from copbot.adapters.store.leases import SqlLeases
from copbot.adapters.store.ledger import SqlLedger
from copbot.adapters.store.memory import SqlMemory
from copbot.adapters.store.newcomers import SqlNewcomers
from copbot.adapters.store.nights import SqlNights
from copbot.adapters.store.outcomes import SqlOutcomes
from copbot.adapters.store.pins import SqlPins
from copbot.adapters.store.preferences import SqlPreferences
from copbot.adapters.store.presence import SqlPresence
from copbot.adapters.store.privacy import SqlPrivacy
from copbot.adapters.store.pulses import SqlPulses
from copbot.adapters.store.questions import SqlQuestions
from copbot.adapters.store.queue import SqlQueue
from copbot.adapters.store.recognitions import SqlRecognitions
from copbot.adapters.store.recording import KeepAuthorsIn, of_all_times
from copbot.adapters.store.referrals import SqlReferrals
from copbot.adapters.store.rollups import RollUps
from copbot.adapters.store.said import SqlSaid
from copbot.adapters.store.stories import SqlStories
from copbot.adapters.store.suggestions import SqlSuggestions
from copbot.adapters.store.tables import Team
from copbot.adapters.store.template_uses import SqlTemplateUses
from copbot.adapters.store.threads import SqlThreads

_team = Team.__table__  # type: ignore[attr-defined]

FOLDED_IN_TRIES, FOLDED_IN_PAUSE_S = 5, 0.1
"""How often, and how many seconds apart, the journal is tried to be emptied while others read."""


class SqlTx:
    """One transaction's view of the store: a module per port, all on the same connection."""

    def __init__(
        self,
        connection: Connection,
        team: int,
        keep_text_in: KeepTextIn,
        keep_authors_in: KeepAuthorsIn = of_all_times,
    ) -> None:
        self._connection = connection
        self._team = team
        self._keep_text_in = keep_text_in
        self._keep_authors_in = keep_authors_in

    @cached_property
    def queue(self) -> SqlQueue:
        return SqlQueue(self._connection, self._team)

    @cached_property
    def asking(self) -> SqlAsking:
        return SqlAsking(self._connection, self._team)

    @cached_property
    def threads(self) -> SqlThreads:
        return SqlThreads(self._connection, self._team)

    @cached_property
    def answering(self) -> SqlAnswering:
        return SqlAnswering(self._connection, self._team)

    @cached_property
    def decisions(self) -> SqlDecisions:
        return SqlDecisions(self._connection, self._team)

    @cached_property
    def facts(self) -> SqlFacts:
        return SqlFacts(self._connection, self._team, self._keep_text_in, self._keep_authors_in)

    @cached_property
    def figures(self) -> SqlFigures:
        return SqlFigures(self._connection, self._team)

    @cached_property
    def rollups(self) -> RollUps:
        return RollUps(self._connection, self._team)

    @cached_property
    def deliveries(self) -> SqlDeliveries:
        return SqlDeliveries(self._connection, self._team)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self._connection, self._team)

    @cached_property
    def journeys(self) -> SqlJourneys:
        return SqlJourneys(self._connection, self._team)

    @cached_property
    def comparisons(self) -> SqlComparisons:
        return SqlComparisons(self._connection, self._team)

    @cached_property
    def cards(self) -> SqlCards:
        return SqlCards(self._connection, self._team)

    @cached_property
    def questions(self) -> SqlQuestions:
        return SqlQuestions(self._connection, self._team)

    @cached_property
    def presence(self) -> SqlPresence:
        return SqlPresence(self._connection, self._team)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self._connection, self._team)

    @cached_property
    def controls(self) -> SqlControls:
        return SqlControls(self._connection, self._team)

    @cached_property
    def pins(self) -> SqlPins:
        return SqlPins(self._connection, self._team)

    @cached_property
    def template_uses(self) -> SqlTemplateUses:
        return SqlTemplateUses(self._connection, self._team)

    @cached_property
    def newcomers(self) -> SqlNewcomers:
        return SqlNewcomers(self._connection, self._team)

    @cached_property
    def outcomes(self) -> SqlOutcomes:
        return SqlOutcomes(self._connection, self._team)

    @cached_property
    def referrals(self) -> SqlReferrals:
        return SqlReferrals(self._connection, self._team)

    @cached_property
    def belonging(self) -> SqlBelonging:
        return SqlBelonging(self._connection, self._team)

    @cached_property
    def suggestions(self) -> SqlSuggestions:
        return SqlSuggestions(self._connection, self._team)

    @cached_property
    def recognitions(self) -> SqlRecognitions:
        return SqlRecognitions(self._connection, self._team)

    @cached_property
    def histories(self) -> SqlHistories:
        return SqlHistories(self._connection, self._team)

    @cached_property
    def said(self) -> SqlSaid:
        return SqlSaid(self._connection, self._team)

    @cached_property
    def cases(self) -> SqlCases:
        return SqlCases(self._connection, self._team)

    @cached_property
    def memory(self) -> SqlMemory:
        return SqlMemory(self._connection, self._team, self._keep_text_in)

    @cached_property
    def pulses(self) -> SqlPulses:
        return SqlPulses(self._connection, self._team)

    @cached_property
    def stories(self) -> SqlStories:
        return SqlStories(self._connection, self._team)

    @cached_property
    def nights(self) -> SqlNights:
        return SqlNights(self._connection, self._team)

    @cached_property
    def digests(self) -> SqlDigests:
        return SqlDigests(self._connection, self._team, self._keep_text_in)

    @cached_property
    def lease(self) -> SqlLeases:
        return SqlLeases(self._connection, self._team)

    @cached_property
    def privacy(self) -> SqlPrivacy:
        return SqlPrivacy(self._connection, self._team)

    @cached_property
    def preferences(self) -> SqlPreferences:
        return SqlPreferences(self._connection, self._team)

    @cached_property
    def ledger(self) -> SqlLedger:
        return SqlLedger(self._connection, self._team)


class SqlStore:
    """``keep_text_in(channel ID)`` says how much of a message's text may be kept: none, questions or all; ``keep_authors_in`` since when
    it is kept who did what. ``on_planned`` is told after each transaction that planned something to say: the first need not wait for all
    that is decided with it. ``fence`` is asked at the beginning of each write transaction, and ends it by an error.
    """

    def __init__(self, engine: Engine, team: int, keep_text_in: KeepTextIn = lambda _channel: "questions") -> None:
        self._engine = engine
        self.team = team
        self.keep_text_in = keep_text_in
        self.keep_authors_in: KeepAuthorsIn = of_all_times
        self.on_planned: Callable[[], None] = lambda: None
        self.fence: Callable[[SqlTx], None] = lambda _tx: None
        self._turn = Lock()

    @contextmanager
    def begin(self) -> Iterator[SqlTx]:
        with self._a_turn(), self._engine.begin() as connection:
            tx = SqlTx(connection, self.team, self.keep_text_in, self.keep_authors_in)
            self.fence(tx)
            yield tx
        if tx.deliveries.planned:
            self.on_planned()

    @contextmanager
    def begin_in_background(self) -> Iterator[SqlTx]:
        with self.begin() as tx:
            began = perf_counter()
            yield tx
        sleep(perf_counter() - began)

    def wipe(self) -> None:
        if self._engine.dialect.name != "sqlite":
            return
        more, is_first = True, True
        while more:
            with self._a_turn(), self._engine.begin() as connection:
                began = perf_counter()
                more, is_first = words_index.let_go(connection, is_first=is_first), False
            sleep(perf_counter() - began)
        for _ in range(FOLDED_IN_TRIES):
            with self._a_turn():
                if fold_in(self._engine):
                    return
            sleep(FOLDED_IN_PAUSE_S)

    @contextmanager
    def _a_turn(self) -> Iterator[None]:
        """SQLite lets one write at a time and wakes nobody who waits: they look again, more and more seldom, and some in vain until
        their time is over. So the threads of this process take turns. (Measured with eight: twice as many writes, the slowest in a
        fifth of the time.)"""
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise OperationalError(None, None, sqlite3.OperationalError("database is locked"))
        try:
            yield
        finally:
            self._turn.release()

    def workspace_url(self) -> str | None:
        """What links to the workspace's messages begin with; None before the bot first connected."""
        wanted = select(_team.c.url).where(_team.c.id == self.team)
        with self._engine.connect() as plain:
            found: str | None = reading(plain).execute(wanted).scalar_one_or_none()
        return found

    def complaints(self) -> list[str]:
        """What SQLite finds wrong with the file; nothing on a server, which looks after its own."""
        with self._engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                return []
            found = [str(line) for line in connection.exec_driver_sql("PRAGMA quick_check").scalars()]
        return [] if found == ["ok"] else found

    @contextmanager
    def read(self) -> Iterator[SqlTx]:
        with self._engine.connect() as plain:
            yield SqlTx(reading(plain), self.team, self.keep_text_in)
