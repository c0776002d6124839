"""A human label reads as what the steps make of it, and the person's own word stays beside it."""

from __future__ import annotations

import pytest

from retrolabel.errors import UnknownVersionError
from retrolabel.gold.adjudication import GoldItem, HumanLabel, adjudicate
from retrolabel.gold.projection import Reading, Readings, counted
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD, MEH = Label("good", "It helped."), Label("bad", "It did not."), Label("meh", "A bit.")
SLOW, WRONG = Label("slow", "It took long."), Label("wrong", "It does not hold.")
V1 = LabelSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD, MEH])


def after(labels, steps, version="2.0.0", parent=V1, scale="nominal"):
    """A history with one more version."""
    newer = LabelSchema(task="thumbs", version=version, revises=parent, labels=labels, steps=steps, scale=scale)
    return History([*reversed(list(parent.lineage())), newer])


def said(label, version="1.0.0", *, item="1", who="ana", revision=""):
    return HumanLabel("web", item, who, label, version, "dev", revision)


def reads(ids, kind, resolved_by, *, suspect=False, near_miss=False):
    return Reading(ids, kind, suspect, near_miss, resolved_by)


SPLIT = after([GOOD, WRONG, SLOW, MEH], [Split(BAD, into=[SLOW, WRONG])])


def test_a_label_that_stayed_is_exact_and_the_persons_own_word():
    assert Readings(SPLIT, "2.0.0").of("good", "1.0.0") == reads(("good",), "exact", "human")


def test_a_split_label_reads_as_a_set_in_the_order_of_the_newer_version():
    assert Readings(SPLIT, "2.0.0").of("bad", "1.0.0") == reads(("wrong", "slow"), "set", "")


def test_a_label_read_in_its_own_version_is_exact():
    read = Readings(SPLIT, "1.0.0")
    assert [read.of(label, "1.0.0").resolved_by for label in V1.ids] == ["human"] * 3


def test_a_part_reads_exactly_as_the_whole_in_the_older_version_by_the_steps():
    assert Readings(SPLIT, "1.0.0").of("slow", "2.0.0") == reads(("bad",), "exact", "step")


@pytest.mark.parametrize(
    ("labels", "step", "expected"),
    [
        ([GOOD, BAD], Remove(MEH, maps_to=BAD), ("exact", "step")),
        ([GOOD, BAD], Remove(MEH), ("unknown", "")),
        ([GOOD, SLOW, WRONG, BAD], Split(MEH, into=[SLOW, WRONG]), ("set", "")),
        ([GOOD, BAD, SLOW], Merge([MEH], into=SLOW), ("exact", "step")),
    ],
)
def test_what_becomes_of_a_label_says_its_kind_and_who_resolved_it(labels, step, expected):
    reading = Readings(after(labels, [step]), "2.0.0").of("meh", "1.0.0")
    assert (reading.kind, reading.resolved_by) == expected


def test_an_unknown_reading_leaves_every_label_possible_and_does_not_count():
    reading = Readings(after([GOOD, BAD], [Remove(MEH)]), "2.0.0").of("meh", "1.0.0")
    assert (reading.ids, reading.counts) == (("good", "bad"), False)


def test_an_unknown_label_stays_unknown_when_labels_are_added_later():
    two = after([GOOD, BAD], [Remove(MEH)])
    three = after([GOOD, BAD, SLOW], [Add(SLOW)], version="2.1.0", parent=two["2.0.0"])
    assert Readings(three, "2.1.0").of("meh", "1.0.0").kind == "unknown"


DIRECTIONS = {"narrower": (True, False), "wider": (False, True), "shifted": (True, True)}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_redefined_label_is_suspect_or_makes_the_others_near_misses(direction):
    suspect, near_miss = DIRECTIONS[direction]
    redefined = Label("bad", "Something else.")
    read = Readings(after([GOOD, redefined, MEH], [Redefine("bad", direction)]), "2.0.0")
    bad, good = read.of("bad", "1.0.0"), read.of("good", "1.0.0")
    assert (bad.suspect, bad.near_miss, bad.counts) == (suspect, False, not suspect)
    assert (good.suspect, good.near_miss, good.counts) == (False, near_miss, True)


def test_a_label_that_became_wider_is_still_one_label_but_not_the_persons_own_word():
    """The person chose it with another meaning in mind; the steps say that it holds."""
    redefined = Label("bad", "It did not help, or hardly.")
    read = Readings(after([GOOD, redefined, MEH], [Redefine("bad", "wider")]), "2.0.0")
    assert read.of("bad", "1.0.0") == reads(("bad",), "exact", "step")


def test_a_suspect_label_is_resolved_by_nobody():
    read = Readings(after([GOOD, Label("bad", "Other."), MEH], [Redefine("bad", "narrower")]), "2.0.0")
    assert read.of("bad", "1.0.0").resolved_by == ""


def test_a_label_of_which_a_part_was_carved_out_is_a_set_of_both():
    read = Readings(after([GOOD, BAD, MEH, SLOW], [Add(SLOW, carved_from=BAD)]), "2.0.0")
    assert read.of("bad", "1.0.0").ids == ("bad", "slow")


def test_a_point_of_a_scale_reads_as_an_interval():
    low, high = Label("low", rank=0), Label("high", rank=1)
    one = LabelSchema(task="thumbs", version="1.0.0", scale="ordinal", labels=[low, high])
    points = [Label(f"p{n}", rank=n) for n in range(4)]
    step = Rescale({"low": points[:2], "high": points[2:]})
    read = Readings(after(points, [step], parent=one, scale="ordinal"), "2.0.0")
    assert (read.of("high", "1.0.0").ids, read.of("high", "1.0.0").kind) == (("p2", "p3"), "set")


def test_a_label_on_text_that_was_revised_since_is_suspect_and_still_says_what_it_said():
    read = Readings(SPLIT, "2.0.0", {("web", "1"): "new"})
    reading = read(said("good", revision="old"))
    assert reading == reads(("good",), "exact", "", suspect=True)


def test_a_label_on_text_that_is_as_it_was_or_not_known_is_not_suspect():
    read = Readings(SPLIT, "2.0.0", {("web", "1"): "same"})
    assert not read(said("good", revision="same")).suspect
    assert not read(said("good", revision="old", item="2")).suspect
    assert not read(said("good", revision="")).suspect


def test_a_revised_text_makes_no_other_label_suspect():
    read = Readings(SPLIT, "2.0.0", {("web", "1"): "new"})
    read(said("good", revision="old"))
    assert read(said("good", item="2", revision="x")).resolved_by == "human"
    assert read.of("good", "1.0.0").resolved_by == "human"


def test_a_gold_item_reads_like_the_label_it_holds():
    item = GoldItem("web", "1", "bad", "1.0.0", "dev", "", unanimous=True, annotators=2)
    assert Readings(SPLIT, "2.0.0")(item) == Readings(SPLIT, "2.0.0")(said("bad"))


@pytest.mark.parametrize(("label", "version"), [("good", "1.0.1"), ("slow", "1.0.0")])
def test_of_a_label_whose_version_is_gone_or_lacks_it_nothing_is_known(label, version):
    reading = Readings(SPLIT, "2.0.0").of(label, version)
    assert (reading.ids, reading.kind, reading.counts, reading.resolved_by) == ((), "unknown", False, "")


def test_nothing_is_read_in_a_version_that_the_history_lacks():
    with pytest.raises(UnknownVersionError, match=r"'3\.0\.0'"):
        Readings(SPLIT, "3.0.0").of("good", "1.0.0")


def test_rank_puts_labels_that_are_one_label_here_before_all_others():
    read = Readings(SPLIT, "2.0.0", {("web", "9"): "new"})
    ranks = [read.rank(each) for each in (said("good"), said("bad"), said("good", item="9", revision="old"))]
    assert ranks == [1, 0, 0]


def test_an_exact_label_under_the_newer_version_goes_before_two_sets_under_the_older_one():
    labels = [said("bad", who="ana"), said("bad", who="ben"), said("slow", "2.0.0", who="cleo")]
    gold = adjudicate(labels, rank=Readings(SPLIT, "2.0.0").rank)
    assert (gold.items[0].label, gold.items[0].schema_version) == ("slow", "2.0.0")
    assert adjudicate(labels).items[0].label == "bad"


def test_readings_are_counted_once_each_and_a_suspect_one_as_that_alone():
    redefined = Label("bad", "Other.")
    read = Readings(after([GOOD, redefined], [Redefine("bad", "shifted"), Remove(MEH)]), "2.0.0")
    found = counted(read(said(label)) for label in ("good", "good", "bad", "meh"))
    assert found == {"exact": 2, "set": 0, "unknown": 1, "suspect": 1, "near_miss": 3}
    assert sum(found[kind] for kind in ("exact", "set", "unknown", "suspect")) == 4


def test_a_suspect_reading_is_no_near_miss_as_well():
    labels = [GOOD, Label("bad", "Other."), Label("meh", "Wider.")]
    read = Readings(after(labels, [Redefine("bad", "narrower"), Redefine("meh", "wider")]), "2.0.0")
    reading = read(said("bad"))
    assert reading.suspect
    assert reading.near_miss
    assert counted([reading, read(said("good"))]) == {"exact": 1, "set": 0, "unknown": 0, "suspect": 1, "near_miss": 1}


def test_nothing_is_counted_as_nothing():
    assert set(counted([]).values()) == {0}
