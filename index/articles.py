"""The knowledge folder, read: every article a document, every obstacle a problem to mend."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path, PurePosixPath

from index.article_files import ArticleFile, find_articles, read_bytes
from index.assembling import assemble, without_headings_left_out
from index.boilerplate import find_left_out
from index.cleaning import clean_line, clean_text, without_template_tags
from index.documents import Document
from index.errors import ArticleError
from index.formats.parsed import Parsed
from index.front_matter import FrontMatter, split_front_matter

# Formats that are not text in a file; their modules take bytes.
_BINARY = ("pdf", "docx")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author should mend.

    Attributes:
        path: Relative to the knowledge folder, with forward slashes.
        reason: What is wrong, without the path.
        indexed: Whether the article is in the library all the same.
    """

    path: str
    reason: str
    indexed: bool


@dataclass(frozen=True, slots=True)
class Library:
    """The articles of a knowledge folder and what is wrong with them, both sorted by path."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def read_articles(
    folder: Path,
    *,
    keep_boilerplate: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Library:
    """Read every article below ``folder``; one that cannot be read is a problem, never a crash.

    Args:
        folder: The knowledge folder.
        keep_boilerplate: Leave nothing out of the index, adverts and link lists included.
        progress: Called after each article with how many are done and how many there are.

    Raises:
        ArticleError: There is no such folder.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise ArticleError(
            f"the knowledge folder {folder} {what}; wanted a folder of articles "
            "(.md, .txt, .html, .pdf, .docx)"
        )
    files = find_articles(folder)
    documents: list[Document] = []
    problems: list[Problem] = []
    known = _Known()
    for done, file in enumerate(files, start=1):
        try:
            document, notes = _read(file, keep_boilerplate=keep_boilerplate)
            document, further = known.told_apart(document)
        except ArticleError as error:
            problems.append(Problem(file.path, str(error), indexed=False))
        else:
            documents.append(document)
            problems.extend(Problem(file.path, note, indexed=True) for note in (*notes, *further))
        if progress:
            progress(done, len(files))
    return Library(tuple(documents), tuple(problems))


def _read(file: ArticleFile, *, keep_boilerplate: bool) -> tuple[Document, tuple[str, ...]]:
    front, parsed, notes = _parsed(file)
    title = front.title or _clean(parsed.title) or file.name or file.path
    text, blocks = assemble(parsed.parts, title)
    if not blocks:
        raise ArticleError("no text in it")
    keep = keep_boilerplate or front.keep
    left_out = () if keep else find_left_out(text, blocks, title)
    document = Document(
        file.path,
        title,
        text,
        without_headings_left_out(text, blocks, left_out),
        url=front.url or _clean(parsed.url),
        updated=front.updated or parsed.updated,
        author=front.author or _clean(parsed.author),
        aliases=front.aliases,
        sources=front.sources,
        left_out=left_out,
        questions=front.questions,
    )
    return document, (*notes, *front.problems, *_notes_on(document))


def _parsed(file: ArticleFile) -> tuple[FrontMatter, Parsed, tuple[str, ...]]:
    """Return an article's front matter, its content and notes on its encoding."""
    data = read_bytes(file)
    if file.format in _BINARY:
        return FrontMatter(), _parse(file.format, data), ()
    # Recognising encodings is slow to import, and few commands read articles.
    decoded = import_module("index.formats.decoding").decode(data)
    front, body = split_front_matter(clean_text(decoded.text))
    return front, _parse(file.format, body), (decoded.note,) if decoded.note else ()


def _parse(format_name: str, content: str | bytes) -> Parsed:
    module = import_module(f"index.formats.{format_name}")
    parse: Callable[[str | bytes], Parsed] = getattr(module, f"parse_{format_name}")
    try:
        return parse(content)
    except RecursionError as error:
        raise ArticleError("its parts are nested too deeply to read") from error


def _clean(text: str | None) -> str | None:
    return clean_line(without_template_tags(text)) or None if text else None


def _notes_on(document: Document) -> Iterator[str]:
    content = sum(
        block.span.end - block.span.start for block in document.blocks if block.kind != "heading"
    )
    gone = sum(stretch.span.end - stretch.span.start for stretch in document.left_out)
    if content and gone >= content:
        reasons = ", ".join(sorted({stretch.reason for stretch in document.left_out}))
        yield f"all of it is left out ({reasons}); `keep: true` in its front matter keeps it"


class _Known:
    """The documents read so far, by their texts and titles."""

    def __init__(self) -> None:
        self._path_of_text: dict[bytes, str] = {}
        self._path_of_title: dict[str, str] = {}

    def told_apart(self, document: Document) -> tuple[Document, tuple[str, ...]]:
        """Return ``document`` under a title of its own, and a note where that is not its title.

        Raises:
            ArticleError: An earlier document has the same text.
        """
        digest = hashlib.sha256(document.text.encode()).digest()
        twin = self._path_of_text.setdefault(digest, document.path)
        if twin != document.path:
            raise ArticleError(f"same text as {twin}")
        namesake = self._path_of_title.get(document.title.casefold())
        if namesake is None:
            self._path_of_title[document.title.casefold()] = document.path
            return document, ()
        title = self._free_title(document)
        self._path_of_title[title.casefold()] = document.path
        note = f"same title as {namesake}; both are indexed"
        return replace(document, title=title), (note,)

    def _free_title(self, document: Document) -> str:
        path = PurePosixPath(document.path)
        for place in (path.parent.name, path.stem):
            title = f"{document.title} ({place})"
            if place and title.casefold() not in self._path_of_title:
                return title
        return f"{document.title} ({path})"
