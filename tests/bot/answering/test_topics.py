"""A question answered from some folders of the articles only."""

import pytest

VP = "What does a VP of Product do?"


def quoted(answerer, text, *topics):
    return {
        one.article for one in getattr(answerer.ask(text, topics=topics).reply, "citations", ())
    }


@pytest.mark.parametrize("text", [VP, "CPO vs head of product", "How do I become a VP of product?"])
@pytest.mark.parametrize("topics", [("roles",), ("careers", "ladder")])
def test_only_articles_of_the_topics_are_quoted(answerer, text, topics):
    found = answerer.ask(text, topics=topics)
    assert {hit.article.split("/")[0] for hit in found.hits} <= set(topics)
    assert {one.split("/")[0] for one in quoted(answerer, text, *topics)} <= set(topics)


def test_a_comparison_there_takes_no_cell_that_was_found_everywhere(answerer):
    everywhere = quoted(answerer, "CPO vs head of product")
    assert {one.split("/")[0] for one in everywhere} - {"roles"}
    assert {one.split("/")[0] for one in quoted(answerer, "CPO vs head of product", "roles")} == {
        "roles"
    }


def test_what_only_another_topic_holds_is_not_quoted(answerer):
    pay = "What does a product manager earn in London?"
    assert {one.split("/")[0] for one in quoted(answerer, pay)} == {"hiring"}
    assert quoted(answerer, pay, "craft") == set()


def test_topics_that_are_gone_answer_nothing_and_break_nothing(answerer):
    found = answerer.ask(VP, topics=["no-such"])
    assert found.hits == ()
    assert quoted(answerer, VP, "no-such") == set()


def test_suggestions_lead_nowhere_else(answerer):
    suggested = answerer.ask(VP, topics=["roles"]).reply.suggestions
    for question in suggested:
        assert quoted(answerer, question, "roles")
