"""Which words a task's labeling functions look for already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.labeling.matching import Match
from retrolabel.labeling.searching import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.functions import LabelingFunction


def looks_for(found: FoundTask, columns: Sequence[str]) -> Callable[[str, int], bool]:
    """Return what says of a term, and of a label's place, whether a labeling function looks for it there already.

    Lists of words, phrases and patterns are asked; what a function looks for, only its votes tell.

    Args:
        found: The task.
        columns: The columns in which terms are looked for.
    """
    head = found.history.head
    by_label: dict[int, list[LabelingFunction]] = {}
    for lf in found.lfs:
        if not isinstance(lf.rule, (Search, Match)) or not set(lf.reads) & set(columns):
            continue
        for vote in lf.declared:
            read = found.history.resolve(vote, head.version)
            if not read.suspect and len(read.ids) == 1:
                by_label.setdefault(head.leaves.index(next(iter(read.ids))), []).append(lf)
    known: dict[tuple[str, int], bool] = {}

    def is_looked_for(term: str, label: int) -> bool:
        if (term, label) not in known:
            known[term, label] = any(_finds(lf, term) for lf in by_label.get(label, ()))
        return known[term, label]

    return is_looked_for


def _finds(lf: LabelingFunction, term: str) -> bool:
    """Return whether a labeling function votes where an item says a term and nothing else."""
    try:
        return lf.vote(dict.fromkeys(lf.reads, term)) is not None
    except Exception:  # noqa: BLE001 - a feature is its author's code; what fails there looks for nothing
        return False
