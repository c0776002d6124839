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
