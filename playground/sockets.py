"""Socket Mode: connections of the app, and envelopes over them."""

import asyncio
import contextlib
import itertools
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from playground.changes import Changes
from playground.clock import Clock
from playground.delivery import Ack, NotAcknowledgedError, Parcel
from playground.tickets import TicketError, Tickets

MOST_CONNECTIONS = 10
_TICKET_S = 30.0
_REFRESH_S = 0.5  # between asking to reconnect and closing; Slack's own time is not written down
_PULSE_S = 0.2  # Slack pings too; often, so that slack_sdk's clients notice at once that they close
_LIFETIME_S = 18_060  # what Slack's hello announces


@dataclass(eq=False)
class Connection:
    """One web socket of the app."""

    name: str
    socket: web.WebSocketResponse
    request: web.Request
    takes_envelopes: bool = True
    is_silent: bool = False


@dataclass
class _Waiting:
    acked: asyncio.Future[Any]
    via: str
    sent: float


@dataclass
class Sockets:
    """All open connections. Its methods are for the server's loop only."""

    changes: Changes
    clock: Clock
    app_id: str
    refused_until: float = 0.0
    frames: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tickets: Tickets[str] = Tickets(self.clock, _TICKET_S)
        self._open: list[Connection] = []
        self._turns = itertools.count()
        self._waiting: dict[str, _Waiting] = {}
        self._names = itertools.count(1)

    @property
    def count(self) -> int:
        """How many connections take envelopes."""
        return sum(one.takes_envelopes for one in self._open)

    def ticket(self) -> str:
        """Return what lets the app connect once."""
        return self._tickets.give(self.app_id)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take a connection, and listen to it until it ends."""
        if time.monotonic() < self.refused_until:
            return web.Response(status=503)
        try:
            self._tickets.use(request.query.get("ticket", ""))
        except TicketError:
            return web.Response(status=401)
        socket = web.WebSocketResponse(autoping=False, timeout=0.2)
        await socket.prepare(request)
        connection = Connection(f"socket-{next(self._names)}", socket, request)
        if len(self._open) >= MOST_CONNECTIONS:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self._open.append(connection)
        try:
            await socket.send_json(self._hello())
            self.changes.announce("sockets", self.count)
            pulse = asyncio.ensure_future(_pulse(connection))
            try:
                await self._listen(connection)
            finally:
                pulse.cancel()
        except ConnectionError:
            pass  # it was cut while something was being sent
        finally:
            self._open.remove(connection)
            self.changes.announce("sockets", self.count)
        return socket

    async def carry(self, parcel: Parcel, within_s: float) -> Ack:
        """Send an envelope over any one connection, and wait for its acknowledgement.

        Raises:
            NotAcknowledgedError: No connection was open, or none answered in time.
        """
        connection = self._next()
        if connection is None:
            raise NotAcknowledgedError("timeout")
        envelope_id = str(uuid.uuid4())
        acked = asyncio.get_running_loop().create_future()
        waiting = self._waiting[envelope_id] = _Waiting(acked, "", time.monotonic())
        try:
            async with asyncio.timeout(within_s):
                # Not sent is as lost as an envelope that nobody answers.
                with contextlib.suppress(ConnectionError):
                    await connection.socket.send_json(_envelope(envelope_id, parcel))
                response = await acked
        except TimeoutError as error:
            raise NotAcknowledgedError("timeout", via=connection.name) from error
        finally:
            del self._waiting[envelope_id]
        return Ack(connection.name, response, time.monotonic() - waiting.sent)

    async def send_text(self, text: str) -> None:
        """Send a text frame as it is, over any one connection."""
        connection = self._next()
        if connection is not None:
            await connection.socket.send_str(text)

    async def cut(self, *, clean: bool) -> None:
        """End all connections: with a close frame, or as if a cable had been pulled."""
        for connection in list(self._open):
            connection.takes_envelopes = False
            if clean:
                await connection.socket.close()
            elif connection.request.transport is not None:
                connection.request.transport.abort()

    def silence(self) -> None:
        """Keep all connections open, but answer no ping and send nothing more over them."""
        for connection in self._open:
            connection.takes_envelopes, connection.is_silent = False, True
        self.changes.announce("sockets", self.count)

    async def ask_to_reconnect(self, reason: str) -> None:
        """Tell all connections that they will end; after a refresh or a disabling they do."""
        asked = [one for one in self._open if not one.is_silent]
        for connection in asked:
            await connection.socket.send_json(_disconnect(reason))
            connection.takes_envelopes = reason == "warning"
        if reason == "warning":
            return
        await asyncio.sleep(_REFRESH_S)
        for connection in asked:
            await connection.socket.close()

    async def close(self) -> None:
        """End everything."""
        self.refused_until = float("inf")
        await asyncio.gather(*(one.socket.close() for one in self._open))

    def _next(self) -> Connection | None:
        ready = [one for one in self._open if one.takes_envelopes and not one.socket.closed]
        return ready[next(self._turns) % len(ready)] if ready else None

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": f"applink-{secrets.token_hex(4)}",
                "build_number": 10,
                "approximate_connection_time": _LIFETIME_S,
            },
            "connection_info": {"app_id": self.app_id},
        }

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.is_silent:
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._take(frame.data)

    def _take(self, text: str) -> None:
        self.frames.append(text)
        try:
            answer = json.loads(text)
        except ValueError:
            return
        envelope_id = answer.get("envelope_id") if isinstance(answer, dict) else None
        waiting = self._waiting.get(str(envelope_id))
        if waiting is not None and not waiting.acked.done():
            waiting.acked.set_result(answer.get("payload"))


async def _pulse(connection: Connection) -> None:
    with contextlib.suppress(ConnectionError):
        while not connection.socket.closed:
            await asyncio.sleep(_PULSE_S)
            if not connection.is_silent:
                await connection.socket.ping(b"Ping from the local Slack")


def _envelope(envelope_id: str, parcel: Parcel) -> dict[str, Any]:
    envelope = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind != "events_api",
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.retry_attempt, "retry_reason": parcel.retry_reason}
    return envelope | parcel.extra


def _disconnect(reason: str) -> dict[str, Any]:
    return {
        "type": "disconnect",
        "reason": reason,
        "debug_info": {"host": f"applink-{secrets.token_hex(4)}"},
    }
