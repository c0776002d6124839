"""What differs between a plan and the label set that is latest, noun by noun, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Mark = Literal["+", "~", "-", "!", "="]
"""Added, changed, removed, sits out, reused."""


class Rate(NamedTuple):
    """What a call of a labeling function took so far.

    Attributes:
        seconds: The median over the segments that it ran on.
        calls: How many calls that rests on.
    """

    seconds: float
    calls: int


@dataclass(frozen=True)
class Estimate:
    """About how long the votes of a plan will take in one process, and what that rests on.

    Attributes:
        seconds: Of the labeling functions that ran before; ``None`` where none of them did.
        measured: How many of their calls were measured.
        unknown: The labeling functions that never ran, so that nothing is known of them.
    """

    seconds: float | None
    measured: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class LfChange:
    """What a relabel does about one labeling function.

    Attributes:
        name: Its name.
        mark: Whether it is new, changed, gone, sits out, or is as it was.
        compute: How often it is called.
        reuse: How many calls earlier runs save.
        why: What changed of it, or for what it is called; nothing where nothing is to be said.
        edited: Whether its key is another one, so that what its calls took is of other code.
        still: Whether it sits out and did so before.
    """

    name: str
    mark: Mark
    compute: int
    reuse: int
    why: tuple[str, ...] = ()
    edited: bool = False
    still: bool = False


@dataclass(frozen=True)
class ItemChange:
    """What came to the items of one source.

    Attributes:
        source: The source.
        new: Items that are new.
        revised: Items whose content was replaced.
        gone: Items that are not there any more.
        left_out: Items of a source that the task labels no more.
    """

    source: str
    new: int = 0
    revised: int = 0
    gone: int = 0
    left_out: int = 0

    def __bool__(self) -> bool:
        """Whether anything came."""
        return bool(self.new or self.revised or self.gone or self.left_out)


@dataclass(frozen=True)
class Difference:
    """One thing besides items and labeling functions that a label set is made of, and that differs.

    Attributes:
        mark: Whether it is added, changed or removed.
        what: ``schema``, ``gold``, ``label model``, ``numerics``, ``settings`` or ``format``.
        told: What differs, in words.
    """

    mark: Mark
    what: str
    told: str


@dataclass(frozen=True)
class PlanChanges:
    """What a relabel would change against the label set that is latest, and why.

    Attributes:
        before: Its id; ``None`` where there is none, or it cannot be read.
        version_before: The version that it was made under.
        unread: Why it cannot be read; nothing where it can.
        differences: What differs of schema, gold, label model and settings.
        items: What came to the items, by source; sources to which nothing came are left out.
        lfs: What is done about each labeling function, those that changed first.
        human: How the human labels of the task read in the version: ``exact``, ``set``, ``unknown``, ``suspect``.
        gold: What the step between the two versions costs the gold of each role, as plain data: exact items and
            interval widths before and after, label by label; nothing under the same version.
        estimate: About how long it takes.
    """

    before: str | None
    version_before: str | None
    unread: str
    differences: tuple[Difference, ...]
    items: tuple[ItemChange, ...]
    lfs: tuple[LfChange, ...]
    human: Mapping[str, int] = field(default_factory=dict)
    gold: Sequence[Mapping[str, Any]] = ()
    estimate: Estimate = field(default_factory=lambda: Estimate(None, 0))

    def __bool__(self) -> bool:
        """Whether anything differs from the label set that is latest."""
        lfs = any((lf.mark != "=" and not lf.still) or lf.compute for lf in self.lfs)
        return self.before is None or bool(self.differences or self.items) or lfs

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)
