"""Labeling functions that sit out: they are in the project, and their votes are in no label set of this run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.errors import Problem

FAIL: Literal["fail"] = "fail"
SKIP: Literal["skip"] = "skip"
OnFault = Literal["fail", "skip"]
"""What becomes of a relabel where a labeling function is broken: no label set is made, or it sits out."""
NAMED = 3
"""Labeling functions that are named; the others are counted."""


@dataclass(frozen=True)
class BrokenModule:
    """A module that does not import.

    Attributes:
        file: Its file, relative to the project.
        problems: Why, with file and line.
        words: The words in its text: what it defines is among them.
    """

    file: str
    problems: tuple[Problem, ...]
    words: frozenset[str] = frozenset()

    @property
    def why(self) -> str:
        """Where it fails, and of what."""
        return "; ".join(f"{each.where}: {each.what.rstrip('.')}" for each in self.problems)


@dataclass(frozen=True)
class SatOut:
    """A labeling function that sits out, and why; no text of an item is in it.

    Attributes:
        name: Its name; where that is not known, its module's file.
        brief: Why, in a few words.
        why: Why, with where and of what.
        kind: ``faults``: it failed on too many items; ``import``: its module, or one that it needs, does not import;
            ``engine``: it hangs, or kills its process.
        file: Where it is written.
        key: Its key, where it is known.
        faults: On how many items it failed.
        items: Of how many.
        error: The class of its first fault; the message may hold what an item says, and is not kept.
        item: The item on which it failed first, as ``source/item_id``.
        again: The keys of votes that the next relabel computes again.
        calls: How many calls that is.
    """

    name: str
    brief: str
    why: str
    kind: Literal["faults", "import", "engine"]
    file: str = ""
    key: str = ""
    faults: int = 0
    items: int = 0
    error: str = ""
    item: str = ""
    again: tuple[str, ...] = ()
    calls: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return what a manifest keeps of it.

        Example:
            >>> SatOut("a", "it hangs", "it hangs: 600 s", "engine", "lfs.py").as_dict()
            {'name': 'a', 'why': 'it hangs: 600 s', 'brief': 'it hangs', 'kind': 'engine', 'file': 'lfs.py'}
        """
        told: dict[str, Any] = {
            "name": self.name,
            "why": self.why,
            "brief": self.brief,
            "kind": self.kind,
            "file": self.file,
        }
        if self.kind == "faults":
            told |= {"faults": self.faults, "items": self.items, "error": self.error, "item": self.item}
        return {**told, **({"key": self.key} if self.key else {})}

    def tried_again(self, keys: Iterable[str], calls: int) -> SatOut:
        """Return the same, with the votes that the next relabel computes again."""
        return replace(self, again=tuple(sorted(keys)), calls=calls)


def skipped_in(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the labeling functions that sat out when a label set was made, as its manifest tells: name, why, brief.

    Example:
        >>> skipped_in({"recorded": {"skipped": [{"name": "a", "why": "failed on 3 of 4 items"}]}})
        [{'brief': 'failed on 3 of 4 items', 'name': 'a', 'why': 'failed on 3 of 4 items'}]
        >>> skipped_in({"recorded": {}})
        []
    """
    return [{"brief": each["why"], **each} for each in manifest["recorded"].get("skipped", ())]


def named(names: Sequence[str]) -> str:
    """Return a few names, and how many others there are.

    Example:
        >>> named(["a", "b"]), named(["a", "b", "c", "d", "e"])
        ('a, b', 'a, b, c and 2 others')
    """
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest:,} other{'s' if rest > 1 else ''}" if rest > 0 else "")


def told_together(skipped: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line for each reason, with those that sat out for it.

    Args:
        skipped: Name and why of each.

    Example:
        >>> told_together([("a", "lfs.py does not import"), ("b", "lfs.py does not import"), ("c", "it hangs")])
        ['a, b: lfs.py does not import', 'c: it hangs']
    """
    by_reason: dict[str, list[str]] = {}
    for name, why in skipped:
        by_reason.setdefault(why, []).append(name)
    return [f"{named(names)}: {why}" for why, names in by_reason.items()]
