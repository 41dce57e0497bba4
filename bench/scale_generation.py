"""A generation of any size on disk, through the writers that a build uses.

Its embedding, cutting and near-duplicates are left out: they are measured by real builds
(`bench.scale_building`). What the making of texts and vectors takes is not counted.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.scale_library import MadeLibrary, Origins
from bench.scale_vectors import Mixer
from index.chunking import Chunk
from index.generation import Generation
from index.generation_store import GenerationStore
from index.manifest import list_files
from index.passage_file import write_passages
from index.passages import Passages
from index.posting_files import write_words
from index.questions import write_questions
from index.vectors import Keys, VectorWriter, text_keys

T = TypeVar("T")


class Steps:
    """Seconds by step, without what making the material took."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds: dict[str, float] = {}
        self._making = 0.0

    def material(self, made: Iterable[T]) -> Iterator[T]:
        """Give what is made, and count apart what making it takes."""
        every = iter(made)
        while True:
            start = time.perf_counter()
            try:
                one = next(every)
            except StopIteration:
                return
            finally:
                self._making += time.perf_counter() - start
            yield one

    def take(self, step: str, work: Callable[[], None]) -> None:
        """Do a step and note how long it took."""
        self._making = 0.0
        start = time.perf_counter()
        work()
        self.seconds[step] = round(time.perf_counter() - start - self._making, 1)


def make_generation(base: Generation, passages: int, store: GenerationStore) -> dict[str, float]:
    """Make and publish a generation of this many passages; return seconds by step.

    Args:
        base: What it is made from, really built.
        passages: How many it has.
        store: Where it is published.
    """
    steps, library = Steps(), MadeLibrary(base, passages)
    origins = library.origins()
    name = f"made-{passages}"
    keys = _Keys(origins)
    with store.building(wait_s=0) as work:
        steps.take(
            "passages",
            lambda: write_passages(
                work / "passages.db",
                steps.material(library.documents()),
                steps.material(keys.of(library.chunks())),
                range(passages),
            ),
        )
        write_questions(work, ())
        np.save(work / "sentence_starts.npy", origins.starts, allow_pickle=False)
        np.save(work / "heading_rows.npy", origins.heading_rows, allow_pickle=False)
        texts = (one.chunk.embedded_text for one in Passages(work / "passages.db").all())
        steps.take("lexical", lambda: write_words(work / "lexical", steps.material(texts)))
        _write_vectors(work, keys.by_kind(), Mixer(base, origins), steps)
        manifest = replace(
            base.manifest,
            name=name,
            stamp="",
            articles=library.articles,
            chunks=passages,
            sentences=int(origins.starts[-1]),
            problems=(),
        )
        steps.take("checksums", lambda: replace(manifest, files=list_files(work)).write(work))
        store.publish(work, name)
    return steps.seconds


def _write_vectors(work: Path, keys: dict[str, Keys], mixer: Mixer, steps: Steps) -> None:
    makers = {
        "chunks": mixer.chunks,
        "sentences": mixer.sentences,
        "headings": mixer.headings,
    }

    def write(name: str) -> None:
        searched = name != "headings"  # as in a build
        writer = VectorWriter(work, name, keys[name], mixer.dimension, searched=searched)
        for rows, vectors in steps.material(makers[name]()):
            writer.put(rows, vectors)
        writer.close()

    for name in makers:
        steps.take(f"vectors of {name}", partial(write, name))


class _Keys:
    """The keys of all texts, gathered as the passages go by."""

    def __init__(self, origins: Origins) -> None:
        self._new_heading = (np.diff(origins.heading_rows, prepend=-1) > 0).tolist()
        self._kept: dict[str, list[Keys]] = {"chunks": [], "sentences": [], "headings": []}

    def of(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        for chunk, new_heading in zip(chunks, self._new_heading, strict=True):
            self._kept["chunks"].append(text_keys([chunk.embedded_text]))
            self._kept["sentences"].append(text_keys(chunk.embedded_sentences()))
            if new_heading:
                self._kept["headings"].append(text_keys([chunk.context]))
            yield chunk

    def by_kind(self) -> dict[str, Keys]:
        return {name: np.concatenate(kept) for name, kept in self._kept.items()}
