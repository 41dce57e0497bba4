"""A generation built and not published, and what it would do to answers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.reindexing.comparing import AnswerDiff, compare_answers
from bot.reindexing.models import Models
from bot.reindexing.progress import ASKING
from bot.reindexing.saved import saved_questions
from index.build import BuildOptions, BuildReport, build_index
from index.embedding import Embedder
from index.generation import Generation, Generations
from index.opening import FixedIndex

Step = Callable[[str, int, int], None]


class Candidate:
    """Builds a candidate and compares it with what is published. For one reindex."""

    def __init__(self, knowledge: Path, store: Generations, models: Models, step: Step) -> None:
        """Do nothing yet.

        Args:
            knowledge: The folder of articles.
            store: The generations.
            models: The encoder, and what answers at present.
            step: Told (step, done, in all) as the work goes on.
        """
        self._knowledge, self._store, self._models, self._step = knowledge, store, models, step
        self._embedder: Embedder | None = None

    def build(self, options: BuildOptions) -> BuildReport:
        """Build it.

        Raises:
            IndexingError: as `build_index` does.
        """

        def opened() -> tuple[str, Embedder]:
            name, self._embedder = self._models.embedder()
            return name, self._embedder

        return build_index(
            self._knowledge, self._store, opened, options=options, progress=self._step
        )

    def compare(self, built: BuildReport, most_asked: Sequence[str]) -> AnswerDiff | None:
        """Ask it and the published generation; None if there is none that can be asked.

        Args:
            built: What `build` returned.
            most_asked: What people asked, the most frequent first.
        """
        published = self._models.published(self._embedder) if self._embedder else None
        if published is None or self._embedder is None:
            return None
        generation = self._store.open_candidate(built.generation)
        index = FixedIndex(generation, self._embedder)
        try:
            return self._ask_both(published, index, generation, most_asked)
        finally:
            index.close()
            published.close()
            generation.passages.close()

    def _ask_both(
        self, published: FixedIndex, index: FixedIndex, new: Generation, most_asked: Sequence[str]
    ) -> AnswerDiff:
        before = self._models.answerer(published)
        questions = saved_questions(
            most_asked,
            before.generation().questions(),
            new.questions(),
        )
        return compare_answers(
            questions,
            before.ask,
            before.over(index).ask,
            {one.path for one in new.passages.articles()},
            tell=lambda done, total: self._step(ASKING, done, total),
        )
