"""The line above an answer says what of a comparison the articles lack."""

import pytest

from bot.answering.leads import outside_note
from bot.answering.reading import TitleReader
from bot.answering.understanding import understand
from bot.domain import Answer
from tests.bot.answering.conftest import AnswersFrom
from tests.replies import hit

KITCHEN = {
    "tables.md": "# Waiting tables\n\n## Tips\n\nTips are pooled and shared by hours worked. Card "
    "tips are paid with the wages of the following month.\n",
    "hours.md": "# Hours and rotas\n\nThe rota of the month is published two weeks ahead.\n",
}


def note(text: str, reader: TitleReader, *, heading: str = "What does a VP of product do?") -> str:
    found = hit("A VP of product leads.", title="VP of product", heading=(heading,))
    return outside_note(understand(text, (), reader.vocabulary), [found], reader)


def test_a_compared_title_that_no_section_is_about_is_named(reader: TitleReader) -> None:
    note_shown = note("VP of sales vs VP of product", reader)

    assert note_shown == " (no subject of the articles: VP of sales)"


def test_a_compared_title_that_a_section_is_about_is_not(reader: TitleReader) -> None:
    heading = "What is the difference between a VP of product and a VP of sales?"

    assert note("VP of sales vs VP of product", reader, heading=heading) == ""


@pytest.mark.parametrize(
    "text", ["how do I go from VP of sales to VP of product?", "CPO vs VP of product"]
)
def test_without_a_comparison_with_a_title_outside_nothing_is_added(
    text: str, reader: TitleReader
) -> None:
    assert note(text, reader) == ""


def test_a_title_outside_that_is_ranked_is_named_too(reader: TitleReader) -> None:
    shown = note("is a VP of sales above a VP of product", reader)

    assert shown == " (no subject of the articles: VP of sales)"


def test_without_titles_the_lead_names_the_article_of_the_first_sentence(
    answers_from: AnswersFrom,
) -> None:
    kitchen = answers_from(KITCHEN)

    reply = kitchen.ask("when do I get card tips").reply

    assert isinstance(reply, Answer)
    assert reply.lead == reply.citations[0].title == "Waiting tables"
