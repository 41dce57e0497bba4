"""The page is readable for everybody: small screens, the keyboard, and assistive technology."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import CAREERS, screen_of
from tests.browser.test_page import ASKED, COMPARED, text_of

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def serious(page):
    """Return what axe-core finds that would keep somebody from using the page."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary"))
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_serious_to_say(browser, playground, scheme):
    playground.reset()
    with screen_of(browser, playground, scheme=scheme) as screen:
        screen.open()
        screen.types(COMPARED)
        expect(screen.main.get_by_role("table")).to_be_visible()
        screen.types(ASKED)
        text_of(screen.thread, "functional leader")
        assert serious(screen.page) == []
        screen.press("Not helpful", screen.thread)
        expect(screen.modal).to_be_visible()
        assert serious(screen.page) == []
        screen.page.keyboard.press("Escape")
        screen.press("Inspector")
        screen.press("Home")
        text_of(screen.main, "The usual ladder")
        assert serious(screen.page) == []


def test_a_phone_of_320_pixels_shows_everything_without_scrolling_sideways(browser, playground):
    playground.reset()
    with screen_of(browser, playground, width=320) as screen:
        screen.open()
        screen.types(COMPARED)
        expect(screen.main.get_by_role("table")).to_be_visible()
        assert screen.page.evaluate(OVERFLOW) == 0
        screen.types(ASKED)
        text_of(screen.thread, "functional leader")
        assert screen.page.evaluate(OVERFLOW) == 0
        screen.press("Close the thread")
        screen.press("Home")
        text_of(screen.main, "The usual ladder")
        assert screen.page.evaluate(OVERFLOW) == 0


def test_everything_can_be_done_with_the_keyboard(screen):
    page = screen.page
    page.get_by_role("textbox", name="Message").focus()
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    button = screen.thread.get_by_role("button", name="Not helpful")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(screen.modal).to_be_visible()
    focused = "document.querySelector('dialog').contains(document.activeElement)"
    assert page.evaluate(focused)
    page.keyboard.press("Escape")
    expect(screen.modal).to_have_count(0)


def test_a_person_and_a_place_are_kept_in_the_address(screen):
    screen.page.get_by_role("combobox", name="You are").select_option("ada")
    screen.press("private")
    screen.page.reload()
    expect(screen.page.get_by_role("combobox", name="You are")).to_have_value("ada")
    expect(screen.main.get_by_role("heading", name="#private")).to_be_visible()
    assert CAREERS not in screen.page.url
