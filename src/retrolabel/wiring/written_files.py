"""Files that are written together, or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@contextmanager
def or_as_before(paths: Iterable[Path]) -> Iterator[None]:
    """Let files be written; where anything fails, they are what they were, and folders made for them are gone.

    Args:
        paths: The files that may be written; no other one is looked at.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    made = {folder for path in before for folder in path.parents if not folder.exists()}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        for folder in sorted(made, key=lambda each: len(each.parts), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise
