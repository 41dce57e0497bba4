"""What the worker process of `pmrole serve --http` serves."""

from dataclasses import dataclass
from functools import partial

from flask import Flask

from bot.cli.asking import open_answerer
from bot.index_store import index_store
from bot.operating.metrics import Metrics
from bot.settings import Settings
from bot.slack.clients import SlackError, is_multi_workspace
from bot.slack.connecting import name_of_bot
from bot.slack.running import RunningBot, warm_up
from bot.slack.web import EVENTS_PATH, Readiness, add_slack, create_web, database_answers

# Together with the end of requests less than the ten seconds that platforms grant.
_FINISH_S = 4.0


@dataclass(frozen=True, slots=True)
class HttpBot:
    """A bot behind a web application.

    Attributes:
        web: The application.
        greeting: One line that says who answers, and where.
        bot: What answers.
    """

    web: Flask
    greeting: str
    bot: RunningBot

    @classmethod
    def open(cls, settings: Settings, address: str) -> "HttpBot":
        """Open the index, then the state, and begin.

        Args:
            settings: Checked already.
            address: Where it listens, for the greeting.

        Raises:
            IndexingError: if there is no index that can be opened.
            StateError: if the state database cannot be used.
            SlackError: if the bot token is refused, or Slack cannot be reached.
        """
        store = index_store(settings)
        answerer = open_answerer(settings, store=store)
        warm_up(answerer)
        metrics = Metrics()
        bot = RunningBot(answerer, settings, metrics, store=store)
        many = is_multi_workspace(settings)
        try:
            who = "wherever it is installed" if many else f"as {name_of_bot(bot.app.bolt.client)}"
        except SlackError:
            bot.close(0.0)
            raise
        web = create_web(
            Readiness(
                {
                    "index": lambda: bool(answerer.generation()),
                    "database": partial(database_answers, bot.state),
                }
            ),
            metrics,
            settings.metrics_token,
        )
        add_slack(web, bot.app.bolt, settings.slack_signing_secret or "")
        bot.start()
        greeting = f"PM Role answers {who}, at {address}{EVENTS_PATH}. Ctrl-C stops it."
        return cls(web, greeting, bot)

    def close(self) -> None:
        """Finish the questions at hand, or hand them back."""
        self.bot.close(_FINISH_S)
