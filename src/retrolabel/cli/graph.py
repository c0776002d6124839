r"""A graph of versions, drawn with text as version control draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def graph(versions: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, ...]]:
    r"""Return, for each version, what stands before its first line, its further ones, and between it and the next.

    Args:
        versions: (version, its parents), newest first; parents come after their children.

    Example:
        >>> for first, *others in graph([("3", ["2a", "2b"]), ("2b", ["1"]), ("2a", ["1"]), ("1", [])]):
        ...     print(first, others)
        * ['|', '|\\']
        | * ['| |', '| |']
        * | ['| |', '|/']
        * ['']
    """
    lanes: list[str] = []
    drawn: list[tuple[str, ...]] = []
    for place, (version, parents) in enumerate(versions):
        if version not in lanes:
            lanes.append(version)
        lane = lanes.index(version)
        first = " ".join("*" if each == lane else "|" for each in range(len(lanes)))
        if not parents:
            del lanes[lane]
        rest = " ".join("|" for _ in lanes)
        lines = []
        for further, parent in enumerate(parents):
            if further:
                lines.append(_opened(lane, len(lanes)))
                lanes.insert(lane + further, parent)
            else:
                lanes[lane] = parent
        following = versions[place + 1][0] if place + 1 < len(versions) else None
        while following is not None and lanes.count(following) > 1:
            left = lanes.index(following)
            right = lanes.index(following, left + 1)
            lines.append(_joined(left, right, len(lanes)))
            del lanes[right]
        drawn.append((first, rest, *(lines or ([rest] if rest else []))))
    return drawn


def _opened(lane: int, width: int) -> str:
    return "| " * lane + "|\\" + " \\" * (width - lane - 1)


def _joined(left: int, right: int, width: int) -> str:
    return "| " * left + "|" + "_|" * (right - left - 1) + "/" + " /" * (width - right - 1)
