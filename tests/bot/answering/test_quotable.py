"""Whether a sentence can be shown alone."""

import pytest

from bot.answering.quotable import is_first_person, is_statement, is_table_row, leans


@pytest.mark.parametrize(
    "sentence",
    [
        "They play a crucial role in influencing the culture.",
        "This helps ensure strong team development.",
        "It also sets the roadmap.",
        "His team grew to forty people.",
        "These roles are rare in small firms.",
        "However, less experienced candidates can list more.",
        "For instance, you might show how to decide.",
        "Such a person reports to the CEO.",
        "The role pays well.",
        "The former reports to the latter.",
        "“They” is how the guide calls them.",
        "Companies of that size rarely have a CPO.",
        "Therefore the CPO decides.",
        "And the VP agrees.",
    ],
)
def test_a_sentence_without_its_subject_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A head of product leads every product team.",
        "There are two tracks after senior product manager.",
        "It is important for a product manager to listen.",
        "It is rare that a start-up has a CPO.",
        "The head of product reports to the CEO.",
        "Theirs Ltd. hires product managers.".replace("Theirs", "Thermo"),
        "Heads of product lead.",
        "Itinerant product managers exist.",
        "That said, a CPO decides.",
        "Sound judgement matters most to a CPO.",
        "Android product managers know phones.",
    ],
)
def test_a_sentence_that_names_its_subject_stands_alone(sentence: str) -> None:
    assert not leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I lead three teams.",
        "My own role is primarily about communication.",
        "We set the vision.",
        "Our job is to listen.",
        "It’s my job to find problems.",
        "The CEO told me to wait.",
        "That is how they hired us.",
        "I’ve led three teams.",
    ],
)
def test_i_and_we_are_first_person_wherever_they_stand(sentence: str) -> None:
    assert is_first_person(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In the US a VP of product ranks higher.",
        "A PM owns the mission.",
        "Memory and west are no pronouns.",
        "One head of product says that the job is communication.",
        "Your CV is yours.",
    ],
)
def test_words_that_only_look_so_are_not_first_person(sentence: str) -> None:
    assert not is_first_person(sentence)


def test_a_row_read_out_is_told_from_a_sentence_with_a_colon() -> None:
    assert is_table_row("Seat; CPO: Executive team; Head of product: Usually no seat")
    assert not is_table_row("Three skills matter: judgement, writing and listening.")


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("A CPO leads product.", True),
        ("Product vision", False),
        ("Head of product role", True),
        ("What does a CPO do?", False),
        ("Four tasks set an AI PM apart:", False),
        ("“What does a CPO do all day?”", False),
        ("", False),
    ],
)
def test_a_statement_has_four_words_and_asks_nothing(sentence: str, *, states: bool) -> None:
    assert is_statement(sentence) is states
