"""Every check of the knowledge folder finds what is wrong in one way, and nothing in a good one."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.answering.titles import Vocabulary, load_vocabulary
from bot.cli import FAILED, OK, USAGE, main
from bot.domain import Answer, Clarification, Exchange, NoAnswer, Question, QuotedSentence, cite
from bot.knowledge.answers import AnswerShares
from bot.knowledge.checking import Report, check_folder
from bot.knowledge.findings import Finding
from bot.knowledge.prose import leans, subject_finder
from bot.knowledge.reading import Article, read_folder
from bot.knowledge.rules import read_rules
from bot.knowledge.template import new_article, slug_of
from index.errors import ArticleError
from tests import replies

SHIPPED = Path(__file__).parent.parent.parent / "knowledge"

LIBRARY = """\
required = ["title", "slug", "aliases", "roles", "level", "audience", "questions", "updated",
            "related", "sources"]
source_fields = ["title", "address", "date", "facts"]
levels = ["entry", "all"]
audiences = ["leader", "outside"]
words = [10, 60]
sentence_words = 20
facts = ["F01-F03"]

[[exemption]]
article = "glossary.md"
words = [3, 9]
without = ["questions"]
"""
TITLES = """\
[[title]]
name = "vp of product"
abbreviations = ["VPP"]
track = "executive"

[[title]]
name = "head of product"
track = "executive"
"""
VP = """\
---
title: "VP of product"
slug: vp-of-product
aliases: ["VPP"]
roles: ["vp of product"]
level: all
audience: [leader]
questions:
  - "What does a VP of product do?"
updated: 2026-11-23
related: [head-of-product]
sources:
  - title: "A handbook"
    address: "example.org/handbook"
    date: "c. 2024"
    facts: [F01, F02]
---

# VP of product

A VP of product leads the product function of a company.

## What does a VP of product do?

A VP of product sets priorities together with the directors, says a handbook (2024).

## Sources

- A handbook. example.org/handbook. Date: c. 2024.

## Related articles

- Head of product (head-of-product)
"""
HEAD = """\
---
title: "Head of product"
slug: head-of-product
aliases: []
roles: ["head of product"]
level: entry
audience: [leader, outside]
questions: ["Who is a head of product?"]
updated: 2026-11-23
related: [vp-of-product]
sources:
  - title: "A guide"
    address: "example.org/guide"
    date: "undated"
    facts: [F03]
---

# Head of product

A head of product owns everything that a small company builds.

## Sources

- A guide. example.org/guide. Date: undated.
"""
GLOSSARY = (
    HEAD.replace('"Head of product"', '"Glossary"')
    .replace("head-of-product", "glossary")
    .replace('questions: ["Who is a head of product?"]\n', "")
    .replace("# Head of product", "# Glossary")
    .replace("A head of product owns everything that a small company builds.", "OKRs set goals.")
)
FOLDER = {
    "library.toml": LIBRARY,
    "titles.toml": TITLES,
    "roles/vp-of-product.md": VP,
    "roles/head-of-product.md": HEAD,
    "glossary.md": GLOSSARY,
}


def _folder(root: Path, **changes: str | None) -> Path:
    """Write the good folder with some files changed, or None for left out."""
    for path, text in {**FOLDER, **changes}.items():
        if text is not None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    return root


def _changed(root: Path, old: str, new: str, path: str = "roles/vp-of-product.md") -> Report:
    """Check the good folder with one text of one file replaced."""
    assert old in FOLDER[path]
    return check_folder(_folder(root, **{path: FOLDER[path].replace(old, new, 1)}))


def test_a_good_folder_has_no_findings(tmp_path):
    report = check_folder(_folder(tmp_path))
    assert report.findings == ()
    assert report.answers is None


_VP = "roles/vp-of-product.md"


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        pytest.param("level: all\n", "", "no `level` in the front matter", 1, id="missing"),
        pytest.param("level: all", "level: [all]", "`level` must be text", 6, id="level no text"),
        pytest.param("level: all", "level: boss", "`level` 'boss' is not one of", 6, id="level"),
        pytest.param("[leader]", "[all]", "`audience` 'all' is not one of", 7, id="audience"),
        pytest.param('["VPP"]', "VPP", "`aliases` must be a list of texts", 4, id="aliases"),
        pytest.param("do?", "do", "`questions` must be a list of questions", 8, id="questions"),
        pytest.param("2026-11-23", "soon", "`updated` must be a date", 10, id="updated"),
        pytest.param("[head-of-product]", "Head", "`related` must be a list", 11, id="related"),
        pytest.param('"c. 2024"', "", "source 1 (A handbook) has no `date`", 13, id="no date"),
        pytest.param("[F01, F02]", "F01", "`facts` must be a list of ids", 13, id="facts"),
        pytest.param("F02]", "F02, F09]", "names F09, which is not among", 13, id="wrong fact"),
        pytest.param('"VP of product"\n', '"VP\n', "front matter cannot be read", 4, id="no YAML"),
        pytest.param("head-of-product]", "cpo]", "there is no article 'cpo'", 11, id="no relation"),
        pytest.param(
            "slug: vp-of-product", "slug: vp", "'vp' is not the file's name", 3, id="slug"
        ),
        pytest.param(
            '["vp of product"]', '["VPP"]', "'VPP' is not the name of a [[title]]", 5, id="role"
        ),
        pytest.param("- A handbook.", "- A book.", "lists 'A book.", 29, id="sources differ"),
    ],
)
def test_what_is_wrong_in_an_article_is_an_error_at_its_line(tmp_path, old, new, message, line):
    report = _changed(tmp_path, old, new)
    found = [one for one in report.findings if message in one.message]
    assert [(one.path, one.line, one.severity) for one in found] == [(_VP, line, "error")]


def test_a_source_that_the_body_does_not_list_is_an_error(tmp_path):
    (found,) = _changed(tmp_path, "- A handbook. example.org/handbook. Date: c. 2024.", "").findings
    assert found.message.startswith('"Sources" does not list A handbook, example.org/handbook')


def test_sources_without_their_section_are_an_error(tmp_path):
    (found,) = _changed(tmp_path, "## Sources", "## References").findings
    assert found.message == 'no section "Sources" for the sources of the front matter'


def test_a_role_that_is_an_abbreviation_is_told_its_name(tmp_path):
    (found,) = _changed(tmp_path, '["vp of product"]', '["VPP"]').findings
    assert found.message.endswith("is 'vp of product' meant?")


def test_a_slug_that_is_given_twice_is_an_error_in_both_articles(tmp_path):
    report = check_folder(_folder(tmp_path, **{"hiring/vp-of-product.md": VP + "\nMore of it.\n"}))
    found = [one for one in report.findings if "is also that of" in one.message]
    assert [(one.path, one.line) for one in found] == [("hiring/vp-of-product.md", 3), (_VP, 3)]


def test_an_unknown_field_is_a_warning(tmp_path):
    report = _changed(tmp_path, "level: all", "level: all\nalias: VPP")
    assert [(one.severity, one.line) for one in report.findings] == [("warning", 7)]


def test_a_fact_that_no_article_uses_is_an_error(tmp_path):
    (found,) = _changed(tmp_path, "[F01, F02]", "[F02]").findings
    assert found == Finding("library.toml", "no article uses F01")


@pytest.mark.parametrize("sentence", ["Too short.", "VP of product. " * 20], ids=["short", "long"])
def test_an_article_of_the_wrong_length_is_an_error(tmp_path, sentence):
    body = VP[: VP.index("A VP of product leads")] + sentence + VP[VP.index("\n## Sources") :]
    report = check_folder(_folder(tmp_path, **{_VP: body}))
    assert any("words; from 10 to 60 are wanted" in one.message for one in report.findings)


def test_an_exempted_article_has_its_own_limits(tmp_path):
    report = _changed(
        tmp_path, "OKRs set goals.", "OKRs set goals for a quarter or a year.", "glossary.md"
    )
    assert "10 words; from 3 to 9 are wanted" in report.findings[0].message


def test_lists_of_sources_and_relations_do_not_count_as_words(tmp_path):
    few = {one.path: one.words for one in check_folder(_folder(tmp_path)).figures}[_VP]
    more = VP.replace("## Related articles", "- B.\n- C.\n\n## Related articles\n\n- D")
    report = check_folder(_folder(tmp_path, **{_VP: more}))
    assert {one.path: one.words for one in report.figures}[_VP] == few


def test_a_long_sentence_is_an_error_at_its_line(tmp_path):
    long = "A VP of product " + "very " * 20 + "often leads."
    (found,) = _changed(tmp_path, "A VP of product leads", f"{long} A VP leads").findings
    assert found.message.startswith("a sentence of 26 words, more than 20: 'A VP of product very")
    assert found.line == 21


def test_a_sentence_that_begins_with_a_pronoun_is_a_warning(tmp_path):
    (found,) = _changed(tmp_path, "A VP of product sets", "They set").findings
    assert (found.severity, found.line) == ("warning", 25)
    assert found.message.startswith("begins with a pronoun")


@pytest.mark.parametrize(
    ("sentence", "leaning"),
    [
        ("They lead.", True),
        ("“It's a job.", True),
        ("This role leads.", True),
        ("IT departments lead.", False),
        ("Theory leads.", False),
        ("A VP leads them.", False),
        ("", False),
    ],
)
def test_a_leaning_sentence_begins_with_a_pronoun_or_demonstrative(sentence, leaning):
    assert leans(sentence) is leaning


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("A VPP leads.", True),
        ("Growth product management is new.", False),
        ("A head of product leads.", True),
        ("Product operations (product ops) helps.", True),
        ("ProdOps helps.", True),
        ("Somebody helps.", False),
        ("It is the head of product.", False),
    ],
)
def test_a_sentence_names_its_subject_by_a_title_or_the_articles_own_names(
    tmp_path, sentence, named
):
    text = '---\ntitle: "Product operations (product ops)"\naliases: [prodops]\n---\n\nText.\n'
    articles, _ = read_folder(_folder(tmp_path, **{"ops.md": text}))
    (article,) = [one for one in articles if one.path == "ops.md"]
    finder = subject_finder(article, load_vocabulary(tmp_path / "titles.toml"))
    assert finder(sentence) is named


def test_the_share_of_sentences_that_name_their_subject_is_reported(tmp_path):
    report = _changed(tmp_path, "A VP of product leads", "Nobody leads")
    figures = {one.path: one for one in report.figures}[_VP]
    assert (figures.words, figures.sentences, figures.naming, figures.share) == (32, 2, 1, 0.5)


def test_a_sentence_that_stands_in_two_articles_is_a_warning(tmp_path):
    same = "A VP of product sets priorities together with the directors, says a handbook."
    report = _changed(
        tmp_path,
        "# Head of product\n",
        f"# Head of product\n\n{same}\n",
        "roles/head-of-product.md",
    )
    (found,) = report.findings
    assert (found.path, found.line, found.severity) == (_VP, 25, "warning")
    assert "nearly repeats roles/head-of-product.md:20: " in found.message


def test_a_short_sentence_may_stand_in_two_articles(tmp_path):
    report = _changed(tmp_path, "OKRs set goals.", "OKRs set goals.", "glossary.md")
    again = _folder(
        tmp_path, **{_VP: VP.replace("A VP of product leads", "OKRs set goals. A VP leads")}
    )
    assert (*report.findings, *check_folder(again).findings) == ()


def test_a_titles_file_that_cannot_be_used_is_an_error(tmp_path):
    report = _changed(tmp_path, 'track = "executive"', 'track = "boss"', "titles.toml")
    assert [one.path for one in report.findings] == ["titles.toml"]
    assert "line 4: unknown track 'boss'" in report.findings[0].message


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ('levels = ["entry", "all"]', "levels = 3", "levels: a list of texts", 4),
        ("sentence_words = 20", "sentence_words = -1", "sentence_words: a whole number", 7),
        ("words = [10, 60]", "words = [60, 10]", "words: the least comes first", 6),
        ("words = [10, 60]", "words = 60", "words: two whole numbers", 6),
        ('"F01-F03"', '"F03-F01"', "does not lead from one id up", 8),
        ('"F01-F03"', '"first"', "'first' is not like F001", 8),
        ("sentence_words = 20", "sentence = 20", "unknown entry 'sentence'", 7),
        ('article = "glossary.md"\n', "", "exemption: each needs the path", 10),
        ('without = ["q', 'but = ["q', "unknown entry 'but'", 13),
    ],
)
def test_a_wrong_entry_of_the_library_file_is_an_error_at_its_line(
    tmp_path, old, new, message, line
):
    assert old in LIBRARY
    _, findings = read_rules(_folder(tmp_path, **{"library.toml": LIBRARY.replace(old, new, 1)}))
    assert [(one.path, one.line) for one in findings] == [("library.toml", line)]
    assert message in findings[0].message


def test_a_library_file_that_is_no_toml_is_an_error(tmp_path):
    report = check_folder(_folder(tmp_path, **{"library.toml": "words ="}))
    assert report.findings[0].path == "library.toml"
    assert report.findings[0].message.startswith("cannot be read")


def test_a_folder_without_a_library_file_is_asked_for_little(tmp_path):
    (tmp_path / "plain.md").write_text("# A title\n\nOne sentence.\n", encoding="utf-8")
    assert check_folder(tmp_path).findings == ()
    (tmp_path / "untitled.md").write_text("One more sentence.\n", encoding="utf-8")
    (found,) = check_folder(tmp_path).findings
    assert (found.path, found.severity) == ("untitled.md", "error")
    assert found.message.startswith("no title")


def test_what_cannot_be_indexed_is_an_error(tmp_path):
    (_folder(tmp_path) / "odd.txt").write_bytes(b"\x00\x01\xff" * 400)
    (tmp_path / "empty.md").touch()
    report = check_folder(tmp_path)
    assert Finding("empty.md", "cannot be indexed: empty file") in report.findings
    assert ("odd.txt", "error") in [(one.path, one.severity) for one in report.findings]


@pytest.mark.parametrize(
    "front", ["level: &a [*a]", "sources: &a [{title: *a}]", "- a\n- b", "a: [1", "? [a]\n: b"]
)
def test_odd_front_matter_is_an_error_and_no_crash(tmp_path, front):
    article = f"---\n{front}\n---\n\n# Odd\n\nSome of the words that an article needs to be read.\n"
    report = check_folder(_folder(tmp_path, **{"odd.md": article}))
    assert {one.path for one in report.findings if one.severity == "error"} == {"odd.md"}


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ArticleError, match="does not exist"):
        check_folder(tmp_path / "nowhere")


def test_the_library_file_is_no_article(tmp_path):
    articles, problems = read_folder(_folder(tmp_path))
    assert [one.path for one in articles] == [
        "glossary.md",
        "roles/head-of-product.md",
        "roles/vp-of-product.md",
    ]
    assert problems == ()


# Answers --------------------------------------------------------------------------------------


def _answer(*found: str, cited: str | None) -> Exchange:
    hits = tuple(
        replies.hit("A VP leads.", rank=at, article=one) for at, one in enumerate(found, 1)
    )
    question = Question("?", "?")
    if cited is None:
        return Exchange(NoAnswer(question, "Not known."), hits)
    citation = cite(replies.hit("A VP leads.", article=cited), hits[0].span, 1)
    quoted = (QuotedSentence(citation.quote, 1),)
    return Exchange(Answer(question, "VP", quoted, (citation,), 0.9), hits)


_HEAD, _GLOSSARY = "roles/head-of-product.md", "glossary.md"


@pytest.mark.parametrize(
    ("exchange", "severity", "message"),
    [
        pytest.param(
            _answer(_HEAD, _VP, cited=_VP), "warning", "finds this article at rank 2", id="second"
        ),
        pytest.param(
            _answer(_VP, _HEAD, cited=_HEAD), "warning", "is answered from other", id="not cited"
        ),
        pytest.param(
            _answer(_HEAD, "a.md", "b.md", _VP, cited=_HEAD), "error", "at rank 4", id="fourth"
        ),
        pytest.param(
            _answer(_HEAD, _HEAD, cited=_VP), "warning", "does not find this", id="only cited"
        ),
        pytest.param(
            _answer(_HEAD, _HEAD, _GLOSSARY, cited=_HEAD),
            "error",
            "does not find this article among the best passages; is answered from other articles; "
            "found: roles/head-of-product.md, glossary.md",
            id="not found",
        ),
        pytest.param(_answer(_VP, cited=None), "error", "gets no answer", id="no answer"),
        pytest.param(
            Exchange(Clarification(Question("?", "?"), "Which?", ("a", "b")), (replies.VP,)),
            "error",
            "gets a question back",
            id="question back",
        ),
    ],
)
def test_a_question_must_be_answered_from_its_own_article(tmp_path, exchange, severity, message):
    good = {"What does a VP of product do?": exchange}
    report = check_folder(
        _folder(tmp_path), lambda text: good.get(text, _answer(_HEAD, cited=_HEAD))
    )
    (found,) = report.findings
    assert (found.path, found.line, found.severity) == (_VP, 9, severity)
    assert found.message.startswith("'What does a VP of product do?' ")
    assert message in found.message


def test_the_shares_of_questions_are_counted(tmp_path):
    report = check_folder(_folder(tmp_path), lambda _: _answer(_HEAD, _VP, cited=_HEAD))
    assert report.answers == AnswerShares(asked=2, first=1, among_three=2, answered=2, cited=1)


# The shipped library and the command line -----------------------------------------------------


def test_the_shipped_library_has_no_error():
    report = check_folder(SHIPPED)
    assert [one for one in report.findings if one.severity == "error"] == []
    assert len(report.figures) == 39
    assert not any("begins with a pronoun" in one.message for one in report.findings)


def _run(folder: Path, *argv: str) -> int:
    index = ["--index", str(folder.parent / "no-index")]
    return main(["knowledge", *argv, "--knowledge", str(folder), *index], {})


def test_the_check_prints_findings_and_a_table_and_fails_on_an_error(tmp_path, capsys):
    folder = _folder(tmp_path / "good")
    assert _run(folder, "check") == OK
    shown = capsys.readouterr().out
    assert "roles/vp-of-product.md       35          2                  100%" in shown
    assert "questions: not asked: there is no index yet; run `pmrole index build`" in shown
    assert shown.endswith("0 errors, 0 warnings\n")
    _folder(folder, **{_VP: VP.replace("level: all", "level: boss")})
    assert _run(folder, "check", "--no-answers") == FAILED
    shown = capsys.readouterr().out
    assert shown.startswith(f"{_VP}\n  error line 6: `level` 'boss' is not one of entry, all\n")


def test_the_check_as_json(tmp_path, capsys):
    folder = _folder(tmp_path / "odd", **{_VP: VP.replace("A VP of product sets", "They set")})
    assert _run(folder, "check", "--no-answers", "--json") == OK
    printed = json.loads(capsys.readouterr().out)
    assert (printed["errors"], printed["warnings"], printed["questions"]) == (0, 1, None)
    assert printed["findings"][0]["path"] == _VP
    assert printed["articles"][2]["share"] == 0.5


def test_a_new_article_passes_every_check_but_says_nothing_yet(tmp_path, capsys):
    folder = _folder(tmp_path / "articles")
    assert _run(folder, "new", "The VPP's first week: a “short” guide", "--topic", "careers") == OK
    path = folder / "careers" / "the-vpps-first-week-a-short-guide.md"
    assert str(path) in capsys.readouterr().out
    report = check_folder(folder)
    assert [(one.path, one.severity) for one in report.findings] == [
        (path.relative_to(folder).as_posix(), "warning")
    ]
    assert report.findings[0].message.startswith("all of it is left out")
    articles, _ = read_folder(folder)
    (article,) = [one for one in articles if one.path.startswith("careers/")]
    assert article.texts("roles") == ("vp of product",)
    assert article.title == "The VPP's first week: a “short” guide"


def test_the_guidance_of_a_new_article_is_never_indexed(tmp_path):
    article = _new(tmp_path, "Salaries")
    assert article.document is not None
    assert "Delete" not in article.document.text
    assert "<!--" not in article.document.text
    assert article.sentences == ()


def test_a_new_article_fits_a_folder_without_settings(tmp_path):
    _new(tmp_path, "Salaries")
    assert check_folder(tmp_path).count("error") == 0


def test_a_new_article_overwrites_nothing(tmp_path, capsys):
    folder = _folder(tmp_path / "articles")
    assert _run(folder, "new", "VP of Product!") == FAILED
    assert "vp-of-product.md exists already" in capsys.readouterr().err
    assert (folder / _VP).read_text("utf-8") == VP


@pytest.mark.parametrize(
    ("title", "topic"), [("?!", ""), ("Pay", "../elsewhere"), ("Pay", "/elsewhere")]
)
def test_a_new_article_has_a_name_and_stays_in_the_folder(tmp_path, title, topic, capsys):
    folder = _folder(tmp_path / "articles")
    assert _run(folder, "new", title, "--topic", topic) == USAGE
    assert capsys.readouterr().err.startswith("pmrole: the t")
    assert not (tmp_path / "elsewhere").exists()


def test_a_new_article_needs_a_folder(tmp_path, capsys):
    assert _run(tmp_path / "nowhere", "new", "Pay") == FAILED
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("CPO vs head of product", "cpo-vs-head-of-product"),
        ("  What's a “PM”?  ", "whats-a-pm"),
        ("Café & rôles / 2026", "cafe-roles-2026"),
        ("产品", ""),
    ],
)
def test_a_slug_is_made_of_a_title(title, slug):
    assert slug_of(title) == slug


def _new(folder: Path, title: str) -> Article:
    rules, _ = read_rules(folder)
    new_article(folder, title, today=date(2026, 11, 23), rules=rules, vocabulary=Vocabulary.empty())
    articles, _ = read_folder(folder)
    return articles[0]
