"""Files are fetched from Slack and nowhere else, and the token goes nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from slack_sdk import WebClient

from bot.slack.downloading import article_files, download
from bot.uploads.refusing import RefusedError
from index.article_files import MAX_BYTES


class Site:
    """An HTTP server that answers as a test says, and remembers what it was told."""

    def __init__(self) -> None:
        self.file: dict[str, object] = {}
        self.answer: tuple[int, str, bytes, str] = (200, "application/octet-stream", b"text", "")
        self.tokens: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                import json  # noqa: PLC0415 - of the handler alone

                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = {"ok": True, "file": {"url_private_download": site.url, **site.file}}
                self._send(200, "application/json", json.dumps(body).encode(), "")

            def do_GET(self) -> None:
                site.tokens.append(self.headers.get("Authorization") or "")
                self._send(*site.answer)

            def _send(self, status: int, kind: str, body: bytes, to: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if to:
                    self.send_header("Location", to)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.url = f"{self.address}/files-pri/T1-F1/download/a.md"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def client(site):
    return WebClient(token="xoxb-1-secret", base_url=f"{site.address}/api/", retry_handlers=[])


def test_a_file_is_fetched_with_the_token(site, client):
    site.file = {"name": "Guilds.md", "size": 4}
    found = download(client, "F1")
    assert (found.name.slug, found.content) == ("guilds", b"text")
    assert site.tokens == ["Bearer xoxb-1-secret"]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"name": "a.md.exe", "size": 4}, r"ends in \.exe"),
        ({"name": "a.md", "size": MAX_BYTES + 1}, "at most 10 MB"),
        ({"name": "a.md", "size": 0}, "is empty"),
        ({"name": "a.md", "size": 4, "is_external": True}, "lies outside Slack"),
        ({"name": "a.md", "size": 4, "url_private_download": ""}, "lies outside Slack"),
        (
            {"name": "a.md", "size": 4, "url_private_download": "file:///etc/passwd"},
            "lies outside Slack",
        ),
        (
            {"name": "a.md", "size": 4, "url_private_download": "https://slack.com.evil.example/a"},
            "lies outside Slack",
        ),
        (
            {"name": "a.md", "size": 4, "url_private_download": "http://files.slack.com/a"},
            "lies outside Slack",
        ),
    ],
)
def test_what_cannot_be_an_article_is_not_fetched(site, client, file, reason):
    site.file = file
    with pytest.raises(RefusedError, match=reason):
        download(client, "F1")
    assert site.tokens == []


def test_another_site_is_not_told_the_token(site, client, other):
    site.file = {"name": "a.md", "size": 4, "url_private_download": other.url}
    with pytest.raises(RefusedError, match="lies outside Slack"):
        download(client, "F1")
    site.file = {"name": "a.md", "size": 4}
    site.answer = (302, "text/html", b"", other.url)
    with pytest.raises(RefusedError, match="a page to sign in on"):
        download(client, "F1")
    assert other.tokens == []


def test_a_page_to_sign_in_on_is_recognised_by_its_length_and_kind(site, client):
    site.file = {"name": "a.html", "size": 4}
    site.answer = (200, "text/html; charset=utf-8", b"<html>Sign in</html>", "")
    with pytest.raises(RefusedError, match=r"a page to sign in on .* files:read"):
        download(client, "F1")


def test_half_a_file_is_refused(site, client):
    site.file = {"name": "a.md", "size": 4000}
    with pytest.raises(RefusedError, match=r"Slack sent 4 bytes of “a\.md”, which has 4,000"):
        download(client, "F1")


def test_no_more_is_read_than_was_allowed(site, client):
    site.file = {"name": "a.md", "size": 10}
    site.answer = (200, "text/plain", b"x" * (MAX_BYTES + 500_000), "")
    with pytest.raises(RefusedError, match=f"Slack sent {MAX_BYTES + 1:,} bytes"):
        download(client, "F1")


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        (None, ()),
        ("no list", ()),
        ([], ()),
        ([None, {"name": "a.md"}], ()),
        ([{"id": "F1", "name": "a.md", "mimetype": "text/markdown"}], ("F1",)),
        ([{"id": "F1", "name": "a.exe"}, {"id": "F2"}], ("F1", "F2")),
        ([{"id": "F1", "name": "a.PNG", "mimetype": "image/png"}], ()),
        ([{"id": "F1", "name": "a.mp4"}], ()),
        ([{"id": "F1", "name": "a.exe", "mimetype": "image/png"}], ("F1",)),
        ([{"id": "F1", "name": "a.png", "mimetype": "text/html"}], ("F1",)),
    ],
)
def test_pictures_and_films_are_no_articles(files, ids):
    assert article_files({"files": files}) == ids
