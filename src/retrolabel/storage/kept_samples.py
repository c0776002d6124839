"""Samples of items that are kept beside the store, so that the next look at them is quick; all of it can be made again.

They hold text of items and are in no catalog: whoever erases an item, or sweeps the store, calls
:meth:`KeptSamples.clear`, which costs nobody more than a few seconds.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import uuid
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import feather

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FOLDER = "samples"
KEPT = 6
"""The newest so many are kept."""
NAME = re.compile(r"[0-9a-f]{16,64}")


class KeptSamples:
    """Tables by the hash of all that they depend on, in a folder of the store.

    Args:
        store: The folder of the store.

    Example:
        >>> import tempfile, pathlib
        >>> kept = KeptSamples(pathlib.Path(tempfile.mkdtemp()))
        >>> kept.tables("0" * 32, lambda: {"a": pa.table({"n": [1]})})["a"].num_rows
        1
        >>> kept.tables("0" * 32, lambda: {})["a"].num_rows
        1
    """

    def __init__(self, store: Path) -> None:
        self.folder = store / FOLDER

    def tables(self, key: str, make: Callable[[], Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
        """Return what was kept under a key, by name; where there is nothing, or it cannot be read, it is made and kept.

        A folder that may not be written to keeps nothing.

        Args:
            key: The hash of all that the tables depend on.
            make: Makes them.
        """
        if not NAME.fullmatch(key):
            raise ValueError(f"{key!r} is no hash")
        folder = self.folder / key
        with contextlib.suppress(OSError, pa.ArrowException, ValueError):
            names = (folder / "names").read_text(encoding="utf-8").splitlines()
            found = {name: feather.read_table(str(folder / f"{place}.arrow")) for place, name in enumerate(names)}
            os.utime(folder)
            return found
        made = dict(make())
        with contextlib.suppress(OSError):
            self._keep(folder, made)
        return made

    def _keep(self, folder: Path, tables: Mapping[str, pa.Table]) -> None:
        """Write tables under a temporary name, and rename; then let go of the oldest."""
        new = self.folder / f"new-{uuid.uuid4().hex}"
        new.mkdir(parents=True)
        try:
            for place, table in enumerate(tables.values()):
                feather.write_feather(table, str(new / f"{place}.arrow"), compression="lz4")
            (new / "names").write_text("\n".join(tables), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            new.rename(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        for old in sorted(self._folders(), key=lambda each: -each.stat().st_mtime)[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [each for each in self.folder.iterdir() if each.is_dir()] if self.folder.is_dir() else []

    def clear(self) -> int:
        """Let go of all that is kept; return how many samples there were."""
        there = len(self._folders())
        shutil.rmtree(self.folder, ignore_errors=True)
        return there
