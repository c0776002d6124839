"""Real data, from the folder that RETROLABEL_DATA names; without it these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def real() -> Callable[..., Path]:
    """A function that returns a file or folder of real data, which must be there if the folder is."""
    named = os.environ.get("RETROLABEL_DATA")
    if not named:
        pytest.skip("RETROLABEL_DATA is not set; it names the folder of real data")

    def find(*parts: str) -> Path:
        path = Path(named, *parts)
        assert path.exists(), f"RETROLABEL_DATA is set, but there is no {path}"
        return path

    return find
