"""Snorkel both ways: the same functions give the same votes in its appliers and in our engine."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
import textwrap
from functools import partial
from types import SimpleNamespace

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import retrolabel
from retrolabel import Label, LabelSchema, adopt, feature, keywords, labeling_function, regex, to_snorkel
from retrolabel.discovery.folders import discover
from retrolabel.discovery.project import forget
from retrolabel.errors import LabelingFunctionError, MissingColumnError, MissingExtraError, UndeclaredVoteError
from retrolabel.interop.snorkel import DataPoint, adopt_all, data_points
from tests.laws import law

pytest.importorskip("snorkel")
snorkels = pytest.importorskip("snorkel.labeling")
lf_module = pytest.importorskip("snorkel.labeling.lf")
nlp_module = pytest.importorskip("snorkel.labeling.lf.nlp")
preprocess = pytest.importorskip("snorkel.preprocess")

BUG, FEATURE, QUESTION = Label("bug"), Label("feature"), Label("question")
SCHEMA = LabelSchema(task="kind", version="1.0.0", labels=[BUG, FEATURE, QUESTION])
SNORKELS_FAULT = "ignore:Input has data type int64, but the output:FutureWarning"  # it calls scipy in an old way
MEANING = {0: BUG, 1: FEATURE, 2: QUESTION}
TEXTS = [
    "App crashes when I rotate the phone (Pixel 7, 2.31.0)",
    "Please add a dark mode! My eyes hurt at night.",
    "How do I export my notes as CSV?",
    "Getting 'TypeError: undefined is not a function' since yesterday's update",
    "It would be nice if search ignored accents",
    "Why does sync take so long?? It crashed twice, too.",
    "thanks, great work",
    "",
    "CRASH on start-up. Steps: 1) open 2) wait",
    "Could you please support Portuguese?",
]
FRAME = pd.DataFrame(
    {"title": [text[:20] for text in TEXTS], "body": TEXTS, "stars": [1, 4, 3, 1, 4, 2, 5, 3, 1, 4]},
    index=[7, 7, 3, 2, 1, 0, 9, 8, 6, 5],
)


def by_snorkel(lfs, frame=FRAME):
    return snorkels.PandasLFApplier(lfs).apply(frame, progress_bar=False)


def by_us(lfs, frame=FRAME, **settings):
    applied = retrolabel.apply(adopt_all(lfs, MEANING, **settings), frame, schema=SCHEMA)
    assert not applied.faults
    return applied.votes.to_ints()


# Snorkel's own in our engine


@snorkels.labeling_function()
def crashes(x):
    """The product breaks.

    More of it.
    """
    return 0 if "crash" in x.body.lower() else -1


@snorkels.labeling_function(name="wants_more", resources={"words": ["please", "would be nice"]})
def wants(x, words):
    return 1 if any(word in x.body.lower() for word in words) else -1


@snorkels.labeling_function()
def asks(x):
    return np.int64(2) if x["body"].rstrip().endswith("?") else -1


@snorkels.labeling_function()
def few_stars(x):
    return 0 if x.stars <= 1 else -1


def test_the_same_functions_vote_the_same_in_snorkels_applier_and_in_ours():
    lfs = [crashes, wants, asks, few_stars, snorkels.LabelingFunction("never", lambda _: -1)]
    expected = by_snorkel(lfs)
    assert (expected >= 0).sum(axis=0).tolist() == [3, 3, 2, 3, 0]
    assert by_us(lfs).tolist() == expected.tolist()


def test_it_is_known_by_its_name_its_first_line_and_the_module_that_it_was_written_in():
    ours = adopt(crashes, MEANING)
    assert (ours.name, ours.description, ours.module) == ("crashes", "The product breaks.", __name__)
    assert (ours.takes_row, ours.columns) == (True, ())
    assert repr(ours.function) == "Adopted(LabelingFunction crashes, Preprocessors: [])"
    assert adopt(wants, MEANING).name == "wants_more"
    assert adopt(wants, MEANING, name="asks_for_more", version="2").name == "asks_for_more"
    assert adopt(wants, MEANING, version="2").version == "2"
    bound = snorkels.LabelingFunction("bound", partial(lambda x, least: 0 if x.stars < least else -1, least=2))
    assert (adopt(bound, MEANING).module, adopt(bound, MEANING).description) == (__name__, "")
    assert adopt(bound, MEANING).vote({"stars": 1}).ids == {"bug"}


def test_columns_say_what_it_reads_and_nothing_else_is_loaded():
    seen = []
    spy = snorkels.LabelingFunction("spy", lambda x: seen.append(vars(x)) or 0)
    ours = adopt(spy, MEANING, columns=["body"])
    assert (ours.columns, ours.reads, ours.takes_row) == (("body",), ("body",), False)
    retrolabel.apply([ours], FRAME, schema=SCHEMA)
    assert seen == [{"body": text} for text in TEXTS]
    with pytest.raises(MissingColumnError, match="'body'"):
        retrolabel.apply([ours], FRAME[["title"]], schema=SCHEMA)
    assert by_us([crashes, wants], columns=["body"]).tolist() == by_snorkel([crashes, wants]).tolist()


def test_columns_may_be_features():
    @feature
    def length(body: str | None) -> int:
        return len(body or "")

    long = snorkels.LabelingFunction("long", lambda x: 0 if x.length > 50 else -1)
    applied = retrolabel.apply([adopt(long, MEANING, columns=["length"])], FRAME, schema=SCHEMA, features=[length])
    assert applied.votes.to_ints()[:, 0].tolist() == [0 if len(text) > 50 else -1 for text in TEXTS]


def test_a_missing_value_is_none():
    seen = []
    spy = snorkels.LabelingFunction("spy", lambda x: seen.append((x.body, x.stars)) or -1)
    frame = pd.DataFrame({"body": ["a", None], "stars": [np.nan, 2.0]})
    retrolabel.apply([adopt(spy, MEANING)], frame, schema=SCHEMA)
    assert seen == [("a", None), (None, 2.0)]


def test_a_union_may_stand_for_a_number():
    ours = adopt(crashes, {0: ~QUESTION})
    assert str(ours.vote({"body": "a crash"})) == "~question"


def test_two_numbers_may_stand_for_one_label():
    ours = adopt(snorkels.LabelingFunction("one", lambda x: x.stars), {1: BUG, 0: BUG, 2: FEATURE})
    assert [str(vote) for vote in ours.declared] == ["bug", "feature"]
    assert [str(ours.vote({"stars": stars})) for stars in (0, 1, 2)] == ["bug", "bug", "feature"]


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (3, "returned 3, which stands for no label; adopt was told of 0, 1, 2"),
        (-2, "returned -2, which stands for no label"),
        (True, "returned True, not a number"),
        (np.bool_(False), "not a number"),  # noqa: FBT003
        (None, "returned None, not a number"),
        (1.0, "returned 1.0, not a number"),
        ("bug", "returned 'bug', not a number"),
    ],
)
def test_what_stands_for_no_label_is_a_fault(returned, told):
    lf = snorkels.LabelingFunction("odd", lambda x: returned if x.stars == 4 else -1)
    applied = retrolabel.apply([adopt(lf, MEANING)], FRAME, schema=SCHEMA)
    assert applied.failed == {"odd": 3}
    assert told in applied.faults[0].error
    assert not applied.votes.covered.any()


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64, np.uint8])
def test_numpys_integers_are_numbers(kind):
    ours = adopt(snorkels.LabelingFunction("one", lambda x: kind(x.stars)), {kind(1): BUG})
    assert ours.vote({"stars": 1}).ids == {"bug"}
    if kind is not np.uint8:
        assert ours.vote({"stars": -1}) is None


def test_what_it_raises_is_a_fault_with_the_authors_own_line():
    applied = retrolabel.apply(adopt_all([few_stars], MEANING), {"stars": [1, None, 5]}, schema=SCHEMA)
    assert applied.failed == {"few_stars": 1}
    assert applied.faults[0].row == 1
    assert "TypeError" in applied.faults[0].error
    assert "return 0 if x.stars <= 1 else -1" in applied.faults[0].trace
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1]


def test_one_that_swallows_its_errors_goes_on_doing_so():
    class Tolerant(snorkels.LabelingFunction):
        def __call__(self, x):
            try:
                return super().__call__(x)
            except TypeError:
                return -1

    tolerant = Tolerant("tolerant", few_stars._f)
    applied = retrolabel.apply([adopt(tolerant, MEANING)], {"stars": [1, None, 5]}, schema=SCHEMA)
    assert applied.failed == {"tolerant": 0}
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1]


# Preprocessors


@pytest.mark.parametrize("memoize", [False, True])
def test_preprocessors_set_attributes(memoize):
    calls = []

    @preprocess.preprocessor(memoize=memoize)
    def joined(x):
        calls.append(x.title)
        x.text = f"{x.title} {x.body}"
        return x

    @preprocess.preprocessor(pre=[joined], memoize=memoize)
    def words(x):
        x.words = x.text.lower().split()
        return x

    lfs = [
        snorkels.LabelingFunction("short", lambda x: 2 if len(x.words) < 12 else -1, pre=[words]),
        snorkels.LabelingFunction("polite", lambda x: 1 if "please" in x.words else -1, pre=[words]),
        snorkels.LabelingFunction("any_text", lambda x: 0 if x.text.strip() else -1, pre=[joined, words, joined]),
    ]
    ours = by_us(lfs)
    assert len(calls) == (3 if memoize else 5) * len(TEXTS)
    assert ours.tolist() == by_snorkel(lfs).tolist()
    assert (ours >= 0).any(axis=0).all()


def test_preprocessors_of_fields_run():
    class Length(preprocess.Preprocessor):
        def __init__(self):
            super().__init__("length", {"text": "body"}, {"length": "size_of_body"}, memoize=True)

        def run(self, text):
            return {"length": len(text)}

    lfs = [snorkels.LabelingFunction("long", lambda x: 0 if x.size_of_body > 40 else -1, pre=[Length()])]
    assert by_us(lfs).tolist() == by_snorkel(lfs).tolist() == [[0 if len(text) > 40 else -1] for text in TEXTS]


def test_a_preprocessor_that_gives_nothing_is_a_fault():
    nothing = preprocess.LambdaPreprocessor("nothing", lambda _: None)
    lf = snorkels.LabelingFunction("lost", lambda _: 0, pre=[nothing])
    applied = retrolabel.apply([adopt(lf, MEANING)], FRAME, schema=SCHEMA)
    assert applied.failed == {"lost": len(TEXTS)}
    assert "Preprocessor should not return None" in applied.faults[0].error


@pytest.mark.parametrize("memoize", [False, True])
def test_what_a_preprocessor_changes_no_other_labeling_function_sees(memoize):
    @preprocess.preprocessor(memoize=memoize)
    def emptied(x):
        x.body = ""
        x.tags.append("emptied")
        return x

    lfs = [
        snorkels.LabelingFunction("first", lambda x: 0 if x.body == "" and len(x.tags) == 2 else -1, pre=[emptied]),
        snorkels.LabelingFunction("second", lambda x: 1 if x.body and len(x.tags) == 1 else -1),
        snorkels.LabelingFunction("third", lambda x: 0 if x.body == "" and len(x.tags) == 2 else -1, pre=[emptied]),
    ]
    data = {"body": ["a", "b"], "tags": [["x"], ["x"]]}
    applied = retrolabel.apply(adopt_all(lfs, MEANING), data, schema=SCHEMA)
    assert applied.votes.to_ints().tolist() == [[0, 1, 0]] * 2
    assert data == {"body": ["a", "b"], "tags": [["x"], ["x"]]}


@pytest.mark.parametrize("columns", [None, ["body", "tags"]])
@pytest.mark.parametrize("pre", [False, True])
def test_what_a_labeling_function_sets_no_other_sees(columns, pre):
    @preprocess.preprocessor(memoize=True)
    def marked(x):
        x.words = x.body.split()
        return x

    def spoils(x):
        clean = x.body == "a b" and x.tags == ["x"] and not hasattr(x, "seen") and (not pre or x.words == ["a", "b"])
        x.body, x.seen = "spoilt", True
        x.tags.append("spoilt")
        if pre:
            x.words.append("spoilt")
        return 0 if clean else 1

    lfs = [snorkels.LabelingFunction(f"lf_{i}", spoils, pre=[marked] if pre else None) for i in range(3)]
    applied = retrolabel.apply(
        adopt_all(lfs, MEANING, columns=columns), {"body": ["a b"] * 2, "tags": [["x"]] * 2}, schema=SCHEMA
    )
    assert applied.votes.to_ints().tolist() == [[0, 0, 0]] * 2


def test_a_preprocessor_remembers_apart_for_those_that_read_other_columns():
    @preprocess.preprocessor(memoize=True, memoize_key=lambda x: x.body)
    def lowered(x):
        x.low = x.body.lower()
        return x

    narrow = snorkels.LabelingFunction("narrow", lambda x: 0 if "crash" in x.low else -1, pre=[lowered])
    wide = snorkels.LabelingFunction("wide", lambda x: 1 if x.title in x.body else -1, pre=[lowered])
    ours = [adopt(narrow, MEANING, columns=["body"]), adopt(wide, MEANING)]
    applied = retrolabel.apply(ours, FRAME, schema=SCHEMA)
    assert not applied.faults
    assert applied.votes.to_ints()[:, 1].tolist() == [1] * len(TEXTS)


def test_a_preprocessor_keeps_nothing_of_a_run_and_forgets_when_told():
    calls = []

    @preprocess.preprocessor(memoize=True)
    def counted(x):
        calls.append(1)
        return x

    lf = snorkels.LabelingFunction("all", lambda _: 0, pre=[counted])
    ours = adopt(lf, MEANING)
    before = dict(vars(counted))
    by_us([lf])
    assert vars(counted) == before
    assert counted._cache == {}
    ours.vote({"body": "a"})
    ours.vote({"body": "a"})
    assert len(calls) == len(TEXTS) + 1
    counted.reset_cache()
    ours.vote({"body": "a"})
    assert len(calls) == len(TEXTS) + 2
    known = len(data_points._memories)
    del counted, lf, ours, before
    gc.collect()
    assert len(data_points._memories) == known - 1


def test_a_preprocessor_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(data_points, "REMEMBERED", 3)
    calls = []

    @preprocess.preprocessor(memoize=True)
    def counted(x):
        calls.append(x.body)
        return x

    ours = adopt(snorkels.LabelingFunction("all", lambda _: 0, pre=[counted]), MEANING)
    for body in "abcdcba":
        ours.vote({"body": body})
    assert calls == ["a", "b", "c", "d", "a"]
    assert [len(memory) for (of, _), memory in data_points._memories.items() if of == id(counted)] == [3]


def test_an_error_leaves_the_preprocessors_memory_in_its_place():
    @preprocess.preprocessor(memoize=True)
    def fails(x):
        raise KeyError(x.body)

    ours = adopt(snorkels.LabelingFunction("fails", lambda _: 0, pre=[fails]), MEANING)
    with pytest.raises(KeyError):
        ours.vote({"body": "a"})
    assert fails._cache == {}


# spaCy


@pytest.fixture
def language(tmp_path):
    """A blank pipeline on disk; Snorkel keeps one pipeline for all of its NLP functions."""
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "blank")
    kept = nlp_module.NLPLabelingFunction.__dict__.get("_nlp_config")
    if kept is not None:
        del nlp_module.NLPLabelingFunction._nlp_config
    yield str(tmp_path / "blank")
    if "_nlp_config" in nlp_module.NLPLabelingFunction.__dict__:
        del nlp_module.NLPLabelingFunction._nlp_config
    if kept is not None:
        nlp_module.NLPLabelingFunction._nlp_config = kept


@pytest.mark.parametrize("columns", [None, ["body", "title"]])
def test_nlp_functions_vote_the_same_and_parse_each_item_once(language, columns):
    @preprocess.preprocessor()
    def joined(x):
        x.text = f"{x.title}. {x.body}"
        return x

    setting = {"language": language, "pre": [joined]}

    @nlp_module.nlp_labeling_function(**setting)
    def long(x):
        return 0 if len(list(x.doc.sents)) > 2 else -1

    @nlp_module.nlp_labeling_function(resources={"words": {"please", "nice"}}, **setting)
    def polite(x, words):
        return 1 if any(token.lower_ in words for token in x.doc) else -1

    numbers = nlp_module.NLPLabelingFunction(
        "numbers", lambda x: 2 if any(token.like_num for token in x.doc) else -1, **setting
    )
    lfs = [long, polite, numbers]
    expected = by_snorkel(lfs)
    assert (expected >= 0).any(axis=0).all()
    parser = numbers._pre[0]
    parsed = []
    run = parser.run
    parser.run = lambda text: parsed.append(text) or run(text)
    assert by_us(lfs, columns=columns).tolist() == expected.tolist()
    assert len(parsed) == len(TEXTS)


# What cannot be adopted


def test_what_is_none_of_snorkels_is_refused():
    ours = keywords(BUG, ["crash"], column="body", name="crash")
    with pytest.raises(LabelingFunctionError, match="one of ours already"):
        adopt(ours, MEANING)
    with pytest.raises(LabelingFunctionError, match=r"not <function(.|\n)*@labeling_function\(LABEL\)"):
        adopt(lambda _: 0, MEANING)
    with pytest.raises(LabelingFunctionError, match="not 'crash'"):
        adopt("crash", MEANING)
    with pytest.raises(LabelingFunctionError) as caught:
        adopt_all([crashes, ours, "crash"], MEANING)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({}, "got nothing"),
        ([BUG, FEATURE], r"adopt\(lf, \{0: BUG, 1: FEATURE\}\)"),
        ({0: "bug"}, "got 'bug'"),
        ({0: BUG, -1: None}, "leave it out"),
        ({-2: BUG}, "-2: is below 0"),
        ({True: BUG}, "True: is no whole number"),
        ({"0": BUG, 1.0: BUG}, "'0': is no whole number(.|\n)*1.0: is no whole number"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(labels, told):
    with pytest.raises(LabelingFunctionError, match=told):
        adopt(crashes, labels)


@pytest.mark.parametrize("columns", ["body", [], ["body", "body"], [""], [1]])
def test_columns_that_make_no_sense_are_refused(columns):
    with pytest.raises(LabelingFunctionError, match="columns"):
        adopt(crashes, MEANING, columns=columns)


# The data point


def test_a_data_point_is_read_by_attribute_and_by_name_and_survives_pickling():
    point = DataPoint(body="a", size=3)
    point["extra"] = 1
    again = pickle.loads(pickle.dumps(point))  # noqa: S301 - our own
    assert again == point
    assert (type(again), again.extra, again["size"], again.get("none", 7)) == (DataPoint, 1, 3, 7)
    assert ("body" in point, "none" in point) == (True, False)
    with pytest.raises(KeyError):
        point["none"]
    with pytest.raises(TypeError, match="unhashable"):
        hash(point)


@pytest.mark.parametrize(
    "given",
    [
        SimpleNamespace(body="a crash", stars=1),
        {"body": "a crash", "stars": 1},
        pd.Series({"body": "a crash", "stars": 1}),
    ],
)
def test_an_adopted_function_can_be_called_on_any_data_point(given):
    assert adopt(crashes, MEANING)(given).ids == {"bug"}
    assert adopt(crashes, MEANING, columns=["body"])("a crash").ids == {"bug"}


def test_an_adopted_function_can_be_called_on_an_object_of_the_authors_own():
    class Item:
        body = "a crash"

    assert adopt(crashes, MEANING)(Item()).ids == {"bug"}


# In a task


def test_discovery_finds_it_in_a_tasks_module(tmp_path):
    files = {
        "../__init__.py": "",
        "schema/v1_kinds.py": """
            from retrolabel import Label, LabelSchema
            BUG, FEATURE = Label("bug"), Label("feature")
            SCHEMA = LabelSchema(task="kind", version="1.0.0", labels=[BUG, FEATURE])
            """,
        "adopted.py": """
            from labeling_functions.kind.schema.v1_kinds import BUG, FEATURE
            from retrolabel import adopt
            from retrolabel.interop.snorkel import adopt_all
            from snorkel.labeling import labeling_function

            @labeling_function()
            def crashes_in_snorkel(x):
                '''It crashes.'''
                return 0 if "crash" in x.body else -1

            @labeling_function()
            def asks_in_snorkel(x):
                return 1 if "please" in x.body else -1

            crashes = adopt(crashes_in_snorkel, {0: BUG}, name="crashes", columns=["body"])
            any_, asks = adopt_all([crashes_in_snorkel, asks_in_snorkel], {0: BUG, 1: FEATURE})
            """,
    }
    task_folder = tmp_path / "labeling_functions" / "kind"
    (task_folder / "schema").mkdir(parents=True)
    for name, text in files.items():
        path = task_folder / name
        path.write_text(textwrap.dedent(text))
    try:
        task = discover(tmp_path, "kind")
    finally:
        forget()
    assert [lf.name for lf in task.lfs] == ["asks_in_snorkel", "crashes", "crashes_in_snorkel"]
    assert task.lfs[1].reads == ("body",)
    assert task.lfs[1].description == "It crashes."
    assert task.code["crashes"]["source"].startswith("crashes = adopt(")
    assert task.lfs[1].vote({"body": "a crash"}).ids == {"bug"}


# Ours in Snorkel's appliers


@labeling_function(BUG, FEATURE)
def by_word(body: str | None):
    if body is None:
        return None
    if "both" in body:
        return BUG | FEATURE
    return BUG if "crash" in body.lower() else FEATURE if "please" in body.lower() else None


@labeling_function(QUESTION)
def whole_row(x):
    return bool(x.body) and x.body.endswith("?") and x.stars is not None


@labeling_function(BUG, batch=True)
def unhappy(stars):
    return stars <= 1


@feature
def words(body: str | None) -> list[str]:
    return (body or "").lower().split()


@feature
def word_count(words: list[str]) -> int:
    return len(words)


@labeling_function(QUESTION)
def brief(word_count: int, body: str | None) -> bool:
    return 0 < word_count < 6 and body is not None


OURS = [
    by_word,
    whole_row,
    unhappy,
    brief,
    keywords(FEATURE, ["add", "support"], column="body", name="wants"),
    regex(~QUESTION, r"\d", column="body", name="has_digits"),
]


@pytest.mark.parametrize(
    "labels",
    [
        SCHEMA,
        [BUG, FEATURE, QUESTION],
        ["bug", "feature", "question"],
        {BUG: 0, FEATURE: 1, QUESTION: 2},
        {"question": 2, "feature": 1, "bug": np.int64(0)},
    ],
)
def test_ours_vote_in_snorkels_appliers_as_in_our_own_engine(labels):
    expected = retrolabel.apply(OURS, FRAME, schema=SCHEMA, features=[words, word_count]).votes.to_ints()
    assert (expected >= 0).any(axis=0).tolist() == [True] * 5 + [False]
    handed = [to_snorkel(lf, labels, features=[words, word_count]) for lf in OURS]
    assert by_snorkel(handed).tolist() == expected.tolist()
    rows = [SimpleNamespace(**row) for row in FRAME.to_dict("records")]
    for data in (rows, FRAME.to_dict("records"), list(FRAME.itertuples())):
        assert snorkels.LFApplier(handed).apply(data, progress_bar=False).tolist() == expected.tolist()


@pytest.mark.filterwarnings(SNORKELS_FAULT)
def test_snorkels_analysis_takes_them():
    handed = [to_snorkel(lf, SCHEMA, features=[words, word_count]) for lf in OURS]
    table = snorkels.LFAnalysis(by_snorkel(handed), handed).lf_summary()
    assert list(table.index) == [lf.name for lf in OURS]
    assert all(isinstance(lf, lf_module.LabelingFunction) for lf in handed)


def test_a_set_abstains_unless_one_label_is_left():
    handed = to_snorkel(by_word, SCHEMA)
    assert handed(SimpleNamespace(body="both")) == -1
    assert type(handed(SimpleNamespace(body="crash"))) is int
    not_bug = keywords(~BUG, ["fine"], column="body", name="fine")
    assert to_snorkel(not_bug, SCHEMA)(SimpleNamespace(body="fine")) == -1
    assert to_snorkel(not_bug, [BUG, FEATURE])(SimpleNamespace(body="fine")) == 1
    assert to_snorkel(not_bug, {FEATURE: 5, BUG: 3})(SimpleNamespace(body="fine")) == 5


def test_labels_of_one_number_are_one_label():
    coarse = {BUG: 1, FEATURE: 1, QUESTION: 0}
    assert to_snorkel(by_word, coarse)(SimpleNamespace(body="both")) == 1
    assert to_snorkel(OURS[-1], coarse)(SimpleNamespace(body="1")) == 1


def test_missing_values_of_pandas_are_none():
    seen = []

    @labeling_function(BUG)
    def spy(body, stars, when, code) -> bool:
        seen.append((body, stars, when, code))
        return False

    @labeling_function(BUG)
    def spy_row(x) -> bool:
        seen.append((x.body, x.stars, x.when, x.code))
        return False

    frame = pd.DataFrame(
        {
            "body": ["a", None],
            "stars": [np.nan, 2.0],
            "when": [pd.NaT, pd.Timestamp("2026-01-01")],
            "code": pd.array([1, pd.NA], dtype="Int64"),
        }
    )
    by_snorkel([to_snorkel(spy, SCHEMA), to_snorkel(spy_row, SCHEMA)], frame)
    expected = [("a", None, None, 1), (None, 2.0, pd.Timestamp("2026-01-01"), None)]
    assert seen == [expected[0]] * 2 + [expected[1]] * 2


def test_numbers_of_numpy_are_plain():
    seen = []

    @labeling_function(BUG)
    def spy(stars) -> bool:
        seen.append(type(stars))
        return False

    to_snorkel(spy, SCHEMA)(SimpleNamespace(stars=np.int64(3)))
    to_snorkel(spy, SCHEMA)(pd.Series({"stars": 3.5}))
    assert seen == [int, float]


def test_a_column_is_read_where_a_pandas_row_has_an_attribute_of_that_name():
    @labeling_function(BUG)
    def big(size: int, name: str) -> bool:
        return size > 5 and name == "x"

    assert by_snorkel([to_snorkel(big, SCHEMA)], pd.DataFrame({"size": [9, 1], "name": ["x", "x"]})).tolist() == [
        [0],
        [-1],
    ]


@pytest.mark.parametrize(
    "point",
    [SimpleNamespace(bodi="a"), {"bodi": "a"}, pd.Series({"bodi": "a"})],
)
def test_a_missing_attribute_is_named(point):
    with pytest.raises(MissingColumnError, match=r"by_word reads the column 'body'.*Did you mean 'bodi'"):
        to_snorkel(by_word, SCHEMA)(point)


def test_a_data_point_without_names_is_refused():
    with pytest.raises(MissingColumnError, match="It has: no names"):
        to_snorkel(by_word, SCHEMA)(np.array(["a"]))
    with pytest.raises(MissingColumnError, match="ndarray does not tell its columns"):
        to_snorkel(whole_row, SCHEMA)(np.array(["a"]))


def test_a_feature_that_was_not_given_is_asked_for():
    with pytest.raises(MissingColumnError, match=r"features=\[\.\.\.\]"):
        to_snorkel(brief, SCHEMA)(SimpleNamespace(body="a"))


def test_faults_are_raised_through():
    @labeling_function(BUG, FEATURE)
    def odd(body: str):
        if body == "raise":
            raise KeyError(body)
        return QUESTION

    handed = to_snorkel(odd, SCHEMA)
    with pytest.raises(UndeclaredVoteError, match="which it does not declare"):
        handed(SimpleNamespace(body="a"))
    with pytest.raises(KeyError):
        handed(SimpleNamespace(body="raise"))
    found, meta = snorkels.LFApplier([handed]).apply(
        [SimpleNamespace(body="a")], progress_bar=False, fault_tolerant=True, return_meta=True
    )
    assert (found.tolist(), meta.faults) == ([[-1]], {"odd": 1})


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["bug", "featur"], "feature: is declared, and not among them. Did you mean 'featur'"),
        ([BUG, Label("feature", "Another thing.")], "with another meaning"),
        (["bug", "feature", "bug"], "bug: is there twice"),
        ({"bug": -1, "feature": 0}, "-1: abstains"),
        ({"bug": True, "feature": 0}, "True: is no whole number"),
        ("bug", "not one label"),
        (BUG, "not one label"),
        ([], "bug: is declared(.|\n)*feature: is declared"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels, told):
    with pytest.raises(LabelingFunctionError, match=told):
        to_snorkel(by_word, labels)


def test_a_vote_that_leaves_none_of_the_labels_is_refused():
    neither = keywords(~(BUG | FEATURE), ["fine"], column="body", name="neither")
    with pytest.raises(LabelingFunctionError, match="leaves none of these labels"):
        to_snorkel(neither, [BUG, FEATURE])
    assert to_snorkel(neither, SCHEMA)(SimpleNamespace(body="fine")) == 2


def test_snorkels_own_are_not_handed_over():
    with pytest.raises(LabelingFunctionError, match="of ours"):
        to_snorkel(crashes, SCHEMA)


def test_without_snorkel_the_error_names_the_extra(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "snorkel"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "snorkel", None)
    with pytest.raises(MissingExtraError, match=r"retrolabel\[snorkel\]"):
        to_snorkel(by_word, SCHEMA)


# There and back


@given(st.lists(st.sampled_from([None, 0, 1, 2]), max_size=12), st.booleans(), st.permutations(range(3)))
@law(60, slow=True)
def test_a_function_that_went_to_snorkel_and_came_back_votes_as_before(planted, narrow, numbers):
    labels = [BUG, FEATURE, QUESTION]

    @labeling_function(*labels)
    def lf(place: int):
        return None if planted[place] is None else labels[planted[place]]

    back = adopt(
        to_snorkel(lf, dict(zip(labels, numbers, strict=True))),
        dict(zip(numbers, labels, strict=True)),
        columns=["place"] if narrow else None,
    )
    data = {"place": list(range(len(planted)))}
    both = [retrolabel.apply([each], data, schema=SCHEMA).votes.to_ints().tolist() for each in (lf, back)]
    assert both[0] == both[1] == [[-1 if vote is None else vote] for vote in planted]


# What gets imported along the way


def test_torch_is_never_imported_and_snorkel_only_to_hand_over():
    code = """
        import sys
        import retrolabel
        from retrolabel import Label, adopt, keywords, to_snorkel
        assert "snorkel" not in sys.modules
        lf = keywords(Label("a"), ["x"], column="body", name="x")
        handed = to_snorkel(lf, ["a", "b"])
        back = adopt(handed, {0: Label("a"), 1: Label("b")})
        assert back.vote({"body": "x"}).ids == {"a"}
        assert "snorkel" in sys.modules and "torch" not in sys.modules
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
