"""A generation, wherever it lies: what is read of it to answer, and what keeps several.

Two stores keep generations: folders on this machine (`generation_store`), and Postgres
(`index.postgres`). What answers sees only what is written here.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.embedding import Matrix, Vector
from index.errors import DamagedIndexError
from index.manifest import Manifest
from index.passages import Article, LeftOutParts, Passage
from index.vectors import Keys, Rows, Scores

logger = logging.getLogger(__name__)


class Vectors(Protocol):
    """Unit vectors by row, each with the key of the text it was made from."""

    def __len__(self) -> int:
        """The number of vectors."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    def search(self, query: Vector, k: int) -> tuple[Rows, Scores]:
        """Return the `k` rows nearest to a unit vector and their cosines, best first."""
        ...

    def scores(self, query: Vector, rows: Rows) -> Scores:
        """Return the cosines of some rows with a unit vector, shape (len(rows),), float32."""
        ...

    def vectors(self, rows: Rows) -> Matrix:
        """Return some rows as float32, shape (len(rows), dimension)."""
        ...

    def rows_by_key(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 where there is none."""
        ...


class PassageReader(Protocol):
    """Documents and chunks, as `index.passages.Passages` reads them."""

    def __len__(self) -> int:
        """The number of chunks."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...

    def get(self, rows: Sequence[int]) -> list[Passage]:
        """Return the chunks of some rows, in the order asked; KeyError if one is not there."""
        ...

    def all(self) -> Iterator[Passage]:
        """Give every chunk, in order of row."""
        ...

    def of_article(self, path: str) -> list[Passage]:
        """Return an article's chunks in the order of its text; none if it is not indexed."""
        ...

    def headings_of(self, path: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return the row and the headings of an article's chunks, in the order of its text."""
        ...

    def rows_in(self, folders: Collection[str]) -> list[int]:
        """Return the rows of the chunks of articles in some folders or below them, in order."""
        ...

    def articles(self) -> list[Article]:
        """Return every indexed article, in order of path."""
        ...

    def text_of(self, path: str) -> str:
        """Return the whole text of an article; KeyError if it is not indexed."""
        ...

    def left_out(self) -> LeftOutParts:
        """Return what is kept out of the index, by article, for the articles that have such."""
        ...


class Words(Protocol):
    """BM25 over the same chunks, as `index.posted_words.PostedWords` has it."""

    def __len__(self) -> int:
        """The number of texts."""
        ...

    def terms(self, text: str) -> list[str]:
        """Return the stems of a text, in order, very common words left out."""
        ...

    def idf(self, term: str) -> float:
        """Return BM25's inverse document frequency of a stem: 0 if it is in every text."""
        ...

    def holds(self, term: str) -> bool:
        """Return whether any text has a stem."""
        ...

    def search(self, question: str, k: int) -> Rows:
        """Return the `k` best rows, best first; fewer if fewer share a word with the question."""
        ...

    def scores(self, question: str, rows: Rows) -> Scores:
        """Return the score of some rows for a question, 0 for those that share no word with it."""
        ...


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation. Immutable, so threads share it without a lock.

    Attributes:
        manifest: What it was built from and with.
        passages: Its documents and chunks.
        chunk_vectors: A vector a passage, read with its title and headings.
        sentence_vectors: A vector a sentence, read with the title.
        sentence_starts: The row of each chunk's first sentence, and last the number of sentences.
        heading_vectors: A vector for each title with a heading path.
        heading_rows: The row in `heading_vectors` of each chunk's headings.
        lexical: BM25 over its chunks.
        questions: Gives the questions that its articles say they answer, by article.
        calibration: Gives what `pmrole calibrate` kept with the index, if anything.
    """

    manifest: Manifest
    passages: PassageReader
    chunk_vectors: Vectors
    sentence_vectors: Vectors
    sentence_starts: Rows
    heading_vectors: Vectors
    heading_rows: Rows
    lexical: Words
    questions: Callable[[], dict[str, tuple[str, ...]]]
    calibration: Callable[[], str | None]

    def check_counts(self, place: str) -> None:
        """Compare what its parts hold with its manifest.

        Raises:
            DamagedIndexError: naming the place and the first part that does not agree.
        """
        manifest = self.manifest
        seen = {
            "chunks": (manifest.chunks, len(self.passages), len(self.chunk_vectors)),
            "lexical": (manifest.chunks, len(self.lexical)),
            "sentences": (manifest.sentences, len(self.sentence_vectors)),
            "sentence starts": (manifest.chunks + 1, len(self.sentence_starts)),
            "heading rows": (manifest.chunks, len(self.heading_rows)),
            "dimension": (manifest.dimension, self.chunk_vectors.dimension),
        }
        for what, counts in seen.items():
            if len(set(counts)) > 1:
                raise DamagedIndexError(f"{place}: {what} do not agree: {counts}")


class Generations(Protocol):
    """Keeps generations, of which one is published. `GenerationStore` says what each promises."""

    @property
    def place(self) -> str:
        """Where they are, in words for messages; it holds no password."""
        ...

    def current_name(self) -> str:
        """Return the published generation's name; NoIndexError if none was ever published."""
        ...

    def heard_name(self) -> str:
        """Return what `current_name` does, or did seconds ago: cheap enough for every question."""
        ...

    def follow(self) -> None:
        """Hear at once, from now on, what others publish; for processes that answer for long."""
        ...

    def close(self) -> None:
        """Let go of what is open, such as connections; opened generations may need them."""
        ...

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first; a candidate is none yet."""
        ...

    def taken_names(self) -> list[str]:
        """Return the names that a new generation must sort after, oldest first."""
        ...

    def candidate(self) -> str | None:
        """Return the name of the generation that waits to be published, if there is one."""
        ...

    def previous_name(self) -> str:
        """Return the generation before the current one; NoIndexError if there is none."""
        ...

    def manifest_of(self, name: str) -> Manifest:
        """Return the manifest of a generation, or of the candidate of that name."""
        ...

    def open(self) -> Generation:
        """Open the published generation, or the newest good one before it."""
        ...

    def open_named(self, name: str) -> Generation:
        """Open one generation."""
        ...

    def open_candidate(self, name: str) -> Generation:
        """Open a generation that waits to be published."""
        ...

    def verify(self, name: str) -> Manifest:
        """Compare what is kept of a generation with its manifest, which it returns."""
        ...

    def calibration(self) -> str | None:
        """Return what `keep_calibration` kept, if anything."""
        ...

    def keep_calibration(self, text: str) -> str:
        """Keep a calibration with the index, whatever is published; return where it is."""
        ...

    def building(self, *, wait_s: float) -> AbstractContextManager[Path]:
        """Give a new folder to build in, while nobody else builds here."""
        ...

    def publish(self, work: Path, name: str) -> None:
        """Keep what was built in a folder, and make it the current generation."""
        ...

    def keep_candidate(self, work: Path, name: str) -> None:
        """Keep what was built in a folder as the one candidate."""
        ...

    def publish_candidate(self, name: str) -> None:
        """Make a candidate the current generation; done a second time it changes nothing."""
        ...

    def discard_candidate(self, name: str) -> None:
        """Remove a candidate; one that is gone already is no error."""
        ...

    def point_at(self, name: str) -> None:
        """Make a generation that is kept the current one, in one step."""
        ...

    def prune(self) -> list[str]:
        """Remove all but the newest generations and the current one; return what was removed."""
        ...


def open_newest_good(store: Generations) -> Generation:
    """Open the published generation, or the newest good one before it if that is damaged.

    Raises:
        NoIndexError: if nothing was built.
        DamagedIndexError: if no generation is good; names the first damage found.
        IndexMismatchError: if the published one is of another format.
    """
    name = store.current_name()
    older = [one for one in reversed(store.names()) if one < name]
    damage: DamagedIndexError | None = None
    for candidate in [name, *older]:
        try:
            generation = store.open_named(candidate)
        except DamagedIndexError as error:
            damage = damage or error
        else:
            if damage is not None:
                logger.warning("%s; answering from the older one, %s", damage, candidate)
            return generation
    raise DamagedIndexError(f"{damage}; no older generation is good: run `pmrole index build`")
