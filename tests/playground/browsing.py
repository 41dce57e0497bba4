"""Plain HTTP requests that follow no redirect."""

from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit


class Page(NamedTuple):
    """What came back."""

    status: int
    content_type: str
    location: str
    text: str


def fetch(url: str, form: dict[str, str] | None = None, token: str = "") -> Page:
    """GET an address, or POST a form to it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(form) if form is not None else None
    try:
        connection.request("POST" if body else "GET", f"{parts.path}?{parts.query}", body, headers)
        answer = connection.getresponse()
        content_type = answer.headers.get_content_type()
        location = answer.headers.get("location", "")
        return Page(answer.status, content_type, location, answer.read().decode())
    finally:
        connection.close()
