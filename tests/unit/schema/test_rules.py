"""Which labels may stand together, and how well people must agree."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError, UnknownLabelError
from retrolabel.schema.labels import Label
from retrolabel.schema.rules import AgreementTarget, AtLeastOne, AtMostOne, Implies
from retrolabel.schema.versions import LabelSchema

JOY, FEAR, NEUTRAL = Label("joy"), Label("fear"), Label("neutral")


def moods(*constraints, labels=(JOY, FEAR, NEUTRAL)):
    return LabelSchema(task="mood", version="1.0.0", labels=labels, scale="multilabel", constraints=constraints)


@pytest.mark.parametrize(
    ("constraint", "present", "told"),
    [
        (AtLeastOne([JOY, FEAR]), "", "none of joy, fear holds"),
        (AtLeastOne([JOY, FEAR]), "neutral", "none of joy, fear holds"),
        (AtLeastOne([JOY, FEAR]), "joy", None),
        (AtLeastOne([JOY, FEAR]), "joy fear", None),
        (AtMostOne([JOY, NEUTRAL]), "", None),
        (AtMostOne([JOY, NEUTRAL]), "joy fear", None),
        (AtMostOne([JOY, NEUTRAL]), "neutral joy", "joy and neutral exclude each other"),
        (AtMostOne([JOY, FEAR, NEUTRAL]), "neutral fear joy", "joy and fear and neutral exclude each other"),
        (Implies([JOY, FEAR]), "", None),
        (Implies([JOY, FEAR]), "fear", None),
        (Implies([JOY, FEAR]), "joy fear", None),
        (Implies([JOY, FEAR]), "joy", "joy holds without fear"),
        (Implies([JOY, FEAR, NEUTRAL]), "joy", "joy holds without fear, neutral"),
    ],
    ids=str,
)
def test_a_constraint_tells_which_labels_break_it(constraint, present, told):
    assert constraint.violation(frozenset(present.split())) == told


@pytest.mark.parametrize("kind", [AtLeastOne, AtMostOne, Implies])
@pytest.mark.parametrize("labels", [[], [JOY], [JOY, JOY], ["joy"]], ids=str)
def test_a_constraint_about_fewer_than_two_labels_is_refused(kind, labels):
    with pytest.raises(SchemaError, match=f"{kind.__name__} is about two labels or more"):
        kind(labels)


def test_a_label_named_twice_does_not_exclude_itself():
    assert AtMostOne([JOY, JOY, FEAR]).violation(frozenset({"joy"})) is None


@pytest.mark.parametrize("kind", [AtLeastOne, AtMostOne, Implies])
def test_a_constraint_takes_labels_or_their_ids(kind):
    assert kind([JOY, "fear"]) == kind(["joy", FEAR])
    assert kind([JOY, FEAR]).describe() == {"constraint": kind.__name__, "labels": ["joy", "fear"]}


def test_constraints_of_different_kinds_differ():
    assert len({AtLeastOne([JOY, FEAR]), AtMostOne([JOY, FEAR]), Implies([JOY, FEAR]), Implies([FEAR, JOY])}) == 4


def test_a_version_tells_every_constraint_that_labels_break():
    version = moods(AtLeastOne([JOY, FEAR, NEUTRAL]), AtMostOne([JOY, NEUTRAL]), Implies([JOY, FEAR]))
    assert version.violations([]) == ["none of joy, fear, neutral holds"]
    assert version.violations([JOY, "neutral"]) == ["joy and neutral exclude each other", "joy holds without fear"]
    assert version.violations([JOY, FEAR]) == []


def test_a_version_is_asked_about_its_own_labels_only():
    with pytest.raises(UnknownLabelError, match="Did you mean 'joy'"):
        moods().violations(["jooy"])


@pytest.mark.parametrize("scale", ["nominal", "ordinal"])
def test_a_constraint_where_an_item_has_one_label_is_refused(scale):
    labels = [Label("a", rank=0), Label("b", rank=1)]
    with pytest.raises(SchemaError, match=f"an item has one label on a {scale} scale"):
        LabelSchema(task="t", version="1.0.0", labels=labels, scale=scale, constraints=[AtMostOne(["a", "b"])])


def test_a_constraint_about_a_label_that_is_not_there_is_refused():
    with pytest.raises(SchemaError, match=r"names 'jooy', which is no label\. Did you mean 'joy'"):
        moods(AtMostOne(["jooy", FEAR]))


def test_a_constraint_about_a_reserved_label_is_refused():
    labels = [JOY, FEAR, Label("odd", status="reserved")]
    with pytest.raises(SchemaError, match="names 'odd', which is no label"):
        moods(AtMostOne([JOY, "odd"]), labels=labels)


# Agreement


@pytest.mark.parametrize(
    ("low", "high", "n", "verdict"),
    [
        (0.6, 0.7, 100, "met"),
        (0.7, 0.9, 100, "met"),
        (0.59, 0.7, 100, "open"),
        (0.4, 0.6, 100, "open"),
        (0.4, 0.59, 100, "missed"),
        (0.7, 0.9, 99, "too few"),
        (0.1, 0.2, 99, "too few"),
    ],
)
def test_a_target_is_met_or_missed_only_by_a_whole_interval(low, high, n, verdict):
    assert AgreementTarget("kappa", 0.6, minimum_n=100).verdict(low=low, high=high, n=n) == verdict


@pytest.mark.parametrize("coefficient", ["accuracy", "macro_f1", "kappa"])
@pytest.mark.parametrize("threshold", [0, 0.5, 1])
def test_a_target_may_lie_anywhere_between_0_and_1(coefficient, threshold):
    target = AgreementTarget(coefficient, threshold)
    assert target.describe() == {"coefficient": coefficient, "threshold": threshold, "minimum_n": 1}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("alpha", 0.5), "one of accuracy, macro_f1, kappa, not 'alpha'"),
        ((None, 0.5), "not None"),
        (("kappa", -0.01), "between 0 and 1, not at -0.01"),
        (("kappa", 1.01), "between 0 and 1"),
        (("kappa", 60), "between 0 and 1"),
        (("kappa", float("nan")), "between 0 and 1"),
        (("kappa", 0.5, 0), "minimum_n of 1 or more, not 0"),
        (("kappa", 0.5, -3), "minimum_n of 1 or more"),
    ],
    ids=str,
)
def test_a_target_that_makes_no_sense_is_refused(given, told):
    with pytest.raises(SchemaError, match=told):
        AgreementTarget(*given)


@pytest.mark.parametrize("given", [("kappa", "0.6"), ("kappa", None), ("kappa", 0.6, None)], ids=str)
def test_a_target_that_is_no_number_is_refused_like_one_that_makes_no_sense(given):
    with pytest.raises(SchemaError):
        AgreementTarget(*given)
