"""The schema versions of a task, read without its labeling functions."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.discovery.imports import Reach, parsed, reached_files
from retrolabel.discovery.lock_file import released_in
from retrolabel.discovery.project import import_module, importable, in_schema, module_files, task_folder
from retrolabel.errors import (
    DiscoveryError,
    Problem,
    SchemaError,
)
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.released import note_released
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@dataclass
class Versions:
    """What the modules of a task's ``schema`` folder hold, and all that is wrong with them.

    Attributes:
        reach: What the task's modules reach, as it was when they were imported.
        history: The versions, if they can be read as one history.
        schemas: Number -> version.
        schema_files: Number -> the file that defines it.
        names: Number -> (name of the version in its module, label id -> name of the label there).
        problems: What is wrong.
    """

    reach: Reach
    history: History | None = None
    schemas: dict[str, LabelSchema] = field(default_factory=dict)
    schema_files: dict[str, Path] = field(default_factory=dict)
    names: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def find_history(project: Path, task: str) -> History:
    """Return the versions of a task; its labeling functions are not imported, so they cannot be in the way.

    Modules are imported afresh each time, so edits made since the last call are seen.

    Args:
        project: The folder that holds ``labeling_functions``.
        task: The task's name.

    Raises:
        SettingsError: The project has no such task.
        DiscoveryError: Modules of its ``schema`` folder do not import, or do not make one history: all at once.
    """
    folder = task_folder(project, task)
    found = Versions(reached_files(folder, project))
    note_released(released_in(project))
    with importable(project, found.reach.files):
        for path in module_files(folder):
            module = import_module(path, project, found.problems) if in_schema(path, folder) else None
            if module is not None:
                take_versions(module, path, project, found)
    history = history_of(task, found)
    if history is None or found.problems:
        raise DiscoveryError(
            f"The schema of {task!r} cannot be read: {len(found.problems)} thing(s) to mend.",
            problems=found.problems,
            remedy=f"the files are in {folder / 'schema'}",
        )
    return history


def take_versions(module: ModuleType, path: Path, project: Path, found: Versions) -> None:
    """Take the versions that a module of a ``schema`` folder makes."""
    imported, written = _names_of_versions(path)
    for attribute, value in list(vars(module).items()):
        if not issubclass(type(value), LabelSchema):  # asking the value may run an author's code
            continue
        found.schemas.setdefault(value.version, value)
        if found.schemas[value.version] is not value:
            other = found.schema_files.get(value.version, path).name
            remedy = (
                f'version="..." of one of them should be higher, and revise the other ({other});'
                " or delete one of the two files, if it is a draft of the other"
            )
            what = f"version {value.version} exists twice"
            found.problems.append(Problem(str(path.relative_to(project)), what, remedy))
        elif attribute in written or (attribute not in imported and value.version not in found.schema_files):
            found.schema_files[value.version] = path
            labels = {id(label): name for name, label in vars(module).items() if isinstance(label, Label)}
            named = {label.id: labels[id(label)] for label in value.labels if id(label) in labels}
            found.names[value.version] = (attribute, named)


def _names_of_versions(path: Path) -> tuple[set[str], set[str]]:
    """Return the names that a module has from another one, and those that it gives to versions made in it."""
    tree = parsed(path) or ast.Module([], [])
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


def history_of(task: str, found: Versions) -> History | None:
    """Return the versions as one history, or ``None`` with what is wrong added to the problems."""
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
