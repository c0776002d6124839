"""Fingerprints tell apart what people see, what parses and what a label means."""

from __future__ import annotations

import hashlib

import pytest

from retrolabel.schema.fingerprints import canonical_json, digest, display, fingerprints, label_meaning, shape
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Redefine, Split
from retrolabel.schema.versions import LabelSchema

GOOD = Label("good", "It helped.")
BAD = Label("bad", "It did not help.", include=["old"], exclude=["slow"], examples=["404"])


def version(**changes):
    return LabelSchema(**({"task": "thumbs", "version": "1.0.0", "labels": [GOOD, BAD]} | changes))


def with_bad(**changes):
    """The version with another ``bad``."""
    fields = {"definition": BAD.definition, "include": BAD.include, "exclude": BAD.exclude, "examples": BAD.examples}
    return version(labels=[GOOD, Label("bad", **(fields | changes))])


def changed(one, other):
    """The names of the fingerprints in which two versions differ; meanings by label."""
    left, right = fingerprints(one), fingerprints(other)
    names = {name for name in ("shape", "display", "steps") if left[name] != right[name]}
    labels = left["meaning"].keys() | right["meaning"].keys()
    return names | {f"meaning of {name}" for name in labels if left["meaning"].get(name) != right["meaning"].get(name)}


def test_canonical_json_sorts_keys_at_every_depth_and_has_no_spaces():
    assert canonical_json({"b": [1, {"d": None, "c": True}], "a": 1.5}) == '{"a":1.5,"b":[1,{"c":true,"d":null}]}'


@pytest.mark.parametrize("text", ["ß", "é", "検索", "🦀", "\u2028"])
def test_canonical_json_writes_letters_as_they_are(text):
    assert canonical_json([text]) == f'["{text}"]'


def test_canonical_json_escapes_only_what_json_must():
    assert canonical_json('a"b\\c\n\x01') == '"a\\"b\\\\c\\n\\u0001"'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_has_no_canonical_json(number):
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"a": number})


def test_a_digest_is_the_sha_256_of_canonical_utf_8():
    assert digest({"b": "ü", "a": 1}) == hashlib.sha256('{"a":1,"b":"ü"}'.encode()).hexdigest()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest([1, 2]) != digest([2, 1])


def test_half_a_surrogate_pair_has_a_digest():
    assert len(digest("\ud800")) == 64
    assert digest("\ud800") != digest("\ud801")


def test_composed_and_decomposed_letters_have_two_digests():
    assert digest("é") != digest("e\u0301")


def test_all_fingerprints_of_a_version_are_hexadecimal_digests():
    found = fingerprints(version())
    assert set(found) == {"shape", "meaning", "display", "steps"}
    assert set(found["meaning"]) == {"good", "bad"}
    digests = [found["shape"], found["display"], found["steps"], *found["meaning"].values()]
    assert all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in digests)


def test_a_version_made_again_has_the_same_fingerprints():
    assert changed(version(), version()) == set()
    assert changed(version(), with_bad()) == set()


@pytest.mark.parametrize(
    "change", [{"name": "Bad!"}, {"owner": "search"}, {"hotkey": "b"}, {"status": "deprecated"}], ids=str
)
def test_what_people_see_of_a_label_touches_display_only(change):
    assert changed(version(), with_bad(**change)) == {"display"}


@pytest.mark.parametrize("change", [{"reason": "why"}, {"guidelines": "# How"}], ids=str)
def test_reason_and_guidelines_touch_display_only(change):
    assert changed(version(), version(**change)) == {"display"}


def test_a_name_that_repeats_the_id_shows_the_same():
    assert changed(version(), with_bad(name="bad")) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"definition": "It hurt."},
        {"include": ["old", "older"]},
        {"exclude": []},
        {"examples": ["500"]},
        {"include": ["slow"], "exclude": ["old"]},
    ],
    ids=str,
)
def test_what_a_label_means_touches_the_meaning_of_that_label_only(change):
    assert changed(version(), with_bad(**change)) == {"meaning of bad"}


@pytest.mark.parametrize("change", [{"rank": 1}, {"parent": "good"}], ids=str)
def test_rank_and_parent_touch_shape_and_meaning(change):
    assert changed(version(), with_bad(**change)) == {"shape", "meaning of bad"}


def test_aliases_touch_shape_and_not_meaning():
    assert changed(version(), with_bad(aliases=["b"])) == {"shape"}
    assert changed(with_bad(aliases=["b", "c"]), with_bad(aliases=["c", "b"])) == set()


def test_the_order_of_labels_touches_display_only():
    assert changed(version(), version(labels=[BAD, GOOD])) == {"display"}


@pytest.mark.parametrize("change", [{"task": "stars"}, {"scale": "multilabel"}], ids=str)
def test_task_and_scale_touch_shape_only(change):
    assert changed(version(), version(**change)) == {"shape"}


def test_the_number_of_a_version_touches_nothing():
    assert changed(version(), version(version="1.0.1")) == set()


def test_another_label_touches_shape_display_and_its_own_meaning():
    assert changed(version(), version(labels=[GOOD, BAD, Label("ugly")])) == {"shape", "display", "meaning of ugly"}


def test_steps_have_a_hash_of_their_own():
    slow, wrong = Label("slow"), Label("wrong")
    new = {"version": "2.0.0", "revises": version(), "labels": [GOOD, slow, wrong]}
    split = version(**new, steps=[Split(BAD, into=[slow, wrong])])
    added = version(**new, steps=[Split(BAD, into=[slow]), Add(wrong)])
    assert changed(split, added) == {"steps"}
    assert fingerprints(split)["steps"] == digest([Split("bad", into=["slow", "wrong"]).describe()])
    assert fingerprints(version())["steps"] == digest([])


def test_the_direction_of_a_redefinition_is_part_of_the_hash_of_steps():
    revised = {"version": "2.0.0", "revises": version(), "labels": [GOOD, Label("bad", "It hurt.")]}
    wider, narrower = (version(**revised, steps=[Redefine(BAD, way)]) for way in ("wider", "narrower"))
    assert changed(wider, narrower) == {"steps"}


def test_labels_that_are_equal_have_one_meaning_and_others_do_not():
    labels = [
        Label("a"),
        Label("b"),
        Label("a", "x"),
        Label("a", include=["x"]),
        Label("a", exclude=["x"]),
        Label("a", examples=["x"]),
        Label("a", rank=0),
        Label("a", parent="x"),
        Label("a", name="x", owner="x", hotkey="x", aliases=["x"], status="reserved"),
    ]
    for one in labels:
        for other in labels:
            assert (label_meaning(one) == label_meaning(other)) is (one == other), (one, other)


def test_shape_and_display_are_what_all_fingerprints_say():
    assert fingerprints(version())["shape"] == shape(version())
    assert fingerprints(version())["display"] == display(version())
    assert fingerprints(version())["meaning"]["bad"] == label_meaning(BAD)
