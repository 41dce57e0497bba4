"""A web application under gunicorn, started from the program itself: `pmrole serve --http`.

One worker process, because a second one would hold the index in memory again and answers no faster
on the few cores of a small machine; threads, because a request mostly waits. The master process
only watches: it holds the port, and starts the worker anew if that dies.
"""

import logging
import os
import signal
import socket
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from bot.cli import FAILED, OK
from bot.errors import BotError
from bot.operating.log import announce
from index.errors import IndexingError

THREADS = 16
# Procfile platforms kill what has not ended ten seconds after SIGTERM. The worker lets requests
# end for 2 (most take milliseconds), the bot takes 5 to finish or hand back its questions, and the
# master waits for both.
_REQUESTS_S, _STOP_S = 2, 9
# A worker is taken for hung if it has not started by then: it may have to compile the model.
_STARTS_WITHIN_S = 600


class Serving(Protocol):
    """What a worker process serves."""

    @property
    def web(self) -> Flask:
        """The application."""
        ...

    @property
    def greeting(self) -> str:
        """One line that says who answers, and where."""
        ...

    def close(self) -> None:
        """Finish what was taken, within five seconds; no request comes any more."""
        ...


def serve_web(make: Callable[[], Serving], listening: socket.socket, log_level: str) -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit status.

    Args:
        make: Opens what is served, in the worker process; a BotError, IndexingError or OSError
            that it raises ends the whole.
        listening: A socket that listens; it is gunicorn's from now on.
        log_level: gunicorn's.
    """
    try:
        _Master(_Application(make, listening, log_level)).run()
    except SystemExit as end:
        return int(end.code or 0)  # of the master and of the worker, each in its own process
    return OK


class _Log(Logger):
    """gunicorn's log, among the other lines."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Application(BaseApplication):
    """What gunicorn asks for its settings and for the application."""

    def __init__(
        self, make: Callable[[], Serving], listening: socket.socket, log_level: str
    ) -> None:
        self._make, self._port, self._log_level = make, listening.detach(), log_level
        self._serving: Serving | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self._port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": _STARTS_WITHIN_S,
            "graceful_timeout": _STOP_S,
            "loglevel": self._log_level.lower(),
            "logger_class": _Log,
            "control_socket_disable": True,
            "post_fork": self._forked,
            "post_worker_init": self._ready,
            "worker_exit": self._ended,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn and Flask name the same type differently
        """Open what is served, in the worker; a SIGTERM meanwhile ends the worker at once."""
        handler = signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            self._serving = self._make()
        except (BotError, IndexingError, OSError) as error:
            announce(f"pmrole: {error}")
            # The master ends on this status, instead of trying again for ever.
            _leave(Arbiter.APP_LOAD_ERROR)
        signal.signal(signal.SIGTERM, handler)
        return self._serving.web

    @staticmethod
    def _forked(_master: Arbiter, worker: Worker) -> None:
        worker.cfg.set("graceful_timeout", _REQUESTS_S)

    def _ready(self, _worker: Worker) -> None:
        # Ctrl-C reaches both processes; the master tells the worker what to do.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._serving is not None:
            announce(self._serving.greeting)

    def _ended(self, _master: Arbiter, _worker: Worker) -> None:
        if self._serving is not None:
            self._serving.close()
            _leave(OK)


def _leave(status: int) -> NoReturn:
    """End the worker process without waiting for threads, such as that of a slow client."""
    logging.shutdown()
    os._exit(status)


class _Master(Arbiter):
    """gunicorn's master process, for which Ctrl-C means the same as SIGTERM."""

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        announce("pmrole: stopping")
        super().handle_term()

    def halt(self, reason: str | None = None, exit_status: int = 0) -> None:
        if exit_status and self.log is not None:
            self.log.error_log.setLevel(logging.CRITICAL)  # the worker has said why
        super().halt(reason, FAILED if exit_status else OK)
