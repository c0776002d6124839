"""Which gold items are near copies of test items; they stay out of dev."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.gold.adjudication import standing
from retrolabel.gold.near_copies import near_copies
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Key

Texts = dict["Key", list["str | None"]]


def texts_of(
    keys: Iterable[Key], feedback: FeedbackBook, objects: Objects, columns: Collection[str] | None = None
) -> Texts:
    """Return item -> its texts, a cell a column; the same columns for all items, in one order.

    Args:
        keys: The items; those that are not there are left out.
        feedback: What items there are.
        objects: Where their texts are.
        columns: The columns; all that hold texts if left out.
    """
    wanted: dict[str, list[str]] = {}
    for source, item_id in keys:
        wanted.setdefault(source, []).append(item_id)
    contracts = feedback.sources()
    names = sorted(
        {
            name
            for source in wanted
            for name, kind in contracts.get(source, {}).items()
            if kind in ("string", "large_string") and name != ITEM_ID and (columns is None or name in columns)
        }
    )
    found: Texts = {}
    for source, ids in wanted.items():
        some = pa.array(sorted(set(ids)), pa.string())
        for segment in feedback.segments([source]):
            here = [name for name in names if name in segment.columns]
            table = objects.read_table(segment.path, [ITEM_ID, *here], sha256=segment.sha256)
            table = table.take(pa.array(segment.live_rows()))
            table = table.filter(pc.is_in(table.column(ITEM_ID).cast(pa.string()), some))
            for row in table.to_pylist():
                found[source, str(row[ITEM_ID])] = [row.get(name) for name in names]
    return found


def remember_test_copies(
    task: str, new: Collection[Key], *, gold: GoldBook, feedback: FeedbackBook, objects: Objects
) -> tuple[Key, ...]:
    """Look which gold items of other roles are near copies of test items, and remember it; return all that are.

    Args:
        task: The task.
        new: The items that got labels just now: pairs of older ones are known.
        gold: What people said.
        feedback: What items there are.
        objects: Where their texts are.
    """
    roles = {(label.source, label.item_id): label.role for label in standing(gold.human_labels(task))}
    test = sorted(key for key, role in roles.items() if role == "test")
    others = sorted(key for key, role in roles.items() if role == "dev")
    if not test or not others:
        return ()
    if set(new) & roles.keys():
        texts = texts_of([*test, *others], feedback, objects)
        gold.add_near_copies(task, _pairs(others, test, texts, set(new)))
    return tuple(sorted({(label.source, label.item_id) for label in gold.human_labels(task) if label.near_test}))


def _pairs(
    others: Collection[Key], test: Collection[Key], texts: Mapping[Key, list[str | None]], new: set[Key]
) -> list[tuple[Key, Key]]:
    """Return the near copies among two lists of items of which one is new."""
    mine, theirs = [key for key in others if key in texts], [key for key in test if key in texts]
    found: list[tuple[Key, Key]] = []
    for some, of in (
        ([key for key in mine if key in new], theirs),
        ([key for key in mine if key not in new], [key for key in theirs if key in new]),
    ):
        found += [
            (some[row], of[other])
            for row, other in near_copies([texts[key] for key in some], [texts[key] for key in of])
        ]
    return found
