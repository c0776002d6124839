"""What is built once for a whole run of the tests, and copied by those who change it.

A session's fixture is made once in each worker of pytest-xdist. What is made here is made once for all
of them: the first one that asks builds it, the others wait.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """Return a folder that ``build`` has filled, in this process or in another worker of the same run.

    The folder must not be changed. A build that fails leaves nothing, and the next one who asks tries it again.

    Args:
        tmp_path_factory: pytest's own; it knows the folder of this run.
        name: What it is called; the same name stands for the same content.
        build: Fills a folder that does not exist yet.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made_once"
    shared.mkdir(exist_ok=True)
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shared / f"{name}.done"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            done.touch()
    return folder
