"""Numbers, vectors and encoders beside the words of texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from retrolabel.end_models.blocks import Scaled, learned_block, stored_block
from retrolabel.end_models.cells import are_vectors
from retrolabel.end_models.encoders import ENCODED, NUMBER, TOKENS, VECTOR, Wanted
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.model import FORMAT, OF_TEXTS, EndModel
from retrolabel.end_models.training import fit
from retrolabel.errors import InputError


@dataclass
class Lengths:
    """An encoder that says how long a text is, and how many words it has."""

    name: str = "lengths"
    identity: str = "1f"
    gives: str = ENCODED

    def vectors(self, texts):
        return np.array([[len(text), len(text.split())] for text in texts], np.float64)

    def words(self, texts):
        return [text.upper() for text in texts]


def test_a_number_is_its_distance_from_the_mean_in_deviations_and_five_at_most():
    block, numbers = learned_block(Wanted(NUMBER, "stars"), 0, [[1], [3], [5.0], ["3"]])
    assert np.allclose(numbers.toarray()[:, 0], [-np.sqrt(2), 0, np.sqrt(2), 0])
    assert block.transform([[1e9], [-1e9]]).toarray()[:, 0].tolist() == [5.0, -5.0]
    assert block.size == 1


def test_a_missing_number_lies_at_the_mean_and_that_it_is_missing_is_a_feature_of_its_own():
    block, numbers = learned_block(Wanted(NUMBER, "stars"), 0, [[1], [None], [3], [float("nan")]])
    assert numbers.toarray().tolist() == [[-1, 0], [0, 1], [1, 0], [0, 1]]
    assert block.transform([[""], []]).toarray().tolist() == [[0, 1], [0, 1]]
    whole, _ = learned_block(Wanted(NUMBER, "stars"), 0, [[1], [3]])
    assert whole.transform([[None]]).toarray().tolist() == [[0]]


def test_yes_and_no_are_numbers_and_what_never_varies_divides_by_nothing():
    assert learned_block(Wanted(NUMBER, "paid"), 0, [[True], [False]])[1].toarray().tolist() == [[1], [-1]]
    assert learned_block(Wanted(NUMBER, "same"), 0, [[7], [7]])[1].toarray().tolist() == [[0], [0]]


def test_a_vector_is_about_as_long_as_the_words_of_a_text():
    drawn = np.random.default_rng(0).normal(3, 7, (200, 50))
    _, numbers = learned_block(Wanted(VECTOR, "v"), 0, [[row.tolist()] for row in drawn])
    assert 0.9 < np.linalg.norm(numbers.toarray(), axis=1).mean() < 1.1


def test_vectors_are_read_from_json_and_from_lists_alike():
    block, numbers = learned_block(Wanted(VECTOR, "v"), 1, [[0, "[1, 2]"], [0, (3, 4)], [0, np.array([5, 6])]])
    assert numbers.shape == (3, 2)
    assert np.allclose(block.transform([[9, "[3, 4]"]]).toarray(), 0)


@pytest.mark.parametrize(
    ("wanted", "cells", "said"),
    [
        (Wanted(NUMBER, "stars"), ["five", 5, "six"], "2 items have no number in stars: 'five'"),
        (Wanted(VECTOR, "v"), ["[1, 2]", "[1, 2, 3]", "[3, 4]"], "v holds vectors of 2 numbers, and 1 item one of 3"),
        (Wanted(VECTOR, "v"), ["[1, 2]", "x"], "1 item has no vector in v: 'x'"),
        (Wanted(NUMBER, "stars"), [None, ""], "No item that is trained on has a value in stars"),
    ],
)
def test_values_that_cannot_be_read_are_refused_with_the_column(wanted, cells, said):
    with pytest.raises(InputError, match=said):
        learned_block(wanted, 0, [[cell] for cell in cells])


def test_a_column_is_of_vectors_only_where_all_first_values_are():
    assert are_vectors([None, "[1, 2]", [3.0, 4.0]])
    assert not are_vectors(["[1, 2]", "[1] is the first point"])
    assert not are_vectors(["12", "13"])


def stored(block, find=None):
    return stored_block(block.told() | {"terms": list(getattr(block, "terms", ()))}, block.arrays(), find)


@pytest.mark.parametrize("gives", [ENCODED, TOKENS])
def test_an_encoder_is_asked_for_texts_and_found_again_by_its_name(gives):
    encoder = Lengths(gives=gives)
    items = [["dead link"], ["thanks"], ["so slow"], [None]]
    block, numbers = learned_block(Wanted(gives, "comment", encoder), 0, items)
    asked = []
    back = stored(block, lambda name: asked.append(name) or encoder)
    assert np.allclose(back.transform(items).toarray(), numbers.toarray())
    assert asked == ["lengths"]
    assert back.size == block.size == numbers.shape[1]


def test_another_encoder_than_the_model_was_trained_with_is_refused():
    block, _ = learned_block(Wanted(ENCODED, "comment", Lengths()), 0, [["dead link"], ["thanks"]])
    with pytest.raises(InputError, match="lengths is not what the model was trained with: it is 2e, and was 1f"):
        stored(block, lambda _: Lengths(identity="2e")).transform([["dead link"]])
    with pytest.raises(InputError, match="is not looked for here"):
        stored(block).transform([["dead link"]])


def test_a_model_that_reads_more_than_texts_is_stored_in_a_newer_format_and_says_the_same():
    items = [["dead link", 1, "x"], ["dead page", 2, "y"], ["thank you", 5, "z"], ["thanks", 4, "w"]]
    features, texts = TextFeatures.learned(items, columns=[0])
    assert {name.split()[0] for name in features.terms} == {"0"}
    stars, _ = Scaled.learned(Wanted(NUMBER, "stars"), 1, items)
    bare = EndModel(("good", "bad"), ("comment", "stars", "code"), features, None, blocks=(stars,))
    numbers = bare.numbers(items)
    assert numbers.shape[1] == texts.shape[1] + 1
    model = EndModel(
        bare.labels, bare.columns, features, fit(numbers, np.eye(2)[[1, 1, 0, 0]], np.ones(4)), {}, None, (stars,)
    )
    back = EndModel.from_bytes(model.to_bytes())
    assert np.allclose(back.predict_proba(items), model.predict_proba(items), atol=1e-6)
    assert back.to_bytes() == model.to_bytes()
    assert FORMAT > OF_TEXTS
