"""The web server: every address of the local Slack."""

import asyncio
import json
from dataclasses import replace

from aiohttp import BodyPartReader, web

from playground import oauth, pages
from playground.faults import Fault
from playground.response_urls import respond
from playground.sockets import Sockets
from playground.web_api.answering import Request, answer, authorised, record
from playground.web_api.calling import Answer, Fields, RefusedError
from playground.world import World

_MOST_BYTES = 64 * 1024 * 1024  # more than any file a test or a visitor shares
_LONGEST_HOLD_S = 30.0  # slack_sdk's clients give up after this time by themselves


class Site:
    """Serves a world over HTTP and web sockets."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world, self._sockets = world, sockets
        self._closing = asyncio.Event()

    def application(self) -> web.Application:
        """Return the application, ready to be run."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.add_routes(
            [
                web.get("/api/{method}", self._call),
                web.post("/api/{method}", self._call),
                web.get("/link/", self._sockets.serve),
                web.post("/{kind:commands|actions|app}/{team}/{secret}", self._respond),
                web.get("/files-pri/{file}/{path:.*}", self._download),
                web.post("/upload/v1/{file}", self._upload),
                web.get("/oauth/v2/authorize", self._ask_to_install),
                web.post("/oauth/v2/authorize", self._install),
            ]
        )
        return app

    def close(self) -> None:
        """Let go of requests that are held back."""
        self._closing.set()

    async def _call(self, http: web.Request) -> web.StreamResponse:
        fields = await _fields(http)
        token = http.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or str(fields.pop("token", ""))
        request = Request(http.match_info["method"], token, fields)
        fault = self._world.faults.take(request.method)
        if fault is None or fault.when == "after":
            answered = self._answer(http, request)
            error = str(answered.get("error", ""))
        else:
            answered, error = {}, str(fault.what)
        if fault is None:
            record(self._world, request, answered, error)
            return self._as_json(answered, request.token)
        if isinstance(fault.what, str) and fault.what not in {"timeout", "cut"}:
            answered = {"ok": False, "error": fault.what}
        record(self._world, request, answered, str(fault.what))
        return await self._go_wrong(http, fault)

    def _answer(self, http: web.Request, request: Request) -> Answer:
        world = self._world
        try:
            if request.method == "apps.connections.open":
                return {"ok": True, "url": self._socket_address(request.token)}
            if request.method == "oauth.v2.access":
                authorization = http.headers.get("Authorization", "")
                with world.lock:
                    return {"ok": True, **oauth.exchange(world, request.fields, authorization)}
        except RefusedError as refused:
            return {"ok": False, "error": refused.error, **refused.more}
        return answer(world, request)

    def _socket_address(self, token: str) -> str:
        if token != self._world.app.app_token:
            known = self._world.tokens.find(token)
            raise RefusedError("not_allowed_token_type" if known else "invalid_auth")
        address = self._world.address.replace("http", "ws", 1)
        return f"{address}/link/?ticket={self._sockets.ticket()}&app_id={self._world.app.id}"

    def _as_json(self, answered: Answer, token: str = "") -> web.Response:
        headers = {"x-slack-req-id": self._world.new_id("R")}
        known = self._world.tokens.find(token)
        if known is not None and known.scopes is not None:
            headers["x-oauth-scopes"] = ",".join(sorted(known.scopes))
        return web.json_response(answered, headers=headers)

    async def _go_wrong(self, http: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.what:
            case "cut" | "timeout":
                if fault.what == "timeout":
                    await self._hold()
                if http.transport is not None:
                    http.transport.abort()
                return web.Response()
            case 429:
                headers = {"Retry-After": str(fault.retry_after)}
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=429, headers=headers)
            case int() as status:
                return web.Response(status=status, text="upstream connect error")
            case error:
                return self._as_json({"ok": False, "error": error})

    async def _hold(self) -> None:
        try:
            async with asyncio.timeout(_LONGEST_HOLD_S):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _respond(self, http: web.Request) -> web.StreamResponse:
        world, fields = self._world, await _fields(http)
        request = Request("response_url", "", fields)
        fault = world.faults.take("response_url")
        if fault is not None and fault.when == "before":
            record(world, request, {}, str(fault.what))
            if isinstance(fault.what, str) and fault.what not in {"timeout", "cut"}:
                return web.json_response({"ok": False, "error": fault.what}, status=404)
            return await self._go_wrong(http, fault)
        ticket = http.path.lstrip("/")
        responded = respond(world, ticket, fields)
        error = str(responded.body.get("error", "")) or (str(fault.what) if fault else "")
        record(world, request, responded.body, error)
        if fault is not None:
            return await self._go_wrong(http, fault)
        if responded.status == 200:
            return web.Response(text="ok")
        return web.json_response(responded.body, status=responded.status)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        fault = self._world.faults.take("files.download")
        if fault is not None:
            return await self._go_wrong(http, fault)
        token = http.headers.get("Authorization", "").removeprefix("Bearer ")
        team, _, file_id = http.match_info["file"].partition("-")
        try:
            with self._world.lock:
                caller = authorised(self._world, token)
                caller.needs("files:read")
                file = caller.workspace.files.get(file_id)
        except RefusedError:
            return web.Response(text=pages.LOGIN, content_type="text/html")
        if file is None or file.team != team or file.content is None:
            return web.Response(text=pages.LOGIN, content_type="text/html")
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        content = await _uploaded(http)
        team, _, file_id = http.match_info["file"].partition("-")
        with self._world.lock:
            workspace = self._world.workspaces.get(team)
            file = workspace.files.get(file_id) if workspace else None
            if workspace is None or file is None or file.content is not None:
                return web.Response(status=404, text="not found")
            if len(content) != file.expected_size:
                return web.Response(status=400, text="length does not match")
            workspace.files[file_id] = replace(file, content=content)
        return web.Response(text=f"OK - {len(content)}")

    async def _ask_to_install(self, http: web.Request) -> web.StreamResponse:
        wish = oauth.Wish.read(dict(http.query))
        if refusal := wish.refusal(self._world):
            return web.Response(status=400, text=refusal)
        page = pages.consent(wish, self._world.workspaces.values())
        return web.Response(text=page, content_type="text/html")

    async def _install(self, http: web.Request) -> web.StreamResponse:
        fields = await _fields(http)
        wish = oauth.Wish.read(fields)
        if refusal := wish.refusal(self._world):
            return web.Response(status=400, text=refusal)
        workspace = self._world.workspaces.get(str(fields.get("team")))
        if fields.get("verdict") != "allow" or workspace is None:
            raise web.HTTPFound(oauth.deny(wish))
        with self._world.lock:
            user = next(one.id for one in workspace.people.values() if one.is_owner)
            raise web.HTTPFound(oauth.allow(self._world, wish, workspace.team, user))


async def _fields(http: web.Request) -> Fields:
    fields: Fields = dict(http.query)
    if http.method == "POST" and http.can_read_body:
        if http.content_type == "application/json":
            try:
                body = json.loads(await http.read())
            except ValueError:
                body = {}
            fields |= body if isinstance(body, dict) else {}
        else:
            fields |= dict((await http.post()).items())
    return fields


async def _uploaded(http: web.Request) -> bytes:
    if http.content_type != "multipart/form-data":
        return await http.read()
    part = await (await http.multipart()).next()
    return bytes(await part.read()) if isinstance(part, BodyPartReader) else b""
