"""The key of a labeling function: the hash of all that its votes depend on, the data excepted.

For now the key is coarse: it covers every file of the task's folder, every module of the project
that those import, and the versions of the packages that they import (with what these require). An
edit anywhere in the folder makes all its LFs run again; nothing stale is ever reused. Files outside
the folder that an LF opens by itself are not seen: keep them in the task's folder.

The files of schema versions are left out where nothing but labels is taken from them, and no LF is
written in them: what counts then is every field of those labels. So a new version makes no LF run
again by itself.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from dataclasses import dataclass, fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

import retrolabel
from retrolabel.schema.fingerprints import canonical_json, digest
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from retrolabel.labeling.functions import LabelingFunction


SCHEMA_DEPTH = 3
"""The depth at which the schema folder of a task lies in a project."""
RUN_TIME = ("importlib", "__import__", "sys", "runpy", "pkgutil", "exec", "eval", "globals")
"""What may fetch a module by name while a program runs."""


@dataclass(frozen=True)
class Reach:
    """What a task's labeling functions may reach.

    Attributes:
        files: Every file of the task's folder, and every module of the project that they import.
        packages: The packages that they import besides.
    """

    files: tuple[Path, ...]
    packages: tuple[str, ...]


def reached_files(folder: Path, project: Path) -> Reach:
    """Return what the modules of a task's folder reach, read from their text; nothing is imported.

    Args:
        folder: The task's folder.
        project: The folder from which its modules are imported.
    """
    files = {path for path in folder.rglob("*") if path.is_file() and not _is_by_product(path.relative_to(folder))}
    packages: set[str] = set()
    _follow_imports(files, project, packages)
    return Reach(tuple(sorted(files)), tuple(sorted(packages)))


def coarse_keys(
    reach: Reach, project: Path, lfs: Iterable[LabelingFunction], written_in: Iterable[Path]
) -> Mapping[str, str]:
    """Return LF name -> key.

    Args:
        reach: What the labeling functions reach.
        project: The folder from which their modules are imported.
        lfs: The labeling functions.
        written_in: Their files.
    """
    labels = None if any(_is_schema(path, project) for path in written_in) else _labels_taken(reach, project)
    files = [path for path in reach.files if labels is None or not _is_schema(path, project)]
    shared = {
        "files": {str(path.relative_to(project)): _hash(path) for path in files},
        "labels": labels,
        "packages": _versions(reach.packages),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "retrolabel": retrolabel.__version__,
    }
    shared_digest = digest(shared)
    return {lf.name: digest({"lf": lf.name, "reads": list(lf.reads), "shared": shared_digest}) for lf in lfs}


def _is_schema(path: Path, project: Path) -> bool:
    """Return whether a file is a module of a task's schema folder: ``labeling_functions/TASK/schema/...``."""
    parts = path.relative_to(project).parts
    return path.suffix == ".py" and len(parts) > SCHEMA_DEPTH and parts[SCHEMA_DEPTH - 1] == "schema"


def _labels_taken(reach: Reach, project: Path) -> dict[str, object] | None:
    """Return what the other modules take from schema modules, with every field of it.

    ``None`` where one of them takes anything but labels, or where it cannot be told what is taken:
    a module as a whole, a star, an import that is made at run time.
    """
    modules = {
        ".".join(path.relative_to(project).with_suffix("").parts) for path in reach.files if _is_schema(path, project)
    }
    schemas = frozenset(name.removesuffix(".__init__") for name in modules)
    taken: dict[str, object] = {}
    for path in reach.files:
        if path.suffix != ".py" or _is_schema(path, project):
            continue
        try:
            nodes = list(ast.walk(ast.parse(path.read_bytes())))
        except (SyntaxError, ValueError):
            return None
        mine = None if any(_fetches(node, schemas) for node in nodes) else _taken_by(path, nodes, schemas, project)
        if mine is None:
            return None
        taken |= mine
    return taken


def _fetches(node: ast.AST, schemas: frozenset[str]) -> bool:
    """Return whether a piece of code gets at a schema module as a whole, or at modules by name."""
    if isinstance(node, ast.Name):
        return node.id in RUN_TIME
    if isinstance(node, ast.Import):
        return any(_top(alias.name) in RUN_TIME or _holds(alias.name, schemas) for alias in node.names)
    return isinstance(node, ast.ImportFrom) and _top(node.module or "") in RUN_TIME


def _top(name: str) -> str:
    return name.partition(".")[0]


def _holds(name: str, schemas: frozenset[str]) -> bool:
    return any(schema == name or schema.startswith(f"{name}.") for schema in schemas)


def _taken_by(path: Path, nodes: Iterable[ast.AST], schemas: frozenset[str], project: Path) -> dict[str, object] | None:
    """Return the labels that one module takes from schema modules; ``None`` if it takes anything else."""
    taken: dict[str, object] = {}
    for node in nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        module = _absolute(node, path, project)
        for alias in node.names:
            if _holds(f"{module}.{alias.name}", schemas):
                return None
            if module in schemas:
                value: Any = getattr(sys.modules.get(module), alias.name, None)
                if type(value) not in (Label, LabelUnion):  # a subclass may bring code of its own
                    return None
                taken[f"{path.relative_to(project)}: {module}.{alias.name}"] = _fields(value)
    return taken


def _fields(value: Label | LabelUnion) -> object:
    """Return all of a label, what people see of it too: an LF may read any of it."""
    if isinstance(value, LabelUnion):
        return [value.negated, sorted(canonical_json(_fields(label)) for label in value.labels)]
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _absolute(node: ast.ImportFrom, path: Path, project: Path) -> str:
    """Return the module that names are imported from, a relative one made absolute."""
    package = path.relative_to(project).parts[:-1]
    above = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join([*above, *([node.module] if node.module else [])])


def _follow_imports(files: set[Path], project: Path, packages: set[str]) -> None:
    """Add the project's modules that the files import, and theirs; collect other packages' names."""
    waiting = [path for path in files if path.suffix == ".py"]
    while waiting:
        path = waiting.pop()
        for name in _imported(path, project):
            own = _own_files(name, project)
            if own is None:
                packages.add(_top(name))
                continue
            new = [found for found in own if found not in files]
            files.update(new)
            waiting += new


def _imported(path: Path, project: Path) -> set[str]:
    """Return the dotted names that a module imports, relative ones made absolute."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, path, project)
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return {name for name in names if name}


def _own_files(name: str, project: Path) -> list[Path] | None:
    """Return the files of the project that importing a name runs; ``None`` if it is not the project's."""
    parts = name.split(".")
    if not (project / parts[0]).is_dir() and not (project / f"{parts[0]}.py").is_file():
        return None
    if parts[0] == retrolabel.__name__:
        return None
    found = []
    for depth in range(1, len(parts) + 1):
        base = project.joinpath(*parts[:depth])
        found += [path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()]
    return found


def _versions(packages: Iterable[str]) -> dict[str, str]:
    """Return name -> version of the distributions behind these packages, and of what they require."""
    others = set(packages) - sys.stdlib_module_names - {retrolabel.__name__}
    homes = metadata.packages_distributions() if others else {}
    waiting = sorted({home for package in others for home in homes.get(package, ())})
    versions: dict[str, str] = {}
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in versions or name == "retrolabel":
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        versions[name] = distribution.version
        required = (
            re.match(r"[A-Za-z0-9._-]+", text) for text in distribution.requires or () if "extra ==" not in text
        )
        waiting += [match.group() for match in required if match]
    return versions


def _is_by_product(path: Path) -> bool:
    """Return whether tools made it: caches and hidden files are no part of what an LF depends on."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
