"""What a hundred gold labels say of real votes: prevalence, accuracy, sets with a guarantee, errors in gold."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from retrolabel import LabelModel, VoteMatrix
from retrolabel.gold.conformal import conformal_sets
from retrolabel.gold.estimation import estimate_mean, estimate_prevalence
from retrolabel.gold.readiness import suspects
from retrolabel.jobs.label_sets.fitting import FOLDS, fold_of
from retrolabel.label_models.gold import GoldSets

pytestmark = [pytest.mark.real]
SETS = ["ws_youtube", "ws_tubespam_dated", "ws_semeval", "ws_tennis", "ws_rna_screening"]
TREC = "ws_trec"
GOLD = 100
DRAWS = 10


@pytest.fixture(scope="module")
def draws(real):
    """A function that returns random gold on a set: truth, gold, cross-fitted probabilities, those by all gold."""

    @cache
    def of(name):
        frame = pd.read_parquet(real(name, "data.parquet"))
        lfs = sorted(column for column in frame if column.startswith("lf_"))
        truth = frame["gold"].fillna(-1).to_numpy().astype(np.int64)
        votes = VoteMatrix.from_ints(frame[lfs].to_numpy(), labels=int(truth.max()) + 1, voters=lfs)
        patterns, known = votes.patterns(), truth >= 0
        return [drawn(name, patterns, patterns.inverse[known], truth[known], seed) for seed in range(DRAWS)]

    return of


def drawn(name, patterns, where, truth, seed):
    rows = np.random.default_rng(seed).choice(len(truth), GOLD, replace=False)
    gold = np.full(len(truth), -1)
    gold[rows] = truth[rows]
    sets = GoldSets(where[rows], truth[rows, None] == np.arange(len(patterns.labels)), np.ones(GOLD))
    folds = np.array([fold_of(name, str(row)) for row in rows])
    full = LabelModel().fit(patterns, sets).predict_proba(patterns)[where]
    found = full.copy()
    for fold in range(FOLDS):
        out = folds == fold
        found[rows[out]] = LabelModel().fit(patterns, sets.take(~out)).predict_proba(patterns)[where[rows[out]]]
    return truth, gold, found, full


def prevalences(each):
    held, ratio = [], []
    for truth, gold, probabilities, _ in each:
        for label, found in enumerate(estimate_prevalence(gold, probabilities)):
            held.append(found.low <= (truth == label).mean() <= found.high)
            ratio.append(found.width / (found.classical.high - found.classical.low))
    return np.mean(held), np.mean(ratio)


def test_predictions_make_the_interval_of_a_prevalence_a_fifth_narrower_and_it_still_holds(draws):
    found = {name: prevalences(draws(name)) for name in SETS}
    assert np.mean([ratio for _, ratio in found.values()]) < 0.75
    assert np.mean([held for held, _ in found.values()]) >= 0.93
    held, ratio = prevalences(draws(TREC))
    assert held > 0.9
    assert ratio < 0.95


@pytest.mark.parametrize("name", [*SETS, TREC])
def test_the_interval_of_the_accuracy_holds_it(draws, name):
    held = []
    for truth, gold, probabilities, full in draws(name):
        right = np.where(gold >= 0, (probabilities.argmax(axis=1) == gold).astype(float), np.nan)
        found = estimate_mean(right, probabilities.max(axis=1))
        held.append(found.low <= (full.argmax(axis=1) == truth).mean() <= found.high)
    assert np.mean(held) >= 0.8


@pytest.mark.parametrize("name", [*SETS, TREC])
def test_sets_hold_the_truth_of_nine_items_in_ten(draws, name):
    held, right, plain = [], [], []
    for truth, gold, probabilities, _ in draws(name):
        possible = conformal_sets(probabilities, gold, keys=[str(row) for row in range(len(truth))])
        new = gold < 0
        hit, one = possible[np.arange(len(truth)), truth], possible.sum(axis=1) == 1
        held.append(hit[new].mean())
        right.append(hit[new & one].mean())
        plain.append((probabilities.argmax(axis=1) == truth)[new].mean())
    assert 0.88 <= np.mean(held) <= 0.96
    assert np.mean(right) > np.mean(plain) - 0.04


@pytest.mark.parametrize("name", SETS)
def test_half_of_the_first_suspects_are_planted_errors(draws, name):
    found = []
    for seed, (_, gold, probabilities, _) in enumerate(draws(name)):
        said = gold.copy()
        wrong = np.random.default_rng(seed).choice(np.flatnonzero(gold >= 0), 10, replace=False)
        said[wrong] = (gold[wrong] + 1) % probabilities.shape[1]
        found.append(np.isin(suspects(probabilities, said)[0][:10], wrong).mean())
    assert np.mean(found) > 0.45
