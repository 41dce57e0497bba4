"""The server in a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

from playground.delivery import Deliveries
from playground.http_delivery import HttpCarrier
from playground.server import Site
from playground.sockets import Sockets
from playground.world import World

T = TypeVar("T")
_START_S = 10.0


class NotStartedError(RuntimeError):
    """The local Slack is used before it was started, or after its end."""


class Host:
    """Runs the server; what has to happen in its loop goes through `run`."""

    def __init__(self, world: World, sockets: Sockets, deliveries: Deliveries) -> None:
        self._world, self._sockets, self._deliveries = world, sockets, deliveries
        self._http: HttpCarrier | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._failure: OSError | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int) -> None:
        """Listen on a port of 127.0.0.1; 0 takes a free one.

        Raises:
            OSError: The port is taken.
        """
        self._thread = threading.Thread(target=self._run, args=(port,), name="local-slack")
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        """Close everything; returns once the thread has ended."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join()
        self._loop = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's loop and return what it returns.

        Raises:
            NotStartedError: The server is not running.
        """
        if self._loop is None:
            work.close()
            raise NotStartedError("the local Slack is not started; use it in a with statement")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_S)

    def deliver_to(self, carrier: HttpCarrier) -> None:
        """Let deliveries go by HTTP from now on."""
        old, self._http = self._http, carrier
        self._deliveries.carrier = carrier
        if old is not None:
            self.run(old.close())

    def _run(self, port: int) -> None:
        try:
            asyncio.run(self._serve(port))
        except OSError as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self, port: int) -> None:
        loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        site = Site(self._world, self._sockets)
        runner = web.AppRunner(
            site.application(), access_log=None, handle_signals=False, shutdown_timeout=0.2
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host, taken = runner.addresses[0][:2]
            self._world.address = f"http://{host}:{taken}"
            self._deliveries.work_in(loop)
            self._loop = loop
            self._ready.set()
            await self._stop.wait()
        finally:
            site.close()
            await self._deliveries.close()
            await self._sockets.close()
            if self._http is not None:
                await self._http.close()
            await runner.cleanup()
