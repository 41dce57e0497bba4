"""`pmrole serve --http`: Slack delivers to a public address, and gunicorn takes it."""

from functools import partial
from typing import TYPE_CHECKING

from bot.cli.web_process import serve_web
from bot.settings import Settings
from bot.slack.listening import address_of, listen

if TYPE_CHECKING:  # this is the master process; what answers is loaded in the worker only
    from bot.cli.http_worker import HttpBot

DEFAULT_PORT = 3000


def serve_http(settings: Settings) -> int:
    """Answer until SIGTERM or Ctrl-C, then finish the questions at hand.

    Raises:
        ListeningError: if the port is taken.
    """
    port = DEFAULT_PORT if settings.port is None else settings.port
    listening = listen(settings.http_host, port)
    make = partial(_open, settings, address_of(listening))
    return serve_web(make, listening, settings.log_level)


def _open(settings: Settings, address: str) -> "HttpBot":
    from bot.cli.http_worker import HttpBot

    return HttpBot.open(settings, address)
