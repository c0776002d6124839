"""Apply labeling functions to data in memory, on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.labeling.in_memory import apply_in_memory
from retrolabel.wiring.engines import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    import pyarrow as pa

    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.in_memory import Applied
    from retrolabel.schema.versions import LabelSchema


def apply(
    lfs: Iterable[LabelingFunction],
    data: pd.DataFrame | pa.Table | Mapping[str, Any],
    *,
    schema: LabelSchema | None = None,
    features: Iterable[Feature] = (),
    engine: str = "serial",
) -> Applied:
    """Apply labeling functions to data in memory.

    LFs get plain Python values, and ``None`` where a value is missing, as they do from the store. The
    labels of the matrix are those of ``schema``; without one, those that the LFs declare, in the
    order in which they come.

    Args:
        lfs: The labeling functions, each under a name of its own.
        data: A pandas frame, an Arrow table, or column -> values.
        schema: The version whose labels the matrix has; needed where the LFs declare one label only.
        features: What the parameters of the labeling functions may ask for besides columns.
        engine: ``serial``: in this process, so that breakpoints work.

    Raises:
        MissingColumnError: LFs read columns that the data lacks.
        LabelingFunctionError: Two LFs have one name, or two labels one id; an LF votes a label that
            the schema lacks; or the columns differ in length.
        SettingsError: The engine is unknown.

    Example:
        >>> from retrolabel import Label, keywords
        >>> bug, wish = Label("bug"), Label("wish")
        >>> lfs = [keywords(bug, ["crash"], column="body", name="crashes"),
        ...        keywords(~bug, ["please"], column="body", name="asks"),
        ...        keywords(wish, ["add"], column="body", name="wants_more")]
        >>> applied = apply(lfs, {"body": ["a crash", None, "please add it"]})
        >>> applied.votes.labels, applied.votes.to_ints().tolist()
        (('bug', 'wish'), [[0, -1, -1], [-1, -1, -1], [-1, 1, 1]])
        >>> applied.calls["crashes"]
        3
    """
    Engine(engine)
    return apply_in_memory(lfs, data, schema=schema, features=features)
