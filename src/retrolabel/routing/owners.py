"""Who acts on what was labelled: the owners that a schema version names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.schema.versions import LabelSchema


def items_by_owner(schema: LabelSchema, counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many items wait for each owner, most first; labels without an owner are left out.

    Args:
        schema: The version that names the owners.
        counts: Label id -> number of items.

    Raises:
        UnknownLabelError: A counted label is not of this version.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.versions import LabelSchema
        >>> labels = [Label("good"), Label("stale", owner="search"), Label("lost", owner="search")]
        >>> items_by_owner(LabelSchema(task="t", version="1.0.0", labels=labels), {"stale": 3, "lost": 1, "good": 9})
        {'search': 4}
    """
    waiting: Counter[str] = Counter()
    for label_id, count in counts.items():
        owner = schema.label(label_id).owner
        if owner and count:
            waiting[owner] += count
    return dict(waiting.most_common())
