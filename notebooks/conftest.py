"""The notebooks as tests: one that reads real data is skipped where that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

READS_DATA = {"02_write_and_debug.ipynb"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and say why, what reads the folder named by RETROLABEL_DATA, where it is not set."""
    if os.environ.get("RETROLABEL_DATA"):
        return
    reason = "RETROLABEL_DATA is not set; it names the folder of real data"
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name in READS_DATA:
            item.add_marker(pytest.mark.skip(reason=reason))
