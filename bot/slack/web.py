"""What is served over HTTP: health checks, and in HTTP mode the events of Slack."""

import hmac
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from flask import Flask, Request, Response, request
from slack_bolt import App, BoltContext, BoltRequest
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.oauth import OAuthFlow
from slack_bolt.request.internals import build_context
from slack_sdk.signature import SignatureVerifier
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.operating.metrics import CONTENT_TYPE, Metrics
from bot.slack.listening import address_of, listen
from bot.state.database import StateError
from bot.state.store import State

logger = logging.getLogger(__name__)

EVENTS_PATH = "/slack/events"
# The largest thing Slack sends is a submitted view, a quarter of this.
MOST_BYTES = 1_000_000
_PROBE_S = 10


def _not_yet() -> bool:
    return False


@dataclass
class Readiness:
    """Whether questions can be answered now; whoever opens a part puts its check here.

    Attributes:
        checks: What must be so, by the word that says what is missing; asked in this order.
    """

    checks: dict[str, Callable[[], bool]] = field(default_factory=dict)

    @classmethod
    def waiting_for(cls, *names: str) -> "Readiness":
        """Return one for parts that are not open yet."""
        return cls(dict.fromkeys(names, _not_yet))

    def missing(self) -> str:
        """Return the word for what is missing; empty if nothing is."""
        for name, check in tuple(self.checks.items()):
            if not check():
                return name
        return ""


def database_answers(state: State) -> bool:
    """Tell whether the state database can be read."""
    try:
        state.check()
    except StateError as error:
        logger.warning("%s", error)
        return False
    return True


def create_web(
    readiness: Readiness, metrics: Metrics | None = None, metrics_token: str | None = None
) -> Flask:
    """Return the application that says how the bot is.

    /healthz answers as long as the process does; /readyz with 503 and one word while something is
    missing; /metrics with the figures, if there are any, to whoever brings the token, if one is
    set.
    """
    web = Flask("pmrole", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    def front() -> Response:
        return _plain("PM Role answers product-career questions in Slack.")

    def healthz() -> Response:
        return _plain("ok")

    def readyz() -> Response:
        missing = readiness.missing()
        return _plain(missing, 503) if missing else _plain("ok")

    web.add_url_rule("/", view_func=front)
    web.add_url_rule("/healthz", view_func=healthz)
    web.add_url_rule("/readyz", view_func=readyz)
    if metrics is not None:
        _add_metrics(web, metrics, metrics_token)
    web.register_error_handler(HTTPException, _refuse)
    return web


def _add_metrics(web: Flask, figures: Metrics, token: str | None) -> None:
    wanted = f"Bearer {token}".encode() if token else None

    def metrics() -> Response:
        brought = request.headers.get("Authorization", "").encode()
        if wanted is not None and not hmac.compare_digest(brought, wanted):
            return _plain("METRICS_TOKEN is wanted as bearer token", 401)
        return Response(figures.render(), content_type=CONTENT_TYPE)

    web.add_url_rule("/metrics", view_func=metrics)


def add_slack(web: Flask, app: App, signing_secret: str) -> None:
    """Let Slack deliver events, commands and clicks to the app, and workspaces install it.

    What Slack has not signed within five minutes is refused before anything reads it.
    """
    verifier = SignatureVerifier(signing_secret)

    def events() -> Response:
        if not is_signed(verifier, request.get_data(), dict(request.headers)):
            return _plain("not signed by Slack", 401)
        try:
            bolt_request = _bolt_request(request)
        except Exception as error:  # noqa: BLE001 - Bolt expects objects within objects
            # Acknowledged: it would be no better the second time.
            logger.warning("Slack sent what cannot be read: %s", type(error).__name__)
            return _plain("not understood")
        return to_flask_response(app.dispatch(bolt_request))

    web.add_url_rule(EVENTS_PATH, view_func=events, methods=["POST"])
    if app.oauth_flow is not None:
        _add_installing(web, app.oauth_flow)


def is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Tell whether Slack signed a request in the last five minutes."""
    try:
        return verifier.is_valid_request(body, headers)
    except (ValueError, TypeError):
        return False  # a time that is no number, a body that is not UTF-8, a signature not ASCII


def _bolt_request(http: Request) -> BoltRequest:
    made = to_bolt_request(http)
    if not made.body and made.raw_body and http.mimetype == "application/x-www-form-urlencoded":
        # A command whose text holds the word "payload" is empty to Bolt, which looks for a field
        # of that name.
        made.body = dict(parse_qsl(made.raw_body, keep_blank_values=True))
        made.context = build_context(BoltContext(), made.body)
    return made


def _add_installing(web: Flask, flow: OAuthFlow) -> None:
    def install() -> Response:
        return to_flask_response(flow.handle_installation(to_bolt_request(request)))

    def oauth_redirect() -> Response:
        try:
            return to_flask_response(flow.handle_callback(to_bolt_request(request)))
        except OSError as error:  # what urllib raises is one
            logger.warning("Slack did not confirm an installation: %s", error)
            return _plain("Slack did not answer. Please open /slack/install again.", 502)

    web.add_url_rule(flow.install_path, view_func=install)
    web.add_url_rule(flow.redirect_uri_path, view_func=oauth_redirect)


def _plain(line: str, status: int = 200) -> Response:
    return Response(f"{line}\n", status, content_type="text/plain; charset=utf-8")


def _refuse(error: Exception) -> Response:
    status = error.code if isinstance(error, HTTPException) else None
    name = error.name if isinstance(error, HTTPException) else "error"
    return _plain(name.lower(), status or 500)


class _Probe(WSGIRequestHandler):
    """Logs no probe, and hangs on nobody who sends nothing."""

    timeout = _PROBE_S

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class ProbeServer:
    """Serves health checks from a thread, for a process that otherwise listens nowhere.

    werkzeug's server is enough for that, and comes with Flask: a platform asks every few seconds,
    and nothing of Slack or of people passes here.
    """

    def __init__(self, web: Flask, host: str, port: int) -> None:
        """Serve at once.

        Raises:
            ListeningError: if the port is taken.
        """
        with listen(host, port) as listening:
            self.address = address_of(listening)
            self._server: BaseWSGIServer = make_server(
                host, port, web, threaded=True, request_handler=_Probe, fd=listening.fileno()
            )
        threading.Thread(target=self._server.serve_forever, name="probes", daemon=True).start()

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
