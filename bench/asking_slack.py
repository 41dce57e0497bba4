"""A local Slack in a process of its own, where many people ask the bot at once.

python -m bench.asking_slack    a process for `bench.slack`
"""

import json
import threading
import time
from pathlib import Path

from bench.corpora import questions
from bench.measuring import serve
from playground.changes import Change
from playground.local_slack import LocalSlack
from playground.messages import Message

PEOPLE = 64
_PATIENCE_S = 120.0
_CHANNEL = "#careers"
_PAUSE_S = 0.2


class Crowd:
    """Sixty-four people: a third mentions the bot, a third writes to it, a third uses the command.

    Each asks from a thread of its own, all at the same moment.
    """

    def __init__(self, slack: LocalSlack) -> None:
        """Hire them."""
        self._slack = slack
        self._people = [slack.hire(f"asker{number}", _CHANNEL) for number in range(PEOPLE)]
        self._round = 0
        # When each was answered, by the thread, the direct message or the person that shows it.
        self._answered: dict[str, float] = {}
        slack.subscribe(self._note)

    def ask(self, _task: object) -> dict[str, object]:
        """Let everybody ask once; return ms to each acknowledgement and to each answer."""
        self._round += 1
        self._answered.clear()
        before = len(self._slack.deliveries)
        gate = threading.Barrier(PEOPLE)
        asked: list[tuple[float, tuple[str, ...]]] = []

        def person(number: int) -> None:
            gate.wait()
            asked.append(self._asks(number))

        threads = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Looked for at long intervals: this process should do little else than be Slack.
        end = time.monotonic() + _PATIENCE_S
        while not self._is_over(before, asked):
            if time.monotonic() > end:
                raise RuntimeError("some questions were not answered")
            time.sleep(_PAUSE_S)
        told = self._slack.deliveries[before:]
        return {
            "acks": [one.ack_ms for one in told],
            "answers": [1000 * (self._answer_to(keys) - started) for started, keys in asked],
            "again": sum(one.attempts - 1 for one in told),
        }

    def _asks(self, number: int) -> tuple[float, tuple[str, ...]]:
        """Ask; return when, and where the answer may be seen."""
        person, held = self._people[number], questions()
        question = held[(number + 7 * self._round) % len(held)]
        started = time.time()
        if number % 3 == 0:
            posted = person.says(_CHANNEL, f"<@{self._slack.bot_user}> {question}")
            # What one earns is answered to the asker alone.
            return started, (posted.ts, person.id)
        if number % 3 == 1:
            return started, (person.writes(question).channel,)
        person.commands("/pmrole", question, _CHANNEL)
        return started, (person.id,)

    def _note(self, change: Change) -> None:
        message = change.value
        if isinstance(message, Message) and message.user == self._slack.bot_user:
            key = message.visible_to or message.thread_ts or message.channel
            self._answered.setdefault(key, float(message.ts))

    def _answer_to(self, keys: tuple[str, ...]) -> float:
        return next((self._answered[key] for key in keys if key in self._answered), 0.0)

    def _is_over(self, before: int, asked: list[tuple[float, tuple[str, ...]]]) -> bool:
        if not all(self._answer_to(keys) for _, keys in asked):
            return False
        return all(one.is_over for one in self._slack.deliveries[before:])


def main() -> int:
    """Serve rounds of questions; say first where this Slack is."""
    manifest = json.loads(Path("slack-manifest.json").read_text("utf-8"))
    with LocalSlack(manifest=manifest) as slack:
        ready = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
        serve(ready, Crowd(slack).ask)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
