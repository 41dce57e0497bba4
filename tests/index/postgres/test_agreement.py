"""Asked of Postgres, the shipped library answers as it does from its folder."""

import pytest

from bot.answering.answerer import Answerer
from bot.cli.evaluating import Case, Outcome, measure, read_cases
from bot.machine import shown_sentences
from index.manifest import Manifest
from index.opening import FixedIndex
from index.postgres.connecting import Connections
from index.postgres.loading import load
from index.postgres.reading import open_generation
from index.postgres.schema import ensure
from tests.library import INDEX, ROOT

ALIKE = 0.01
TOP = 3


@pytest.fixture(scope="module", params=["vectors held", "graphs searched"])
def from_postgres(request, postgres, library):
    """The shipped library's generation, loaded into Postgres."""
    name = library.retriever().generation.manifest.name
    with postgres.database(tables=False) as url, pytest.MonkeyPatch.context() as patch:
        if request.param == "graphs searched":
            for module in ("vectors", "vector_tables"):
                patch.setattr(f"index.postgres.{module}.EXACT_LIMIT", 100)
        connections = Connections(url)
        ensure(connections)
        load(connections, INDEX / name, Manifest.read(INDEX / name), "kept")
        index = FixedIndex(open_generation(connections, name), library.encoder)
        yield index
        index.close()
        connections.close()


def asked(index, cases: list[Case]) -> list[Outcome]:
    answerer = Answerer.open(index, suggest=False)
    return [
        Outcome(case, answerer.ask(case.question), answerer.search(case.question, k=30))
        for case in cases
    ]


@pytest.fixture(scope="module")
def both(library, from_postgres):
    """What each store made of the project's open questions."""
    cases = read_cases(ROOT / "tests" / "data" / "open_questions.jsonl")
    return asked(library, cases), asked(from_postgres, cases)


def test_the_first_three_articles_agree(both):
    same = [one.articles[:TOP] == other.articles[:TOP] for one, other in zip(*both, strict=True)]
    assert len(same) > 50
    assert sum(same) / len(same) >= 0.98


def test_the_figures_of_an_evaluation_agree(both, library):
    one, other = (measure(outcomes, library) for outcomes in both)
    assert one.keys() == other.keys()
    for name, figure in one.items():
        if "latency" not in name:
            assert other[name] == pytest.approx(figure, abs=ALIKE), name


def test_the_sentences_shown_agree(both):
    one, other = (
        [[shown.text for shown in shown_sentences(outcome.exchange)] for outcome in outcomes]
        for outcomes in both
    )
    same = [first == second for first, second in zip(one, other, strict=True)]
    assert any(one)
    assert sum(same) / len(same) >= 0.98
