"""Admins bring articles as files and take them away; the bot answers accordingly."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.slack.admins import ADMINS_ONLY
from bot.slack.listeners.files import NO_FILE, NOT_YOURS, SHOWN_DIRECTLY
from bot.slack.names import ADD_TO_KNOWLEDGE
from bot.slack.uploading import ANSWERS, CHANGED, DISCARDED, UNKNOWN
from index.embedding import DEFAULT_MODEL
from index.opening import IndexFolders, LiveIndex
from playground.acting import Actor
from playground.local_slack import LocalSlack
from playground.messages import Message
from tests.article_files import make_docx, make_pdf
from tests.bot.uploads import hostile
from tests.library import ENCODERS, KNOWLEDGE, index_of
from tests.scenarios.conftest import MANIFEST, VP, Office, buttons_of, office_in, text_of

ARTICLES = (
    "roles/head-of-product.md",
    "roles/vp-of-product.md",
    "hiring/product-interviews.md",
)

pytestmark = pytest.mark.timeout(900)

GUILDS = b"""---
title: Product guilds
---
# Product guilds

A product guild is a group of product managers who share what they learned.

## How often does a product guild meet?

A product guild meets every second Thursday for ninety minutes, and its notes are open to all.
"""
QUESTION = "How often does a product guild meet?"
THURSDAY = "A product guild meets every second Thursday"
FILE = ("Product Guilds.md", GUILDS)
REINDEX_S = 300.0


@pytest.fixture(scope="module")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give three of the shipped articles, with their index."""
    folder = tmp_path_factory.mktemp("library")
    for path in ARTICLES:
        (folder / "knowledge" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(KNOWLEDGE / path, folder / "knowledge" / path)
    index_of(folder / "knowledge", folder / "index").close()
    return folder


class Library(Office):
    """A bot with a knowledge folder of its own."""

    def __init__(self, slack: LocalSlack, folder: Path) -> None:
        self.folder = folder
        channel = slack.workspace().channel("#careers")
        assert channel is not None
        made = office_in(
            slack,
            self.opened(),
            database_url=f"sqlite:///{folder / 'state.db'}",
            knowledge_dir=folder / "knowledge",
            index_dir=folder / "index",
            encoder_dir=ENCODERS,
            admin_channel=channel.id,
        )
        super().__init__(slack, made.answerer, made.settings)

    def wait(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something holds; a reindex takes a while on a busy machine."""
        self.slack.wait_for(condition, what, REINDEX_S)

    def opened(self) -> Answerer:
        """Open the index as a new process does."""
        folders = IndexFolders(
            self.folder / "knowledge", self.folder / "index", ENCODERS, DEFAULT_MODEL
        )
        return Answerer.open(LiveIndex(folders))

    def direct(self, person: Actor, found: Callable[[Message], object], what: str) -> Message:
        """Return the bot's last direct message of a kind to somebody, once it is there."""

        def matching() -> list[Message]:
            return [one for one in self.direct_replies(person, 0) if found(one)]

        self.wait(matching, what)
        return matching()[-1]

    def told(self, person: Actor, text: str) -> Message:
        """Return the bot's direct message with these words, once it is there."""
        return self.direct(person, lambda one: text in one.text or text in text_of(one), text)

    def preview(self, person: Actor) -> Message:
        """Return the preview that somebody sees, once it is there."""
        return self.direct(person, lambda one: "Add" in buttons_of(one), "a preview")

    def add(self, person: Actor, *files: tuple[str, bytes]) -> Message:
        """Drop files and press *Add* on the last; return the message when it is answered from."""
        person.writes("", files=files)
        preview = self.preview(person)
        person.clicks(preview, "upload_add")
        return self.told(person, ANSWERS)

    def articles(self) -> set[str]:
        """Return the files of the knowledge folder."""
        root = self.folder / "knowledge"
        return {one.relative_to(root).as_posix() for one in root.rglob("*") if one.is_file()}

    def answer(self, person: Actor, question: str) -> str:
        """Return the answer to a question asked by direct message."""
        before = len(self.direct_replies(person, 0))
        person.writes(question)
        return self.direct_replies(person, before + 1)[-1].text


@pytest.fixture
def library(slack: LocalSlack, small_library: Path, tmp_path: Path) -> Iterator[Library]:
    """Give a bot with a knowledge folder of its own."""
    for part in ("knowledge", "index"):
        shutil.copytree(small_library / part, tmp_path / part)
    running = Library(slack, tmp_path)
    running.start()
    yield running
    running.stop()


def acts(library: Library) -> list[tuple[str, dict[str, object]]]:
    """Return what the audit table holds."""
    with sqlite3.connect(library.folder / "state.db") as database:
        rows = database.execute("SELECT act, detail FROM audit ORDER BY id").fetchall()
    database.close()
    return [(act, json.loads(detail)) for act, detail in rows]


def test_a_file_of_an_admin_is_shown_then_added_then_answered_from(library):
    assert THURSDAY not in library.answer(library.gus, QUESTION)
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    shown = text_of(preview)
    assert "Product guilds" in shown
    assert "2 passages" in shown
    assert QUESTION in shown
    assert THURSDAY in shown
    assert buttons_of(preview) == ["Add", "Discard"]
    assert library.articles() == set(ARTICLES)  # nothing is stored before somebody says so
    library.ada.clicks(preview, "upload_add")
    done = library.told(library.ada, ANSWERS)
    assert done.ts == preview.ts
    assert buttons_of(done) == []
    assert THURSDAY in library.answer(library.gus, QUESTION)
    (path,) = library.articles() - set(ARTICLES)
    assert ("added an article", {"article": path}) in acts(library)
    told = [one.text for one in library.posted("#careers", 1)]
    assert "An admin added an article." in told


def test_the_folder_is_chosen_in_the_preview(library):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    library.ada.clicks(preview, "upload_topic", selected="hiring")
    library.ada.clicks(preview, "upload_add")
    library.told(library.ada, ANSWERS)
    assert "hiring/product-guilds.md" in library.articles()


def test_a_discarded_file_is_not_added(library):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    library.ada.clicks(preview, "upload_discard")
    assert buttons_of(library.told(library.ada, DISCARDED)) == []
    assert library.articles() == set(ARTICLES)


def test_pressed_twice_it_is_added_once(library):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    for _ in range(3):
        library.ada.clicks(preview, "upload_add")
    library.told(library.ada, ANSWERS)
    library.settle()
    assert len(library.articles()) == len(ARTICLES) + 1
    assert [act for act, _ in acts(library)].count("added an article") == 1


def test_a_preview_outlives_a_restart(library):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    library.settle()
    library.restart()
    library.ada.clicks(preview, "upload_add")
    library.told(library.ada, ANSWERS)
    assert len(library.articles()) == len(ARTICLES) + 1


def test_a_new_disk_gets_the_article_back_and_it_is_answered_from(library, small_library):
    library.add(library.ada, FILE)
    library.stop()
    for part in ("knowledge", "index"):
        shutil.rmtree(library.folder / part)
        shutil.copytree(small_library / part, library.folder / part)
    library.answerer = library.opened()
    library.start()
    assert len(library.articles()) == len(ARTICLES) + 1
    library.wait(lambda: THURSDAY in library.answer(library.gus, QUESTION), "the article's answer")


def test_a_file_of_anybody_else_is_politely_refused(library):
    library.ann.writes("", files=[FILE])
    library.told(library.ann, NOT_YOURS.format(refusal=ADMINS_ONLY))
    library.settle()
    assert len(library.direct_replies(library.ann)) == 1
    assert library.called("files.info") == []


def test_a_question_beside_a_file_is_answered_whoever_asks_it(library):
    library.ann.writes(VP + "?", files=[FILE])
    library.told(library.ann, NOT_YOURS.format(refusal=ADMINS_ONLY))
    library.told(library.ann, "VP of product")
    library.ada.writes(VP + "?", files=[FILE])
    library.told(library.ada, "VP of product")
    assert library.preview(library.ada)


def test_a_comment_beside_a_file_is_no_question(library):
    library.ada.writes("here is the article on guilds", files=[FILE])
    library.preview(library.ada)
    library.settle()
    assert len(library.direct_replies(library.ada)) == 1


def test_a_picture_beside_a_question_is_just_a_question(library):
    library.ann.writes(VP, files=[("ladder.png", b"\x89PNG...")])
    (answer,) = library.direct_replies(library.ann)
    assert answer.text.startswith("A VP of product")


def test_in_a_thread_the_preview_stands_in_the_thread(library):
    root = library.ada.writes("hello")
    library.direct_replies(library.ada)
    library.ada.writes("", thread=root, files=[FILE])
    assert library.preview(library.ada).thread_ts == root.ts


def test_several_files_are_shown_one_by_one(library):
    library.ada.writes("", files=[FILE, ("bad.md.exe", b"MZ"), ("Lunch.txt", b"Lunch is soup.")])
    library.told(library.ada, "ends in .exe, a program; wanted .md")
    library.wait(
        lambda: sum("Add" in buttons_of(one) for one in library.direct_replies(library.ada)) == 2,
        "two previews",
    )


def test_a_message_of_a_channel_is_added_by_the_shortcut(library):
    posted = library.gus.says("#careers", "Look at this", files=[FILE])
    library.ada.uses_shortcut(ADD_TO_KNOWLEDGE, posted)
    (told,) = library.whispers(library.ada, "#careers")
    assert told.text == SHOWN_DIRECTLY
    library.ada.clicks(library.preview(library.ada), "upload_add")
    library.told(library.ada, ANSWERS)
    assert len(library.articles()) == len(ARTICLES) + 1


def test_the_shortcut_is_for_admins_and_for_messages_with_files(library):
    posted = library.gus.says("#careers", "Look at this", files=[FILE])
    library.ann.uses_shortcut(ADD_TO_KNOWLEDGE, posted)
    (refused,) = library.whispers(library.ann, "#careers")
    assert "Only admins" in refused.text
    bare = library.gus.says("#careers", "Look at that")
    library.ada.uses_shortcut(ADD_TO_KNOWLEDGE, bare)
    (told,) = library.whispers(library.ada, "#careers")
    assert told.text == NO_FILE


def test_a_file_where_the_bot_is_not_is_asked_for_in_its_direct_messages(library):
    posted = library.ada.says("#elsewhere", "Look", files=[FILE])
    library.ada.uses_shortcut(ADD_TO_KNOWLEDGE, posted)
    library.told(library.ada, "Drop it into our direct messages")


HOSTILE = [
    ("notes.md.exe", GUILDS, "ends in .exe, a program; wanted .md, .txt, .html, .pdf or .docx"),
    ("../x.md", GUILDS, "leads out of its folder by “..”; wanted a plain file name"),
    ("/etc/cron.d/x.md", GUILDS, "is a path; wanted a plain file name"),
    ("x\u202edm.exe.md", GUILDS, "cannot be seen (U+202E)"),
    ("setup.exe.md", GUILDS, "two endings, .exe and .md"),
    ("login.html", hostile.LOGIN, "is a page to sign in on"),
    ("login.md", hostile.LOGIN, "is a page of HTML inside"),
    ("scan.pdf", make_pdf([]), "scanned PDF: no page holds text"),
    ("broken.pdf", b"%PDF-1.7\n...", "broken PDF"),
    ("big.md", b"x" * (11 * hostile.MEGABYTE), "11.0 MB; at most 10 MB"),
    ("empty.md", b"", "is empty"),
    ("nul.md", b"A guild\0meets.", "holds NUL bytes"),
    ("zip.md", hostile.word(), "is a zip archive or office document inside, not .md"),
    ("program.docx", b"MZ\x90\0", "is a Windows program inside"),
    ("entry.docx", hostile.word({"word/document.xml": b" " * 50_000_000}), "a zip bomb"),
    ("lying.docx", hostile.lying_bomb(), "no sound Word file"),
    ("overlap.docx", hostile.overlapping(), "a zip bomb"),
    ("nested.docx", hostile.word({"word/a.zip": hostile.nested_bomb()}), "another archive"),
    ("macros.docx", hostile.word({"word/vbaProject.bin": b"x"}), "holds macros"),
    ("deep.html", b"<div>" * 100_000 + b"A guild meets.", "no text in it"),
    ("yaml.md", b"---\na: " + b"[" * 60_000 + b"\n---\nx", "nested more than 50 deep"),
    ("endless.md", b"---\n" + b"a: 1\n" * 100_000 + b"---\nx", "more than 65,536"),
]


def test_hostile_files_are_refused_in_a_line_each_and_the_bot_goes_on(library):
    for name, content, reason in HOSTILE:
        library.ada.writes("", files=[(name, content)])
        told = library.told(library.ada, reason)
        assert told.text.startswith("Not added. "), name
        assert "\n" not in told.text
    assert library.articles() == set(ARTICLES)
    assert not (library.folder / "x.md").exists()
    library.settle()
    assert library.answer(library.gus, VP).startswith("A VP of product")
    assert acts(library) == []


def test_marks_in_a_name_format_and_mention_nothing(library):
    library.ada.writes("", files=[("<!channel> *x* <@U0ANN>.exe", b"MZ")])
    told = library.told(library.ada, "ends in .exe")
    assert "<!channel>" not in text_of(told)
    assert "<@U0ANN>" not in text_of(told)
    assert library.pings == []


def test_an_article_that_is_there_already_is_refused(library):
    content = (KNOWLEDGE / ARTICLES[0]).read_bytes()
    library.ada.writes("", files=[("copy.md", content)])
    library.told(library.ada, f"holds this very text already: {ARTICLES[0]}")
    library.add(library.ada, FILE)
    library.ada.writes("", files=[("again.md", GUILDS)])
    library.told(library.ada, "That file is an article already")


def test_a_new_version_replaces_the_old_one(library):
    library.add(library.ada, FILE)
    (path,) = library.articles() - set(ARTICLES)
    newer = GUILDS.replace(b"second Thursday", b"third Friday")
    library.ada.writes("", files=[("Product Guilds.md", newer)])
    preview = library.preview(library.ada)
    assert buttons_of(preview) == ["Add", f"Replace {path}", "Discard"]
    library.ada.clicks(preview, "upload_replace")
    library.wait(
        lambda: "every third Friday" in library.answer(library.gus, QUESTION), "the newer answer"
    )
    assert library.articles() == {*ARTICLES, path}
    assert ("replaced an article", {"article": path, "replaced": path}) in acts(library)


def test_an_article_of_the_same_name_gets_a_number(library):
    library.ada.writes("", files=[("head-of-product.md", b"# Heads\n\nA head leads people.\n")])
    preview = library.preview(library.ada)
    library.ada.clicks(preview, "upload_topic", selected="roles")
    library.ada.clicks(preview, "upload_add")
    library.told(library.ada, ANSWERS)
    assert "roles/head-of-product-2.md" in library.articles()
    assert (library.folder / "knowledge" / ARTICLES[0]).read_bytes() == (
        KNOWLEDGE / ARTICLES[0]
    ).read_bytes()


def test_a_file_that_changed_since_its_preview_is_not_added(library, slack):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    workspace = slack.workspace()
    (file,) = workspace.files.values()
    other = GUILDS.replace(b"Thursday", b"Saturday")
    workspace.files[file.id] = replace(file, content=other)
    library.ada.clicks(preview, "upload_add")
    library.told(library.ada, CHANGED)
    assert library.articles() == set(ARTICLES)


def test_who_is_no_admin_any_more_cannot_press_the_buttons(library, slack):
    library.ada.writes("", files=[FILE])
    preview = library.preview(library.ada)
    workspace = slack.workspace()
    workspace.people[library.ada.id] = replace(workspace.people[library.ada.id], is_admin=False)
    library.settle()
    library.restart()  # who is an admin is remembered for minutes
    library.ada.clicks(preview, "upload_add")
    library.told(library.ada, "Only admins")
    assert library.articles() == set(ARTICLES)


def test_an_article_is_taken_away_by_its_name_and_brought_back(library):
    library.add(library.ada, FILE)
    (path,) = library.articles() - set(ARTICLES)
    library.ada.commands("/pmrole", "forget product guilds", channel="#careers")
    offered = library.whispers(library.ada, "#careers")[-1]
    assert path in text_of(offered)
    library.ada.clicks(offered, "forget:0")
    library.wait(lambda: path not in library.articles(), "the article to go")
    library.wait(lambda: THURSDAY not in library.answer(library.gus, QUESTION), "no answer")
    assert ("took an article away", {"article": path}) in acts(library)
    gone = library.whispers(library.ada, "#careers")[-1]
    assert buttons_of(gone) == ["Bring it back"]
    library.ada.clicks(gone, "bring_back")
    library.wait(lambda: THURSDAY in library.answer(library.gus, QUESTION), "the answer again")
    assert path in library.articles()


def test_words_that_name_no_article_take_nothing_away(library):
    library.ada.commands("/pmrole", "forget kubernetes", channel="#careers")
    assert library.whispers(library.ada, "#careers")[-1].text == UNKNOWN
    library.ann.commands("/pmrole", "forget head of product", channel="#careers")
    assert "Only admins" in library.whispers(library.ann, "#careers")[-1].text
    assert library.articles() == set(ARTICLES)


def test_a_word_file_is_added_too(library):
    made = make_docx(
        ("Title", "Product guilds"),
        ("Heading 1", QUESTION),
        ("Normal", f"{THURSDAY} for ninety minutes."),
    )
    library.add(library.ada, ("guilds.docx", made))
    assert THURSDAY in library.answer(library.gus, QUESTION)


def test_without_the_scope_for_files_the_admin_is_told_what_is_missing(small_library, tmp_path):
    scopes = [one for one in MANIFEST["oauth_config"]["scopes"]["bot"] if one != "files:read"]
    manifest = MANIFEST | {"oauth_config": {"scopes": {"bot": scopes}}}
    for part in ("knowledge", "index"):
        shutil.copytree(small_library / part, tmp_path / part)
    with LocalSlack(manifest=manifest) as slack:
        library = Library(slack, tmp_path)
        library.start()
        try:
            library.ada.writes("", files=[FILE])
            library.told(library.ada, "lacks the scope files:read")
        finally:
            library.stop()
