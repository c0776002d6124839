"""Real labels of 28 emotions, one to five a comment: people simulated on them, and groups of an old version."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from retrolabel.label_models.multilabel import MultilabelModel
from retrolabel.label_models.presence import PresenceVotes

pytestmark = [pytest.mark.real]
ITEMS = 12_000


@pytest.fixture(scope="module")
def emotions(real):
    """The labels, which of them hold, int [n, 28], and emotion -> its label among the 7."""
    folder = real("goemotions_3schemas")
    frame = pd.read_parquet(folder / "data.parquet", columns=["labels_original"]).head(ITEMS)
    mapping = json.loads((folder / "mapping.json").read_text(encoding="utf-8"))["ekman"]
    labels = sorted(mapping)
    held = np.array([[label in given for label in labels] for given in frame["labels_original"].map(set)], int)
    return labels, held, mapping


def people(held, m, *, sensitivity=0.6, specificity=0.985):
    drawn = np.random.default_rng(0).random((len(held), m, held.shape[1]))
    return np.where(held[:, None] == 1, drawn < sensitivity, drawn > specificity).astype(int)


def log_loss(found, held):
    return -np.log(np.clip(np.where(held == 1, found, 1 - found), 1e-6, None)).mean()


def marginals(said, labels, groups=None):
    votes = PresenceVotes.from_ints(said, labels=labels, groups=groups)
    return MultilabelModel().fit(votes).marginals(votes)


@pytest.mark.parametrize(("m", "most"), [(1, 0.12), (3, 0.07)])
def test_rare_labels_are_found_by_people_and_are_as_rare_as_they_are(emotions, m, most):
    labels, held, _ = emotions
    found = marginals(people(held, m), labels)
    shares = np.full_like(found, held.mean())
    assert log_loss(found, held) < most < log_loss(shares, held)
    assert 0.6 * held.mean() < found.mean() < 1.6 * held.mean()


def test_labels_of_the_coarse_version_narrow_the_fine_ones(emotions):
    labels, held, mapping = emotions
    below = {coarse: [label for label in labels if mapping[label] == coarse] for coarse in set(mapping.values())}
    groups = {
        item: [below[coarse] for coarse in {mapping[labels[place]] for place in np.flatnonzero(row)}]
        for item, row in enumerate(held)
    }
    said = people(held, 1)
    without, narrowed = marginals(said, labels), marginals(said, labels, groups)
    assert log_loss(narrowed, held) < 0.9 * log_loss(without, held)
    assert (narrowed >= without - 1e-12).all()
