"""Where code comes from, and the versions of what is not the project's own."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import sysconfig
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel import version

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN, STDLIB, PACKAGE, OURS = "own", "stdlib", "package", "retrolabel"
INSTALLED = {"site-packages", "dist-packages"}
HERE = Path(version.__file__).parent
OUR_NAME, OUR_VERSION = "retrolabel", version.__version__


@cache
def _stdlib() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    return tuple({Path(paths[name]).resolve() for name in ("stdlib", "platstdlib")})


@cache
def _homes() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


@cache
def kind_of_file(name: str) -> str | None:
    """Return whose code a file is: ``own`` (walked), ``stdlib``, ``package``, ``retrolabel``; ``None``: no file."""
    kind = _kind_anywhere(name)
    return PACKAGE if kind == OWN and _is_elsewhere(Path(name)) else kind


@cache
def _kind_anywhere(name: str) -> str | None:
    """Return the same as far as it is so whichever project is looked at: hundreds of files keep it in the next one."""
    if name.startswith("<frozen"):
        return STDLIB
    if not name or name.startswith("<"):
        return None
    path = Path(name)
    if path.is_relative_to(HERE):
        return OURS
    if INSTALLED & set(path.parts):
        return PACKAGE
    in_stdlib = any(path.is_relative_to(folder) or path.resolve().is_relative_to(folder) for folder in _stdlib())
    return STDLIB if in_stdlib else OWN


_project: list[Path] = []
"""The folder of the project whose code is looked at."""


def look_from(project: Path) -> None:
    """Say whose code is the project's own from now on.

    Args:
        project: The folder of the project.
    """
    if _project != [project]:
        _project[:] = [project]
        kind_of_file.cache_clear()


def _is_elsewhere(path: Path) -> bool:
    """Return whether a file lies below a folder of ``PYTHONPATH`` that has nothing to do with the project."""
    if not _project or path.is_relative_to(_project[0]):
        return False
    folders = [Path(each).absolute() for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    apart = [each for each in folders if not _project[0].is_relative_to(each) and not each.is_relative_to(_project[0])]
    return any(path.is_relative_to(each) for each in apart)


def kind_of_module(name: str) -> str:
    """Return whose code a module is, by its name."""
    if not isinstance(name, str):  # what C code says of its module may be anything
        return PACKAGE
    top = name.partition(".")[0]
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    places = [file] if file else [*getattr(module, "__path__", ())]
    for place in places:
        kind = kind_of_file(str(place))
        if kind is not None:
            return kind
    if top == OUR_NAME:
        return OURS
    if top in sys.stdlib_module_names:
        return STDLIB
    return PACKAGE if module is None or top in _homes() else OWN


def kind_of_unimported(name: str) -> str:
    """Return whose code a module is that may not be imported yet, without importing it."""
    top = name.partition(".")[0]
    if top in sys.modules:
        return kind_of_module(top)
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        found = None
    if found is None:
        return OWN
    if found.origin in ("built-in", "frozen"):
        return STDLIB
    places = [found.origin] if found.origin else [*(found.submodule_search_locations or ())]
    return next((kind for kind in map(kind_of_file, map(str, places)) if kind), PACKAGE)


def is_there(name: str) -> bool:
    """Return whether the package of a module can be imported."""
    top = name.partition(".")[0]
    try:
        return top in sys.modules or importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


class Packages:
    """The versions of distributions, looked up once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, tuple[str, ...]] | None] = {}

    def distributions(self, module: str) -> tuple[str, ...]:
        """Return the names of the distributions behind a module."""
        top = module.partition(".")[0]
        return tuple(sorted({normal(name) for name in _homes().get(top, ())}))

    def version(self, distribution: str) -> tuple[str, tuple[str, ...]] | None:
        """Return the version of a distribution and what it requires; ``None`` if it is not installed."""
        name = normal(distribution)
        if name not in self._found:
            self._found[name] = _look_up(name)
        return self._found[name]

    def required(self, distribution: str) -> dict[str, str]:
        """Return name -> version of all that a distribution requires, and of what that requires."""
        found: dict[str, str] = {}
        waiting = [normal(distribution)]
        while waiting:
            for name in (self.version(waiting.pop()) or ("", ()))[1]:
                version = self.version(name)
                if version and name not in found and name != OUR_NAME:
                    found[name] = version[0]
                    waiting.append(name)
        return dict(sorted(found.items()))


def _look_up(name: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    required = (re.match(r"[A-Za-z0-9._-]+", text) for text in found.requires or () if "extra ==" not in text)
    return found.version, tuple(sorted({normal(match.group()) for match in required if match}))


def normal(name: str) -> str:
    """Return the one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()
