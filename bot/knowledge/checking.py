"""Every check of a knowledge folder, run and put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answering.titles import Vocabulary, VocabularyError, load_vocabulary
from bot.knowledge import metadata, prose
from bot.knowledge.answers import AnswerShares, Ask, ask_questions, check_answers, shares
from bot.knowledge.findings import ArticleFigures, Finding, in_order
from bot.knowledge.reading import Article, read_folder
from bot.knowledge.rules import Rules, read_rules
from index.articles import Problem

_TITLES = "titles.toml"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a knowledge folder.

    Attributes:
        findings: By path and line.
        figures: By article.
        answers: None if the questions were not asked.
    """

    findings: tuple[Finding, ...]
    figures: tuple[ArticleFigures, ...]
    answers: AnswerShares | None = None

    def count(self, severity: str) -> int:
        """Return how many findings are errors, or warnings."""
        return sum(one.severity == severity for one in self.findings)


def check_folder(folder: Path, ask: Ask | None = None) -> Report:
    """Check a knowledge folder against its library.toml.

    Args:
        folder: The knowledge folder.
        ask: What answers the questions of the articles; without it they are not asked.

    Raises:
        ArticleError: There is no such folder.
    """
    rules, findings = read_rules(folder)
    vocabulary, more = _vocabulary(folder)
    articles, problems = read_folder(folder)
    asked = ask_questions(articles, ask) if ask else ()
    return Report(
        findings=in_order(
            [
                *findings,
                *more,
                *_of_indexing(problems),
                *_of_each(articles, rules, vocabulary),
                *metadata.check_slugs(articles),
                *metadata.check_facts(articles, rules),
                *prose.check_repetition(articles),
                *check_answers(asked),
            ]
        ),
        figures=tuple(prose.figures(one, vocabulary) for one in articles if one.document),
        answers=shares(asked) if ask else None,
    )


def _of_each(
    articles: Sequence[Article], rules: Rules, vocabulary: Vocabulary
) -> Iterator[Finding]:
    for article in articles:
        yield from metadata.check_front_matter(article, rules)
        yield from metadata.check_roles(article, vocabulary)
        yield from metadata.check_sources(article, rules)
        yield from metadata.check_source_list(article, rules)
        yield from prose.check_words(article, rules)
        yield from prose.check_subjects(article)


def _vocabulary(folder: Path) -> tuple[Vocabulary, tuple[Finding, ...]]:
    try:
        return load_vocabulary(folder / _TITLES), ()
    except VocabularyError as error:
        return Vocabulary.empty(), (Finding(_TITLES, str(error)),)


def _of_indexing(problems: Sequence[Problem]) -> Iterator[Finding]:
    """Give what indexing finds; of front matter there is more to say than it says."""
    for problem in problems:
        if not problem.indexed:
            yield Finding(problem.path, f"cannot be indexed: {problem.reason}")
        elif not problem.reason.startswith("its front matter"):
            yield Finding(problem.path, problem.reason, "warning")
