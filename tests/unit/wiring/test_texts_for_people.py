"""Which columns people read in another tool."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError
from retrolabel.wiring.texts_for_people import texts_for_people

CONTRACTS = {
    "app": {"item_id": "string", "title": "string", "body": "string", "stars": "integer"},
    "web": {"review": "string"},
}


@pytest.mark.parametrize(
    ("reads", "shown"),
    [
        ({"body": 8, "title": 3}, ("body", "title")),
        ({"body": 8, "title": 2}, ("body",)),  # a quarter and less is seldom
        ({"body": 1, "stars": 9, "item_id": 9}, ("body",)),
    ],
)
def test_they_read_the_texts_that_labeling_functions_read_but_for_seldom_ones(reads, shown):
    assert texts_for_people((), ["app"], CONTRACTS, reads) == shown


def test_what_is_asked_for_is_what_they_read():
    assert texts_for_people(("title", "title"), ["app"], CONTRACTS, {"body": 8}) == ("title",)


def test_where_there_is_one_column_of_texts_it_is_meant():
    assert texts_for_people((), ["web"], CONTRACTS, {}) == ("review",)


def test_where_nothing_says_which_it_is_asked_for():
    with pytest.raises(InputError) as caught:
        texts_for_people((), ["app", "web"], CONTRACTS, {"stars": 3})
    assert caught.value.remedy == "--text COLUMN, one of body, review, title"
