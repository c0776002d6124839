"""Which versions of the project at hand are released: what they say is kept, and cannot be said better any more.

A version that is made knows no lock. Whoever reads a project notes here what its lock holds, before its modules are
imported, so that a rule that came later is asked of new versions alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_released: set[tuple[str, str]] = set()


def note_released(versions: Iterable[tuple[str, str]]) -> None:
    """Note which versions are released, instead of those noted before.

    Args:
        versions: Task and number of each.

    Example:
        >>> note_released([("thumbs", "1.0.0")])
        >>> is_released("thumbs", "1.0.0"), is_released("thumbs", "2.0.0")
        (True, False)
        >>> note_released([])
    """
    _released.clear()
    _released.update(versions)


def is_released(task: str, version: str) -> bool:
    """Return whether a version is known to be released; without a project at hand none is."""
    return (task, version) in _released
