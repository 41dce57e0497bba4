"""Signals, the calibrated probability and its thresholds."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import CLOSEST, NOT_KNOWN, Answerer
from bot.answering.confidence import Calibration, CalibrationError, fit
from bot.answering.evidence import Signals, weigh
from bot.answering.reading import TitleReader
from bot.domain import Answer, Comparison, Intent, NoAnswer, Question, Reply
from index.generation_store import GenerationStore
from index.opening import LiveIndex
from index.retrieval import Retriever
from tests.bot.answering.conftest import AnswersFrom
from tests.builds import ARTICLES, build, write_articles
from tests.fakes import HashingEmbedder

NOTHING = Signals(passage=0, sentence=0, coverage=0, outside=0, doubt=0, news=0)
MIDDLING = replace(NOTHING, passage=0.5, sentence=0.5, coverage=0.5)
GOOD = replace(NOTHING, passage=0.8, sentence=0.8, coverage=0.9)
POOR = replace(NOTHING, passage=0.2, sentence=0.2, coverage=0.1)

shares = st.floats(0, 1)
signals = st.builds(Signals, shares, shares, shares, shares, shares, shares)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("small")
    build(write_articles(folder / "knowledge", ARTICLES), folder / "index")
    generation = GenerationStore(folder / "index").open()
    return Retriever(generation, lambda text: HashingEmbedder().embed_queries([text])[0])


def weighed(question: Question, retriever: Retriever) -> Signals:
    hits = retriever.search(question.query, 5)
    return weigh(question, hits, retriever.generation.lexical).signals


def asking(text: str, **changes: object) -> Question:
    return Question(text, text, **{"outline": text, **changes})  # type: ignore[arg-type]


def test_a_sentence_of_the_articles_covers_itself(retriever: Retriever) -> None:
    found = weighed(asking("The head of product reports to the chief executive."), retriever)

    assert found.coverage == pytest.approx(1)
    assert found.sentence > 0.7


def test_words_that_no_article_holds_lower_the_coverage(retriever: Retriever) -> None:
    known = weighed(asking("who leads every product team"), retriever)
    unknown = weighed(asking("who leads every zebra team"), retriever)

    assert unknown.coverage < known.coverage


def test_words_that_ask_do_not_count(retriever: Retriever) -> None:
    bare = weighed(asking("directors report"), retriever)
    asked = weighed(asking("can you please tell me what the directors report"), retriever)

    assert asked.coverage == bare.coverage == pytest.approx(1)


def test_every_sentence_of_the_best_hits_has_a_coverage(retriever: Retriever) -> None:
    question = asking("roadmap of features")
    hits = retriever.search(question.query, 3)

    coverages = weigh(question, hits, retriever.generation.lexical).coverages

    assert [len(one) for one in coverages] == [len(hit.sentences) for hit in hits]
    assert all(0 <= share <= 1 + 1e-9 for own in coverages for share in own)


def test_without_hits_nothing_speaks_for_an_answer(retriever: Retriever) -> None:
    evidence = weigh(asking("roadmap"), (), retriever.generation.lexical)

    assert evidence.coverages == ()
    assert (evidence.signals.passage, evidence.signals.sentence, evidence.signals.coverage) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("question", "outside"),
    [
        (asking("what does a vp of sales do", foreign_titles=("vp of sales",)), 1),
        (
            asking(
                "vp of sales vs pm", foreign_titles=("vp of sales",), titles=("product manager",)
            ),
            0,
        ),
        (asking("does product report to the ceo", foreign_titles=("ceo",)), 0),
        (asking("what is a roadmap"), 0),
    ],
    ids=["only a foreign title", "one of ours too", "about product", "no title"],
)
def test_only_foreign_titles_alone_are_outside(
    question: Question, outside: float, retriever: Retriever
) -> None:
    assert weighed(question, retriever).outside == outside


def test_mere_letters_among_unknown_words_are_doubtful(retriever: Retriever) -> None:
    letters = asking("gpm of a water pump", titles=("group product manager",), abbreviated=True)

    assert weighed(letters, retriever).doubt > 0.5
    assert weighed(replace(letters, abbreviated=False), retriever).doubt == 0


def test_letters_that_stand_beside_another_title_are_not_doubtful(retriever: Retriever) -> None:
    one = asking("gpm of a water pump", titles=("group product manager",), abbreviated=True)
    both = replace(one, titles=("group product manager", "product manager"))

    assert weighed(one, retriever).doubt > 0
    assert weighed(both, retriever).doubt == 0


def test_pay_is_about_a_job_whatever_place_is_named(retriever: Retriever) -> None:
    pay = asking("pm pay in berlin", titles=("product manager",), abbreviated=True)

    assert weighed(pay, retriever).doubt > 0
    assert weighed(replace(pay, intent=Intent.PAY), retriever).doubt == 0


def test_product_in_a_title_outside_does_not_bring_it_inside(retriever: Retriever) -> None:
    inspector = asking("chief product inspector", foreign_titles=("chief product inspector",))

    assert weighed(inspector, retriever).outside == 1


def test_letters_with_a_place_behind_are_someone_in_office(retriever: Retriever) -> None:
    office = asking("PM of the UK", outline="TITLE of the UK", titles=("product manager",))

    assert weighed(replace(office, abbreviated=True), retriever).news == 1
    assert weighed(office, retriever).news == 0


@pytest.mark.parametrize(
    ("outline", "news"),
    [
        ("which companies are hiring TITLEs", 1),
        ("how many TITLEs work at Google", 1),
        ("when is our next roadmap review", 1),
        ("what is the TITLE's phone number", 1),
        ("how many TITLEs should a start-up have", 0),
        ("when is the first TITLE hired", 0),
        ("who is the TITLE?", 1),
        ("who's our new TITLE", 1),
        ("Who was the TITLE at Apple", 1),
        ("what did our TITLE say", 1),
        ("how many engineers are in our team", 1),
        ("who is a TITLE?", 0),
        ("who does the TITLE report to?", 0),
        ("what has a TITLE done before", 0),
        ("how many reports does a TITLE have", 0),
    ],
)
def test_who_holds_a_post_and_what_they_did_is_news(
    outline: str, news: float, retriever: Retriever
) -> None:
    assert weighed(asking("head of product", outline=outline), retriever).news == news


@given(signals)
def test_a_probability_is_one(found: Signals) -> None:
    assert 0 < Calibration().probability(found) < 1


@pytest.mark.parametrize("name", ["passage", "sentence", "coverage"])
def test_what_speaks_for_an_answer_raises_the_probability(name: str) -> None:
    calibration = Calibration()

    assert calibration.probability(replace(MIDDLING, **{name: 0.9})) > calibration.probability(
        MIDDLING
    )


@pytest.mark.parametrize("name", ["outside", "doubt", "news"])
def test_what_speaks_against_an_answer_lowers_the_probability(name: str) -> None:
    calibration = Calibration()

    assert calibration.probability(replace(GOOD, **{name: 1.0})) < calibration.probability(GOOD)


def test_good_passages_pass_the_shipped_thresholds_and_poor_ones_do_not() -> None:
    calibration = Calibration()

    assert calibration.probability(GOOD) > calibration.answer_at
    assert calibration.probability(POOR) < calibration.closest_at < calibration.answer_at


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    calibration = replace(Calibration(), bias=-3.25, answer_at=0.4, closest_at=0.1)
    store = GenerationStore(tmp_path)

    place = store.keep_calibration(calibration.as_json())

    assert Path(place) == tmp_path / "calibration.json"
    assert Calibration.stored(store.calibration()) == calibration


def test_without_one_the_shipped_calibration_is_read(tmp_path: Path) -> None:
    assert Calibration.stored(GenerationStore(tmp_path).calibration()) == Calibration()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "is no calibration", id="empty"),
        pytest.param("{", "is no calibration", id="no JSON"),
        pytest.param("[1, 2]", "is no calibration", id="a list"),
        pytest.param('{"bias": 1}', "is no calibration", id="no weights"),
        pytest.param('{"weights": ["a"]}', "is no calibration", id="a weight that is text"),
        pytest.param('{"weights": [1, 2, 3], "slope": 1}', "is no calibration", id="unknown"),
        pytest.param('{"weights": [1, 2, 3]}', "3 weights: run", id="too few weights"),
    ],
)
def test_a_damaged_calibration_is_refused_by_name(content: str, message: str) -> None:
    with pytest.raises(CalibrationError, match=rf"calibration\.json.*{message}"):
        Calibration.stored(content)


def test_fitting_tells_good_from_poor_and_keeps_the_signs() -> None:
    some = [replace(GOOD, coverage=0.6 + 0.03 * step) for step in range(12)]
    others = [replace(POOR, coverage=0.02 * step) for step in range(12)]

    calibration = fit([*some, *others], [True] * 12 + [False] * 12)

    assert all(calibration.probability(one) >= calibration.answer_at for one in some)
    assert all(calibration.probability(one) < calibration.answer_at for one in others)
    assert [math.copysign(1, one) for one in calibration.weights] == [1, 1, 1, -1, -1, -1]


def test_what_is_fitted_can_be_stored() -> None:
    calibration = fit([GOOD] * 10 + [POOR] * 10, [True] * 10 + [False] * 10)

    assert Calibration.stored(calibration.as_json()) == calibration


@pytest.mark.parametrize(("good", "poor"), [(9, 20), (20, 9), (0, 0)])
def test_too_few_questions_of_a_kind_are_refused(good: int, poor: int) -> None:
    with pytest.raises(CalibrationError, match="at least 10 answerable and 10 unanswerable"):
        fit([GOOD] * good + [POOR] * poor, [True] * good + [False] * poor)


def test_the_thresholds_decide_among_answer_closest_articles_and_not_known(
    library: LiveIndex, reader: TitleReader
) -> None:
    question = "What does a head of product do?"

    def reply(*, answer_at: float, closest_at: float) -> Reply:
        calibration = replace(Calibration(), answer_at=answer_at, closest_at=closest_at)
        answers = Answerer(library, vocabulary=reader.vocabulary, calibration=calibration)
        return answers.ask(question).reply

    closest = reply(answer_at=1.0, closest_at=0.5)
    unknown = reply(answer_at=1.0, closest_at=1.0)

    assert isinstance(reply(answer_at=0.5, closest_at=0.1), Answer | Comparison)
    assert isinstance(closest, NoAnswer)
    assert closest.message == CLOSEST
    assert 1 <= len(closest.closest) <= 3
    assert isinstance(unknown, NoAnswer)
    assert (unknown.message, unknown.closest) == (NOT_KNOWN, ())


NURSES = {
    "manager.md": "# Becoming a nurse manager\n\nA nurse manager runs one ward and answers for its "
    "staff and budget.\n\n## How do I become a nurse manager?\n\nTo become a nurse manager, work "
    "as a registered nurse for three years and then lead shifts.\n",
    "staff.md": "# Staff nurse\n\nA staff nurse cares for six patients on a day shift.\n",
}


@pytest.mark.parametrize(
    "question", ["how do i become a nurse manager", "how many patients does a staff nurse have"]
)
def test_a_title_outside_the_vocabulary_is_answered_where_the_articles_are_about_it(
    question: str, answers_from: AnswersFrom
) -> None:
    assert isinstance(answers_from(NURSES).ask(question).reply, Answer)


def test_and_refused_where_they_are_not(answers_from: AnswersFrom, answerer: Answerer) -> None:
    assert isinstance(answers_from(NURSES).ask("how do i become a VP of sales").reply, NoAnswer)
    assert isinstance(answerer.ask("how do i become a nurse manager").reply, NoAnswer)
