"""Files that are not as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import CorruptionError, Problem, RetrolabelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.ports.objects import Objects


def check_bytes(expected: Mapping[str, str], objects: Objects) -> None:
    """Refuse to build on files that are not as they were written.

    Raises:
        CorruptionError: With each of them.
    """
    problems = list(damaged_files(expected, objects).values())
    if problems:
        raise CorruptionError(
            f"{len(problems)} file(s) of the store are damaged; nothing was labelled.",
            problems=problems,
            remedy="relabel --repair computes votes and label sets again; feedback comes from a backup",
        )


def damaged_files(expected: Mapping[str, str], objects: Objects) -> dict[str, Problem]:
    """Return file -> what is wrong with it, for the files whose bytes do not have the expected SHA-256."""
    found = {}
    for name, sha256 in sorted(expected.items()):
        try:
            now = objects.sha256(name)
        except (OSError, RetrolabelError) as error:
            what = error.message if isinstance(error, RetrolabelError) else str(error)
            found[name] = Problem(objects.locate(name), f"cannot be read: {what}")
            continue
        if now is None:
            found[name] = Problem(objects.locate(name), "is gone")
        elif now != sha256:
            what = f"has other bytes: SHA-256 {now[:12]}..., written as {sha256[:12]}..."
            found[name] = Problem(objects.locate(name), what)
    return found
