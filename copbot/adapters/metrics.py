"""What ``/metrics`` says, in Prometheus' text form: what happened in this process since it started, and how things stand now.

Everything is in a registry of its own, so that nothing outlives what it counts. Labels are of small fixed sets: no person, channel,
post or community is ever named, for metrics go to places that were not told of anybody.
"""

import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from copbot import __version__
from copbot.adapters.observing import Observer

PREFIX = "copbot_"

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 3.0)
"""Up to the 3 s after which Slack sends again."""
LATE_S = (1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400)
LONG_S = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300)

Standing = Mapping[str, float]


class Metrics(Observer):
    """``monotonic`` is in seconds. ``stand`` is asked at each scrape: what each gauge of ``GAUGES`` stands at, as far as it is known."""

    def __init__(self, monotonic: Callable[[], float], mode: str, database: str) -> None:
        self._monotonic = monotonic
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        about = {"version": __version__, "python": platform.python_version(), "mode": mode, "database": database}
        Info("copbot_build", "The program, its mode and its kind of database", registry=registry).info(about)
        self._intake = _counter(registry, "intake_events", "Events from Slack", "result")
        self._interactions = _counter(registry, "interactions", "What people pressed, sent and asked", "kind", "result")
        self._acknowledged = _histogram(
            registry, "acknowledgement_seconds", "How long Slack waited for its answer", QUICK_S, "kind"
        )
        self._deliveries = _counter(registry, "deliveries", "Messages of the bot's", "kind", "outcome")
        self._late = _histogram(registry, "delivery_lateness_seconds", "Sent after they were due", LATE_S)
        self._look_ups = _counter(registry, "look_ups", "Questions to Slack about what is not known", "what", "result")
        self._calls = _counter(registry, "slack_requests", "Calls of Slack's Web API", "method", "outcome")
        self._limited = _counter(registry, "slack_limits", "Calls that Slack told to wait (429)", "method")
        self._call_seconds = _histogram(registry, "slack_request_seconds", "Calls of Slack's Web API", LONG_S)
        self._steps = _histogram(registry, "step_seconds", "Rounds of the bot's loops", LONG_S, "step")
        self._wakes = _counter(registry, "wakes", "Times that something may have become due")
        self._reconnects = _counter(registry, "reconnects", "Connections that took another's place")
        self._given_up = _counter(registry, "connections_given_up", "Connections that the watchdog ended", "why")
        self._requests = _counter(registry, "http_requests", "Requests over HTTP", "path", "status")
        self._standing = _Standing()
        registry.register(self._standing)

    def ask(self, stand: Callable[[], Standing]) -> None:
        """What stands now is asked of ``stand`` from now on; names as in ``GAUGES``."""
        self._standing.asked = [*self._standing.asked, stand]

    def exposed(self) -> tuple[str, bytes]:
        """The content type, and the text."""
        return CONTENT_TYPE_LATEST, generate_latest(self.registry)

    # -- what happens

    def took_in(self, result: str) -> None:
        self._intake.labels(result).inc()

    def interacted(self, kind: str, result: str) -> None:
        self._interactions.labels(kind, result).inc()

    def acknowledged(self, kind: str, seconds: float) -> None:
        self._acknowledged.labels(kind).observe(seconds)

    def settled(self, kind: str, outcome: str, late_s: float) -> None:
        self._deliveries.labels(kind, outcome).inc()
        if outcome == "sent":
            self._late.observe(max(0.0, late_s))

    def looked_up(self, what: str, result: str) -> None:
        self._look_ups.labels(what, result).inc()

    def called(self, method: str, outcome: str, seconds: float) -> None:
        self._calls.labels(method, outcome).inc()
        self._call_seconds.observe(seconds)
        if outcome == "limited":
            self._limited.labels(method).inc()

    def woke(self) -> None:
        self._wakes.inc()

    def reconnected(self) -> None:
        self._reconnects.inc()

    def gave_up(self, why: str) -> None:
        self._given_up.labels(why).inc()

    def answered(self, path: str, status: int) -> None:
        self._requests.labels(path, str(status)).inc()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = self._monotonic()
        try:
            yield
        finally:
            self._steps.labels(name).observe(self._monotonic() - began)


GAUGES = {
    "connected": "1 while Slack reaches the bot: connected, or heard of lately over HTTP",
    "slack_reachable": "1 while Slack's Web API answers, as far as the latest calls tell",
    "caught_up": "1 while nothing that was missed is still to be read",
    "deliveries_waiting": "Messages that are due and not sent",
    "delivery_backlog_seconds": "How long the oldest of them is due",
    "deliveries_unsettled": "Messages whose sending has begun and whose outcome is not known yet",
    "happenings_waiting": "What was taken in and not decided on",
    "happening_backlog_seconds": "How long ago the oldest of that was taken in",
    "complete_seconds": "Up to how long ago nothing of Slack's is missing",
    "database_bytes": "Size of the database, its write-ahead log included",
    "database_writable": "1 while the last attempt to store something worked",
    "files_mistakes": "Mistakes in the coordinators' files",
}
"""What stands, and is read when it is asked for."""


class _Standing(Collector):
    """Gauges that are read at the scrape. What cannot be read is left out: no figure is better than an old one."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], Standing]] = []

    def collect(self) -> Iterator[Metric]:
        found: dict[str, float] = {}
        for ask in self.asked:
            found |= ask()
        for name, says in GAUGES.items():
            if name in found:
                yield GaugeMetricFamily(PREFIX + name, says, value=found[name])

    def describe(self) -> Iterator[Metric]:
        """All names, whether or not they can be read now."""
        for name, says in GAUGES.items():
            yield GaugeMetricFamily(PREFIX + name, says)


def _counter(registry: CollectorRegistry, name: str, says: str, *labels: str) -> Counter:
    return Counter(PREFIX + name, says, labels, registry=registry)


def _histogram(
    registry: CollectorRegistry, name: str, says: str, buckets: tuple[float, ...], *labels: str
) -> Histogram:
    return Histogram(PREFIX + name, says, labels, buckets=buckets, registry=registry)
