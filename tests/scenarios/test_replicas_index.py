"""Three processes share one index in Postgres: what one publishes, all answer from."""

import shutil

import pytest

from bot.reindexing.postgres_turns import PostgresTurns
from bot.slack.listeners.reindexing import RETURNED
from index.build import build_index
from index.embedding import DEFAULT_MODEL
from index.postgres.generations import PostgresGenerations
from tests.bot.reindexing.folders import ARTICLES, DISCOVERY
from tests.builds import write_articles
from tests.library import ENCODERS, KNOWLEDGE, open_default_model
from tests.scenarios.breaking import BotProcess, by_bot
from tests.scenarios.conftest import running_slack, text_of

PATIENCE_S = 90.0
ASKED = "What is discovery?"
FOUND = "search for problems"
# Of one index, whatever each makes of it.
STORES = ("postgres", "postgres", "postgres+faiss")
_MOST_ASKED = 60


class Replicas:
    """Replicas with disks of their own, and one folder of articles."""

    def __init__(self, slack, url, root):
        self.slack, self.url = slack, url
        self.ann, self.ada = slack.person("ann"), slack.person("ada")
        self.knowledge = write_articles(root / "knowledge", ARTICLES)
        shutil.copy(KNOWLEDGE / "titles.toml", self.knowledge)
        self.store = PostgresGenerations(url, root / "scratch")
        build_index(self.knowledge, self.store, open_default_model)
        self.processes = [
            BotProcess(
                slack,
                url,
                KNOWLEDGE_DIR=str(self.knowledge),
                INDEX_DIR=str(root / f"index-{number}"),
                INDEX_STORE=store,
                ENCODER_DIR=str(ENCODERS),
                EMBEDDING_MODEL=DEFAULT_MODEL,
            )
            for number, store in enumerate(STORES)
        ]
        for one in self.processes:
            one.wait_until_it_answers()

    def wait(self, condition, what):
        self.slack.wait_for(condition, what, PATIENCE_S)

    def answers_of_all(self):
        """Ask until every replica has answered; return what each of them said."""
        answers: dict[str, str] = {}
        for _ in range(_MOST_ASKED):
            asked = self.ann.says("#careers", f"<@{self.slack.bot_user}> {ASKED}")
            self.wait(lambda asked=asked: self._answer(asked), "an answer")
            self.wait(lambda asked=asked: self._heard_by(asked), "its acknowledgement")
            answers[self._heard_by(asked)] = text_of(self._answer(asked)[0])
            self.ann.opens_home()  # an event more, so that the next question goes to another one
            if len(answers) == len(self.processes):
                return tuple(answers.values())
        raise AssertionError(f"only {len(answers)} replicas heard of {_MOST_ASKED} questions")

    def _answer(self, asked):
        return by_bot(self.slack, self.ann.sees("#careers", asked))

    def _heard_by(self, asked):
        """Return over which connection a question was delivered; nothing while nobody knows."""
        for one in self.slack.deliveries:
            event = one.payload.get("event", {}) if one.kind == "events_api" else {}
            mentions = event.get("ts") == asked.ts and event.get("type") == "app_mention"
            if mentions and one.tries:
                return one.tries[-1].via
        return ""

    def told(self, channel, words):
        """Wait until the bot says something to ada in a channel."""

        def found():
            held = self.slack.messages(channel)
            return [one for one in held if words in text_of(one) or words in one.text]

        self.wait(found, f"{words!r} in {channel}")
        return found()[-1]

    def until_all_say(self, words, *, found):
        """Ask all until each has or lacks words: the last one may need a moment to hear."""

        def agree():
            return all((words in one) is found for one in self.answers_of_all())

        self.wait(agree, f"{words!r} from every replica" if found else f"nobody saying {words!r}")

    def close(self):
        ended = [one.stop() for one in self.processes if not one.has_ended]
        self.store.close()
        return ended


@pytest.fixture
def replicas(library, postgres, tmp_path):  # noqa: ARG001 - the model is compiled before
    with running_slack() as slack, postgres.database(tables=False) as url:
        found = Replicas(slack, url, tmp_path)
        yield found
        found.close()


def test_what_one_replica_publishes_or_returns_to_all_answer_from(replicas):
    first = replicas.store.current_name()
    assert all(FOUND not in one for one in replicas.answers_of_all())

    turns = PostgresTurns(replicas.url)
    with turns.take(replicas.ann.id) as turn:  # as another replica does
        turn.tell("embedding", 30, 120)
        replicas.ada.commands("/pmrole", "reindex", "#general")
        told = replicas.told("#general", "began to index the articles")
        assert f"<@{replicas.ann.id}> began to index the articles a moment ago" in text_of(told)
        assert "and is at embedding, 25 %" in text_of(told)
    turns.close()

    write_articles(replicas.knowledge, {"discovery.md": DISCOVERY})
    replicas.ada.commands("/pmrole", "reindex", "#general")
    replicas.told(replicas.ada.direct_channel, "New index published: 4 articles.")
    assert replicas.store.current_name() > first
    replicas.until_all_say(FOUND, found=True)

    replicas.ada.commands("/pmrole", "rollback", "#general")
    replicas.told("#general", RETURNED.format(name=first))
    assert replicas.store.current_name() == first
    replicas.until_all_say(FOUND, found=False)

    ended = replicas.close()
    assert [status for status, _ in ended] == [0, 0, 0]
    assert "Traceback" not in "".join(written for _, written in ended)
