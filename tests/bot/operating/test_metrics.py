"""Figures in Prometheus' own format, read back by its own parser."""

import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.operating.metrics import Metrics
from bot.slack.web import Readiness, create_web


def read(metrics):
    """Return every sample by name and labels."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (one.name, *sorted(one.labels.values())): one.value
        for family in families
        for one in family.samples
    }


def test_questions_are_counted_by_surface_and_outcome():
    metrics = Metrics()
    metrics.asked("mention", "answer", 30.0)
    metrics.asked("mention", "answer", 30.0)
    metrics.asked("command", "no_answer", 5.0)
    metrics.unanswered("command", "busy")
    found = read(metrics)
    assert found["pmrole_questions_total", "answer", "mention"] == 2
    assert found["pmrole_questions_total", "command", "no_answer"] == 1
    assert found["pmrole_questions_total", "busy", "command"] == 1


def test_the_time_of_an_answer_is_counted_in_seconds():
    metrics = Metrics()
    metrics.asked("mention", "answer", 30.0)
    found = read(metrics)
    assert found["pmrole_answer_seconds_bucket", "0.025"] == 0
    assert found["pmrole_answer_seconds_bucket", "0.05"] == 1
    assert found["pmrole_answer_seconds_sum",] == pytest.approx(0.03)


def test_a_clock_set_back_gives_no_negative_time():
    metrics = Metrics()
    metrics.settled(-3600.0)
    assert read(metrics)["pmrole_question_seconds_sum",] == 0


def test_what_was_not_acknowledged_is_counted_apart():
    metrics = Metrics()
    metrics.delivered(0.01, acknowledged=True)
    metrics.delivered(0.01, acknowledged=False)
    found = read(metrics)
    assert found["pmrole_acks_total", "true"] == found["pmrole_acks_total", "false"] == 1


def test_a_gauge_is_read_when_somebody_looks():
    metrics = Metrics()
    waiting: list[int] = []
    metrics.gauge("queue", "Waiting.", lambda: [("all", len(waiting))], label="which")
    assert read(metrics)["queue", "all"] == 0
    waiting.append(1)
    assert read(metrics)["queue", "all"] == 1


def test_a_gauge_that_cannot_be_read_hides_no_other():
    metrics = Metrics()

    def broken():
        raise OSError("the index is gone")

    metrics.gauge("broken", "Broken.", broken)
    metrics.asked("mention", "answer", 1.0)
    found = read(metrics)
    assert ("broken",) not in found
    assert found["pmrole_questions_total", "answer", "mention"] == 1


def test_two_gauges_of_one_name_are_a_mistake():
    metrics = Metrics()
    metrics.gauge("twice", "One.", list)
    with pytest.raises(ValueError, match="twice"):
        metrics.gauge("twice", "Another.", list)


def test_threads_that_count_at_once_lose_nothing():
    metrics = Metrics()

    def count():
        for _ in range(500):
            metrics.asked("mention", "answer", 1.0)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert read(metrics)["pmrole_questions_total", "answer", "mention"] == 4000


def test_the_process_and_its_version_are_among_them():
    found = read(Metrics())
    assert any(name == "pmrole_build_info" for name, *_ in found)
    assert found["process_resident_memory_bytes",] > 1_000_000


def test_they_are_served_as_prometheus_wants_them():
    metrics = Metrics()
    metrics.asked("mention", "answer", 1.0)
    page = create_web(Readiness(), metrics).test_client().get("/metrics")
    assert page.status_code == 200
    assert page.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'pmrole_questions_total{outcome="answer",surface="mention"} 1.0' in page.text


TOKEN = "a-token-for-prometheus"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({}, 401),
        ({"Authorization": f"Bearer {TOKEN}x"}, 401),
        ({"Authorization": TOKEN}, 401),
        ({"Authorization": "Bearer é"}, 401),
    ],
)
def test_with_a_token_set_only_who_brings_it_reads_them(headers, status):
    web = create_web(Readiness(), Metrics(), TOKEN).test_client()
    page = web.get("/metrics", headers=headers)
    assert page.status_code == status
    assert ("pmrole_" in page.text) == (status == 200)
    assert web.get("/healthz").status_code == 200


def test_without_figures_there_is_no_such_page():
    assert create_web(Readiness()).test_client().get("/metrics").status_code == 404
