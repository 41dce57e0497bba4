"""The playground in a real browser: Debian's chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from bot.cli.playing import Stage, read_manifest
from bot.settings import Settings
from index.opening import LiveIndex
from playground.local_slack import LocalSlack
from playground.page.serving import PageServer
from tests.library import ENCODERS, INDEX, KNOWLEDGE

CHROMIUM = shutil.which("chromium")
CAREERS = "C0CAREERS"
# Long enough for a machine that runs other things too; nothing waits so long when all is well.
PATIENCE_MS = 60_000
# All articles are read and two hundred saved questions asked twice.
INDEXING_MS = 300_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the pictures of the documentation be taken anew."""
    parser.addoption("--screenshots", metavar="DIR", help="keep the screenshots in this folder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none."""
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="no chromium is installed; apt-get install chromium")
        for item in items:
            if Path(item.path).parent == Path(__file__).parent:
                item.add_marker(skip)


@dataclass
class Playground:
    """The bot on its stage, and the address of the page that shows it."""

    stage: Stage
    address: str

    @property
    def slack(self) -> LocalSlack:
        """The local Slack as it is now: a reset replaces it."""
        return self.stage.slack

    def reset(self) -> None:
        """Begin anew, as the page's button does."""
        connection = HTTPConnection(self.address.removeprefix("http://"))
        connection.request("POST", "/page/reset", headers={"Origin": self.address})
        assert connection.getresponse().read() == b"{}"
        connection.close()


@dataclass
class Screen:
    """A browser's window on the playground, and what went wrong in it."""

    page: Page
    playground: Playground
    errors: list[str] = field(default_factory=list)

    def open(self, place: str = f"ann/{CAREERS}") -> None:
        """Go somewhere: a person, a channel and a thread."""
        self.page.goto(f"{self.playground.address}/#/{place}")
        self.page.reload()
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def types(self, text: str, label: str = "Message") -> None:
        """Type a message and send it with Enter."""
        box = self.page.get_by_role("textbox", name=label)
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    @property
    def thread(self) -> Locator:
        """The panel with the open thread."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def main(self) -> Locator:
        """The conversation in the middle."""
        return self.page.get_by_role("main")

    @property
    def modal(self) -> Locator:
        """The modal that is open."""
        return self.page.get_by_role("dialog")

    def press(self, name: str, within: Locator | None = None, *, exact: bool = False) -> None:
        """Press the last button whose name has these words, or is exactly these."""
        (within or self.page).get_by_role("button", name=name, exact=exact).last.click()


@pytest.fixture(scope="session")
def playground(library: LiveIndex) -> Iterator[Playground]:
    """Give the playground, started as `pmrole play` starts it."""
    del library  # it has to be there; the stage opens it anew
    settings = Settings(knowledge_dir=KNOWLEDGE, index_dir=INDEX, encoder_dir=ENCODERS)
    with Stage(settings, read_manifest()) as stage:
        server = PageServer(stage.slack, stage.manifest, stage.reset, 0)
        yield Playground(stage, server.address)
        server.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a browser without a window."""
    with sync_playwright() as playwright:
        # Chromium's sandbox does not work for root, as in a container.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@contextmanager
def screen_of(
    browser: Browser, playground: Playground, *, width: int = 1200, scheme: str = "light"
) -> Iterator[Screen]:
    """Open a window; at its end nothing may have gone wrong in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 760},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    screen = Screen(page, playground)

    def heard(message: ConsoleMessage) -> None:
        # The browser itself tells of answers with an error's status; the page shows them in red.
        if message.type == "error" and "409" not in message.text:
            screen.errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: screen.errors.append(str(error)))
    yield screen
    context.close()
    assert screen.errors == []


@pytest.fixture
def screen(browser: Browser, playground: Playground) -> Iterator[Screen]:
    """Give a window on a playground where nothing happened yet."""
    expect.set_options(timeout=PATIENCE_MS)
    playground.reset()
    with screen_of(browser, playground) as opened:
        opened.open()
        yield opened
