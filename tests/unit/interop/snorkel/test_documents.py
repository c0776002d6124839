"""Documents of spaCy: preprocessors, and functions that share them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from retrolabel.interop.snorkel import MissingModelError
from retrolabel.interop.snorkel.labeling import PandasLFApplier
from retrolabel.interop.snorkel.labeling.lf.nlp import NLPLabelingFunction, nlp_labeling_function
from retrolabel.interop.snorkel.preprocess import preprocessor
from retrolabel.interop.snorkel.preprocess.nlp import SpacyPreprocessor
from retrolabel.interop.snorkel.slicing.sf.nlp import nlp_slicing_function

POINT = SimpleNamespace(text="Version 3 crashed.")


def tokens(document):
    return [token.text for token in document]


def test_a_blank_language_parses_as_spacys_own_does(tmp_path):
    spacy = pytest.importorskip("spacy")
    spacy.blank("en").to_disk(tmp_path / "model")
    expected = tokens(spacy.blank("en")(POINT.text))
    for language in ("blank:en", str(tmp_path / "model")):
        mapped = SpacyPreprocessor("text", "parsed", language=language)(POINT)
        assert tokens(mapped.parsed) == expected == ["Version", "3", "crashed", "."]
    assert not hasattr(POINT, "parsed")


def test_the_document_is_snorkels_to_the_last_token(tmp_path):
    theirs = pytest.importorskip("snorkel.preprocess.nlp")
    spacy = pytest.importorskip("spacy")
    spacy.blank("en").to_disk(tmp_path / "model")
    told = ("text", "doc", str(tmp_path / "model"))
    assert SpacyPreprocessor(*told)(POINT).doc.to_json() == theirs.SpacyPreprocessor(*told)(POINT).doc.to_json()


@pytest.mark.parametrize(
    ("language", "remedy"),
    [("en_no_such_model", "python -m spacy download en_no_such_model"), ("blank:zq", "blank:de")],
)
def test_a_model_that_is_missing_says_how_to_get_it(language, remedy):
    for kind in (MissingModelError, OSError):
        with pytest.raises(kind, match=remedy):
            SpacyPreprocessor("text", "doc", language=language)
    with pytest.raises(OSError, match=remedy):
        nlp_labeling_function(language=language)(lambda _: 0)


def test_functions_that_ask_for_the_same_document_parse_an_item_once():
    asked = []

    @preprocessor()
    def counts(x):
        asked.append(x.text)
        return x

    @nlp_labeling_function(language="blank:en", pre=[counts])
    def names_a_number(x):
        return 0 if any(token.like_num for token in x.doc) else -1

    @nlp_labeling_function(language="blank:en", pre=[counts], resources={"most": 3})
    def is_short(x, most):
        return 1 if len(x.doc) <= most else -1

    frame = pd.DataFrame({"text": ["Version 3 crashed.", "Thanks", "Version 3"]})
    votes = PandasLFApplier([names_a_number, is_short]).apply(frame, progress_bar=False)
    assert votes.tolist() == [[0, -1], [-1, 1], [0, 1]]
    assert asked == frame.text.tolist()
    assert names_a_number._pre == is_short._pre


def test_a_second_text_field_or_language_has_a_document_of_its_own():
    by_title = NLPLabelingFunction("by_title", lambda x: len(x.parsed), None, None, "title", "parsed", "blank:de")
    by_text = NLPLabelingFunction("by_text", lambda x: len(x.doc), language="blank:en")
    point = SimpleNamespace(title="Ein Absturz", text="It crashed.")
    assert (by_title(point), by_text(point)) == (2, 3)


def test_slices_read_documents_too():
    @nlp_slicing_function(language="blank:en", name="numbers")
    def names_a_number(x):
        return any(token.like_num for token in x.doc)

    assert (names_a_number(POINT), repr(names_a_number).partition(",")[0]) == (True, "NLPSlicingFunction numbers")
