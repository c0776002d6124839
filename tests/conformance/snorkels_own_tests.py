"""Snorkel's own tests, run against the drop-in of ``retrolabel.interop.snorkel``.

``make conformance`` fetches the tests of Snorkel 0.10.0 into a folder of the user's cache (they are never
part of this project), puts our classes into Snorkel's modules under their names, and runs the tests of its
appliers, analysis, baselines, label model, preprocessors, slices and utilities. Synthetic data stay Snorkel's, so
it has to be installed: ``pip install "retrolabel[snorkel]"``.

A test is left out only by name and with a reason, in ``LEFT_OUT``. The exit code is 0 if all others pass, 1
if one fails, 2 if the tests cannot be fetched.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import urllib.request
from collections import Counter
from pathlib import Path

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
if importlib.util.find_spec(SPACY_MODEL):
    LEFT_OUT = {name: why for name, why in LEFT_OUT.items() if why != SPACY}


class Redirection:
    """A pytest plugin that puts our classes in the place of Snorkel's, and keeps count."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.collected: set[str] = set()
        self.not_ours: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Redirect before any test is imported."""
        config.addinivalue_line("markers", "complex: Snorkel's mark of slower tests")
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


def main() -> int:
    """Fetch, run, report; return the exit code."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--tests", type=Path, help="the folder 'test' of Snorkel's sources, if it is here already")
    folder = words.parse_args().tests
    try:
        importlib.import_module("snorkel.labeling.model")
    except ImportError:
        return _say(['Snorkel is not installed: pip install "retrolabel[snorkel]"'], 2)
    if folder is None:
        folder, said = fetched()
        _say(said, 0)
    if folder is None:
        return _say(["Snorkel's tests could not be fetched, so nothing is known."], 2)
    plugin, missing = run(folder.resolve())
    return _say(report(folder, plugin, missing), verdict(plugin))


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


def run(folder: Path) -> tuple[Redirection, list[str]]:
    """Run the tests; return what came of them, and the files that were not there."""
    settings = folder.parent / "conformance.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")  # neither Snorkel's settings nor ours
    here = [name for name in FILES if (folder / name).is_file()]
    plugin = Redirection()
    words = ["-c", str(settings), "--rootdir", str(folder.parent), "-p", "no:cacheprovider", "-p", "no:retrolabel"]
    words += ["-q", "--disable-warnings", "--no-header", "--tb=short", "-p", "no:hypothesispytest"]
    sys.path.insert(0, str(folder.parent))
    pytest.main([*words, *(str(folder / name) for name in here)], plugins=[plugin])
    return plugin, [name for name in FILES if name not in here]


def verdict(plugin: Redirection) -> int:
    """Return 0 if all that was to be run passes, and ran on our classes."""
    failed, passed = (list(plugin.outcomes.values()).count(outcome) for outcome in ("failed", "passed"))
    return 1 if failed or not passed or plugin.not_ours or set(LEFT_OUT) - plugin.collected else 0


def report(folder: Path, plugin: Redirection, missing: list[str]) -> list[str]:
    """Return the lines that say how many pass, which fail, and what is left out and why."""
    count = Counter(plugin.outcomes.values())
    left_out = {name: why for name, why in LEFT_OUT.items() if name in plugin.collected}
    counted = f"{count['passed']} pass, {count['failed']} fail, {count['skipped']} skipped, {len(left_out)} left out"
    lines = [f"\nSnorkel {VERSION}'s own tests on retrolabel's drop-in: {counted}"]
    lines += [f"  FAILS  {name}" for name, outcome in sorted(plugin.outcomes.items()) if outcome == "failed"]
    lines.append("\nLeft out, and why:")
    for why in dict.fromkeys(left_out.values()):
        names = ", ".join(name for name, reason in left_out.items() if reason == why)
        lines.append(textwrap.fill(f"{names}: {why}.", 110, initial_indent="  ", subsequent_indent="      "))
    lines.append("\nFiles that are not run, and why:")
    lines += [f"  {name}: {why}." for name, why in OTHER_FILES.items() if (folder / name).is_file()]
    lines += [f"  {name}: not among the fetched tests." for name in missing]
    lines += [f"\nNot redirected: {problem}" for problem in plugin.not_ours]
    return lines + [f"\nIn the table, but no such test: {name}" for name in sorted(set(LEFT_OUT) - plugin.collected)]


def _say(lines: list[str], code: int) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    return code


def _short(nodeid: str) -> str:
    return "::".join(nodeid.split("::")[1:])


if __name__ == "__main__":
    sys.exit(main())
