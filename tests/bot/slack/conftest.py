"""The real Bolt app against a local Slack, answering from a small real index."""

import itertools
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.answering.answerer import Answerer
from bot.domain import Exchange, Message
from bot.slack.app import create_app
from bot.slack.work import Work
from index.build import build_index
from index.embedding import Matrix, Vector
from index.generation import GenerationStore
from index.opening import LiveIndex
from index.retrieval import Retriever
from tests.fakes import HashingEmbedder
from tests.slack_server import BOT_TOKEN, BOT_USER, SlackServer

ARTICLES = {
    "vp-of-product.md": """---
title: VP of product
url: https://example.com/vp?a=1&b=2
updated: 2026-02-03
---
# VP of product

## What a VP of product does

A VP of product leads the product managers and owns the roadmap & the budget.
""",
    "interviews.txt": """Product interviews

An interview <!channel> for a product manager asks @here for metrics, says <@U1>.
""",
}
VP_QUESTION = "what does a VP of product do"
VP_SENTENCE = "A VP of product leads the product managers and owns the roadmap &amp; the budget."


class TinyIndex(LiveIndex):
    """A published generation, opened with the embedder of the test."""

    def __init__(self, store: GenerationStore, embedder: HashingEmbedder) -> None:
        self._tiny = Retriever(store.open(), self.embed_query)
        self._embedder = embedder

    def retriever(self) -> Retriever:
        return self._tiny

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._embedder.embed_queries([text])[0]
        return vector


class GatedEmbedder(HashingEmbedder):
    """Lets no question through until its gate is opened; fails on the word it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.failing_word = ""
        self.error: Exception | None = None
        self.asked: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        assert self.gate.wait(10)
        if self.error and any(self.failing_word in text for text in texts):
            raise self.error
        return super().embed_queries(texts)


class ContextKeeper(Answerer):
    """The real answerer, which also remembers the thread it was given."""

    def __init__(self, index: LiveIndex) -> None:
        super().__init__(index)
        self.threads: list[tuple[Message, ...]] = []

    def ask(self, text: str, thread: Sequence[Message] = ()) -> Exchange:
        self.threads.append(tuple(thread))
        return super().ask(text, thread)


class Bot:
    """The app under test, with Slack's side of a conversation."""

    def __init__(self, slack: SlackServer, store: GenerationStore, work: Work) -> None:
        self.slack = slack
        self.embedder = GatedEmbedder()
        self.answerer = ContextKeeper(TinyIndex(store, self.embedder))
        self.work = work
        self.app = create_app(BOT_TOKEN, slack.api_url, answerer=self.answerer, work=work)
        self._numbers = itertools.count(1)

    def mention(self, text: str = VP_QUESTION, **event: Any) -> int:
        return self.hear("app_mention", f"<@{BOT_USER}> {text}", channel="C1", **event)

    def write(self, text: str = VP_QUESTION, **event: Any) -> int:
        return self.hear("message", text, **{"channel": "D1", "channel_type": "im", **event})

    def hear(self, kind: str, text: str, *, event_id: str | None = None, **event: Any) -> int:
        number = next(self._numbers)
        return self.dispatch(
            {
                "type": "event_callback",
                "team_id": "T1",
                "event_id": event_id or f"Ev{number:04}",
                "event": {
                    "type": kind,
                    "user": "U1",
                    "text": text,
                    "ts": f"1700000000.{number:06}",
                    **event,
                },
            }
        )

    def command(self, text: str | None = VP_QUESTION) -> int:
        return self.dispatch(
            {
                "type": "slash_commands",
                "command": "/pmrole",
                "text": text,
                "team_id": "T1",
                "user_id": "U1",
                "channel_id": "C9",
                "response_url": self.slack.response_url,
                "trigger_id": "1.2.3",
            }
        )

    def dispatch(self, body: dict[str, Any]) -> int:
        """Return the status that acknowledges an event, or does not."""
        return self.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status

    def replies(self, count: int = 1) -> list[dict[str, Any]]:
        """Return what was posted, once there are so many."""
        return [one.fields for one in self.slack.wait_for("chat.postMessage", count)]

    def whispers(self, count: int = 1) -> list[dict[str, Any]]:
        """Return what commands were answered with."""
        return [one.fields for one in self.slack.wait_for("response_url", count)]

    def settle(self) -> None:
        """Wait until every question is answered."""
        # Bolt's own threads only queue; half a tenth of a second is long for that.
        threading.Event().wait(0.05)
        self.slack.wait_until(lambda: not self.work.unfinished, "the end of the work")


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch):
    """slack_sdk and Bolt read these by themselves."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slack")
    knowledge = folder / "knowledge"
    knowledge.mkdir()
    for name, text in ARTICLES.items():
        (knowledge / name).write_text(text, encoding="utf-8")
    store = GenerationStore(folder / "index")
    build_index(knowledge, store, lambda: ("hashing", HashingEmbedder()))
    return store


@pytest.fixture
def slack():
    with SlackServer() as server:
        yield server


@pytest.fixture
def make_bot(slack, store):
    """Make a bot; its queue is worked off at the end."""
    made = []

    def make(**sizes):
        made.append(Bot(slack, store, Work(**sizes)))
        return made[-1]

    yield make
    for one in made:
        one.embedder.gate.set()
        assert one.work.close(5.0)


@pytest.fixture
def bot(make_bot):
    return make_bot()
