"""All tests: the order of the files, the laws' profile, what only ``make nightly`` runs, and where the time went."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.laws import PROFILE

if TYPE_CHECKING:
    import pytest

LONGEST_FIRST = (
    "tests/docs/test_guides.py",
    "tests/docs/test_readme.py",
    "tests/real/test_airline_feedback.py",
    "notebooks/01_first_label_set.ipynb",
    "tests/functional/test_terminal.py",
    "tests/recovery/test_killed.py",
    "tests/recovery/test_engines.py",
    "tests/functional/test_demo_ids.py",
    "tests/functional/test_report.py",
    "tests/properties/test_schema_laws.py",
    "tests/real/test_builders.py",
    "tests/properties/test_label_model.py",
    "tests/unit/discovery/test_keys.py",
)
"""Files that take longest. A file runs in one worker, so one of these as the last would leave the others idle."""
SHOWN = 15
"""How many files the summary names."""

_seconds: Counter[str] = Counter()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first, and leave to the nightly run what is marked so."""
    if PROFILE != "nightly":
        left = [item for item in items if item.get_closest_marker("nightly")]
        if left:
            items[:] = [item for item in items if not item.get_closest_marker("nightly")]
            config.hook.pytest_deselected(items=left)
    ranks = {file: rank for rank, file in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(ranks)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what a file takes: fixtures, tests, and what is put away after them."""
    _seconds[report.nodeid.partition("::")[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which files took longest, where ``--durations`` asks which tests did."""
    if terminalreporter.config.getoption("durations"):
        terminalreporter.section(f"slowest {SHOWN} files")
        for file, seconds in _seconds.most_common(SHOWN):
            terminalreporter.write_line(f"{seconds:.2f}s {file}")
