"""Programs as Snorkel's tutorials have them, run twice: as they are, and with the imports' prefix replaced.

``make conformance`` runs each program of ``tutorials/`` once with Snorkel and once with the drop-in. Nothing
but ``snorkel.`` in front of an import is replaced, by ``retrolabel.interop.snorkel.``. The programs are ours,
about the tasks of Snorkel's tutorials; the data are those of the folder that RETROLABEL_DATA names.

Votes, summaries and baselines must be the same; accuracies stand side by side, over ten seeds. The exit code
is 0 if all that must be the same is, 1 if something is not, 2 if Snorkel or the data are not here.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

PROGRAMS = Path(__file__).parent / "tutorials"
NAMES = ("spam", "questions", "crowd")
IMPORT = re.compile(r"^(\s*(?:from|import) )snorkel\.", re.MULTILINE)
OURS = "retrolabel.interop.snorkel."
SEEDS = range(10)
LARGE = 0.03
"""A difference of two mean accuracies that the report points at."""


def with_prefix(source: str) -> str:
    """Return a program with the prefix of its imports replaced, and nothing else.

    Example:
        >>> with_prefix("from snorkel.labeling import LFAnalysis  # not snorkel.labeling here")
        'from retrolabel.interop.snorkel.labeling import LFAnalysis  # not snorkel.labeling here'
    """
    return IMPORT.sub(rf"\g<1>{OURS}", source)


def run(name, data, folder, *, ours, seeds=SEEDS, items=None):
    """Return what a program finds, and the processor seconds that it took."""
    source = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    program = {"__name__": f"{name}_{'ours' if ours else 'theirs'}"}
    place = folder / program["__name__"]
    place.mkdir()
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Snorkel's of old numpy, ours of settings that change nothing
        exec(compile(with_prefix(source) if ours else source, f"{name}.py", "exec"), program)  # noqa: S102 - our file
        found = program["run"](data, place, list(seeds), items)
    return found, time.process_time() - began


def differences(theirs, ours):
    """Return what is not the same and has to be: votes, summaries, slices, coverage."""
    wrong = [] if np.array_equal(theirs["votes"], ours["votes"]) else ["votes"]
    try:
        pd.testing.assert_frame_equal(theirs["summary"], ours["summary"])
    except AssertionError as error:
        wrong.append(f"summary: {error}")
    wrong += [] if np.array_equal(theirs.get("slice"), ours.get("slice")) else ["slice"]
    return wrong + ([] if theirs["items with votes"] == ours["items with votes"] else ["items with votes"])


def rows(theirs, ours):
    """Return the lines of the table: what, Snorkel's mean and range, ours."""
    for what, value in theirs.items():
        if isinstance(value, (float, list)):
            yield what, _said(value), _said(ours[what]), abs(np.mean(value) - np.mean(ours[what])) >= LARGE


def main() -> int:
    """Run all programs twice; print the table, return the exit code."""
    data = Path(os.environ.get("RETROLABEL_DATA", ""))
    if not importlib.util.find_spec("snorkel") or not (data / "ws_youtube").is_dir():
        sys.stdout.write("Not run: Snorkel is not installed, or RETROLABEL_DATA does not name the folder of data.\n")
        return 2
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            theirs, their_seconds = run(name, data, Path(folder), ours=False)
            ours, our_seconds = run(name, data, Path(folder), ours=True)
            items, lfs = theirs["votes"].shape
            sys.stdout.write(f"\n{name}: {items:,} items, {lfs} labeling functions, {len(SEEDS)} seeds\n")
            for what, their, our, large in rows(theirs, ours):
                sys.stdout.write(f"  {what:34} Snorkel {their:24} here {our:24}{'  <- differs' if large else ''}\n")
            sys.stdout.write(f"  {'processor seconds':34} Snorkel {their_seconds:<24.1f} here {our_seconds:.1f}\n")
            for each in differences(theirs, ours):
                wrong += 1
                sys.stdout.write(f"  NOT THE SAME: {each}\n")
            sys.stdout.flush()
    return 1 if wrong else 0


def _said(value) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{np.mean(value):.3f} ({min(value):.3f} to {max(value):.3f})"


if __name__ == "__main__":
    sys.exit(main())
