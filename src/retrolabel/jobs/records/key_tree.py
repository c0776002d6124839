"""What the key of a labeling function is made of, as a tree that people can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.masking import without_secrets
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INDENT = "  "
SEPARATOR = " > "


@dataclass(frozen=True)
class KeyTree:
    r"""One thing that votes depend on, with all that it depends on itself.

    Attributes:
        what: What it is, for people: ``function labeling_functions/mood/lfs.py:says_x``, ``global CUTOFF``.
            It is not part of the digest, so a function may move.
        value: What tells it from another of its kind: a hash, a version, a short value.
        children: What it depends on.
        again: Whether it was told before, so that it is not told again; its value is its number then.

    Example:
        >>> tree = KeyTree("LF says_x", "", (KeyTree("global CUTOFF", "3"),))
        >>> print("\n".join(tree.lines()))
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
        value = "(as above)" if self.again else f"= {without_secrets(self.value)}" if self.value else ""
        yield f"{INDENT * depth}{self.what} {value}".rstrip()
        for child in self.children:
            yield from child.lines(depth + 1)

    def flat(self) -> dict[str, str]:
        """Return path -> value of everything below the root, without the passwords and tokens that stand in it.

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
            found[place] = without_secrets(child.value)
            child._flatten(place, found)  # noqa: SLF001 - another tree


@dataclass(frozen=True)
class KeyChange:
    """What differs between two keys of one labeling function.

    Attributes:
        added: Path -> value, of what it did not depend on before.
        removed: Path -> value, of what it does not depend on any more.
        changed: Path -> (before, after).
    """

    added: Mapping[str, str]
    removed: Mapping[str, str]
    changed: Mapping[str, tuple[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        changed = {path: {"before": before, "after": after} for path, (before, after) in self.changed.items()}
        return {"added": dict(self.added), "removed": dict(self.removed), "changed": changed}


@dataclass(frozen=True)
class KeyChanges:
    """What differs between the keys of a task's labeling functions and those recorded with a label set.

    Attributes:
        new: Those that were not there.
        gone: Those that are not there any more.
        renamed: New name -> the name it was recorded under: the key is the same, so its votes are.
        changed: Those with another key, and why.
        same: How many have the same name and key.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: Mapping[str, str]
    changed: Mapping[str, KeyChange]
    same: int

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.new or self.gone or self.renamed or self.changed)


def compare_flat(before: Mapping[str, str], after: Mapping[str, str]) -> KeyChange:
    """Return what differs between two flat trees.

    Args:
        before: Path -> value; a store that is older than the masks may hold passwords, which are told of as ``***``.
        after: Path -> value.

    Example:
        >>> compare_flat({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
        KeyChange(added={'c': '4'}, removed={'a': '1'}, changed={'b': ('2', '3')})
    """
    before = {path: without_secrets(value) for path, value in before.items()}
    return KeyChange(
        {path: value for path, value in after.items() if path not in before},
        {path: value for path, value in before.items() if path not in after},
        {path: (before[path], value) for path, value in after.items() if before.get(path, value) != value},
    )


def compare_keys(
    recorded: Sequence[Mapping[str, Any]],
    keys: Mapping[str, str],
    trees: Mapping[str, KeyTree],
    only: str | None = None,
) -> KeyChanges:
    """Return why keys differ from those that a manifest recorded.

    Args:
        recorded: What the manifest says of each labeling function: ``name``, ``key``, ``depends``.
        keys: LF -> key, as they are now.
        trees: LF -> what its key is made of.
        only: One labeling function; all of them if ``None``.
    """
    before = {entry["name"]: entry for entry in recorded if only in (None, entry["name"])}
    after = {name: key for name, key in keys.items() if only in (None, name)}
    gone = {entry["key"]: name for name, entry in before.items() if name not in keys}
    renamed = {name: gone[key] for name, key in after.items() if name not in before and key in gone}
    different = [name for name, key in after.items() if name in before and before[name]["key"] != key]
    return KeyChanges(
        tuple(name for name in after if name not in before and name not in renamed),
        tuple(name for name in gone.values() if name not in renamed.values()),
        renamed,
        {name: compare_flat(before[name].get("depends") or {}, trees[name].flat()) for name in different},
        sum(name in before and before[name]["key"] == key for name, key in after.items()),
    )
