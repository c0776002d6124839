"""Find the tasks of a project: their schema versions and labeling functions."""

from __future__ import annotations

import ast
import contextlib
import importlib
import os
import sys
import traceback
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.discovery.keys import Reach, find_keys, reached_files
from retrolabel.discovery.packages import OWN, kind_of_file
from retrolabel.errors import (
    DiscoveryError,
    Problem,
    RetrolabelError,
    SchemaError,
    SettingsError,
    did_you_mean,
    nearest,
)
from retrolabel.jobs.records.tasks import Task
from retrolabel.labeling.features import Feature
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from types import ModuleType

PACKAGE = "labeling_functions"
_first: list[str] = []
"""The project that stands first on ``sys.path``: one at a time."""
_ours: set[str] = set()
"""Projects that were on the path because of us alone: who restores an old path brings one back."""
LEFT_OUT = ("test_", "conftest")


@dataclass
class Explored:
    """What the modules of one task hold, and all that is wrong with them.

    Attributes:
        reach: What its modules reach, as it was when they were imported.
        history: Its versions, if they can be read as one history.
        schemas: Number -> version.
        schema_files: Number -> the file that defines it.
        names: Number -> (name of the version in its module, label id -> name of the label there).
        lfs: Its labeling functions.
        files: LF -> its file.
        features: Its features, by name.
        problems: What is wrong.
    """

    reach: Reach
    history: History | None = None
    schemas: dict[str, LabelSchema] = field(default_factory=dict)
    schema_files: dict[str, Path] = field(default_factory=dict)
    names: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    lfs: dict[str, LabelingFunction] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    features: dict[str, Feature] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def task_names(project: Path) -> list[str]:
    """Return the tasks of a project: the folders of ``labeling_functions`` that hold a ``schema`` folder."""
    folder = project / PACKAGE
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if (path / "schema").is_dir())


def discover(project: Path, task: str) -> Task:
    """Return one task of a project.

    Modules are imported afresh each time, so edits made since the last call are seen.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.

    Raises:
        SettingsError: The project has no such task.
        DiscoveryError: Modules do not import, names clash, labels are not of the task: all at once.
    """
    found = explore(project, task)
    folder = project / PACKAGE / task
    keys = find_keys(found.lfs.values(), found.features, project)
    problems = list(dict.fromkeys([*found.problems, *keys.problems]))
    if problems or found.history is None:
        raise DiscoveryError(
            f"The task {task!r} cannot be used: {len(problems)} thing(s) to mend.",
            problems=problems,
            remedy=f"the files are in {folder}",
        )
    lfs = tuple(found.lfs[name] for name in sorted(found.lfs))
    return Task(
        name=task,
        history=found.history,
        lfs=lfs,
        keys={name: tree.digest for name, tree in keys.trees.items()},
        code=_code(found, project),
        folder=folder,
        features=dict(found.features),
        feature_keys=keys.features,
        trees=keys.trees,
        schema_files={number: str(path.relative_to(project)) for number, path in found.schema_files.items()},
    )


def explore(project: Path, task: str) -> Explored:
    """Return what one task of a project holds, and all that is wrong with it.

    Modules are imported afresh each time.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.

    Raises:
        SettingsError: The project has no such task.
    """
    known = task_names(project)
    if task not in known:
        has = f"It has: {', '.join(known)}." if known else f"It has no {PACKAGE} folder with tasks."
        raise SettingsError(
            f"There is no task {task!r} in {project}.{did_you_mean(task, known)} {has}",
            remedy="name one of those; retrolabel init . --task NAME makes a new one, in the project's folder"
            if known
            else "retrolabel init makes a project with a first task",
        )
    folder = project / PACKAGE / task
    found = Explored(reached_files(folder, project))
    with _importable(project, found.reach.files):
        for path in _module_files(folder):
            _collect(path, project, found)
    _bind(found, project)
    found.history = _history(task, found)
    if found.history is not None:
        found.problems += _foreign_labels(found.history, found, project)
    return found


def _module_files(folder: Path) -> list[Path]:
    """Return the task's modules, schema versions first."""
    files = [
        path
        for path in folder.rglob("*.py")
        if not path.name.startswith(LEFT_OUT) and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]
    return sorted(files, key=lambda path: ("schema" not in path.relative_to(folder).parts, str(path)))


@contextlib.contextmanager
def _importable(project: Path, files: Iterable[Path]) -> Iterator[None]:
    """Let the project's modules be imported afresh.

    The project stays on the path, for what its functions import when they are called; another
    project takes its place.
    """
    forget({_module_name(path, project) for path in files if path.suffix == ".py"}, project)
    _stand_in(project)
    importlib.invalidate_caches()
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes


def _stand_in(project: Path) -> None:
    """Put a project first on the path, instead of the one before."""
    name = str(project)
    for earlier in {*_first, *_ours}:
        with contextlib.suppress(ValueError):
            sys.path.remove(earlier)
        if earlier in sys.path:  # somebody else put it there too
            _ours.discard(earlier)
    if name not in sys.path:
        _ours.add(name)
    _first[:] = [name]
    sys.path.insert(0, name)


def forget(helpers: Collection[str] = (), project: Path | None = None) -> None:
    """Forget all imported modules of labeling functions, and the helpers that are named.

    Args:
        helpers: The names of modules.
        project: The folder whose modules are forgotten too, whatever imported them.
    """
    names = [name for name in sys.modules if name.partition(".")[0] == PACKAGE or name in helpers]
    if project is not None:
        names += [name for name, module in list(sys.modules.items()) if _is_of(project, name, module)]
    for name in dict.fromkeys(names):
        del sys.modules[name]


def _is_of(project: Path, name: str, module: object) -> bool:
    """Return whether a module is the project's own: neither installed in it, nor what runs now."""
    file = vars(module).get("__file__") if isinstance(module, types.ModuleType) else None
    if not isinstance(file, str) or not file.startswith(f"{project}{os.sep}"):
        return False
    path = Path(file).relative_to(project)
    hidden = any(part.startswith(".") for part in path.parts)
    top = name.partition(".")[0]
    is_test = top == "tests" or path.name.startswith(LEFT_OUT)
    return not hidden and not is_test and top != "__main__" and kind_of_file(file) == OWN


def _module_name(path: Path, project: Path) -> str:
    parts = path.relative_to(project).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _collect(path: Path, project: Path, found: Explored) -> None:
    relative = path.relative_to(project)
    try:
        module = importlib.import_module(_module_name(path, project))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's module may raise anything
        found.problems += _import_problems(error, relative, project)
        return
    _take(module, relative, path, found)


def _take(module: ModuleType, relative: Path, path: Path, found: Explored) -> None:
    in_schema = "schema" in relative.parts[2:-1]
    imported, written = _names_of_versions(path) if in_schema else (set(), set())
    for attribute, value in list(vars(module).items()):
        if isinstance(value, LabelSchema) and in_schema:
            found.schemas.setdefault(value.version, value)
            if found.schemas[value.version] is not value:
                other = found.schema_files.get(value.version, path).name
                remedy = (
                    f'version="..." of one of them should be higher, and revise the other ({other});'
                    " or delete one of the two files, if it is a draft of the other"
                )
                found.problems.append(Problem(str(relative), f"version {value.version} exists twice", remedy))
            elif attribute in written or (attribute not in imported and value.version not in found.schema_files):
                found.schema_files[value.version] = path
                labels = {id(label): name for name, label in vars(module).items() if isinstance(label, Label)}
                found.names[value.version] = (
                    attribute,
                    {label.id: labels[id(label)] for label in value.labels if id(label) in labels},
                )
        elif isinstance(value, Feature):
            if found.features.setdefault(value.name, value) is not value:
                found.problems.append(
                    Problem(str(relative), f"a second feature is called {value.name!r}", "rename one of them")
                )
        elif isinstance(value, LabelingFunction):
            lf = value if value.name else value.named(attribute)
            same = [name for name, known in found.lfs.items() if _are_one(known, lf)]
            if same:
                continue
            if lf.name in found.lfs:
                other = found.files[lf.name].name
                found.problems.append(
                    Problem(str(relative), f"a second LF is called {lf.name!r} (the first: {other})", "rename one")
                )
                continue
            found.lfs[lf.name] = lf
            found.files[lf.name] = path


def _are_one(one: LabelingFunction, other: LabelingFunction) -> bool:
    """Return whether two names stand for one labeling function, as where it is imported elsewhere."""
    return one.function is other.function and one.rule is other.rule


def _bind(found: Explored, project: Path) -> None:
    """Give the labeling functions the features that their parameters ask for."""
    for name, lf in found.lfs.items():
        try:
            found.lfs[name] = lf.bound(found.features)
        except RetrolabelError as error:
            where = f"LF {name} ({found.files[name].relative_to(project)})"
            found.problems += [Problem(where, error.message, str(each)) for each in error.problems]


def _names_of_versions(path: Path) -> tuple[set[str], set[str]]:
    """Return the names that a module has from another one, and those that it gives to versions made in it."""
    tree = ast.parse(path.read_bytes())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    made = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).endswith(LabelSchema.__name__)
    ]
    return (
        {alias.asname or alias.name for node in imports for alias in node.names},
        {target.id for node in made for target in node.targets if isinstance(target, ast.Name)},
    )


def _import_problems(error: BaseException, relative: Path, project: Path) -> list[Problem]:
    """Return what failed, at the author's own line: each single fault, where there are several."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(str(project)) and PACKAGE in frame.filename]
    where = f"{relative}"
    if isinstance(error, SyntaxError) and error.lineno and str(error.filename or "").startswith(str(project)):
        where = f"{error.filename[len(str(project)) + 1 :]}:{error.lineno}"  # type: ignore[index]  # just tested
    elif own:
        where = f"{own[-1].filename[len(str(project)) + 1 :]}:{own[-1].lineno}"
    if not isinstance(error, RetrolabelError):
        return [Problem(where, f"{type(error).__name__}: {error}", _mending(error))]
    if not error.problems:
        return [Problem(where, error.message, error.remedy)]
    what = error.message.rstrip(".")
    return [Problem(where, f"{what}: {each.where}: {each.what}", each.remedy) for each in error.problems]


def _mending(error: BaseException) -> str:
    """Return what helps against the errors that a first labeling function meets most often."""
    name = getattr(error, "name", None) or ""
    if isinstance(error, ModuleNotFoundError):
        if name.partition(".")[0] == PACKAGE:
            return f"the folder {PACKAGE} has no such task or file; mend the name"
        return f"mend the name, or install it: pip install {name.partition('.')[0]}"
    if isinstance(error, ImportError):
        wanted = str(error).split("'")[1:2]
        there = [each for each in vars(sys.modules.get(name, types)) if not each.startswith("_")]
        near = nearest(wanted[0], there) if wanted and name in sys.modules else None
        return f"did you mean {near}?" if near else "mend the name that is imported"
    if isinstance(error, NameError):
        return f"import {name!r} at the top of the file, or mend its spelling"
    return "mend that line; until then nothing in the file is used"


def _history(task: str, found: Explored) -> History | None:
    if not found.schemas:
        if not found.problems:
            found.problems.append(
                Problem(f"{task}/schema", "holds no version", "a file in it says SCHEMA = LabelSchema(...)")
            )
        return None
    wrong = [schema for schema in found.schemas.values() if schema.task != task]
    if wrong:
        found.problems += [
            Problem(f"{task}/schema", f"version {schema.version} says task={schema.task!r}", f"write task={task!r}")
            for schema in wrong
        ]
        return None
    try:
        return History(found.schemas.values())
    except SchemaError as error:
        found.problems += error.problems or [Problem(f"{task}/schema", error.message, error.remedy)]
        return None


def _foreign_labels(history: History, found: Explored, project: Path) -> Iterator[Problem]:
    for name, lf in found.lfs.items():
        for vote in lf.declared:
            if history.home(vote.labels) is None:
                yield Problem(
                    f"LF {name} ({found.files[name].relative_to(project)})",
                    f"votes {vote}, which no version of {history.task} has with that meaning",
                    f"import the label from {PACKAGE}.{history.task}.schema",
                )


def _code(found: Explored, project: Path) -> Mapping[str, Mapping[str, str]]:
    """Return where each LF is written, and its source text."""
    texts: dict[Path, dict[str, tuple[int, str]]] = {}
    code: dict[str, dict[str, str]] = {}
    for name, path in found.files.items():
        if path not in texts:
            texts[path] = _statements(path)
        attribute = next((a for a in (name, found.lfs[name].function.__name__) if a in texts[path]), "")
        line, text = texts[path].get(attribute, (0, ""))
        code[name] = {"file": str(path.relative_to(project)), "line": str(line), "source": text}
    return code


def _statements(path: Path) -> dict[str, tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found: dict[str, tuple[int, str]] = {}
    for node in ast.parse(text).body:
        names = [node.name] if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        for name in names:
            found[name] = (node.lineno, "\n".join(lines[first - 1 : node.end_lineno]))
    return found
