"""What the key of a labeling function is made of, as a tree that people can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

INDENT = "  "
SEPARATOR = " > "


@dataclass(frozen=True)
class KeyTree:
    """One thing that votes depend on, with all that it depends on itself.

    Attributes:
        what: What it is, for people: ``function labeling_functions/mood/lfs.py:says_x``, ``global CUTOFF``.
            It is not part of the digest, so a function may move.
        value: What tells it from another of its kind: a hash, a version, a short value.
        children: What it depends on.
        again: Whether it was told before, so that it is not told again; its value is its number then.

    Example:
        >>> tree = KeyTree("LF says_x", "", (KeyTree("global CUTOFF", "3"),))
        >>> print("\\n".join(tree.lines()))
        LF says_x
          global CUTOFF = 3
        >>> tree.digest == KeyTree("LF renamed", "", tree.children).digest
        True
    """

    what: str
    value: str
    children: tuple[KeyTree, ...] = ()
    again: bool = False

    @property
    def digest(self) -> str:
        """The hash of the value and of all below it: 64 hexadecimal digits."""
        return digest([self.value, [child.digest for child in self.children]])

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the tree, a line for each thing, indented."""
        value = "(as above)" if self.again else f"= {self.value}" if self.value else ""
        yield f"{INDENT * depth}{self.what} {value}".rstrip()
        for child in self.children:
            yield from child.lines(depth + 1)

    def flat(self) -> dict[str, str]:
        """Return path -> value of everything below the root.

        Example:
            >>> KeyTree("LF f", "", (KeyTree("function f", "1a", (KeyTree("global N", "3"),)),)).flat()
            {'function f': '1a', 'function f > global N': '3'}
        """
        found: dict[str, str] = {}
        self._flatten("", found)
        return found

    def _flatten(self, path: str, found: dict[str, str]) -> None:
        for child in self.children:
            if child.again:
                continue
            name = f"{path}{SEPARATOR}{child.what}" if path else child.what
            place, number = name, 1
            while place in found:
                number += 1
                place = f"{name} #{number}"
            found[place] = child.value
            child._flatten(place, found)  # noqa: SLF001 - another tree


@dataclass(frozen=True)
class KeyChange:
    """What differs between two keys of one labeling function.

    Attributes:
        added: Path -> value, of what it did not depend on before.
        removed: Path -> value, of what it does not depend on any more.
        changed: Path -> (before, after).
    """

    added: dict[str, str]
    removed: dict[str, str]
    changed: dict[str, tuple[str, str]]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.changed)


def compare_flat(before: dict[str, str], after: dict[str, str]) -> KeyChange:
    """Return what differs between two flat trees.

    Example:
        >>> compare_flat({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
        KeyChange(added={'c': '4'}, removed={'a': '1'}, changed={'b': ('2', '3')})
    """
    return KeyChange(
        {path: value for path, value in after.items() if path not in before},
        {path: value for path, value in before.items() if path not in after},
        {path: (before[path], value) for path, value in after.items() if before.get(path, value) != value},
    )
