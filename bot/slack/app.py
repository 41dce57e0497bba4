"""The Bolt app, wired together."""

from slack_bolt import App
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.answering.answerer import Answerer
from bot.slack.asking import Desk
from bot.slack.listeners import commands, direct_messages, failures, mentions
from bot.slack.work import Work

# What Slack does not answer in this time, it does not answer; threads are not to hang on it.
_TIMEOUT_S = 10


def create_app(bot_token: str, api_url: str, *, answerer: Answerer, work: Work) -> App:
    """Return the app; it calls nobody before its first event.

    Args:
        bot_token: The bot's token, xoxb-...
        api_url: Where Slack's Web API is.
        answerer: What answers.
        work: The threads that do; whoever made them closes them.
    """
    app = App(name="pmrole", token=bot_token, token_verification_enabled=False)
    # Bolt gives each request a client like this one.
    app.client.base_url = api_url
    app.client.timeout = _TIMEOUT_S
    app.client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=2))
    desk = Desk(answerer, work)
    failures.register(app)
    mentions.register(app, desk)
    direct_messages.register(app, desk)
    commands.register(app, desk)
    return app
