"""Simulated people who disagree for a reason that is known."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.errors import GoldError
from retrolabel.simulation.people import Decay, OnePerson, Taste, UnclearData, UnclearSpec, people_who_disagree

LABELS = ("a", "b", "c")


def truth(n=600):
    return pd.DataFrame({"item_id": [f"i{at}" for at in range(n)], "label": [LABELS[at % 3] for at in range(n)]})


def said(*planted, n=600, **more):
    found = people_who_disagree(truth(n), labels=LABELS, planted=planted, **{"slips": 0.0, "seed": 3, **more})
    return found.merge(truth(n).rename(columns={"label": "true"}), on="item_id")


def wrong(frame):
    return (frame["label"] != frame["true"]).mean()


def test_everybody_answers_every_item_once_and_some_again():
    found = said(people=["x", "y"], again=40)
    assert len(found[~found["again"]]) == 1200
    assert found[found["again"]].groupby("annotator").size().to_dict() == {"x": 40, "y": 40}
    assert set(found[found["again"]]["round"]) == {2}
    assert wrong(found) == 0


def test_the_same_seed_gives_the_same_answers_and_another_one_others():
    assert said(slips=0.2).equals(said(slips=0.2))
    assert not said(slips=0.2).equals(said(slips=0.2, seed=4))


@pytest.mark.parametrize("towards", ["any", "near"])
def test_slips_are_as_frequent_as_they_should_be(towards):
    found = said(slips=0.2, towards=towards)
    assert wrong(found) == pytest.approx(0.2, abs=0.03)
    if towards == "near":
        far = found[(found["true"] == "a") & (found["label"] == "c")]
        assert far.empty


def test_an_unclear_spec_tears_everybody_on_items_of_the_kind_alone():
    kind = set(truth()["item_id"][:300])
    found = said(UnclearSpec(labels=("a", "b"), items=kind))
    concerned = found[found["planted"] == "UnclearSpec"]
    assert set(concerned["item_id"]) <= kind
    assert set(concerned["true"]) == {"a", "b"}
    assert concerned.groupby("annotator")["label"].apply(lambda each: (each == "a").mean()).between(0.4, 0.6).all()
    assert wrong(found[found["planted"] == ""]) == 0


def test_who_keeps_a_reading_says_it_again_and_who_guesses_does_not():
    def kept(keeps):
        found = said(UnclearSpec(labels=("a", "b"), items=truth()["item_id"], keeps=keeps), again=600)
        found = found[found["planted"] != ""].pivot_table(
            index=["item_id", "annotator"], columns="again", values="label", aggfunc="first"
        )
        return (found[False] == found[True]).mean()

    assert kept(1.0) == 1.0
    assert kept(0.0) == pytest.approx(0.5, abs=0.05)


def test_unclear_items_are_guessed_each_time_anew_between_so_many_labels():
    found = said(UnclearData(share=0.5, among=2), again=600)
    unclear = found[found["planted"] == "UnclearData"]
    assert unclear["item_id"].nunique() == pytest.approx(300, abs=50)
    assert wrong(unclear) == pytest.approx(0.5, abs=0.05)
    assert unclear.groupby("item_id")["label"].nunique().max() == 2
    assert wrong(found[found["planted"] == ""]) == 0


def test_one_person_alone_is_off_and_on_one_label():
    found = said(OnePerson(person="ben", says="c", where="a", rate=0.5))
    off = found[found["label"] != found["true"]]
    assert (set(off["annotator"]), set(off["true"]), set(off["label"])) == ({"ben"}, {"a"}, {"c"})


def test_camps_say_two_things_of_contested_items():
    found = said(Taste(labels=("a", "b"), keeps=1.0), people=4)
    contested = found[found["planted"] == "Taste"]
    assert set(contested[contested["annotator"].isin(["ana", "ben"])]["label"]) == {"a"}
    assert set(contested[contested["annotator"].isin(["cleo", "dan"])]["label"]) == {"b"}


def test_slips_grow_from_round_to_round():
    found = said(Decay(to=0.5), n=1500, rounds=5, again=0)
    rates = found.groupby("round").apply(wrong)
    assert rates.is_monotonic_increasing
    assert (rates[1], rates[5]) == (0, pytest.approx(0.5, abs=0.06))


def test_a_label_or_a_person_who_is_not_there_is_refused():
    with pytest.raises(GoldError, match="There is no label 'd'"):
        said(Taste(labels=("a", "d")))
    with pytest.raises(GoldError, match="Nobody is called 'zoe'"):
        said(OnePerson(person="zoe", says="a", where="b"))
    with pytest.raises(GoldError, match="12 simulated people, and 20"):
        said(people=20)
