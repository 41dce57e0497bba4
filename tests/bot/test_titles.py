"""Which titles a question names."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.titles import (
    MAX_CHARACTERS,
    Vocabulary,
    expand_abbreviations,
    find_titles,
    load_vocabulary,
)

VOCABULARY = load_vocabulary(Path(__file__).parents[2] / "knowledge" / "titles.toml")

PM = "product manager"
SENIOR = "senior product manager"
LEAD = "lead product manager"
STAFF = "staff product manager"
PRINCIPAL = "principal product manager"
GROUP = "group product manager"
DIRECTOR = "director of product"
HEAD = "head of product"
VP = "vp of product"
CPO = "chief product officer"
TECHNICAL = "technical product manager"
PROGRAM = "technical program manager"


def named(text: str, *, about_product: bool = False) -> list[str]:
    mentions = find_titles(text, VOCABULARY, about_product=about_product)
    return ["|".join(mention.readings) for mention in mentions]


def by_id(cases: dict[str, list[str]]) -> pytest.MarkDecorator:
    listed = [pytest.param(text, titles, id=text) for text, titles in cases.items()]
    return pytest.mark.parametrize(("text", "titles"), listed)


@by_id(
    {
        "What does a VP of Product do?": [VP],
        "CPO vs Head of Product": [CPO, HEAD],
        "whats next after senior pm": [SENIOR],
        "what do PMs do all day": [PM],
        "senior product managers' salaries": [SENIOR],
        "the head of product's salary": [HEAD],
        "heads of product and vps of product": [HEAD, VP],
        "directors of product": [DIRECTOR],
        "product-manager, head-of-product, vp-product": [PM, HEAD, VP],
        "VP, Product": [VP],
        "Senior Director, Product Management": ["senior director of product"],
        "V.P. of Product": [VP],
        "Sr. PM to Sr Product Mgr": [SENIOR, SENIOR],
        "chief product & technology officer": ["chief product and technology officer"],
        "headofproduct": [HEAD],
        "APM → PM → GPM": ["associate product manager", PM, GROUP],
        "what does product ops do": ["product operations manager"],
        "Head of\nproduct": [HEAD],
        "vice-president product": [VP],
        "director of PM": [DIRECTOR],
    }
)
def test_titles_are_found_however_they_are_written(text: str, titles: list[str]) -> None:
    assert named(text) == titles


@by_id(
    {
        "prodcut manger": [PM],
        "senoir pm": [SENIOR],
        "cheif product officer": [CPO],
        "vice presidant of product": [VP],
        "haed of prodcut": [HEAD],
        "principle product manager": [PRINCIPAL],
        "assosiate product manager": ["associate product manager"],
        "prdct managers": [PM],
    }
)
def test_a_mistyped_title_is_found_and_marked(text: str, titles: list[str]) -> None:
    mentions = find_titles(text, VOCABULARY)

    assert ["|".join(mention.readings) for mention in mentions] == titles
    assert all(mention.fuzzy for mention in mentions)


@pytest.mark.parametrize(
    "text",
    [
        "production manager",
        "produce manager",
        "product 12",
        "product of 12 and 7",
        "conduct manager",
        "protect manager",
        "the product manages itself",
        "we manage products",
        "product lead time",
        "lead the team",
        "my director heads the group",
        "the principal owner of the house",
        "head over heels",
        "senior, staff or principal engineer",
        "hop on a call at 5 pm",
        "call me at 3:30 PM",
        "pm me the file",
        "the president of the company",
        "nurse manager",
        "director of photography",
        "director vs vp in sales",
        "head vs vp of sales",
    ],
)
def test_ordinary_words_and_other_jobs_name_none_of_our_titles(text: str) -> None:
    assert [mention for mention in find_titles(text, VOCABULARY) if mention.ours] == []


def test_a_project_manager_never_becomes_a_product_manager() -> None:
    assert named("what does a project manager do") == ["project manager"]


def test_leading_product_managers_is_not_the_lead_product_manager() -> None:
    assert named("how do I lead product managers well?") == [PM]


@by_id(
    {
        "chief people officer": ["chief people officer"],
        "VP of Sales": ["vp of sales"],
        "sales vp": ["vp of sales"],
        "vice president of engineering": ["vp of engineering"],
        "VP of customer success": ["vp of customer success"],
        "chief happiness officer": ["chief happiness officer"],
        "head of product design": ["head of product design"],
        "director of product security": ["director of product security"],
        "vp of slaes": ["vp of sales"],
        "EM": ["engineering manager"],
    }
)
def test_a_neighbour_is_found_and_is_not_ours(text: str, titles: list[str]) -> None:
    mentions = find_titles(text, VOCABULARY)

    assert ["|".join(mention.readings) for mention in mentions] == titles
    assert not any(mention.ours for mention in mentions)


@by_id(
    {
        "junior, senior or lead PM": ["junior product manager", SENIOR, LEAD],
        "senior vs principal pm": [SENIOR, PRINCIPAL],
        "senoir vs principal pm": [SENIOR, PRINCIPAL],
        "senior and staff product managers": [SENIOR, STAFF],
        "senior/lead/principal product manager": [SENIOR, LEAD, PRINCIPAL],
        "director vs vp vs head of product": [DIRECTOR, VP, HEAD],
        "director vs. head": [DIRECTOR, HEAD],
        "head vs vp": [HEAD, VP],
        "which is more senior, head or VP?": [HEAD, VP],
        "is head of product higher than vp": [HEAD, VP],
        "VP vs CPO": [VP, CPO],
        "PM, senior PM, or group?": [PM, SENIOR, GROUP],
        "from PM to director": [PM, DIRECTOR],
        "how does a senior PM become a director?": [SENIOR, DIRECTOR],
        "I'm a PM. What comes after senior?": [PM, SENIOR],
        "product, project and program managers": [PM, "project manager", "program manager"],
        "product vs project manager": [PM, "project manager"],
        "technical product vs technical program manager": [TECHNICAL, PROGRAM],
        "data and AI product managers": ["data product manager", "ai product manager"],
        "senior growth PM": [SENIOR, "growth product manager"],
        "head vs vp of sales": ["vp of sales"],
        "how much do senior PMs and directors earn": [SENIOR, DIRECTOR],
        "diff between sr pm & principal": [SENIOR, PRINCIPAL],
        "PM vs senior engineer": [PM, "senior engineer"],
    }
)
def test_a_list_names_every_title_in_it(text: str, titles: list[str]) -> None:
    assert named(text) == titles


@by_id(
    {
        "CPO (chief people officer)": ["chief people officer"] * 2,
        "chief privacy officer (CPO)": ["chief privacy officer"] * 2,
        "cpo as in procurement": ["chief procurement officer"],
        "CPO, i.e. chief people officer": ["chief people officer"] * 2,
        "our procurement CPO": ["chief procurement officer"],
        "I'm a chief people officer. What should a CPO know?": ["chief people officer"] * 2,
        "CPO vs chief people officer": [CPO, "chief people officer"],
        "PM (project manager)": ["project manager"] * 2,
        "how does a project manager become a PM": ["project manager", PM],
        "technical program manager (TPM)": [PROGRAM] * 2,
        "TPM vs technical program manager": [TECHNICAL, PROGRAM],
    }
)
def test_an_explicit_expansion_beats_an_abbreviation(text: str, titles: list[str]) -> None:
    assert named(text) == titles


@by_id(
    {
        "what is a TPM": [f"{TECHNICAL}|{PROGRAM}"],
        "can a PM on a construction project code": [f"{PM}|project manager"],
        "what does a CPO do": [
            f"{CPO}|chief people officer|chief procurement officer|chief privacy officer"
        ],
        "what does a CPO do about GDPR": [f"{CPO}|chief privacy officer"],
    }
)
def test_an_abbreviation_nothing_settles_keeps_its_readings(text: str, titles: list[str]) -> None:
    assert named(text) == titles


@by_id(
    {"CPO at a product company": [CPO], "CPO vs PM": [CPO, PM], "PO or PM": ["product owner", PM]}
)
def test_talk_of_product_settles_an_abbreviation(text: str, titles: list[str]) -> None:
    assert named(text) == titles


@by_id({"what does a hop do": [HEAD], "cpo vs hop": [CPO, HEAD], "HoP": [HEAD], "hop in": []})
def test_letters_that_are_a_word_count_only_as_a_title(text: str, titles: list[str]) -> None:
    assert named(text) == titles


def test_a_word_alone_is_a_title_only_when_the_talk_is_about_product() -> None:
    assert named("and a director?") == []
    assert named("and a director?", about_product=True) == [DIRECTOR]


@pytest.mark.parametrize("title", VOCABULARY.titles, ids=lambda title: title.name)
def test_every_name_of_the_shipped_vocabulary_finds_its_title(title) -> None:
    for phrase in (title.name, title.display, *title.spellings, *title.abbreviations):
        found = find_titles(phrase, VOCABULARY)
        shared = [each for each in VOCABULARY.abbreviations if each.letters == phrase]
        if not shared:
            assert [mention.readings for mention in found] == [(title.name,)], phrase
        assert len(found) == 1, phrase


@pytest.mark.parametrize("neighbour", VOCABULARY.neighbours, ids=lambda each: each.name)
def test_no_name_of_a_neighbour_is_taken_for_ours(neighbour) -> None:
    for phrase in (neighbour.name, *neighbour.spellings, *neighbour.abbreviations):
        found = find_titles(phrase, VOCABULARY)
        assert [(mention.readings, mention.ours) for mention in found] == [
            ((neighbour.name,), False)
        ], phrase


# Common titles, link words and punctuation, in any order: what a list or an expansion is made of.
WORDS = (
    "PM CPO senior or , vs head of product ( ) as in people TPM's directors lead VP PO hop 5 . "
    "prodcut manger project sr. & / a the"
)
PIECES = st.sampled_from(WORDS.split())


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map(" ".join)))
def test_mentions_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    done = 0
    for mention in find_titles(text, VOCABULARY):
        assert done <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.readings
        done = mention.end


@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_expanding_never_drops_a_word_that_is_typed_well(text: str) -> None:
    mentions = find_titles(text, VOCABULARY)

    expanded = expand_abbreviations(text, mentions, VOCABULARY)

    if not any(mention.fuzzy for mention in mentions):
        assert all(word.strip("().,") in expanded for word in text.split())


def test_an_empty_vocabulary_finds_nothing() -> None:
    assert find_titles("CPO vs head of product", Vocabulary.empty()) == ()


def test_text_beyond_the_limit_is_not_read() -> None:
    assert named("x " * (MAX_CHARACTERS // 2) + "head of product") == []


@pytest.mark.parametrize(
    "unit", ["CPO (", "senior or ", "hop vs ", "prodcut manger ", "presidant ", "PM, senior "]
)
def test_twenty_thousand_characters_take_a_bounded_time(unit: str) -> None:
    started = time.perf_counter()

    find_titles((unit * 20_000)[:20_000], VOCABULARY)

    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("CPO vs hop", "CPO (chief product officer) vs hop (head of product)"),
        ("what's a tpm?", f"what's a tpm ({TECHNICAL} or {PROGRAM})?"),
        ("prodcut manger to vp", "product manager to vp (vp of product)"),
        ("chief product officer (CPO) pay", "chief product officer (CPO) pay"),
        ("senior vs principal pm", f"senior ({SENIOR}) vs principal pm ({PRINCIPAL})"),
        ("PM or PM", "PM (product manager) or PM"),
        ("CPO (chief people officer)", "CPO (chief people officer)"),
        ("VP of sales", "VP of sales"),
    ],
    ids=lambda text: text[:24],
)
def test_our_abbreviations_are_spelled_out_once(text: str, expanded: str) -> None:
    assert expand_abbreviations(text, find_titles(text, VOCABULARY), VOCABULARY) == expanded
