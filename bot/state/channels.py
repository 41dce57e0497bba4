"""How the bot behaves in each channel, as admins set it."""

import threading
import time
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import select

from bot.state.schema import channel_settings
from bot.state.transactions import Clock, Transactions

FRESH_S = 5.0  # how late other processes hear of a change


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What an admin set for a channel.

    Attributes:
        auto_answer: Answer plain questions that do not mention the bot.
        reply: In the thread, or where only the asker sees it.
        confidence: The least probability with which such a question is answered, 0 to 1; None
            for the bot's own.
        topics: The folders of articles that are answered from there; empty for all.
    """

    auto_answer: bool = False
    reply: Literal["thread", "ephemeral"] = "thread"
    confidence: float | None = None
    topics: tuple[str, ...] = ()


_DEFAULT = ChannelSettings()
_All = dict[tuple[str, str], ChannelSettings]


class Channels:
    """Settings by channel. Safe between threads and between processes.

    Every message in a channel asks for them, so they are kept in memory for a few seconds.
    """

    def __init__(self, transactions: Transactions, *, clock: Clock = time.time) -> None:
        """Begin with those the database holds."""
        self._transactions, self._clock = transactions, clock
        self._lock = threading.Lock()
        self._settings: _All = {}
        self._read_at: float | None = None
        added = transactions.insert(channel_settings)
        self._put = added.on_conflict_do_update(
            index_elements=[channel_settings.c.team, channel_settings.c.channel],
            set_={name: added.excluded[name] for name in asdict(_DEFAULT)},
        )

    def get(self, team: str, channel: str) -> ChannelSettings:
        """Return a channel's settings, at most five seconds old."""
        return self._all().get((team, channel), _DEFAULT)

    def put(self, team: str, channel: str, settings: ChannelSettings) -> None:
        """Change a channel's settings; this process sees them at once.

        Raises:
            ValueError: if the confidence is not from 0 to 1.
        """
        if settings.confidence is not None and not 0 <= settings.confidence <= 1:
            raise ValueError(f"a confidence from 0 to 1 is wanted, not {settings.confidence}")
        row = {"team": team, "channel": channel, **asdict(settings)}
        row["topics"] = list(settings.topics)
        with self._transactions.writing() as connection:
            connection.execute(self._put, row)
        with self._lock:
            self._read_at = None

    def _all(self) -> _All:
        with self._lock:
            now = self._clock()
            if self._read_at is None or not 0 <= now - self._read_at < FRESH_S:
                self._settings = self._stored()
                self._read_at = now
            return self._settings

    def _stored(self) -> _All:
        with self._transactions.reading() as connection:
            rows = connection.execute(select(channel_settings)).all()
        return {
            (row.team, row.channel): ChannelSettings(
                row.auto_answer, row.reply, row.confidence, tuple(row.topics or ())
            )
            for row in rows
        }
