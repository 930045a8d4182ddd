"""What the digests of a week cost: working out everybody's hour, a pass with nothing to do, and making them all.

Run: python tests/benchmarks/digests.py [MEMBERS] [MESSAGES]

5,000 members of ten channels, in a made-up community of a million messages in three years. Time of the processor, so that a busy machine
measures the same.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from fakes import FakeClock, FakeDirectory
from large_community import END_US, START_US, make_community
from sqlalchemy import insert, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.templates import JinjaTemplates
from copbot.core.community import Channels, Community, Privacy
from copbot.core.ports import Context
from copbot.core.time import from_us
from copbot.features.digest.service import next_due, plan_due

ZONES = ("Europe/Berlin", "Asia/Bangkok", "America/Lima", "Africa/Nairobi", "Pacific/Auckland")
HERE = 10


def taken(step: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    result = step()
    return time.process_time() - start, result


def settle(store: SqlStore, members: int) -> list[str]:
    """Everybody in the ten channels in which most was written; where they live, and what every third message in them asks."""
    user, channel, message = (one.__table__ for one in (tables.User, tables.Channel, tables.Message))  # type: ignore[attr-defined]
    with store._engine.begin() as connection:
        everybody = list(connection.execute(select(user.c.id).order_by(user.c.id).limit(members)).scalars())
        keys = list(range(1, HERE + 1))
        connection.execute(
            insert(tables.Membership.__table__),  # type: ignore[attr-defined]
            [
                {"team_id": store.team, "channel_id": key, "user_id": who, "is_member": True, "changed_us": START_US}
                for key in keys
                for who in everybody
            ],
        )
        for number, zone in enumerate(ZONES):
            connection.execute(
                update(user).where(user.c.id % len(ZONES) == number).values(timezone=zone, name=f"Member {number}")
            )
        connection.execute(update(channel).where(channel.c.id.in_(keys)).values(told_us={"is_private": START_US}))
        connection.execute(
            update(message)
            .where(message.c.channel_id.in_(keys), message.c.thread_us.is_(None), message.c.ts_us % 3 == 0)
            .values(asks=True, text="Which register of villages would you link to the census, and how?")
        )
        return list(connection.execute(select(channel.c.slack_id).where(channel.c.id.in_(keys))).scalars())


def main() -> None:
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    messages = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = make_community(Path(folder) / "copbot.db", messages)
        channels = settle(store, members)
        store.keep_text_in = lambda _channel: "questions"
        last = from_us(END_US)
        monday = datetime(last.year, last.month, last.day, tzinfo=last.tzinfo) - timedelta(days=last.weekday())
        clock = FakeClock(monday)
        community = Community(
            id="large", name="Large", timezone="UTC", channels=Channels(tuple(channels)), privacy=Privacy("questions")
        )
        ctx = Context(
            clock=clock,
            store=store,
            directory=FakeDirectory({one: one for one in channels}, {}),
            templates=JinjaTemplates(dict),
            communities=lambda: (community,),
            permalink=lambda channel, ts_us: f"https://example.slack.com/archives/{channel}/p{ts_us}",
        )
        seconds, _ = taken(lambda: next_due(ctx, clock.now()))
        print(f"Everybody's hour for a week worked out: {seconds:.2f} s")
        passes = [taken(lambda: (plan_due(ctx, clock.now()), next_due(ctx, clock.now())))[0] for _ in range(50)]
        print(f"A pass with nothing to do: {1000 * statistics.median(passes):.2f} ms")
        walk(ctx, clock, monday + timedelta(days=6), members)


def walk(ctx: Context, clock: FakeClock, end: datetime, members: int) -> None:
    longest, total, count = 0.0, 0.0, 0
    while (at := next_due(ctx, clock.now())) is not None and at < end:
        clock.jump(at - clock.now())
        seconds, _ = taken(lambda: plan_due(ctx, clock.now()))
        longest, total, count = max(longest, seconds), total + seconds, count + 1
    with ctx.store.read() as tx:
        made = len(tx.deliveries.begun_with("digest:large:"))
    print(
        f"All digests of the week: {total:.1f} s in {count} passes, the longest {longest:.2f} s; {made:,} of {members:,} had"
        f" something to tell; {1000 * total / members:.1f} ms each"
    )


if __name__ == "__main__":
    main()
