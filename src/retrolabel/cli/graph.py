"""A graph of versions, drawn with text as version control draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def graph(versions: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, str]]:
    r"""Return, for each version, what stands before its first line and before its further lines.

    Args:
        versions: (version, its parents), newest first; parents come after their children.

    Example:
        >>> for first, rest in graph([("3", ["2b", "2a"]), ("2b", ["1"]), ("2a", ["1"]), ("1", [])]):
        ...     print(f"{first} / {rest}")
        *   / |\
        * | / | |
        | * / |/
        * /
    """
    lanes: list[str] = []
    drawn: list[tuple[str, str]] = []
    for version, parents in versions:
        if version not in lanes:
            lanes.append(version)
        place = lanes.index(version)
        first = " ".join("*" if lane == place else "|" for lane in range(len(lanes)))
        kept, new = list(lanes), [parent for parent in parents if parent not in lanes]
        if new:
            lanes[place : place + 1] = new
        else:
            del lanes[place]
        if len(lanes) > len(kept):
            rest = _forked(place, len(kept))
            first = f"{first}  "
        elif len(lanes) < len(kept):
            rest = _joined(place, len(kept)) if lanes else " "
        else:
            rest = " ".join("|" for _ in lanes)
        drawn.append((first, rest))
    return drawn


def _forked(place: int, width: int) -> str:
    return " ".join("|" for _ in range(place)) + (" " if place else "") + "|\\" + " |" * (width - place - 1)


def _joined(place: int, width: int) -> str:
    if place == 0:
        return " ".join("|" for _ in range(width - 1))
    return " ".join("|" for _ in range(place)) + "/" + " |" * (width - place - 1)
