"""The articles of a folder, read the way an author sees them: with their lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path, PurePosixPath

import yaml

from index.article_files import ArticleFile, find_articles, read_bytes
from index.articles import Problem, read_articles
from index.cleaning import clean_text
from index.documents import Block, Document, Span
from index.errors import ArticleError
from index.sentences import sentence_spans

# Where a value of the front matter stands: ("sources", 2, "date").
Key = tuple[str | int, ...]

# Formats without front matter: their authors cannot say what the check would ask for.
_BARE = ("pdf", "docx")
_LISTS = ("sources", "related articles")
_PROSE = ("paragraph", "item", "quote")
_FENCE = "---"
# A field of a source of the list: nothing deeper is looked at, and YAML may hold itself.
_DEEPEST = 3
# Enough words of a sentence to find it in its file.
_SOUGHT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article and its line; None where it cannot be told."""

    path: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its author wrote it.

    Attributes:
        path: Relative to the knowledge folder.
        name: The file's name made readable, which is the title where nothing else is.
        front: Its front matter; None if it can have none or it cannot be read.
        problem: Why the front matter cannot be read.
        problem_line: Where that is.
        lines: The line of each key and list item of the front matter.
        body: The lines below the front matter, numbered.
        document: As it is indexed; None if it is refused.
        sentences: Without headings, tables, listings, and the lists of sources and relations.
        words: Counted in the same parts, and in headings and tables.
    """

    path: str
    name: str = ""
    front: Mapping[str, object] | None = None
    problem: str | None = None
    problem_line: int | None = None
    lines: Mapping[Key, int] = field(default_factory=dict)
    body: tuple[tuple[int, str], ...] = ()
    document: Document | None = None
    sentences: tuple[Sentence, ...] = ()
    words: int = 0

    @property
    def stem(self) -> str:
        """The file's name without its suffix: what its slug must be."""
        name = PurePosixPath(self.path)
        return PurePosixPath(name.stem).stem if name.name.endswith(".md.txt") else name.stem

    @property
    def title(self) -> str:
        """The title, or the path of an article without one."""
        return self.document.title if self.document else self.path

    @property
    def is_titled(self) -> bool:
        """Whether its author gave it a title; its file's name is none."""
        if (self.front or {}).get("title") or self.document is None or self.title != self.name:
            return True
        return any(block.heading[-1:] == (self.title,) for block in self.document.blocks)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts of the front matter; what is no text is passed over."""
        value = (self.front or {}).get(key)
        listed = value if isinstance(value, list) else []
        return tuple(one for one in listed if isinstance(one, str) and one.strip())

    def sources(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """Give the sources that are written out in fields, by their place in the list."""
        value = (self.front or {}).get("sources")
        for place, one in enumerate(value if isinstance(value, list) else []):
            if isinstance(one, dict):
                yield place, one

    def section(self, name: str) -> tuple[tuple[int, str], ...] | None:
        """Return the numbered lines below a Markdown heading, None if there is no such heading."""
        wanted = re.compile(rf"#+\s+{re.escape(name)}\s*#*\s*", re.IGNORECASE)
        starts = [at for at, (_, line) in enumerate(self.body) if wanted.fullmatch(line)]
        if not starts:
            return None
        rest = self.body[starts[0] + 1 :]
        end = next((at for at, (_, line) in enumerate(rest) if line.startswith("#")), len(rest))
        return rest[:end]


def read_folder(folder: Path) -> tuple[tuple[Article, ...], tuple[Problem, ...]]:
    """Read every article below ``folder``, and what indexing would say of them.

    Raises:
        ArticleError: There is no such folder.
    """
    library = read_articles(folder)
    documents = {document.path: document for document in library.documents}
    articles = [_article(file, documents.get(file.path)) for file in find_articles(folder)]
    return tuple(articles), library.problems


def _article(file: ArticleFile, document: Document | None) -> Article:
    text = _text_of(file)
    head, lines = _divided(text)
    front, problem, problem_line = _front_matter(file, head)
    return Article(
        path=file.path,
        name=file.name,
        front=front,
        problem=problem,
        problem_line=problem_line,
        lines=_lines_of(head) if front else {},
        body=lines,
        document=document,
        sentences=tuple(_sentences(document, lines)) if document else (),
        words=_count_words(document) if document else 0,
    )


def _text_of(file: ArticleFile) -> str:
    if file.format in ("", *_BARE):
        return ""
    try:
        decoded = import_module("index.formats.decoding").decode(read_bytes(file))
    except ArticleError:
        return ""  # refused, which indexing reports
    return clean_text(str(decoded.text))


def _divided(text: str) -> tuple[str | None, tuple[tuple[int, str], ...]]:
    """Return the front matter, None if there is none, and the numbered lines below it."""
    lines = list(enumerate(text.split("\n"), 1))
    if not lines or lines[0][1].strip() != _FENCE:
        return None, tuple(lines)
    for at, (_, line) in enumerate(lines[1:], 1):
        if line.strip() == _FENCE:
            return "\n".join(line for _, line in lines[1:at]), tuple(lines[at + 1 :])
    return None, tuple(lines)


def _front_matter(
    file: ArticleFile, head: str | None
) -> tuple[Mapping[str, object] | None, str | None, int | None]:
    if file.format in ("", *_BARE):
        return None, None, None
    if head is None:
        return {}, None, None
    try:
        written = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error)
        line = mark.line + 2 if mark else None
        return None, f"the front matter cannot be read: {reason}", line
    if not isinstance(written, dict):
        return None, "the front matter is not a list of `field: value`", 2
    return {str(key): value for key, value in written.items()}, None, None


def _lines_of(head: str | None) -> dict[Key, int]:
    root = yaml.compose(head or "", Loader=yaml.SafeLoader)
    return dict(_walk(root, ())) if root is not None else {}


def _walk(node: yaml.Node, above: Key) -> Iterator[tuple[Key, int]]:
    # The fence is the first line of the file, and yaml counts from 0.
    if len(above) == _DEEPEST:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*above, str(key.value))
            yield place, key.start_mark.line + 2
            yield from _walk(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield (*above, at), value.start_mark.line + 2
            yield from _walk(value, (*above, at))


def _content(document: Document) -> Iterator[Block]:
    gone = [stretch.span for stretch in document.left_out]
    for block in document.blocks:
        listed = any(name.casefold() in _LISTS for name in block.heading)
        if not listed and not any(_holds(span, block.span) for span in gone):
            yield block


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _count_words(document: Document) -> int:
    return sum(
        len(document.text[block.span.start : block.span.end].split())
        for block in _content(document)
    )


def _sentences(document: Document, lines: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    places = _Places(lines)
    for block in _content(document):
        if block.kind not in _PROSE:
            continue
        text = document.text[block.span.start : block.span.end]
        for span in sentence_spans(text):
            sentence = text[span.start : span.end]
            yield Sentence(document.path, sentence, places.line_of(sentence))


class _Places:
    """Finds the lines of sentences that are asked for in their order."""

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self._text = "\n".join(line for _, line in lines)
        self._first = lines[0][0] if lines else 1
        self._from = 0

    def line_of(self, sentence: str) -> int | None:
        """Return the line where a sentence begins, None if its words are not found together."""
        words = re.findall(r"\w+", sentence)[:_SOUGHT_WORDS]
        wanted = re.compile(r"\b" + r"[\W_]+".join(map(re.escape, words)))
        match = wanted.search(self._text, self._from) if words else None
        if match is None:
            return None
        self._from = match.start()
        return self._first + self._text.count("\n", 0, match.start())
