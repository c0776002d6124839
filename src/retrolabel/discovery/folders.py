"""Find the tasks of a project: their schema versions and labeling functions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.imports import imported_by_others, reached_files, text_of
from retrolabel.discovery.keys import find_keys
from retrolabel.discovery.lock_file import released_in
from retrolabel.discovery.project import (
    PACKAGE,
    import_module,
    importable,
    in_schema,
    module_files,
    module_name,
    task_folder,
)
from retrolabel.discovery.versions import Versions, history_of, take_versions
from retrolabel.discovery.written import code_of
from retrolabel.errors import (
    DiscoveryError,
    Problem,
    RetrolabelError,
)
from retrolabel.jobs.records.sitting_out import BrokenModule
from retrolabel.jobs.records.tasks import FoundSlices, FoundTask
from retrolabel.labeling.features import Feature
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.labeling.slicing import PREFIX, SliceFunction, who
from retrolabel.schema.released import note_released

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from retrolabel.schema.history import History


WORD = re.compile(r"[^\W\d]\w*")


@dataclass
class Explored(Versions):
    """What the modules of one task hold, and all that is wrong with them.

    Attributes:
        lfs: Its labeling functions.
        slices: Its slice functions.
        files: LF -> its file; slice functions under the names under which their results are kept.
        features: Its features, by name.
        broken: Module that does not import -> why; those of the schema are not among them.
    """

    lfs: dict[str, LabelingFunction] = field(default_factory=dict)
    slices: dict[str, SliceFunction] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    features: dict[str, Feature] = field(default_factory=dict)
    broken: dict[Path, list[Problem]] = field(default_factory=dict)


def discover(project: Path, task: str, *, skips: bool = False) -> FoundTask:
    """Return one task of a project.

    Modules are imported afresh each time, so edits made since the last call are seen.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.
        skips: Whether modules of labeling functions that do not import are left out, and told in ``broken``.

    Raises:
        SettingsError: The project has no such task.
        DiscoveryError: Modules do not import, names clash, labels are not of the task: all at once.
    """
    return as_task(explore(project, task), project, task, skips=skips)


def as_task(found: Explored, project: Path, task: str, *, skips: bool = False) -> FoundTask:
    """Return a task with the keys of its labeling functions.

    Args:
        found: What its modules hold.
        project: The folder that holds ``labeling_functions``.
        task: The task's name.
        skips: Whether modules of labeling functions that do not import are left out, and told in ``broken``.

    Raises:
        DiscoveryError: Something is wrong with it: all at once.
    """
    folder = project / PACKAGE / task
    slices = tuple(found.slices[name] for name in sorted(found.slices))
    keys = find_keys([*found.lfs.values(), *(each.asked for each in slices)], found.features, project)
    problems = list(dict.fromkeys([*found.problems, *keys.problems]))
    if found.history is None or (problems if not skips else _in_the_way(found, keys.problems)):
        raise DiscoveryError(
            f"The task {task!r} cannot be used: {len(problems)} thing(s) to mend.",
            problems=problems,
            remedy=f"the files are in {folder}",
        )
    lfs = tuple(found.lfs[name] for name in sorted(found.lfs))
    functions = {**found.lfs, **{each.asked.name: each.asked for each in slices}}
    code = code_of(functions, found.files, project)
    votes = {name: tree for name, tree in keys.trees.items() if name in found.lfs}
    of_slices = {name: tree for name, tree in keys.trees.items() if name not in found.lfs}
    return FoundTask(
        name=task,
        history=found.history,
        lfs=lfs,
        keys={name: tree.digest for name, tree in votes.items()},
        code={name: code[name] for name in found.lfs},
        folder=folder,
        features=dict(found.features),
        feature_keys=keys.features,
        trees=votes,
        schema_files={number: str(path.relative_to(project)) for number, path in found.schema_files.items()},
        broken=tuple(
            BrokenModule(str(path.relative_to(project)), tuple(problems), _words(path))
            for path, problems in found.broken.items()
        ),
        slices=FoundSlices(
            slices,
            {name: tree.digest for name, tree in of_slices.items()},
            {name: code[name] for name in of_slices},
            of_slices,
        ),
    )


def _words(path: Path) -> frozenset[str]:
    """Return the words in a module's text; none, where it cannot be read."""
    try:
        return frozenset(WORD.findall(text_of(path)))
    except OSError:
        return frozenset()


def _in_the_way(found: Explored, of_keys: Iterable[Problem]) -> bool:
    """Return whether anything is wrong but modules of labeling functions that do not import."""
    left_out = {id(problem) for problems in found.broken.values() for problem in problems}
    return any(id(problem) not in left_out for problem in (*found.problems, *of_keys))


def explore(project: Path, task: str) -> Explored:
    """Return what one task of a project holds, and all that is wrong with it.

    Modules are imported afresh each time.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.

    Raises:
        SettingsError: The project has no such task.
    """
    folder = task_folder(project, task)
    found = Explored(reached_files(folder, project))
    note_released(released_in(project))
    with importable(project, found.reach.files):
        for path in module_files(folder):
            _collect(path, folder, project, found)
    _bind(found, project)
    found.history = history_of(task, found)
    if found.history is not None:
        found.problems += _foreign_labels(found.history, found, project)
    return found


def explore_again(project: Path, task: str, before: Explored, changed: Collection[Path]) -> Explored:
    """Return what a task holds after some of its files changed; the modules that did not are not imported again.

    That holds where modules of labeling functions changed that no other module imports, and that hold no feature.
    Where anything else did, or something was wrong before, all is imported afresh.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.
        before: What it held before.
        changed: The files that changed, came or went.

    Raises:
        SettingsError: The project has no such task.
    """
    folder = task_folder(project, task)
    names = {module_name(path, project) for path in changed}
    features = {each.module for each in before.features.values()}
    alone = all(path in before.reach.files and path.is_file() and not in_schema(path, folder) for path in changed)
    if not alone or before.problems or names & features or imported_by_others(changed, before.reach, project):
        return explore(project, task)
    found = replace(
        before,
        reach=reached_files(folder, project),
        lfs={name: lf for name, lf in before.lfs.items() if before.files[name] not in changed},
        slices={name: of for name, of in before.slices.items() if before.files[of.asked.name] not in changed},
        files={name: path for name, path in before.files.items() if path not in changed},
        features=dict(before.features),
        problems=[],
        broken={},
    )
    with importable(project, changed, only=True):
        for path in changed:
            _collect(path, folder, project, found)
    if names & {each.module for each in found.features.values()}:
        return explore(project, task)
    _bind(found, project)
    if found.history is not None:
        found.problems += _foreign_labels(found.history, found, project)
    return found


def _collect(path: Path, folder: Path, project: Path, found: Explored) -> None:
    problems: list[Problem] = []
    module = import_module(path, project, problems)
    found.problems += problems
    if module is None:
        if not in_schema(path, folder):
            found.broken[path] = problems
        return
    if in_schema(path, folder):
        take_versions(module, path, project, found)
    for attribute, value in list(vars(module).items()):
        if issubclass(type(value), Feature):  # what looks like one may run an author's code when it is asked
            if found.features.setdefault(value.name, value) is not value:
                what, remedy = f"a second feature is called {value.name!r}", "rename one of them"
                found.problems.append(Problem(str(path.relative_to(project)), what, remedy))
        elif issubclass(type(value), LabelingFunction):
            _take(value if value.name else value.named(attribute), path, project, found)
        elif issubclass(type(value), SliceFunction):
            _take_slice(value if value.name else value.named(attribute), path, project, found)


def _take(lf: LabelingFunction, path: Path, project: Path, found: Explored) -> None:
    if any(_are_one(known, lf) for known in found.lfs.values()):
        return
    if lf.name in found.lfs:
        other = found.files[lf.name].name
        what = f"a second LF is called {lf.name!r} (the first: {other})"
        found.problems.append(Problem(str(path.relative_to(project)), what, "rename one"))
        return
    found.lfs[lf.name] = lf
    found.files[lf.name] = path


def _take_slice(one: SliceFunction, path: Path, project: Path, found: Explored) -> None:
    known = found.slices.setdefault(one.name, one)
    if known is one or _are_one(known.asked, one.asked):
        found.files.setdefault(one.asked.name, path)
        return
    what = f"a second slice is called {one.name!r} (the first: {found.files[one.asked.name].name})"
    found.problems.append(Problem(str(path.relative_to(project)), what, "rename one"))


def _are_one(one: LabelingFunction, other: LabelingFunction) -> bool:
    """Return whether two names stand for one labeling function, as where it is imported elsewhere."""
    return one.function is other.function and one.rule is other.rule


def _bind(found: Explored, project: Path) -> None:
    """Give the labeling functions and slice functions the features that their parameters ask for."""
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (("", found.lfs), (PREFIX, found.slices))
    for prefix, kind in kinds:
        for name, one in kind.items():
            try:
                kind[name] = one.bound(found.features)
            except RetrolabelError as error:
                where = f"{who(prefix + name)} ({found.files[prefix + name].relative_to(project)})"
                found.problems += [Problem(where, error.message, str(each)) for each in error.problems]


def _foreign_labels(history: History, found: Explored, project: Path) -> Iterator[Problem]:
    for name, lf in found.lfs.items():
        for vote in lf.declared:
            if history.home(vote.labels) is None:
                yield Problem(
                    f"LF {name} ({found.files[name].relative_to(project)})",
                    f"votes {vote}, which no version of {history.task} has with that meaning",
                    f"import the label from {PACKAGE}.{history.task}.schema",
                )
