"""A Word file is looked through before anything parses it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.uploads.archives import MAX_ENTRIES, check_word_archive
from bot.uploads.refusing import RefusedError
from tests.bot.uploads import hostile

BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'
)


def test_a_real_word_file_is_let_through():
    check_word_archive(hostile.word())


def test_a_workbook_that_word_embeds_for_a_chart_is_let_through():
    check_word_archive(hostile.word({"word/embeddings/sheet.docx": hostile.word()}))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            hostile.word({"word/document.xml": b" " * (50 * hostile.MEGABYTE)}),
            r"packed 1,0\d\d times: a zip bomb; at most 200",
        ),
        (
            hostile.word({f"word/{n}.xml": b" " * hostile.MEGABYTE for n in range(70)}),
            r"unpacks to 7\d MB or more: a zip bomb, or too large; wanted at most 60 MB",
        ),
        (hostile.lying_bomb(), "no sound Word file"),
        (hostile.overlapping(), "lie over each other: a zip bomb"),
        (hostile.word({"word/inner.zip": hostile.nested_bomb()}), "holds another archive"),
        (
            hostile.word({f"word/{number}": b"" for number in range(MAX_ENTRIES)}),
            r"2,0\d\d entries; wanted at most 2,000",
        ),
        (hostile.word({"../../etc/cron.d/x": b"x"}), "path leads out of it"),
        (hostile.word({"/etc/x": b"x"}), "path leads out of it"),
        (hostile.word({"word\\..\\..\\x": b"x"}), "path leads out of it"),
        (hostile.word({"word/vbaProject.bin": b"x"}), "holds macros"),
        (hostile.word({"word/document.xml": BILLION_LAUGHS}), "declares XML entities"),
        (
            hostile.word({"word/document.xml": BILLION_LAUGHS.decode().encode("utf-16")}),
            "declares XML entities",
        ),
        (
            hostile.word({"word/x.xml": b" " * (64 * 1024 - 4) + b"<!DOCTYPE l>"}),
            "declares XML entities",
        ),
        (hostile.encrypted_flag(), "is encrypted"),
        (hostile.archive_of({"xl/workbook.xml": b"<x/>"}), "is an Excel workbook"),
        (hostile.archive_of({"ppt/presentation.xml": b"<x/>"}), "is a PowerPoint file"),
        (hostile.archive_of({"META-INF/MANIFEST.MF": b"x"}), "is a program"),
        (hostile.archive_of({"a.txt": b"x"}), "is some other zip archive"),
        (hostile.word()[:-40], "no sound Word file"),
        (b"PK\x03\x04" + bytes(200), "no sound Word file"),
    ],
    ids=[
        "huge entry", "huge in all", "lying about its size", "overlapping", "nested", "many",
        "leading out", "absolute", "leading out with backslashes", "macros", "entities",
        "entities in UTF-16", "entities across two steps", "encrypted", "excel", "powerpoint",
        "jar", "zip", "cut off", "no archive",
    ],
)  # fmt: skip
def test_an_archive_that_is_more_than_a_document_is_refused(content, reason):
    with pytest.raises(RefusedError, match=reason):
        check_word_archive(content)


WORD = hostile.word()


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(WORD) - 1), st.integers(0, 255)), max_size=8))
def test_a_word_file_with_broken_bytes_is_let_through_or_refused(broken):
    content = bytearray(WORD)
    for place, byte in broken:
        content[place] = byte
    with suppress(RefusedError):
        check_word_archive(bytes(content))
