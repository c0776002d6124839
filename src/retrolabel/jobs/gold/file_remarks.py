"""What a person should know of the answers in a file of human labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.gold.meanings import SHOWN
from retrolabel.jobs.gold.own_labels import same_as_a_label_set
from retrolabel.jobs.gold.rows import UNNAMED
from retrolabel.labeling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.label_sets import LabelSet


def known_already(new: Sequence[HumanLabel], said: Sequence[HumanLabel]) -> list[HumanLabel]:
    """Return the answers of a file that the store knew already."""
    fresh = {(label, label.labelled_at) for label in new}
    return [label for label in said if (label, label.labelled_at) not in fresh]


def alike_people(stored: Sequence[HumanLabel], new: Sequence[HumanLabel]) -> list[str]:
    """Return a note where people's names differ only in case, white space or how their letters are coded."""
    spelled: dict[str, dict[str, None]] = {}
    for label in [*stored, *new]:
        spelled.setdefault(fold(label.annotator).strip().casefold(), {})[label.annotator] = None
    mine = {label.annotator for label in new}
    several = [list(names) for names in spelled.values() if len(names) > 1 and mine.intersection(names)]
    told = "; ".join(", ".join(map(repr, names)) for names in several[:SHOWN]) + ("; ..." if several[SHOWN:] else "")
    what = "names that differ only in case or white space count as different people"
    return [f"{what}: {told}; if one person is meant, write the name one way"] if several else []


def own_labels(said: Sequence[HumanLabel], rows: Sequence[GoldRow], label_sets: Sequence[LabelSet]) -> list[str]:
    """Return a note where labels that nobody signed are those of a label set."""
    if not said or any(row.annotator is not None or row.labelled_at is not None for row in rows):
        return []
    own = same_as_a_label_set(said, said[0].source, label_sets)
    if own is None:
        return []
    note = (
        f"these {len(said):,} labels are all equal to those of label set {own[:12]}: an export is not gold, and figures"
        " on it say nothing; if people gave them, say who: --annotator-name, or --annotator COLUMN"
    )
    return [note]


def several_at_once(said: Sequence[tuple[GoldRow, HumanLabel]]) -> list[str]:
    """Return a note where one person gives an item several labels at one time: a task keeps one of them."""
    found: dict[tuple[object, ...], dict[str, str]] = {}
    for row, label in said:
        key = (label.source, label.item_id, label.annotator, label.labelled_at)
        if label.annotator != UNNAMED:
            found.setdefault(key, {}).setdefault(label.label, row.place)
    several = [list(each.values()) for each in found.values() if len(each) > 1]
    if not several:
        return []
    first = " and ".join(several[0][:2])
    many = counted(len(several), "answer")
    what = f"{many} of several labels, each in a row of its own (first: {first})"
    return [f"{what}: a task gives an item one, and the last row counts; --where keeps some rows alone"]
