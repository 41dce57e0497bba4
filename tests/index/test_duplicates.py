"""The same sentences in two articles are known for the same."""

from index.duplicates import group_near_duplicates

PASSAGE = "A head of product leads the product team and reports to the chief executive officer."


def test_a_repeated_text_belongs_to_the_first():
    assert group_near_duplicates([PASSAGE, "Something else entirely here.", PASSAGE]).tolist() == [
        0,
        1,
        0,
    ]


def test_a_text_with_a_few_words_changed_still_belongs_to_the_first():
    near = PASSAGE + " So one guide says."
    assert group_near_duplicates([PASSAGE, near]).tolist() == [0, 0]


def test_texts_on_one_subject_in_other_words_stay_apart():
    other = "The person who leads a product group usually answers to the chief executive."
    assert group_near_duplicates([PASSAGE, other]).tolist() == [0, 1]


def test_no_texts_have_no_groups():
    assert group_near_duplicates([]).tolist() == []
