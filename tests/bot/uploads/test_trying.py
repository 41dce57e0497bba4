"""A file is first read in a process of its own, which alone ends if the file is made to end it."""

import threading
from pathlib import Path

import pytest

from bot.uploads.reading_alone import main
from bot.uploads.refusing import RefusedError
from bot.uploads.trying import Limits, read_first
from tests.article_files import encrypted, make_pdf, pdf_page
from tests.bot.uploads import hostile

TEXT = b"# Product guilds\n\nA product guild is a group of product managers.\n"


def read(folder: Path, name: str, content: bytes, limits: Limits | None = None):
    (folder / name).write_bytes(content)
    return read_first(folder, limits)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("guilds.md", TEXT),
        ("guilds.html", b"<title>x</title><h1>Product guilds</h1><p>A guild meets often.</p>"),
        ("guilds.docx", hostile.word()),
        ("product-guilds.txt", b"A product guild is a group.\n\nIt meets often."),
        ("guilds.pdf", make_pdf(pdf_page(["A product guild is a group."]), title="Product guilds")),
    ],
)
def test_each_format_is_read_as_the_library_reads_it(tmp_path, name, content):
    first = read(tmp_path, name, content)
    assert first.title == "Product guilds"
    assert first.words >= 6


def test_what_its_author_should_mend_is_told(tmp_path):
    first = read(tmp_path, "a.md", b"---\nupdated: soon\n---\n" + TEXT)
    assert first.notes == ('its front matter\'s date "soon" is not like 2026-11-23',)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", make_pdf([]), "scanned PDF: no page holds text"),
        ("a.pdf", encrypted(make_pdf(pdf_page(["A guild."])), "secret"), "encrypted PDF"),
        ("a.pdf", b"%PDF-1.7\nnothing", "broken PDF"),
        ("a.md", b"\n\n  \n", "no text in it"),
        ("a.html", b"<script>alert(1)</script><style>p {}</style>", "no text in it"),
        ("a.html", b"<div>" * 100_000 + b"A guild meets.", "no text in it"),
        ("a.docx", hostile.word({"word/document.xml": b"<broken"}), "broken Word document"),
    ],
)
def test_what_holds_no_text_is_refused_with_the_readers_reason(tmp_path, name, content, reason):
    with pytest.raises(RefusedError, match=f"cannot be read: .*{reason}"):
        read(tmp_path, name, content)


def test_scripts_of_a_page_are_not_among_its_words(tmp_path):
    page = b"<h1>Guilds</h1><p>A guild meets.</p><script>" + b"steal(token); " * 500 + b"</script>"
    assert read(tmp_path, "a.html", page).words <= 4


def test_a_file_that_takes_too_long_is_given_up(tmp_path):
    page = b"<p>" + b"<b>A guild meets here.</b> " * 200_000
    with pytest.raises(RefusedError, match="takes more than 1 s; divide it"):
        read(tmp_path, "a.html", page, Limits(seconds=1))


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path):
    page = b"<i>a</i>" * 1_200_000
    with pytest.raises(RefusedError, match="takes more than 200 MB of memory; divide it"):
        read(tmp_path, "a.html", page)


def test_the_reading_process_knows_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    # A module of that name would be read before the real one, and would tell.
    spy = tmp_path / "spy"
    spy.mkdir()
    (spy / "sitecustomize.py").write_text(
        f"import os; open({str(tmp_path / 'seen')!r}, 'w').write(' '.join(os.environ))"
    )
    monkeypatch.syspath_prepend(str(spy))
    folder = tmp_path / "articles"
    folder.mkdir()
    read(folder, "a.md", TEXT)
    seen = (tmp_path / "seen").read_text().split()
    assert "PYTHONPATH" in seen
    assert "SLACK_BOT_TOKEN" not in seen


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "breaks what reads it"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "takes more than 30 s"),
        ("sys.exit(1)", "breaks what reads it"),
        ("print('no json')", "breaks what reads it"),
        ("raise MemoryError", "more than 200 MB of memory"),
    ],
)
def test_however_its_reader_ends_the_file_alone_is_refused(tmp_path, monkeypatch, ends, reason):
    # What recognises encodings, put before the real one for the process that reads.
    before = tmp_path / "before"
    before.mkdir()
    (before / "charset_normalizer.py").write_text(f"import os, signal, sys\n{ends}\nsys.exit(1)\n")
    monkeypatch.syspath_prepend(str(before))
    folder = tmp_path / "articles"
    folder.mkdir()
    with pytest.raises(RefusedError, match=reason):
        read(folder, "a.md", TEXT)


def test_it_works_on_any_thread(tmp_path):
    found = []
    (tmp_path / "a.md").write_bytes(TEXT)
    thread = threading.Thread(target=lambda: found.append(read_first(tmp_path)))
    thread.start()
    thread.join()
    assert found[0].title == "Product guilds"


def test_the_process_prints_what_it_read_as_json(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("bot.uploads.reading_alone._limit", lambda *_: None)  # not for pytest
    (tmp_path / "a.md").write_bytes(TEXT)
    assert main(str(tmp_path), 200, 30) == 0
    assert '"titles": ["Product guilds"]' in capsys.readouterr().out
