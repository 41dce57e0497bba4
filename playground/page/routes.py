"""The addresses of the page: itself, its updates, what is done on it, and what it looks up."""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import BodyPartReader, web

from playground.blocks import problems_of
from playground.finding import NotThereError
from playground.local_slack import LocalSlack
from playground.page.doing import Doing, Json, NotDoneError
from playground.page.guarding import add_headers, only_from_here
from playground.page.watching import Watch

STATIC = Path(__file__).parent / "static"
_MOST_BYTES = 64 * 1024 * 1024
_STAY_AWAKE_S = 15.0


class Routes:
    """Serves the page of a local Slack, which a reset replaces by another."""

    def __init__(
        self, slack: LocalSlack, manifest: Mapping[str, Any], reset: Callable[[], LocalSlack]
    ) -> None:
        self._slack, self._manifest, self._reset = slack, manifest, reset
        self._watches: set[Watch] = set()
        self._resetting = asyncio.Lock()

    def application(self) -> web.Application:
        """Return the application, ready to be run."""
        app = web.Application(client_max_size=_MOST_BYTES, middlewares=[only_from_here])
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            [
                web.get("/", self._show),
                web.get("/page/updates", self._tell_updates),
                web.post("/page/do", self._do),
                web.post("/page/upload", self._upload),
                web.post("/page/check", self._check),
                web.post("/page/reset", self._begin_anew),
                web.get("/page/call/{number:[0-9]+}", self._look_up_call),
                web.get("/page/delivery/{number:[0-9]+}", self._look_up_delivery),
                web.static("/assets", STATIC / "assets"),
            ]
        )
        return app

    def end(self) -> None:
        """Let go of every open page; each asks again by itself, as long as there is a server."""
        for watch in self._watches:
            watch.end()

    async def _show(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    async def _tell_updates(self, request: web.Request) -> web.StreamResponse:
        try:
            watch = Watch(self._slack, request.query.get("as", "ann"), self._manifest)
        except KeyError as error:
            return _refused(str(error.args[0]))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        self._watches.add(watch)
        pulse = asyncio.ensure_future(_keep_awake(response))
        try:
            await response.prepare(request)
            async for update in watch.updates():
                await response.write(f"data: {update}\n\n".encode())
        except ConnectionError:
            pass  # the page was closed
        finally:
            pulse.cancel()
            self._watches.discard(watch)
        return response

    async def _do(self, request: web.Request) -> web.StreamResponse:
        try:
            asked = await _json(request)
            doing = Doing(self._slack, self._slack.person(str(asked.get("as"))))
            return web.json_response(await asyncio.to_thread(doing.do, asked))
        except NotDoneError as error:
            return _refused(str(error))
        except KeyError as error:
            return _refused(str(error.args[0]))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, str] = {"text": ""}
        files: list[tuple[str, bytes]] = []
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.filename:
                files.append((part.filename, bytes(await part.read())))
            else:
                fields[part.name or ""] = await part.text()
        try:
            doing = Doing(self._slack, self._slack.person(fields.get("as", "")))
            return web.json_response(doing.say(fields, files))
        except (NotDoneError, NotThereError, KeyError) as error:
            return _refused(str(error.args[0]))

    async def _check(self, request: web.Request) -> web.StreamResponse:
        """Say why Slack would refuse blocks, for the inspector."""
        try:
            asked = await _json(request)
        except NotDoneError as error:
            return _refused(str(error))
        blocks = asked.get("blocks")
        return web.json_response({"problems": problems_of(blocks, pointer="/blocks")})

    async def _begin_anew(self, _: web.Request) -> web.StreamResponse:
        async with self._resetting:
            self._slack = await asyncio.to_thread(self._reset)
        self.end()
        return web.json_response({})

    async def _look_up_call(self, request: web.Request) -> web.StreamResponse:
        calls = dict(enumerate(self._slack.calls))
        call = calls.get(int(request.match_info["number"]))
        return _looked_up([call.fields, dict(call.answer)] if call else None)

    async def _look_up_delivery(self, request: web.Request) -> web.StreamResponse:
        known = {one.id: one for one in self._slack.deliveries}
        delivery = known.get(int(request.match_info["number"]))
        return _looked_up([delivery.payload, delivery.response] if delivery else None)


def _looked_up(found: list[Any] | None) -> web.Response:
    if found is None:
        return web.Response(status=404)
    sent, answered = found
    return web.json_response(text=json.dumps({"sent": sent, "answered": answered}, default=str))


def _refused(reason: str) -> web.Response:
    return web.json_response({"reason": reason}, status=409)


async def _json(request: web.Request) -> Json:
    try:
        asked = json.loads(await request.text())
    except ValueError as error:
        raise NotDoneError(f"that is no JSON: {error}") from error
    if request.content_type != "application/json" or not isinstance(asked, dict):
        raise NotDoneError("a JSON object is wanted")
    return asked


async def _keep_awake(response: web.StreamResponse) -> None:
    """Notice by writing that a page was closed, however quiet it is."""
    while True:
        await asyncio.sleep(_STAY_AWAKE_S)
        try:
            await response.write(b": awake\n\n")
        except ConnectionError:
            return
