"""Which article of the library a new one repeats, or is meant to replace."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.uploads.refusing import RefusedError
from index.documents import Document
from index.generation import Generation
from index.sentences import sentence_spans

# Of its sentences; fewer in common are quotations.
_SHARED = 0.5
# A sentence this short ("See below.") may stand anywhere.
_TELLING = 30


@dataclass(frozen=True, slots=True)
class Twin:
    """An article that a new one may be meant to replace.

    Attributes:
        path: Its path.
        title: Its title.
        why: What they have in common, as the end of "it has ".
    """

    path: str
    title: str
    why: str


def find_twin(new: Document, slug: str, library: Generation, near: Sequence[str]) -> Twin | None:
    """Return the article that a new one may be meant to replace; None for one of its own.

    Args:
        new: The new article.
        slug: What it is to be called.
        library: The generation that answers.
        near: Paths of the library's articles that are nearest in meaning.

    Raises:
        RefusedError: The library holds the very same text.
    """
    articles = {one.path: one.title for one in library.passages.articles()}
    same = _bare(new.text)
    for other, named in articles.items():
        if _bare(library.passages.text_of(other)) == same:
            raise RefusedError(f"The library holds this very text already: {other} (“{named}”).")
    for other, named in articles.items():
        if named.casefold() == new.title.casefold():
            return Twin(other, named, "the same title")
    for other, named in articles.items():
        if PurePosixPath(other).name.split(".", 1)[0] == slug:
            return Twin(other, named, "the same file name")
    shared = {other: _shared(new, library.passages.text_of(other)) for other in near}
    nearest = max(shared, key=lambda other: shared[other], default="")
    if nearest and shared[nearest] >= _SHARED:
        return Twin(nearest, articles[nearest], f"{shared[nearest]:.0%} of its sentences in common")
    return None


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _shared(new: Document, other: str) -> float:
    """Return which share of a new article's sentences stands in another text."""
    sentences = [new.text[one.start : one.end] for one in sentence_spans(new.text)]
    told = [one for one in sentences if len(one) >= _TELLING]
    return sum(one in other for one in told) / len(told) if told else 0.0
