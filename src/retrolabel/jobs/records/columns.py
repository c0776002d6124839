"""How columns of feedback are stored."""

from __future__ import annotations

import pyarrow as pa

ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
}
"""The kinds of columns as Arrow stores them."""
KEPT_YEARS = (1678, 2261)
"""The first and the last year of a time that is kept: nanoseconds and charts reach no further."""
