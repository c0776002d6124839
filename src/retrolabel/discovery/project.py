"""A project's folder: its tasks, and its modules as they are imported afresh."""

from __future__ import annotations

import contextlib
import importlib
import importlib.machinery
import importlib.util
import io
import os
import sys
import threading
import traceback
import types
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.discovery.packages import OWN, kind_of_file, look_from
from retrolabel.errors import (
    Problem,
    RetrolabelError,
    SettingsError,
    did_you_mean,
    nearest,
)
from retrolabel.labeling.raised import interruptible, is_fault, said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from types import ModuleType


PACKAGE = "labeling_functions"


_at_a_time = threading.RLock()
_first: list[str] = []
"""The project that stands first on ``sys.path``: one at a time."""


_ours: set[str] = set()
"""Projects that were on the path because of us alone: who restores an old path brings one back."""


LEFT_OUT = ("test_", "conftest")
ENDS = (SystemExit, KeyboardInterrupt, GeneratorExit)
SHOWN = 3
"""Folders that are named."""


def task_names(project: Path) -> list[str]:
    """Return the tasks of a project: the folders of ``labeling_functions`` that hold a ``schema`` folder."""
    folder = project / PACKAGE
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if (path / "schema").is_dir())


def module_files(folder: Path) -> list[Path]:
    """Return the task's modules, schema versions first."""
    files = [
        path
        for path in folder.rglob("*.py")
        if not path.name.startswith(LEFT_OUT) and "__pycache__" not in path.parts and not path.name.startswith(".")
    ]
    return sorted(files, key=lambda path: ("schema" not in path.relative_to(folder).parts, str(path)))


@contextlib.contextmanager
def importable(project: Path, files: Iterable[Path], *, only: bool = False) -> Iterator[None]:
    """Let the project's modules be imported afresh; only those of some files where ``only``.

    The project stays on the path, for what its functions import when they are called; another
    project takes its place. Modules are of the whole process, so one thread imports at a time.
    """
    with _at_a_time:
        names = {module_name(path, project) for path in files if path.suffix == ".py"}
        if only:
            for name in names:
                sys.modules.pop(name, None)
        else:
            forget(names, project)
        _stand_in(project)
        importlib.invalidate_caches()
        _as_a_package(project)
        writes = sys.dont_write_bytecode
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            sys.dont_write_bytecode = writes


def _stand_in(project: Path) -> None:
    """Put a project first on the path, instead of the one before."""
    look_from(project)
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


def _as_a_package(project: Path) -> None:
    """Let the project's folder be the package, where it has no ``__init__.py`` and another one would be taken for it.

    Python prefers a package with ``__init__.py`` to a folder without, wherever on the path it lies.
    """
    folder = project / PACKAGE
    if (folder / "__init__.py").exists() or PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return
    made = importlib.machinery.ModuleSpec(PACKAGE, None, is_package=True)
    made.submodule_search_locations = [str(folder)]
    sys.modules[PACKAGE] = importlib.util.module_from_spec(made)


def forget(helpers: Collection[str] = (), project: Path | None = None) -> None:
    """Forget all imported modules of labeling functions, and the helpers that are named.

    Args:
        helpers: The names of modules.
        project: The folder whose modules are forgotten too, whatever imported them.
    """
    there: list[tuple[str, object]] = list(sys.modules.items())
    names = [name for name, _ in there if name in helpers or (name.startswith(PACKAGE) and _top(name) == PACKAGE)]
    if project is not None:
        below = f"{project}{os.sep}"  # of thousands of modules most are told apart by the first letters of their files
        files = [(name, vars(each).get("__file__")) for name, each in there if isinstance(each, types.ModuleType)]
        mine = [(name, file) for name, file in files if isinstance(file, str) and file.startswith(below)]
        names += [name for name, file in mine if _is_own(name, file, project)]
    for name in dict.fromkeys(names):
        del sys.modules[name]


def _top(name: str) -> str:
    return name.partition(".")[0]


def _is_own(name: str, file: str, project: Path) -> bool:
    """Return whether a module whose file lies below a project is its own: neither installed in it, nor what runs."""
    path = Path(file).relative_to(project)
    hidden = any(part.startswith(".") for part in path.parts)
    is_test = _top(name) == "tests" or path.name.startswith(LEFT_OUT)
    return not hidden and not is_test and _top(name) != "__main__" and kind_of_file(file) == OWN


def module_name(path: Path, project: Path) -> str:
    """Return the dotted name under which a file of the project is imported."""
    parts = path.relative_to(project).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_problems(error: BaseException, relative: Path, project: Path) -> list[Problem]:
    """Return what failed, at the author's own line: each single fault, where there are several."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(str(project)) and PACKAGE in frame.filename]
    where = f"{relative}"
    if isinstance(error, SyntaxError) and error.lineno and str(error.filename or "").startswith(str(project)):
        where = f"{error.filename[len(str(project)) + 1 :]}:{error.lineno}"  # type: ignore[index]  # just tested
    elif own:
        where = f"{own[-1].filename[len(str(project)) + 1 :]}:{own[-1].lineno}"
    if isinstance(error, ENDS) and not isinstance(error, Exception):
        return [Problem(where, f"{said(error)}: it ends the program that imports it", "end nothing in a module")]
    if not isinstance(error, RetrolabelError):
        return [Problem(where, said(error), _mending(error))]
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


def task_folder(project: Path, task: str) -> Path:
    """Return the folder of a task.

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
    return project / PACKAGE / task


def in_schema(path: Path, folder: Path) -> bool:
    """Return whether a module of a task's folder is one of its ``schema`` folder."""
    return "schema" in path.relative_to(folder).parts[:-1]


def import_module(path: Path, project: Path, problems: list[Problem]) -> ModuleType | None:
    """Import a module of the project; what is wrong with it is added to the problems."""
    relative = path.relative_to(project)
    unread = _unreadable(path)
    if unread is not None:
        problems.append(Problem(str(relative), *unread))
        return None
    module: object = None
    with interruptible(), _surroundings(str(relative), problems):
        try:
            module = importlib.import_module(module_name(path, project))
        except BaseException as error:  # an author's module may raise anything
            if not is_fault(error):
                raise
            other = _in_its_place(project) if isinstance(error, ModuleNotFoundError) else None
            problems += [other] if other else import_problems(error, relative, project)
            return None
    if isinstance(module, types.ModuleType):
        other = None if _is_at(module, path) else _in_its_place(project)
        if other is not None:
            problems.append(other)
            return None
        return module
    what = f"puts a {type(module).__name__} in its own place in sys.modules"
    problems.append(Problem(str(relative), what, "leave sys.modules as it is"))
    return None


def _is_at(module: ModuleType, path: Path) -> bool:
    """Return whether a module was read from a file; one that does not say where it is from is taken as it is."""
    file = vars(module).get("__file__")
    try:
        return not isinstance(file, str) or Path(file).samefile(path)
    except OSError:
        return True


def _in_its_place(project: Path) -> Problem | None:
    """Return what to do where another package ``labeling_functions`` was imported in place of the project's."""
    start = project / PACKAGE / "__init__.py"
    file = vars(sys.modules.get(PACKAGE, object)).get("__file__")
    if start.exists() or not isinstance(file, str):
        return None
    what = f"is no package, so Python took the one of the same name in {Path(file).parent}"
    return Problem(PACKAGE, what, f"make an empty file {start}")


def _unreadable(path: Path) -> tuple[str, str] | None:
    """Return why a module cannot even be read, and what would help; ``None`` where it can."""
    if path.is_dir():
        return "is a folder, and its name that of a module", "rename it, or move it out of the folder of the task"
    try:
        path.read_bytes()
    except OSError as error:
        if path.is_symlink():
            return f"is a link that leads to nothing ({error.strerror or error})", "mend the link, or delete it"
        return f"cannot be read: {error.strerror or error}", "give yourself permission to read it: chmod u+r"
    return None


class _Aside(io.TextIOBase):
    """Where a module prints while it is imported: standard error, which it cannot close."""

    def write(self, text: str) -> int:
        """Write to standard error."""
        return sys.stderr.write(text)


@contextlib.contextmanager
def _surroundings(where: str, problems: list[Problem]) -> Iterator[None]:
    """Keep what a module finds around it as it was: others rely on it. Tell what it changed.

    Args:
        where: The module's file.
        problems: What is wrong goes into it.
    """
    before, paths, limit = working_folder(), list(sys.path), sys.getrecursionlimit()
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdout = _Aside()  # what commands print may be JSON
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.setrecursionlimit(max(limit, sys.getrecursionlimit()))
        after = working_folder()
        if after != before:
            what = f"changes the working directory, from {before} to {after}"
            problems.append(Problem(where, what, "name files from the module: retrolabel.resource, or Path(__file__)"))
            with contextlib.suppress(OSError):
                os.chdir(before)
        lost = [each for each in paths if each not in sys.path]
        if lost:
            what = f"takes {', '.join(lost[:SHOWN])} out of sys.path, where others are found"
            problems.append(Problem(where, what, "add to sys.path only"))
            sys.path[:] = paths


def working_folder() -> str:
    """Return the working directory; nothing, where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""
