"""Answers in long form, repeats, and agreement by label, by two labels, by two people and by slice."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import retrolabel.gold as public
from retrolabel.errors import VoteError
from retrolabel.gold import (
    by_label,
    by_pair_of_labels,
    by_pair_of_people,
    by_slice,
    cohen_kappa,
    frame_of,
    krippendorff_alpha,
    percent_agreement,
    ratings_of,
    repeats,
)

LONG = pd.DataFrame(
    [
        ("1", "ana", "x", 3),
        ("1", "ana", "y", 1),
        ("1", "bo", "x", 2),
        ("2", "ana", "y", 4),
        ("2", "bo", None, 5),
        ("3", "bo", "x", 6),
        ("3", "bo", "x", 7),
        ("3", "bo", "y", 8),
    ],
    columns=["item", "person", "value", "at"],
)


def long(**more):
    return ratings_of(LONG["item"], LONG["person"], LONG["value"], **more)


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, [[1, 1, -1], [0, -1, 1]]),
        ({"take": "first"}, [[0, 1, -1], [0, -1, 0]]),
        ({"order": LONG["at"]}, [[0, 1, -1], [0, -1, 1]]),
        ({"order": LONG["at"], "take": "first"}, [[1, 1, -1], [0, -1, 0]]),
    ],
)
def test_one_answer_of_each_person_counts_the_last_or_the_first_in_time_or_place(more, codes):
    found = long(**more)
    assert (found.people, found.items) == (("ana", "bo"), ("1", "2", "3"))
    assert found.codes.tolist() == codes


def test_repeats_are_no_agreement():
    twice = ["1", "1", "2", "2"], ["ana"] * 4, ["x", "x", "y", "y"]
    assert krippendorff_alpha(ratings_of(*twice)).why == "no item has two answers"
    assert repeats(*twice)[0].alpha.value == 1


def test_repeats_are_told_for_all_and_for_each_person_who_has_some():
    everybody, ana, bo = repeats(LONG["item"], LONG["person"], LONG["value"])
    assert (everybody.person, everybody.answers, everybody.agreement.n) == (None, 3, 2)
    assert everybody.agreement.value == pytest.approx((0 + 1 / 3) / 2)
    assert (ana.person, ana.answers, ana.agreement.value) == ("ana", 1, 0)
    assert (bo.person, bo.answers, bo.agreement.value) == ("bo", 2, pytest.approx(1 / 3))
    assert [each.agreement.n for each in repeats(["1", "2"], ["ana", "ana"], ["x", "y"])] == [0]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(VoteError, match="differ in length: 2, 1, 1"):
        ratings_of([1, 2], ["ana"], ["x"])


def test_names_stay_unordered_until_their_order_is_named():
    with pytest.raises(VoteError, match="is not known"):
        krippendorff_alpha(long(), "ordinal")
    assert krippendorff_alpha(long(values=["y", "x"]), "ordinal").n == 1


RATINGS = [list("aabbccaabbc"), list("aabbcaaabcc"), [*"abbbccaaab", None]]


def test_a_label_is_compared_with_all_others():
    found = {part.of: part for part in by_label(RATINGS)}
    for label in "abc":
        alone = [[None if each is None else each == label for each in row] for row in RATINGS]
        assert found[label,].beyond.value == pytest.approx(krippendorff_alpha(alone).value)
    assert found["a",].items == sum("a" in column for column in zip(*RATINGS, strict=True))


def test_how_often_a_label_is_given_again_by_hand():
    """Of items aa, aab, ab: the others of those who say a are a, a; a, b, a, b (halved); b."""
    ratings = [["a", "a", "a"], ["a", "a", "b"], [None, "b", None]]
    assert by_label(ratings)[0].agreement.value == pytest.approx((2 + 2 * 1 / 2 + 0) / 5)


def test_two_labels_are_told_apart_on_the_answers_that_are_one_of_them():
    found = {part.of: part for part in by_pair_of_labels(RATINGS)}
    only = [[each if each in ("a", "b") else None for each in row] for row in RATINGS]
    assert set(found) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert found["a", "b"].beyond.value == pytest.approx(krippendorff_alpha(only).value)
    assert found["a", "b"].agreement.value == pytest.approx(percent_agreement(only).value)


def test_two_people_are_compared_on_the_items_of_both():
    found = {part.of: part for part in by_pair_of_people(RATINGS)}
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    for (one, other), part in found.items():
        assert part.beyond.value == cohen_kappa(RATINGS[one], RATINGS[other]).value
        assert part.agreement.value == percent_agreement([RATINGS[one], RATINGS[other]]).value
    assert found[0, 2].items == 10
    assert {part.of for part in by_pair_of_people(long())} == {("ana", "bo")}
    assert by_pair_of_people([[1, None], [None, 1]]) == ()


def test_people_who_share_few_items_have_no_interval():
    (few,) = by_pair_of_people(RATINGS[:2])
    assert (few.beyond.low, few.beyond.why) == (None, "11 items have two answers, and 50 are needed")
    (enough,) = by_pair_of_people(RATINGS[:2], least=5)
    assert enough.beyond.low < enough.beyond.value


def test_slices_are_parts_of_the_items():
    slices = ["web"] * 5 + ["app"] * 5 + [None]
    app, web = by_slice(RATINGS, slices)
    assert (app.of, web.of) == (("app",), ("web",))
    assert web.beyond.value == pytest.approx(krippendorff_alpha([row[:5] for row in RATINGS]).value)
    assert app.items == 5
    with pytest.raises(VoteError, match="11 items, and 2 slices"):
        by_slice(RATINGS, ["web", "app"])


def test_a_frame_shows_what_people_should_see():
    frame = frame_of(by_pair_of_labels(RATINGS, least=1) + by_label(RATINGS))
    assert frame["of"].tolist() == [("a", "b"), ("a", "c"), ("b", "c"), "a", "b", "c"]
    assert frame["agreement"].notna().tolist() == [True] * 3 + [False] * 3
    assert frame["why"].tolist()[0] == ""
    assert "are needed" in frame["why"].tolist()[-1]
    assert np.all(frame["agreement_low"][:3] <= frame["agreement"][:3])


def test_every_public_name_of_gold_is_found_where_it_says():
    assert set(public.__all__) == set(public._HOMES)
    for name in public.__all__:
        assert getattr(public, name).__module__ == f"retrolabel.gold.{public._HOMES[name]}"
    assert dir(public) == sorted(public.__all__)
    with pytest.raises(AttributeError, match="'kripendorff'"):
        _ = public.kripendorff


def test_looking_at_gold_imports_nothing_heavy_and_no_coefficient_needs_scipy():
    code = (
        "import sys, retrolabel.gold as gold\n"
        "assert not {'numpy', 'pandas', 'scipy'} & set(sys.modules)\n"
        "gold.krippendorff_alpha([[1, 2, 2], [1, 2, 1]]), gold.cohen_kappa([1, 2], [1, 2])\n"
        "assert 'scipy' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
