"""A local Slack in a process of its own, where people ask for minutes, each after the last answer.

python -m bench.asking_long    a process for `bench.replicas`
"""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.corpora import questions
from bench.measuring import serve
from playground.changes import Change
from playground.local_slack import LocalSlack
from playground.messages import Message

_CHANNEL = "#careers"
_PATIENCE_S = 180.0
_REINDEX_S = 1200.0
_PAUSE_S = 0.05
# People read an answer before they ask again: from this to thrice this many seconds.
_READING_S = 4.0
# A second answer to a question would come by then.
_SETTLES_S = 30.0


@dataclass(slots=True)
class Asker:
    """Somebody who asks: when, after how long they had an answer, and where answers stand."""

    surface: int
    person: Any  # an `Actor` of the playground
    asked: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    places: set[str] = field(default_factory=set)


class Office:
    """People who ask: a third mentions the bot, a third writes to it, a third uses the command."""

    def __init__(self, slack: LocalSlack) -> None:
        """Nobody asks yet."""
        self._slack = slack
        self._ada = slack.person("ada")
        self._over = threading.Event()
        self._askers: list[Asker] = []
        self._threads: list[threading.Thread] = []
        # The bot's messages: their time stamps by the thread, the channel or who alone sees them.
        self._said: defaultdict[str, set[str]] = defaultdict(set)
        slack.subscribe(self._note)

    def act(self, task: dict[str, Any]) -> object:
        """Do what is named: "begin", "reindex", "ask", or "end", which returns what was seen."""
        if task["do"] == "begin":
            return self._begin(int(task["people"]))
        if task["do"] == "reindex":
            return self._reindex()
        if task["do"] == "ask":
            return self._ask_alone(str(task["question"]))
        return self._end()

    def _begin(self, people: int) -> int:
        for number in range(people):
            one = Asker(number % 3, self._slack.hire(f"asker{number}", _CHANNEL))
            self._askers.append(one)
            thread = threading.Thread(target=self._goes_on_asking, args=(number, one))
            self._threads.append(thread)
            thread.start()
        return people

    def _reindex(self) -> str:
        """Have the admin reindex; return what the bot says at the end."""
        self._ada.commands("/pmrole", "reindex", _CHANNEL)
        end = time.monotonic() + _REINDEX_S
        while time.monotonic() < end:
            for message in self._slack.messages(self._ada.direct_channel):
                said = json.dumps(message.blocks) + message.text
                if "New index" in said or "could not be indexed" in said:
                    return message.text
            time.sleep(_PAUSE_S)
        raise RuntimeError("the reindex did not end")

    def _ask_alone(self, question: str) -> str:
        """Ask as the admin, who asks nothing else; return the answer as it is read aloud."""
        posted = self._ada.says(_CHANNEL, f"<@{self._slack.bot_user}> {question}")
        self._wait(lambda: bool(self._said[posted.ts]))
        return " ".join(one.text for one in self._ada.sees(_CHANNEL, posted))

    def _end(self) -> dict[str, object]:
        self._over.set()
        for thread in self._threads:
            thread.join()
        time.sleep(_SETTLES_S)
        told = self._slack.deliveries
        answers = [sum(len(self._said[key]) for key in one.places) for one in self._askers]
        return {
            "people": [
                {"surface": one.surface, "asked": one.asked, "took": one.took, "answers": count}
                for one, count in zip(self._askers, answers, strict=True)
            ],
            "deliveries": len(told),
            "again": sum(max(0, one.attempts - 1) for one in told),
            "given_up": sum(1 for one in told if one.error),
            "acks": [one.ack_ms for one in told if one.ack_ms is not None],
        }

    def _goes_on_asking(self, number: int, asker: Asker) -> None:
        chance = random.Random(number)  # noqa: S311 - how long people read
        held = questions()
        self._over.wait(chance.uniform(0, 2 * _READING_S))
        while not self._over.is_set():
            question = held[(number + 7 * len(asker.asked)) % len(held)]
            started = time.time()
            before = {key: set(self._said[key]) for key in asker.places}
            keys = self._asks(asker, question)
            asker.asked.append(started)
            asker.places.update(keys)
            self._wait(partial(self._is_answered, keys, before))
            asker.took.append(time.time() - started)
            self._over.wait(chance.uniform(_READING_S, 3 * _READING_S))

    def _is_answered(self, keys: Sequence[str], before: Mapping[str, set[str]]) -> bool:
        return any(self._said[key] - before.get(key, set()) for key in keys)

    def _asks(self, asker: Asker, question: str) -> tuple[str, ...]:
        """Ask; return where the answer may be seen."""
        if asker.surface == 0:
            posted = asker.person.says(_CHANNEL, f"<@{self._slack.bot_user}> {question}")
            # What one earns is answered to the asker alone.
            return posted.ts, asker.person.id
        if asker.surface == 1:
            return (asker.person.writes(question).channel,)
        asker.person.commands("/pmrole", question, _CHANNEL)
        return (asker.person.id,)

    def _wait(self, condition: Callable[[], object]) -> None:
        """Return once a condition holds, or patience ends."""
        end = time.monotonic() + _PATIENCE_S
        while not condition() and time.monotonic() < end:
            time.sleep(_PAUSE_S)

    def _note(self, change: Change) -> None:
        message = change.value
        if isinstance(message, Message) and message.user == self._slack.bot_user:
            key = message.visible_to or message.thread_ts or message.channel
            self._said[key].add(message.ts)


def main() -> int:
    """Serve an office; say first where its Slack is."""
    manifest = json.loads(Path("slack-manifest.json").read_text("utf-8"))
    with LocalSlack(manifest=manifest) as slack:
        ready = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
        serve(ready, Office(slack).act)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
