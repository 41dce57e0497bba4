"""The pictures of the documentation show the page as it is; they are kept only on request."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import screen_of
from tests.browser.test_page import ASKED, COMPARED, text_of


@pytest.fixture
def folder(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """Give where the pictures go."""
    wanted = pytestconfig.getoption("--screenshots", default=None)
    return Path(str(wanted)) if wanted else tmp_path


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("playground-light", "light", 1200),
        ("playground-dark", "dark", 1200),
        ("playground-phone", "light", 360),
    ],
)
def test_a_picture_is_taken(browser, playground, folder, name, scheme, width):
    playground.reset()
    with screen_of(browser, playground, width=width, scheme=scheme) as screen:
        screen.open()
        screen.press("Close the suggestions")
        screen.types(ASKED)
        text_of(screen.thread, "functional leader")
        if width > 1000:
            screen.types(COMPARED)
            expect(screen.main.get_by_role("table")).to_be_visible()
        picture = folder / f"{name}.png"
        screen.page.screenshot(path=picture)
        assert picture.read_bytes().startswith(b"\x89PNG")
