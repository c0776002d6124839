"""Which labels people mix up."""

from __future__ import annotations

from retrolabel.gold import by_pair_of_labels, most_confused

ANA = ["a", "a", "b", "c", "c", "a", None]
BO = ["a", "b", "a", "b", "c", "a", "c"]


def test_the_pair_that_most_items_are_split_between_comes_first():
    found = most_confused([ANA, BO])
    assert [(each.labels, each.differ) for each in found] == [(("a", "b"), 2), (("b", "c"), 1)]


def test_its_figures_are_those_of_the_two_labels():
    wanted = {part.of: part for part in by_pair_of_labels([ANA, BO], least=1)}
    for each in most_confused([ANA, BO], least=1):
        assert each.part == wanted[each.labels]


def test_there_are_at_most_so_many_pairs_and_none_without_a_difference():
    assert len(most_confused([ANA, BO], most=1)) == 1
    assert most_confused([["a", "b"], ["a", "b"]]) == ()


def test_labels_keep_the_order_that_they_are_named_in():
    assert most_confused([ANA, BO], values=["c", "b", "a"])[0].labels == ("b", "a")
