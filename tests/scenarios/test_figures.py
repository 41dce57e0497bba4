"""/metrics of a running `pmrole serve`, over a day in the life of it."""

import http.client
import json
import socket

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.library import INDEX
from tests.scenarios.breaking import CPO, BotProcess, by_bot
from tests.scenarios.conftest import PATIENCE_S, VP

TOKEN = "a-token-for-prometheus"


class Watched:
    """A bot whose figures can be read."""

    def __init__(self, slack, database):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        settings = {"HTTP_HOST": "127.0.0.1", "PORT": str(self._port), "METRICS_TOKEN": TOKEN}
        self.slack = slack
        self.process = BotProcess(slack, database, LOG_LEVEL="INFO", LOG_FORMAT="json", **settings)
        self.process.wait_until_it_answers()

    def page(self, token=TOKEN):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def figures(self):
        """Return every figure by its name and labels in order."""
        families = text_string_to_metric_families(self.page()[1])
        return {
            (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
            for family in families
            for one in family.samples
        }

    def wait(self, name, value):
        self.slack.wait_for(lambda: self.figures().get(name) == value, f"{name}", PATIENCE_S)


@pytest.fixture
def watched(slack, answerer, tmp_path):  # noqa: ARG001 - builds the index
    bot = Watched(slack, tmp_path / "state.db")
    yield bot
    bot.process.kill()


def test_figures_follow_what_people_ask_and_what_slack_does(watched, slack):
    figures = watched.figures()
    assert figures["pmrole_socket_open",] == 1
    generation = (INDEX / "CURRENT").read_text("utf-8").strip()
    assert figures["pmrole_generation_info", generation] == 1
    assert figures["pmrole_indexed", "articles"] >= 39
    assert {name[1] for name in figures if name[0] == "pmrole_queue_unfinished"} == {
        "questions", "gestures", "edits", "uploads",
    }  # fmt: skip

    ann = slack.person("ann")
    asked = ann.says("#careers", f"<@{slack.bot_user}> {VP}")
    ann.commands("/pmrole", "what is the best pizza in town")
    watched.wait(("pmrole_questions_total", "answer", "mention"), 1)
    slack.wait_for(lambda: by_bot(slack, ann.sees("#careers", asked)), "the answer", PATIENCE_S)
    watched.wait(("pmrole_question_seconds_count",), 2)
    figures = watched.figures()
    refused = [
        count for (name, *labels), count in figures.items()
        if name == "pmrole_questions_total" and "command" in labels
    ]  # fmt: skip
    assert refused == [1]
    assert figures["pmrole_answer_seconds_count",] == 2
    assert figures["pmrole_acks_total", "true"] >= 2
    assert figures["pmrole_ack_seconds_count",] == figures["pmrole_acks_total", "true"]

    slack.refuse("chat.postMessage", "msg_too_long")
    ann.says("#general", f"<@{slack.bot_user}> {CPO}")
    watched.wait(("pmrole_questions_total", "undelivered", "mention"), 1)

    slack.refuse_sockets(60)
    slack.cut_sockets(clean=True)
    watched.wait(("pmrole_socket_open",), 0)


def test_no_figure_and_no_line_of_the_log_names_a_person_a_channel_or_a_question(watched, slack):
    ann = slack.person("ann")
    ann.says("#careers", f"<@{slack.bot_user}> {VP}")
    watched.wait(("pmrole_question_seconds_count",), 1)
    text = watched.page()[1]
    for name in (ann.id, slack.channels["#careers"].id, slack.team, VP):
        assert name not in text
    assert watched.page("another-token-of-16")[0] == 401
    status, log = watched.process.stop()
    assert status == 0
    lines = [json.loads(line) for line in f"{watched.process.said}{log}".splitlines()]
    (answered,) = [one for one in lines if " passages in " in one["message"]]
    assert answered["message"].startswith(f"{answered['reference']}: Answer from ")
    assert "pmrole: stopping" in [one["message"] for one in lines]
    assert VP not in log
