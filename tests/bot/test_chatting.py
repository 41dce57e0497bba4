"""A conversation in the terminal: tables, sources, and numbers that ask."""

from io import StringIO

import pytest
from rich.console import Console

from bot.cli.chatting import Talk, offered, shown
from bot.domain import Clarification, NoAnswer
from tests import replies


class Asked:
    """Answers everything alike and remembers what it was asked."""

    def __init__(self, exchange):
        self.exchange, self.heard = exchange, []

    def ask(self, text, thread=()):
        self.heard.append((text, [one.text for one in thread]))
        return self.exchange


def printed(exchange, width=80):
    written = StringIO()
    console = Console(file=written, width=width, highlight=False)
    for part in shown(exchange):
        console.print(part)
    return written.getvalue()


@pytest.fixture
def written():
    return StringIO()


@pytest.fixture
def console(written):
    return Console(file=written, width=80, highlight=False)


def test_an_answer_ends_with_its_sources_and_numbered_questions():
    text = printed(replies.answer(suggestions=("And pay?", "And then?")))
    assert "A VP of product answers for results. [1]" in text
    assert "[2] VP of product › Scope" in text
    assert [line.split() for line in text.splitlines()[-2:]] == [
        ["1", "And", "pay?"],
        ["2", "And", "then?"],
    ]


def test_a_comparison_is_a_table():
    text = printed(replies.comparison())
    head = next(line for line in text.splitlines() if "Aspect" in line)
    assert "VP of product" in head
    assert "Head of product" in head
    assert "not in the articles" in text


def test_no_line_is_wider_than_the_terminal():
    text = printed(replies.comparison(), width=40)
    assert max(map(len, text.splitlines())) <= 40


def test_a_number_asks_what_stands_beside_it_in_the_same_thread(console):
    asked = Asked(replies.answer(suggestions=("And pay?", "And then?")))
    talk = Talk(asked, console)
    talk.hear("what does a VP of product do")
    talk.hear("2")
    assert [text for text, _ in asked.heard] == ["what does a VP of product do", "And then?"]
    assert asked.heard[1][1][0] == "what does a VP of product do"


def test_a_number_that_is_not_offered_asks_nothing(console, written):
    asked = Asked(replies.answer(suggestions=("And pay?",)))
    talk = Talk(asked, console)
    talk.hear("what does a VP of product do")
    talk.hear("7")
    assert len(asked.heard) == 1
    assert "There is no 7" in written.getvalue()


def test_an_empty_line_starts_a_new_thread_in_which_numbers_are_words(console):
    asked = Asked(replies.answer(suggestions=("And pay?",)))
    talk = Talk(asked, console)
    for text in ("what does a VP of product do", "", "1"):
        talk.hear(text)
    assert asked.heard[1] == ("1", [])


def test_a_clarification_offers_its_choices():
    exchange = replies.clarification()
    assert isinstance(exchange.reply, Clarification)
    assert offered(exchange) == exchange.reply.choices
    assert exchange.reply.choices[0] in printed(exchange)


def test_a_refusal_names_the_closest_articles():
    exchange = replies.no_answer()
    assert isinstance(exchange.reply, NoAnswer)
    text = printed(exchange)
    assert exchange.reply.message in " ".join(text.split())
    assert all(one.title in text for one in exchange.reply.closest)
