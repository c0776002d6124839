"""What a schema version tells a label model."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.under_a_schema import with_schema
from retrolabel.votes import VoteMatrix

SHARES = [0.5, 0.25, 0.25]


def test_the_label_model_takes_both_and_keeps_what_it_was_given_by_hand():
    assert with_schema(LabelModel(), ranks=[1, 2, 3], without_gold=SHARES) == LabelModel(
        ranks=[1, 2, 3], without_gold=SHARES
    )
    by_hand = LabelModel(ranks=[3, 2, 1], without_gold=[0.2, 0.4, 0.4])
    assert with_schema(by_hand, ranks=[1, 2, 3], without_gold=SHARES) == by_hand
    assert with_schema(LabelModel()) == LabelModel()


def test_so_do_the_candidates_of_auto_and_no_other_model():
    found = with_schema(AutoLabelModel(), ranks=[1, 2, 3], without_gold=SHARES)
    assert [each.settings().get("without_gold") for each in found.candidates] == [SHARES, None, None, None]
    assert with_schema(MajorityVote(), ranks=[1, 2, 3], without_gold=SHARES) == MajorityVote()


def test_without_gold_items_without_votes_have_these_shares_and_gold_or_a_given_prior_goes_before_them():
    votes = VoteMatrix.from_ints([[0], [1], [-1], [2]], labels=3)
    model = LabelModel(without_gold=SHARES)
    assert model.fit(votes).predict_proba(votes)[2].tolist() == SHARES
    with_gold = model.fit(votes, np.array([-1, 1, 1, -1])).predict_proba(votes)[2]
    assert with_gold == pytest.approx([(3 * share + n) / 4 for share, n in zip(SHARES, (0, 1, 0), strict=True)])
    given = LabelModel(without_gold=SHARES, class_prior=[0.2, 0.2, 0.6])
    assert given.fit(votes).predict_proba(votes)[2].tolist() == [0.2, 0.2, 0.6]


@pytest.mark.parametrize("shares", [[0.5, 0.5, 0.5], [1.0, 0.0, 0.0], [0.5, float("nan"), 0.5]], ids=str)
def test_shares_that_are_no_probabilities_are_refused(shares):
    with pytest.raises(VoteError, match="without_gold holds positive probabilities"):
        LabelModel(without_gold=shares)
    with pytest.raises(VoteError, match="without_gold has 3 entries, there are 2 labels"):
        LabelModel(without_gold=SHARES).fit(VoteMatrix.from_ints([[0]], labels=2))


def test_settings_name_the_shares_only_where_there_are_some():
    assert "without_gold" not in LabelModel().settings()
    assert LabelModel(without_gold=SHARES).settings()["without_gold"] == SHARES
