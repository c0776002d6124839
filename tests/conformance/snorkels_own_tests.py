"""Snorkel's own tests, run against the drop-in of ``retrolabel.interop.snorkel``.

``make conformance`` fetches the tests of Snorkel 0.10.0 into a folder of the user's cache (they are never
part of this project), puts our classes into Snorkel's modules under their names, and runs the tests of its
appliers, analysis, baselines, label model, preprocessors, slices and utilities. Synthetic data stay Snorkel's, so
it has to be installed: ``pip install "retrolabel[snorkel]"``.

A test is left out only by name and with a reason, in ``LEFT_OUT``. What is known to come out worse here than the
test wants is in ``KNOWN``, with how much worse it may be; it runs all the same, and Snorkel's own figure is measured
beside it. The exit code is 0 if all others pass and no known difference grew or went away, 1 if not, 2 if the tests
cannot be fetched.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import unittest
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

VERSION = "0.10.0"
TAG = f"https://github.com/snorkel-team/snorkel/archive/refs/tags/v{VERSION}.tar.gz"
PUBLIC = {
    "snorkel.analysis": ("Scorer", "get_label_buckets", "get_label_instances", "metric_score"),
    "snorkel.analysis.error_analysis": ("get_label_buckets", "get_label_instances"),
    "snorkel.analysis.metrics": ("METRICS", "metric_score"),
    "snorkel.analysis.scorer": ("Scorer",),
    "snorkel.labeling": (
        "LFAnalysis", "LFApplier", "LabelingFunction", "PandasLFApplier", "filter_unlabeled_dataframe",
        "labeling_function",
    ),
    "snorkel.labeling.analysis": ("LFAnalysis",),
    "snorkel.labeling.apply.core": ("ApplierMetadata", "LFApplier"),
    "snorkel.labeling.apply.dask": ("DaskLFApplier", "PandasParallelLFApplier"),
    "snorkel.labeling.apply.pandas": ("PandasLFApplier",),
    "snorkel.labeling.lf": ("LabelingFunction", "labeling_function"),
    "snorkel.labeling.lf.core": ("LabelingFunction", "labeling_function"),
    "snorkel.labeling.lf.nlp": ("NLPLabelingFunction", "nlp_labeling_function"),
    "snorkel.labeling.model": ("LabelModel", "MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"),
    "snorkel.labeling.model.baselines": ("MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"),
    "snorkel.labeling.model.label_model": ("LabelModel",),
    "snorkel.labeling.utils": ("filter_unlabeled_dataframe",),
    "snorkel.map": ("LambdaMapper", "Mapper", "lambda_mapper"),
    "snorkel.map.core": ("LambdaMapper", "Mapper", "get_hashable", "get_parameters", "lambda_mapper"),
    "snorkel.preprocess": ("LambdaPreprocessor", "Preprocessor", "preprocessor"),
    "snorkel.preprocess.core": ("LambdaPreprocessor", "Preprocessor", "preprocessor"),
    "snorkel.preprocess.nlp": ("SpacyPreprocessor",),
    "snorkel.slicing": ("PandasSFApplier", "SFApplier", "SlicingFunction", "slice_dataframe", "slicing_function"),
    "snorkel.slicing.apply.core": ("PandasSFApplier", "SFApplier"),
    "snorkel.slicing.apply.dask": ("DaskSFApplier", "PandasParallelSFApplier"),
    "snorkel.slicing.monitor": ("slice_dataframe",),
    "snorkel.slicing.sf": ("SlicingFunction", "slicing_function"),
    "snorkel.slicing.sf.core": ("SlicingFunction", "slicing_function"),
    "snorkel.slicing.sf.nlp": ("NLPSlicingFunction", "nlp_slicing_function"),
    "snorkel.utils": ("filter_labels", "preds_to_probs", "probs_to_preds", "to_int_label_array"),
    "snorkel.utils.core": ("filter_labels", "preds_to_probs", "probs_to_preds", "to_int_label_array"),
}  # fmt: skip
"""Module of Snorkel's -> the names in it that are ours for the time of the tests."""
FILES = (
    "analysis/test_error_analysis.py",
    "analysis/test_metrics.py",
    "analysis/test_scorer.py",
    "labeling/apply/test_lf_applier.py",
    "labeling/lf/test_core.py",
    "labeling/lf/test_nlp.py",
    "labeling/model/test_baseline.py",
    "labeling/model/test_label_model.py",
    "labeling/preprocess/test_nlp.py",
    "labeling/test_analysis.py",
    "labeling/test_convergence.py",
    "labeling/test_utils.py",
    "map/test_core.py",
    "slicing/apply/test_sf_applier.py",
    "slicing/sf/test_core.py",
    "slicing/sf/test_nlp.py",
    "slicing/test_monitor.py",
    "utils/test_core.py",
)
OTHER_FILES = {
    "labeling/apply/test_spark.py": "Spark's applier; the drop-in has none",
    "labeling/apply/lf_applier_spark_test_script.py": "a script for Spark, no test",
    "labeling/lf/test_nlp_spark.py": "Spark's",
    "labeling/model/test_logger.py": "the log of Snorkel's optimiser",
    "map/test_spark.py": "Spark's",
    "slicing/test_slice_combiner.py": "networks of torch, which are out of scope",
    "slicing/test_sliceaware_classifier.py": "the same",
    "slicing/test_utils.py": "the same",
    "synthetic/test_synthetic_data.py": "Snorkel's synthetic votes",
    "utils/test_config_utils.py": "the settings of Snorkel's optimiser",
    "utils/test_data_operators.py": "a helper of Snorkel's appliers",
}
PRIVATE = "calls private methods of Snorkel's optimiser"
INSIDE = "reads Snorkel's torch optimiser from the inside; ours has none"
SPACY_MODEL = "en_core_web_sm"
SPACY = f"needs the spaCy model {SPACY_MODEL}, which is not installed here"
LEFT_OUT = {
    "TestPandasApplier::test_lf_applier_pandas_spacy_preprocessor": SPACY,
    "TestPandasApplier::test_lf_applier_pandas_spacy_preprocessor_memoized": SPACY,
    "TestDaskApplier::test_lf_applier_dask_spacy_preprocessor": SPACY,
    "TestDaskApplier::test_lf_applier_pandas_spacy_preprocessor_memoized": SPACY,
    "TestGetHashable::test_get_hashable_ndarray": (
        "wants arrays of the same bytes and another shape or type to be the same data point; here they are not"
    ),
    "TestGetHashable::test_get_hashable_series_with_doc": SPACY,
    "TestNLPSlicingFunction::test_nlp_slicing_function": SPACY,
    "TestNLPSlicingFunction::test_nlp_slicing_function_decorator": SPACY,
    "TestSpacyPreprocessor::test_spacy_preprocessor": SPACY,
    "LabelModelTest::test_L_form": f"{PRIVATE} (_set_constants), and wants two labeling functions refused",
    "LabelModelTest::test_augmented_L_construction": f"{PRIVATE} (_get_augmented_label_matrix)",
    "LabelModelTest::test_build_mask": f"{PRIVATE} (_build_mask)",
    "LabelModelTest::test_class_balance": f"{PRIVATE} (_set_class_balance); ours tests the same through fit",
    "LabelModelTest::test_conditional_probs": f"{PRIVATE} (_init_params); ours tests the same through fit",
    "LabelModelTest::test_generate_O": f"{PRIVATE} (_generate_O)",
    "LabelModelTest::test_get_weight": (
        "wants 0.95 learned within 0.1 from five LFs on 1,000 items; ours is held to its prior on purpose and says 0.84"
    ),
    "LabelModelTest::test_init_params": f"{PRIVATE} (_init_params, mu_init)",
    "LabelModelTest::test_loss": f"{PRIVATE} (_loss_l2, _loss_mu)",
    "LabelModelTest::test_model_loss": f"{PRIVATE} (_loss_mu), and wants a learning rate that breaks it",
    "LabelModelTest::test_optimizer_init": INSIDE,
    "LabelModelTest::test_prec_init": "wants two error messages word for word; ours refuses the same in its own words",
    "LabelModelTest::test_predict": f"{PRIVATE} (_init_params, mu); ours tests its public first half",
    "LabelModelTest::test_predict_proba": f"{PRIVATE} (_init_params, mu)",
    "LabelModelTest::test_scheduler_init": INSIDE,
    "LabelModelTest::test_score": f"{PRIVATE} (_init_params, mu); test_progress_bar has its public half",
    "LabelModelTest::test_set_mu_eps": "wants the floor of Snorkel's optimiser to be seen in the tables; ours has none",
    "LabelModelTest::test_symmetry_breaking": f"{PRIVATE} (_break_col_permutation_symmetry)",
    "LabelModelTest::test_symmetry_breaking_multiclass": f"{PRIVATE} (_break_col_permutation_symmetry)",
    "LabelModelTest::test_warmup": INSIDE,
}
"""Class::test -> why it is not run."""


@dataclass(frozen=True)
class Difference:
    """What comes out worse here than a test wants.

    Attributes:
        what: What the figure is, that the test compares with its limit.
        why: Why it is another one here.
        at_most: The figure up to which it is the known difference; above, it is a new one.
    """

    what: str
    why: str
    at_most: float


KNOWN = {
    "LabelingConvergenceTest::test_labeling_convergence": Difference(
        "share of 1,500 items that are mislabelled",
        "one of 15 functions is wrong always; where it votes alone, Snorkel turns its vote around. Ours is held to its"
        " prior, that a function is right more often than not, and gives its label about even odds",
        0.09,
    ),
}
"""Class::test -> what is known of it."""
if importlib.util.find_spec(SPACY_MODEL):
    LEFT_OUT = {name: why for name, why in LEFT_OUT.items() if why != SPACY}


class Figures:
    """A pytest plugin that keeps the last two figures that each test says one is less than the other of."""

    def __init__(self, only: set[str] | None = None) -> None:
        self.only = only
        self.figures: dict[str, tuple[float, float]] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Listen to the tests' assertions."""
        config.addinivalue_line("markers", "complex: Snorkel's mark of slower tests")
        plain, figures = unittest.TestCase.assertLess, self.figures

        def assert_less(case: unittest.TestCase, one: Any, other: Any, msg: Any = None) -> None:
            figures["::".join(case.id().split(".")[-2:])] = (float(one), float(other))
            plain(case, one, other, msg)

        unittest.TestCase.assertLess = assert_less  # type: ignore[method-assign]  # for the time of these tests

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Run some tests only, where that is asked for."""
        if self.only is not None:
            items[:] = [item for item in items if _short(item.nodeid) in self.only]


class Redirection(Figures):
    """A pytest plugin that puts our classes in the place of Snorkel's, and keeps count."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}
        self.collected: set[str] = set()
        self.not_ours: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Redirect before any test is imported."""
        super().pytest_configure(config)
        for module in PUBLIC:
            importlib.import_module(module)  # all of them take what they build on from Snorkel, before
        for module, names in PUBLIC.items():
            place, ours = importlib.import_module(module), importlib.import_module(f"retrolabel.interop.{module}")
            for name in names:
                setattr(place, name, getattr(ours, name))

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what is in the table, and look whether the rest tests ours."""
        self.collected = {_short(item.nodeid) for item in items}
        names = {name for names in PUBLIC.values() for name in names}
        for module in {item.getparent(pytest.Module).obj for item in items}:
            for name, value in vars(module).items():
                home = getattr(value, "__module__", "")
                if name in names and not home.startswith("retrolabel."):
                    self.not_ours.append(f"{module.__name__}: {name} is of {home}")
        left_out = [item for item in items if _short(item.nodeid) in LEFT_OUT]
        items[:] = [item for item in items if _short(item.nodeid) not in LEFT_OUT]
        config.hook.pytest_deselected(items=left_out)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what came of each test."""
        name = _short(report.nodeid)
        if report.when == "call" or not report.passed:
            self.outcomes[name] = report.outcome if self.outcomes.get(name) != "failed" else "failed"

    @property
    def failed(self) -> list[str]:
        """The tests that fail, without the known differences."""
        return sorted(n for n, outcome in self.outcomes.items() if outcome == "failed" and not self.is_known(n))

    def is_known(self, name: str) -> bool:
        """Return whether a test fails by the figure of a known difference, which did not grow."""
        if name not in KNOWN or self.outcomes.get(name) != "failed" or name not in self.figures:
            return False
        ours, limit = self.figures[name]
        return limit <= ours <= KNOWN[name].at_most

    @property
    def gone(self) -> list[str]:
        """The known differences that there are no more: the table is to say so."""
        return [name for name in KNOWN if self.outcomes.get(name) == "passed"]


def main() -> int:
    """Fetch, run, report; return the exit code."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--tests", type=Path, help="the folder 'test' of Snorkel's sources, if it is here already")
    words.add_argument("--figures", type=Path, help="run the known differences on Snorkel's own classes into this file")
    said = words.parse_args()
    folder = said.tests
    if said.figures:
        theirs = Figures(set(KNOWN))
        run(folder.resolve(), theirs)
        said.figures.write_text(json.dumps(theirs.figures), encoding="utf-8")
        return 0
    try:
        importlib.import_module("snorkel.labeling.model")
    except ImportError:
        return _say(['Snorkel is not installed: pip install "retrolabel[snorkel]"'], 2)
    if folder is None:
        folder, said = fetched()
        _say(said, 0)
    if folder is None:
        return _say(["Snorkel's tests could not be fetched, so nothing is known."], 2)
    plugin = Redirection()
    missing = run(folder.resolve(), plugin)
    return _say(report(folder, plugin, missing, figures_of_snorkel(folder.resolve())), verdict(plugin))


def figures_of_snorkel(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the figures of the known differences with Snorkel's own classes; in a process that redirects nothing."""
    with tempfile.TemporaryDirectory() as made:
        out = Path(made) / "figures.json"
        command = [sys.executable, __file__, "--tests", str(folder), "--figures", str(out)]
        done = subprocess.run(command, capture_output=True, check=False)
        return json.loads(out.read_text(encoding="utf-8")) if done.returncode == 0 and out.exists() else {}


def fetched() -> tuple[Path | None, list[str]]:
    """Return the folder of Snorkel's tests in the cache, and what was done to get it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "retrolabel" / f"snorkel-{VERSION}"
    folder = cache / f"snorkel-{VERSION}" / "test"
    if folder.is_dir():
        return folder, [f"Snorkel {VERSION}'s tests: in the cache, {folder}"]
    said = []
    with tempfile.TemporaryDirectory() as temporary:
        for way, get in (("the source distribution", _by_pip), ("the tag's archive", _by_tag)):
            problem = get(Path(temporary))
            archives = sorted(Path(temporary).glob("*.tar.gz"))
            if not problem and archives:
                with tarfile.open(archives[-1]) as archive:
                    archive.extractall(cache, filter="data")
                if folder.is_dir():
                    return folder, [*said, f"Snorkel {VERSION}'s tests: from {way}, to {folder}"]
                problem = "it holds no tests"
            said.append(f"Snorkel {VERSION}'s tests: not from {way}: {problem or 'nothing came'}")
    return None, said


def _by_pip(folder: Path) -> str:
    """Fetch the source distribution by pip, from wherever pip is told to; return what went wrong."""
    words = ["download", "--quiet", "--no-binary", ":all:", "--no-deps", "--dest", str(folder), f"snorkel=={VERSION}"]
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["pip failed"])[-1]


def _by_tag(folder: Path) -> str:
    """Fetch the archive of the tag; return what went wrong."""
    try:
        with urllib.request.urlopen(TAG, timeout=60) as answer:
            (folder / "tag.tar.gz").write_bytes(answer.read())
    except OSError as error:
        return str(error)
    return ""


def run(folder: Path, plugin: Figures) -> list[str]:
    """Run the tests with a plugin, and return the files that were not there."""
    settings = folder.parent / "conformance.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")  # neither Snorkel's settings nor ours
    here = [name for name in FILES if (folder / name).is_file()]
    words = ["-c", str(settings), "--rootdir", str(folder.parent), "-p", "no:cacheprovider", "-p", "no:retrolabel"]
    words += ["-q", "--disable-warnings", "--no-header", "--tb=short", "-p", "no:hypothesispytest"]
    sys.path.insert(0, str(folder.parent))
    pytest.main([*words, *(str(folder / name) for name in here)], plugins=[plugin])
    return [name for name in FILES if name not in here]


def verdict(plugin: Redirection) -> int:
    """Return 0 if all that was to be run passes, and ran on our classes."""
    passed = "passed" in plugin.outcomes.values()
    stale = set(LEFT_OUT) - plugin.collected or plugin.gone
    return 1 if plugin.failed or not passed or plugin.not_ours or stale else 0


def report(folder: Path, plugin: Redirection, missing: list[str], snorkel: dict[str, tuple[float, float]]) -> list[str]:
    """Return the lines that say how many pass, which fail, what is known to differ, and what is left out and why."""
    count = Counter(plugin.outcomes.values())
    known = [name for name in KNOWN if plugin.is_known(name)]
    left_out = {name: why for name, why in LEFT_OUT.items() if name in plugin.collected}
    differ = f"{len(known)} known difference{'s' * (len(known) != 1)}"
    counted = f"{count['passed']} pass, {len(plugin.failed)} fail, {differ}, {count['skipped']} skipped"
    counted += f", {len(left_out)} left out"
    lines = [f"\nSnorkel {VERSION}'s own tests on retrolabel's drop-in: {counted}"]
    lines += [f"  FAILS  {name}{_grown(plugin, name)}" for name in plugin.failed]
    lines += [line for name in known for line in _known(plugin, name, snorkel)]
    lines += [f"  PASSES {name}: a known difference no more; take it out of KNOWN" for name in plugin.gone]
    lines.append("\nLeft out, and why:")
    for why in dict.fromkeys(left_out.values()):
        names = ", ".join(name for name, reason in left_out.items() if reason == why)
        lines.append(textwrap.fill(f"{names}: {why}.", 110, initial_indent="  ", subsequent_indent="      "))
    lines.append("\nFiles that are not run, and why:")
    lines += [f"  {name}: {why}." for name, why in OTHER_FILES.items() if (folder / name).is_file()]
    lines += [f"  {name}: not among the fetched tests." for name in missing]
    lines += [f"\nNot redirected: {problem}" for problem in plugin.not_ours]
    return lines + [f"\nIn the table, but no such test: {name}" for name in sorted(set(LEFT_OUT) - plugin.collected)]


def _known(plugin: Redirection, name: str, snorkel: dict[str, tuple[float, float]]) -> list[str]:
    """Return the lines of a known difference: the figures side by side, and why."""
    (ours, limit), known = plugin.figures[name], KNOWN[name]
    theirs = f"{snorkel[name][0]:.3f}" if name in snorkel else "not measured"
    figures = f"{known.what}: {ours:.3f} here, {theirs} with Snorkel's own; it wants less than {limit:g}"
    more = f"above {known.at_most:g} this run fails"
    told = f"{figures}, and {more}. {known.why[0].upper()}{known.why[1:]}."
    return [f"  KNOWN  {name}", textwrap.fill(told, 110, initial_indent=" " * 9, subsequent_indent=" " * 9)]


def _grown(plugin: Redirection, name: str) -> str:
    """Return by what a known difference is another one now."""
    if name not in KNOWN or name not in plugin.figures:
        return ""
    return f": {plugin.figures[name][0]:.3f}, and up to {KNOWN[name].at_most:g} is known"


def _say(lines: list[str], code: int) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    return code


def _short(nodeid: str) -> str:
    return "::".join(nodeid.split("::")[1:])


if __name__ == "__main__":
    sys.exit(main())
