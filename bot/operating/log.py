"""The log: lines for people at a terminal, lines of JSON for programs elsewhere.

Every line that is written while a question is worked on carries the reference that its asker knows,
whichever library writes it. Secrets are taken out of every line, tracebacks included.
"""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from bot.operating.masking import Masking

LogFormat = Literal["auto", "json", "text"]

logger = logging.getLogger("pmrole")

_reference: ContextVar[str] = ContextVar("reference", default="")


@contextmanager
def about(reference: str) -> Iterator[None]:
    """Let the lines of this thread be about a question."""
    token = _reference.set(reference)
    try:
        yield
    finally:
        _reference.reset(token)


def set_up(level: str, wanted: LogFormat, masking: Masking) -> None:
    """Write the log of this process to standard error, and crashes into the log.

    Nothing happens where the log is set up already, as in a program of which this is a part.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        wanted: "json" or "text"; "auto" is text at a terminal.
        masking: Takes secrets out.
    """
    root = logging.getLogger()
    if root.handlers:
        return
    root.addHandler(_Handler(formatter_for(wanted, masking)))
    root.setLevel(level)
    sys.excepthook = _note_crash
    threading.excepthook = _note_crashed_thread


def formatter_for(wanted: LogFormat, masking: Masking) -> logging.Formatter:
    """Return what writes lines in a format."""
    as_json = wanted == "json" or (wanted == "auto" and not sys.stderr.isatty())
    return JsonLines(masking) if as_json else TextLines(masking)


def announce(text: str) -> None:
    """Tell an operator something, whatever the level of the log; a line like the others in JSON.

    Args:
        text: One line. At a terminal it stands there as it is.
    """
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Handler) and isinstance(handler.formatter, JsonLines):
            handler.handle(logger.makeRecord(logger.name, logging.INFO, "", 0, "%s", (text,), None))
            return
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class TextLines(logging.Formatter):
    """Lines for people."""

    def __init__(self, masking: Masking) -> None:
        """Mask secrets."""
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text."""
        return self._masking(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return its first line, with the reference if it is not in there."""
        reference = _reference.get()
        if reference and reference not in record.message:
            record.message = f"{reference}: {record.message}"
        return super().formatMessage(record)


class JsonLines(logging.Formatter):
    """An object a line: at, level, logger, message, and where there are any reference and error."""

    def __init__(self, masking: Masking) -> None:
        """Mask secrets."""
        super().__init__()
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._masking(record.getMessage()),
        }
        if reference := _reference.get():
            line["reference"] = reference
        if record.exc_info:
            line["error"] = self._masking(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to what standard error is now."""

    def __init__(self, formatter: logging.Formatter) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(formatter)

    @property
    def stream(self) -> TextIO:  # type: ignore[override] # as in logging._StderrHandler
        """Standard error."""
        return sys.stderr


def _note_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        announce("pmrole: stopped")
        return
    logger.critical("this should not have happened", exc_info=(kind, error, trace))


def _note_crashed_thread(args: Any) -> None:  # noqa: ANN401 - threading names its type privately
    if args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else "?"
        trace = (args.exc_type, args.exc_value, args.exc_traceback)
        logger.critical("the thread %s ended", name, exc_info=trace)
