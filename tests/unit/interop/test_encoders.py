"""Pipelines of spaCy and models of model2vec that are on this machine; nothing is downloaded."""

from __future__ import annotations

import socket
import sys

import numpy as np
import pytest
import spacy

from retrolabel.errors import MissingExtraError, SettingsError
from retrolabel.interop.encoders import encoder_named

WORDS = {"dead": [1.0, 0.0], "link": [0.0, 1.0], "thanks": [-1.0, 0.0]}

UNKNOWN = "[UNK]"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        pytest.fail(f"the network was asked: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def with_vectors(tmp_path):
    """A folder with a pipeline that has vectors of three words."""
    nlp = spacy.blank("en")
    for word, vector in WORDS.items():
        nlp.vocab.set_vector(word, np.array(vector, np.float32))
    nlp.to_disk(tmp_path / "pipeline")
    return tmp_path


def test_vectors_of_a_pipeline_in_a_folder_are_the_mean_of_those_of_its_words(with_vectors):
    encoder = encoder_named("spacy:pipeline", with_vectors)
    assert encoder.gives == "encoded"
    assert encoder.vectors(["dead link", "thanks", ""]).tolist() == [[0.5, 0.5], [-1, 0], [0, 0]]


def test_an_encoder_is_known_by_what_is_in_its_folder(with_vectors):
    first = encoder_named("spacy:pipeline", with_vectors).identity
    assert encoder_named("spacy:pipeline", with_vectors).identity == first
    nlp = spacy.load(with_vectors / "pipeline")
    nlp.vocab.set_vector("link", np.array([0.0, 2.0], np.float32))
    nlp.to_disk(with_vectors / "pipeline")
    assert encoder_named("spacy:pipeline", with_vectors).identity != first


def test_a_blank_pipeline_gives_words_as_they_are_spelt_usually():
    english, german = encoder_named("spacy"), encoder_named("spacy:de")
    assert english.gives == german.gives == "tokens"
    assert english.words(["It doesn't  work"]) == ["it does not work"]
    assert german.identity != english.identity


def test_a_pipeline_with_a_lemmatizer_gives_lemmas(tmp_path):
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "links"}]], {"LEMMA": "link"})
    nlp.add_pipe("lemmatizer", config={"mode": "lookup", "overwrite": False}).lookups.add_table(
        "lemma_lookup", {"went": "go"}
    )
    nlp.to_disk(tmp_path / "lemmas")
    encoder = encoder_named("spacy:lemmas", tmp_path)
    assert encoder.gives == "tokens"
    assert encoder.words(["links went"]) == ["link go"]


@pytest.mark.parametrize("name", ["spacy:en_core_web_md", "spacy:no/such/folder", "spacy:qq"])
def test_a_pipeline_that_is_not_here_is_refused_and_nothing_is_downloaded(name, tmp_path):
    with pytest.raises(SettingsError) as raised:
        encoder_named(name, tmp_path)
    assert name.partition(":")[2] in raised.value.message
    assert "retrolabel downloads nothing" in raised.value.remedy


def test_without_model2vec_the_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(MissingExtraError) as raised:
        encoder_named("model2vec:model", tmp_path)
    assert raised.value.remedy == 'pip install "retrolabel[model2vec]"'


@pytest.fixture
def static(tmp_path):
    """A folder with a model of model2vec for three words."""
    model2vec = pytest.importorskip("model2vec")
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {word: place for place, word in enumerate([UNKNOWN, *WORDS])}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    vectors = np.array([[0.0, 0.0], *WORDS.values()], np.float32)
    model2vec.StaticModel(vectors, tokenizer).save_pretrained(tmp_path / "static")
    return tmp_path


def test_a_model_of_model2vec_in_a_folder_gives_the_mean_of_its_tokens(static):
    encoder = encoder_named("model2vec:static", static)
    assert encoder.gives == "encoded"
    assert np.allclose(
        encoder.vectors(["dead link", "thanks", "", "unheard of"]), [[0.5, 0.5], [-1, 0], [0, 0], [0, 0]]
    )
    assert encoder.identity == encoder_named("model2vec:static", static).identity


@pytest.mark.parametrize("name", ["model2vec", "model2vec:minishlab/potion-base-8M"])
def test_a_model_that_is_no_folder_here_is_refused_and_nothing_is_downloaded(static, name):
    with pytest.raises(SettingsError, match="names no folder of a model that is here") as raised:
        encoder_named(name, static)
    assert "retrolabel downloads nothing" in raised.value.remedy


def test_a_folder_that_holds_no_model_is_refused(static):
    (static / "empty").mkdir()
    with pytest.raises(SettingsError, match="cannot be loaded"):
        encoder_named("model2vec:empty", static)
