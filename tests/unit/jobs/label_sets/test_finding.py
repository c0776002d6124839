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

    def tags(self, _task):
        return {"latest": "ab2", "spring": "c", "old": "gone"}


def test_a_beginning_names_a_label_set_where_it_is_that_of_one_alone():
    assert find_label_set(Book(), None, "t", "ab1").id == "ab1"
    assert find_label_set(Book(), None, "t", "latest").id == "ab2"
    assert find_label_set(Book(), None, "t", "spring").id == "c"
    with pytest.raises(
        UnknownLabelSetError, match=r"several label sets begin with 'ab'.* Known: ab1, ab2, c, latest, spring"
    ):
        find_label_set(Book(), None, "t", "ab")


def test_a_name_of_what_is_gone_and_a_task_without_a_current_one_say_so():
    with pytest.raises(UnknownLabelSetError, match=r"'old' of task 't' names a label set that is gone"):
        find_label_set(Book(), None, "t", "old")
    with pytest.raises(UnknownLabelSetError, match=r"'current' of task 't' names no label set yet") as caught:
        find_label_set(Book(), None, "t", "current")
    assert caught.value.remedy == "retrolabel labels promote t ID"
