"""docs/conversation.md is what people see."""

import re

from tests.scenarios import transcript

_QUOTED = re.compile(r"([^\[\]>]{12,}?)\s*\[\d+\]")
_MARKS = re.compile(r"[*_`\\>]|<[^>]+>")


def skeleton(page: str) -> list[str]:
    """Return who did what where, and where something was answered, but not the answers' words.

    Those change with every article, and in the last place with the processor.
    """
    lines = ["> ..." if one.startswith(">") else one for one in page.splitlines()]
    return [one for before, one in zip(["", *lines], lines, strict=False) if before != one or one]


def said_in(folder_text: str, sentence: str) -> bool:
    """Tell whether the articles hold the end of a sentence, which introductions leave alone."""
    return " ".join(_MARKS.sub("", sentence).split())[-40:] in folder_text


def test_the_page_tells_what_happens(conversation):
    committed = transcript.PAGE.read_text("utf-8")
    assert skeleton(conversation.page) == skeleton(committed), (
        "run: python -m tests.scenarios.transcript"
    )


def test_every_sentence_of_the_page_that_is_cited_stands_in_the_articles(library):
    passages = library.retriever().generation.passages
    articles = " ".join(passages.text_of(one.path) for one in passages.articles())
    held = " ".join(_MARKS.sub("", articles).split())
    page = transcript.PAGE.read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith(">") and "<sub>" not in line]
    cited = [found for line in lines for found in _QUOTED.findall(line)]
    assert len(cited) > 30
    assert [one for one in cited if not said_in(held, one)] == []


def test_nobody_was_pinged_and_nothing_was_refused(conversation):
    assert conversation.pings == ()
    refused = [one for one in conversation.calls if one.error]
    # The one share where the bot is no member, which then goes another way.
    assert [(one.method, one.error) for one in refused] == [("chat.postMessage", "not_in_channel")]


def test_everything_was_acknowledged_once(conversation):
    assert {one.attempts for one in conversation.deliveries} == {1}
    assert {one.error for one in conversation.deliveries} == {""}
