"""Questions under 6 classes and under 42: a split, and 68 labeling functions that know the 6 only.

The LFs go on voting: what they say of a class is, under the fine schema, the set of its parts. No LF tells
two parts of a class from each other, so nothing may become of the split but that each class is a sum.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from retrolabel import History, Label, LabelModel, LabelSchema, MajorityVote, Split, VoteMatrix
from retrolabel.schema.labels import union
from retrolabel.schema.shares import shares_along_the_steps

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]


@pytest.fixture(scope="module")
def folder(real) -> Path:
    """The folder of real data."""
    for name in ("trec_coarse_fine", "ws_trec"):
        real(name)
    return real()


@pytest.fixture(scope="module")
def questions(folder) -> pd.DataFrame:
    """The 500 questions that have both labels."""
    return pd.read_parquet(folder / "trec_coarse_fine" / "data.parquet", columns=["item_id", "coarse", "coarse_fine"])


@pytest.fixture(scope="module")
def frame(folder) -> pd.DataFrame:
    """The votes of the 68 LFs on 6,033 questions, the 500 among them."""
    return pd.read_parquet(folder / "ws_trec" / "data.parquet")


@pytest.fixture(scope="module")
def history(folder, questions) -> History:
    """The classes, then their parts; an id is a word, so what is stored with a colon is an alias."""
    names = json.loads((folder / "ws_trec" / "labels.json").read_text(encoding="utf-8"))
    coarse = [Label(names[number]) for number in sorted(names, key=int)]
    stored = sorted(questions["coarse_fine"].unique())
    fine = [Label(value.replace(":", "."), aliases=[value]) for value in stored]
    steps = [Split(each, into=[part for part in fine if part.id.startswith(f"{each.id}.")]) for each in coarse]
    first = LabelSchema(task="question", version="1.0.0", labels=coarse)
    return History([first, LabelSchema(task="question", version="2.0.0", revises=first, labels=fine, steps=steps)])


@pytest.fixture(scope="module")
def parts(history) -> np.ndarray:
    """Bool [42, 6]: whether a fine label is part of a class."""
    first, second = history
    images = [history.relation("1.0.0", "2.0.0").project(each) for each in first.ids]
    return np.array([[part in image for image in images] for part in second.ids])


@pytest.fixture(scope="module")
def coarse(history, frame) -> VoteMatrix:
    """The votes as they were cast."""
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    return VoteMatrix.from_ints(frame[lfs].to_numpy(), labels=history["1.0.0"].ids, voters=lfs)


@pytest.fixture(scope="module")
def fine(history, coarse) -> VoteMatrix:
    """The same votes, resolved in the fine version."""
    first, second = history
    place = {label: number for number, label in enumerate(second.ids)}
    sets = [{place[each] for each in history.resolve(union(label), "2.0.0").ids} for label in first.labels]
    cells = [None, *sets]
    rows = [[cells[code] for code in row] for row in coarse.codes.tolist()]
    return VoteMatrix.from_sets(rows, labels=second.ids, voters=coarse.voters)


@pytest.fixture(scope="module")
def agreed(coarse) -> np.ndarray:
    """Bool [n]: whether all LFs that vote on a question say the same class."""
    votes = coarse.to_ints()
    return coarse.covered & (np.where(votes < 0, 99, votes).min(axis=1) == votes.max(axis=1))


def posteriors(model, votes: VoteMatrix) -> np.ndarray:
    return model.fit(votes).predict_proba(votes)


# The relation ----------------------------------------------------------------------------------


def test_schema_the_classes_split_into_42_parts_and_each_stored_spelling_is_one(history, questions, parts):
    assert dict(zip(history["1.0.0"].ids, parts.sum(axis=0).tolist(), strict=True)) == {
        "DESC": 4, "ENTY": 17, "HUM": 4, "ABBR": 2, "LOC": 5, "NUM": 10,
    }  # fmt: skip
    assert (parts.sum(axis=1) == 1).all()
    assert history["2.0.0"].parse("DESC:def").id == "DESC.def"
    assert all(history["2.0.0"].parse(value) for value in questions["coarse_fine"])
    assert not any(history["1.0.0"].parse(value) for value in questions["coarse_fine"])


def test_schema_on_all_500_questions_the_fine_label_is_inside_the_set_of_the_coarse_one(history, questions):
    up, down = history.relation("1.0.0", "2.0.0"), history.relation("2.0.0", "1.0.0")
    assert len(questions) == 500
    for row in questions.itertuples():
        label = history["2.0.0"].parse(row.coarse_fine)
        assert label.id in up.project(row.coarse)
        assert down.project(label) == {row.coarse}
    assert {up.kind(each) for each in history["1.0.0"].ids} == {"set"}


def test_schema_the_coarse_gold_of_the_votes_is_the_coarse_label_of_the_500(history, questions, frame):
    both = questions.merge(frame[["item_id", "gold"]], on="item_id", validate="one_to_one")
    assert len(both) == 500
    assert [history["1.0.0"].ids[number] for number in both["gold"]] == both["coarse"].tolist()


# The votes -------------------------------------------------------------------------------------


def test_schema_a_vote_for_a_class_is_a_vote_for_its_parts_and_one_against_it_for_all_others(history):
    up = history.relation("1.0.0", "2.0.0")
    for label in history["1.0.0"].labels:
        said, denied = history.resolve(union(label), "2.0.0"), history.resolve(~label, "2.0.0")
        assert (said.ids, said.kind, said.suspect) == (up.project(label), "set", False)
        assert denied.ids == up.target_ids - said.ids
        assert denied.kind == "set"


def test_schema_no_vote_is_lost_and_none_is_made(coarse, fine):
    assert np.array_equal(coarse.codes > 0, fine.codes > 0)
    assert len(coarse.patterns()) == len(fine.patterns())


def test_schema_majority_vote_gives_each_class_the_share_that_it_had(coarse, fine, parts):
    summed = posteriors(MajorityVote(), fine) @ parts
    covered = coarse.covered
    assert np.allclose(summed[covered], posteriors(MajorityVote(), coarse)[covered], atol=1e-12)


@pytest.mark.parametrize("model", [LabelModel(), MajorityVote()], ids=lambda model: model.name)
def test_schema_parts_that_no_vote_tells_apart_are_equally_probable(model, fine, parts):
    found = posteriors(model, fine)
    for each in parts.T:
        assert np.ptp(found[:, each], axis=1).max() <= 1e-12


def prior_of(parts: np.ndarray) -> list[float]:
    """Return the prior in which a class is as probable as it was before the split."""
    return (parts / (parts.shape[1] * parts.sum(axis=0))).sum(axis=1).tolist()


def test_schema_the_prior_of_the_classes_is_what_the_steps_say(history, parts):
    assert shares_along_the_steps(history["2.0.0"]) == pytest.approx(prior_of(parts))


def test_schema_with_the_prior_of_the_classes_the_summed_posteriors_give_the_class_that_all_voters_said(
    coarse, fine, parts, agreed
):
    model = LabelModel(class_prior=prior_of(parts))
    said = coarse.to_ints().max(axis=1)
    same = (posteriors(model, fine) @ parts).argmax(axis=1) == said
    assert agreed.sum() == 4_432
    assert (posteriors(LabelModel(), coarse).argmax(axis=1) == said)[agreed].all()
    assert same[agreed].mean() > 0.998  # measured: 4,426 of 4,432


def test_schema_with_the_prior_of_the_classes_nothing_but_ties_changes_before_anything_is_learned(coarse, fine, parts):
    before = posteriors(LabelModel(max_iter=0), coarse)
    after = posteriors(LabelModel(max_iter=0, class_prior=prior_of(parts)), fine) @ parts
    lead = np.diff(np.sort(before, axis=1)[:, -2:])[:, 0]
    clear = coarse.covered & (lead > 1e-9)
    assert clear.sum() == 5_191
    assert np.array_equal(before.argmax(axis=1)[clear], after.argmax(axis=1)[clear])


def test_schema_with_the_prior_of_the_classes_the_fit_gives_covered_questions_the_class_that_it_gave(
    coarse, fine, parts
):
    # Parts that no vote tells apart are one label to the label model, so only where it stops differs.
    before = posteriors(LabelModel(), coarse)
    after = posteriors(LabelModel(without_gold=prior_of(parts)), fine) @ parts
    same = before.argmax(axis=1) == after.argmax(axis=1)
    assert same[coarse.covered].all()
    assert np.allclose(after, before, atol=0.005)


def test_schema_a_split_into_equally_many_parts_changes_the_class_of_no_question(coarse):
    cells = [None, *({7 * number + part for part in range(7)} for number in range(6))]
    rows = [[cells[code] for code in row] for row in coarse.codes.tolist()]
    votes = VoteMatrix.from_sets(rows, labels=42, voters=coarse.voters)
    after = posteriors(LabelModel(), votes).reshape(len(votes), 6, 7).sum(axis=2)
    same = posteriors(LabelModel(), coarse).argmax(axis=1) == after.argmax(axis=1)
    assert same[coarse.covered].all()


def test_schema_a_prior_that_is_uniform_over_the_parts_prefers_the_class_of_most_parts(coarse, fine, parts, agreed):
    # Why a relabel takes the prior that the steps say: with all parts alike ENTY, which has 17 of 42, goes from
    # 1/6 to 0.40 before any vote, and 2,288 of the 4,432 questions on which all voters agree get ENTY although
    # they say another class.
    after = (posteriors(LabelModel(), fine) @ parts).argmax(axis=1)
    lost = agreed & (after != coarse.to_ints().max(axis=1))
    assert 2_000 < lost.sum() < 2_600
    assert set(after[lost]) == {coarse.labels.index("ENTY")}
