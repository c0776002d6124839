"""Call labeling functions again on items that they have seen; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.cached_features import bring
from retrolabel.jobs.votes.computing import read_batch
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.rules import FAULTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.labeling.applying import Emitted, Guard
    from retrolabel.labeling.functions import LabelingFunction


@dataclass(frozen=True, eq=False)
class Calls:
    """Which labeling functions are called again, and with what.

    Attributes:
        lfs: The labeling functions.
        feature_keys: Feature -> key, of those whose values are kept; they are computed afresh.
        contracts: Source -> column -> type.
        objects: Where the items are.
        guard: Stops what hangs.
    """

    lfs: Sequence[LabelingFunction]
    feature_keys: Mapping[str, str]
    contracts: Mapping[str, Mapping[str, str]]
    objects: Objects
    guard: Guard | None = None

    def on(self, segment: Segment, rows: npt.NDArray[np.int64]) -> dict[str, tuple[npt.NDArray[np.int64], list[str]]]:
        """Return what each says of some rows of a segment: int [rows], 0 for none, and what they are from 1.

        The stored form of a fault is among the votes. One that cannot be called at all, or hangs, fails on all rows.
        """
        try:
            emitted = self._called(self.lfs, segment, rows)
        except RetrolabelError:  # one of them ends the others too
            emitted = [each for lf in self.lfs for each in self._alone(lf, segment, rows)]
        found = {lf.name: (np.ones(len(rows), np.int64), [FAULT]) for lf in self.lfs}
        for each in emitted:
            codes = each.codes.astype(np.int64)
            codes[codes == FAULTED] = len(each.symbols) + 1
            found[each.lf] = codes, [*map(str, each.symbols), FAULT]
        return found

    def _called(
        self, lfs: Sequence[LabelingFunction], segment: Segment, rows: npt.NDArray[np.int64]
    ) -> Sequence[Emitted]:
        batch = read_batch(lfs, segment, self.contracts.get(segment.source, {}), self.objects, rows)
        bring(lfs, self.feature_keys, segment, batch, self.objects, guard=self.guard, keep=False)
        return apply_lfs(lfs, batch, guard=self.guard)

    def _alone(self, lf: LabelingFunction, segment: Segment, rows: npt.NDArray[np.int64]) -> Sequence[Emitted]:
        try:
            return self._called([lf], segment, rows)
        except RetrolabelError:
            return ()
