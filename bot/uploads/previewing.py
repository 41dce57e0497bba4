"""What a new article would be: its passages, and questions that it would answer.

The file is read, cut and embedded as a build does it, by the encoder that answers, together with
the articles that are nearest to it; the small index that comes of it is asked, and thrown away.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.answering.answerer import Answerer
from bot.domain import Answer, Citation, Comparison, Exchange
from bot.uploads.contents import check_content, is_sign_in
from bot.uploads.likeness import Twin, find_twin
from bot.uploads.naming import FileName
from bot.uploads.questions import candidates
from bot.uploads.refusing import RefusedError
from bot.uploads.trying import FirstReading, Limits, read_first
from index.articles import read_articles
from index.build import BuildOptions, build_index
from index.documents import Document
from index.errors import IndexingError
from index.generation_store import GenerationStore
from index.opening import FixedIndex

SAMPLES = 3
# Each costs a search or two.
_TRIED = 12
# Some 25 s of embedding on one core: a book of 200 pages. What is longer is no article.
MAX_WORDS = 60_000
# Of its beginning: what says where it belongs.
_ABOUT_WORDS = 60
# Passages looked at for what is near, and those of them that decide where it belongs.
_NEAR, _SEEN = 60, 10
# Articles of the library that it is indexed with, in a folder of their own.
_BESIDE, _LIBRARY = 15, "library"


@dataclass(frozen=True, slots=True)
class Sample:
    """A question that a new article answers.

    Attributes:
        question: In the words of the article's author or headings.
        quote: The first sentence that would be quoted from it.
        known: The title of the article that answers it so far; empty if none does.
    """

    question: str
    quote: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a new article would be.

    Attributes:
        title: Its title.
        words: How many words of text it has.
        passages: Into how many passages it is cut.
        samples: Up to three questions that it answers.
        notes: What its author should mend.
        topic: The folder that the nearest articles lie in; empty for the top level.
        twin: An article that it may be meant to replace.
    """

    title: str
    words: int
    passages: int
    samples: tuple[Sample, ...]
    notes: tuple[str, ...]
    topic: str
    twin: Twin | None


class Previewer:
    """Previews files. Safe between threads."""

    def __init__(
        self,
        answerer: Answerer,
        knowledge: Path,
        options: BuildOptions | None = None,
        *,
        limits: Limits | None = None,
    ) -> None:
        """Preview beside what answers now.

        Args:
            answerer: What answers.
            knowledge: The folder of its articles.
            options: How the library is built.
            limits: What reading a file may take.
        """
        self._answerer, self._knowledge = answerer, knowledge
        self._options, self._limits = options or BuildOptions(), limits

    def preview(self, name: FileName, content: bytes) -> Preview:
        """Check a file and show what it would be.

        Raises:
            RefusedError: It cannot become an article; the text says why.
        """
        check_content(name, content)
        with tempfile.TemporaryDirectory(prefix="pmrole-upload-") as made:
            folder = Path(made, "knowledge")
            folder.mkdir()
            (folder / f"{name.slug}{name.suffix}").write_bytes(content)
            first = read_first(folder, self._limits)
            _check_reading(name, content, first)
            document = self._read(folder)
            near = self._near(document)
            twin = find_twin(document, name.slug, self._answerer.generation(), near)
            self._put_beside(folder, near, twin)
            with self._small_index(folder, Path(made, "index")) as small:
                samples = tuple(self._samples(document, small))
                passages = small.retriever().generation.passages.of_article(document.path)
        return Preview(
            title=document.title,
            words=first.words,
            passages=len(passages),
            samples=samples,
            notes=first.notes,
            topic=_topic_of(near),
            twin=twin,
        )

    def _read(self, folder: Path) -> Document:
        keep = self._options.keep_boilerplate
        library = read_articles(folder, keep_boilerplate=keep)
        if not library.documents:
            raise RefusedError("The file cannot be read a second time; drop it again.")
        return library.documents[0]

    def _near(self, document: Document) -> list[str]:
        """Return the library's articles by nearness, one for each passage that is near."""
        beginning = document.text.split()[:_ABOUT_WORDS]
        about = " ".join([document.title, *beginning])
        return [hit.article for hit in self._answerer.search(about, k=_NEAR)]

    def _put_beside(self, folder: Path, near: Sequence[str], twin: Twin | None) -> None:
        """Put articles of the library beside the new one, the nearest first, but not its twin.

        Among none but its own passages an article's every word would be a common one.
        """
        others = [one.path for one in self._answerer.generation().passages.articles()]
        chosen = dict.fromkeys([*near, *others])
        chosen.pop(twin.path if twin else "", None)
        for path in list(chosen)[:_BESIDE]:
            place = folder / _LIBRARY / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # taken away since the library was built
                shutil.copyfile(self._knowledge / path, place)

    @contextmanager
    def _small_index(self, knowledge: Path, folder: Path) -> Iterator[FixedIndex]:
        live = self._answerer.generation()
        encoder, model = self._answerer.encoder, live.manifest.model
        store = GenerationStore(folder)
        folder.mkdir()
        try:
            # Vectors are taken over from what answers: only the file is embedded.
            build_index(
                knowledge, store, lambda: (model, encoder), options=self._options, before=live
            )
            generation = store.open()
        except IndexingError as error:
            raise RefusedError(f"The file cannot be indexed: {error}") from error
        small = FixedIndex(generation, encoder)
        try:
            yield small
        finally:
            small.close()
            generation.passages.close()

    def _samples(self, document: Document, small: FixedIndex) -> Iterator[Sample]:
        passages = small.retriever().generation.passages
        headings = [heading for _, heading in passages.headings_of(document.path)]
        if not headings:
            raise RefusedError("All of its text is adverts, link lists or the like.")
        beside = self._answerer.over(small)
        quoted: set[str] = set()
        for question in candidates(document.questions, document.title, headings)[:_TRIED]:
            own = [one for one in _cited(beside.ask(question)) if one.article == document.path]
            best = sorted(own, key=lambda one: _stands_under(one, question), reverse=True)[:1]
            if best and best[0].quote not in quoted:
                quoted.add(best[0].quote)
                known = [one.title for one in _cited(self._answerer.ask(question))]
                yield Sample(question, best[0].quote, known[0] if known else "")
            if len(quoted) == SAMPLES:
                return


def _cited(exchange: Exchange) -> tuple[Citation, ...]:
    """Return what a reply quotes, in its order; nothing if it is no answer."""
    reply = exchange.reply
    return reply.citations if isinstance(reply, Answer | Comparison) else ()


def _stands_under(citation: Citation, question: str) -> bool:
    """Tell whether a quotation stands under the heading that asks a question."""
    return question in candidates((), "", [citation.heading])


def _topic_of(near: Sequence[str]) -> str:
    """Return the folder that most of the nearest passages lie in; empty for the top level."""
    topics = Counter(PurePosixPath(one).parent.as_posix() for one in near[:_SEEN])
    topic = topics.most_common(1)[0][0] if topics else "."
    return "" if topic == "." else topic


def _check_reading(name: FileName, content: bytes, first: FirstReading) -> None:
    if name.suffix == ".html" and is_sign_in(content, first.words):
        raise RefusedError(
            f"{name.shown} is a page to sign in on: it has a field for a password and "
            f"{first.words} words; sign in and save the article itself."
        )
    if first.words > MAX_WORDS:
        raise RefusedError(
            f"The text has {first.words:,} words; at most {MAX_WORDS:,} make an article. Divide it."
        )
