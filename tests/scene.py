"""A small community on a real store, for tests of what the features do in it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import databases
from fakes import FakeClock, FakeDirectory

from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.templates import JinjaTemplates
from copbot.core import attention
from copbot.core.community import Channels, Community, Roles
from copbot.core.delivery import Delivery
from copbot.core.facts import Fact, MessageGone, MessageSeen, ReactionSeen, UserSeen, WorkspaceJoined
from copbot.core.ports import Context
from copbot.core.time import to_us

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

COMMUNITY = Community(
    id="data",
    name="Data <3",
    timezone="UTC",
    channels=Channels(discussion=("#data",), moderators="#mods", introductions="#hello"),
    roles=Roles(coordinators=("jess@example.org",), moderators=("UMOD",)),
)


class Scene:
    """Channels CDATA, CHELLO and CMODS; Jess (UJESS) coordinates, UMOD moderates."""

    def __init__(self, folder: Path, *communities: Community, prompts: dict[str, str] | None = None) -> None:
        self.engine = open_engine(databases.filled(folder / "copbot.db"))
        self.store = SqlStore(self.engine, 1)
        self.clock = FakeClock(MONDAY)
        self.communities = communities or (COMMUNITY,)
        self.prompts = prompts or {}
        self.holidays: dict[tuple[str, date], str] = {}
        self.directory = FakeDirectory(
            {"data": "CDATA", "hello": "CHELLO", "mods": "CMODS", "maps": "CMAPS"}, {"jess@example.org": "UJESS"}
        )
        self.ctx = Context(
            clock=self.clock,
            store=self.store,
            directory=self.directory,
            templates=JinjaTemplates(lambda: self.prompts),
            communities=lambda: tuple(self.communities),
            permalink=lambda channel, ts_us: f"https://example.slack.com/archives/{channel}/p{ts_us}",
            holidays=lambda country, day: self.holidays.get((country, day)),
        )

    def close(self) -> None:
        self.engine.dispose()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def wait(self, **time: float) -> None:
        """Let time pass, such as ``hours=24``."""
        self.clock.tick(timedelta(**time).total_seconds())

    # -- what people do

    def record(self, *facts: Fact) -> None:
        with self.store.begin() as tx:
            tx.facts.record(facts)

    def joins(self, user: str, **described: object) -> int:
        """A person joins the workspace now; the instant."""
        at_us = to_us(self.now)
        self.record(UserSeen(user, updated_us=at_us, **described), WorkspaceJoined(user, at_us))  # type: ignore[arg-type]
        return at_us

    def says(self, user: str, text: str, channel: str = "CDATA", thread: int | None = None) -> int:
        """A person writes now; the message's ts in microseconds."""
        ts_us = self._next_ts_us()
        self.record(MessageSeen(channel, ts_us, user, thread_us=thread, text=text))
        return ts_us

    def _next_ts_us(self) -> int:
        """A microsecond on, so that no two messages are one."""
        self.clock.jump(timedelta(microseconds=1))
        return to_us(self.now)

    def deletes(self, ts_us: int, channel: str = "CDATA") -> None:
        self.record(MessageGone(channel, ts_us))

    def reacts(self, user: str, name: str, ts_us: int, channel: str = "CDATA", *, present: bool = True) -> None:
        self.record(ReactionSeen(channel, ts_us, user, name, present=present, event_us=self._next_ts_us()))

    # -- what the bot says

    def send(self) -> list[Delivery]:
        """Send what is due, and may go, as Slack would take it; what was sent, in its order."""
        sent: list[Delivery] = []
        with self.store.begin() as tx:
            while ready := tx.deliveries.ready(to_us(self.now), 100):
                for delivery in ready:
                    if not attention.may_go(self.ctx, tx, delivery, self.now):
                        continue
                    ts_us = self._next_ts_us()
                    tx.deliveries.claim(delivery.id, "test", to_us(self.now))
                    where = {} if delivery.outgoing.updates else {"channel": delivery.outgoing.target, "ts_us": ts_us}
                    tx.deliveries.settle(delivery.id, delivery.attempts + 1, "sent", **where)  # type: ignore[arg-type]
                    sent.append(delivery)
        return sent

    def delivery(self, key: str) -> Delivery | None:
        with self.store.read() as tx:
            return tx.deliveries.get(key)
