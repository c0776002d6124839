"""Conditions that tell kinds of items apart."""

from __future__ import annotations

from retrolabel.analysis.item_kinds import kinds_of_items

ROWS = [
    {
        "comment": f"{'the refund came late' if at % 3 else 'all is well'}, order {at}",
        "source": "web" if at % 2 else "app",
        "stars": at % 4,
        "score": at / 7,
    }
    for at in range(60)
]


def test_words_phrases_and_values_are_conditions_and_numbers_of_many_values_are_none():
    found = kinds_of_items(ROWS)
    assert {"comment has well", "source is app", "source is web", "stars is 3"} <= set(found)
    assert not any(name.startswith("score") for name in found)
    assert found["source is web"].tolist() == [at % 2 == 1 for at in range(60)]


def test_of_conditions_that_the_same_items_meet_the_longest_word_is_taken():
    found = kinds_of_items(ROWS)
    assert "comment has well" in found
    assert not {"comment has is", "comment has all", "comment has is well"} & set(found)
    assert len({mask.tobytes() for mask in found.values()}) == len(found)


def test_the_length_of_a_text_is_no_kind():
    assert not any("than" in name for name in kinds_of_items(ROWS))


def test_items_without_columns_have_no_kinds():
    assert kinds_of_items([{}, {}]) == {}
    assert kinds_of_items([]) == {}
