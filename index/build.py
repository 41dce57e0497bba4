"""Articles into a new generation, embedding again only what changed."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from index.articles import Library, Problem, read_articles
from index.chunking import MAX_TOKENS, Chunk, chunk_document
from index.documents import Document, LeftOut
from index.duplicates import group_near_duplicates
from index.embedding import Embedder
from index.embedding_chunks import embed_chunks
from index.errors import ArticleError, DamagedIndexError, IndexMismatchError, NoIndexError
from index.generation import Generation, Generations
from index.generation_folder import open_folder
from index.generation_store import new_name
from index.manifest import FORMAT, Manifest, list_files
from index.passage_file import write_passages
from index.posting_files import write_words
from index.questions import write_questions

# Two steps of a build, as `progress` is told of them.
READING, EMBEDDING = "reading articles", "embedding"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build.

    Attributes:
        chunk_tokens: The most word pieces in a chunk of several sentences.
        keep_boilerplate: Index adverts, biographies and reference lists too.
        wait_s: How long to wait for another build of the same index to end.
        reuse: Take vectors of unchanged texts from the generation before.
        publish: Publish it; otherwise it is kept beside the others as a candidate.
    """

    chunk_tokens: int = MAX_TOKENS
    keep_boilerplate: bool = False
    wait_s: float = 0.0
    reuse: bool = True
    publish: bool = True


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: The name of the generation it made.
        added: Articles that the generation before did not hold, by path.
        changed: Articles whose text or title differs from it.
        removed: Articles that only it held.
        problems: Articles that were refused or doubtful, with reasons.
        left_out: What of each article is not indexed, and why.
        articles: Articles indexed.
        chunks: Chunks indexed.
        sentences: Sentences indexed.
        embedded: Texts that had to be embedded; the others' vectors were taken over.
        seconds: Wall time by step.
        stamp: Of the folder as it was read, as `knowledge_stamp` gives it.
    """

    generation: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    left_out: dict[str, tuple[tuple[str, LeftOut], ...]]
    articles: int
    chunks: int
    sentences: int
    embedded: int
    seconds: dict[str, float] = field(default_factory=dict)
    stamp: str = ""


def build_index(
    knowledge: Path,
    store: Generations,
    open_embedder: Callable[[], tuple[str, Embedder]],
    *,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    before: Generation | None = None,
) -> BuildReport:
    """Build a generation from a folder of articles, and publish it unless the options say no.

    Args:
        knowledge: The folder.
        store: Where generations are kept.
        open_embedder: Gives the model's name and its embedder; called once articles were found,
            because compiling a model takes half a minute.
        options: How to build.
        progress: Told (step, done, in all) as the work goes on.
        before: What to compare with and to take vectors from, if not what the store publishes; it
            stays open.

    Raises:
        ArticleError: if the folder is missing or holds no readable article; nothing is published.
        BuildInProgressError: if another process builds the same index.
        ModelError: if the model cannot be loaded.
    """
    chosen = options or BuildOptions()
    tell = progress or (lambda _step, _done, _total: None)
    with store.building(wait_s=chosen.wait_s) as work:
        build = _Build(knowledge, store, work, chosen, tell)
        with contextlib.ExitStack() as stack:
            return build.run(open_embedder, before or _published(store, stack))


class _Build:
    """One build under way: what its steps share."""

    def __init__(
        self,
        knowledge: Path,
        store: Generations,
        work: Path,
        options: BuildOptions,
        tell: Progress,
    ) -> None:
        self._knowledge, self._store, self._work = knowledge, store, work
        self._options, self._tell = options, tell
        self._seconds: dict[str, float] = {}
        self._last = time.perf_counter()
        self._embedded = 0
        # Taken before the articles are read: a change made meanwhile shows as a change.
        self._stamp = knowledge_stamp(knowledge, options)

    def run(
        self, open_embedder: Callable[[], tuple[str, Embedder]], before: Generation | None
    ) -> BuildReport:
        library = self._read()
        model, embedder = open_embedder()
        self._lap("encoder")
        chunks = self._chunk(library.documents, embedder)
        self._write_search_files(library, chunks)
        self._embed(chunks, embedder, before)
        manifest = Manifest(
            format=FORMAT,
            name=new_name(self._store.taken_names()),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            model=model,
            encoder=embedder.fingerprint,
            dimension=embedder.dimension,
            chunk_tokens=self._options.chunk_tokens,
            knowledge=str(self._knowledge.resolve()),
            stamp=self._stamp,
            articles=len(library.documents),
            chunks=len(chunks),
            sentences=sum(len(chunk.sentences) for chunk in chunks),
            files=list_files(self._work),
            problems=tuple((one.path, one.reason, one.indexed) for one in library.problems),
        )
        report = self._report(library, manifest, before)
        self._finish(manifest)
        return report

    def _read(self) -> Library:
        library = read_articles(
            self._knowledge,
            keep_boilerplate=self._options.keep_boilerplate,
            progress=lambda done, total: self._tell(READING, done, total),
        )
        if not library.documents:
            refused = "".join(f"\n  {one.path}: {one.reason}" for one in library.problems)
            raise ArticleError(
                f"no readable article in {self._knowledge}: put .md, .txt, .html, .pdf or .docx "
                f"files there{refused}"
            )
        self._lap("reading")
        return library

    def _chunk(self, documents: Sequence[Document], embedder: Embedder) -> list[Chunk]:
        chunks: list[Chunk] = []
        for done, document in enumerate(documents, 1):
            chunks += chunk_document(
                document, embedder.count_tokens, max_tokens=self._options.chunk_tokens
            )
            self._tell("cutting into passages", done, len(documents))
        if not chunks:
            raise ArticleError(f"the articles in {self._knowledge} hold no sentence to index")
        self._lap("chunking")
        return chunks

    def _write_search_files(self, library: Library, chunks: Sequence[Chunk]) -> None:
        same_as = group_near_duplicates([chunk.text for chunk in chunks])
        write_passages(self._work / "passages.db", library.documents, chunks, same_as.tolist())
        write_questions(self._work, library.documents)
        starts = np.cumsum([0, *(len(chunk.sentences) for chunk in chunks)])
        np.save(self._work / "sentence_starts.npy", starts.astype(np.int64), allow_pickle=False)
        texts = (chunk.embedded_text for chunk in chunks)
        write_words(self._work / "lexical", texts)
        self._lap("lexical")

    def _embed(
        self, chunks: Sequence[Chunk], embedder: Embedder, before: Generation | None
    ) -> None:
        usable = before is not None and before.manifest.encoder == embedder.fingerprint
        old = before if usable and self._options.reuse else None
        tell = partial(self._tell, EMBEDDING)
        self._embedded = embed_chunks(chunks, embedder, self._work, old, tell)
        self._lap("embedding")

    def _report(
        self, library: Library, manifest: Manifest, before: Generation | None
    ) -> BuildReport:
        old = {one.path: one.title for one in before.passages.articles()} if before else {}
        new = {one.path: one for one in library.documents}
        changed = [
            path
            for path in sorted(new.keys() & old.keys())
            if before is not None
            and (new[path].title, new[path].text) != (old[path], before.passages.text_of(path))
        ]
        return BuildReport(
            generation=manifest.name,
            added=tuple(sorted(new.keys() - old.keys())),
            changed=tuple(changed),
            removed=tuple(sorted(old.keys() - new.keys())),
            problems=library.problems,
            left_out={
                one.path: tuple(
                    (one.text[out.span.start : out.span.end], out) for out in one.left_out
                )
                for one in library.documents
                if one.left_out
            },
            articles=manifest.articles,
            chunks=manifest.chunks,
            sentences=manifest.sentences,
            embedded=self._embedded,
            seconds=self._seconds,
            stamp=self._stamp,
        )

    def _finish(self, manifest: Manifest) -> None:
        manifest.write(self._work)
        # Opened as a reader would, before anyone answers from it.
        open_folder(self._work).passages.close()
        if self._options.publish:
            self._store.publish(self._work, manifest.name)
            self._store.prune()
        else:
            self._store.keep_candidate(self._work, manifest.name)
        self._lap("publishing")

    def _lap(self, step: str) -> None:
        now = time.perf_counter()
        self._seconds[step] = round(now - self._last, 3)
        self._last = now


def _published(store: Generations, stack: contextlib.ExitStack) -> Generation | None:
    """Open the published generation until the stack ends; None if there is none to be opened."""
    try:
        generation = store.open()
    except (NoIndexError, DamagedIndexError, IndexMismatchError):
        return None  # nothing to take vectors from, or to compare with
    stack.callback(generation.passages.close)
    return generation


def knowledge_stamp(knowledge: Path, options: BuildOptions) -> str:
    """Return a hash of every file's path, size and time, and of the options that shape a build.

    An equal stamp means that a build would give the generation that is there already.
    """
    digest = hashlib.sha256(f"{options.chunk_tokens} {options.keep_boilerplate}".encode())
    for path in sorted(knowledge.rglob("*")):
        try:
            status = path.stat()
        except OSError:
            continue  # a broken link; reading the articles reports it
        if path.is_file():
            name = path.relative_to(knowledge).as_posix()
            digest.update(f"\n{name} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
