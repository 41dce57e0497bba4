"""HTTP mode: signed requests to the app, as Slack sends them."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from playground.clock import Clock
from playground.delivery import Ack, NotAcknowledgedError, Parcel


def signed_headers(secret: str, body: bytes, at: float) -> dict[str, str]:
    """Return the headers that prove a body to come from Slack: HMAC-SHA256 over `v0:time:body`."""
    timestamp = str(int(at))
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def body_of(kind: str, payload: Any) -> tuple[bytes, str]:  # noqa: ANN401 - any JSON may be tried
    """Return the body of a request and its content type."""
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands" and isinstance(payload, dict):
        return urlencode(payload).encode(), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return json.dumps(payload).encode(), "application/json"


@dataclass
class HttpCarrier:
    """Posts parcels to one address. For the server's loop only."""

    url: str
    secret: str
    clock: Clock

    def __post_init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, parcel: Parcel, within_s: float) -> Ack:
        """Post a parcel; a status of 200 to 299 acknowledges it.

        Raises:
            NotAcknowledgedError: Another status, no answer in time, or nobody there.
        """
        body, content_type = body_of(parcel.kind, parcel.payload)
        headers = signed_headers(self.secret, body, self.clock())
        headers |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"}
        if parcel.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.retry_attempt)
            headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        return await self._post(body, headers, within_s)

    async def _post(self, body: bytes, headers: dict[str, str], within_s: float) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=within_s)
        started = time.monotonic()
        try:
            async with self._session.post(
                self.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                text = await answer.text()
                if not 200 <= answer.status < 300:
                    final = answer.headers.get("X-Slack-No-Retry") == "1"
                    raise NotAcknowledgedError("http_error", via=self.url, final=final)
                response = _read(text, answer.content_type)
                return Ack(self.url, response, time.monotonic() - started)
        except TimeoutError as error:
            raise NotAcknowledgedError("http_timeout", via=self.url) from error
        except aiohttp.ClientError as error:
            raise NotAcknowledgedError("connection_failed", via=self.url) from error

    async def verify(self, token: str, within_s: float) -> bool:
        """Return whether the address answers Slack's challenge."""
        challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
        payload = {"type": "url_verification", "token": token, "challenge": challenge}
        try:
            ack = await self.carry(Parcel("events_api", payload), within_s)
        except NotAcknowledgedError:
            return False
        answer = ack.response
        return challenge in {answer.get("text"), answer.get("challenge")} if answer else False

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()


def _read(text: str, content_type: str) -> Any:  # noqa: ANN401 - whatever JSON the app answers
    if not text.strip():
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            return {"text": text}
    return {"text": text}
