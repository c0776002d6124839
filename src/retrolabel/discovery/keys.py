"""The key of a labeling function: the hash of all that its votes depend on, the data excepted.

A walk from the function itself finds it: the code without its formatting, constants by value, the
project's helpers and classes, the files it reads through ``resource``, the versions of packages and
models, the (id, meaning) of its labels, the names of what it reads. What cannot be seen is refused
with its line, unless the author says ``version="1"`` and raises it.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.discovery.nodes import problems_of, tree_of
from retrolabel.discovery.reach import Walker
from retrolabel.errors import Problem, RetrolabelError
from retrolabel.labeling.raised import interruptible, is_fault, said
from retrolabel.labeling.slicing import who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from retrolabel.discovery.nodes import Node
    from retrolabel.jobs.records.key_tree import KeyTree
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction

DEEP = 20_000
"""How many calls within calls a walk may need."""


def key_tree(lf: LabelingFunction, project: Path) -> KeyTree:
    """Return what the key of one labeling function is made of; what is refused in it is not told.

    Args:
        lf: The labeling function.
        project: The folder of the project.
    """
    return tree_of(Walker(project, lf.features).labeling_function(lf))


@dataclass(frozen=True)
class Keys:
    """The keys of a task.

    Attributes:
        trees: LF -> what its key is made of.
        features: Feature -> key.
        problems: All that keys cannot cover.
    """

    trees: Mapping[str, KeyTree]
    features: Mapping[str, str]
    problems: tuple[Problem, ...]


def find_keys(lfs: Iterable[LabelingFunction], features: Mapping[str, Feature], project: Path) -> Keys:
    """Return the keys of a task's labeling functions and features.

    Args:
        lfs: The labeling functions.
        features: Name -> feature.
        project: The folder of the project.
    """
    with interruptible():
        return _find(list(lfs), features, project)


def _find(lfs: list[LabelingFunction], features: Mapping[str, Feature], project: Path) -> Keys:
    walker = Walker(project, features)
    roots: dict[str, Node] = {}
    problems: list[Problem] = []
    names = {lf.name: _where(lf, project) for lf in lfs}
    with _deep():
        for lf in lfs:
            try:
                roots[lf.name] = walker.labeling_function(lf)
            except RecursionError:
                with _too_deep(_where(lf, project), problems):
                    raise
            except RetrolabelError as error:  # ours say what would help
                what = " ".join([error.message, *map(str, error.problems)])
                problems.append(Problem(_where(lf, project), what, error.remedy))
            except BaseException as error:  # objects of authors may raise anything when they are looked at
                if not is_fault(error):
                    raise
                what = f"what it depends on cannot be found: {said(error)}"
                remedy = "keep plain data in the module, and code in functions"
                problems.append(Problem(_where(lf, project), what, remedy))
        problems += problems_of(roots)
        if problems:
            return Keys({}, {}, tuple(problems))
        trees: dict[str, KeyTree] = {}
        found: dict[str, str] = {}
        for name, root in roots.items():
            with _too_deep(names[name], problems):
                trees[name] = tree_of(root)
        for name, feature in features.items():
            with _too_deep(f"feature {name}", problems):
                found[name] = tree_of(walker.feature(feature)).digest
    for name, tree in trees.items():
        with _too_deep(names[name], problems):  # as it is hashed and shown elsewhere
            _ = tree.digest, tree.flat()
    return Keys({}, {}, tuple(problems)) if problems else Keys(trees, found, ())


@contextlib.contextmanager
def _too_deep(who: str, problems: list[Problem]) -> Iterator[None]:
    """Tell of a chain of objects that is too long to be followed."""
    try:
        yield
    except RecursionError:
        what = "what it depends on is a chain of objects that is too long to be followed to its end"
        problems.append(Problem(who, what, "keep linked objects in a list, or make them in a function"))


def _where(lf: LabelingFunction, project: Path) -> str:
    """Return the name of a labeling function, with the file and line where it is written."""
    code = getattr(inspect.unwrap(lf.function), "__code__", None)
    if code is None or not code.co_filename.startswith(str(project)):
        return who(lf.name)
    return f"{who(lf.name)} ({code.co_filename[len(str(project)) + 1 :]}:{code.co_firstlineno})"


@contextlib.contextmanager
def _deep() -> Iterator[None]:
    """Let chains of helpers and linked objects be as long as they are."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
