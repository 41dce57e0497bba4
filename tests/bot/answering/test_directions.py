"""Which titles a text leads to, and which it leaves."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.directions import Way, asked_way, way
from bot.answering.reading import TitleReader
from bot.answering.understanding import understand
from bot.domain import Answer, Intent
from index.opening import LiveIndex

GROUP, SENIOR, DIRECTOR = "group product manager", "senior product manager", "director of product"
HEAD, VP, CPO = "head of product", "vp of product", "chief product officer"
PM, PRINCIPAL, LEAD = "product manager", "principal product manager", "lead product manager"


def way_of(text: str, reader: TitleReader) -> Way:
    return way(text, reader.ours(text))


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("How do I become a group PM?", {GROUP}),
        ("becoming VP of product", {VP}),
        ("what is the path to principal product manager", {PRINCIPAL}),
        ("I want to get promoted to head of product", {HEAD}),
        ("how can I get to CPO", {CPO}),
        ("moving up to senior PM", {SENIOR}),
        ("what do I need to make director of product?", {DIRECTOR}),
        (
            "A promotion to senior or principal product manager is often refused.",
            {SENIOR, PRINCIPAL},
        ),
        (
            "A director becomes head of product (HoP), VP of product or CPO in time.",
            {HEAD, VP, CPO},
        ),
        ("To become a director of product, a group PM (GPM) must grow managers.", {DIRECTOR}),
        (
            "The next step after senior PM is usually group PM to manage people, or principal PM.",
            {GROUP, PRINCIPAL},
        ),
    ],
)
def test_the_title_reached_is_found(text: str, reached: set[str], reader: TitleReader) -> None:
    assert way_of(text, reader).reached == reached


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("What comes after group product manager (GPM)?", {GROUP}),
        ("from senior PM to group PM, what must I show?", {SENIOR}),
        ("Moving from senior or lead PM to director of product widens the work.", {SENIOR, LEAD}),
        ("Each step up from director of product asks for a new skill.", {DIRECTOR}),
    ],
)
def test_the_title_left_is_found(text: str, left: set[str], reader: TitleReader) -> None:
    assert way_of(text, reader).left == left


@pytest.mark.parametrize(
    "text",
    [
        "A head of product reports to the CEO.",
        "A first-time manager who becomes a group product manager may keep some work.",
        "Sourcegraph makes the PM accountable for research.",
        "The CPO manages leaders up to VP of product.",
    ],
)
def test_what_only_names_a_title_is_no_way(text: str, reader: TitleReader) -> None:
    assert way_of(text, reader) == Way()


def test_the_way_on_from_a_title_is_asked_by_next_and_after(reader: TitleReader) -> None:
    for text in ("What is next for a senior PM?", "what comes after being a senior PM"):
        question = understand(text, (), reader.vocabulary)

        assert asked_way(question, reader.ours(text)) == Way(left=frozenset([SENIOR]))


def test_a_question_that_is_on_no_way_asks_for_none(reader: TitleReader) -> None:
    text = "What is a head of product?"

    assert asked_way(understand(text, (), reader.vocabulary), reader.ours(text)) == Way()


def test_a_way_to_a_title_is_shared_by_what_reaches_it_alone() -> None:
    asked = Way(reached=frozenset([GROUP]))

    assert asked.shared_by(Way(reached=frozenset([GROUP, PRINCIPAL]))) is True
    assert asked.shared_by(Way(reached=frozenset([DIRECTOR]))) is False
    assert asked.shared_by(Way(left=frozenset([GROUP]))) is False
    assert asked.shared_by(Way(left=frozenset([SENIOR]))) is None
    assert asked.shared_by(Way()) is None


def test_a_way_on_is_shared_by_what_leaves_the_same_title() -> None:
    asked = Way(left=frozenset([SENIOR]))

    assert asked.shared_by(Way(frozenset([GROUP]), frozenset([SENIOR]))) is True
    assert asked.shared_by(Way(frozenset([SENIOR]), frozenset([PM]))) is False
    assert asked.shared_by(Way(reached=frozenset([SENIOR]))) is None


def test_from_one_rung_to_another_is_the_way_up_and_no_switch(reader: TitleReader) -> None:
    up = understand("How do I go from director to VP of product?", (), reader.vocabulary)
    across = understand("How do I go from project manager to PM?", (), reader.vocabulary)

    assert (up.intent, across.intent) == (Intent.PATH, Intent.SWITCHING)


@pytest.mark.parametrize(
    ("question", "goal"),
    [
        ("to be made a group PM, what do I have to do?", GROUP),
        ("how would I grow into a group product manager", GROUP),
        ("what does it take to become director of product", DIRECTOR),
        ("road to principal PM", PRINCIPAL),
        ("getting promoted to VP of product", VP),
        ("I'd like to become senior PM", SENIOR),
        ("how does one become head of product", HEAD),
        ("steps to becoming chief product officer", CPO),
        ("how to break in and become a PM", PM),
        ("how to become a lead product manager", LEAD),
        ("can a technical PM become an AI PM", "ai product manager"),
        ("how do engineers become technical PMs", "technical product manager"),
        ("from senior PM to group PM", GROUP),
    ],
)
def test_the_first_sentence_is_on_the_way_to_the_title_asked_for(
    question: str, goal: str, reader: TitleReader, library: LiveIndex
) -> None:
    reply = Answerer.open(library, suggest=False).ask(question).reply

    assert isinstance(reply, Answer)
    first = reply.sentences[0].text
    cited = reply.citations[0]
    above = cited.heading[-1] if cited.heading else cited.title
    assert goal in way_of(first, reader).reached | way_of(above, reader).reached


def test_what_the_next_level_asks_for_is_on_no_way_to_another(
    library: LiveIndex, reader: TitleReader
) -> None:
    reply = Answerer.open(library, suggest=False).ask("how do I become a technical PM").reply

    assert isinstance(reply, Answer)
    expected = [one.text for one in reply.sentences if one.introduction.startswith("Expected")]
    assert expected
    assert not any(way_of(text, reader).reached for text in expected)
    assert len(reply.sentences) <= 5
