"""What an article holds beside its subject, and what must never be taken for it."""

import shutil
from pathlib import Path

import pytest

from index.articles import read_articles
from index.boilerplate import find_left_out
from index.documents import Block, Document, Span

_SEED = Path(__file__).parents[1] / "data" / "seed_article.txt"
_KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
_JANE = (
    "Jane Doe is a freelance writer and consultant based in Leeds. She writes about product "
    "leadership. In her spare time, she enjoys hiking."
)
_TOM = (
    "Tom Okafor leads marketing at Flowbase. He has over ten years of experience in SaaS. "
    "Outside of work, he is a keen cyclist and lives in Lagos with his wife."
)


def _left(text: str, title: str = "Product managers") -> list[tuple[str, str]]:
    found = find_left_out(text, [Block("paragraph", Span(0, len(text)))], title)
    return [(one.reason, text[one.span.start : one.span.end]) for one in found]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = tmp_path_factory.mktemp("seed")
    shutil.copy(_SEED, folder)
    (document,) = read_articles(folder).documents
    return document


def test_the_seed_article_loses_its_noise_and_nothing_else(seed: Document) -> None:
    left = [(one.reason, seed.text[one.span.start : one.span.end]) for one in seed.left_out]
    assert [(reason, text.split()[0], text.split()[-1]) for reason, text in left] == [
        ("biography", "Renga", "songs."),
        ("advert", "So,", "below."),
        ("advert", "Should", "Quiz"),
        ("advert", "If", "help."),
        ("advert", "CareerFoundry", "back."),
        ("advert", "Unlock", "certificates."),
        ("disclaimer", "However,", "situation."),
    ]


def test_the_seed_articles_orphans_and_first_person_stay(seed: Document) -> None:
    gone = "".join(seed.text[one.span.start : one.span.end] for one in seed.left_out)
    for kept in (
        "He\u2019d often return to the office",
        "In this article, I share my recommendations",
        "It is our job to set the tone",
        "The format and structure of your CV",
    ):
        assert kept in seed.text
        assert kept not in gone


def test_no_text_stands_under_a_heading_that_is_an_advert(seed: Document) -> None:
    assert not any("Quiz" in name for block in seed.blocks for name in block.heading)


def test_the_shipped_articles_lose_only_their_link_lists() -> None:
    for document in read_articles(_KNOWLEDGE).documents:
        for one in document.left_out:
            heading = document.text[one.span.start : one.span.end].split("\n")[0]
            assert (one.reason, heading) in {
                ("reference list", "Sources"),
                ("reference list", "Related articles"),
            }


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("advert", "Enrol in our product course and get 20% off."),
        ("advert", "Start your free 14-day trial today, no credit card required."),
        ("advert", "Ready to take the next step? Enroll in our Product Leadership course today."),
        ("advert", "Check out our certification course, trusted by over 10,000 students."),
        ("advert", "Use the code PM20 at checkout for 20% off the course."),
        ("advert", "We may earn a commission if you purchase through links on this page."),
        ("advert", "Join over 50,000 people who read our newsletter every Tuesday."),
        ("advert", "Get paired with a mentor and become job-ready in as little as six months."),
        ("advert", "If you liked this article, share it and subscribe to our newsletter."),
        ("disclaimer", "This article does not constitute legal or financial advice."),
        ("disclaimer", "The information here is for general informational purposes only."),
        ("disclaimer", "Please consult a lawyer before making any decision of this kind."),
        ("navigation", "\u00a9 2023 ProductCo. All rights reserved."),
        ("navigation", "We use cookies to improve your experience."),
        ("navigation", "Share this on LinkedIn"),
        ("navigation", "By subscribing, you agree to our privacy policy."),
        (
            "biography",
            _JANE,
        ),
        (
            "biography",
            _TOM,
        ),
    ],
)
def test_what_is_beside_the_subject_is_left_out_with_its_reason(reason: str, text: str) -> None:
    assert {found for found, _ in _left(text)} == {reason}
    assert sum(len(stretch) for _, stretch in _left(text)) > 0.8 * len(text)


@pytest.mark.parametrize(
    "text",
    [
        "A free trial lowers the barrier to entry, and a money-back guarantee lowers the risk.",
        "Our product was losing customers because our pricing page promised a free trial.",
        "If you want your team to own its goals, we suggest you stop assigning tasks.",
        "Sign up for the beta programmes of your competitors to learn how they onboard users.",
        "Join a product community to meet people who already hold the job you want.",
        "Book a session with our research team at least two weeks ahead.",
        "Read our hiring guide before you open a role.",
        "Contact us in #product-ops to request access to the roadmap tool.",
        "If you need help with pricing, we\u2019re here to help in #pricing.",
        "Want to become a product manager? Begin by taking on product work in your present job.",
        "Coursera is an online platform that offers courses from top universities.",
        "Talk to a lawyer before you sign a contract with a co-founder.",
        "Before making any decision, a product manager should look at the data.",
        "Marty Cagan is a partner at Silicon Valley Product Group and the author of Inspired.",
        "He leads a team of five product managers. He also teaches the team to run interviews.",
        "Stand out from the crowd by describing outcomes instead of tasks.",
        "See the GitLab handbook (https://handbook.gitlab.com) for a full job family.",
        "The course costs $1,999, and hundreds of people apply for each cohort.",
        "I share my recommendations to help you get ready for the new job.",
        "It is our job to set the tone, create a fertile environment and keep it healthy.",
        "Click-through rates tell you little about whether users found what they wanted.",
    ],
)
def test_honest_prose_about_products_and_selling_stays(text: str) -> None:
    assert _left(text) == []


def test_a_biography_of_the_documents_own_subject_stays() -> None:
    assert _left(_JANE, title="Jane Doe") == []


def _document(folder: Path, article: str) -> Document:
    (folder / "a.md").write_text(article)
    (document,) = read_articles(folder).documents
    return document


def _left_headings(document: Document) -> list[tuple[str, str]]:
    return [
        (one.reason, document.text[one.span.start : one.span.end].split("\n")[0])
        for one in document.left_out
    ]


def test_link_lists_and_the_author_at_the_end_are_left_out(tmp_path: Path) -> None:
    document = _document(
        tmp_path,
        "# T\n\nText.\n\n## References\n\n- Cagan, M. (2017). Inspired. Wiley.\n"
        "- [A page](https://a.b)\n\n## Related posts\n\n- What a CPO does\n- What a PM does\n\n"
        "## About the author\n\nA person.\n",
    )
    assert _left_headings(document) == [
        ("reference list", "References"),
        ("reference list", "Related posts"),
        ("biography", "About the author"),
    ]
    assert document.left_out[-1].span.end == len(document.text)


def test_a_section_on_references_that_is_prose_or_in_the_middle_stays(tmp_path: Path) -> None:
    prose = "Do not list your referees. Employers ask for them later."
    document = _document(tmp_path, f"# CVs\n\nText.\n\n## References\n\n{prose}\n")
    assert document.left_out == ()
    document = _document(tmp_path, "# CVs\n\n## Sources\n\n- A page\n\n## Pay\n\nMuch of it.\n")
    assert document.left_out == ()


def test_code_and_table_rows_are_never_judged() -> None:
    text = "Sign up for our free course today and get your money back!"
    for kind in ("code", "row"):
        assert find_left_out(text, [Block(kind, Span(0, len(text)))]) == ()
