"""The items of one slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.interop.snorkel.slicing.apply.core import PandasSFApplier

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.interop.snorkel.functions import LabelingFunction


def slice_dataframe(df: pd.DataFrame, slicing_function: LabelingFunction) -> pd.DataFrame:
    """Return the rows that belong to a slice: those on which the function says ``True``, or 1.

    Args:
        df: n items.
        slicing_function: What says whether an item belongs to it.

    Raises:
        Exception: Whatever the slicing function raises, with a note that names it and the row.

    Example:
        >>> import pandas as pd
        >>> from retrolabel.interop.snorkel.slicing import slicing_function
        >>> @slicing_function()
        ... def is_bad(x):
        ...     return x.stars < 3
        >>> slice_dataframe(pd.DataFrame({"stars": [1, 5, 2]}), is_bad).stars.tolist()
        [1, 2]
    """
    votes: Any = PandasSFApplier([slicing_function]).apply(df, progress_bar=False)
    return df.loc[np.asarray(votes[slicing_function.name] > 0)]
