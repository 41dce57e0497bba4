"""The seed article alone as the knowledge folder: a spun page with adverts in it."""

import shutil
from collections.abc import Iterator

import pytest

from bot.answering.answerer import Answerer
from bot.cli.evaluating import Outcome, measure, read_cases
from bot.domain import Answer, Comparison
from bot.machine import as_json, shown_sentences
from index.opening import LiveIndex
from tests.bot.answering.conftest import DATA, ask_all
from tests.library import KNOWLEDGE, index_of

# What was measured, less 0.03: quoted 0.868, refused 0.30, because a title or subject that the
# article never names is still answered.
QUOTED, REFUSED = 0.865, 0.80
# Words of its adverts, biography, legal notice and of an anecdote about nobody.
NOISE = (
    "Renga",
    "Anushka",
    "Deloitte",
    "Pluralsight",
    "Disney",
    "recruiter,",
    "writing guide",
    "wizardsdev",
    "expert online courses",
    "CareerFoundry",
    "money back",
    "global pool",
    "Careers Quiz",
    "consult a professional",
    "He’d often",
)
FISHING = [
    "Who is Renga?",
    "Where does the author of the article teach?",
    "Which early stage startups does he advise at Anushka Ventures?",
    "Where can I find a head of product CV example and writing guide?",
    "Which online school helps me switch to a career in tech?",
    "Where do I get expert online courses and degrees from top universities?",
    "How do I recruit skilled candidates from a global pool?",
    "Which quiz tells me whether I should be a product manager?",
    "Should I consult a professional before a business decision?",
    "Why did the CTO go in another direction?",
]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIndex]:
    folder = tmp_path_factory.mktemp("seed")
    (folder / "knowledge").mkdir()
    shutil.copy(DATA / "seed_article.txt", folder / "knowledge")
    shutil.copy(KNOWLEDGE / "titles.toml", folder / "knowledge")
    live = index_of(folder / "knowledge", folder / "index")
    yield live
    live.close()


@pytest.fixture(scope="module")
def asked(seed: LiveIndex) -> list[Outcome]:
    return ask_all(read_cases(DATA / "seed_questions.jsonl"), seed)


def test_the_questions_quote_the_article_word_for_word() -> None:
    article = " ".join((DATA / "seed_article.txt").read_text("utf-8").split())
    cases = [one for one in read_cases(DATA / "seed_questions.jsonl") if one.answerable]

    assert len(cases) >= 30
    assert all(one.evidence for one in cases)
    assert all(wanted in article for one in cases for wanted in one.evidence)


def test_the_right_sentence_is_quoted(asked: list[Outcome], seed: LiveIndex) -> None:
    found = measure(asked, seed)["answer sentence hit rate"]

    assert found is not None
    assert found >= QUOTED


def test_what_the_article_does_not_say_is_refused(asked: list[Outcome]) -> None:
    refused = [not one.answered for one in asked if not one.case.answerable]

    assert sum(refused) / len(refused) >= REFUSED


def test_its_adverts_and_biography_are_never_shown(asked: list[Outcome], seed: LiveIndex) -> None:
    answerer = Answerer.open(seed)
    fished = [answerer.ask(one) for one in FISHING]

    for exchange in [*fished, *(one.exchange for one in asked)]:
        shown = str(as_json(exchange)["sentences"])
        assert [word for word in NOISE if word in shown] == []


def test_no_heading_that_advertises_is_cited(asked: list[Outcome]) -> None:
    headings = {
        heading
        for one in asked
        if isinstance(one.exchange.reply, Answer | Comparison)
        for citation in one.exchange.reply.citations
        for heading in citation.heading
    }

    assert [one for one in headings if "Quiz" in one] == []


def test_what_its_author_says_as_i_is_introduced_as_one_persons_account(
    asked: list[Outcome],
) -> None:
    spoken = [
        sentence
        for one in asked
        for sentence in shown_sentences(one.exchange)
        if any(word in f" {sentence.text}" for word in (" I ", " my ", "My ", " our "))
    ]

    assert spoken
    assert all(one.introduction for one in spoken)


def test_both_orders_of_head_and_vp_are_shown_as_disagreeing(seed: LiveIndex) -> None:
    reply = Answerer.open(seed).ask("Is a VP of product below a head of product?").reply

    assert isinstance(reply, Answer | Comparison)
    assert any("same role" in one.text for one in reply.disagreement)
    assert any("slightly below" in one.text for one in reply.disagreement)
