"""Legal and nasty replies for property tests, and a few made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from bot.domain import (
    Answer,
    ArticleLink,
    Citation,
    Clarification,
    Comparison,
    ComparisonRow,
    NoAnswer,
    Question,
    QuotedSentence,
)
from bot.slack.messages import Controls
from index.documents import Span

NASTY = (
    "&<>",
    "<!channel>",
    "<@U1>",
    "<#C1|general>",
    "<!subteam^S1|@leads>",
    "<https://evil.example|click>",
    "@here @channel @everyone",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "שלום עולם مرحبا",
    "\u202eoverride\u2066isolate",
    "*bold* _it_ ~no~ `code` ```block``` :tada:",
    "**bold** [a link](https://e.example) # heading",
    "e\u0301" * 5,
    "\ud800",
    "\x00\x1b\x85",
    "> quote\n\n• list",
    " ",
    '"\\" \\n',
    "&amp;lt;",
    "\u200b\u2060\ufeff",
)
texts = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda part, times, tail: part * times + tail,
        st.sampled_from(NASTY),
        st.sampled_from([1, 3, 40, 400, 1500]),
        st.text(max_size=5),
    ),
)
urls = st.one_of(
    st.none(),
    texts,
    st.builds(lambda text: f"https://example.com/{text}", texts),
    st.sampled_from(["https://e.example/" + "a" * 200, "https://e.example/" + "a" * 4000]),
    st.sampled_from(
        ["javascript:alert(1)", "http://[", "http://", "https://e.example/?a=1&b=<2>|3"]
    ),
)
dates = st.none() | st.dates()
questions = st.builds(
    Question,
    text=texts,
    query=texts,
    titles=st.sampled_from([(), ("vp of product",)]),
    resolved=st.none() | texts,
)
suggestions = st.lists(texts, max_size=6).map(tuple)
controls = st.none() | st.builds(
    Controls,
    answer_id=st.sampled_from(["a1", "x" * 100]),
    share=st.booleans(),
    human=st.booleans(),
    compare=st.booleans(),
    feedback=st.booleans(),
    passages=st.booleans(),
)


def citation(
    number: int,
    title: str,
    heading: Sequence[str],
    quote: str,
    url: str | None,
    *,
    article: str = "a.md",
    updated: date | None = date(2026, 2, 3),
) -> Citation:
    return Citation(
        number=number,
        article=article,
        title=title,
        heading=tuple(heading),
        quote=quote,
        span=Span(0, 1),
        url=url,
        updated=updated,
    )


@st.composite
def quotations(draw):
    """Sentences and their citations, sometimes fifty and more."""
    parts = st.tuples(texts, texts, st.lists(texts, max_size=4), urls, st.sampled_from("ab"), dates)
    drawn = draw(st.lists(parts, max_size=6))
    if draw(st.booleans()):
        drawn = (drawn or [("q", "t", [], None, "a", None)]) * draw(st.sampled_from([2, 10, 50]))
    own = draw(st.booleans())
    citations = [
        citation(
            number,
            title,
            heading,
            quote,
            url,
            article=f"{number}.md" if own else article,
            updated=updated,
        )
        for number, (quote, title, heading, url, article, updated) in enumerate(drawn, 1)
    ]
    introductions = st.sampled_from(["", draw(texts)])
    sentences = [QuotedSentence(one.quote, one.number, draw(introductions)) for one in citations]
    return tuple(sentences), tuple(citations)


@st.composite
def answers(draw):
    sentences, citations = draw(quotations())
    cut = draw(st.integers(0, len(sentences)))
    return Answer(
        draw(questions),
        draw(texts),
        sentences[:cut],
        citations,
        0.5,
        sentences[cut:],
        draw(suggestions),
    )


@st.composite
def comparisons(draw):
    sentences, citations = draw(quotations())
    titles = tuple(draw(st.lists(texts, min_size=2, max_size=4)))
    titles *= draw(st.sampled_from([1, 1, 1, 12]))
    cells = st.sampled_from(sentences) if sentences else st.nothing()
    rows = st.lists(
        st.builds(
            ComparisonRow,
            dimension=texts,
            cells=st.tuples(*[st.none() | cells for _ in titles]),
        ),
        max_size=6,
    )
    return Comparison(
        draw(questions),
        titles,
        draw(texts),
        sentences[:2],
        tuple(draw(rows) * draw(st.sampled_from([1, 1, 8]))),
        citations,
        0.5,
        draw(st.just(()) | st.just(sentences)),
        draw(suggestions),
    )


links = st.builds(ArticleLink, article=st.just("a.md"), title=texts, url=urls, updated=dates)
clarifications = st.builds(Clarification, questions, texts, st.lists(texts, max_size=30).map(tuple))
refusals = st.builds(
    NoAnswer, questions, texts, st.just(0.1), st.lists(links, max_size=9).map(tuple), suggestions
)
replies = st.one_of(answers(), comparisons(), clarifications, refusals)

SPOKEN = Question("vp", "vp", titles=("vp of product",))
SENTENCE = QuotedSentence("A VP & a <CPO> differ.", 1)
SOURCE = citation(1, "VP & co", ["Duties"], SENTENCE.text, "https://example.com/?a=1&b=2")

ANSWER = Answer(
    question=replace(SPOKEN, resolved="What does a VP do?"),
    lead="VP of product",
    sentences=(
        SENTENCE,
        QuotedSentence("The VP_of_product *leads*.", 2),
        QuotedSentence("They lead.", 3, "One VP's account:"),
        QuotedSentence("They listen.", 4, "Expected of a CPO:"),
        QuotedSentence("They decide.", 5, "Expected of a CPO:"),
    ),
    citations=(
        SOURCE,
        citation(2, "VP & co", ["Duties"], "q", "https://example.com/?a=1&b=2"),
        citation(3, "Accounts", [], "q", None, article="b.md", updated=None),
        citation(4, "CPO", ["Work", "Duties"], "q", None, article="c.md"),
        citation(5, "CPO", ["Work", "Duties"], "q", None, article="c.md"),
    ),
    confidence=0.9,
    disagreement=(QuotedSentence("They do not.", 1), QuotedSentence("They do.", 4)),
    suggestions=("What does a CPO do?", "CPO vs VP of product"),
)
COMPARISON = Comparison(
    question=SPOKEN,
    titles=("VP of product", "chief product officer"),
    lead="VP of product vs chief product officer",
    sentences=(SENTENCE,),
    rows=(
        ComparisonRow("Scope", (SENTENCE, QuotedSentence("It spans.", 2))),
        ComparisonRow("Reports to", (None, QuotedSentence("To the CEO.", 2, "By one account:"))),
    ),
    citations=(SOURCE, citation(2, "CPO", [], "q", None, article="c.md")),
    confidence=0.9,
    suggestions=("What does a CPO do?",),
)
CLARIFICATION = Clarification(
    SPOKEN,
    "PM can mean more than one thing. Which do you mean?",
    ("what does a product manager do", "what does a project manager do"),
)
NO_ANSWER = NoAnswer(
    SPOKEN,
    "The knowledge base does not answer that directly. These articles come closest.",
    0.3,
    (ArticleLink("a.md", "VP", "https://e.example/", date(2026, 2, 3)), ArticleLink("b.md", "")),
    ("What does a CPO do?",),
)
