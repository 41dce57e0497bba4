"""HTML into plain parts: trafilatura finds the article in the page, lxml reads what it misses."""

import logging
from datetime import date

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import Document as Extracted
from trafilatura.settings import use_config

from index.formats.elements import parts_of
from index.formats.parsed import Parsed, Part

# Its complaints would name no file; `read_articles` reports the article instead.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

# By default it throws away the structure of an article shorter than 250 characters.
_CONFIG = use_config()
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")

# trafilatura is needed where a page has furniture around its article, and loses a sentence here
# and there (text directly in a <div>, say). A page without any is read whole.
_FURNITURE = "//nav | //footer | //aside | //form | //iframe | //script"

# Below this share of the page's words trafilatura has taken most of the article for furniture.
_LEAST_SHARE = 0.4

# It compares several extractions of the whole tree: minutes for a page of megabytes.
_LONGEST_EXTRACTED = 2 * 1024 * 1024

# What trafilatura was seen to raise on malformed pages; lxml still reads those.
_EXTRACTION_FAILURES = (
    etree.LxmlError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def parse_html(text: str) -> Parsed:
    """Read a page of HTML without front matter.

    Navigation, scripts and footers are left behind. The title is the first main heading, then
    <title>, then any heading.
    """
    page = _page(text)
    if page is None:
        return Parsed(None, ())
    whole = parts_of(page.body if page.find("body") is not None else page)
    extracted = _extracted(text)
    found = () if extracted is None or extracted.body is None else parts_of(extracted.body)
    is_found = page.xpath(_FURNITURE) and _words(found) >= _LEAST_SHARE * _words(whole)
    parts = found if is_found else whole
    title = _title(page, whole)
    if extracted is None:
        return Parsed(title, parts)
    updated = _day(extracted.date)
    return Parsed(title, parts, author=extracted.author, updated=updated, url=extracted.url)


def _page(text: str) -> lxml.html.HtmlElement | None:
    # As bytes, because lxml refuses a string that declares an encoding.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return lxml.html.document_fromstring(text.encode(), parser=parser)
    except etree.LxmlError:
        return None


def _extracted(text: str) -> Extracted | None:
    if len(text) > _LONGEST_EXTRACTED:
        return None
    try:
        found = trafilatura.bare_extraction(
            text,
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            # Only a date the page states; the extensive search guesses one from its text.
            date_extraction_params={"extensive_search": False, "original_date": False},
            config=_CONFIG,
        )
    except _EXTRACTION_FAILURES:
        return None
    return found if isinstance(found, Extracted) else None


def _title(page: lxml.html.HtmlElement, parts: tuple[Part, ...]) -> str | None:
    headings = [part for part in parts if part.kind == "heading"]
    main = next((part.text for part in headings if part.level == 1), None)
    named = " ".join((page.findtext(".//title") or "").split())
    return main or named or next((part.text for part in headings), None)


def _words(parts: tuple[Part, ...]) -> int:
    return sum(len(part.text.split()) for part in parts)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
