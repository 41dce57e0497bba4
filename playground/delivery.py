"""Deliveries to the app: each sent until it is acknowledged, or given up."""

import asyncio
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from playground.changes import Changes
from playground.clock import Clock

Kind = Literal["events_api", "slash_commands", "interactive"]
ACK_WITHIN_S = 3.0
REDELIVER_AFTER_S = (0.0, 60.0, 300.0)  # at once, after a minute, after five


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending: when, and by which connection; no connection if there was none."""

    at: float
    number: int
    reason: str
    via: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something sent to the app, with all that came of it so far.

    `ack_ms` counts from the sending that was acknowledged. `error` says why it was given up, such
    as "operation_timeout", or why Slack refused what the app answered.
    """

    id: int
    kind: str
    payload: Any
    attempts: int = 0
    tries: tuple[Attempt, ...] = ()
    acked_at: float | None = None
    ack_ms: float | None = None
    response: Any = None
    error: str = ""
    is_over: bool = False


class NotAcknowledgedError(Exception):
    """The app did not take a delivery; the text is a retry reason such as "timeout"."""

    def __init__(self, reason: str, *, via: str = "", final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.via, self.final = reason, via, final


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt, as a carrier takes it. `extra` overrides the envelope's own fields."""

    kind: str
    payload: Any
    retry_attempt: int = 0
    retry_reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ack:
    """The app took a parcel: by which connection, what it answered, after how many seconds."""

    via: str
    response: Any
    after_s: float


class Carrier(Protocol):
    """Takes parcels to the app."""

    async def carry(self, parcel: Parcel, within_s: float) -> Ack:
        """Take one parcel there.

        Raises:
            NotAcknowledgedError: It was not acknowledged within so many seconds.
        """
        ...


OnAck = Callable[[Any], str]
"""Given what the app answered; returns why Slack refuses that, or nothing."""


class Deliveries:
    """All deliveries, in order. Made in any thread, worked off in the server's loop."""

    def __init__(self, changes: Changes, clock: Clock, carrier: Carrier) -> None:
        self.ack_within_s = ACK_WITHIN_S
        self.redeliver_after: tuple[float, ...] = REDELIVER_AFTER_S
        self.carrier = carrier
        self._changes, self._clock = changes, clock
        self._numbers = itertools.count(1)
        self._known: dict[int, Delivery] = {}
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def work_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work deliveries off in this loop from now on."""
        self._loop = loop

    def all(self) -> list[Delivery]:
        """Return every delivery as it stands, oldest first."""
        with self._lock:
            return list(self._known.values())

    def find(self, id_: int) -> Delivery:
        """Return a delivery as it stands."""
        return self._known[id_]

    def submit(
        self,
        kind: str,
        payload: object,
        on_ack: OnAck | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Delivery:
        """Send something to the app; returns before it is there."""
        delivery = Delivery(next(self._numbers), kind, payload)
        with self._lock:
            self._known[delivery.id] = delivery
        self._changes.announce("delivery", delivery)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, delivery, on_ack, extra or {})
        return delivery

    async def close(self) -> None:
        """Give up what is under way."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, delivery: Delivery, on_ack: OnAck | None, extra: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._deliver(delivery, on_ack, extra))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, delivery: Delivery, on_ack: OnAck | None, extra: dict[str, Any]
    ) -> None:
        waits = self.redeliver_after if delivery.kind == "events_api" else ()
        reason = ""
        for number, wait in enumerate((0.0, *waits)):
            await asyncio.sleep(wait) if wait else None
            parcel = Parcel(delivery.kind, delivery.payload, number, reason, extra)
            attempt = Attempt(self._clock(), number, reason)
            self._note(delivery.id, attempts=number + 1)
            try:
                ack = await self.carrier.carry(parcel, self.ack_within_s)
            except NotAcknowledgedError as error:
                reason = error.reason
                self._tried(delivery.id, replace(attempt, via=error.via, error=reason))
                if error.final:
                    break
                continue
            self._tried(delivery.id, replace(attempt, via=ack.via))
            refused = on_ack(ack.response) if on_ack else ""
            self._note(
                delivery.id,
                acked_at=self._clock(),
                ack_ms=ack.after_s * 1000,
                response=ack.response,
                error=refused,
                is_over=True,
            )
            return
        gave_up = reason if delivery.kind == "events_api" else "operation_timeout"
        self._note(delivery.id, error=gave_up, is_over=True)

    def _tried(self, id_: int, attempt: Attempt) -> None:
        with self._lock:
            self._known[id_] = replace(self._known[id_], tries=(*self._known[id_].tries, attempt))

    def _note(self, id_: int, **changes: Any) -> None:  # noqa: ANN401 - fields of several types
        with self._lock:
            self._known[id_] = delivery = replace(self._known[id_], **changes)
        self._changes.announce("delivery", delivery)
