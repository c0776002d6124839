"""A pattern of tokens that can never match is refused when it is made."""

from __future__ import annotations

import pytest
import spacy

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.tokens import token_pattern
from retrolabel.schema.labels import Label

A = Label("a")


def refused(pattern, **options):
    with pytest.raises(LabelingFunctionError) as caught:
        token_pattern(A, pattern, **({"column": "t"} | options))
    return caught.value


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ({"LOWER": "Bye"}, 'write "bye"'),
        ({"LOWER": {"IN": ["bye", "Ciao"]}}, 'write "ciao"'),
        ({"LOWER": {"NOT_IN": ["Bye"]}}, 'write "bye"'),
        ({"LOWER": "Bye", "OP": "?"}, 'write "bye"'),
        ({"LOWER": {"REGEX": "^Bye"}}, 'needs "B"'),
        ({"LOWER": {"REGEX": "[A-Z]{2,}"}}, 'needs "A"'),
        ({"LOWER": {"REGEX": "(Yes|No)"}}, 'needs "Y"'),
        ({"LOWER": {"REGEX": {"IN": ["Bye"]}}}, 'needs "B"'),
        ({"NORM": "Bye"}, 'write "bye"'),
        ({"LENGTH": 0}, "1 or more"),
        ({"LENGTH": {">=": 5, "<": 5}}, "1 or more"),
        ({"LENGTH": {"<": 1}}, "1 or more"),
        ({"TEXT": "two words"}, 'write {"TEXT": "two"}, {"TEXT": "words"}'),
        ({"LOWER": "e-mail"}, 'write {"LOWER": "e"}, {"LOWER": "-"}, {"LOWER": "mail"}'),
        ({"LOWER": "customer,"}, "cut into 2"),
        ({"TEXT": {"IN": []}}, "one of none"),
        ({"LOWER": ""}, "is empty"),
        ({"ENT_TYPE": "ORG"}, "what finds names"),
        ({"ENT_IOB": 3}, "what finds names"),
        ({"SHAPE": "Xxxxxx"}, 'write "Xxxxx"'),
        ({"SHAPE": "abc"}, 'write "xxx"'),
        ({"IS_ALPHA": True, "IS_DIGIT": True}, "at once"),
        ({"IS_LOWER": True, "IS_UPPER": True}, "at once"),
        ({"IS_DIGIT": True, "LIKE_NUM": False}, "leave one"),
        ({"LOWER": "bye", "IS_DIGIT": True}, "LOWER, IS_DIGIT"),
        ({"TEXT": "Bye", "LOWER": "ciao"}, "TEXT, LOWER"),
        ({"TEXT": "a", "ORTH": "b"}, "TEXT, ORTH"),
        ({"LOWER": "bye", "LENGTH": 5}, "LOWER, LENGTH"),
        ({"LOWER": "bye", "SHAPE": "dd"}, "LOWER, SHAPE"),
        ({"LOWER": {"IN": ["a"], "NOT_IN": ["a"]}}, "LOWER"),
        ({"TEXT": "bye", "IS_UPPER": True}, "TEXT, IS_UPPER"),
        ({"OP": "{0}"}, "leave OP out"),
    ],
)
def test_what_no_token_can_be_is_refused_with_what_to_write(token, told):
    error = refused([{"LOWER": "hello"}, token] if "OP" not in token or "LOWER" in token else [token])
    assert error.message == "token_pattern was given a pattern that can never match, or a part of one that can never."
    assert [problem.where for problem in error.problems] == ["pattern 1"]
    assert error.problems[0].what.startswith("can never match: ")
    assert told in error.problems[0].what


@pytest.mark.parametrize("name", ["POS", "TAG", "LEMMA", "DEP", "MORPH", "UPPER"])
def test_what_a_blank_pipeline_never_sets_is_refused(name):
    assert name in refused([{name: "x"}]).problems[0].what


def test_a_length_below_zero_and_an_empty_list_are_refused():
    assert refused([{"LENGTH": -1}]).problems[0].where == "pattern 1"
    assert refused([]).problems == ()


def test_each_pattern_and_each_token_that_cannot_match_is_told_at_once():
    error = refused([[{"LOWER": "Bye"}, {"LOWER": "NOW"}], [{"LOWER": "bye"}], [{"LENGTH": 0}]])
    assert [(problem.where, problem.what[:25]) for problem in error.problems] == [
        ("pattern 1", "can never match: token 1:"),
        ("pattern 1", "can never match: token 2:"),
        ("pattern 3", "can never match: token 1:"),
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        [{"LOWER": "bye"}],
        [{"LOWER": {"IN": ["bye", "ciao"]}}],
        [{"LOWER": {"REGEX": "(?i)^Bye"}}],
        [{"LOWER": {"REGEX": r"\W|Bye|b"}}],
        [{"LOWER": {"REGEX": r"[^A-Z]\S\D(X)?"}}],
        [{"LOWER": {"FUZZY": "Bye"}}],
        [{"LENGTH": {">=": 5}}],
        [{"LENGTH": {"IN": [3]}, "IS_ALPHA": True}],
        [{"LOWER": "n't"}, {"LOWER": "'s"}, {"LOWER": "ca"}],
        [{"LOWER": "don't"}],
        [{"LOWER": "i"}, {"LOWER": "'ve"}],
        [{"TEXT": "I"}, {"TEXT": "'m"}],
        [{"LOWER": "y'"}, {"LOWER": "all"}],
        [{"TEXT": "U.S."}, {"LOWER": "dec."}],
        [{"TEXT": "..."}, {"TEXT": ":)"}, {"TEXT": "$"}],
        [{"TEXT": "\n"}],
        [{"LOWER": "iphone", "SHAPE": "xXxxxx"}],
        [{"SHAPE": "Xxxxx"}, {"SHAPE": "dd:dd"}],
        [{"IS_UPPER": True, "IS_TITLE": True}],
        [{"LOWER": "bye", "IS_UPPER": True}],
        [{"LOWER": "ten", "LIKE_NUM": True}],
        [{}, {"OP": "*"}],
        [{"LOWER": "node.js"}, {"LOWER": "c++"}, {"LOWER": "error_code"}],
        [{"IS_SENT_START": True, "LOWER": "bye"}],
    ],
)
def test_what_some_token_can_be_is_taken(pattern):
    assert token_pattern(A, pattern, column="t").rule.patterns


def test_of_docs_that_come_from_elsewhere_only_what_holds_for_every_doc_is_refused():
    assert token_pattern(A, [{"TEXT": "two words"}], doc="doc").rule.docs
    assert token_pattern(A, [{"ENT_TYPE": "ORG"}], doc="doc").rule.docs
    assert 'write "bye"' in refused([{"LOWER": "Bye"}], column=(), doc="doc").problems[0].what


def test_a_pipeline_that_names_things_or_merges_tokens_is_believed():
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "two words"}])
    nlp.add_pipe("merge_entities")
    assert token_pattern(A, [{"ENT_TYPE": "ORG"}], column="t", nlp=nlp).rule.nlp is nlp
    assert token_pattern(A, [{"TEXT": "two words"}], column="t", nlp=nlp).rule.nlp is nlp
