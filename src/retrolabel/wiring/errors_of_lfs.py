"""The errors of labeling functions: where they are against dev gold, or against what the others are sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.errors import sets_of
from retrolabel.jobs.label_sets.judging import cells, read_items
from retrolabel.jobs.label_sets.lf_against import against_gold, against_others, place_of
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.votes import symbol_names
from retrolabel.wiring.finding_errors import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.wiring.finding_errors import Judging

MOST = 200
"""Items against a sure posterior that are listed."""


def errors_of_lfs(at: Judging, lfs: Iterable[str] | None, *, sure: float, most: int = MOST) -> pd.DataFrame:
    """Return where labeling functions are against dev gold, or against what the others are sure of.

    Args:
        at: The label set, with its dev gold.
        lfs: The labeling functions; all if ``None``.
        sure: The probability from which on the others are sure.
        most: Items against the others that are listed of each, the surest first; all are counted.
    """
    names = list(at.label_set.voters if lfs is None else lfs)
    parts, counts = [], {}
    for lf in names:
        place = place_of(at.label_set, lf)
        by_gold, by_others = _against_gold(at, lf, place), _against_others(at, lf, place, sure)
        counts[lf] = {
            "votes_on_gold": int((at.judged.votes.codes[:, place] != 0).sum()),
            "against_gold": len(by_gold),
            "against_others": len(by_others),
        }
        parts += [by_gold, _with_texts(at, lf, by_others.head(most))]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    texts = sorted({name for part in parts for name in part.attrs.get("texts", ())})
    found.attrs = {"label_set": at.label_set.id, "counts": counts, "texts": texts, "sure": sure}
    return found


def _against_gold(at: Judging, lf: str, place: int) -> pd.DataFrame:
    judged = at.judged
    rows = np.flatnonzero(against_gold(judged.votes, place, judged.possible)).tolist()
    names = symbol_names(judged.votes.symbols, judged.votes.labels)
    mass = (judged.probabilities * judged.possible).sum(axis=1)
    rows.sort(key=lambda row: -mass[row])
    said = sets_of(judged.labels, judged.possible)
    items = judged.items
    frame = pd.DataFrame(
        {
            "lf": lf,
            "source": [items.keys[row][0] for row in rows],
            "item_id": [items.keys[row][1] for row in rows],
            "vote": cells(names, judged.votes.codes[rows, place]),
            "against": "gold",
            "says": [said[row] for row in rows],
            "probability": [float(mass[row]) for row in rows],
            **{name: [items.columns[row].get(name) for row in rows] for name in texts_of(at, items)},
            "words": pd.Series([at.words(lf, items.columns[row]) for row in rows], dtype=object),
        }
    )
    frame.attrs["texts"] = texts_of(at, items)
    return frame


def _against_others(at: Judging, lf: str, place: int, sure: float) -> pd.DataFrame:
    """Return the items without any gold on which the others are sure of something else, the surest first."""
    label_set = at.label_set
    wrong, found = against_others(label_set, place, sure=sure)
    votes = label_set.votes()
    names = symbol_names(votes.symbols, votes.labels)
    rows = []
    for source, items in at.without_gold:
        patterns = np.asarray(items.column("pattern").to_numpy(), np.int64)
        here = np.flatnonzero(wrong[patterns])
        for pattern, item_id in zip(patterns[here].tolist(), items.column(ITEM_ID).take(here).to_pylist(), strict=True):
            top = int(found[pattern].argmax())
            vote = names[int(votes.codes[pattern, place]) - 1]
            rows.append((lf, source, item_id, vote, "others", label_set.labels[top], float(found[pattern, top])))
    columns = ["lf", "source", "item_id", "vote", "against", "says", "probability"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["probability", "source", "item_id"], ascending=[False, True, True], ignore_index=True)


def _with_texts(at: Judging, lf: str, frame: pd.DataFrame) -> pd.DataFrame:
    keys = list(zip(frame["source"], frame["item_id"], strict=True))
    items = read_items(at.label_set, keys, segments=at.segments, objects=at.site.objects)
    by_key = dict(zip(items.keys, items.columns, strict=True))
    texts = texts_of(at, items)
    made = frame.copy()
    for name in texts:
        made[name] = pd.Series([by_key.get(key, {}).get(name) for key in keys], dtype=object)
    made["words"] = pd.Series([at.words(lf, by_key.get(key, {})) for key in keys], dtype=object)
    made.attrs["texts"] = texts
    return made
