"""The page's server, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from aiohttp import web

from playground.local_slack import LocalSlack
from playground.page.routes import Routes


class PageServer:
    """Serves the page on 127.0.0.1 until it is closed.

    Args:
        slack: What the page shows.
        manifest: The app's, for the commands and shortcuts that the page offers.
        reset: Returns another local Slack, with nothing in it; the page shows that from then on.
        port: Where it listens; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """

    def __init__(
        self,
        slack: LocalSlack,
        manifest: Mapping[str, Any],
        reset: Callable[[], LocalSlack],
        port: int,
    ) -> None:
        self.address = ""
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._failure: OSError | None = None
        work = self._serve(slack, manifest, reset, port)
        self._thread = threading.Thread(target=self._run, args=(work,), name="page")
        self._thread.start()
        self._ready.wait()
        self._raise_failure()

    def close(self) -> None:
        """Let go of every open page and stop; returns once the thread has ended."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def _run(self, work: Coroutine[None, None, None]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(work)
            except OSError as error:
                self._failure = error
            finally:
                self._ready.set()

    async def _serve(
        self,
        slack: LocalSlack,
        manifest: Mapping[str, Any],
        reset: Callable[[], LocalSlack],
        port: int,
    ) -> None:
        routes = Routes(slack, manifest, reset)
        runner = web.AppRunner(
            routes.application(), access_log=None, handle_signals=False, shutdown_timeout=0.5
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            host, taken = runner.addresses[0][:2]
            self.address = f"http://{host}:{taken}"
            self._ready.set()
            await self._stop.wait()
        finally:
            routes.end()
            await runner.cleanup()
