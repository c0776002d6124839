"""Files of models held against what the catalog says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.jobs.end_models.stored import FOLDER, SHORT
from retrolabel.jobs.records.damage import damaged_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.errors import Problem
    from retrolabel.jobs.end_models.stored import StoredModel
    from retrolabel.jobs.ports.objects import Objects


def damaged_models(models: Sequence[StoredModel], objects: Objects) -> list[Problem]:
    """Return which models' files are gone, or have other bytes than were written, each with what makes it again.

    Args:
        models: What the catalog knows of them.
        objects: Where their files are.
    """
    named = {each.file: each for each in models}
    damaged = damaged_files({each.file: each.sha256 for each in models}, objects)
    return [replace(problem, remedy=_again(named[file])) for file, problem in damaged.items()]


def nameless_files(models: Sequence[StoredModel], objects: Objects) -> list[str]:
    """Return the files below ``end_models/`` that the catalog does not name, as a training leaves that was killed.

    Args:
        models: What the catalog knows, of all tasks.
        objects: Where files are.
    """
    named = {each.file for each in models}
    return [name for name in objects.names(FOLDER) if name not in named]


def _again(model: StoredModel) -> str:
    return f"retrolabel train {model.task} {model.label_set[:SHORT]}, with the options of then, makes it again"
