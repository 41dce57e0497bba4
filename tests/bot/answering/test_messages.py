"""A chat message to the question in it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.messages import clean_message, extract_question

QUESTION = "What does a head of product do?"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("<@U012AB> what is a CPO?", "what is a CPO?", id="mention"),
        pytest.param("<!here> <!subteam^S1|@pms> what is a CPO?", "what is a CPO?", id="groups"),
        pytest.param("is <https://x.org/a|this guide> right?", "is this guide right?", id="link"),
        pytest.param("see <https://x.org/a> what is a CPO?", "see what is a CPO?", id="bare link"),
        pytest.param("see https://x.org/a?b=c what now", "see what now", id="typed link"),
        pytest.param("ask in <#C123|careers> or <#C9>", "ask in careers or", id="channels"),
        pytest.param("mail <mailto:a@b.org|a@b.org> now", "mail a@b.org now", id="address"),
        pytest.param("what is a CPO? :smile: 🙂👍", "what is a CPO?", id="emoji"),
        pytest.param("*what* is a _CPO_ ~now~?", "what is a CPO now?", id="emphasis"),
        pytest.param("what is `CPO`?", "what is CPO?", id="inline code"),
        pytest.param("what is ```x = 1\ny``` this?", "what is this?", id="code block"),
        pytest.param("&gt; a CPO leads\nis that right?", "is that right?", id="quotation"),
        pytest.param("PM &amp; PO, &lt;same&gt;?", "PM & PO, <same>?", id="escapes"),
        pytest.param("the head’s “scope”", 'the head\'s "scope"', id="curly quotes"),
        pytest.param("  what\n\n is\ta CPO? ", "what is a CPO?", id="spaces"),
        pytest.param("snake_case_name stays", "snake_case_name stays", id="underscores in a word"),
        pytest.param("5 * 3 is not *bold*", "5 * 3 is not bold", id="a lone star"),
        pytest.param(
            "what is a CPO at 10:30 or 11:45?", "what is a CPO at 10:30 or 11:45?", id="times"
        ),
    ],
)
def test_mark_up_is_taken_off(written: str, plain: str) -> None:
    assert clean_message(written) == plain


@pytest.mark.parametrize(
    "written",
    [
        "hi! What does a head of product do?",
        "Hey there, what does a head of product do?",
        "hello everyone - what does a head of product do? thanks!",
        "good morning team, can someone tell me what does a head of product do?",
        "Hey can anyone explain what does a head of product do? Thanks in advance",
        "quick question: what does a head of product do? cheers",
        "so, um, what does a head of product do? pls",
        "could you please tell me what does a head of product do? thx!",
        "I was just wondering, what does a head of product do?",
        "ok so what does a head of product do? lol",
        "I joined last week. What does a head of product do? I am curious.",
        "Hi all. Hope you are well! What does a head of product do? Thank you.",
    ],
)
def test_greetings_padding_and_thanks_are_taken_off(written: str) -> None:
    assert extract_question(clean_message(written)).lower() == QUESTION.lower()


def test_of_several_sentences_those_that_ask_are_kept() -> None:
    text = "I am a designer. How do I become a PM? My team is small. Do I need a degree?"

    assert extract_question(text) == "How do I become a PM? Do I need a degree?"


def test_where_no_sentence_asks_all_are_kept() -> None:
    text = "I lead three PMs. My title is group PM."

    assert extract_question(text) == text


@pytest.mark.parametrize("text", ["", "hi", "thanks!", "hey there :wave:"])
def test_a_message_without_a_question_leaves_no_question_mark(text: str) -> None:
    assert "?" not in extract_question(clean_message(text))


@pytest.mark.parametrize(
    "text",
    ["thanks to whom does a CPO report?", "hiring a head of product", "yoga for product managers"],
)
def test_words_that_only_begin_like_a_greeting_stay(text: str) -> None:
    assert extract_question(text) == text


@given(st.text(max_size=300))
def test_any_text_is_cleaned_to_one_line_and_again_to_itself(text: str) -> None:
    plain = clean_message(text)

    assert plain == " ".join(plain.split())
    extract_question(plain)


@pytest.mark.parametrize(
    "text",
    ["*" * 20_000, "<" * 20_000, ":" * 20_000, "_a" * 10_000, "hi " * 7_000, "`" * 20_000],
    ids=["stars", "angles", "colons", "underscores", "greetings", "ticks"],
)
def test_hostile_repetition_is_cleaned_in_a_second(text: str) -> None:
    start = time.perf_counter()
    extract_question(clean_message(text[:2_000]))

    assert time.perf_counter() - start < 1
