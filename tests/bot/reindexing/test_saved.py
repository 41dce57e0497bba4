"""Which questions generations are compared by."""

from hypothesis import given
from hypothesis import strategies as st

from bot.reindexing.saved import MOST_ASKED, saved_questions


def test_what_people_ask_goes_first_then_each_article_in_turn():
    old = {"a.md": ["a one", "a two"], "gone.md": ["gone one"]}
    new = {"a.md": ["a one", "a three"], "b.md": ["b one"]}
    found = saved_questions(["often", "seldom"], old, new)
    assert found == ("often", "seldom", "a one", "b one", "gone one", "a two", "a three")


def test_a_question_stands_once_whatever_its_capitals_and_spaces():
    assert saved_questions(["What is  a PM?"], {"a": ["what is a pm?"]}) == ("What is  a PM?",)


def test_people_leave_room_for_the_articles():
    found = saved_questions(map(str, range(500)), {"a.md": ["an article's"]})
    assert len(found) == MOST_ASKED + 1
    assert found[-1] == "an article's"


def test_where_there_are_too_many_every_article_has_its_first():
    articles = {f"{number}.md": [f"{number} first", f"{number} second"] for number in range(9)}
    assert set(saved_questions([], articles, limit=9)) == {f"{one} first" for one in range(9)}


@given(
    st.lists(st.text(max_size=5)),
    st.dictionaries(st.text(max_size=3), st.lists(st.text(max_size=5), max_size=4)),
    st.integers(0, 20),
)
def test_there_are_never_more_than_wanted_and_none_twice_or_empty(people, articles, limit):
    found = saved_questions(people, articles, limit=limit)
    assert len(found) <= limit
    assert len({" ".join(one.casefold().split()) for one in found}) == len(found)
    assert all(one.strip() for one in found)
