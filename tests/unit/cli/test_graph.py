r"""The graph of versions: one star a version, lanes that open and join where they do."""

from __future__ import annotations

import itertools

import pytest

from retrolabel.cli.graph import graph

LINE = [("3", ["2"]), ("2", ["1"]), ("1", [])]
FORK = [("2b", ["1"]), ("2a", ["1"]), ("1", [])]
DIAMOND = [("3", ["2a", "2b"]), ("2b", ["1"]), ("2a", ["1"]), ("1", [])]
TWO_DIAMONDS = [("5", ["4a", "4b"]), ("4b", ["3"]), ("4a", ["3"]), *DIAMOND]
LONG_BRANCH = [("4", ["3"]), ("3", ["1"]), ("2b", ["2a"]), ("2a", ["1"]), ("1", [])]
THREE = [("2c", ["1"]), ("2b", ["1"]), ("2a", ["1"]), ("1", [])]
CROSSING = [("5", ["1"]), ("4", ["2"]), ("3", ["1"]), ("2", ["1"]), ("1", [])]
MERGE_OF_A_PART = [("4", ["3", "2"]), ("3", ["2"]), ("2", ["1"]), ("1", [])]
NESTED = [("3", ["2c", "2d"]), ("2d", ["2a", "2b"]), ("2c", ["1"]), ("2b", ["1"]), ("2a", ["1"]), ("1", [])]
ALL = {
    "line": LINE, "fork": FORK, "diamond": DIAMOND, "two_diamonds": TWO_DIAMONDS, "long_branch": LONG_BRANCH,
    "three": THREE, "crossing": CROSSING, "merge_of_a_part": MERGE_OF_A_PART, "nested": NESTED,
}  # fmt: skip


def stars(versions):
    """What stands before the first line of each version."""
    return [row[0].rstrip() for row in graph(versions)]


def text(row):
    """All that is drawn for a version."""
    return " ".join(row)


def lines(versions):
    """All lines of the drawing."""
    return [line for row in graph(versions) for line in row]


def test_nothing_is_drawn_of_nothing():
    assert graph([]) == []


def test_one_version_is_a_star():
    assert stars([("1", [])]) == ["*"]


def test_a_line_is_drawn_straight_and_ends_below_the_first_version():
    rows = graph(LINE)
    assert [row[0].rstrip() for row in rows] == ["*", "*", "*"]
    assert [set(text(row[1:]).split()) for row in rows] == [{"|"}, {"|"}, set()]


@pytest.mark.parametrize("case", ALL)
def test_every_version_has_one_star_and_other_lanes_pass_by(case):
    for first in stars(ALL[case]):
        assert first.count("*") == 1
        assert set(first.split()) <= {"*", "|"}


@pytest.mark.parametrize("case", ALL)
def test_no_lane_is_left_open_at_the_end(case):
    assert text(graph(ALL[case])[-1][1:]).strip() == ""


def test_two_heads_have_lanes_of_their_own_and_join_before_they_parted():
    assert stars(FORK) == ["*", "| *", "*"]
    assert "/" in text(graph(FORK)[1])


def test_a_merge_opens_a_lane_and_the_first_parent_keeps_the_left_one():
    assert stars(DIAMOND) == ["*", "| *", "* |", "*"]
    assert "\\" in text(graph(DIAMOND)[0])


def test_a_longer_branch_keeps_its_lane():
    assert stars(LONG_BRANCH) == ["*", "*", "| *", "| *", "*"]


@pytest.mark.parametrize("case", ALL)
def test_lanes_end_with_a_stroke_to_the_lane_that_they_join(case):
    """A branch is joined as often as it was opened; else it ends in the air."""
    opened = sum(len(parents) - 1 for _, parents in ALL[case] if parents) + _heads(ALL[case]) - 1
    assert sum("/" in line for line in lines(ALL[case])) == opened


@pytest.mark.parametrize("case", ALL)
def test_as_many_lanes_open_as_merges_have_more_parents(case):
    merged = sum(len(parents) - 1 for _, parents in ALL[case] if parents)
    assert sum("\\" in line for line in lines(ALL[case])) == merged


@pytest.mark.parametrize("case", ALL)
def test_lanes_stand_at_even_places_and_strokes_between_them(case):
    """A lane that moves aside for another moves with a stroke too; else it is half a step off."""
    for line in lines(ALL[case]):
        assert set(line[::2]) <= set("*| ")
        assert set(line[1::2]) <= set("/\\_ ")


def test_a_branch_does_not_look_as_if_it_came_from_the_lane_beside_it():
    """3 came from 1, two lanes to the left, and not from 2, whose lane is beside it."""
    assert stars(CROSSING)[2] == "| | *"
    assert text(graph(CROSSING)[2][1:]).strip() != "| |/"


def test_the_order_of_parents_decides_nothing_but_the_lane():
    swapped = [("3", ["2b", "2a"]), *DIAMOND[1:]]
    assert stars(swapped) == ["*", "* |", "| *", "*"]


@pytest.mark.parametrize("case", ALL)
def test_a_lane_starts_only_at_a_star_or_a_stroke(case):
    """From one row of stars to the next the number of lanes grows by what was opened, or by a new head."""
    rows, versions = graph(ALL[case]), ALL[case]
    widths = [len(row[0].split()) for row in rows]
    for (before, after), row, (version, _) in zip(itertools.pairwise(widths), rows[:-1], versions[1:], strict=True):
        opened = text(row[1:]).count("\\")
        is_head = version not in {parent for _, parents in versions for parent in parents}
        assert after <= before + opened + is_head


def _heads(versions):
    return len({version for version, _ in versions} - {parent for _, parents in versions for parent in parents})
