"""Phrases and token patterns: one doc a text, one pass for all that look at it."""

from __future__ import annotations

import json
import pickle

import pytest
import spacy
from spacy.matcher import Matcher

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.features import feature
from retrolabel.labeling.matching import Match, blank
from retrolabel.labeling.tokens import phrases, token_pattern
from retrolabel.schema.labels import Label, union

A = Label("a")
LATE = [{"LIKE_NUM": True}, {"LOWER": "hours"}, {"LOWER": "late"}]
TEXTS = ["Two hours late", "dead LINK!", None, "", "it was dead. Link it", "two hours late, dead link", "deadlink"]


@pytest.mark.parametrize(
    "pattern",
    [
        [{"LOWER": "dead"}, {"LOWER": "link"}],
        [{"LOWER": "dead", "OP": "!"}, {"LOWER": "link"}],
        [{"LOWER": "dead", "OP": "?"}, {"ORTH": "LINK"}],
        [{"TEXT": {"IN": ["LINK", "late"]}}],
        [{"LOWER": {"NOT_IN": ["link"]}}],
        [{"TEXT": "Link"}],
        [{"lower": "hours", "OP": "+"}, {"OP": "*"}, {"IS_PUNCT": True}],
        [{"LOWER": "dead", "OP": "{0,1}"}],
        [{"LOWER": {"FUZZY": "hourz"}}],
        [{"IS_ALPHA": True, "LENGTH": {">=": 5}}],
    ],
)
def test_a_look_for_needed_words_first_loses_no_match(pattern):
    plain = Matcher(blank().vocab)
    plain.add("p", [pattern])
    rule = token_pattern(A, pattern, column="t").rule
    texts = [text for text in TEXTS if text]
    assert [rule.found(text) for text in texts] == [bool(plain(blank()(text))) for text in texts]


def refused(call, *args, **kwargs):
    with pytest.raises(LabelingFunctionError) as caught:
        call(*args, **kwargs)
    return caught.value


def says(lf, columns, rows):
    return apply_lfs([lf], Batch(columns, rows))[0]


def test_a_phrase_is_found_token_by_token():
    lf = phrases(A, ["dead  link", "acme's"], column="t")
    assert [lf.vote({"t": text}) is not None for text in TEXTS] == [False, True, False, False, False, True, False]
    assert lf.vote({"t": "ACME's"}) == union(A)


def test_case_counts_where_it_is_told_to():
    lf = phrases(A, ["Dead link"], column="t", case=True)
    assert [lf.vote({"t": text}) is not None for text in ("Dead link", "dead link")] == [True, False]


def test_one_pattern_or_several():
    one = token_pattern(A, LATE, column="t")
    several = token_pattern(
        A, [LATE, [{"LOWER": "dead"}, {"IS_PUNCT": True, "OP": "*"}, {"LOWER": "link"}]], column="t"
    )
    assert [one.vote({"t": text}) is not None for text in TEXTS] == [True, False, False, False, False, True, False]
    assert [several.vote({"t": text}) is not None for text in TEXTS] == [True, True, False, False, True, True, False]


def rules():
    return [
        phrases(A, ["dead link"], column="t").rule,
        phrases(A, ["Dead", "hours"], column=("u", "t"), case=True).rule,
        token_pattern(A, LATE, column=("t", "u")).rule,
        token_pattern(A, [{"LOWER": {"REGEX": "^l"}}], column="t", nlp=spacy.blank("de")).rule,
        phrases(A, ["link"], column="t", nlp=spacy.blank("de")).rule,
    ]


def test_rules_on_a_batch_say_what_each_says_of_an_item():
    columns = {"t": [*TEXTS, 5, "dead link", 5], "u": [*reversed(TEXTS), "two hours late", 5, 5]}
    several = rules()
    for rule, said in zip(several, Match.many(several, Batch(columns, 10)), strict=True):
        for row in range(10):
            try:
                alone = rule.one(*(columns[name][row] for name in rule.columns))
            except TypeError:
                alone = -1
                assert str(said.errors[row]) == "expected a text, got 'int'"
            assert said.codes[row] == alone


def test_a_text_becomes_a_doc_once_for_all_that_look_at_it():
    nlp = spacy.blank("en")
    made = []
    tokenizer = nlp.tokenizer
    nlp.tokenizer = lambda text: made.append(text) or tokenizer(text)
    several = [
        phrases(A, ["dead link"], column="t", nlp=nlp).rule,
        phrases(A, ["Dead"], column="t", nlp=nlp, case=True).rule,
        token_pattern(A, LATE, column="t", nlp=nlp).rule,
    ]
    blanks = made.copy()
    Match.many(several, Batch({"t": ["dead link", "dead link too"]}, 2))
    assert made[len(blanks) :].count("dead link too") == 1


def test_a_feature_may_hold_the_docs():
    other = spacy.blank("en")

    @feature(batch=True)
    def doc(t):
        return [None if text is None else other(text) for text in t]

    lfs = [
        phrases(A, ["dead link"], doc="doc", name="one").bound({"doc": doc}),
        token_pattern(A, LATE, doc="doc", name="other").bound({"doc": doc}),
    ]
    assert lfs[0].reads == ("t",)
    assert lfs[0].vote({"t": "a dead link"}) == union(A)
    said = apply_lfs(lfs, Batch({"t": TEXTS}, len(TEXTS)))
    assert [each.codes.tolist() for each in said] == [[0, 1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 0, 1, 0]]


def test_a_feature_that_holds_no_docs_or_fails_is_a_fault():
    @feature
    def doc(t):
        return 1 / 0 if t == "bad" else t

    said = says(phrases(A, ["x"], doc="doc", name="x").bound({"doc": doc}), {"t": ["x", None, "bad"]}, 3)
    assert said.codes.tolist() == [-1, 0, -1]
    assert {fault.error for fault in said.faults} == {
        "TypeError: expected a spaCy doc, got 'str'",
        "ZeroDivisionError: division by zero",
    }


def test_a_component_that_fails_on_a_text_fails_on_that_item_alone():
    @spacy.Language.component("fails_on_bad")
    def fails(doc):
        if doc.text == "bad":
            raise ValueError("bad text")
        return doc

    nlp = spacy.blank("en")
    nlp.add_pipe("fails_on_bad")
    said = says(phrases(A, ["x"], column="t", nlp=nlp, name="x"), {"t": ["x", "bad", "x y", "y"]}, 4)
    assert said.codes.tolist() == [1, -1, 1, 0]
    assert said.faults[0].error == "ValueError: bad text"


def test_a_doc_that_lacks_what_one_pattern_asks_for_is_no_fault_of_the_others():
    @feature
    def doc(t):
        return blank()(t)

    lfs = [
        token_pattern(A, [{"POS": "NOUN"}], doc="doc", name="one").bound({"doc": doc}),
        phrases(A, ["x"], doc="doc", name="other").bound({"doc": doc}),
    ]
    said = apply_lfs(lfs, Batch({"t": ["x", "y"]}, 2))
    assert [each.codes.tolist() for each in said] == [[-1, -1], [1, 0]]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("doesn't work", "IT DOESN'T WORK"),
        ("doesn't work", "it doesn\u2019t\nwork"),
        ("doesn\u2019t work", "it doesn't work"),
        ("n't", "WE CAN\u2019T"),
        ("cannot", "WE CANNOT"),
        ("dead link", "a dead\n\n link"),
        ("dead link", "a dead\u00a0link"),
        ("broken", "it is broken.please fix"),
        ("please", "it is broken.Please fix"),
        ("works", "it works!!Now"),
        ("e-mail", "no e\u2011mail"),
        ("caf\u00e9", "the cafe\u0301"),
        ("u.s.", "the U.S. law"),
    ],
)
def test_a_phrase_is_found_however_its_text_is_written(phrase, text):
    lf = phrases(A, [phrase], column="t", name="p")
    assert lf.vote({"t": text}) == union(A)
    assert says(lf, {"t": [text, "x", text]}, 3).codes.tolist() == [1, 0, 1]


def test_a_pipeline_of_ones_own_cuts_the_folded_text_too():
    german = phrases(A, ["caf\u00e9 geht"], column="t", nlp=spacy.blank("de"))
    assert german.vote({"t": "Das Cafe\u0301\nGEHT.Danke"}) == union(A)


@pytest.mark.parametrize(
    ("phrase", "text"), [("work", "workshop.please"), ("dead link", "dead.link"), ("5", "3.5 km"), ("a b", "a. b")]
)
def test_words_with_something_between_them_are_no_phrase(phrase, text):
    assert phrases(A, [phrase], column="t").vote({"t": text}) is None


def test_phrases_that_are_not_folded_mean_what_spacy_says():
    lf = phrases(A, ["doesn't work"], column="t", fold=False)
    assert [lf.vote({"t": t}) is not None for t in ("doesn't work", "DOESN'T WORK", "doesn\u2019t work")] == [
        True,
        False,
        False,
    ]
    assert lf.rule.describe()["revision"] == 1
    assert phrases(A, ["x"], column="t").rule.describe()["revision"] == 2


def test_case_counts_in_folded_texts_where_it_is_told_to():
    lf = phrases(A, ["Doesn\u2019t work"], column="t", case=True)
    assert [lf.vote({"t": t}) is not None for t in ("Doesn't\nwork", "doesn't\nwork")] == [True, False]


def test_the_tokens_of_given_docs_are_folded_each():
    nlp = spacy.blank("en")

    @feature
    def doc(t):
        return nlp(t)

    lf = phrases(A, ["doesn't work"], doc="doc", name="x").bound({"doc": doc})
    assert lf.vote({"t": "it doesn\u2019t\nWORK"}) == union(A)
    assert lf.vote({"t": "it works"}) is None


@pytest.mark.parametrize("given", [[], ["a", ""], ["a", 5], ["a", "  "]])
def test_phrases_that_are_none_are_refused(given):
    assert refused(phrases, A, given, column="t").message == (
        "phrases needs at least one phrase, and none may be empty."
    )


def test_one_text_in_place_of_phrases_is_refused():
    assert refused(phrases, A, "dead link", column="t").remedy == "write ['dead link']"


def test_all_that_is_wrong_with_patterns_is_told_at_once():
    error = refused(token_pattern, A, [[{"LOWR": "a"}], LATE, [], [{"LOWER": {"REGEX": "("}}], "x"], column="t")
    assert [problem.where for problem in error.problems] == ["pattern 1", "pattern 3", "pattern 4", "pattern 5"]
    assert refused(token_pattern, A, [], column="t").message == error.message


def test_a_pattern_that_asks_for_what_the_pipeline_does_not_know_is_refused():
    error = refused(token_pattern, A, [{"POS": "NOUN"}], column="t")
    assert "POS" in error.problems[0].what
    assert "en_core_web_sm" in error.remedy


def test_a_column_or_docs_and_not_both():
    assert "no column" in refused(phrases, A, ["x"], column="t", doc="doc").message
    assert refused(phrases, A, ["x"]).remedy == 'column="comment"'
    assert "pipeline" in refused(phrases, A, ["x"], column="t", nlp="en").message


def test_the_description_of_a_rule_is_plain_and_holds_what_decides():
    one, other = phrases(A, ["b", "a", "b"], column="t"), phrases(A, ["a", "b"], column="t")
    assert one.rule.describe() == other.rule.describe()
    told = one.rule.describe()
    assert json.loads(json.dumps(told)) == told
    assert (told["phrases"], told["case"], told["spacy"]) == (["a", "b"], False, spacy.__version__)
    german = spacy.blank("de")
    assert phrases(A, ["a", "b"], column="t", nlp=german).rule.describe()["nlp"] is german
    assert token_pattern(A, LATE, column="t").rule.describe()["patterns"] == [LATE]


def test_a_rule_passes_to_another_process():
    lf = phrases(A, ["dead link"], column="t")
    lf.vote({"t": "x"})
    again = pickle.loads(pickle.dumps(lf))  # noqa: S301 - our own bytes
    assert again.vote({"t": "dead link"}) == union(A)
    assert again.module == __name__
