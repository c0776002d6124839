"""Files that lie beside the code: lists of words, tables, dictionaries."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from retrolabel.errors import LabelingFunctionError

FOLDER = "resources"
UNSAFE = ("", ".", "..")


def resource(name: str) -> Path:
    """Return the path of a file in the ``resources`` folder beside the module that asks for it.

    A file that is not in that folder is looked for beside the module itself. What is in it is part of
    the key of every labeling function that asks for it, so an edit of the file makes these run again.
    Inside a function the name is written out: ``resource("stale_phrases.txt")``.

    Args:
        name: The name of the file, or of a folder.

    Raises:
        LabelingFunctionError: There is no such file.

    Example:
        >>> resource("no_such_file.txt")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        retrolabel.errors.LabelingFunctionError: There is no file 'no_such_file.txt' ...
    """
    module = sys._getframe(1).f_globals.get("__file__")  # noqa: SLF001 - where the author wrote it
    return find_resource(name, Path(str(module)).parent if module else Path.cwd())


def find_resource(name: str, beside: Path) -> Path:
    """Return the path of a resource file.

    Args:
        name: The name of the file.
        beside: The folder of the module that asks for it.

    Raises:
        LabelingFunctionError: There is no such file, or the name leads elsewhere.
    """
    if not name or Path(name).is_absolute() or set(Path(name).parts) & set(UNSAFE):
        raise LabelingFunctionError(
            f"{name!r} is no name of a file in {beside / FOLDER}.", remedy='write a name, as resource("phrases.txt")'
        )
    for folder in (beside / FOLDER, beside):
        if (folder / name).exists():
            return folder / name
    raise LabelingFunctionError(
        f"There is no file {name!r} in {beside / FOLDER}.", remedy=f"put it there: {beside / FOLDER / name}"
    )


def content(path: Path) -> str:
    """Return the hash of a file, or of all files in a folder but hidden ones and caches."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    found = hashlib.sha256()
    for each in sorted(path.rglob("*")):
        if each.is_file() and not is_by_product(each.relative_to(path)):
            found.update(f"{each.relative_to(path).as_posix()}\0{content(each)}\0".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def is_by_product(path: Path) -> bool:
    """Return whether tools made it: caches and hidden files are no part of what an LF depends on."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)
