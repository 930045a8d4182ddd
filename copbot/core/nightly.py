"""What is done once a night, while the community sleeps: clean-up, backup.

A feature that has such work gives its ``Feature.nightly(ctx, community, now)``; ``wiring.py`` makes a ``Task`` of it for each community,
and the running bot goes through all of them every minute in a thread of its own, which holds nothing else up. What a task has to know:

- It is begun once for each night of its time zone, at or after ``BEGINS``. A program that was off at that hour begins at the next
  chance, be it noon, and once however many nights were missed. The first time it is begun at once.
- Of several processes on one database one does it: it is claimed in the store first.
- When it fails, or its process is killed at it, it is begun again two hours later, for the same night: so each step of it is one that
  may be repeated. It runs outside any transaction and opens short ones of its own: a long one would hold up what is taken in.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copbot.core.errors import LeadLost, SlackGone
from copbot.core.ports import Context
from copbot.core.time import MICROSECOND, to_us

log = logging.getLogger(__name__)

BEGINS = time(3)
"""By the wall clock of the task's time zone: an hour at which nobody writes, and that is still today's night."""

AGAIN_AFTER = timedelta(hours=2)
"""What was begun and is not done after so long failed, or lost its process: it is begun again."""

LOOK_EVERY_S = 60.0

TOLD = 200
"""Characters of a failure that are kept."""


class InterruptedTaskError(Exception):
    """Raised by a task when the program is told to stop: it is begun again at the next chance, and nobody needs to hear of it."""


@dataclass(frozen=True)
class Task:
    """``name`` is its own in the whole workspace, such as ``memory:data-integration``; ``timezone`` an IANA name."""

    name: str
    timezone: str
    work: Callable[[], None]
    on_failure: Callable[[str], None] = lambda _failure: None
    """Told why it failed, once until it is done again."""


def night_of(now: datetime, timezone: str) -> date:
    """The latest night that has begun at an instant: the local date on which ``BEGINS`` was reached last."""
    local = now.astimezone(ZoneInfo(timezone))
    return local.date() if local.time() >= BEGINS else local.date() - timedelta(days=1)


def do_what_is_due(ctx: Context, tasks: Iterable[Task]) -> float:
    """Begin each task whose night has come and that nobody has begun; one that fails holds up no other. Seconds until the next look."""
    for task in tasks:
        night = night_of(ctx.clock.now(), task.timezone)
        if _claimed(ctx, task, night):
            _do(ctx, task, night)
    return LOOK_EVERY_S


def _claimed(ctx: Context, task: Task, night: date) -> bool:
    with ctx.store.read() as tx:  # most looks find nothing to do: they should not wait for a writer
        latest = tx.nights.of(task.name)
    if latest is not None and latest.night >= night and latest.done_us is not None:
        return False
    now_us = to_us(ctx.clock.now())
    with ctx.store.begin() as tx:
        return tx.nights.claim(task.name, night, now_us, now_us - AGAIN_AFTER // MICROSECOND)


def _do(ctx: Context, task: Task, night: date) -> None:
    try:
        task.work()
    except (SlackGone, LeadLost):
        raise
    except InterruptedTaskError:
        with ctx.store.begin() as tx:
            tx.nights.put_back(task.name, night)
        return
    except Exception as failed:
        log.exception("the nightly task %s failed, error %s", task.name, secrets.token_hex(3))
        failure = f"{type(failed).__name__}: {failed}"[:TOLD]
        with ctx.store.begin() as tx:
            is_news = tx.nights.failed(task.name, night, failure)
        if is_news:
            task.on_failure(str(failed))
        return
    with ctx.store.begin() as tx:
        tx.nights.done(task.name, night, to_us(ctx.clock.now()))
