"""A browser, as far as the page's server can tell."""

import json
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

MANIFEST = json.loads(Path("slack-manifest.json").read_text("utf-8"))
CAREERS = "C0CAREERS"


class Visitor:
    """A browser, as far as the server can tell."""

    def __init__(self, address):
        self.address, self.parts = address, urlsplit(address)

    def ask(self, method, path, body=None, **headers):
        connection = HTTPConnection(self.parts.hostname, self.parts.port, timeout=60)
        content = json.dumps(body) if isinstance(body, dict) else body
        sent = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.request(method, path, content, sent)
        answer = connection.getresponse()
        held = answer.read()
        connection.close()
        return answer.status, held

    def do(self, **asked):
        origin = {"Origin": self.address}
        status, held = self.ask("POST", "/page/do", {"as": "ann", **asked}, **origin)
        return status, json.loads(held)

    def updates(self, person="ann"):
        """Open the stream of updates; give each as it comes."""
        connection = HTTPConnection(self.parts.hostname, self.parts.port, timeout=60)
        connection.request("GET", f"/page/updates?as={person}")
        answer = connection.getresponse()
        try:
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
        finally:
            connection.close()
