"""Which answers a new generation loses, changes and gains."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.reindexing.comparing import WITHIN_S, AnswerDiff, ChangedAnswer, compare_answers
from index.generation_store import GenerationStore
from index.opening import FixedIndex
from tests.bot.reindexing.folders import ARTICLES, DISCOVERY
from tests.builds import build, write_articles
from tests.fakes import HashingEmbedder
from tests.library import KNOWLEDGE

VP, ROADMAP = "What does a VP of product do?", "What is a roadmap?"


@pytest.fixture
def answers(tmp_path):
    """Give what answers from some articles, and their paths."""
    opened: list[FixedIndex] = []

    def answers_from(articles):
        root = tmp_path / str(len(opened))
        knowledge = write_articles(root / "knowledge", articles)
        shutil.copy(KNOWLEDGE / "titles.toml", knowledge)
        build(knowledge, root / "index")
        index = FixedIndex(GenerationStore(root / "index").open(), HashingEmbedder())
        opened.append(index)
        return Answerer.open(index, suggest=False).ask, set(articles)

    yield answers_from
    for one in opened:
        one.close()


def compared(answers, before, after, *questions, **options):
    old, _ = answers(before)
    new, paths = answers(after)
    return compare_answers(questions, old, new, paths, **options)


def without(path):
    return {name: text for name, text in ARTICLES.items() if name != path}


def test_the_same_articles_give_no_difference(answers):
    diff = compared(answers, ARTICLES, ARTICLES, VP, ROADMAP)
    assert diff == AnswerDiff(saved=2, asked=2)


def test_an_answer_whose_article_is_gone_is_lost(answers):
    diff = compared(answers, ARTICLES, without("vp.md"), VP, ROADMAP)
    assert [one.question for one in diff.lost] == [VP]
    assert diff.lost[0].before == ("vp.md",)


def test_an_article_that_only_moved_loses_nothing(answers):
    moved = {**without("vp.md"), "ladder/vp.md": ARTICLES["vp.md"]}
    diff = compared(answers, ARTICLES, moved, VP)
    assert diff.lost == ()
    assert diff.changed == (ChangedAnswer(VP, ("vp.md",), ("ladder/vp.md",)),)


def test_other_words_of_the_same_article_are_a_change(answers):
    new = ARTICLES["roadmap.md"].replace("which problems", "which goals")
    diff = compared(answers, ARTICLES, {**ARTICLES, "roadmap.md": new}, ROADMAP, VP)
    assert diff.changed == (ChangedAnswer(ROADMAP, ("roadmap.md",), ("roadmap.md",)),)


def test_a_question_that_is_answered_now_is_gained(answers):
    asked = "What is discovery?"
    diff = compared(answers, ARTICLES, {**ARTICLES, "discovery.md": DISCOVERY}, asked)
    assert diff.gained == (ChangedAnswer(asked, (), ("discovery.md",)),)


def test_small_talk_is_no_answer_on_either_side(answers):
    assert compared(answers, ARTICLES, without("vp.md"), "hello", "").lost == ()


def test_after_a_minute_no_further_question_is_asked(answers):
    times = iter([0.0, 0.0, WITHIN_S + 1])
    told = []
    diff = compared(
        answers,
        ARTICLES,
        ARTICLES,
        VP,
        ROADMAP,
        tell=lambda *one: told.append(one),
        clock=lambda: next(times),
    )
    assert (diff.saved, diff.asked) == (2, 1)
    assert told == [(1, 2)]


texts = st.text(max_size=8)
changes = st.lists(
    st.builds(ChangedAnswer, texts, st.tuples(texts), st.tuples(texts, texts)), max_size=3
).map(tuple)


@given(st.builds(AnswerDiff, st.integers(0, 9), st.integers(0, 9), changes, changes, changes))
def test_a_difference_comes_back_from_json_as_it_was(diff):
    assert AnswerDiff.from_dict(diff.as_dict()) == diff
