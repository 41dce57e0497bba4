"""A local Slack, as much of it as the bot uses: Web API, response URLs and Socket Mode.

It listens on a free port, records every call, and refuses what Slack would refuse.
"""

import base64
import hashlib
import json
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

BOT_TOKEN, APP_TOKEN = "xoxb-for-tests", "xapp-for-tests"
BOT_USER, BOT_ID = "U0BOT", "B0BOT"

_TEXT_LIMITS = {"section": 3000, "field": 2000, "context": 3000}
_WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True)
class Call:
    """What the bot sent."""

    method: str
    fields: dict[str, Any]
    token: str


class SlackServer:
    """Started by `with`; stopped at its end."""

    def __init__(self) -> None:
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.slack = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._changed = threading.Condition()
        self._refusals: dict[str, list[str | int]] = defaultdict(list)
        self.calls: list[Call] = []
        self.acks: list[dict[str, Any]] = []
        self.socket: _Socket | None = None
        self.socket_refused = False
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self.api_url = f"{self.address}/api/"
        self.response_url = f"{self.address}/commands/T1/1/abc"

    def __enter__(self) -> "SlackServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def refuse(self, method: str, *answers: str | int) -> None:
        """Answer the next calls of a method so: an error's name, or an HTTP status."""
        self._refusals[method] += answers

    def called(self, method: str) -> list[Call]:
        with self._changed:
            return [one for one in self.calls if one.method == method]

    def wait_for(self, method: str, count: int = 1, timeout_s: float = 60.0) -> list[Call]:
        """Return the first calls of a method once there are so many."""
        self.wait_until(lambda: len(self.called(method)) >= count, f"{count} {method}", timeout_s)
        return self.called(method)

    def wait_until(
        self, condition: Callable[[], object], what: str, timeout_s: float = 60.0
    ) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"{what} did not come; calls: {self.calls}"
            time.sleep(0.005)

    def send(self, envelope_id: str, kind: str, payload: dict[str, Any]) -> None:
        """Send an envelope over the socket."""
        self.wait_until(lambda: self.socket is not None, "the socket")
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind == "slash_commands",
            "retry_attempt": 0,
            "retry_reason": "",
        }
        assert self.socket is not None
        self.socket.send(json.dumps(envelope))

    def answer(self, call: Call) -> tuple[int, dict[str, Any]]:
        """Record a call; return the status and the body of its answer."""
        with self._changed:
            self.calls.append(call)
            refusal = self._refusals[call.method].pop(0) if self._refusals[call.method] else None
        if isinstance(refusal, int):
            return refusal, {"ok": False, "error": "ratelimited"}
        error = refusal or _error_of(call)
        if error:
            return 200, {"ok": False, "error": error}
        return 200, {"ok": True, **self._results(call)}

    def _results(self, call: Call) -> dict[str, Any]:
        if call.method == "auth.test":
            return {
                "url": self.address,
                "team": "Test team",
                "team_id": "T1",
                "user": "pmrole",
                "user_id": BOT_USER,
                "bot_id": BOT_ID,
            }
        if call.method == "apps.connections.open":
            return {"url": f"{self.address.replace('http', 'ws')}/socket"}
        if call.method == "chat.postMessage":
            return {"channel": call.fields["channel"], "ts": "1700000000.000100"}
        return {}


def _error_of(call: Call) -> str | None:
    wanted = APP_TOKEN if call.method == "apps.connections.open" else BOT_TOKEN
    if call.method != "response_url" and call.token != wanted:
        return "invalid_auth"
    if call.method == "chat.postMessage" and not call.fields.get("channel"):
        return "channel_not_found"
    if call.method in {"chat.postMessage", "response_url"}:
        if not call.fields.get("text"):
            return "no_text"
        if problems_of(call.fields.get("blocks") or []):
            return "invalid_blocks"
    elif call.method not in {"auth.test", "apps.connections.open"}:
        return "unknown_method"
    return None


def problems_of(blocks: Sequence[dict[str, Any]]) -> list[str]:
    """Say what Slack would refuse, or what would mention someone, in the blocks of a message."""
    problems = [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    texts: list[tuple[str, dict[str, Any]]] = []
    for block in blocks:
        fields, elements = block.get("fields", []), block.get("elements", [])
        texts += [("section", block["text"])] if "text" in block else []
        texts += [("field", one) for one in fields] + [("context", one) for one in elements]
        if not _is_well_formed(block):
            problems.append(f"a {block['type']} of {len(fields)} fields, {len(elements)} elements")
    for kind, one in texts:
        problems += _problems_of_text(kind, one)
    total = sum(units(one["text"]) for _, one in texts)
    if total > 13_297 - 125 * (len(blocks) - 1):
        problems.append(f"{total} characters in {len(blocks)} blocks")
    return problems


def _is_well_formed(block: dict[str, Any]) -> bool:
    if block["type"] == "section":
        return "text" in block and len(block.get("fields", [])) <= 10
    return block["type"] == "context" and 1 <= len(block["elements"]) <= 10


def _problems_of_text(kind: str, one: dict[str, Any]) -> Iterator[str]:
    text = one["text"]
    if not text.strip():
        yield f"a {kind} without text"
    if units(text) > _TEXT_LIMITS[kind]:
        yield f"a {kind} of {units(text)} characters"
    if one["type"] != "mrkdwn" or one.get("verbatim") is not True:
        yield f"a {kind} that Slack would rewrite"
    for piece in text.split("<")[1:]:
        if not piece.startswith(("http://", "https://")) or piece.partition(">")[1] == "":
            yield f"a {kind} with live mark-up: <{piece[:40]}"
    if "&" in text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", ""):
        yield f"a {kind} with a bare ampersand"


def units(text: str) -> int:
    """Return the length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Socket:
    """The server's end of a web socket, after the handshake. RFC 6455, unfragmented frames."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._read, self._write = handler.rfile, handler.wfile
        self._lock = threading.Lock()

    def send(self, text: str) -> None:
        self._send(0x1, text.encode())

    def receive(self) -> str | None:
        """Return the next text; None once the other end has gone."""
        while True:
            try:
                head = self._read.read(2)
            except ConnectionError:
                return None
            if len(head) < 2 or head[0] & 0x0F == 0x8:
                return None
            size = head[1] & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self._read.read(2))
            mask = self._read.read(4)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self._read.read(size)))
            if head[0] & 0x0F == 0x9:
                self._send(0xA, data)
            elif head[0] & 0x0F == 0x1:
                return data.decode()

    def _send(self, opcode: int, data: bytes) -> None:
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
        with self._lock:
            self._write.write(bytes([0x80 | opcode]) + size + data)
            self._write.flush()


class _Server(ThreadingHTTPServer):
    """Knows which Slack it stands for."""

    daemon_threads = False  # so that closing waits for every answer
    slack: SlackServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Take a call of the Web API, or a reply to a command."""
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        if "json" in (self.headers.get("content-type") or "") and raw:
            fields = json.loads(raw)
        else:
            fields = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        is_reply = self.path.startswith("/commands/")
        method = "response_url" if is_reply else self.path.removeprefix("/api/")
        token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        status, body = self.server.slack.answer(Call(method, fields, token))
        self._answer(404 if is_reply and not body["ok"] else status, body)

    def do_GET(self) -> None:
        """Open a web socket and read it until the bot closes it."""
        slack = self.server.slack
        if slack.socket_refused:
            self._answer(403, {})
            return
        self._shake_hands()
        slack.socket = socket = _Socket(self)
        socket.send('{"type": "hello"}')
        while (text := socket.receive()) is not None:
            slack.acks.append(json.loads(text))
        slack.socket = None
        self.close_connection = True

    def _shake_hands(self) -> None:
        key = self.headers["sec-websocket-key"] + _WEBSOCKET_GUID
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()  # noqa: S324
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""
