"""The files that ``init`` and ``demo`` write: package data, so that an installed wheel has them too."""

from __future__ import annotations

import keyword
import string
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SettingsError
from retrolabel.schema.soundness import TASK_NAME
from retrolabel.wiring.written_files import or_as_before

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return write_files(folder, template_files(folder, task))


def template_files(folder: Path, task: str) -> dict[Path, str]:
    """Return the files of a project with a task about comments on answers.

    Raises:
        SettingsError: The name is no identifier, or a file is there already; all of them.
    """
    modules = {"schema/v1.py": FIRST_TASK / "v1.py.txt", "wording.py": FIRST_TASK / "wording.py.txt"}
    filled = {
        name: string.Template(path.read_text(encoding="utf-8")).substitute(task=task) for name, path in modules.items()
    }
    return files_of(folder, task, filled)


def check_task_name(task: str) -> None:
    """Refuse a name that no task can have.

    Raises:
        SettingsError: It is no identifier.
    """
    if not TASK_NAME.fullmatch(task) or keyword.iskeyword(task):
        raise SettingsError(
            f"{task!r} cannot be a task's name.", remedy="lower-case letters, digits and _, and no word of Python's"
        )


def files_of(folder: Path, task: str, modules: Mapping[str, str]) -> dict[Path, str]:
    """Return the files of a project with one first task; those that every project has are left out where they are.

    Args:
        folder: The project's folder.
        task: The task.
        modules: The path of a module in the task's folder -> its text.

    Raises:
        SettingsError: The name is no identifier, or a file is there already; all of them.
    """
    check_task_name(task)
    package = folder / "labeling_functions"
    shared = {
        "retrolabel.toml": folder / SETTINGS,
        "package.py": package / "__init__.py",
        "task.py": package / task / "__init__.py",
        "schema.py": package / task / "schema" / "__init__.py",
    }
    if (package / "__init__.py").is_file():
        del shared["package.py"]
    if (folder / SETTINGS).is_file() and not (package / task).exists():
        del shared["retrolabel.toml"]
    found = {
        path: string.Template((FIRST_TASK / f"{name}.txt").read_text(encoding="utf-8")).substitute(task=task)
        for name, path in shared.items()
    }
    found |= {package / task / name: text for name, text in modules.items()}
    there = [path for path in found if path.exists()]
    if there:
        raise SettingsError(
            f"There is something already in {folder}; nothing was written.",
            problems=[Problem(str(path), "exists") for path in there],
            remedy="use what is there (retrolabel lf list), or choose another folder or --task",
        )
    return found


def write_files(folder: Path, files: Mapping[Path, str]) -> list[Path]:
    """Write files that do not exist yet, and return them; where one cannot be written, none is.

    Args:
        folder: The project's folder, for the message.
        files: Path -> text.

    Raises:
        SettingsError: They cannot be written.
    """
    try:
        with or_as_before(files):
            for path, text in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"No project can be made in {folder}: {error.strerror or error}.",
            remedy="name a folder that is no file, in which you may write: retrolabel init DIR",
        ) from error
    return list(files)
