"""Which figures of a serving bot are shown beside those of questions."""

import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from slack_bolt import App, BoltRequest, BoltResponse

from bot.answering.answerer import Answerer
from bot.operating.metrics import Metrics
from bot.slack.app import Queues


def show_figures(metrics: Metrics, answerer: Answerer, queues: Queues) -> None:
    """Let figures tell how full the queues are, and what is answered from."""

    def unfinished() -> Iterator[tuple[str, float]]:
        for one in fields(queues):
            yield one.name, getattr(queues, one.name).unfinished

    def generation() -> Iterator[tuple[str, float]]:
        yield answerer.generation().manifest.name, 1.0

    def built_at() -> Iterator[tuple[str, float]]:
        built = datetime.fromisoformat(answerer.generation().manifest.built)
        yield "", built.timestamp()

    def indexed() -> Iterator[tuple[str, float]]:
        manifest = answerer.generation().manifest
        yield "articles", manifest.articles
        yield "passages", manifest.chunks

    metrics.gauge("pmrole_queue_unfinished", "Tasks that wait or run.", unfinished, label="queue")
    metrics.gauge(
        "pmrole_generation_info", "The generation that answers.", generation, label="generation"
    )
    metrics.gauge(
        "pmrole_generation_built_timestamp_seconds", "When it was built, since 1970.", built_at
    )
    metrics.gauge("pmrole_indexed", "What it holds.", indexed, label="what")


def count_deliveries(metrics: Metrics, app: App) -> None:
    """Count what an app hears from Slack, whichever way it comes, and how long that takes."""
    hear = app.dispatch

    def counted(delivered: BoltRequest) -> BoltResponse:
        started, acknowledged = time.perf_counter(), False
        try:
            response = hear(delivered)
            acknowledged = response.status == 200
        finally:
            metrics.delivered(time.perf_counter() - started, acknowledged=acknowledged)
        return response

    app.dispatch = counted  # type: ignore[assignment,method-assign] # Bolt has no hook around it
