"""A label set is found by what people call it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from retrolabel.errors import UnknownLabelSetError
from retrolabel.jobs.label_sets.finding import find_label_set


class Book:
    """Three label sets, of which two ids begin alike."""

    def records(self, _task):
        return [SimpleNamespace(id=each) for each in ("ab1", "ab2", "c")]

    def pointer(self, _task, _name):
        return "ab2"


def test_a_beginning_names_a_label_set_where_it_is_that_of_one_alone():
    assert find_label_set(Book(), None, "t", "ab1").id == "ab1"
    assert find_label_set(Book(), None, "t", "latest").id == "ab2"
    with pytest.raises(UnknownLabelSetError, match=r"several label sets begin with 'ab'.* Known: ab1, ab2, c"):
        find_label_set(Book(), None, "t", "ab")
