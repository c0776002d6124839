"""Rows that could not be taken in: put aside in a file that says where and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.errors import Problem
    from retrolabel.jobs.ports.objects import Objects


FOLDER = "quarantine"
"""Where the files are: a folder in it for each source, and for each task's human labels."""
GOLD = "gold-"
"""How the folder of human labels begins, before the task's name."""


def quarantine(name: str, problems: Sequence[Problem], objects: Objects) -> str:
    """Write problems as JSON lines, in the order of the file they come from, and return where they are.

    Args:
        name: What they belong to, as ``github_issues/1a2b``.
        problems: Each with the line or row in ``where``.
        objects: Where the file goes.
    """
    ordered = sorted(problems, key=line_of)
    lines = [json.dumps({"where": p.where, "reason": p.what, "remedy": p.remedy}, ensure_ascii=False) for p in ordered]
    path = f"{FOLDER}/{name}.jsonl"
    objects.write_bytes(path, ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
    return path


def line_of(problem: Problem) -> int:
    """Return the first line or row that a problem names; 0 where it names none."""
    digits = problem.where.split()[1:2]
    return int(digits[0]) if digits and digits[0].isdigit() else 0
