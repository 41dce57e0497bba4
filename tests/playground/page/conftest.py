"""The server of the page over a local Slack with the app's own manifest."""

import pytest

from playground.local_slack import LocalSlack
from playground.page.serving import PageServer
from tests.playground.visiting import MANIFEST, Visitor


@pytest.fixture
def slack():
    with LocalSlack(manifest=MANIFEST) as one:
        yield one


@pytest.fixture
def visitor(slack):
    server = PageServer(slack, MANIFEST, lambda: slack, 0)
    yield Visitor(server.address)
    server.close()
