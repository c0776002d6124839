"""What a builder looks for, as a value: rules of one kind are evaluated together, on whole columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from retrolabel.labeling.batches import Batch

FAULTED = -1
"""The code of an item on which a labeling function failed."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What one rule says of a batch of items.

    Attributes:
        codes: int16 [n]: 0 abstains, s is the s-th vote that its labeling function declares, -1 failed.
        errors: Row -> what was raised there, for the rows with -1.
    """

    codes: npt.NDArray[np.int16]
    errors: Mapping[int, BaseException] = field(default_factory=dict)


class Rule(Protocol):
    """What a builder looks for.

    Its votes follow from ``describe()`` and the values of ``columns`` alone: that is what the labeling
    function's key is made of.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns (or features) that it reads."""

    def describe(self) -> Mapping[str, object]:
        """Return all that its votes depend on but the data: kind, revision, words, versions.

        Plain data, or an object whose content tells it from another, as a spaCy pipeline.
        """

    def one(self, *values: object) -> int:
        """Return what it says of one item, as a code; raises what fails."""

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> Sequence[Verdict]:
        """Return what rules of this kind say of a batch, each; equal to ``one`` on every item."""
