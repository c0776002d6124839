"""Which items a report shows is a rule over the items, not over how they were read."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from retrolabel.jobs.reports.walking import KEPT, Rows, Sample

ITEMS = 40
KEYS = np.arange(ITEMS) % 2


def part(first, end):
    places = np.arange(first, end)
    items = pa.table({"row": places, "item_id": [f"i{place}" for place in places], "pattern": places})
    return Rows("0123456789abcdef", "web", items, np.zeros(len(places), np.int64), np.zeros(len(places), np.int64))


@pytest.mark.parametrize("cuts", [[], [20], [3, 4, 39], list(range(1, ITEMS))])
def test_of_each_kind_the_items_of_the_smallest_hashes_are_kept_however_items_are_cut_into_parts(cuts):
    sample = Sample()
    for first, end in zip([0, *cuts], [*cuts, ITEMS], strict=True):
        sample.add(KEYS[first:end], part(first, end), np.arange(end - first))
    hashes = part(0, ITEMS).hashes
    for key in (0, 1):
        wanted = sorted(np.flatnonzero(key == KEYS).tolist(), key=lambda row: hashes[row])[:KEPT]
        assert [item.row for item in sample.of(key)] == wanted
