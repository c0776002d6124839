"""What became of each label: one label set against the one before."""

from __future__ import annotations

import pandas as pd

UNLABELLED = "(no label)"


def flips(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return how many items went from each label to each label.

    Args:
        before: ``source``, ``item_id``, ``label`` of the older label set.
        after: The same of the newer one; items that it alone holds are counted as ``(new item)``.

    Returns:
        A table of counts: a row for each label before, a column for each label after.

    Example:
        >>> before = pd.DataFrame({"source": "s", "item_id": ["1", "2"], "label": ["bad", None]})
        >>> after = pd.DataFrame({"source": "s", "item_id": ["1", "2", "3"], "label": ["slow", "slow", "good"]})
        >>> flips(before, after).loc["bad", "slow"], list(flips(before, after).index)
        (np.int64(1), ['(new item)', '(no label)', 'bad'])
    """
    key = ["source", "item_id"]
    both = after[[*key, "label"]].merge(
        before[[*key, "label"]], on=key, how="left", suffixes=("_after", "_before"), indicator=True
    )
    then = both["label_before"].astype(object).where(both["label_before"].notna(), UNLABELLED)
    then = then.where(both["_merge"] == "both", "(new item)")
    now = both["label_after"].astype(object).where(both["label_after"].notna(), UNLABELLED)
    return pd.crosstab(then.rename("before"), now.rename("after"))
