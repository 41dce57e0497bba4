"""Figures of a running bot, in the text format that Prometheus reads.

Counting takes some microseconds; what a gauge shows is asked for when somebody looks. No label
holds a text, a person or a channel.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# Else each series gets a line that says when it began, which nobody asks.
disable_created_metrics()  # type: ignore[no-untyped-call] # prometheus_client leaves it untyped

# Seconds. An answer takes some tens of milliseconds; the whole way includes Slack and its retries.
_ANSWER_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_QUESTION_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1200.0)
# Slack waits three seconds for an acknowledgement.
_ACK_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)

# What a gauge shows: values by the one label, or one value under an empty one.
Reading = Callable[[], Iterable[tuple[str, float]]]


class Metrics:
    """The figures of one process. Safe between threads."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = Counter(
            "pmrole_questions",
            "Questions by what became of them.",
            ("surface", "outcome"),
            registry=self._registry,
        )
        self._answer_s = self._histogram(
            "pmrole_answer_seconds", "Time to find and compose a reply.", _ANSWER_S
        )
        self._question_s = self._histogram(
            "pmrole_question_seconds",
            "Time from the arrival of a question until its reply is in Slack, retries included.",
            _QUESTION_S,
        )
        self._acks = Counter(
            "pmrole_acks",
            "Deliveries of Slack; those not acknowledged come again.",
            ("acknowledged",),
            registry=self._registry,
        )
        self._ack_s = self._histogram(
            "pmrole_ack_seconds", "Time until a delivery is acknowledged.", _ACK_S
        )
        self.gauge("pmrole_build_info", "The version that runs.", _version, label="version")

    def asked(self, surface: str, outcome: str, milliseconds: float) -> None:
        """Count a question that has its reply.

        Args:
            surface: Where it was asked, such as "mention".
            outcome: What became of it, such as "answer".
            milliseconds: To find and compose the reply.
        """
        self._questions.labels(surface, outcome).inc()
        self._answer_s.observe(milliseconds / 1000)

    def unanswered(self, surface: str, outcome: str) -> None:
        """Count a question that got no reply: "busy", "failed", "given up" or "undelivered"."""
        self._questions.labels(surface, outcome).inc()

    def settled(self, seconds: float) -> None:
        """Note how long a question was under way, from its arrival to its end."""
        self._question_s.observe(max(0.0, seconds))

    def delivered(self, seconds: float, *, acknowledged: bool) -> None:
        """Count something that Slack delivered."""
        self._acks.labels("true" if acknowledged else "false").inc()
        self._ack_s.observe(seconds)

    def gauge(self, name: str, text: str, read: Reading, *, label: str = "") -> None:
        """Show what is read when somebody looks.

        Args:
            name: Of the figure; it must be new.
            text: What it says.
            read: Gives values by label. What it raises leaves the figure out.
            label: What the values differ by; empty for a single one.
        """
        self._registry.register(_Gauge(name, text, read, label))

    def render(self) -> bytes:
        """Return all figures as text of type `CONTENT_TYPE`."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, buckets=buckets, registry=self._registry)


class _Gauge(Collector):
    """One figure, read when somebody looks."""

    def __init__(self, name: str, text: str, read: Reading, label: str) -> None:
        self._name, self._text, self._read, self._label = name, text, read, label

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name it, so that a second one of that name is refused."""
        yield GaugeMetricFamily(self._name, self._text)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read it."""
        labels = [self._label] if self._label else []
        family = GaugeMetricFamily(self._name, self._text, labels=labels)
        try:
            for value_of, value in self._read():
                family.add_metric([value_of] if labels else [], value)
        except Exception:  # noqa: BLE001 - one part that is down must not hide the others
            return
        yield family


def _version() -> Iterator[tuple[str, float]]:
    yield version("pmrole"), 1.0
