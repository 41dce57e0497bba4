"""The name of the published generation, known without asking Postgres for every question.

A thread listens; every few seconds it looks all the same, so that a notification that got lost
delays nobody for long. Without that thread whoever wants the name looks, as seldom.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from index.errors import IndexingError
from index.postgres.connecting import Connections, Session, connect

logger = logging.getLogger(__name__)

CHANNEL = "pmrole_generation"
# Looked at so often where nothing is heard.
LOOK_EVERY_S = 5.0
# So soon the thread notices that it is to end.
_SLICE_S = 0.5

Look = Callable[[], str]
Heard = Callable[[str], None]


@dataclass(slots=True)
class _Known:
    """What the thread and those who ask share.

    Attributes:
        name: The last known name; empty while nobody knows.
        at: When it was looked up, by `time.monotonic`.
        over: Set when nobody wants to know any more.
    """

    name: str = ""
    at: float = -LOOK_EVERY_S
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, name: str) -> None:
        self.name, self.at = name, time.monotonic()


class PublishedName:
    """The name that was last heard of. Safe between threads."""

    def __init__(self, connections: Connections, look: Look) -> None:
        """Know nothing yet.

        Args:
            connections: Where to listen.
            look: Asks Postgres for the name.
        """
        self._url, self._look = connections.url, look
        self._known = _Known()
        self._thread: threading.Thread | None = None

    def name(self) -> str:
        """Return the name as it was a moment ago; while Postgres is away, the last known one.

        Raises:
            IndexingError: as `look` does, if no name is known yet.
        """
        if not self._known.name:
            self._known.put(self._look())
        elif self._thread is None and time.monotonic() > self._known.at + LOOK_EVERY_S:
            self._look_again()
        return self._known.name

    def heard(self, name: str) -> None:
        """Take over what this process itself published."""
        self._known.put(name)

    def follow(self, heard: Heard = lambda _name: None) -> None:
        """Listen from now on, on a thread of its own, until `close`.

        Args:
            heard: Told the name each time it was heard or looked up, on that thread; its errors
                are logged.
        """
        if self._thread is None:
            self._thread = threading.Thread(
                target=_follow,
                args=(self._url, self._look, self._known, heard),
                name="published generation",
                daemon=True,
            )
            self._thread.start()

    def close(self) -> None:
        """Listen no more; the thread ends in a moment."""
        self._known.over.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(4 * _SLICE_S)

    def _look_again(self) -> None:
        if not self._known.lock.acquire(blocking=False):
            return  # somebody is at it
        try:
            self._known.put(self._look())
        except IndexingError as error:
            self._known.at = time.monotonic()
            logger.warning("%s; answering from the index that is open", error)
        finally:
            self._known.lock.release()


def _follow(url: str, look: Look, known: _Known, heard: Heard) -> None:
    told = False
    while not known.over.is_set():
        session: Session | None = None
        try:
            session = connect(url)
            session.execute(f"LISTEN {CHANNEL}".encode())
            while not known.over.is_set():
                _hear(look, known, heard)
                told = False
                _wait(session, known)
        except (IndexingError, psycopg.Error) as error:
            if not told:
                logger.warning("new indexes are not heard of: %s", _said(error))
            told = True
            # Where only the connection broke, the next one looks at once.
            known.over.wait(2 * _SLICE_S)
        finally:
            if session is not None:
                with contextlib.suppress(psycopg.Error):
                    session.close()


def _hear(look: Look, known: _Known, heard: Heard) -> None:
    known.put(look())
    try:
        heard(known.name)
    except Exception:
        logger.exception("a new index was heard of, and cannot be made ready")


def _wait(session: Session, known: _Known) -> None:
    """Return when something was heard, or when it is time to look."""
    end = time.monotonic() + LOOK_EVERY_S
    while not known.over.is_set() and time.monotonic() < end:
        if any(True for _ in session.notifies(timeout=_SLICE_S, stop_after=1)):
            return


def _said(error: Exception) -> str:
    """Return what may be logged: Postgres's own messages may quote what it keeps."""
    return str(error) if isinstance(error, IndexingError) else type(error).__name__
