"""All tests: the order of the files, the laws' profile, what only ``make nightly`` runs, and where the time went."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING

from tests import kept_tables
from tests.laws import PROFILE
from tests.postgres import database, postgres  # noqa: F401 - fixtures of all tests

if TYPE_CHECKING:
    import pytest

LONGEST_FIRST = (
    "tests/docs/test_guides.py",
    "tests/recovery/test_engines.py",
    "tests/properties/test_schema_laws.py",
    "tests/unit/discovery/test_keys.py",
    "tests/functional/test_postgresql.py",
    "tests/recovery/test_killed_in_postgresql.py",
    "tests/functional/test_network.py",
    "tests/functional/test_mlflow_server.py",
    "tests/recovery/test_killed.py",
    "tests/recovery/test_tracker_after_a_kill.py",
    "tests/real/test_airline_feedback.py",
    "tests/jobs/test_reporting.py",
    "tests/functional/test_schema_commands.py",
    "tests/functional/test_terminal.py",
    "tests/real/test_after_a_bump.py",
    "tests/functional/test_report_in_a_browser.py",
    "tests/functional/test_report.py",
    "tests/functional/test_first_hour.py",
    "tests/functional/test_main_job.py",
    "tests/unit/analysis/test_report_page.py",
    "tests/functional/test_schema_check.py",
    "tests/functional/test_label_model_commands.py",
    "tests/functional/test_bad_input.py",
    "tests/functional/test_secrets.py",
    "tests/properties/test_label_model.py",
    "tests/jobs/test_gold.py",
    "tests/jobs/test_comparing.py",
    "tests/jobs/test_explaining.py",
    "tests/jobs/test_ingest.py",
    "tests/architecture/test_house.py",
    "tests/unit/engines/test_dask.py",
    "tests/unit/wiring/test_doctor.py",
    "tests/properties/test_projection.py",
    "notebooks/02_write_and_debug.ipynb",
    "notebooks/01_first_label_set.ipynb",
    "notebooks/04_error_analysis.ipynb",
)
"""Files that take longest. A file runs in one worker, so one of these as the last would leave the others idle."""
SHOWN = 15
"""How many files the summary names."""
OF_MIGRATIONS = ("tests/unit/storage/", "tests/architecture/", "tests/functional/test_postgresql.py")
"""Where each catalog is made by all migrations; elsewhere the first of a process is."""

_seconds: Counter[str] = Counter()
_running = [""]
gc.set_threshold(20_000, 20, 20)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Let the garbage collector look no more through what was imported and left before this file.

    And say how its catalogs are made.

    A worker holds a dozen large libraries after a while; looking through them again and again took a tenth of all.
    """
    file = nodeid.partition("::")[0]
    if file != _running[0]:
        _running[0] = file
        kept_tables.keep(not file.startswith(OF_MIGRATIONS))
        gc.freeze()


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
