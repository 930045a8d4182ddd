"""The alarm: says that time has passed, and nothing more. What is due is decided from files, store and now."""

import logging
import math
from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from copbot.adapters.clock import SystemClock
from copbot.core.ports import Clock
from copbot.core.pump import Next

log = logging.getLogger(__name__)

AT_LEAST_EVERY_S = 30
_NEXT = "next"


class Alarm:
    """Wakes at the next due instant and at least every 30 seconds; APScheduler in memory, without a job store."""

    def __init__(self, clock: Clock, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._wake = wake
        # Being late is no reason not to wake, and several wakings are one.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def start(self) -> None:
        self._scheduler.add_job(self._wake, "interval", seconds=AT_LEAST_EVERY_S)
        self._scheduler.start()

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call something regularly, in a thread of the alarm's."""
        self._scheduler.add_job(call, "interval", seconds=seconds)

    def set(self, next_due: Next | None) -> None:
        """Wake at that instant too (the one set before is forgotten)."""
        wait_s = math.inf if next_due is None else self._clock.real_seconds_until(next_due.at)
        if wait_s > AT_LEAST_EVERY_S:
            if self._scheduler.get_job(_NEXT):
                self._scheduler.remove_job(_NEXT)
            return
        at = SystemClock().now() + timedelta(seconds=wait_s)  # APScheduler lives by the machine's clock
        self._scheduler.add_job(self._wake, "date", run_date=at, id=_NEXT, replace_existing=True)

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
