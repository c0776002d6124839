"""What the modules of a task import, read from their text; nothing is imported."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.discovery.packages import OUR_NAME
from retrolabel.discovery.resources import is_by_product

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass(frozen=True)
class Reach:
    """What the modules of a task may import.

    Attributes:
        files: Every file of the task's folder, and every module of the project that they import.
    """

    files: tuple[Path, ...]


def reached_files(folder: Path, project: Path) -> Reach:
    """Return what the modules of a task's folder import, read from their text; nothing is imported.

    Args:
        folder: The task's folder.
        project: The folder from which its modules are imported.
    """
    files = {path for path in folder.rglob("*") if path.is_file() and not is_by_product(path.relative_to(folder))}
    _follow_imports(files, project)
    return Reach(tuple(sorted(files)))


def imported_by_others(files: Collection[Path], reach: Reach, project: Path) -> bool:
    """Return whether a module that is not among some files imports one of them.

    Args:
        files: Modules of the project.
        reach: All that the task's modules may import.
        project: The folder from which its modules are imported.
    """
    names = {_dotted(path, project) for path in files}
    others = (path for path in reach.files if path.suffix == ".py" and path not in files)
    return any(names & _imported(path, project) for path in others)


def _dotted(path: Path, project: Path) -> str:
    parts = path.relative_to(project).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _absolute(node: ast.ImportFrom, path: Path, project: Path) -> str:
    """Return the module that names are imported from, a relative one made absolute."""
    package = path.relative_to(project).parts[:-1]
    above = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join([*above, *([node.module] if node.module else [])])


def _follow_imports(files: set[Path], project: Path) -> None:
    """Add the project's modules that the files import, and theirs."""
    waiting = [path for path in files if path.suffix == ".py"]
    while waiting:
        path = waiting.pop()
        for name in _imported(path, project):
            new = [found for found in _own_files(name, project) if found not in files]
            files.update(new)
            waiting += new


def _imported(path: Path, project: Path) -> set[str]:
    """Return the dotted names that a module imports, relative ones made absolute."""
    tree = parsed(path)
    if tree is None:  # importing it says why
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path, project)
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return {name for name in names if name}


def parsed(path: Path) -> ast.Module | None:
    """Return what a module says; ``None`` where it cannot be read, or is nested too deeply.

    Args:
        path: The file; a byte-order mark and a declared encoding are heeded.
    """
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def text_of(path: Path) -> str:
    """Return a module's text, for people: a byte that its encoding does not know is replaced.

    Args:
        path: The file; a byte-order mark and a declared encoding are heeded.
    """
    content = path.read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:
        encoding = "utf-8-sig"
    return io.StringIO(content.decode(encoding, "replace"), newline=None).read()


def _own_files(name: str, project: Path) -> list[Path]:
    """Return the files of the project that importing a name runs."""
    parts = name.split(".")
    if not (project / parts[0]).is_dir() and not (project / f"{parts[0]}.py").is_file():
        return []
    if parts[0] == OUR_NAME:
        return []
    found = []
    for depth in range(1, len(parts) + 1):
        base = project.joinpath(*parts[:depth])
        found += [path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()]
    return found
