"""The titles file: what it says, and how its mistakes are reported."""

from pathlib import Path

import pytest

from bot.answering.titles import (
    Vocabulary,
    VocabularyError,
    find_titles,
    level,
    load_vocabulary,
    next_titles,
)

SHIPPED = Path(__file__).parents[2] / "knowledge" / "titles.toml"
VOCABULARY = load_vocabulary(SHIPPED)
ARTICLES = {path.stem for path in SHIPPED.parent.rglob("*.md")}

TITLE = '[[title]]\nname = "head of product"\ntrack = "executive"\nlevel = 1\n'


@pytest.fixture
def load(tmp_path):
    def _load(text: str) -> Vocabulary:
        path = tmp_path / "titles.toml"
        path.write_text(text, encoding="utf-8")
        return load_vocabulary(path)

    return _load


def test_a_missing_file_gives_the_empty_vocabulary(tmp_path) -> None:
    assert load_vocabulary(tmp_path / "titles.toml") == Vocabulary.empty()


def test_an_empty_file_gives_the_empty_vocabulary(load) -> None:
    assert load("") == Vocabulary.empty()


def test_a_title_needs_only_a_name_and_a_track(load) -> None:
    vocabulary = load('[[title]]\nname = "head of product"\ntrack = "executive"\n')

    (mention,) = find_titles("Heads of Product", vocabulary)

    assert mention.readings == ("head of product",)
    assert vocabulary.titles[0].display == "head of product"
    assert vocabulary.level("head of product") is None


@pytest.mark.parametrize(
    ("text", "report"),
    [
        pytest.param('[[title]]\ntrack = "manager"\n', r"line 1: a title needs a name", id="name"),
        pytest.param(
            TITLE + 'nmae = "hop"\n', r"line 5: unknown key 'nmae'; a title may have name", id="key"
        ),
        pytest.param(
            TITLE + 'spellings = "hop"\n', r"line 5: spellings must be a list of texts", id="type"
        ),
        pytest.param(
            TITLE.replace("level = 1", 'level = "one"'),
            r"line 4: level must be a whole",
            id="level",
        ),
        pytest.param(
            TITLE.replace("executive", "boss"), r"line 3: unknown track 'boss'; it is", id="track"
        ),
        pytest.param('[[title]]\nname = "x y"\n', r"line 1: no track; it is one of", id="no track"),
        pytest.param(
            TITLE.replace("head of", "Head of"), r"line 2: name 'Head of product' must", id="case"
        ),
        pytest.param(TITLE + TITLE, r"line 6: 'head of product' of .* is already", id="twice"),
        pytest.param(
            TITLE
            + '\n[[neighbour]]\nname = "head"\nspellings = [\n  "x",\n  "head-of-product",\n]\n',
            r"line 10: 'head-of-product' of 'head' is already a name of 'head of product'",
            id="spelling of another",
        ),
        pytest.param(
            TITLE + 'abbreviations = ["HP"]\n[[neighbour]]\nname = "pc"\nabbreviations = ["HP"]\n',
            r"line 8: HP stands for 'head of product' and 'pc': explain it",
            id="letters of two",
        ),
        pytest.param(
            TITLE + 'abbreviations = ["HP"]\n[[abbreviation]]\nletters = "HP"\n'
            'readings = [{ name = "horse power", ours = false }]\n',
            r"line 5: HP has an \[\[abbreviation\]\] without the reading 'head of product'",
            id="explained without the title",
        ),
        pytest.param(
            '[[abbreviation]]\nletters = "CPO"\n',
            r"line 1: .* needs letters and readings",
            id="bare",
        ),
        pytest.param(
            '[[abbreviation]]\nletters = "CPO"\nreadings = [{ name = "chief", ours = true }]\n',
            r"line 3: 'chief' is marked ours but is the name of no \[\[title\]\]",
            id="ours without a title",
        ),
        pytest.param(
            TITLE + '[[abbreviation]]\nletters = "HoP"\ndefault = "hops"\n'
            'readings = [{ name = "head of product", ours = false }]\n',
            r"line 7: default 'hops' is none(.|\n)*line 8: 'head of product' is the name of a",
            id="default and ours",
        ),
        pytest.param(
            TITLE + '[ladder]\norder = [\n  "head of product",\n  "king of product",\n]\n',
            r"line 8: the ladder names an unknown title 'king of product'",
            id="ladder",
        ),
        pytest.param(
            TITLE.replace("level = 1\n", "") + '[ladder]\norder = ["head of product"]\n',
            r"line 5: the ladder names 'head of product', which has no level",
            id="ladder without level",
        ),
        pytest.param(TITLE + "[laddr]\n", r"line 5: unknown key 'laddr'", id="section"),
        pytest.param(
            '[variants]\n"of product" = "x"\n', r"line 2: 'of product' must be", id="variant"
        ),
        pytest.param(
            "[words.shorthand]\nsr = 1\n", r"line 2: 'sr' must be text, not 1", id="short"
        ),
        pytest.param('[[title]]\nname = "a\n', r"cannot be read: .*line 2", id="no TOML"),
    ],
)
def test_a_mistake_is_reported_by_its_line(load, text: str, report: str) -> None:
    with pytest.raises(VocabularyError, match=report):
        load(text)


def test_all_mistakes_are_reported_together_in_the_order_of_the_file(load) -> None:
    text = TITLE + 'lvl = 2\n\n[[title]]\ntrack = "boss"\n\n[[neighbour]]\nspellings = 3\n'

    with pytest.raises(VocabularyError, match=r"5 problems") as caught:
        load(text)

    lines = [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert lines == ["line 5", "line 7", "line 8", "line 10", "line 11"]


def test_a_file_that_is_not_text_is_reported(tmp_path) -> None:
    path = tmp_path / "titles.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(VocabularyError, match=r"titles\.toml cannot be read"):
        load_vocabulary(path)


def test_every_slug_of_the_shipped_vocabulary_is_an_article() -> None:
    assert {title.slug for title in VOCABULARY.titles if title.slug} <= ARTICLES


def test_the_ladder_cautions_that_the_order_varies() -> None:
    assert "varies by company" in VOCABULARY.ladder.caution
    assert "head of product or a VP of product" in VOCABULARY.ladder.caution


def test_the_ladder_rises() -> None:
    levels = [level(name, VOCABULARY) or 0 for name in VOCABULARY.ladder.order]

    assert levels == sorted(levels)


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("associate product manager", ("junior product manager", "product manager")),
        ("product manager", ("senior product manager",)),
        (
            "senior product manager",
            (
                "lead product manager",
                "group product manager",
                "staff product manager",
                "principal product manager",
            ),
        ),
        (
            "director of product",
            ("senior director of product", "head of product", "vp of product"),
        ),
        ("VP of product", ("svp of product", "chief product officer")),
        ("chief product officer", ()),
        ("product owner", ()),
        ("astronaut", ()),
    ],
)
def test_what_comes_next_is_the_next_main_title_and_any_rung_between(
    name: str, following: tuple[str, ...]
) -> None:
    assert next_titles(name, VOCABULARY) == following


def test_a_title_beside_the_ladder_has_no_level() -> None:
    assert level("product owner", VOCABULARY) is None
    assert level("Head of Product", VOCABULARY) == level("VP of product", VOCABULARY)
