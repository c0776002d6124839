"""Snorkel's module paths: the same names in the same places, with the same parameters."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

from retrolabel.errors import RetrolabelError
from retrolabel.interop import snorkel as drop_in
from retrolabel.interop.snorkel import OutOfScopeError

OURS = "retrolabel.interop.snorkel"
MODULES = {
    "analysis": ["Scorer", "get_label_buckets", "get_label_instances", "metric_score"],
    "analysis.error_analysis": ["get_label_buckets", "get_label_instances"],
    "analysis.metrics": ["METRICS", "Metric", "metric_score"],
    "analysis.scorer": ["Scorer"],
    "labeling": [
        "LFAnalysis", "LFApplier", "LabelingFunction", "PandasLFApplier", "filter_unlabeled_dataframe",
        "labeling_function",
    ],
    "labeling.analysis": ["LFAnalysis"],
    "labeling.apply.core": ["ApplierMetadata", "BaseLFApplier", "LFApplier"],
    "labeling.apply.dask": ["DaskLFApplier", "PandasParallelLFApplier"],
    "labeling.apply.pandas": ["PandasLFApplier"],
    "labeling.lf": ["LabelingFunction", "labeling_function"],
    "labeling.lf.core": ["LabelingFunction", "labeling_function"],
    "labeling.lf.nlp": [
        "BaseNLPLabelingFunction", "NLPLabelingFunction", "SpacyPreprocessorConfig", "SpacyPreprocessorParameters",
        "base_nlp_labeling_function", "nlp_labeling_function",
    ],
    "labeling.model": ["LabelModel", "MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"],
    "labeling.model.base_labeler": ["BaseLabeler"],
    "labeling.model.baselines": ["MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"],
    "labeling.model.label_model": ["LabelModel"],
    "labeling.utils": ["filter_unlabeled_dataframe"],
    "map": ["BaseMapper", "LambdaMapper", "Mapper", "lambda_mapper"],
    "map.core": ["BaseMapper", "Mapper", "get_hashable", "get_parameters", "is_hashable", "lambda_mapper"],
    "preprocess": ["BasePreprocessor", "LambdaPreprocessor", "Preprocessor", "preprocessor"],
    "preprocess.core": ["BasePreprocessor", "LambdaPreprocessor", "Preprocessor", "preprocessor"],
    "preprocess.nlp": ["EN_CORE_WEB_SM", "SpacyPreprocessor"],
    "slicing": ["PandasSFApplier", "SFApplier", "SlicingFunction", "slice_dataframe", "slicing_function"],
    "slicing.apply.core": ["PandasSFApplier", "SFApplier"],
    "slicing.apply.dask": ["DaskSFApplier", "PandasParallelSFApplier"],
    "slicing.monitor": ["slice_dataframe"],
    "slicing.sf": ["SlicingFunction", "slicing_function"],
    "slicing.sf.core": ["SlicingFunction", "slicing_function"],
    "slicing.sf.nlp": ["NLPSlicingFunction", "nlp_slicing_function"],
    "types": ["DataPoint", "DataPoints", "Field", "FieldMap", "HashingFunction"],
    "utils": ["filter_labels", "preds_to_probs", "probs_to_preds", "to_int_label_array"],
    "utils.core": ["filter_labels", "preds_to_probs", "probs_to_preds", "to_int_label_array"],
}  # fmt: skip
"""Module, without ``snorkel.`` -> the names in it that programs import."""
PACKAGES = [name for name in MODULES if "." not in name] + ["labeling.model", "labeling.lf", "slicing.sf"]
LEFT_OUT = {"slicing": {"SliceAwareClassifier", "SliceCombinerModule", "add_slice_labels", "convert_to_slice_tasks"}}
CALLED = (
    "__init__",
    "__call__",
    "apply",
    "score",
    "score_slices",
    "fit",
    "predict",
    "run",
    "reset_cache",
    "lf_summary",
)
FREER = {"LabelModel.__init__", "BaseLabeler.__init__"}
"""Snorkel's take ``**kwargs`` whose names it looks up elsewhere; ours name some of them."""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_the_names_that_snorkels_has(module):
    theirs = pytest.importorskip(f"snorkel.{module}")
    ours = importlib.import_module(f"{OURS}.{module}")
    for name in MODULES[module]:
        assert hasattr(theirs, name), f"Snorkel has no {module}.{name}"
        assert hasattr(ours, name)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_of_a_package_of_snorkels_is_forgotten(package):
    theirs = pytest.importorskip(f"snorkel.{package}")
    public = {name for name, value in vars(theirs).items() if name[0] != "_" and not inspect.ismodule(value)}
    public -= {"Config"}  # the settings of Snorkel's torch optimisers
    assert public - set(MODULES[package]) == LEFT_OUT.get(package, set())


def parameters(function):
    found = inspect.signature(function).parameters.values()
    told = {each.name: each.default for each in found if each.kind is each.POSITIONAL_OR_KEYWORD}
    return {name: list(default) if isinstance(default, tuple) else default for name, default in told.items()}


@pytest.mark.parametrize("module", MODULES)
def test_what_snorkels_may_be_told_ours_may_be_told_in_the_same_order(module):
    theirs, ours = pytest.importorskip(f"snorkel.{module}"), importlib.import_module(f"{OURS}.{module}")
    for name in MODULES[module]:
        their, our = getattr(theirs, name), getattr(ours, name)
        if inspect.isclass(their) and not hasattr(their, "_fields"):
            pairs = {f"{name}.{each}": each for each in CALLED if each in vars(their)}
            told = {said: (getattr(their, each), getattr(our, each)) for said, each in pairs.items()}
        else:
            told = {name: (their, our)} if inspect.isfunction(their) else {}
        for said, (of_theirs, of_ours) in told.items():
            wanted, here = parameters(of_theirs), parameters(of_ours)
            if said not in FREER:
                assert list(here)[: len(wanted)] == list(wanted), said
                assert {key: here[key] for key in wanted} == wanted, said


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("from retrolabel.interop.snorkel.augmentation import transformation_function", "keep Snorkel"),
        ("import retrolabel.interop.snorkel.classification", "retrolabel train"),
        ("from retrolabel.interop.snorkel.classification.data import DictDataset", "retrolabel train"),
        ("from retrolabel.interop.snorkel.slicing import SliceAwareClassifier", "score_slices"),
        ("from retrolabel.interop.snorkel.labeling.apply.spark import SparkLFApplier", "PandasParallelLFApplier"),
        ("from retrolabel.interop.snorkel.labeling.lf.nlp_spark import spark_nlp_labeling_function", "nlp_labeling"),
        ("from retrolabel.interop.snorkel.preprocess.spark import make_spark_preprocessor", "preprocessor of"),
        ("from retrolabel.interop.snorkel.slicing.apply.spark import SparkSFApplier", "PandasParallelSFApplier"),
        ("from retrolabel.interop.snorkel.map.spark import make_spark_mapper", "lambda_mapper"),
    ],
)
def test_what_is_out_of_scope_says_so_when_it_is_imported_and_what_to_use(line, instead):
    for kind in (OutOfScopeError, ImportError, RetrolabelError):
        with pytest.raises(kind, match="out of scope"):
            exec(line, {})  # noqa: S102 - a line of a user's program
    with pytest.raises(OutOfScopeError) as caught:
        exec(line, {})  # noqa: S102 - the same
    assert instead in caught.value.remedy


def test_adopt_all_is_beside_adopt():
    assert {"adopt", "adopt_all"} <= set(drop_in.__all__)


def test_the_subtree_imports_neither_snorkel_nor_torch_nor_what_is_slow():
    lines = [f"import {OURS}.{module}" for module in MODULES]
    code = "\n".join(["import sys", *lines])
    slow = "{'snorkel', 'torch', 'spacy', 'sklearn', 'dask'}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(sorted({slow} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
