"""`pmrole serve`: Slack delivers over web sockets that the bot opens, so it needs no address."""

from functools import partial

from bot.cli import FAILED, OK
from bot.cli.asking import open_answerer
from bot.cli.stopping import StopSignal
from bot.index_store import index_store
from bot.operating.log import announce
from bot.operating.metrics import Metrics
from bot.settings import Settings
from bot.slack.clients import SlackError
from bot.slack.connecting import SocketConnection
from bot.slack.running import RunningBot, warm_up
from bot.slack.web import ProbeServer, Readiness, create_web, database_answers

# Procfile platforms kill what has not ended ten seconds after SIGTERM.
_HANG_UP_S, _FINISH_S = 4.0, 4.0


def serve_socket(settings: Settings) -> int:
    """Answer until SIGTERM or Ctrl-C, then finish the questions at hand."""
    stop = StopSignal()
    readiness = Readiness.waiting_for("index", "database", "socket")
    metrics = Metrics()
    if settings.port is None:
        return _serve(settings, readiness, metrics, stop)
    web = create_web(readiness, metrics, settings.metrics_token)
    probes = ProbeServer(web, settings.http_host, settings.port)
    try:
        return _serve(settings, readiness, metrics, stop, probed_at=probes.address)
    finally:
        probes.close()


def _serve(
    settings: Settings,
    readiness: Readiness,
    metrics: Metrics,
    stop: StopSignal,
    *,
    probed_at: str = "",
) -> int:
    store = index_store(settings)
    answerer = open_answerer(settings, store=store)
    warm_up(answerer)
    readiness.checks["index"] = lambda: bool(answerer.generation())
    bot = RunningBot(answerer, settings, metrics, store=store)
    readiness.checks["database"] = partial(database_answers, bot.state)
    connection = SocketConnection(
        bot.app.bolt,
        settings.slack_app_token or "",
        connections=settings.socket_connections,
        hearing=bot.hearing,
    )
    metrics.gauge(
        "pmrole_socket_open",
        "Whether Slack can deliver over a socket.",
        lambda: [("", float(connection.is_open))],
    )
    try:
        name = connection.open()
        bot.start()
        readiness.checks["socket"] = lambda: connection.is_open
        stop.listen()
        health = f", and is well at {probed_at}" if probed_at else ""
        announce(f"PM Role answers as {name}{health}. Ctrl-C stops it.")
        stop.wait()
        announce("pmrole: stopping")
    except SlackError as error:
        announce(f"pmrole: {error}")
        return FAILED
    finally:
        stop.close()
        readiness.checks["stopping"] = lambda: False
        connection.close(_HANG_UP_S)
        bot.close(_FINISH_S)
    return OK
