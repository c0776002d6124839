"""The files that ``init`` and ``demo`` write: package data, so that an installed wheel has them too."""

from __future__ import annotations

import keyword
import string
from pathlib import Path

from retrolabel.errors import Problem, SettingsError
from retrolabel.schema.soundness import TASK_NAME

HERE = Path(__file__).parent.parent / "templates"
FIRST_TASK = HERE / "first_task"
SETTINGS = "retrolabel.toml"


def shipped_tasks() -> Path:
    """Return the folder of the tasks that ship: in the wheel, or in the checkout that we run from."""
    in_wheel = HERE / "labeling_functions"
    return in_wheel if in_wheel.is_dir() else Path(__file__).parents[3] / "labeling_functions"


def write_project(folder: Path, task: str) -> list[Path]:
    """Write a project with one first task and return the files; nothing that exists is touched.

    Raises:
        SettingsError: The name is no identifier, or a file is there already; all of them.
    """
    if not TASK_NAME.fullmatch(task) or keyword.iskeyword(task):
        raise SettingsError(
            f"{task!r} cannot be a task's name.", remedy="lower-case letters, digits and _, and no word of Python's"
        )
    package = folder / "labeling_functions"
    target = {
        FIRST_TASK / "retrolabel.toml.txt": folder / SETTINGS,
        FIRST_TASK / "package.py.txt": package / "__init__.py",
        FIRST_TASK / "task.py.txt": package / task / "__init__.py",
        FIRST_TASK / "schema.py.txt": package / task / "schema" / "__init__.py",
        FIRST_TASK / "v1.py.txt": package / task / "schema" / "v1.py",
        FIRST_TASK / "wording.py.txt": package / task / "wording.py",
    }
    if (package / "__init__.py").is_file():
        del target[FIRST_TASK / "package.py.txt"]
    if (folder / SETTINGS).is_file() and not (package / task).exists():
        del target[FIRST_TASK / "retrolabel.toml.txt"]
    there = [path for path in target.values() if path.exists()]
    if there:
        raise SettingsError(
            f"There is something already in {folder}; nothing was written.",
            problems=[Problem(str(path), "exists") for path in there],
            remedy="use what is there (retrolabel lf list), or choose another folder or --task",
        )
    try:
        for template, path in target.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = string.Template(template.read_text(encoding="utf-8")).substitute(task=task)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"No project can be made in {folder}: {error.strerror or error}.",
            remedy="name a folder that is no file, in which you may write: retrolabel init DIR",
        ) from error
    return list(target.values())
