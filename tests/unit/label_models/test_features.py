"""Votes as a one-hot: which features there are, and sums over them."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models import features as one_hot
from retrolabel.label_models.features import Features


def test_features_are_the_votes_that_occur_by_voter_and_label_set():
    codes = np.array([[1, 0, 3], [2, 0, 3], [1, 0, 0]], np.uint8)
    features = Features.of(codes)
    assert features.voter.tolist() == [0, 0, 2]
    assert features.code.tolist() == [1, 2, 3]
    assert features.shown.toarray().tolist() == [[1, 0, 1], [0, 1, 1], [1, 0, 0]]
    assert features.voters == 3


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (4, 0), (4, 3)])
def test_where_nobody_votes_there_are_no_features(shape):
    features = Features.of(np.zeros(shape, np.uint8))
    assert (len(features.voter), len(features.code), features.voters) == (0, 0, shape[1])
    assert features.shown.shape == (shape[0], 0)


def test_codes_above_one_byte_are_features_like_others():
    features = Features.of(np.array([[1, 300], [65_535, 300]], np.uint16))
    assert list(zip(features.voter.tolist(), features.code.tolist(), strict=True)) == [(0, 1), (0, 65_535), (1, 300)]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_out_adds_up_to_the_same_bits_as_what_is_sparse(monkeypatch, seed, whole):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (200, 9)).astype(np.uint8)
    codes[rng.random(codes.shape) < 0.5] = 0
    counts = rng.integers(1, 50, 200).astype(float) if whole else rng.random(200) * 50
    values, per_pattern = rng.normal(size=(27, 3)), rng.random((200, 3))

    def sums():
        features = Features.of(codes)
        return [
            features.of_patterns(values[: len(features.voter)]),
            features.of_features(per_pattern),
            features.of_features(counts),
            features.together(counts),
        ]

    written = sums()
    monkeypatch.setattr(one_hot, "SMALL", 0)
    assert all(np.array_equal(one, other) for one, other in zip(written, sums(), strict=True))


def test_sums_by_voter_are_over_its_features_and_nothing_where_it_has_none():
    features = Features.of(np.array([[1, 0, 3], [2, 0, 3]], np.uint8))
    values = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    assert features.by_voter(values).tolist() == [[3.0, 30.0], [0.0, 0.0], [4.0, 40.0]]
