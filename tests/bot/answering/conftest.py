"""What answers, from the shipped library and from articles of a test's own."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from bot.answering.answerer import Answerer
from bot.answering.reading import TitleReader
from bot.answering.titles import load_vocabulary
from bot.cli.evaluating import Case, Outcome, read_cases
from index.opening import LiveIndex
from tests.builds import write_articles
from tests.library import KNOWLEDGE, ROOT, index_of

DATA = ROOT / "tests" / "data"

AnswersFrom = Callable[[dict[str, str]], Answerer]


@pytest.fixture(scope="session")
def reader() -> TitleReader:
    """Give what reads the shipped titles in sentences."""
    return TitleReader(load_vocabulary(KNOWLEDGE / "titles.toml"))


@pytest.fixture(scope="session")
def outcomes(library: LiveIndex) -> list[Outcome]:
    """Give the project's own questions, each asked of the shipped library."""
    return ask_all(read_cases(DATA / "calibration.jsonl"), library)


@pytest.fixture(scope="module")
def answers_from(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswersFrom]:
    """Give what answers from articles of a test's own, with the shipped titles."""
    opened: dict[tuple[tuple[str, str], ...], tuple[LiveIndex, Answerer]] = {}

    def answers(articles: dict[str, str]) -> Answerer:
        key = tuple(articles.items())
        if key not in opened:
            folder = tmp_path_factory.mktemp("folder")
            knowledge = write_articles(folder / "knowledge", articles)
            shutil.copy(KNOWLEDGE / "titles.toml", knowledge)
            live = index_of(knowledge, folder / "index")
            opened[key] = live, Answerer.open(live)
        return opened[key][1]

    yield answers
    for live, _ in opened.values():
        live.close()


def ask_all(cases: list[Case], live: LiveIndex) -> list[Outcome]:
    """Ask every question and look its passages up, as `pmrole eval` does."""
    answerer = Answerer.open(live, suggest=False)
    return [
        Outcome(case, answerer.ask(case.question), answerer.search(case.question, k=30))
        for case in cases
    ]
