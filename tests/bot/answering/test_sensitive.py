"""Which questions are answered to the asker alone."""

import pytest

from bot.answering.sensitive import is_sensitive
from bot.answering.titles import load_vocabulary
from bot.answering.understanding import understand
from tests.library import KNOWLEDGE

VOCABULARY = load_vocabulary(KNOWLEDGE / "titles.toml")


def sensitive(text: str) -> bool:
    return is_sensitive(understand(text, (), VOCABULARY))


@pytest.mark.parametrize(
    "text",
    [
        "how much does a senior PM make?",
        "what is a normal salary for a head of product",
        "I was passed over for group PM twice, what now?",
        "my promotion was denied",
        "should I quit before I am made VP?",
        "how do I resign as a product manager",
        "my manager takes credit for my roadmap",
        "does a CPO get equity?",
        "I am burnt out as a PM",
        "can a product manager work part time after maternity leave?",
        "I am on a PIP, can I still become a lead PM?",
    ],
)
def test_what_people_ask_in_private_is_recognised(text):
    assert sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "what does a VP of Product do",
        "CPO vs Head of Product",
        "what's next after senior PM",
        "how many product managers does a director manage?",
        "who does a head of product report to?",
        "what skills does a product owner need",
        "how do I become a group product manager",
        "what is a product roadmap?",
        "which metrics does a growth PM own?",
    ],
)
def test_other_questions_are_answered_in_public(text):
    assert not sensitive(text)
